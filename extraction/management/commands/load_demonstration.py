"""`manage.py load_demonstration`: the demonstration project and its accounts, in demo mode or development only."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration import story
from screening.projects.demonstration import ACCOUNTS


class Command(BaseCommand):
    help = "Make the demonstration project and its accounts, unless they are there. Refused in production."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("The demonstration's accounts have known passwords: it is only for demo mode (BROLLY_DEMO=1).")
        project = story.tell()
        width = max(len(account.role) for account in ACCOUNTS)
        lines = [f"{account.role:<{width}}  {account.email:<22} password: {account.password}" for account in ACCOUNTS]
        self.stdout.write(f"{project.title}\n" + "\n".join(lines))

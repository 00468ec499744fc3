"""`manage.py prisma_counts PROJECT_SLUG`: every number of a project's PRISMA 2020 flow, as JSON."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from screening.flow.plain import as_figures
from screening.flow.queries import counts_of
from screening.management.plain import PlainCommand
from screening.projects.models import Project


class Command(PlainCommand):
    """Exit code 1, with one sentence on stderr, when there is no such project."""

    help = "Print the PRISMA 2020 counts of a project as JSON: boxes, sources, reasons, and the equations between them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", metavar="PROJECT_SLUG")

    def handle(self, *args: Any, project: str, **options: Any) -> None:
        found = Project.objects.filter(slug=project).first()
        if found is None:
            self.stderr.write(f"There is no project {project}: give the short name that stands after /p/ in its address.")
            sys.exit(1)
        self.stdout.write(json.dumps({"project": found.slug, **as_figures(counts_of(found))}, ensure_ascii=False, indent=1))

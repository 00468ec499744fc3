"""What every command has in common: bad input ends in one sentence on stderr and exit code 1."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class PlainCommand(BaseCommand):
    """A command that refuses in one sentence. Called from code, it raises CommandError as Django's own do."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Wrong usage ends like any other bad input, not in argparse's usage lines and exit code 2."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        if self._called_from_command_line:
            parser.error = self._refuse  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> Any:
        try:
            return super().execute(*args, **options)
        except CommandError as problem:
            if not self._called_from_command_line or options.get("traceback"):
                raise
            self.stderr.write(str(problem))
            sys.exit(problem.returncode)

    def _refuse(self, message: str) -> None:
        self.stderr.write(f"{message[:1].upper()}{message[1:]}.")
        sys.exit(1)

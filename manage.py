#!/usr/bin/env python
"""Brolly's command line: `manage.py help` lists what it can do."""

import os
import sys
from pathlib import Path

NEEDS_NO_DATABASE = {"read_references", "find_duplicates", "compute_overlap", "agreement"}
RUNNING_COPY = Path(__file__).resolve().parent / "var" / "run.env"


def environment() -> None:
    """Fill in what the caller left out: nothing needed for the file commands, else the running copy's servers.

    `make demo` leaves `var/run.env` beside its data while it runs, so `manage.py prisma_counts ...` speaks to it.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(sys.argv) > 1 and sys.argv[1] in NEEDS_NO_DATABASE:
        os.environ["BROLLY_OFFLINE"] = "1"
    elif "DATABASE_URL" not in os.environ and RUNNING_COPY.is_file():
        for line in RUNNING_COPY.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)


def main() -> None:
    """Run the command. A setting that is missing, or a database that does not answer, ends in one sentence and exit code 1."""
    environment()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        _ = settings.DATABASES  # reads them all now: Django would report an unknown command instead
    except ImproperlyConfigured as problem:
        sys.exit(f"{problem} While `make demo` runs in this folder, commands speak to it unasked.")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as problem:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database does not answer: {' '.join(str(problem).split())}")


if __name__ == "__main__":
    main()

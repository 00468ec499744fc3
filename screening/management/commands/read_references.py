"""`manage.py read_references FILE...`: what the importer would read from these files, as JSON. Needs no database."""

import io
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from screening.management.plain import PlainCommand
from screening.references.formats import ReadError, Reading, is_archive, read, unpack


class Command(PlainCommand):
    """Exit code 1, with one sentence on stderr, when any file could not be read; the others are read all the same."""

    help = (
        "Read bibliographic files (RIS, PubMed, Web of Science, EndNote, RefWorks, BibTeX, JSON, CSV, TSV, XLSX; a zip of them) "
        "and print their records as JSON."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--raw", action="store_true", help="add each record's own text as it stands in the file")

    def handle(self, *args: Any, files: list[str], raw: bool, **options: Any) -> None:
        entries = [entry for name in files for entry in _entries(name, raw)]
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        self.stdout.write(json.dumps({"files": entries}, ensure_ascii=False, indent=1))
        errors = [entry["error"] for entry in entries if "error" in entry]
        if errors:
            others = f" (and {len(errors) - 1} more of {len(files)} files)" if len(errors) > 1 else ""
            self.stderr.write(errors[0] + others)
            sys.exit(1)


def _entries(name: str, raw: bool) -> list[dict[str, Any]]:
    """What one file gives; of a zip, what each file in it gives, and what could not be taken."""
    shown = name.encode("utf-8", "replace").decode()
    try:
        data = Path(name).read_bytes()
    except OSError as error:
        return [_failed(shown, f"{shown}: the file cannot be opened ({error.strerror or 'no reason given'}). Check its name.")]
    except ValueError:
        return [_failed(shown, f"{shown}: this is not a file name. Check it.")]
    if not is_archive(data):
        return [_entry(shown, data, raw)]
    try:
        members = unpack(data, Path(shown).name)
    except ReadError as error:
        return [_failed(shown, str(error))]
    return [*(_entry(f"{shown}/{inner}", part, raw) for inner, part in members), *(_failed(shown, refusal) for refusal in members.refused)]


def _entry(shown: str, data: bytes, raw: bool) -> dict[str, Any]:
    try:
        return _read(shown, read(data, Path(shown).name), raw)
    except ReadError as error:
        return _failed(shown, str(error))


def _failed(name: str, sentence: str) -> dict[str, Any]:
    return {
        "file": name,
        "format": None,
        "encoding": None,
        "read": 0,
        "not_read": [],
        "warnings": [],
        "records": [],
        "error": sentence,
    }


def _read(name: str, reading: Reading, raw: bool) -> dict[str, Any]:
    records = [asdict(record) for record in reading.records]
    for record in records:
        del record["place"]
        if not raw:
            del record["raw"]
    return {
        "file": name,
        "format": reading.format,
        "layout": reading.layout,
        "encoding": reading.encoding,
        "read": len(records),
        "not_read": [asdict(part) for part in reading.not_read],
        "warnings": reading.warnings,
        "records": records,
    }

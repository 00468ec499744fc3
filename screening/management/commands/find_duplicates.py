"""`manage.py find_duplicates FILE...`: which records of these files are one report, as JSON. Needs no database."""

import io
import json
import resource
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from screening.management.plain import PlainCommand
from screening.references.cycles import seldom_looked_for
from screening.references.dedupe import Entry, Matching, Pair, find
from screening.references.formats import ParsedRecord, ReadError, Reading, read

Read = list[tuple[str, Reading]]


class Command(PlainCommand):
    """Exit code 1, with one sentence on stderr and nothing on stdout, when any file cannot be read."""

    help = (
        "Match the records of bibliographic files (any format the importer reads, or a CSV with id, title, author, year, journal, "
        "volume, number, pages, doi, abstract) and print groups of certain duplicates, likely pairs and versions as JSON."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--stats", action="store_true", help="say on standard error how long it took and how much memory")

    @seldom_looked_for()
    def handle(self, *args: Any, files: list[str], stats: bool, **options: Any) -> None:
        start = time.perf_counter()
        readings = [(_shown(name), _reading(name)) for name in files]
        entries = _entries(readings)
        since = time.perf_counter()
        matching = find(entries)
        seconds = time.perf_counter() - since
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        self.stdout.write(json.dumps(_answer(readings, len(entries), matching), ensure_ascii=False, indent=1))
        if stats:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            whole = time.perf_counter() - start
            self.stderr.write(f"records={len(entries)} seconds={seconds:.3f} with_reading={whole:.3f} peak_memory_mb={peak:.1f}")


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _reading(name: str) -> Reading:
    shown = _shown(name)
    try:
        return read(Path(name).read_bytes(), Path(shown).name)
    except OSError as error:
        raise CommandError(f"{shown}: the file cannot be opened ({error.strerror or 'no reason given'}). Check its name.") from error
    except ValueError as error:
        raise CommandError(f"{shown}: this is not a file name. Check it.") from error
    except ReadError as error:
        raise CommandError(str(error)) from error


def _entries(readings: Read) -> list[Entry]:
    """The records of all files, each under an id of its own.

    A record's id is the file's own (its id column or accession number) where every record of the file has one and no
    other record of any file has the same; else file:ordinal. A file given twice is file and file#2.
    """
    names = _names([name for name, _ in readings])
    own = [[record.accession for record in reading.records] for _, reading in readings]
    counted = Counter(number for numbers in own for number in numbers)
    entries = []
    for name, (_, reading), numbers in zip(names, readings, own, strict=True):
        clear = all(number and counted[number] == 1 for number in numbers)
        for record in reading.records:
            entries.append(_entry(record.accession if clear else f"{name}:{record.ordinal}", record))
    return entries


def _names(files: list[str]) -> list[str]:
    """File names without their folders where that tells them apart."""
    short = [Path(name).name for name in files]
    names = short if len(set(short)) == len(set(files)) else files
    seen: Counter[str] = Counter()
    told = []
    for name in names:
        seen[name] += 1
        told.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return told


def _entry(key: str, record: ParsedRecord) -> Entry:
    return Entry(
        key=key,
        title=record.title,
        authors=tuple(record.authors),
        year=record.year,
        journal=record.journal,
        volume=record.volume,
        issue=record.issue,
        pages=record.pages,
        doi=record.doi,
        pmid=record.pmid,
        abstract=record.abstract,
        kind=record.kind,
    )


def _answer(readings: Read, records: int, matching: Matching) -> dict[str, Any]:
    reasons: list[dict[str, Any]] = [
        {"ids": [group.keys[0], key], "verdict": "certain", "reasons": [sentence]}
        for group in matching.certain
        for key, sentence in group.reasons.items()
    ]
    for verdict, pairs in (("likely", matching.likely), ("versions", matching.versions)):
        reasons += [
            {"ids": [pair.first, pair.second], "verdict": verdict, "score": pair.score, "reasons": list(pair.reasons)} for pair in pairs
        ]
    return {
        "files": [{"file": name, "read": len(reading.records), "not_read": len(reading.not_read)} for name, reading in readings],
        "records": records,
        "certain": [list(group.keys) for group in matching.certain],
        "likely": _listed(matching.likely),
        "versions": _listed(matching.versions),
        "reasons": reasons,
    }


def _listed(pairs: list[Pair]) -> list[list[Any]]:
    return [[pair.first, pair.second] for pair in pairs]

"""The records of a file in batches, ready to be written: read in a thread one step ahead, or in a process beside.

The process is for a large file on a machine with a processor to spare. Where all are busy it takes a tenth longer.
"""

import marshal
import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, fields, replace
from functools import partial
from itertools import islice
from operator import attrgetter
from pathlib import Path
from statistics import median
from struct import Struct
from typing import Any
from uuid import UUID

from screening.references.ahead import ahead
from screening.references.beside import beside
from screening.references.copying import as_json, as_text, new_ids
from screening.references.counting import accession_of
from screening.references.dedupe import Entry, Prepared, prepare
from screening.references.drafts import drafted, entry_of
from screening.references.formats import Limits, NotRead, ParsedRecord, ReadError, Reading, stream

BATCH = 1000
# The first is small, so that there is soon something to write.
FIRST = 100
# From so many bytes on, a process of its own is worth its start (a few milliseconds) and what it takes to hand over.
LARGE = 4 * 1024 * 1024
LOOKS, BETWEEN_LOOKS = 3, 0.002
PARSED = tuple(field.name for field in fields(ParsedRecord) if field.name not in ("raw", "place", "ordinal", "line"))
RECORD = ("id", "project_id", "import_run_id", "ordinal", "line", "raw_from", "raw_to", "raw", "parsed", "accession")
_parsed = attrgetter(*PARSED)
_said = attrgetter("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "abstract", "kind")


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records: their places in the file and the rows to be written (`RECORD`, packed), what matching is told of each, the
    numbers they have in their source, the lines of the reports they would be by themselves and what those are found by, and
    how many have a warning; and what matching makes of each first.
    """

    ordinals: list[int]
    records: bytes
    entries: list[Entry]
    accessions: list[str]
    reports: bytes
    alike: list[tuple[str, str]]
    odd: int
    prepared: list[Prepared] = field(default_factory=list)

    def but(self, kept: set[int]) -> bytes:
        """The rows of the records, without those that are kept already."""
        if not kept:
            return self.records
        return b"".join([row for ordinal, row in zip(self.ordinals, unpacked_rows(self.records), strict=True) if ordinal not in kept])


def packed_row(head: bytes, key: str, one: ParsedRecord, text: bytes, accession: str, left: bool = False) -> bytes:
    """A record as a row of COPY's binary format; `head`: its project and import (`head_of`), `text`: what was read of it, as JSON.

    `left`: its own text is left in the file, where it has a place there.
    """
    number = accession.encode()
    begin = _FIRST.pack(len(RECORD), 16, bytes.fromhex(key.replace("-", "")))
    if left and one.place:
        middle = _PLACE.pack(4, one.ordinal, 4, one.line, 8, one.place[0], 8, one.place[1], 0)
    else:
        raw = as_text(one.raw).encode()
        middle = _NO_PLACE.pack(4, one.ordinal, 4, one.line, -1, -1, len(raw)) + raw
    # The first byte of a JSON value is the version of its format.
    return b"".join((begin, head, middle, _SIZE.pack(len(text) + 1), b"\x01", text, _SIZE.pack(len(number)), number))


def head_of(project: UUID, import_run: UUID) -> bytes:
    return b"".join(_SIZE.pack(16) + one.bytes for one in (project, import_run))


def unpacked_rows(packed: bytes) -> Iterator[bytes]:
    """The rows of COPY's binary format one by one."""
    at = 0
    while at < len(packed):
        begin, at = at, at + 2
        for _ in range(len(RECORD)):
            at += 4 + max(_SIZE.unpack_from(packed, at)[0], 0)  # -1: nothing
        yield packed[begin:at]


_FIRST, _PLACE, _NO_PLACE, _SIZE = Struct(">hi16s"), Struct(">iiiiiqiqi"), Struct(">iiiiiii"), Struct(">i")


def spare() -> bool:
    """Whether a processor is free for a second process.

    By what runs at this moment, in the middle of a few looks: the average over a minute still holds what is over.
    """
    processors = os.cpu_count() or 1
    if processors < 2:
        return False
    looks: list[int] = []
    for _ in range(LOOKS):
        if looks:
            time.sleep(BETWEEN_LOOKS)
        running = _running()
        if running is None:
            return os.getloadavg()[0] < processors
        looks.append(running)
    return median(looks) < processors


def _running() -> int | None:
    """How many processes run or wait for a processor, this one among them. None where the system does not say."""
    try:
        said = Path("/proc/loadavg").read_text().split()[3]
        return int(said.partition("/")[0])
    except (OSError, IndexError, ValueError):
        return None


class Batches:
    """The batches of one file, once. When the last was given, `reading` tells of the whole file. Raises ReadError.

    `left`: records leave their own text in the file, where it stands there to the letter.
    """

    def __init__(
        self,
        data: bytes,
        filename: str,
        columns: dict[str, str] | None,
        limits: Limits,
        *,
        project: UUID,
        import_run: UUID,
        left: bool = False,
    ) -> None:
        self.reading = Reading("")
        self._make = partial(_made, data, filename, columns, limits, head_of(project, import_run), left)
        self.large = len(data) >= LARGE
        self._beside = self.large and spare()

    def __iter__(self) -> Iterator[Batch]:
        # The file is let go of as soon as it was decoded, or is in the other process.
        made = _read_beside([self.__dict__.pop("_make")]) if self._beside else self.__dict__.pop("_make")()
        with closing(ahead(map(_prepared, made))) as things:  # type: ignore[type-var]
            for thing in things:
                if isinstance(thing, Reading):
                    self.reading = thing
                else:
                    yield thing


def _prepared(thing: Batch | Reading) -> Batch | Reading:
    """Made while the batch before is being written: the database lets Python go on meanwhile."""
    return thing if isinstance(thing, Reading) else replace(thing, prepared=[prepare(entry) for entry in thing.entries])


def _made(data: bytes, filename: str, columns: dict[str, str] | None, limits: Limits, of: bytes, left: bool) -> Iterator[Batch | Reading]:
    """The batches, and last the reading."""
    reading, records = stream(data, filename, columns, limits)
    del data
    size = min(FIRST, BATCH)
    while some := list(islice(records, size)):
        rows, entries, accessions, reports, alike = [], [], [], [], []
        for key, one in zip(new_ids(len(some)), some, strict=True):
            text, parsed = as_json(dict(zip(PARSED, _parsed(one), strict=True)))
            accession = as_text(accession_of(parsed))
            rows.append(packed_row(of, key, one, text, accession, left))
            accessions.append(accession)
            entries.append(entry_of(key, parsed))
            line, keys = drafted(parsed)
            reports.append(line)
            alike.append(keys)
        odd, size = sum(1 for one in some if one.warnings), BATCH
        ordinals = [one.ordinal for one in some]
        yield Batch(ordinals, b"".join(rows), entries, accessions, "".join(reports).encode(), alike, odd)
    yield reading


def _read_beside(make: list[Any]) -> Iterator[Batch | Reading]:
    given = beside(partial(_packed, make), ReadError)
    for message in given:
        last, *said = marshal.loads(message)  # noqa: S302 (written by a copy of this process, a moment ago)
        if last:
            form, encoding, layout, gaps, warnings = said
            yield Reading(form, encoding, [], [NotRead(*gap) for gap in gaps], warnings, layout)
        else:
            ordinals, entries, accessions, alike, odd = said
            yield Batch(ordinals, next(given), [Entry(*one) for one in entries], accessions, next(given), alike, odd)


def _packed(make: list[Any]) -> Iterator[bytes]:
    """What is made, as bytes: of plain values, which takes a tenth of the time that objects take; rows and lines as they are."""
    for thing in make.pop()():
        if isinstance(thing, Reading):
            gaps = [(gap.line, gap.cause) for gap in thing.not_read]
            yield marshal.dumps((True, thing.format, thing.encoding, thing.layout, gaps, list(thing.warnings)))
        else:
            entries = [(entry.key, *_said(entry)) for entry in thing.entries]
            yield marshal.dumps((False, thing.ordinals, entries, thing.accessions, thing.alike, thing.odd))
            yield thing.records
            yield thing.reports

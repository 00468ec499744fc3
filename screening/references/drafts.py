"""What was read of a file, kept at hand while its import lasts: for matching, and as the reports they would be by themselves.

Most records found a report of their own. What such a report shows is worked out while the file is read, and kept as a
line ready to be written, so that nothing is read back from the database that has only just gone in.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from operator import itemgetter
from tempfile import SpooledTemporaryFile
from typing import Any, cast
from uuid import UUID

from screening.references.copying import NULL, array, escaped
from screening.references.dedupe import Entry, Key, Prepared, prepare
from screening.references.showing import SHOWN_COLUMNS, new_random_key, shown_values

# Of an abstract, as much as matching ever looks at.
LOOKED_AT = 600
# So many bytes of lines are held; what goes beyond waits in a temporary file.
HELD = 64 * 1024 * 1024
PIECE = 256 * 1024
ARRAYS = ("authors", "keywords", "flags")
TEXTS = tuple(name for name in SHOWN_COLUMNS if name not in (*ARRAYS, "year"))
_texts, _arrays = itemgetter(*TEXTS), itemgetter(*ARRAYS)
# The columns of a report in the order in which its line holds them.
REPORT = ("id", "created_at", "project_id", "column", "random_key", "year", *TEXTS, *ARRAYS)


def entry_of(key: str, parsed: Mapping[str, Any]) -> Entry:
    """A record as matching is told of it."""
    said = parsed.get
    names = tuple(said("authors") or ())
    rest = (said("journal"), said("volume"), said("issue"), said("pages"), said("doi"), said("pmid"))
    abstract = (said("abstract") or "")[:LOOKED_AT]
    return Entry(key, said("title") or "", names, said("year"), *(part or "" for part in rest), abstract, said("kind") or "")


def drafted(parsed: dict[str, Any]) -> tuple[str, tuple[str, str]]:
    """What a report of this record alone shows, from its random key on, as a line; and the keys by which it is found."""
    shown = shown_values([parsed])
    return line_of(shown), (shown["doi_key"], shown["title_key"])


def line_of(shown: Mapping[str, Any]) -> str:
    """The line of a report that shows these values, from its random key on."""
    year = NULL if shown["year"] is None else shown["year"]
    return f"{new_random_key()}\t{year}\t{escaped([*_texts(shown), *map(array, _arrays(shown))])}\n"


def before_lines(project: UUID, column: str, now: datetime) -> bytes:
    """What stands between the id of a report and its line."""
    return f"\t{now.isoformat()}\t{project}\t{column}\t".encode()


class Drafts:
    """The records of one file, in their order."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        # What matching makes of each entry first.
        self.prepared: dict[Key, Prepared] = {}
        # The numbers that records have in their source, where they have one.
        self.accessions: dict[str, str] = {}
        self._lines = cast(Any, SpooledTemporaryFile(HELD))  # noqa: SIM115 (closed by `close`)
        # The records whose lines these are.
        self._lined: list[str] = []

    def add(
        self,
        entries: Iterable[Entry],
        lines: bytes,
        accessions: Iterable[str] = (),
        prepared: Iterable[Prepared] = (),
        lined: Collection[str] | None = None,
    ) -> None:
        """Some records: what matching is told of each, and the lines of their reports (`drafted`) in the same order, and their numbers.

        `prepared`: what matching makes of each first, where it was made already. `lined`: the records whose lines are given,
        where it is not all of them.
        """
        entries = list(entries)
        for entry in entries:
            self.entries[cast(str, entry.key)] = entry
        self.prepared |= {one.entry.key: one for one in prepared or map(prepare, entries)}
        self.accessions.update((cast(str, entry.key), number) for entry, number in zip(entries, accessions, strict=False) if number)
        self._lines.write(lines)
        self._lined += [cast(str, entry.key) for entry in entries] if lined is None else lined

    def reports(self, report_of: Callable[[str], UUID | None], project: UUID, column: str, now: datetime) -> Iterator[bytes]:
        """The whole lines of the reports that `report_of` gives for a record, in pieces; a record without one is passed over."""
        between = before_lines(project, column, now)
        self._lines.seek(0)
        piece, size = [], 0
        for key, line in zip(self._lined, self._lines, strict=True):
            if report := report_of(key):
                piece += (report.hex.encode(), between, line)
                size += len(line)
                if size > PIECE:
                    yield b"".join(piece)
                    piece, size = [], 0
        yield b"".join(piece)

    def may_repeat(self, keys: Iterable[str]) -> bool:
        """Whether two of these records may have one number: known of records that stand here, and of no others."""
        keys = list(keys)
        numbers = [number for key in keys if (number := self.accessions.get(key))]
        return len(set(numbers)) < len(numbers) or any(key not in self.entries for key in keys)

    def close(self) -> None:
        self._lines.close()

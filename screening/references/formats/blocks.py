"""One record of a tagged text while its lines are gathered, and what becomes of it."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from sys import intern
from typing import TypeVar

from .fields import Fields
from .model import NotRead, ParsedRecord, Reading


@dataclass(slots=True)
class Block:
    """Where a record stands in the text (its first line from 1, its characters), and its tags with their values.

    A value is one string until a line wraps, and only then a list of lines: half a million lists take many times the file.
    """

    line: int
    begin: int
    end: int
    pairs: list[tuple[str, str | list[str]]] = field(default_factory=list)
    tags: set[str] = field(default_factory=set)

    def add(self, tag: str, value: str, end: int) -> None:
        """A line that opens a field."""
        tag = intern(tag)
        self.pairs.append((tag, value))
        self.tags.add(tag)
        self.end = end

    def wrap(self, line: str, end: int) -> None:
        """A line that goes on with the last field."""
        tag, value = self.pairs[-1]
        if isinstance(value, list):
            value.append(line.strip())
        else:
            self.pairs[-1] = (tag, [value.strip(), line.strip()])
        self.end = end


def joined(value: str | list[str], between: str = " ") -> str:
    """The whole of a value, each of its lines without the white space around it."""
    return value.strip() if isinstance(value, str) else between.join(value)


Gathered = TypeVar("Gathered", bound=Block)


def records_of(
    blocks: Iterable[Gathered],
    text: str,
    reading: Reading,
    record: Callable[[Fields, Gathered, int, str], ParsedRecord],
    *,
    empty: str,
    besides: Collection[str] = (),
    by_line: Collection[str] = (),
) -> Iterator[ParsedRecord]:
    """What `record` makes of each block (its fields, itself, its ordinal, its own text). One that says nothing `besides` these
    tags is added to the reading's `not_read`, with the cause `empty`. Of the tags `by_line` each line is a value.
    """
    ordinal = 0
    for block in blocks:
        pairs = [(tag, joined(value, "\n" if tag in by_line else " ")) for tag, value in block.pairs]
        block.pairs[:] = pairs  # no wrapped line is held beside the value it is part of
        fields = Fields(pairs)
        if fields.says_something(*besides):
            ordinal += 1
            yield record(fields, block, ordinal, text[block.begin : block.end])
        else:
            reading.not_read.append(NotRead(block.line, empty))

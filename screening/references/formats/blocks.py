"""One record of a tagged text while its lines are gathered."""

from dataclasses import dataclass, field
from sys import intern


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

"""JSON of any other make (EPPI-Reviewer, OpenAlex, Europe PMC): a list of objects whose names say what they hold, as columns do."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from .columns import fold, has_title, known
from .csl_json import as_text, items
from .mapping import Columns
from .model import NotRead, ParsedRecord, Reading

NAME = "JSON"

_LIST = re.compile(r'"(?:References|results?|records|items|data|documents|hits)"\s{0,20}:\s{0,20}\[\s{0,200}(?=\{)', re.IGNORECASE)
_BARE = re.compile(r"\s{0,200}\[\s{0,200}(?=\{)")
_AUTHORS = frozenset(("authors", "author", "authorships", "creators"))
_NAME_KEYS = ("display_name", "fullName", "full_name", "name", "Name")
LEAST_KNOWN = 3
LOOKED_AT = 3


def seems(text: str) -> float:
    """How much the start of a file looks like a list of references in JSON, from 0 to 1."""
    at = _begin(text)
    if at < 0:
        return 0.0
    first = [item for _line, _raw, item in islice(items(text, at, Reading(NAME)), LOOKED_AT)]
    return 0.6 if any(has_title(list(item)) and known(list(item)) >= LEAST_KNOWN for item in first) else 0.0


def each(text: str, reading: Reading) -> Iterator[ParsedRecord]:
    """The objects one by one; what is no object is added to `reading` on the way. Raises nothing."""
    ordinal = 0
    meanings: dict[tuple[str, ...], Columns] = {}
    for line, raw, item in items(text, max(_begin(text), 0), reading):
        values = {str(key): _value(str(key), value) for key, value in item.items()}
        names = tuple(values)
        meaning = meanings.get(names) or Columns(names)
        if len(meanings) < 100:
            meanings[names] = meaning
        if any(values.values()):
            ordinal += 1
            yield meaning.record(list(values.values()), ordinal, line, raw, [])
        else:
            reading.not_read.append(NotRead(line, "An item without a field."))


def _begin(text: str) -> int:
    """Where the first object of the list stands, or -1."""
    if text.lstrip()[:1] not in ("[", "{"):
        return -1
    found = _BARE.match(text) or _LIST.search(text)
    return found.end() if found else -1


def _value(name: str, value: object) -> str:
    """A plain value as text; a list of texts, or of objects with names, as one list; all else as the JSON it is."""
    if isinstance(value, list) and value:
        parts = [_named(part) if fold(name) in _AUTHORS else part for part in value]
        if all(isinstance(part, str) for part in parts):
            return "; ".join(map(str, parts))
    return as_text(value)


def _named(person: object) -> object:
    """A person's name where an object gives it whole, itself or one level below; else the object."""
    if not isinstance(person, Mapping):
        return person
    whole = next((name for key in _NAME_KEYS if isinstance(name := person.get(key), str)), None)
    below = person.get("author")
    return whole or (_named(below) if isinstance(below, Mapping) else person)

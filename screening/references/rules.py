"""What a report shows of its records, and the keys by which reports are found. Pure.

docs/rules/references.md says it in prose. Which records are one report is decided in dedupe/.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from screening.references.dedupe.fold import doi_key
from screening.references.kinds import ORDER, flags_of, kind_of, language_of

# Titles that many different papers share: alone they identify nothing.
EMPTY_TITLES = frozenset(
    {"abstract", "abstracts", "comment", "commentary", "correction", "corrigendum", "editorial", "erratum", "introduction"}
    | {"issueinformation", "letter", "lettertotheeditor", "news", "notitle", "preface", "reply", "response", "retraction"}
    | {"titlepage", "untitled"}
)
SHORTEST_TITLE = 12
# Most titles are plain ASCII: the same by one pass.
_NO_LETTERS = {n: None for n in range(128) if not chr(n).isalnum()}
TITLE_LIKENESS = 0.6


def fold(text: str) -> str:
    """Letters and digits only, without accents or case, so that two prints of one title are equal."""
    if text.isascii():
        return text.lower().translate(_NO_LETTERS)
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(re.findall(r"\w+", plain))


def first_author(authors: Sequence[str]) -> str:
    """The first author's family name, folded: the part before the comma, or the longest word of the name."""
    if not authors:
        return ""
    name = authors[0]
    if "," in name:
        return fold(name.split(",")[0])
    parts = [part for part in re.split(r"[\s.]+", name) if part]
    return fold(max(parts, key=len)) if parts else ""


def titles_compatible(a: str, b: str) -> bool:
    """Whether two titles can be of one paper: a DOI alone is not enough, it may be the issue's.

    One may be missing, one may begin the other (subtitles come and go), or they share most of their words; but
    numbers that differ (part 1, part 2) set them apart.
    """
    fold_a, fold_b = fold(a), fold(b)
    if not fold_a or not fold_b or fold_a == fold_b:
        return True
    words_a, words_b = words(a), words(b)
    if _numbers(words_a) != _numbers(words_b) and not (fold_a.startswith(fold_b) or fold_b.startswith(fold_a)):
        return False
    if min(len(fold_a), len(fold_b)) >= SHORTEST_TITLE and (fold_a.startswith(fold_b) or fold_b.startswith(fold_a)):
        return True
    return len(words_a & words_b) / len(words_a | words_b) >= TITLE_LIKENESS


def _numbers(found: Iterable[str]) -> frozenset[str]:
    roman = {"i", "ii", "iii", "iv", "v", "vi"}
    return frozenset(word for word in found if word.isdigit() or word in roman)


# Where, when and in what a report appeared: taken from one record, so that no citation is put together from two.
CITATION = ("journal", "year", "volume", "issue", "pages")
# What a coordinator may correct.
CORRECTABLE = ("title", "authors", *CITATION, "doi", "pmid", "url", "abstract", "kind", "language", "keywords")
LISTS = frozenset({"authors", "keywords"})
_NOTHING = [(name, None if name == "year" else "") for name in CORRECTABLE if name not in LISTS]


@dataclass(slots=True)
class Choice:
    """A value that a report shows, and the place of the record it came from (None: from several, or from none)."""

    value: Any
    n: int | None = None


def chosen(records: Sequence[Mapping[str, Any]]) -> dict[str, Choice]:
    """Of each field, the value a report shows of its records (in the order of their import) and whose it is."""
    found = {"title": _best(records, "title", _title_worth), "authors": _best(records, "authors", _authors_worth)}
    found |= _citation(records)
    found["doi"] = _doi(records)
    found["pmid"] = _best(records, "pmid", lambda pmid: pmid.isascii() and pmid.isdecimal())
    found["url"] = _best(records, "url", lambda url: url.lower().startswith(("http://", "https://")))
    found["abstract"] = _best(records, "abstract", len)
    kinds = [kind_of(record.get("kind") or "") for record in records]
    n = min(range(len(kinds)), key=lambda place: (ORDER[kinds[place]], place), default=None)
    found["kind"] = Choice(kinds[n], n if kinds[n] else None) if n is not None else Choice("")
    language = _best(records, "language", lambda words: 0)
    found["language"] = Choice(language_of(language.value), language.n)
    found["keywords"] = _keywords(records)
    found["flags"] = Choice(flags_of(records))
    return found


def shown_fields(records: Sequence[Mapping[str, Any]], corrections: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a report shows: the chosen value of each field, and a coordinator's correction before any record's."""
    shown = _of_one(records[0]) if len(records) == 1 else {name: choice.value for name, choice in chosen(records).items()}
    for name, value in (corrections or {}).items():
        shown[name] = None if name == "year" and not value else value
    if shown["year"] is not None and not -32768 < shown["year"] < 32767:
        shown["year"] = None
    return shown


def _of_one(record: Mapping[str, Any]) -> dict[str, Any]:
    """What `chosen` comes to where there is nothing to choose from: most reports, and thousands at once in an import."""
    shown = {name: record.get(name) or nothing for name, nothing in _NOTHING}
    shown["authors"] = record.get("authors") or []
    shown["kind"] = kind_of(shown["kind"])
    shown["language"] = language_of(shown["language"])
    shown["keywords"] = _keywords([record]).value if record.get("keywords") else []
    shown["flags"] = flags_of([record])
    return shown


def _best(records: Sequence[Mapping[str, Any]], name: str, worth: Callable[[Any], Any]) -> Choice:
    """The filled-in value of the most worth; among equals the one that came first."""
    filled = [(n, record[name]) for n, record in enumerate(records) if record.get(name)]
    if not filled:
        return Choice([] if name in LISTS else None if name == "year" else "")
    n, value = filled[0] if len(filled) == 1 else max(filled, key=lambda one: (worth(one[1]), -one[0]))
    return Choice(value, n)


def _title_worth(title: str) -> tuple[bool, bool, bool]:
    """Readable before broken, whole before cut off, ordinary letters before capitals."""
    return "\ufffd" not in title, not title.rstrip().endswith(("\u2026", "...")), not title.isupper()


def _authors_worth(authors: Sequence[str]) -> tuple[int, int]:
    """More names before fewer; among as many, names written out before initials."""
    names = [name for name in authors if fold(name) not in ("etal", "others")]
    return len(names), sum(len(name) for name in names)


def _citation(records: Sequence[Mapping[str, Any]]) -> dict[str, Choice]:
    """Year, volume, issue and pages of the record that gives the most of them; what it lacks comes from the others in turn.

    Of journal names the first that is not all capitals, and the full name before its abbreviation.
    """
    if len(records) == 1:
        return {name: _best(records, name, bool) for name in CITATION}
    fullest = sorted(range(len(records)), key=lambda n: (-sum(1 for name in CITATION[1:] if records[n].get(name)), n))
    found = {"journal": _best(records, "journal", lambda name: (not name.isupper(), "." not in name, len(name)))}
    for name in CITATION[1:]:
        n = next((n for n in fullest if records[n].get(name)), None)
        found[name] = Choice(records[n][name], n) if n is not None else Choice(None if name == "year" else "")
    return found


def _doi(records: Sequence[Mapping[str, Any]]) -> Choice:
    """A real DOI before something that is none; of several the one that most records give."""
    times = Counter(doi_key(record.get("doi") or "") for record in records)
    return _best(records, "doi", lambda doi: (bool(doi_key(doi)), times[doi_key(doi)]))


def _keywords(records: Sequence[Mapping[str, Any]]) -> Choice:
    """Every keyword of every record once, as it was written first."""
    given: dict[str, str] = {}
    for record in records:
        for word in record.get("keywords") or ():
            given.setdefault(word.strip().casefold(), word.strip())
    sources = [n for n, record in enumerate(records) if record.get("keywords")]
    return Choice([word for word in given.values() if word], sources[0] if len(sources) == 1 else None)


class Incorrect(ValueError):
    """A value that a field cannot have: a sentence, in which %(most)s stands for the longest it can be."""

    def __init__(self, sentence: str, most: int = 0) -> None:
        self.sentence, self.values = sentence, {"most": f"{most:,}"}
        super().__init__(sentence % self.values)


LONGEST = {"abstract": 100_000, "title": 5_000}


def corrected_value(name: str, value: Any) -> Any:
    """A coordinator's value as the field keeps it; "" for nothing (null would take a correction back). Raises Incorrect."""
    if name in LISTS:
        lines = value.splitlines() if isinstance(value, str) else value
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise Incorrect("Write one name or keyword per line.")
        return [line.strip() for line in lines if line.strip()]
    if name == "year":
        text = "" if value is None else str(value).strip()
        if text and not (text.isascii() and text.isdecimal() and 1000 <= int(text[:5]) <= 2100):
            raise Incorrect("A year has four digits, for example 2021.")
        return int(text) if text else ""
    if not isinstance(value, str):
        raise Incorrect("This field holds words.")
    words = value.strip()
    if name == "title" and not words:
        raise Incorrect("A report needs a title.")
    if name == "doi" and words:
        if not doi_key(words):
            raise Incorrect("A DOI begins with 10. and has a slash, for example 10.1000/xyz123.")
        return doi_key(words)
    if name == "language":
        words = language_of(words)
    if name == "kind" and kind_of(words).casefold() == words.casefold():
        words = kind_of(words)
    if len(words) > LONGEST.get(name, 1_000):
        raise Incorrect("This is too long: at most %(most)s letters.", most=LONGEST.get(name, 1_000))
    return words


def without_nul(value: Any) -> Any:
    """The same value without what a database text cannot hold (NUL, lone surrogates), marked by U+FFFD."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8") if not _plain(value) else value
    if isinstance(value, list):
        return [without_nul(part) for part in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(part) for key, part in value.items()}
    return value


def _plain(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)

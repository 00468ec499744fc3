"""Which records are certainly the same report, and what a report shows of its records. Pure.

docs/rules/references.md says it in prose. Matching here is exact on folded fields; anything less certain is
never joined by the machine.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Titles that many different papers share: alone they identify nothing.
EMPTY_TITLES = frozenset(
    {"abstract", "abstracts", "comment", "commentary", "correction", "corrigendum", "editorial", "erratum", "introduction"}
    | {"issueinformation", "letter", "lettertotheeditor", "news", "notitle", "preface", "reply", "response", "retraction"}
    | {"titlepage", "untitled"}
)
SHORTEST_TITLE = 12
TITLE_LIKENESS = 0.6


def fold(text: str) -> str:
    """Letters and digits only, without accents or case, so that two prints of one title are equal."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return frozenset(re.findall(r"\w+", plain))


def doi_key(doi: str) -> str:
    """A DOI bare and in lower case, or nothing where it is not one (10.registrant/suffix)."""
    bare = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:?\s*)", "", doi.strip(), flags=re.IGNORECASE).strip().rstrip(".").lower()
    return bare if re.fullmatch(r"10\.\d{4,9}/\S+", bare) else ""


def first_author(authors: Sequence[str]) -> str:
    """The first author's family name, folded: the part before the comma, or the longest word of the name."""
    if not authors:
        return ""
    name = authors[0]
    if "," in name:
        return fold(name.split(",")[0])
    parts = [part for part in re.split(r"[\s.]+", name) if part]
    return fold(max(parts, key=len)) if parts else ""


def identity_key(title: str, year: int | None, authors: Sequence[str]) -> str:
    """Title, year and first author as one key; nothing where any is missing or the title says nothing."""
    name, folded = first_author(authors), fold(title)
    if not (name and year and len(folded) >= SHORTEST_TITLE) or folded in EMPTY_TITLES:
        return ""
    return f"{folded[:400]}|{year}|{name}"


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


@dataclass(frozen=True)
class Candidate:
    """What is known of a report (or a record) when matching. `key` is the caller's own id for it."""

    key: Any
    title: str
    doi: str
    identity: str


def match(
    record: Candidate, by_doi: Mapping[str, Sequence[Candidate]], by_identity: Mapping[str, Sequence[Candidate]]
) -> tuple[Candidate, str] | None:
    """The report a record certainly belongs to, with the reason in words; None where there is none.

    Two different DOIs keep records apart whatever their titles say: a preprint and its article, two versions of
    a Cochrane review, an article and its erratum are different reports.
    """
    if record.doi:
        for other in by_doi.get(record.doi, ()):
            if titles_compatible(record.title, other.title):
                return other, f"Same DOI ({record.doi}) and titles that fit each other."
    if record.identity:
        for other in by_identity.get(record.identity, ()):
            if not (record.doi and other.doi and record.doi != other.doi):
                return other, "Same title, year and first author."
    return None


SHOWN = ("title", "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid", "url")


def shown_fields(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What a report shows: of each field the first that is filled in, in the order of the records; the longest abstract."""
    shown: dict[str, Any] = {}
    for name in SHOWN:
        filled = next((record[name] for record in records if record.get(name)), None)
        shown[name] = filled if filled is not None else ([] if name == "authors" else None if name == "year" else "")
    shown["abstract"] = max((record.get("abstract") or "" for record in records), key=len, default="")
    if shown["year"] is not None and not -32768 < shown["year"] < 32767:
        shown["year"] = None
    return shown


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

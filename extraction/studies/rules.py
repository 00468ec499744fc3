"""Reading a review's list of primary studies, and which citations are certainly one study. Pure.

docs/rules/extraction.md says it in prose. Reading is a best effort and never silent: what gives neither a title nor
a DOI is listed with its line and the cause. Matching is exact: by DOI, or by title and year.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from screening.references.formats.lines import lines_of
from screening.references.formats.rows import Lines, rows_of
from screening.references.formats.text import doi_in
from screening.references.rules import EMPTY_TITLES, SHORTEST_TITLE, doi_key, fold, titles_compatible

MOST_LINES = 20_000
LONGEST = 2_000
COLUMNS = {
    "author": "author authors firstauthor authornames authorfullnames leadauthor",
    "year": "year publicationyear pubyear date publicationdate yearofpublication",
    "title": "title articletitle studytitle papertitle primarytitle",
    "doi": "doi doilink digitalobjectidentifier",
    "citation": "citation reference fullcitation fullreference study studyreference includedstudy",
}
_MEANING = {name: meaning for meaning, names in COLUMNS.items() for name in names.split()}
_NUMBERING = re.compile(r"^\s*(?:\[\d{1,5}\]|\(\d{1,5}\)|\d{1,5}[.)](?=\s)|[-*•–·])\s*")
_DOI_TAIL = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi:?\s*)?10\.\d{4,9}/\S+|https?://\S+", re.IGNORECASE)
_BRACKETED_YEAR = re.compile(r"\(\s*((?:1[5-9]|20)\d{2})[a-z]?\b[^)]{0,20}\)|\[((?:1[5-9]|20)\d{2})\]")
_LEADING_YEAR = re.compile(
    r"^(?P<authors>[^.]{2,200}?(?:\s[A-Z]{1,3}\.?|et al\.?|[^\W\d_]))[,.]?\s+(?P<year>(?:1[5-9]|20)\d{2})[a-z]?[.:,]\s+(?P<rest>\S.*)$"
)
_YEAR = re.compile(r"(?<![\d-])((?:1[5-9]|20)\d{2})(?=[a-z]?(?:[\s;:,.)]|$))")
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞİĶĹŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ"
_INITIALS = rf"[{_CAPITAL}][{_CAPITAL}.\-]{{0,4}}"
_NAME = rf"[^\W\d_][\w'’.\-]*(?:\s+[^\W\d_][\w'’.\-]*){{0,3}}\s+{_INITIALS}"
_NAMES_FIRST = re.compile(rf"^(?P<authors>{_NAME}(?:,\s*(?:and\s+|&\s*)?{_NAME})*(?:,?\s*et al)?)\s*[.:]\s+(?P<rest>\S.*)$")
_ONLY_NAMES = re.compile(r"^[^\W\d_][\w'’.\- ,&]*(?:et al\.?)?[\s,(\[]*(?:(?:1[5-9]|20)\d{2})?[a-z]?[)\].]*$")
_SENTENCE = re.compile(r"(?<=[^\s.]{3})(?:(?P<asks>[?!])|\.)(?:\s+|$)")


@dataclass(frozen=True)
class Line:
    """One citation as it was read. `number`: the line of the list it begins on, from 1."""

    number: int
    raw: str
    author: str = ""
    year: int | None = None
    title: str = ""
    doi: str = ""


@dataclass(frozen=True)
class NotUnderstood:
    number: int
    raw: str
    cause: str


@dataclass
class Reading:
    """What a list gave: citations, lines that were not understood, and how the list was read."""

    how: str
    citations: list[Line] = field(default_factory=list)
    not_understood: list[NotUnderstood] = field(default_factory=list)


def read_list(text: str) -> Reading:
    """Read a list of primary studies: a table with a header, tab-separated lines, or one citation per line.

    Never raises: what cannot be read is in `not_understood`.
    """
    lines = lines_of(text.replace("\x00", ""))
    header = _header(lines)
    if header:
        return _read_table(lines, *header)
    tabs = sum("\t" in line.strip() for line in lines)
    reading = Reading("columns separated by tabs" if tabs else "one citation per line")
    for number, line in enumerate(lines, start=1):
        raw = line.strip()
        if not raw:
            continue
        cells = [cell.strip() for cell in raw.split("\t") if cell.strip()]
        _keep(reading, number, raw, _from_cells(cells) if len(cells) > 1 else _from_citation(raw))
    return reading


def _header(lines: Sequence[str]) -> tuple[int, str, list[str]] | None:
    """(row number from 0, delimiter, meaning of each column) of the first filled line, where it names columns."""
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        best = max(("\t", ",", ";", "|"), key=lambda delimiter: len(_meanings(line, delimiter)))
        found = _meanings(line, best)
        cells = [_MEANING.get(fold(cell), "") for cell in line.strip().split(best)]
        useful = {"title", "doi", "citation"} & set(found)
        # A citation that happens to hold one of these words is no header: the cells of a header are a word or three.
        if useful and all(len(cell.split()) <= 3 for cell in line.split(best)):
            return number, best, cells
        return None
    return None


def _meanings(line: str, delimiter: str) -> list[str]:
    found = [_MEANING.get(fold(cell), "") for cell in line.strip().split(delimiter)]
    return [meaning for meaning in dict.fromkeys(found) if meaning]


def _read_table(lines: list[str], start: int, delimiter: str, columns: list[str]) -> Reading:
    named = [meaning for meaning in dict.fromkeys(columns) if meaning]
    reading = Reading(f"a table with the columns {', '.join(named)}")
    for row in rows_of(Lines(lines), delimiter, len(columns), start + 1):
        raw = "".join(lines[row.begin : row.end]).strip()
        if row.cause:
            reading.not_understood.append(NotUnderstood(row.begin + 1, raw, row.cause))
        elif any(cell.strip() for cell in row.cells):
            cells: dict[str, str] = {}
            for meaning, cell in zip(columns, row.cells, strict=False):
                if meaning and cell.strip() and meaning not in cells:
                    cells[meaning] = " ".join(cell.split())
            _keep(reading, row.begin + 1, raw, _from_named(cells))
    return reading


def _keep(reading: Reading, number: int, raw: str, found: Mapping[str, Any]) -> None:
    """Add what was read of one line, or say why it is no citation."""
    title, doi = str(found.get("title", "")).strip()[:LONGEST], found.get("doi", "")
    if not title and not doi:
        cause = (
            "Only an author and a year: add the title or the DOI."
            if _ONLY_NAMES.match(_bare(raw)) and _YEAR.search(raw)
            else "No title and no DOI was found."
        )
        reading.not_understood.append(NotUnderstood(number, raw, cause))
        return
    author = str(found.get("author", "")).strip(" ,;:")[:LONGEST]
    reading.citations.append(Line(number, raw, author, found.get("year"), title, doi))


def _from_named(cells: Mapping[str, str]) -> dict[str, Any]:
    """A table's row, by its column names; a whole citation fills in what the other columns leave out."""
    found = _from_citation(cells["citation"]) if "citation" in cells else {}
    if "year" in cells:
        found["year"] = _year(cells["year"]) or found.get("year")
    if "doi" in cells:
        found["doi"] = doi_key(cells["doi"]) or doi_in(cells["doi"]) or found.get("doi", "")
    for name in ("author", "title"):
        if cells.get(name):
            found[name] = cells[name]
    return found


def _from_cells(cells: Sequence[str]) -> dict[str, Any]:
    """A tab-separated line without a header: the DOI, the year, the longest text as title, the first other as author."""
    found: dict[str, Any] = {}
    rest = []
    for cell in cells:
        if "doi" not in found and doi_in(cell) and len(cell.split()) <= 2:
            found["doi"] = doi_in(cell)
        elif "year" not in found and re.fullmatch(r"\(?(?:1[5-9]|20)\d{2}[a-z]?\)?", cell):
            found["year"] = _year(cell)
        else:
            rest.append(cell)
    if not rest:
        return found
    longest = max(rest, key=len)
    others = [cell for cell in rest if cell is not longest]
    if not others and "year" not in found:
        return _from_citation(longest) | found
    if len(longest.split()) >= 2 and not _ONLY_NAMES.fullmatch(longest.split(".")[0] if others == [] else "1"):
        found["title"] = longest
    if others:
        found["author"] = others[0]
    return found


def _bare(raw: str) -> str:
    """A citation line without its number and without DOI and addresses."""
    return " ".join(_DOI_TAIL.sub(" ", _NUMBERING.sub("", raw)).split()).strip()


def _from_citation(raw: str) -> dict[str, Any]:
    """A free citation, best effort: author (year) title; names. title; author, year. title; or a title alone."""
    found: dict[str, Any] = {"doi": doi_in(raw)}
    bare = _bare(raw)
    bracketed = _BRACKETED_YEAR.search(bare)
    if bracketed and 0 < bracketed.start() <= 1_500:
        return found | _around(bare, bracketed)
    plain = _LEADING_YEAR.match(bare)
    if plain:
        return found | {"author": plain["authors"], "year": int(plain["year"]), "title": _first_sentence(plain["rest"])}
    names = _NAMES_FIRST.match(bare)
    if names:
        title = _first_sentence(names["rest"])
        # The year stands behind the title, which may name years of its own.
        return found | {"author": names["authors"], "year": _year(names["rest"][len(title) :]) or _year(names["rest"]), "title": title}
    found["year"] = _year(bare)
    if not _ONLY_NAMES.match(bare) or (len(bare.split()) >= 5 and found["year"] is None and "et al" not in bare):
        title = _first_sentence(bare)
        if len(title.split()) >= 4 or (found["year"] and len(title.split()) >= 3):
            found["title"] = title
    return found


def _around(bare: str, year: re.Match[str]) -> dict[str, Any]:
    """Author before, title after a year in brackets; or, where nothing follows it, title and journal before it."""
    before, after = bare[: year.start()].strip(" .,:"), bare[year.end() :].strip(" .,:;")
    value = int(year.group(1) or year.group(2))
    title = _first_sentence(after)
    if len(title.split()) >= 2:
        return {"author": before, "year": value, "title": title}
    names = _NAMES_FIRST.match(before)
    if names:
        return {"author": names["authors"], "year": value, "title": _first_sentence(names["rest"])}
    if len(before.split()) >= 5 and "et al" not in before and "," not in before:
        return {"year": value, "title": _first_sentence(before)}
    return {"author": before, "year": value}


def _first_sentence(text: str) -> str:
    """The text up to the first full stop, question or exclamation mark that ends a sentence; the mark of a question stays."""
    end = _SENTENCE.search(text)
    if not end:
        return text.strip(' .,;:"“”')
    return (text[: end.start()] + (end["asks"] or "")).strip(' ,;:"“”')


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def identity_key(title: str, year: int | None) -> str:
    """Title and year as one key; nothing for titles that many papers share. No year equals no year only."""
    folded = fold(title)
    return f"{folded[:400]}|{year or ''}" if len(folded) >= SHORTEST_TITLE and folded not in EMPTY_TITLES else ""


@dataclass(frozen=True)
class Known:
    """A study as matching sees it. `key` is the caller's own id for it."""

    key: Any
    title: str
    doi: str
    identity: str


@dataclass(frozen=True)
class Match:
    """Which study a citation is of (None: a new one), and why."""

    study: Any | None
    reason: str


def match(line: Line, by_doi: Mapping[str, Sequence[Known]], by_identity: Mapping[str, Sequence[Known]]) -> Match:
    """The study a citation is certainly of. Two different DOIs keep citations apart whatever their titles say."""
    doi, identity = doi_key(line.doi), identity_key(line.title, line.year)
    for study in by_doi.get(doi, ()) if doi else ():
        if titles_compatible(line.title, study.title):
            return Match(study.key, f"Same DOI ({doi}) and titles that fit each other.")
    same = [study for study in by_identity.get(identity, ()) if not (doi and study.doi and doi != study.doi)] if identity else []
    if len({study.key for study in same}) == 1:
        year = "year" if line.year else "no year given"
        return Match(same[0].key, f"Same title and {year}.")
    if same:
        return Match(None, "Its title and year fit several studies with different DOIs, so it is kept apart.")
    return Match(None, "The first citation of this study.")


def study_label(author: str, year: int | None, title: str, doi: str) -> str:
    """What a study is called in tables: "Family 2014", "Family and Family 2014", "Family et al. 2014", or its title."""
    families = _families(author)
    if not families:
        return title[:80].strip() or doi or "Untitled study"
    name = f"{families[0]} et al." if len(families) > 2 or "et al" in author else " and ".join(families)
    return f"{name} {year}" if year else name


def _families(author: str) -> list[str]:
    """The family names in a list of authors: "Smith, J., & Jones, K.", "Smith J, Jones K", "Ana Smith; Ben Jones"."""
    families = []
    for part in re.split(r"[,;&]|\band\b|\bet al\b", author):
        words = part.replace(".", ". ").split()
        while words and re.fullmatch(rf"{_INITIALS}|[^\W\d_]\.", words[-1]):
            words.pop()
        shortened = len(words) < len(part.replace(".", ". ").split())
        if words and not (families and words[0] in ("Jr", "Sr")):
            families.append(" ".join(words if shortened or words[0][:1].islower() else words[-1:])[:60])
    return families


def cited_twice(study_of: Mapping[int, Any]) -> Iterator[tuple[int, int]]:
    """(line, earlier line) of citations in one list that are of the same study. `study_of`: line number -> study."""
    first: dict[Any, int] = {}
    for number in sorted(study_of):
        study = study_of[number]
        if study in first:
            yield number, first[study]
        else:
            first[study] = number


def unlike(names: Sequence[str]) -> list[str]:
    """The names with a number behind each that was there before, so that no two rows or columns are called the same."""
    met: dict[str, int] = {}
    taken = set(names)
    found = []
    for name in names:
        met[name] = met.get(name, 0) + 1
        unique = name
        while met[name] > 1 and (unique == name or unique in taken):
            unique = f"{name} ({met[name]})"
            if unique in taken:
                met[name] += 1
        taken.add(unique)
        found.append(unique)
    return found

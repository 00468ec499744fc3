"""Which report a PDF is of. Pure: what stands in the file and its name, against the reports that may be meant.

Placed without asking is only what is certain: one report, by a DOI on the first pages, its whole title at the head of
one of them, or its whole title as the file's name. Everything else is a guess that a person confirms.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

HowWord = Literal["doi", "title", "name"]

DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^`]+", re.IGNORECASE)
FIRST_PAGES = 2
# How much of the head of a page may hold a title: beyond it come abstracts and references, which name other papers.
HEAD = 2500
# A shorter title stands in many papers by chance ("Peer support").
WORDS_OF_A_TITLE = 5
LETTERS_OF_A_TITLE = 20
MOST_GUESSES = 5


@dataclass(frozen=True)
class Candidate:
    """A report a document may be of; `doi` as it is compared, `has_document` where one is there already."""

    id: str
    title: str
    doi: str = ""
    authors: Sequence[str] = ()
    year: int | None = None
    has_document: bool = False


@dataclass(frozen=True)
class Guess:
    """A report, how the document points to it, and whether that alone is certain."""

    report: str
    how: HowWord
    words: str
    certain: bool = False


@dataclass(frozen=True)
class Match:
    """The report a document is certainly of (or none), and everything it may be of, the likeliest first."""

    placed: Guess | None
    guesses: tuple[Guess, ...]


def folded(text: str) -> str:
    """Letters and digits alone, without accents and case, words apart: what a broken line or a ligature does not change."""
    plain = unicodedata.normalize("NFKD", text.replace("\xad", "").replace("-\n", "").replace("-\r\n", ""))
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)).casefold()))


def squeezed(text: str) -> str:
    """The same without spaces: PDFs lose and invent them."""
    return folded(text).replace(" ", "")


def dois_in(text: str, key: Callable[[str], str]) -> list[str]:
    """The DOIs of a text in their order, as `key` compares them. A DOI broken over a line is not put together."""
    found = (key(match.group().rstrip(".,;:)]")) for match in DOI.finditer(text))
    return list(dict.fromkeys(doi for doi in found if doi))


def _telling(title: str) -> bool:
    return len(folded(title).split()) >= WORDS_OF_A_TITLE and len(squeezed(title)) >= LETTERS_OF_A_TITLE


def match(texts: Iterable[str], filename: str, candidates: Sequence[Candidate], key: Callable[[str], str]) -> Match:
    """The report a PDF is of. `texts`: its first pages; `key`: how DOIs are compared.

    A report that has a document already is a guess, never certain: a second one may be a supplement, or a mistake.
    """
    first = list(texts)[:FIRST_PAGES]
    found = [*_by_doi(first, candidates, key), *_by_title(first, candidates), *_by_name(filename, candidates, key)]
    has_one = {candidate.id for candidate in candidates if candidate.has_document}
    best: dict[str, Guess] = {}
    for guess in found:
        there = best.get(guess.report)
        if there is None or (guess.certain and not there.certain):
            best[guess.report] = guess
    certain = {guess.report for guess in found if guess.certain}
    guesses = tuple(sorted(best.values(), key=lambda guess: not guess.certain))[:MOST_GUESSES]
    if len(certain) != 1 or certain & has_one:
        return Match(None, guesses)
    return Match(best[certain.pop()], guesses)


def _by_doi(first: Sequence[str], candidates: Sequence[Candidate], key: Callable[[str], str]) -> list[Guess]:
    """A DOI of one report is certain; where the first pages name those of several, the paper cites others of ours."""
    named = {doi for text in first for doi in dois_in(text, key)}
    found = [candidate for candidate in candidates if candidate.doi and candidate.doi in named]
    heads = [squeezed(text[:HEAD]) for text in first]
    titled = [one for one in found if _telling(one.title) and any(squeezed(one.title) in head for head in heads)]
    certain = titled if len(found) > 1 else found
    return [Guess(one.id, "doi", f"its DOI, {one.doi}, stands on the first pages", one in certain and len(certain) == 1) for one in found]


def _by_title(first: Sequence[str], candidates: Sequence[Candidate]) -> list[Guess]:
    """The longest title at the head of a page: a reply holds the whole title of what it replies to."""
    heads = [squeezed(text[:HEAD]) for text in first]
    found = [one for one in candidates if _telling(one.title) and any(squeezed(one.title) in head for head in heads)]
    longest = [one for one in found if not any(one is not other and squeezed(one.title) in squeezed(other.title) for other in found)]
    return [Guess(one.id, "title", "its title stands at the head of a page", one in longest and len(longest) == 1) for one in found]


def _by_name(filename: str, candidates: Sequence[Candidate], key: Callable[[str], str]) -> list[Guess]:
    name = squeezed(re.sub(r"\.pdf$", "", filename, flags=re.IGNORECASE))
    if not name:
        return []
    found: list[Guess] = []
    for one in candidates:
        title = squeezed(one.title)
        doi = squeezed(one.doi)
        if doi and len(doi) >= 10 and name == doi:
            found.append(Guess(one.id, "name", "the file is named after its DOI", True))
        elif _telling(one.title) and name == title:
            found.append(Guess(one.id, "name", "the file is named after its title", True))
        elif len(name) >= LETTERS_OF_A_TITLE and (name in title or title in name) and _telling(one.title):
            found.append(Guess(one.id, "name", "the file's name is part of its title, or holds it"))
        elif one.year and str(one.year) in name and _family(one) and _family(one) in name:
            found.append(Guess(one.id, "name", "its first author and year stand in the file's name"))
    return found


def _family(candidate: Candidate) -> str:
    family = squeezed(candidate.authors[0].split(",")[0]) if candidate.authors else ""
    return family if len(family) > 2 else ""


BYTES = re.compile(r"bytes=(\d*)-(\d*)")


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """The first and last byte a Range header asks of a file, both inclusive.

    None where there is no range, several of them, or one that is not understood: then the whole file is the answer.
    Raises ValueError where the range lies outside the file.
    """
    found = BYTES.fullmatch(header.strip())
    if found is None or found.group() == "bytes=-" or max(len(part) for part in found.groups()) > 15:
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size - 1
    else:
        begin, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
    if begin >= size or begin > end:
        raise ValueError("outside the file")
    return begin, end

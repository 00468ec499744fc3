"""Where a record says it was printed: journal, pages, volume; and what kind of document it says it is."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from .fold import plain, words

_STOP = frozenset(
    """
    the of and for in on to a an de la le les des du der die das fur und et el los del di e y i og och voor van het une s official
    """.split()  # noqa: SIM905 (a list of words reads better so)
)
_CUT = re.compile(r"\s*(?:[:=;\[(/]|\.\s+conference\b|\bofficial (?:journal|organ|publication)\b).*$")
# Without one of these nothing is cut off: asked first, because it is quick.
_CUTTING = (":", "=", ";", "[", "(", "/", "conference", "official")
_PREPRINT = re.compile(
    r"\b(?:(?:med|bio|chem|psy|soc|eart?h|engr|tech|edu?)r?rxiv|arxiv|preprints?(?:\.org)?|research square|ssrn|osf preprints|authorea"
    r"|f1000 ?research posters|zenodo|peerj preprints|scielo preprints|jmir preprints|psyarxiv|techrxiv)\b"
)
_PREPRINT_DOI = re.compile(
    r"^10\.(?:1101/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6,8}|21203/rs|2139/ssrn|20944/preprints|31234/osf|31219/osf|31235/osf|31222/osf|31223/osf"
    r"|48550/arxiv|26434/chemrxiv|36227/techrxiv|22541/au|7287/peerj\.preprints|2196/preprints|1590/scielopreprints|55277|5281/zenodo"
    r"|33774/|32942/|31730/osf|35542/osf|31220/|31224/osf|62329)"
)
_VERSION_SUFFIX = re.compile(r"(?:[/.](?:v|ver)?\d{1,2}|v\d{1,2})$")
_REGISTRY = re.compile(
    r"clinicaltrials\.gov|\bclinical ?trials? regist|\bictrp\b|trialsearch\.who|\bisrctn|\bprospero\b|trial regist(?:ry|er)"
    r"|regist(?:ry|er) record|\bnct ?\d{8}"
    r"|\bdrks\b|\banzctr\b|\bchictr\b|\beudract\b|\bctri\b|\bumin-?ctr\b|\bjrct\b|\birct\b"
)
_REGISTRY_ID = re.compile(
    r"\b(?:nct ?\d{8}|isrctn ?\d{6,8}|crd ?\d{8,11}|chictr[a-z-]* ?\d{8,}|actrn ?\d{14}|drks ?\d{8}|eudract ?[\d-]{12,}|umin ?\d{9})"
)
# Without one of these in it, a text names no preprint server and no register: asked first, because it is quick.
_PREPRINTING = ("xiv", "preprint", "research square", "ssrn", "authorea", "f1000", "zenodo")
_REGISTERING = ("regist", "trial", "ctr", "rct", "prospero", "nct", "drks", "eudract")
_COCHRANE = re.compile(r"\b(?:cd|mr)0\d{5}\b")
_COCHRANE_DOI = re.compile(r"^10\.1002/14651858\.((?:cd|mr)\d{6})(?:\.pub(\d+))?")
_KINDS = (
    ("thesis", re.compile(r"\bthes(?:is|es)\b|dissertation|^thes$")),
    ("chapter", re.compile(r"chapter|section|^chap$|inbook|incollection")),
    ("conference", re.compile(r"conference|proceeding|congress|meeting|^conf$|^cpaper$|abstract|poster")),
    ("book", re.compile(r"\bbook\b|^edbook$")),
    ("report", re.compile(r"\breport\b|^rprt$|techreport")),
)


@dataclass(slots=True)
class Pages:
    """`start` and `end` as numbers, with the letters before the first (s172: "s", 172). `article`: a number, not a range.

    `start` is 0 where only the end can be read ("Suppl-42", for S34-42).
    """

    letters: str
    start: int
    end: int
    article: bool


_PAGES = re.compile(r"([a-z]{0,6})[ .-]?(\d{1,20})([a-z]?\d*)(?:\s*(?:-|–|—|‐|‑|−|to|\+)+\s*([a-z]{0,3})\.?(\d{1,20}))?")
_PLAIN_PAGES = re.compile(r"([0-9]{1,20})-([0-9]{1,20})")
_PAGES_WORD = re.compile(r"^\W*(?:pp?|pages?|article(?: no)?|art(?: no)?|no)\W+(?=\w*\d)")
_END_ALONE = re.compile(r"^\W*[a-z]+(?:[ .:]*\d+ ?:)? ?[-–]\s?(\d{1,5})\b")
_COUNT = re.compile(r"^\W*\d+\s*(?:p|pp|pages|páginas|s|seiten)\W*$")


def read_pages(text: str) -> Pages | None:
    """A range ("1241-6" ends at 1246), an article number ("e12345"), or None where nothing can be read."""
    text = plain(text)
    if plainly := _PLAIN_PAGES.fullmatch(text):
        start, end = plainly.groups()
        end = start[: len(start) - len(end)] + end if len(end) < len(start) else end
        return Pages("", int(start), max(int(start), int(end)), article=False)
    if not text or _COUNT.match(text):
        return None
    text = _PAGES_WORD.sub("", text)
    if end_alone := _END_ALONE.match(text):
        return Pages("", 0, int(end_alone[1]), article=False)
    found = _PAGES.search(text)
    if not found:
        return None
    letters, start, _, _, end = found.groups()
    if letters in ("p", "pp", "page", "pages", "article", "artn", "art", "no", "id"):
        letters = ""
    if not end:
        return Pages(letters, int(start), int(start), article=True)
    if len(end) < len(start):
        end = start[: len(start) - len(end)] + end
    return Pages(letters, int(start), max(int(start), int(end)), article=False)


@lru_cache(maxsize=65536)
def read_journal(text: str) -> tuple[str, ...]:
    """The words of a journal's title that count: without its subtitle, place, and little words."""
    whole = plain(text).strip()
    short = whole
    for mark in _CUTTING:
        if mark in whole:
            short = _CUT.sub("", whole)
            break
    short = short if len(short) >= 3 else whole
    found = [word for word in words(short) if word not in _STOP] or words(whole)
    return tuple(found)


@lru_cache(maxsize=65536)
def journals_agree(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether two journal titles can be of one journal, one of them perhaps abbreviated or its initials."""
    if a == b:
        return True
    if len(a) > len(b):
        a, b = b, a
    if len(a) == len(b):
        return all(_short_for(x, y) for x, y in zip(a, b, strict=True)) or fuzz.ratio(" ".join(a), " ".join(b)) >= 90
    squeezed = "".join(a)
    if 2 <= len(squeezed) <= 8 and squeezed == "".join(word[0] for word in b)[: len(squeezed)]:
        return True
    if all(_short_for(x, y) for x, y in zip(a, b, strict=False)) and (len(a) > 1 or len(a[0]) > 5 or len(b) < 3):
        return True
    return len(a) > 1 and set(a) <= set(b)


def _short_for(a: str, b: str) -> bool:
    """`Rehabil` for `Rehabilitation`, `Natl` for `National`: the same first letter, and the letters of one in the other."""
    if a == b:
        return True
    if len(a) > len(b):
        a, b = b, a
    if a[0] != b[0]:
        return False
    letters = iter(b)
    return all(letter in letters for letter in a)


@dataclass(frozen=True, slots=True)
class Nature:
    """What a document is: a kind, and the identity it has in a register or in the Cochrane Library."""

    kind: str  # thesis, chapter, conference, book, report, preprint, registry, cochrane, or nothing known
    number: str = ""  # CD number or registration number
    version: str = ""  # the pub of a Cochrane review, the version of a preprint


ORDINARY, THESIS = Nature(""), Nature("thesis")


def read_nature(*, journal: str, pages: str, doi: str, kind: str, title: str) -> Nature:
    """What kind of document a record says it is; `doi` as `doi_key` gives it, the others as they stand."""
    said = plain(f"{journal} {pages}") if journal or pages else ""
    if cochrane := _COCHRANE_DOI.match(doi):
        return Nature("cochrane", cochrane[1], cochrane[2] or "1")
    if "cochrane" in said and (number := _COCHRANE.search(said)):
        return Nature("cochrane", number[0])
    if "cd0" in said and (number := _COCHRANE.search(said)) and plain(pages).strip() == number[0]:
        return Nature("cochrane", number[0])  # no journal, or one nobody has heard of
    if ("cochrane database" in said or "cochrane db" in said) and "review" in said.replace("syst rev", "review"):
        return Nature("cochrane")
    if _PREPRINT_DOI.match(doi) or names_preprints(said) or "preprint" in kind.lower():
        version = _VERSION_SUFFIX.search(doi)
        return Nature("preprint", _VERSION_SUFFIX.sub("", doi), version.group().strip("/.v") if version else "")
    if names_register(said) or "registry" in kind.lower() or "trial register" in kind.lower():
        number = _REGISTRY_ID.search(plain(f"{said} {doi} {title}"))
        return Nature("registry", number[0].replace(" ", "") if number else "")
    if "dissertation" in said or "theses" in said:
        return THESIS
    return _by_kind(kind.lower()) if kind else ORDINARY


def names_preprints(said: str) -> bool:
    """Whether a journal, as `plain` gives it, is a server of preprints."""
    for word in _PREPRINTING:
        if word in said:
            return _PREPRINT.search(said) is not None
    return False


def names_register(said: str) -> bool:
    """Whether a journal, as `plain` gives it, is a register of trials or reviews."""
    for word in _REGISTERING:
        if word in said:
            return _REGISTRY.search(said) is not None
    return False


@lru_cache(maxsize=4096)
def _by_kind(kind: str) -> Nature:
    return next((Nature(name) for name, pattern in _KINDS if pattern.search(kind)), ORDINARY)

"""Journal, year, volume, issue and pages out of one "source" text, as table exports of databases write it."""

import re

from .text import doi_in

_OVID = re.compile(
    r"^(?P<journal>.+?)\.\s*(?:Vol\.?\s*)?(?P<volume>[A-Za-z]?\d[\w\-]*|\s*),?\s*(?:\((?P<issue>(?!pp |no pag)[^()]{1,40}"
    r"(?:\([^()]{1,20}\))?)\))?,?\s*(?:\((?:pp (?P<pages>[^()]+)|[Nn]o pagination)\))?,\s*(?P<year>\d{4})"
)
_OVID_TIGHT = re.compile(
    r"^(?P<journal>.+?)\.\s*(?P<volume>[A-Za-z]?\d[\w\-]*)?\s*\((?:pp (?P<pages>[^()]+)|no pagination)\),\s*(?P<year>\d{4})"
)
_EMBASE = re.compile(
    r"^(?P<journal>.+?) \((?P<year>\d{4})\)(?: (?P<volume>[\w\-]+)(?::(?P<issue>[^()]+?))?)?(?: \((?P<pages>[^()]+)\))?(?:\.|$)"
)
_PUBMED = re.compile(
    r"^(?P<journal>.+?)\. (?P<year>\d{4})\b[^;:]{0,40}(?:;(?P<volume>[\w\-. ]+)?(?:\((?P<issue>[^()]+)\))?)?"
    r"(?::(?P<pages>[\w\-.,; ]+?))?\.(?:\s|$)"
)
_SCIELO = re.compile(r"^(?P<journal>[^;]+); (?P<volume>[^;()]*)(?:\((?P<issue>[^()]+)\))?(?:; ?(?P<pages>[\w\-]+))?$")
# BMC Psychiatry;21(1): 123-134, 2021.  Rev. chil. pediatr;91(3): 347-352, jun. 2020. tab, graf
_BVS = re.compile(
    r"^(?P<journal>[^;]+); ?(?P<volume>[\w\-]{0,20})(?:\((?P<issue>[^()]{1,40})\))?: ?(?P<pages>[\w\-]{1,30}), "
    r"[^\d,;:]{0,30}(?P<year>(?:1[5-9]|20)\d\d)\b"
)
_BASE = re.compile(
    r"^\{?Source: (?P<journal>[^;]+?)(?: ?; [Vv]olume (?P<volume>[\w\-]+))?(?:[,;] [Ii]ssue (?P<issue>[\w\-]+))?"
    r"(?:[,;] [Pp]ages?:? (?P<pages>[\w\-,]+))?(?: ?;|\}|$)"
)
_BASE_VOL = re.compile(
    r"^\{?Source: (?P<journal>[^;]+?), Vol (?P<volume>\w+), Iss (?P<issue>[\w\-]+), (?:Pp? (?P<pages>[\w\-]+) )?\((?P<year>\d{4})\)"
)
_ARTICLE_NUMBER = re.compile(r"Article Number: (?P<pages>[\w\-]+)")
_LINE = re.compile(r"Vol\.(?P<volume>[\w\-]+),\((?P<issue>[^)]*\)?)\), (?P<year>\d{4}), pp\. (?P<pages>[\w\-]+)")
_YEAR_IN_BRACKETS = re.compile(r"\((\d{4})[a-z]?\)")
_KINDS = (_EMBASE, _OVID_TIGHT, _OVID, _PUBMED, _BVS, _SCIELO)


def parse_source(text: str) -> dict[str, str]:
    """The parts found in `text`, under the names journal, year, volume, issue, pages; empty when not recognised.

    >>> parse_source("Hearing Research. 422(no pagination), 2022. Article Number: 108552.")["pages"]
    '108552'
    """
    text = " ".join(text[:600].split())
    found = _psycinfo(text)
    kinds = (_BASE_VOL, _BASE) if text.startswith(("Source: ", "{Source: ")) else _KINDS
    if text.startswith(("Description: ", "{Description: ")):
        kinds = ()
    for kind in () if found else kinds:
        match = kind.match(text)
        if match:
            found = {name: value.strip() for name, value in match.groupdict().items() if value and value.strip()}
            break
    number = _ARTICLE_NUMBER.search(text)
    if found and number and "pages" not in found:
        found["pages"] = number.group("pages")
    return found


def described(text: str) -> dict[str, str]:
    """BASE's `Description:` inside a note, as the abstract it is."""
    _before, mark, after = text.partition("Description: ")
    return {"abstract": after.strip(" {}")} if mark and len(after) > 40 else {}


def parse_reference(text: str) -> dict[str, str]:
    """Authors, year and DOI of a whole reference; where title and journal part cannot be told."""
    text = " ".join(text[:5000].split())
    found = {"doi": doi_in(text)}
    match = _YEAR_IN_BRACKETS.search(text)
    if match:
        found["year"] = match.group(1)
        if match.start() <= 3000:
            found["authors"] = text[: match.start()].rstrip(" .,")
    return {name: value for name, value in found.items() if value}


def _psycinfo(text: str) -> dict[str, str]:
    match = _LINE.search(text)
    if match is None:
        return {}
    found = {name: value for name, value in match.groupdict().items() if value and value != "No"}
    return {"journal": text[: match.start()].rstrip(". "), **found}

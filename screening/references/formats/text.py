"""Cleaning of single values: entities, tags, control characters, DOI, year, pages, ISSN."""

import html
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# What looks like a tag is found by one cheap pattern; whether it is one is looked up by its name.
_TAG = re.compile(r"</?(?:(jats|mml|xhtml|ns\d):)?([A-Za-z][A-Za-z0-9-]{0,30})(?:\s[^<>=]{0,60}=[^<>]{0,500}|\s*+)/?>", re.IGNORECASE)
_BLOCK_NAMES = "p br div title sec h1 h2 h3 h4 h5 h6 ul ol li tr td abstracttext"
_INLINE_NAMES = (
    "b i u em strong sup sub span italic bold a label list list-item sc underline inline-formula tex-math xref ext-link abstract "
    "inf font small tt table"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_SHIFTED = re.compile(r"<(?:jats:)?(su[bp])>([^<>]{1,40})</(?:jats:)?\1>", re.IGNORECASE)
_SUPERSCRIPT = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_PRINTED = bytes(range(0x20, 0x7F)) + b"\n"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2060\ufeff]")
# What UTF-8 looks like when read as cp1252, Latin-1 or Mac Roman; the second byte of a letter never follows in real text.
_MOJIBAKE = re.compile(
    "\ufffd|[ÃÅÄÎÏÐÑ][\u0080-\u009f¡-¿]|Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|â€|ï»¿|Â[\u0080-\u00bf]|√[©®±∂≥®†°]|‚Ä[ìîôúù¢¶]"
)
_MOJIBAKE_MARKS = re.compile("[\ufffdÃÅÄÎÏÐÑâïÂ√‚]")
# The brackets of a SICI (`<1661::AID-SIM968>`) belong to it: what stands before them is the whole issue's.
_DOI = re.compile(r"10\.\d{3,9}(?:\.\d{1,9}){0,4}/(?:[^\s\"<>]|<\d{1,6}:[^\s\"<>]{1,40}>){1,300}")
_AFTER_DOI = re.compile(r"\[(?:doi|pii)\]|\(doi\)|&partnerid=|;(?=\s|$)")
_KIND_OF_TEXT = re.compile(r"[. ]\s*(\[[A-Z][A-Za-z &/,;.-]{2,40}\])\.?\s*$")
_YEAR = re.compile(r"(?<![0-9])((?:1[5-9]|20)[0-9]{2})(?![0-9])")
_YEAR_IN_STAMP = re.compile(r"(?<![0-9])((?:1[5-9]|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-3][0-9])?(?![0-9])")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")  # Cochrane writes U+2010
_PAGE_WORD = re.compile(r"^\s*(?:pp?|pages?|s)\b\.?\s*(?=\w)", re.IGNORECASE)
_SHORT_RANGE = re.compile(r"^([0-9]{2,7})-([0-9]{1,6})$")
_ISSN = re.compile(r"([0-9]{4})-?([0-9]{3}[0-9Xx])(?![0-9])")
_PMID = re.compile(r"(?<![0-9])([1-9][0-9]{0,8})(?![0-9])")
_PMID_NOTED = re.compile(r"\bPMID:\s{0,5}([1-9][0-9]{0,8})(?![0-9])", re.IGNORECASE)
_PUBMED_URL = re.compile(r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/(?:m/)?pubmed)/([1-9][0-9]{0,8})")


def clean(value: str) -> str:
    """Plain text on one line: entities and tags resolved, control and invisible characters gone."""
    if "&" in value:
        value = unescape(value)
    if "<" in value:
        value = untag(value)
    if value.isprintable():  # then a plain space is its only white space
        return " ".join(value.split()) if "  " in value else value.strip()
    return " ".join(_UNWANTED.sub("", value).split())


def printed(raw: str) -> bool:
    """Whether a text has nothing but letters that can be printed, and LF; most have, and then much need not be asked of its values."""
    if raw.isascii():
        return not raw.encode().translate(None, _PRINTED)
    return raw.replace("\n", "").isprintable()


def clean_printed(value: str) -> str:
    """What `clean` gives of a value that is a piece of a `printed` text, in half the time."""
    if "&" in value or "<" in value:
        return clean(value)
    return " ".join(value.split()) if "  " in value or "\n" in value else value.strip()


def stored(value: str) -> str:
    """A value kept as it stands: without control characters and the white space around it, lines ended by LF."""
    if not value.isprintable():
        value = _CONTROL.sub("", value)
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
    return value.strip()


def unescape(value: str) -> str:
    """HTML entities to characters, also when escaped twice. Only with their semicolon, so that URLs keep `&copy=`."""
    for _ in range(3):
        changed = _ENTITY.sub(lambda match: _letter(match.group()), value)
        if changed == value:
            break
        value = changed
    return value


@lru_cache(maxsize=4096)
def _letter(entity: str) -> str:
    return html.unescape(entity)


def untag(value: str) -> str:
    """HTML and JATS tags to text; `10<sup>-3</sup>` stays readable as 10⁻³, other shifts as `^(x)` and `_(x)`.

    Only known tags count, with attributes or none, so that `p <0.05 and n> 3` and `a <b and c> d` are left as they are.
    """
    return _TAG.sub(_tag, _SHIFTED.sub(_shifted, value))


def _tag(match: re.Match[str]) -> str:
    prefix, name = match.groups()
    name = name.lower()
    if name in _BLOCKS and (prefix or "jats").lower() == "jats":
        return " "
    return "" if prefix or name in _INLINE else match.group()


def _shifted(match: re.Match[str]) -> str:
    up = match.group(1).lower() == "sup"
    inner = match.group(2).strip()
    moved = inner.translate(_SUPERSCRIPT if up else _SUBSCRIPT)
    if not any(a == b for a, b in zip(moved, inner, strict=True)):
        return moved
    mark = "^" if up else "_"
    return f"{mark}{inner}" if len(inner) == 1 else f"{mark}({inner})"


def oddities(raw: str) -> list[str]:
    """Warnings on a record's text: control characters that were removed, and likely mojibake (flagged, not guessed)."""
    found = []
    if _CONTROL.search(raw):
        found.append("Control characters were removed.")
    if not raw.isascii() and _MOJIBAKE_MARKS.search(raw) and _MOJIBAKE.search(raw):
        found.append("Some letters look garbled by a wrong encoding in the source.")
    return found


def kind_behind(title: str) -> tuple[str, str]:
    """A title without the kind of text Ovid sets behind it, and that kind: `Peer support. [Review]`."""
    match = _KIND_OF_TEXT.search(title)
    return (title[: match.start() + 1].rstrip(), match.group(1)) if match else (title, "")


def doi_in(value: str) -> str:
    """The bare DOI in `value`, in lower case, or an empty string."""
    if "%3C" in value or "%3c" in value:
        value = unquote(value)
    elif "%2" in value:
        value = value.replace("%2F", "/").replace("%2f", "/")
    match = _DOI.search(value if "&" not in value else unescape(value))
    if match is None:
        return ""
    return _trim_doi(match.group().lower())


def _trim_doi(doi: str) -> str:
    doi = _AFTER_DOI.split(doi, 1)[0]
    while doi and doi[-1] in ".,;:)]}>'\"":
        if doi[-1] in ")]>" and doi.count(doi[-1]) <= doi.count({")": "(", "]": "[", ">": "<"}[doi[-1]]):
            break
        doi = doi[:-1]
    return doi


def year_in(value: str) -> int | None:
    """The first year from 1500 to 2099 in `value` (`2012///`, `1996 Jul 9`, `20170812`), or None."""
    match = _YEAR.search(value) or _YEAR_IN_STAMP.search(value)
    return int(match.group(1)) if match else None


def pages_of(start: str, end: str = "") -> str:
    """One page range: `183` and `186` to `183-186`; a start that is already a range stands alone.

    PubMed's short ranges are written out (`132-42` is 132-142), so that the same pages look the same from every source.
    """
    if len(start) <= len(end) and start.isdecimal() and end.isdecimal() and (start + end).isascii():
        return start if start == end else f"{start}-{end}"  # as most are
    start = _PAGE_WORD.sub("", clean(start)).replace("--", "-").translate(_DASHES)
    end = clean(end)
    if start and end and start != end and "-" not in start:
        start = f"{start}-{end}"
    short = _SHORT_RANGE.match(start)
    if short and len(short.group(2)) < len(short.group(1)):
        first, last = short.groups()
        last = first[: -len(last)] + last
        return f"{first}-{last}" if int(last) > int(first) else start
    return start


def issn_in(value: str) -> str:
    """The first ISSN in `value` as `1234-567X`, leading zeros a spreadsheet took put back where the check digit agrees.

    Otherwise the value as it stands (an ISBN, say).
    """
    value = clean(value)
    bare = re.sub(r"[^0-9Xx]", "", value)
    if len(bare) in (10, 13):
        return value
    if 5 <= len(bare) < 8 and bare == value and _checks(bare.zfill(8)):
        value = bare.zfill(8)
    match = _ISSN.search(value)
    return f"{match.group(1)}-{match.group(2).upper()}" if match else value


def _checks(issn: str) -> bool:
    """ISO 3297: the weights 8 to 2 and the check digit add up to a multiple of 11."""
    digits = [10 if c in "Xx" else int(c) for c in issn]
    return sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


def pmid_in(value: str) -> str:
    """A PubMed identifier standing in `value` (`26957754[pmid]`), or an empty string."""
    match = _PMID.search(value)
    return match.group(1) if match else ""


def pmid_noted(values: Iterable[str]) -> str:
    """The PubMed identifier a note names as such (`PMID: 26957754`, as Zotero keeps it), or an empty string."""
    return next((match.group(1) for value in values if (match := _PMID_NOTED.search(value))), "")


def pmid_in_url(value: str) -> str:
    """The PubMed identifier a PubMed address names, or an empty string."""
    match = _PUBMED_URL.search(value)
    return match.group(1) if match else ""

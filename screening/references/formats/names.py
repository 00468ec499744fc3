"""Author lists in one string, in the ways databases write them, to single names."""

import re
from collections.abc import Iterator

from .text import clean

_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_SEPARATE = re.compile(r"[;\n\r]")
_SPACES = re.compile(r"[^\S\r\n]++")
_AND = re.compile(r" (?:and|AND|And|&) ")
_TRAILING = re.compile(r"(?:\s+(?:and|AND|&)|[;,])\s*$")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?[- ]?){1,4}\.?$")
_SCOPUS_ID = re.compile(r"\s*\(\d{6,}\)$")
_FAMILY_INITIALS = re.compile(r"^[^\W\d_][\w'’.\- ]* [^\W\d_]{1,4}(?:\s(?:Jr|Sr|II|III|IV|[1-4](?:st|nd|rd|th)))?\.?$")
_FAMILY_DOTTED = re.compile(r"^\S.* (?:[^\W\d_]{1,2}\.[- ]?){1,5}$")
_NAME = r"(?!and )[^\W\d_][\w'’ -]{0,60}, (?:[^\W\d_]\.[ -]?){0,4}[^\W\d_]\."
_SEVERAL = re.compile(rf"\s*+{_NAME}(?:(?:,? (?:and|&) |, ){_NAME}){{1,2000}}\s*+")
_ONE_OF_SEVERAL = re.compile(rf"(?<!\w){_NAME}")
_LOOSE_COMMA = re.compile(r"(?<=\S) +,")
_FAMILY = re.compile(r"^[^\W\d_][\w'’-]{2,}$")
_TIGHT_COMMA = re.compile(r",(?=\S)")
_GIVEN_ONLY = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "md", "rn"}


def split_authors(value: str) -> list[str]:
    """The names in `value`, each as found ("Family, Given" where the source has it so), tidied.

    Knows Python list text, lines, semicolons, bars, BibTeX's `and`, "Smith A, Jones BC.", "Liu R., Adler D.G.",
    "First Last, First Last" and "Last, First, Last, First". A single "Last, First" stays one name.
    """
    value = _SPACES.sub(" ", value.strip())
    if not value:
        return []
    return [name for part in _parts(value) if (name := tidy_name(part))]


def single_names(value: str) -> Iterator[str]:
    """The name in `value`, where the format gives each author a tag of their own.

    Only line breaks and semicolons part it, and what stands behind initials: "Smith, J., Lee, B. and Elm, C." are three,
    "Ministry of Health and Welfare, Tokyo" is one.
    """
    whole = ";" not in value and "\n" not in value and "\r" not in value
    if whole and (value.count(",") > 1 or " and " in value) and _SEVERAL.fullmatch(value):
        yield from _ONE_OF_SEVERAL.findall(value)
        return
    for part in (value,) if whole else _SEPARATE.split(value):
        if name := tidy_name(part):
            yield name


def _parts(value: str) -> list[str]:
    if value.startswith("[") and value.endswith("]") and ("'" in value or '"' in value):
        return [a or b for a, b in _LITERAL.findall(value)]
    for separator in ("\n", "\r", ";", "||", "|", " // "):
        if separator in value:
            parts = [part for part in value.split(separator) if part.strip()]
            if separator in ("\n", "\r"):
                return _lines(parts)
            return parts
    if _AND.search(value):
        return _by_and(value)
    return _by_comma(value)


def _lines(parts: list[str]) -> list[str]:
    if len(parts) == 1 or all(";" not in part for part in parts):
        return parts
    return [piece for part in parts for piece in part.split(";")]


def _by_and(value: str) -> list[str]:
    """BibTeX's `A and B and C`, or prose's `A, B and C`."""
    parts = _AND.split(value)
    last = parts[-1]
    if len(parts) == 2 and parts[0].count(",") >= 1 and "," not in last and not _INITIALS.match(last):
        listed = _by_comma(parts[0])
        return [*listed, last] if len(listed) > 1 else parts
    before = parts[0].rstrip(", ")
    if len(parts) == 2 and before.count(",") >= 3:  # "Smith, J., Jones, B., & Lee, D."
        return [*_by_comma(before), last]
    return parts


def _by_comma(value: str) -> list[str]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    if len(parts) < 2:
        return [value]
    if all(_FAMILY_INITIALS.match(part) for part in parts):
        return [part.removesuffix(".") if part.count(".") == 1 and part.endswith(".") else part for part in parts]
    if all(_FAMILY_DOTTED.match(part) for part in parts):
        return parts
    if len(parts) >= 4 and len(parts) % 2 == 0 and _alternating(parts):
        return [f"{family}, {given}" for family, given in zip(parts[0::2], parts[1::2], strict=True)]
    if all(_whole_name(part) for part in parts):
        return parts
    if len(parts) % 2 and all(_FAMILY.match(part) and part.lower() not in _GIVEN_ONLY for part in parts):
        return parts  # an odd number of single words is no pairs
    return [value]


def _alternating(parts: list[str]) -> bool:
    single = sum(1 for part in parts if " " not in part or _INITIALS.match(part))
    return single * 2 >= len(parts)


def _whole_name(part: str) -> bool:
    return " " in part and not _INITIALS.match(part) and part.lower() not in _GIVEN_ONLY


def tidy_name(name: str) -> str:
    """One name without a Scopus number, a trailing "and", or a comma set tight or apart."""
    name = clean(name)
    if name.endswith(")"):
        name = _SCOPUS_ID.sub("", name)
    if name.endswith(("and", "AND", "&", ";", ",")):
        name = _TRAILING.sub("", name)
    if " ," in name:
        name = _LOOSE_COMMA.sub(",", name)
    if name.count(",") != name.count(", "):
        name = _TIGHT_COMMA.sub(", ", name)
    return name.strip()

"""Text as it is compared: without case, accents, mark-up and Greek letters, so that two prints of one text are equal."""

import html
import re
import unicodedata
from urllib.parse import unquote

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "o", "π": "pi", "ρ": "rho",
    "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_LETTERS = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ß": "ss"}
_SPELT = str.maketrans({**_GREEK, **_LETTERS, "’": "", "‘": "", "ʼ": "", "´": "", "ـ": ""})
_GREEK_WORD = re.compile(r"[Ͱ-Ͽἀ-῿]{3,}")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def plain(text: str) -> str:
    """Lower case, entities and tags resolved, accents off, single Greek letters spelt out."""
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if "'" in text:
        text = text.replace("'", "")
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join([letter for letter in text if not unicodedata.combining(letter)])
    # A text that is Greek stays so; a Greek letter inside another language is spelt out.
    return text if _GREEK_WORD.search(text) else text.translate(_SPELT)


def words(text: str) -> list[str]:
    """The words of a text that went through `plain`, in order."""
    return (_ASCII_WORD if text.isascii() else _WORD).findall(text)


_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_AROUND = re.compile(r"^(?:\s|https?:|/|(?:www\.)?(?:dx\.)?doi(?:\.org)?[:/ ]?|doi:)+", re.IGNORECASE)


LONGEST_DOI = 400
# As most are given: nothing to take off, decode or put in lower case.
_PLAIN_DOI = re.compile(r"10\.[0-9]{4,9}/[a-z0-9./_-]{0,100}[a-z0-9]")


def doi_key(doi: str) -> str:
    """A DOI as all DOIs are compared: bare, decoded and in lower case; nothing where it is not one (10.registrant/suffix).

    What is longer than any DOI is none: an index of the database has to hold it.
    """
    if not doi or _PLAIN_DOI.fullmatch(doi):
        return doi
    found = _DOI.search(_DOI_AROUND.sub("", unquote(html.unescape(doi[: 4 * LONGEST_DOI])).strip()))
    if not found or len(found.group()) > LONGEST_DOI:
        return ""
    bare = found.group().rstrip(".,;\"'").lower()
    for opened, closed in (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">")):
        while bare.endswith(closed) and bare.count(closed) > bare.count(opened):
            bare = bare[:-1].rstrip(".,;")
    return bare


_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"\W*([ivxlc]+)\W*$", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def number_key(text: str) -> str:
    """The first number of a volume or issue, without leading zeros, Roman ones included; nothing where there is none."""
    if text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"  # as most are
    found = _NUMBER.search(text)
    if found:
        return found.group().lstrip("0") or "0"
    roman = _ROMAN.match(text)
    if not roman:
        return ""
    values = [_VALUES[letter] for letter in roman[1].lower()]
    return str(sum(-value if value < max(values[place:]) else value for place, value in enumerate(values)))

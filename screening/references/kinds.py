"""What kind of publication a record says it is, in which language, and what has happened to it since. Pure.

docs/rules/references.md says it in prose.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

# The first that fits a type's words names it, so the more telling stand before the general. A notice comes before what it is about.
KINDS: tuple[tuple[str, str], ...] = (
    ("Retraction notice", r"retraction of publication|retraction notice|^retraction$"),
    ("Erratum", r"erratum|corrigendum|^correction$|correction to"),
    ("Expression of concern", r"expression of concern"),
    ("Protocol", r"protocol"),
    ("Systematic review", r"systematic[ _-]?review|meta-?analysis|umbrella review|scoping review"),
    ("Preprint", r"preprint|posted content|unpublished|^unpb$|^unpd$"),
    ("Trial registration", r"trial regist|clinical trial protocol|^ctli$"),
    ("Conference paper", r"conference|proceeding|meeting abstract|^conf$|^cpaper$|^confproc$|congress"),
    ("Thesis", r"thesis|dissertation|^thes$"),
    ("Book chapter", r"chapter|book ?section|inbook|incollection|^chap$|^echap$"),
    ("Book", r"\bbook\b|^ebook$|monograph|^mgrph$|^edbook$"),
    ("Editorial", r"editorial"),
    ("Letter or comment", r"\bletter\b|comment\b|\breply\b"),
    ("Review", r"\breview\b"),
    ("Report", r"\breport\b|techreport|^rprt$|^gov$|government"),
    ("Web page", r"web ?page|online|^elec$|^web$|website|blog"),
    ("Data set", r"data ?set|^data$|^aggr$"),
    ("News", r"newspaper|magazine|^news$|^mgzn$"),
    ("Journal article", r"article|journal|^jour$|^ejour$|^jfull$|^inpr$|in press|clinical trial|randomi[sz]ed|study|^abst$"),
)
OTHER = "Other"
_KINDS = tuple((name, re.compile(pattern)) for name, pattern in KINDS)


@lru_cache(maxsize=4096)
def kind_of(words: str) -> str:
    """The kind a file's own words for it come to: "JOUR" and "article" are a journal article. Nothing where nothing is said."""
    folded = words.strip().casefold()
    if not folded:
        return ""
    said = [part.strip() for part in re.split(r"[;|]", folded) if part.strip()]
    return next((name for name, pattern in _KINDS if any(pattern.search(part) for part in said)), OTHER)


ORDER = {name: n for n, (name, _) in enumerate(KINDS)} | {OTHER: len(KINDS), "": len(KINDS) + 1}

# Their codes in two letters and in three, and what else the databases call them, in small letters.
LANGUAGES: dict[str, tuple[str, ...]] = {
    "Arabic": ("ar", "ara"),
    "Chinese": ("zh", "chi", "zho"),
    "Czech": ("cs", "cze", "ces"),
    "Danish": ("da", "dan"),
    "Dutch": ("nl", "dut", "nld"),
    "English": ("en", "eng"),
    "Finnish": ("fi", "fin"),
    "French": ("fr", "fre", "fra"),
    "German": ("de", "ger", "deu"),
    "Greek": ("el", "gre", "ell"),
    "Hebrew": ("he", "heb"),
    "Hungarian": ("hu", "hun"),
    "Italian": ("it", "ita"),
    "Japanese": ("ja", "jpn"),
    "Korean": ("ko", "kor"),
    "Norwegian": ("no", "nor", "nb", "nob", "nn"),
    "Persian": ("fa", "per", "fas"),
    "Polish": ("pl", "pol"),
    "Portuguese": ("pt", "por"),
    "Russian": ("ru", "rus"),
    "Spanish": ("es", "spa"),
    "Swedish": ("sv", "swe"),
    "Turkish": ("tr", "tur"),
    "Ukrainian": ("uk", "ukr"),
}
_BY_CODE = {code: name for name, codes in LANGUAGES.items() for code in (name.casefold(), *codes)}


@lru_cache(maxsize=1024)
def language_of(words: str) -> str:
    """A language by its English name, where the file gives a code; several with commas between."""
    said = [part.strip() for part in re.split(r"[;,|/]", words) if part.strip()]
    return ", ".join(dict.fromkeys(_language(part) for part in said))


def _language(word: str) -> str:
    folded = word.casefold()
    # "en-GB", "pt_BR"
    bare = re.split(r"[-_]", folded)[0] if len(folded) <= 5 else folded
    return _BY_CODE.get(bare) or word[:1].upper() + word[1:]


# What may have happened to a report since it appeared, the gravest first.
FLAGS = {"retracted": "Retracted", "withdrawn": "Withdrawn", "concern": "Expression of concern", "corrected": "Corrected"}

# At the beginning of a title, closed by a colon, a bracket or a dash: "Retracted studies in reviews" is about them.
_CLOSED = r"\s*(?:[:\]).]|[-\u2013\u2014]\s)"
_TITLE = (
    ("retracted", re.compile(rf"^\W*retracted(?: (?:article|paper|publication|chapter))?{_CLOSED}|[(\[]\s*retracted\b", re.I)),
    ("withdrawn", re.compile(rf"^\W*(?:withdrawn|removed|temporary removal){_CLOSED}|[(\[]\s*withdrawn\b", re.I)),
    ("corrected", re.compile(r"[(\[]\s*(?:corrected|correction published|published erratum appears)\b", re.I)),
)

# Publication types, as PubMed, Embase, Scopus and Web of Science write them.
_TYPE = (
    ("retracted", re.compile(r"\bretracted\b", re.I)),
    ("withdrawn", re.compile(r"\bwithdrawn\b", re.I)),
    ("corrected", re.compile(r"corrected and republished", re.I)),
)
# Links of a record to what was published about it later (PubMed's tags, and their names in its XML).
_LINKS = {"RIN": "retracted", "EIN": "corrected", "CRI": "corrected", "ECI": "concern"}
_LINKS |= {
    "RetractionIn": "retracted",
    "ErratumIn": "corrected",
    "CorrectedandRepublishedIn": "corrected",
    "ExpressionOfConcernIn": "concern",
}
_LINKS = {name.casefold(): flag for name, flag in _LINKS.items()}
# Tags and columns that hold remarks.
_REMARKS = frozenset({"n1", "n2", "notes", "note", "comments", "comment", "general note", "%z", "status", "publication status", "remarks"})
_IT = "(?:article|paper|publication|review|study)"
_REMARK = (
    (
        "retracted",
        re.compile(
            r"\b(?:article|paper|publication|study) (?:has been|was) retracted|\bretracted (?:article|publication|paper)|retraction in\b",
            re.I,
        ),
    ),
    ("withdrawn", re.compile(rf"\b{_IT} (?:has been|was) withdrawn", re.I)),
    ("concern", re.compile(r"expression of concern in\b|expression of concern (?:has been|was) (?:issued|published)", re.I)),
    ("corrected", re.compile(r"\berratum (?:in|appears in)\b|\bcorrection (?:in|appears in)\b", re.I)),
)


def flags_of(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the records say has happened to the report: keys of FLAGS, the gravest first.

    A notice (a retraction, an erratum of another paper) is not itself flagged: it is what it is by its kind.
    """
    found = {flag for record in records for flag in _flags(record)}
    return [flag for flag in FLAGS if flag in found] if found else []


def _flags(record: Mapping[str, Any]) -> Iterable[str]:
    title, kind = record.get("title") or "", record.get("kind") or ""
    if _tells(title):
        yield from (flag for flag, pattern in _TITLE if pattern.search(title))
    if kind and _tells(kind):
        yield from (flag for flag, pattern in _TYPE if pattern.search(kind))
    for name, values in (record.get("extra") or {}).items():
        key = name.casefold()
        if key in _LINKS and any(values):
            yield _LINKS[key]
        elif key in _REMARKS:
            yield from _said(values)


def _tells(words: str) -> bool:
    """Whether a title or a type may say that something has happened: asked first of every record, because it is quick."""
    said = words.lower()
    return "retract" in said or "withdraw" in said or "remov" in said or "correct" in said or "erratum" in said


def _said(values: Sequence[str] | str) -> Iterable[str]:
    text = values if isinstance(values, str) else " ".join(map(str, values))
    return (flag for flag, pattern in _REMARK if pattern.search(text))

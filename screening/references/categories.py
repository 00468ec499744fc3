"""Types of publication and languages under one word each, however the databases write them. Pure."""

import re

# The codes of RIS, BibTeX, CSL and Web of Science, and the words of PubMed, Embase and Scopus, in small letters.
TYPES: dict[str, tuple[str, ...]] = {
    "Journal article": (
        "jour",
        "ejour",
        "article",
        "article-journal",
        "journal article",
        "j",
        "journal",
        "original article",
        "peer reviewed journal",
    ),
    "Review": ("review", "systematic review", "meta-analysis", "article; review", "review article"),
    "Conference paper": (
        "conf",
        "cpaper",
        "cp",
        "inproceedings",
        "conference",
        "conference paper",
        "paper-conference",
        "proceedings paper",
        "proceedings",
    ),
    "Conference abstract": ("abst", "conference abstract", "meeting abstract"),
    "Thesis": ("thes", "thesis", "phdthesis", "mastersthesis", "dissertation", "dissertation/thesis"),
    "Book": ("book", "ebook", "edbook", "b"),
    "Book chapter": ("chap", "echap", "chapter", "incollection", "inbook", "book chapter", "book section"),
    "Report": ("rprt", "report", "techreport", "technical report", "gov"),
    "Preprint": ("preprint", "unpb", "unpublished"),
    "Protocol or trial registration": ("trial registration", "clinical trial protocol", "trial registry record"),
    "News": ("news", "mgzn", "magazine article", "newspaper article"),
    "Web page": ("elec", "web", "blog", "webpage", "online"),
    "Letter or comment": ("letter", "comment", "editorial", "note"),
    "Other": ("gen", "generic", "misc", "other", "unknown"),
}
LANGUAGES: dict[str, tuple[str, ...]] = {
    "Arabic": ("ar", "ara"),
    "Chinese": ("zh", "chi", "zho"),
    "Danish": ("da", "dan"),
    "Dutch": ("nl", "dut", "nld", "dutch; flemish"),
    "English": ("en", "eng", "en-us", "en-gb"),
    "Finnish": ("fi", "fin"),
    "French": ("fr", "fre", "fra"),
    "German": ("de", "ger", "deu"),
    "Greek": ("el", "gre", "ell", "greek, modern"),
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
    "Spanish": ("es", "spa", "spanish; castilian"),
    "Swedish": ("sv", "swe"),
    "Turkish": ("tr", "tur"),
    "Ukrainian": ("uk", "ukr"),
}
NOT_GIVEN = "none"
LONGEST = 60


def _reversed(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    return {key: word for word, keys in table.items() for key in (word.lower(), *keys)}


_TYPES, _LANGUAGES = _reversed(TYPES), _reversed(LANGUAGES)


def type_word(kind: str) -> str:
    """The type a person would name; "none" where the records give none. What is not known keeps its own words."""
    return _word(kind, _TYPES)


def language_word(language: str) -> str:
    """The language in English; of several the first. "none" where the records give none."""
    return _word(language, _LANGUAGES)


def _word(given: str, table: dict[str, str]) -> str:
    bare = " ".join(given.split()).strip(" .;,").lower()
    if not bare:
        return NOT_GIVEN
    if bare in table:
        return table[bare]
    first = re.split(r"\s*[;|/,]\s*", bare)[0]
    word = table.get(first, " ".join(given.split()).strip(" .;,"))
    return (word[:1].upper() + word[1:])[:LONGEST]

"""A title as it is compared: what it says, its numbers, and the marks that make it another document.

"Erratum to: X", "X: a protocol" and "Reply to X" are documents of their own, however alike the titles are.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from .fold import plain, words

# Titles that many different papers share: alone they identify nothing.
GENERIC = frozenset(
    """
    abstract abstracts announcement announcements acknowledgement acknowledgements authorindex authorsreply authorreply bookreview
    bookreviews booksreceived calendar comment comments commentary conclusion conclusions congressabstracts contents correction
    corrections correctionto corrigendum corrigenda correspondence discussion editorial editorials editorialboard editorscomment
    editorschoice editorsnote erratum errata foreword frontmatter backmatter fromtheeditor guesteditorial highlights inmemoriam
    inbrief inreply inresponse index introduction invitedcommentary issueinformation issuehighlights journalclub keynote letter
    letters lettertoeditor letterstoeditor masthead meetingabstracts minutes news newsandnotes newsandviews notice notitle
    obituary oralabstracts oralpresentations overview posterabstracts posterpresentations posters posterabstract preface prologue
    programme program publisherscorrection publishercorrection authorcorrection reply replytoletter response responsetoletter
    retraction retractionnotice review reviews scientificabstracts subjectindex summary supplement symposium tableofcontents
    titlepage unknown untitled welcome withdrawn notavailable titlenotavailable expressionofconcern
    """.split()  # noqa: SIM905 (a list of words reads better so)
)
FEWEST_LETTERS = 14
MOST_WORDS = 65536
NONE: frozenset[str] = frozenset()

_LANGUAGES = "|".join(
    """
    afrikaans arabic bulgarian catalan chinese croatian czech danish dutch english estonian finnish flemish french german greek
    hebrew hungarian icelandic indonesian italian japanese korean lithuanian mandarin norwegian persian polish portuguese romanian
    russian serbian serbocroatian slovak slovene slovenian spanish swedish thai turkish ukrainian vietnamese
    """.split()  # noqa: SIM905 (a list of words reads better so)
)
_NOTE = re.compile(
    rf"\s*[\[(]\s*(?:(?:article |text |original |paper )?(?:in )?(?:{_LANGUAGES})(?:[ ,;/and-]+(?:{_LANGUAGES}))*"
    r"|(?:structured |provisional |conference |meeting |poster |oral )?abstracts?(?: only| no\.? ?\w+)?|poster|oral presentation"
    r"|see comments?|comments?|letter|editorial|review|corrected|author's transl|proceeding|conference paper|reprint"
    r"|\d+ ref(?:erence)?s?\.?|(?:published )?errat(?:um|a) (?:appears?|published|in)\b[^\])]*|republished [^\])]*"
    r"|comment in[^\])]*|retraction in[^\])]*|summary for patients in[^\])]*)\s*[\])]\s*\.?\s*$"
)
_SPLIT_BRACKET = re.compile(r"^(.{15,}?)\s*\[(.{15,})\]\W*$|^\[(.{15,})\]\W+(.{15,})$")

# How journals head a notice in the languages they are printed in, as `plain` leaves it. The second are words that begin other
# titles too ("Correccion de la miopia"): a colon, a bracket or what the notice is to has to follow.
_ERRATUM = (
    "errata corrige|erratas?|erratum|corrigend(?:um|a)|korrigend(?:um|a)|addend(?:um|a)|fe de? ?err[a-z]+|berichtigung(?:en)?"
    "|rectificati(?:f|e)|rattelser?|rettelser?|sprostowanie|更正|勘误|勘誤|订正|訂正|正誤表|исправлени[ея]|поправк[аи]"
)
_CORRECTION = (
    "correccion(?:es)?|correc?cao|correc?coes|correzion[ei]|correctie|korrek(?:tur|tion)(?:en)?|rectificacion|retificacao|rettifica"
)
_RETRACTION = "retraction|retracta[ct]ion|retractacion|retratacao|ritrattazione|zuruckziehung"
_PROTOCOL = "(?:study |trial |review |studien)?(?:protocol(?:e|o|lo)?|protokoll)"
_TO = "to|for|in|on|of|zu|zum|zur|a|al|ao|au|aux|de|del|della|des|du|do|till|til|к"
_TO = rf"(?:\s*(?:{_TO})\b)?(?:\s*l?(?:article|articulo|artikel|artigo|articolo)\b)?"

# (mark, pattern to find it in the plain title, whether what was found is taken out before the rest is compared)
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("correction", re.compile(
        rf"^\W*(?:{_ERRATUM}|(?:(?:author|publisher)'?s? )?corrections?(?= to\b|\s*[:\[(.]|$)"
        rf"|(?:{_CORRECTION})(?=\s*(?:[:\[(.]|$|(?:zu[mr]?|a[lo]?|au)\b))){_TO}[\s:.,-]*"
        rf"|[\s:;,.(\[-]+(?:{_ERRATUM}|{_CORRECTION}|correction)[\s\])]*\.?$"
        r"|\s*\((?:vol|v)\.? ?\d+,? (?:pg?|page|art)[^)]*\)\W*$")),
    ("retraction", re.compile(
        rf"^\W*(?:notice of retraction|(?:{_RETRACTION})(?: notice| note| statement)?|expression of concern|removal notice)"
        rf"{_TO}[\s:.,-]+")),
    ("withdrawn", re.compile(r"^\W*withdrawn\W*[:.\])]\s*|[\s(\[:]+withdrawn[\s\])]*\.?$")),
    ("retracted", re.compile(r"^\W*retracted(?: article| paper)?\W*[:.\])]\s*|[\s(\[:]+retracted(?: article)?[\s\])]*\.?$")),
    ("comment", re.compile(
        r"^\W*(?:(?:(?:author'?s?'?|editor'?s?'?|in) )?(?:reply|response|rejoinder)(?: by (?:the )?authors?)?(?=\s*(?:to\b|[:.]))"
        r"|(?:invited |editorial )?comment(?:ary|s)?(?=\s*(?:to\b|on\b|[:.]))|re(?=\s*:)|letter(?= (?:to|on|regarding|re)\b|\s*:)"
        r"|(?:a )?(?:discussion|critique) (?=on\b|of\b)|letter to the editor|correspondence(?= on\b|\s*:)"
        r"|editorial(?=\s*[:.])|book review(?=\s*[:.])|some (?:thoughts|comments) (?=on\b))"
        r"(?:\s*(?:to|on|regarding|re|of)\b)?[\s:.,-]+(?:the )?"
        r"|[\s:;,.(\[-]+(?:author'?s?'? |a )?(?:reply|response|rejoinder|comment(?:ary)?)[\s\])]*\.?$")),
    ("supplement", re.compile(
        r"^\W*(?:(?:\w{2}-\w{2,5}-\d+-[^ ]+ \W )?(?:supplement(?:al|ary) (?:material|information|data|files?)|data(?: set)?|dataset"
        r"|additional file) (?:for|from|to|of)\b|supplement(?:al|ary) (?:material|information|data)\s*:)[\s:.,-]*")),
    ("update", re.compile(
        r"^\W*(?:an )?updat(?:e|ing)(?: of| to|:)(?: (?:a|an|the)\b)?|[\s:;,.(\[-]+(?:an |a )?(?:\d{4} )?update(?: \d{4})?[\s\])]*\.?$")),
    ("protocol", re.compile(
        rf"(?:(?:a |the |un |el |le |das )?{_PROTOCOL} (?:for|of|to|de|del|dun|dune|di|fur|zu|einer)(?: (?:an?|the|una?|une|la))?\b"
        rf"|[\s:;,.(\[-]+(?:a |the )?{_PROTOCOL}\b|^\W*{_PROTOCOL}\b"
        r"|[\s:;,.(\[-]*(?:the )?(?:rationale and (?:study )?design|design and rationale)(?: (?:of|for)(?: (?:a|an|the))?\b)?)")),
)  # fmt: skip
# Without one of these in it, a title has no mark: asked first, because it is quick. Each word is asked once for all titles.
_MARKING = ("errat", "corrig", "addend", "correction", "pg", "page", "retract", "concern", "removal", "withdrawn", "reply", "respon",
            "rejoinder", "comment", "letter", "discussion", "critique", "correspond", "editorial", "thoughts", "update", "updating",
            "protocol", "rationale", "supplement", "data", "korrig", "errores", "errades", "berichtig", "rectific", "rattels", "rettels",
            "sprostow", "更正", "勘误", "勘誤", "订正", "訂正", "正誤表", "исправлени", "поправк", "correcci", "correctie", "correcao",
            "correccao", "correco", "correzion", "korrektur", "korrektion", "rettific", "retific", "retratac", "ritrattaz", "zuruckz",
            "protokoll")  # fmt: skip
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}
_COUNTED = {"one": "1", "two": "2", "three": "3", "four": "4", "first": "1", "second": "2", "third": "3", "fourth": "4"}
_NUMBERING = frozenset(_ROMAN) | frozenset(_COUNTED)
_THOUSANDS = re.compile(r"\b(\d{1,3})[ ,](?=\d{3}\b)")
_DIGITS = re.compile(r"\d+")
_STOP = frozenset(
    """
    a an the of in on for and or to with by from at as is are its their de la le der die das und el los las et en du des
    """.split()  # noqa: SIM905 (a list of words reads better so)
)


@dataclass(slots=True)
class Title:
    """`same`: equal for titles that say the same. `line`: its words with spaces, for likeness. `numbers`: in any spelling."""

    same: str
    line: str
    numbers: frozenset[str]
    marks: frozenset[str]
    generic: bool
    other: str = ""  # the same title in another language, where the record gives both
    cut: bool = False  # ends in an ellipsis


NO_TITLE = Title("", "", frozenset(), frozenset(), True)


def read_title(text: str, kind: str = "") -> Title:
    """What a title says, in the shape in which it is compared; `kind` as the database names the type of publication."""
    text = plain(text).strip()
    if not text:
        return NO_TITLE
    text = _without_notes(text)
    if _DIGITS.search(text):
        text = _THOUSANDS.sub(r"\1", text)
    both = _SPLIT_BRACKET.match(text) if "[" in text else None
    other = ""
    if both:
        text, other = (both[1], both[2]) if both[1] else (both[3], both[4])
    tokens, marks = tuple(words(text)), NONE
    if any(map(_MAY_MARK, tokens)) or _may_mark(text):
        rest, marks = _marked(text.rstrip(" ."))
        tokens = tuple(words(rest)) or tokens
    if kind:
        marks |= _marks_of(kind.lower())
    squeezed = "".join(tokens)
    same = "".join(map(_COMPARED, tokens)) or squeezed
    generic = squeezed in GENERIC or same in GENERIC or (len(squeezed) < FEWEST_LETTERS and squeezed.isascii()) or len(squeezed) < 5
    return Title(
        same,
        " ".join(tokens),
        _numbers(tokens, squeezed),
        marks,
        generic,
        "".join(map(_COMPARED, words(other))),
        text.endswith(("...", "…")),
    )


def _without_notes(text: str) -> str:
    if text[-1] in "])." and ("[" in text or "(" in text):
        while (shorter := _NOTE.sub("", text)) != text and shorter:
            text = shorter
    return text


def _may_mark(text: str) -> bool:
    """What may belong to a mark but is more than a word."""
    return "re:" in text or "re :" in text or ", art" in text or "book review" in text or "additional file" in text


def _marked(text: str) -> tuple[str, frozenset[str]]:
    found = set()
    for mark, pattern in _MARKS:
        if pattern.search(text):
            rest = pattern.sub(" ", text)
            found.add(mark)
            if words(rest):
                text = rest
    return text, frozenset(found)


@lru_cache(maxsize=4096)
def _marks_of(kind: str) -> frozenset[str]:
    """A database may say in the type alone that a record is an erratum, under the title of what it corrects."""
    found = {"correction"} if "erratum" in kind or "corrigendum" in kind or kind == "correction" else set()
    return frozenset(found | ({"retraction"} if "retraction of" in kind or "retraction notice" in kind else set()))


def _numbers(tokens: tuple[str, ...], squeezed: str) -> frozenset[str]:
    if squeezed.isalpha() and _NUMBERING.isdisjoint(tokens):
        return frozenset()  # as most
    found: list[str] = []
    for place, word in enumerate(tokens):
        if word.isalpha():
            if word in _ROMAN and (word != "i" or (place and tokens[place - 1] in ("part", "phase", "type", "stage", "study", "section"))):
                found.append(_ROMAN[word])
            elif word in _COUNTED and place and tokens[place - 1] in ("part", "phase", "study", "section", "report"):
                found.append(_COUNTED[word])
        else:
            found += [digits.lstrip("0") or "0" for digits in _DIGITS.findall(word)]
    return frozenset(found)


class _MayMark(dict[str, bool]):
    """Whether a word may belong to a mark. Kept as `_Compared` are."""

    def __missing__(self, word: str) -> bool:
        said = any(part in word for part in _MARKING)
        if len(self) < MOST_WORDS:
            self[word] = said
        return said


class _Compared(dict[str, str]):
    """Words as they are compared: nothing for a little one. Kept for as many as a large project has."""

    def __missing__(self, word: str) -> str:
        said = "" if word in _STOP else _spelling(word)
        if len(self) < MOST_WORDS:
            self[word] = said
        return said


def compared(line: str) -> list[str]:
    """The words of a title's line as they are compared, without the little ones."""
    return [word for word in map(_COMPARED, line.split()) if word]


def _spelling(word: str) -> str:
    """One spelling for British and American English, and for singular and plural."""
    if len(word) < 5:
        return word
    word = word.replace("ae", "e").replace("oe", "e").replace("our", "or").replace("ys", "yz").replace("is", "iz")
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_COMPARED, _MAY_MARK = _Compared().__getitem__, _MayMark().__getitem__

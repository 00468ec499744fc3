"""Rules of the voices that need no database."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from html import escape
from typing import Any
from uuid import UUID, uuid5

LONGEST = 5000
LONGEST_PLACE = 80
MOST_MENTIONS = 20
ANSWER_DAYS = 14
# So many letters in a row are not there by chance.
REPEATED = 40
# Nor so many words in quotation marks.
QUOTED_WORDS = 3
WITHDRAWN = "[withdrawn]"
# These turn the direction of what follows them, and can make words read as others.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_words(words: str) -> str:
    """What a person wrote: one form of each letter, line breaks kept, no control characters and none that turn the line round."""
    text = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(
        letter for letter in text if letter in "\n\t" or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _TURNING)
    )
    return kept.strip()


def clean_line(words: str, longest: int = LONGEST_PLACE) -> str:
    """The same for what stands on one line."""
    return " ".join(clean_words(words).split())[:longest]


def wants_answer(*, kind: str, of_working_group: bool) -> bool:
    """Whether a coordinator owes an answer: to the working group always, to anybody's question or concern."""
    return of_working_group or kind in ("question", "concern")


# Whom a voice is for -----------------------------------------------------------------------------------


def may_be_quoted(audience: str) -> bool:
    """Whether the words of a voice may stand in anything that leaves the project: reports, exports, tables."""
    return audience == "everyone"


def is_for(audience: str, *, roles: Iterable[str], own: bool) -> bool:
    """Whether a member with these roles reads a voice: what is for the team only, observers do not, save their own."""
    return audience != "team" or own or not set(roles) <= {"observer"}


# Naming somebody ---------------------------------------------------------------------------------------

_NAMED = re.compile(r"@\{([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}")


def name_members(words: str, members: Mapping[UUID, str]) -> tuple[str, list[UUID]]:
    """The words with each @Name as a mark of who is meant, and who was named, in their order.

    The name is kept nowhere: whoever is named later under another one is shown under that. A name that several members
    share names nobody, for it cannot be told whom.
    """
    by_name: dict[str, list[UUID]] = {}
    for pk, name in members.items():
        by_name.setdefault(name.casefold(), []).append(pk)
    only = {name: pks[0] for name, pks in by_name.items() if len(pks) == 1 and name}
    if not only:
        return words, []
    names = "|".join(re.escape(name) for name in sorted(only, key=lambda name: (-len(name), name)))
    found: dict[UUID, None] = {}

    def mark(match: re.Match[str]) -> str:
        pk = only.get(match.group(1).casefold())
        if pk is None or (pk not in found and len(found) >= MOST_MENTIONS):
            return match.group(0)
        found[pk] = None
        return f"@{{{pk}}}"

    marked = re.sub(rf"(?<![\w@])@({names})(?!\w)", mark, words, flags=re.IGNORECASE)
    return marked, list(found)


def named_in(words: str) -> list[UUID]:
    """Whom marks in the words mean."""
    return [UUID(found) for found in dict.fromkeys(_NAMED.findall(words))]


def with_names(words: str, names: Mapping[UUID, str]) -> str:
    """The words with each mark as the name its member has now."""
    return _NAMED.sub(lambda match: f"@{names.get(UUID(match.group(1)), 'somebody')}", words)


def with_names_in_html(html: str, names: Mapping[UUID, str]) -> str:
    """The same in HTML that was made of the words."""
    return _NAMED.sub(lambda match: f'<b class="named">@{escape(names.get(UUID(match.group(1)), "somebody"))}</b>', html)


# Words that are taken back ------------------------------------------------------------------------------


def _runs(text: str) -> set[str]:
    flat = " ".join(text.split()).casefold()
    return {flat[start : start + REPEATED] for start in range(max(0, len(flat) - REPEATED + 1))}


def repeats(words: str, of: str) -> bool:
    """Whether the words repeat a passage of others letter by letter."""
    return repeating(of)(words)


def repeating(of: str) -> Callable[[str], bool]:
    """`repeats` of these words, for asking it of many."""
    runs = _runs(of)
    return lambda words: not _runs(words).isdisjoint(runs)


def without_passages(words: str, withdrawn: str) -> str:
    """The words without what they repeat of withdrawn ones; the same words where they repeat nothing.

    Whole lines that stand in the withdrawn words go too, however short, where they are marked as a quotation (>), and
    three words or more of them in quotation marks.
    """
    runs, flat = _runs(withdrawn), " ".join(withdrawn.split()).casefold()
    kept = []
    for line in words.split("\n"):
        quoted = line.lstrip()
        said = " ".join(quoted.lstrip("> ").split()).casefold()
        if quoted.startswith(">") and len(said) > 3 and said in flat:
            kept.append(f"> {WITHDRAWN}")
        else:
            kept.append(_without_quotations(_without_runs(line, runs), flat))
    return "\n".join(kept)


_QUOTED = re.compile(r"“([^”]+)”|«([^»]+)»|„([^“”]+)[“”]|\"([^\"]+)\"")


def _without_quotations(line: str, withdrawn: str) -> str:
    def kept(match: re.Match[str]) -> str:
        said = " ".join(match.group(match.lastindex or 1).split()).casefold().strip(" .,;:…")
        gone = len(said.split()) >= QUOTED_WORDS and said in withdrawn
        return f"{match.group()[0]}{WITHDRAWN}{match.group()[-1]}" if gone else match.group()

    return _QUOTED.sub(kept, line)


def _without_runs(line: str, runs: set[str]) -> str:
    # Positions of the line's letters, blanks counted once, so that a passage is found however it was broken.
    letters = [n for n, letter in enumerate(line) if not letter.isspace() or (n and not line[n - 1].isspace())]
    flat = "".join(" " if line[n].isspace() else line[n] for n in letters).casefold()
    if len(flat) != len(letters):
        return WITHDRAWN if any(run in flat for run in runs) else line
    gone: set[int] = set()
    for start in range(max(0, len(flat) - REPEATED + 1)):
        if flat[start : start + REPEATED] in runs:
            gone.update(range(letters[start], letters[start + REPEATED - 1] + 1))
    if not gone:
        return line
    out, inside = [], False
    for n, letter in enumerate(line):
        if n in gone and not inside:
            out.append(WITHDRAWN)
        elif n not in gone:
            out.append(letter)
        inside = n in gone
    return "".join(out)


# Answers that are owed ----------------------------------------------------------------------------------


def owed_by(spoken_at: datetime, days: int) -> datetime:
    """When an answer is owed at the latest."""
    return spoken_at + timedelta(days=days)


def days_between(start: datetime, end: datetime) -> int:
    return max(0, (end - start).days)


def middle(values: Iterable[Any]) -> Any | None:
    """The lower median, or None of nothing: a number of days that really was."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def id_of_key(project_id: UUID, key: str) -> UUID:
    """An id for what has a name alone, the same for the same name in one project."""
    return uuid5(project_id, key)

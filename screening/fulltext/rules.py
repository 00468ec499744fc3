"""Rules about full texts that need no database."""

from collections.abc import Sequence
from dataclasses import dataclass


def review_label(authors: Sequence[str], year: int | None, title: str) -> str:
    """What a review is called in tables: "Family and Family, year", "Family et al., year", or its title.

    At most 120 characters.
    """
    families = [author.split(",")[0].strip() for author in authors if author.strip()]
    if not families:
        name = title[:80].strip() or "Untitled review"
    elif len(families) == 1:
        name = families[0]
    elif len(families) == 2:
        name = f"{families[0]} and {families[1]}"
    else:
        name = f"{families[0]} et al."
    return f"{name}, {year}"[:120] if year else name[:120]


def attempt_words(way: str, tried_on: str, detail: str, link: str) -> str:
    """An attempt to obtain a full text in one line, without what is not known; with a note alone it is the note.

    `tried_on` as it is said: "on 3 May 2026".
    """
    how = ", ".join(part for part in (way, tried_on) if part)
    return " ".join(part for part in (f"{how}." if how and (detail or link) else how, detail, link) if part)


@dataclass(frozen=True)
class Attempt:
    """One attempt to obtain a full text, on the report its record stood behind then."""

    seq: int
    report: str
    status: str


def retrieval_in_force(attempts: Sequence[Attempt], report: str, joined: int) -> str:
    """Whether a report's full text is sought, retrieved or not retrieved, from the attempts on the records behind it.

    The latest attempt on the whole holds: one made on this report after the last record came to it (`joined`, a seq).
    Where there is none, the latest of each report the records came from is looked at: one that was obtained is enough.
    Without any attempt it is sought.
    """
    of_whole = [one for one in attempts if one.report == report and one.seq > joined]
    if of_whole:
        return max(of_whole, key=lambda one: one.seq).status
    latest: dict[str, Attempt] = {}
    for one in sorted(attempts, key=lambda one: one.seq):
        latest.pop(one.report, None)
        latest[one.report] = one
    if any(one.status == "retrieved" for one in latest.values()):
        return "retrieved"
    return list(latest.values())[-1].status if latest else "sought"

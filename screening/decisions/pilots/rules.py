"""Which reports a pilot round has, and who has something left to do in it. Pure."""

import random
from collections.abc import Collection, Iterable, Mapping, Sequence

LARGEST = 500


def chosen(candidates: Iterable[str], size: int, seed: int) -> list[str]:
    """So many of the candidates (ids) at random. The same seed gives the same of the same candidates, in whatever order."""
    ordered = sorted(candidates)
    return sorted(random.Random(seed).sample(ordered, min(size, len(ordered))))  # noqa: S311 (a sample, no secret)


def left_to(member: str, reports: Sequence[str], decided: Mapping[str, Collection[str]], barred: Mapping[str, Collection[str]]) -> int:
    """On how many reports of a round this member has not decided and could: report -> who has decided, and who cannot."""
    return sum(member not in decided.get(report, ()) and member not in barred.get(report, ()) for report in reports)


def differ(answers: Iterable[str], marks: Iterable[frozenset[str]]) -> bool:
    """Whether there is something to talk over: not all let the report go on alike, or they marked other criteria."""
    folded = {"include" if answer == "maybe" else answer for answer in answers}
    return len(folded) > 1 or len(set(marks)) > 1

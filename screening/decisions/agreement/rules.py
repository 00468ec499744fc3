"""Agreement between raters. Pure; docs/rules/agreement.md says it in prose.

Point estimates are fractions, exact until they are shown. What has no value is undefined, with the reason in words: never
0, 1 or NaN. Sources: Cohen 1960 (kappa); Fleiss, Cohen and Everitt 1969 (its large-sample standard error, as statsmodels
gives it); Byrt, Bishop and Carlin 1993 (PABAK, prevalence and bias index); Brennan and Prediger 1981; Gwet 2008 (AC1);
Cicchetti and Feinstein 1990 (p_pos, p_neg); Krippendorff 2004 (alpha, nominal).
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

Z_95 = NormalDist().inv_cdf(0.975)

NOBODY = "No report was rated by both."
TWO_ONLY = "This figure exists for two possible answers only; here there are {}."
NEVER_POSITIVE = "Neither gave the first answer to any report."
NEVER_NEGATIVE = "Neither gave the second answer to any report."
CHANCE_IS_ALL = "All ratings are one and the same answer, so chance alone would make them agree: there is nothing to compare with."
ONE_CATEGORY = "With one possible answer nobody can disagree."


@dataclass(frozen=True)
class Measure:
    """A figure, or why there is none. `of`: the counts a share is made of, as (part, whole)."""

    value: Fraction | None
    why: str = ""
    of: tuple[int, int] | None = None

    @property
    def defined(self) -> bool:
        return self.value is not None


def undefined(why: str) -> Measure:
    return Measure(None, why)


@dataclass(frozen=True)
class Interval:
    """A 95% confidence interval, clipped to [-1, 1], with the standard error it was made from."""

    low: float | None
    high: float | None
    standard_error: float | None
    why: str = ""


@dataclass(frozen=True)
class Agreement:
    """Two raters on the same reports. `table[i][j]`: reports the first called category i and the second category j.

    `prevalence`, `bias`, `positive` and `negative` exist for two categories only, of which the first is the positive one.
    """

    categories: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    n: int
    observed: Measure
    kappa: Measure
    interval: Interval
    pabak: Measure
    ac1: Measure
    alpha: Measure
    prevalence: Measure
    bias: Measure
    positive: Measure
    negative: Measure


def tabulate(pairs: Mapping[tuple[str, str], int], categories: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """The table of two raters' answers, from how often each two were given. Raises ValueError for an answer that is no category."""
    place = {category: n for n, category in enumerate(categories)}
    rows = [[0] * len(categories) for _ in categories]
    for (one, other), n in pairs.items():
        if one not in place or other not in place:
            raise ValueError(f"“{one if one not in place else other}” is not one of the answers {', '.join(categories)}.")
        rows[place[one]][place[other]] += n
    return tuple(tuple(row) for row in rows)


def agreement(table: Sequence[Sequence[int]], categories: Sequence[str]) -> Agreement:
    """Every figure of a square table of counts. `categories` is the full set of answers, whether used or not.

    Raises ValueError where the table is not as wide and high as there are categories, or has a negative count.
    """
    q, rows = len(categories), tuple(tuple(row) for row in table)
    if len(rows) != q or any(len(row) != q for row in rows):
        raise ValueError("The table needs one row and one column for each answer.")
    if any(count < 0 for row in rows for count in row):
        raise ValueError("A count cannot be negative.")
    n, agreed = sum(map(sum, rows)), sum(rows[k][k] for k in range(q))
    observed = Measure(Fraction(agreed, n), of=(agreed, n)) if n else undefined(NOBODY)
    kappa = _kappa(rows, n)
    return Agreement(
        categories=tuple(categories),
        table=rows,
        n=n,
        observed=observed,
        kappa=kappa,
        interval=interval_of_kappa(rows, kappa),
        pabak=_beyond(observed.value, Fraction(1, q) if q > 1 else None),
        ac1=_ac1(rows, n),
        alpha=_alpha(rows, n),
        **_of_two(rows, n),
    )


def _margins(rows: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    return [sum(row) for row in rows], [sum(column) for column in zip(*rows, strict=True)]


def _beyond(observed: Fraction | None, expected: Fraction | None) -> Measure:
    """Agreement beyond what was expected, of what there could be: (p_o - p_e) / (1 - p_e)."""
    if observed is None:
        return undefined(NOBODY)
    if expected is None:
        return undefined(ONE_CATEGORY)
    if expected == 1:
        return undefined(CHANCE_IS_ALL)
    return Measure((observed - expected) / (1 - expected))


def _kappa(rows: Sequence[Sequence[int]], n: int) -> Measure:
    if not n:
        return undefined(NOBODY)
    firsts, seconds = _margins(rows)
    expected = Fraction(sum(one * other for one, other in zip(firsts, seconds, strict=True)), n * n)
    return _beyond(Fraction(sum(rows[k][k] for k in range(len(rows))), n), expected)


def _ac1(rows: Sequence[Sequence[int]], n: int) -> Measure:
    """Gwet's AC1: chance agreement from the mean of both margins, p_e = sum pi (1 - pi) / (q - 1)."""
    if not n:
        return undefined(NOBODY)
    if len(rows) < 2:
        return undefined(ONE_CATEGORY)
    shares = [Fraction(one + other, 2 * n) for one, other in zip(*_margins(rows), strict=True)]
    expected = sum(share * (1 - share) for share in shares) / (len(rows) - 1)
    return _beyond(Fraction(sum(rows[k][k] for k in range(len(rows))), n), expected)


def _alpha(rows: Sequence[Sequence[int]], n: int) -> Measure:
    """Krippendorff's alpha for two raters without gaps: 1 - (2n - 1) D_o / D_e in the coincidence matrix."""
    if not n:
        return undefined(NOBODY)
    values = [one + other for one, other in zip(*_margins(rows), strict=True)]
    expected = (2 * n) ** 2 - sum(value * value for value in values)
    if not expected:
        return undefined(CHANCE_IS_ALL)
    differing = 2 * (n - sum(rows[k][k] for k in range(len(rows))))
    return Measure(1 - Fraction((2 * n - 1) * differing, expected))


def _of_two(rows: Sequence[Sequence[int]], n: int) -> dict[str, Measure]:
    names = ("prevalence", "bias", "positive", "negative")
    if len(rows) != 2:
        return dict.fromkeys(names, undefined(TWO_ONLY.format(len(rows))))
    if not n:
        return dict.fromkeys(names, undefined(NOBODY))
    (a, b), (c, d) = rows
    return {
        "prevalence": Measure(Fraction(abs(a - d), n), of=(abs(a - d), n)),
        "bias": Measure(Fraction(abs(b - c), n), of=(abs(b - c), n)),
        "positive": _specific(a, b + c, NEVER_POSITIVE),
        "negative": _specific(d, b + c, NEVER_NEGATIVE),
    }


def _specific(agreed: int, differing: int, why: str) -> Measure:
    """Of all the answers of this kind that either gave, the share the other gave too: 2a / (2a + b + c)."""
    given = 2 * agreed + differing
    return Measure(Fraction(2 * agreed, given), of=(2 * agreed, given)) if given else undefined(why)


def interval_of_kappa(rows: Sequence[Sequence[int]], kappa: Measure) -> Interval:
    """Kappa's large-sample interval (Fleiss, Cohen and Everitt 1969), normal, clipped to [-1, 1]."""
    if kappa.value is None:
        return Interval(None, None, None, kappa.why)
    n, q = sum(map(sum, rows)), len(rows)
    first, second = ([Fraction(count, n) for count in margin] for margin in _margins(rows))
    expected = sum(first[k] * second[k] for k in range(q))
    away = 1 - kappa.value
    same = sum(Fraction(rows[k][k], n) * (1 - (first[k] + second[k]) * away) ** 2 for k in range(q))
    other = sum(Fraction(rows[i][j], n) * (second[i] + first[j]) ** 2 for i in range(q) for j in range(q) if i != j)
    variance = (same + away**2 * other - (kappa.value - expected * away) ** 2) / ((1 - expected) ** 2 * n)
    error = sqrt(max(variance, 0))
    point = float(kappa.value)
    return Interval(max(-1.0, point - Z_95 * error), min(1.0, point + Z_95 * error), error)


@dataclass(frozen=True)
class Together:
    """Any number of raters on reports that not all of them rated. `n`: reports with two ratings or more; `raters`: who rated any.

    `fleiss` (Fleiss 1971) and `conger` (Conger 1980) are the two ways of carrying kappa to more than two raters: Conger's
    keeps each rater's own habits apart and is Cohen's for two.
    """

    categories: tuple[str, ...]
    raters: int
    n: int
    observed: Measure
    fleiss: Measure
    conger: Measure
    pabak: Measure
    ac1: Measure
    alpha: Measure


NO_TWO = "No report was rated by two or more."


def together(ratings: Sequence[Mapping[Hashable, str]], categories: Sequence[str], times: Sequence[int] | None = None) -> Together:
    """All raters at once. `ratings`: for each report, rater -> answer; who did not rate it is left out.

    `times`: how many reports were rated exactly so, where several are given as one. Raises ValueError for an answer that is
    no category.
    """
    place, q = {category: k for k, category in enumerate(categories)}, len(categories)
    given: dict[Hashable, list[int]] = {}
    counts: Counter[tuple[int, ...]] = Counter()
    for rated, n in zip(ratings, times or [1] * len(ratings), strict=True):
        row = [0] * q
        for rater, answer in rated.items():
            if answer not in place:
                raise ValueError(f"“{answer}” is not one of the answers {', '.join(categories)}.")
            row[place[answer]] += 1
            given.setdefault(rater, [0] * q)[place[answer]] += n
        if rated:
            counts[tuple(row)] += n
    # Reports are rated in few ways: each way is reckoned once, however many reports there are.
    shared = {row: n for row, n in counts.items() if sum(row) > 1}
    observed = _pairwise(shared)
    all_rated = sum(counts.values())
    uses = [sum(Fraction(row[k] * n, sum(row)) for row, n in counts.items()) / all_rated for k in range(q)] if counts else []
    expected = {
        "fleiss": sum(use * use for use in uses),
        "conger": _conger(list(given.values())),
        "pabak": Fraction(1, q) if q > 1 else None,
        "ac1": sum(use * (1 - use) for use in uses) / (q - 1) if q > 1 else None,
    }
    if observed.value is None:
        figures = dict.fromkeys(expected, undefined(NO_TWO))
    else:
        figures = {name: _beyond(observed.value, chance) for name, chance in expected.items()}
    return Together(tuple(categories), len(given), sum(shared.values()), observed, alpha=_alpha_of(shared), **figures)


Ways = Mapping[tuple[int, ...], int]
"""How many raters gave each answer to a report -> how many reports were rated so."""


def _pairwise(shared: Ways) -> Measure:
    """The mean, over reports, of the share of pairs of raters who agree."""
    if not shared:
        return undefined(NO_TWO)
    n = sum(shared.values())
    shares = {row: Fraction(sum(count * (count - 1) for count in row), sum(row) * (sum(row) - 1)) for row in shared}
    alike = sum(times for row, times in shared.items() if shares[row] == 1)
    return Measure(sum(shares[row] * times for row, times in shared.items()) / n, of=(alike, n))


def _conger(given: Sequence[Sequence[int]]) -> Fraction | None:
    """Conger's chance agreement, from each rater's own margin: sum of mean squared, less the variance among raters over r."""
    r = len(given)
    if r < 2:
        return None
    total = Fraction(0)
    for k in range(len(given[0])):
        shares = [Fraction(answers[k], sum(answers)) for answers in given]
        mean = sum(shares) / r
        spread = sum((share - mean) ** 2 for share in shares) / (r - 1)
        total += mean**2 - spread / r
    return total


def _alpha_of(shared: Ways) -> Measure:
    """Krippendorff's alpha, nominal: each report weighs in with its ratings over (ratings - 1)."""
    if not shared:
        return undefined(NO_TWO)
    values = [sum(count * n for count, n in zip(column, shared.values(), strict=True)) for column in zip(*shared, strict=True)]
    total = sum(values)
    expected = Fraction(total * total - sum(value * value for value in values), total - 1)
    if not expected:
        return undefined(CHANCE_IS_ALL)
    differing = sum(n * Fraction(sum(row) ** 2 - sum(count * count for count in row), sum(row) - 1) for row, n in shared.items())
    return Measure(1 - differing / expected)

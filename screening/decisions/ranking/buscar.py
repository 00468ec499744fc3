"""BUSCAR: a test of whether a target recall has been reached. Pure.

Callaghan and Müller-Hansen 2020 (Systematic Reviews 9:273). For each tail of the i titles screened last, with r relevant
ones among them, suppose that recall is still below the target tau. Then at least K = floor(R/tau + 1 - (R - r)) relevant
titles were among the M = N - (n - i) that had not been screened before the tail; were the tail drawn from these at
random, the chance of r or fewer is P(Hypergeometric(M, K, i) <= r). Ranking makes it smaller still, so the test errs on the
safe side. The smallest of these chances is the evidence.
"""

from collections.abc import Sequence
from math import exp, floor, lgamma


def _chance_of_fewer(r: int, population: int, relevant: int, drawn: int, log: Sequence[float]) -> float:
    """P(X <= r), X hypergeometric. Summed from whichever end has fewer terms. `log`: the logarithms of factorials."""
    lowest, highest = max(0, drawn - (population - relevant)), min(drawn, relevant)
    if r >= highest:
        return 1.0
    if r < lowest:
        return 0.0
    whole = log[population] - log[drawn] - log[population - drawn]
    fixed = log[relevant] + log[population - relevant] - whole

    def chance(x: int) -> float:
        y = drawn - x
        return exp(fixed - log[x] - log[relevant - x] - log[y] - log[population - relevant - y])

    if r - lowest <= highest - r:
        return min(1.0, sum(chance(x) for x in range(lowest, r + 1)))
    return max(0.0, 1.0 - sum(chance(x) for x in range(r + 1, highest + 1)))


def p_of_recall_missed(labels: Sequence[int], total: int, recall: float, begins: int = 0) -> float:
    """The smallest chance over all tails that begin at `begins` or later; 1 where there is no tail.

    `labels`: 1 or 0 in the order of screening; `total`: all titles, `labels` among them; `recall`: the target, up to 1.
    For one number of relevant titles the longest tail that holds so many gives the smallest chance, so only the tails
    that end before a relevant title are computed.
    """
    n, relevant = len(labels), sum(labels)
    if total < n:
        raise ValueError(f"There cannot be {total} titles when {n} were screened.")
    log = [lgamma(k + 1) for k in range(total + 1)]
    best, r = 1.0, 0
    for i in range(1, n - begins + 1):
        r += labels[n - i]
        if i < n - begins and not labels[n - i - 1]:
            continue
        population = total - (n - i)
        among = floor(relevant / recall + 1 - (relevant - r))
        best = min(best, _chance_of_fewer(r, population, min(among, population), i, log))
    return best

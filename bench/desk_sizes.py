"""One decision and the next report through HTTP, among 1,000 reports and among 100,000, on one server in turn.

Both projects lie in one database with one gunicorn worker; the reviewer of each decides in blocks, so that other load
falls on both alike. What is told apart: the next one (what the desk asks for with each decision) and the next 20.

Target: no slower among 100,000 than among 1,000 by more than 1.5 times, at the median and at the 95th percentile.
Run: python -m config.dev with-servers python -m bench.desk_sizes
"""

import os
import sys
from contextlib import ExitStack
from typing import Any

from bench.desk import BLOCK, ROUNDS, WARM_UP, Step, at, brolly_server, import_records, made_records, reviewer, steps_at, timed

SMALL = int(os.environ.get("BENCH_SMALL", "1000"))
LARGE = int(os.environ.get("BENCH_LARGE", "100000"))
AT_ONCE = 10_000  # records in one file
TARGET = 1.5


def _filled(n: int) -> Any:
    """A new project of so many reports, and its reviewer."""
    member = reviewer()
    records = made_records(n)
    for start in range(0, n, AT_ONCE):
        import_records(member, records[start : start + AT_ONCE])
    return member


def main() -> int:
    with ExitStack() as stack:
        server = brolly_server(stack, made_records(SMALL))
        sizes = {SMALL: server.member, LARGE: _filled(LARGE)}
        # A decision takes its title away: the small project must have some left at the end.
        rounds = min(ROUNDS, (SMALL - 2 * WARM_UP - 60) // 2)
        steps: dict[tuple[int, int], Step] = {}
        for n, member in sizes.items():
            step_for = steps_at(server.port, member)
            steps |= {(n, wanted): step_for(wanted) for wanted in (1, 20)}
        for step in steps.values():
            for _ in range(WARM_UP):
                step()
        times: dict[tuple[int, int], list[float]] = {key: [] for key in steps}
        for _ in range(0, rounds, BLOCK):
            for key, step in steps.items():
                times[key] += [timed(step) for _ in range(BLOCK)]
    print(f"Decision and next, {rounds} rounds in blocks of {BLOCK}, milliseconds (load average {os.getloadavg()[0]:.1f})")
    held = True
    for wanted in (1, 20):
        for n in sizes:
            mine = times[n, wanted]
            print(f"  next {wanted:2} among {n:7,}   median {at(0.5, mine):6.1f}   p95 {at(0.95, mine):6.1f}")
        slower = [at(share, times[LARGE, wanted]) / at(share, times[SMALL, wanted]) for share in (0.5, 0.95)]
        print(f"  next {wanted:2}: {slower[0]:.2f} times at the median, {slower[1]:.2f} at p95")
        held = held and max(slower) <= TARGET
    print(f"  Target {TARGET} times at both: {'met' if held else 'NOT met'}", flush=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

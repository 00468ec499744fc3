"""bib-dedupe on one file, as bench/dedupe.py asks it: runs in the peer's own venv and knows nothing of Brolly.

Its documented way (prep, block, match, cluster) on one core, after one run that warms it up. Prints JSON: groups of ids
(of its certain duplicates) and processor seconds.
"""

import json
import sys
import time

import pandas
from bib_dedupe.bib_dedupe import block, cluster, match, prep


def groups_of(path: str) -> list[list[str]]:
    records = pandas.read_csv(path)
    prepared = prep(records, verbosity_level=0, cpu=1)
    pairs = block(prepared, verbosity_level=0, cpu=1)
    return cluster(match(pairs, verbosity_level=0, cpu=1), verbosity_level=0)


def main() -> None:
    groups_of(sys.argv[1])
    start = time.process_time()
    groups = groups_of(sys.argv[1])
    print(json.dumps({"groups": groups, "seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()

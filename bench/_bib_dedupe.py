"""bib-dedupe on files, as bench/dedupe.py asks it: runs in the peer's own venv and knows nothing of Brolly.

Its documented way (prep, block, match, cluster) on one core, after one run that warms it up. Prints JSON, a line for each
file: groups of ids (of its certain duplicates) and processor seconds; where it failed, how.
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
    for path in sys.argv[1:]:
        start = time.process_time()
        try:
            said = {"groups": groups_of(path)}
        except Exception as error:  # whatever it cannot do, the others are asked all the same
            said = {"groups": [], "failed": repr(error)}
        print(json.dumps({**said, "seconds": time.process_time() - start}))


if __name__ == "__main__":
    main()

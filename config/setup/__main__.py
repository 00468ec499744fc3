"""`cd config && python3 -m setup [run|test]`: what `make setup` and `make test` call first.

`copy-assets` is the last part alone, for an image whose packages other stages have installed.
"""

import sys

from . import assets, browser, environment
from .problem import SetupProblem


def main(arguments: list[str]) -> int:
    """Set up for running (`run`, the default) or for testing (`test`); 0 when all is in place."""
    purpose = arguments[0] if arguments else "run"
    if purpose not in (*environment.LOCKS, "copy-assets"):
        print(f"Unknown purpose {purpose!r}: say run or test.", file=sys.stderr)
        return 2
    try:
        if purpose == "copy-assets":
            assets.copy()
            return 0
        environment.ensure(purpose)
        assets.ensure(with_tests=purpose == "test")
        if purpose == "test":
            browser.ensure()
    except SetupProblem as problem:
        print(f"The set-up stopped: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nThe set-up was interrupted. It goes on from here when run again.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

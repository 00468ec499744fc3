"""`python -m config.dev`: the demonstration. `python -m config.dev with-servers COMMAND ...`: a
command beside servers of its own."""

import os
import sys

from . import demo
from .processes import LaunchProblem, StopAsked, end_with_parent

USAGE = "Usage: python -m config.dev [with-servers COMMAND ...]"


def main(words: list[str]) -> int:
    """Run what the words ask for; the exit code says how it ended."""
    under_make = os.environ.pop("BROLLY_UNDER_MAKE", "") == "1"
    if under_make:
        end_with_parent()  # when `make` is killed, the launcher ends too
    try:
        if not words:
            return demo.run(lambda text: print(text, flush=True), under_make=under_make)
        if words[0] == "with-servers" and len(words) > 1:
            return demo.with_servers(words[1:], under_make=under_make)
    except LaunchProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except StopAsked:
        return 0 if not words else 130
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

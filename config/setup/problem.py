"""What the set-up raises when it cannot go on, and how it runs other programs."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAST_LINES = 25


class SetupProblem(Exception):
    """A step failed; the message says which, and what to do."""


def run_step(command: Sequence[str | Path], remedy: str, environment: Mapping[str, str] | None = None) -> None:
    """Run one program in the project folder, quietly unless it fails.

    Raises SetupProblem with the program's last lines and `remedy` when its exit code is not 0
    or it cannot be started.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=None if environment is None else dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as cause:
        raise SetupProblem(f"{words[0]} could not be started ({cause}). {remedy}") from cause
    if done.returncode:
        said = "\n".join(done.stdout.splitlines()[-LAST_LINES:])
        raise SetupProblem(f"{shlex.join(words)} failed:\n{said}\n{remedy}")

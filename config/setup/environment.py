"""`.venv` from the hash-locked requirements.

A bare Debian has `python3` and `pip` but neither `ensurepip` nor leave to install into the
system (PEP 668). So the environment is made without pip and the system's own pip installs into
it with `--python`; where there is no such pip, `ensurepip` is used.
"""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .problem import ROOT, SetupProblem, run_step
from .stamps import fingerprint, is_done, mark_done

VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
LOCKS: dict[str, tuple[str, ...]] = {
    "run": ("base.txt", "demo.txt"),
    "test": ("base.txt", "demo.txt", "test.txt"),
}
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = (22, 3)  # the first with --python

# Settings of the caller's own pip that would send packages elsewhere than into `.venv`.
MISLEADING = (
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_PYTHON",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_CONSTRAINT",
    "PIP_REQUIREMENT",
    "PIP_EDITABLE",
    "PIP_NO_DEPS",
    "PIP_DRY_RUN",
    "PIP_REQUIRE_HASHES",
    "PYTHONPATH",
    "PYTHONHOME",
    "VIRTUAL_ENV",
)


def ensure(purpose: str) -> None:
    """Make or complete `.venv` for `purpose` ("run" or "test"); a second call takes no time.

    Raises SetupProblem when Python is too old, no pip is at hand or an installation fails.
    """
    if sys.version_info < OLDEST_PYTHON:
        raise SetupProblem(
            f"Brolly needs Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or later and this is "
            f"{platform.python_version()}. Name another with: make PYTHON=/path/to/python3 ..."
        )
    for name in LOCKS[purpose]:
        _ensure_lock(ROOT / "requirements" / name)


def pip_environment(surroundings: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without what would lead pip away from `.venv`.

    Where packages come from (index, proxy, certificates) stays as the machine has it.
    """
    kept = {name: value for name, value in surroundings.items() if name not in MISLEADING}
    return kept | {
        "PIP_USER": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_NO_INPUT": "1",
        "PYTHONNOUSERSITE": "1",
    }


def _ensure_lock(lock: Path) -> None:
    stamp = VENV / ".made-from" / lock.name
    expected = fingerprint([lock], platform.python_version(), platform.machine())
    if is_done(stamp, expected) and _runs(VENV_PYTHON):
        return
    if not _runs(VENV_PYTHON):
        _make()
    print(f"Installing requirements/{lock.name} into .venv ...", flush=True)
    run_step(
        [*_pip(), "install", "--quiet", "--require-hashes", "-r", lock],
        "Look at the network or the package index, then run the same command again.",
        pip_environment(os.environ),
    )
    mark_done(stamp, expected)


def _make() -> None:
    print(f"Making .venv with Python {platform.python_version()} ...", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    own_pip = [] if _system_pip() is None else ["--without-pip"]
    run_step(
        [sys.executable, "-m", "venv", *own_pip, VENV],
        "Install pip (Debian: apt-get install python3-pip), then run the same command again.",
        pip_environment(os.environ),
    )


def _pip() -> list[str]:
    system_pip = _system_pip()
    if system_pip is None:
        return [str(VENV_PYTHON), "-m", "pip"]
    return [*system_pip, "--python", str(VENV_PYTHON)]


def _system_pip() -> list[str] | None:
    """The pip of the Python that runs the set-up, if it can install into another environment."""
    command = [sys.executable, "-m", "pip"]
    asked = subprocess.run(
        [*command, "--version"],
        env=pip_environment(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    words = asked.stdout.split()
    if asked.returncode or len(words) < 2:
        return None
    version = tuple(int(part) for part in words[1].split(".")[:2] if part.isdigit())
    return command if version >= OLDEST_PIP else None


def _runs(python: Path) -> bool:
    if not python.exists():
        return False
    same = "import sys; sys.exit(sys.version_info[:2] != %r)" % (sys.version_info[:2],)  # noqa: UP031
    done = subprocess.run([python, "-I", "-c", same], capture_output=True, check=False)
    return done.returncode == 0

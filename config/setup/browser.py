"""Chromium for the browser tests: Debian's when we may install it, otherwise Playwright's own."""

import os
import shutil
import subprocess

from .environment import VENV_PYTHON, pip_environment
from .problem import SetupProblem, run_step

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")

_PLAYWRIGHT_PATH = "from playwright.sync_api import sync_playwright as p\nwith p() as running: print(running.chromium.executable_path)"


def ensure() -> None:
    """See to it that a Chromium is there; raises SetupProblem where none can be had."""
    if system_chromium() or _playwright_chromium():
        return
    print("Installing Chromium for the browser tests ...", flush=True)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _from_debian()
    else:
        run_step(
            [VENV_PYTHON, "-m", "playwright", "install", "chromium"],
            "Or install a chromium package on the machine; the tests find it by name.",
            pip_environment(os.environ),
        )


def system_chromium() -> str | None:
    """The path of the machine's own Chromium, if there is one."""
    return next(filter(None, map(shutil.which, SYSTEM_NAMES)), None)


def _playwright_chromium() -> str | None:
    asked = subprocess.run([VENV_PYTHON, "-c", _PLAYWRIGHT_PATH], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if asked.returncode == 0 and os.path.exists(path) else None


def _from_debian() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    remedy = "Install Chromium by hand, then run the same command again."
    run_step(["apt-get", "update", "-q"], remedy, quiet)
    run_step(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"], remedy, quiet)
    if not system_chromium():
        raise SetupProblem(f"Debian's chromium was installed but is not on the path. {remedy}")

"""Copies of a tiny project with the real launcher in it, and what is seen of their processes."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from config.dev.postgres import NOTE
from tests.shared import ROOT

TINY = Path(__file__).parent / "tiny"
READY = re.compile(r"Brolly is ready: (http://127\.0\.0\.1:\d+/)")
LAST_WORDS = "Ctrl-C stops it."
SECONDS_TO_START = 240
# What the machine's own environment could say that would change what a launcher does.
UNWANTED = ("DATABASE_URL", "REDIS_URL", "PORT", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
UNWANTED += ("BROLLY_DATA", "BROLLY_ORIGIN", "BROLLY_DEMO", "BROLLY_DEBUG")


def make_copy(folder: Path) -> Path:
    """A copy of the tiny project, with the real launcher, at `folder`."""
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "config" / "dev", folder / "config" / "dev", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "config" / "postgresql", folder / "config" / "postgresql", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "config" / "env.py", folder / "config" / "env.py")
    shutil.copy(ROOT / "config" / "serving.py", folder / "config" / "serving.py")
    return folder


@dataclass
class Launched:
    """A launcher running in a copy, started as a person would start it."""

    copy: Path
    process: subprocess.Popen[str]
    url: str = ""
    said: str = ""

    @property
    def log_folder(self) -> Path:
        return self.copy / "var" / "log"

    def wait_for_address(self) -> "Launched":
        """Read what it says up to the last line of its welcome."""
        assert self.process.stdout is not None
        deadline = time.monotonic() + SECONDS_TO_START
        for line in self.process.stdout:
            self.said += line
            if LAST_WORDS in line:
                self.url = READY.search(self.said)[1]
                return self
            assert time.monotonic() < deadline, self.said
        raise AssertionError(f"the launcher ended without an address:\n{self.said}")

    def get(self, path: str) -> dict[str, int]:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.loads(answer.read())

    def end(self, number: signal.Signals) -> str:
        """Send a signal and wait for the end; returns the rest of what it said."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=120)
        self.said += rest
        return rest


def launch(copy: Path, *command: str, **variables: str) -> Launched:
    """Start the launcher in `copy`, itself or by a command, its words readable as they come."""
    environment = {name: value for name, value in os.environ.items() if name not in UNWANTED}
    process = subprocess.Popen(
        command or [sys.executable, "-m", "config.dev"],
        cwd=copy,
        env={**environment, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Launched(copy, process)


def processes_of(copy: Path) -> dict[int, str]:
    """Every process whose command or environment names this copy or its sockets, by id.

    A server under another uid hides its environment from ordinary users, but then the launcher
    has no other uid to use either.
    """
    marks = {os.fsencode(copy)}
    note = copy / "var" / "running.json"
    if note.exists():
        marks.add(os.fsencode(json.loads(note.read_text())["sockets"]))
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
            where = os.fsencode(os.readlink(folder / "cwd"))
            surroundings = (folder / "environ").read_bytes()
            locked = any(os.path.samefile(held, copy / "var" / ".lock") for held in (folder / "fd").iterdir())
        except OSError:
            continue
        if locked or any(mark in text for mark in marks for text in (command, where, surroundings)):
            found[int(folder.name)] = command.replace(b"\0", b" ").decode(errors="replace")
    return found


def remove_traces(copy: Path) -> None:
    """End what a failed test left running, and remove what lies outside the copy."""
    for pid in processes_of(copy):
        os.kill(pid, signal.SIGKILL)
    running, note = copy / "var" / "running.json", copy / "var" / NOTE
    if running.exists():
        shutil.rmtree(json.loads(running.read_text())["sockets"], ignore_errors=True)
    if note.exists():
        shutil.rmtree(note.read_text().splitlines()[0])


def left_after(processes: dict[int, str], seconds: float) -> dict[int, str]:
    """Which of these still live once `seconds` have passed, or none as soon as none does."""
    deadline = time.monotonic() + seconds
    left = dict(processes)
    while left and time.monotonic() < deadline:
        left = {pid: command for pid, command in left.items() if _lives(pid)}
        time.sleep(0.1)
    return left


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # a zombie holds nothing; its new parent has yet to look

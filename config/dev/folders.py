"""`var/`: what a copy of Brolly keeps between runs, and the lock that lets one launcher use it."""

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .processes import LaunchProblem, is_alive

SECRET_KEY_LENGTH = 64
# How long processes of a killed launcher may take to end before a new one gives up.
LINGER_SECONDS = 20.0
SOCKETS_PREFIX = "brolly-"
# What a command needs to know of the running copy, and the file it is left in (`manage.py` reads it).
RUN_ENV = "run.env"
RUN_ENV_NAMES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "BROLLY_DEMO", "BROLLY_ORIGIN", "BROLLY_DATA")


@dataclass(frozen=True)
class Running:
    """What a launcher notes in `var/running.json` for the next one to read."""

    pid: int
    url: str
    sockets: str


@dataclass
class Var:
    """A copy's `var/` folder, locked by this launcher. `lock` is the open lock file's descriptor."""

    folder: Path
    lock: int

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    def note(self, running: Running) -> None:
        """Leave for others to read who runs here, and where."""
        path = self.folder / "running.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(vars(running)))
        fresh.replace(path)

    def note_environment(self, environment: Mapping[str, str]) -> None:
        """Leave `run.env` for `manage.py`, so that its commands speak to the copy that runs here. Its owner's alone: it has the key."""
        descriptor = os.open(self.folder / RUN_ENV, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.writelines(f"{name}={environment[name]}\n" for name in RUN_ENV_NAMES if name in environment)

    def forget(self) -> None:
        """Take the notes away at an orderly end."""
        (self.folder / "running.json").unlink(missing_ok=True)
        (self.folder / RUN_ENV).unlink(missing_ok=True)

    def secret_key(self) -> str:
        """This copy's own secret key, made once, readable by its owner alone."""
        path = self.folder / "secret-key"
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(SECRET_KEY_LENGTH))
        key = path.read_text().strip()
        if len(key) < SECRET_KEY_LENGTH:
            raise LaunchProblem(f"{path} holds no usable key: remove it, and a new one is made.")
        return key


def lock(folder: Path) -> Var:
    """Take `folder` for this launcher alone.

    Raises LaunchProblem naming the address when another launcher runs here, or when the folder
    belongs to someone else. Waits for the processes of a killed launcher to end.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as cause:
        raise LaunchProblem(
            f"{folder} belongs to another user, who started Brolly here before. Start it as that user, or from a copy of your own."
        ) from cause
    deadline = time.monotonic() + LINGER_SECONDS
    while not _taken(descriptor):
        running = _noted(folder)
        if running is not None and is_alive(running.pid):
            os.close(descriptor)
            raise LaunchProblem(f"Brolly already runs in this folder: {running.url or 'it is starting'}")
        if time.monotonic() > deadline:
            os.close(descriptor)
            raise LaunchProblem(f"Processes of an earlier start still hold {folder}.")
        time.sleep(0.2)
    _sweep(folder)
    return Var(folder, descriptor)


def make_sockets() -> Path:
    """A new folder with a short path: a unix socket's path may have 107 bytes at most."""
    base = "/tmp" if os.access("/tmp", os.W_OK | os.X_OK) else None  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix=SOCKETS_PREFIX, dir=base))
    folder.chmod(0o711)  # a server under another uid passes through to its own folder in it
    return folder


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _noted(folder: Path) -> Running | None:
    try:
        return Running(**json.loads((folder / "running.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _sweep(folder: Path) -> None:
    """Remove the sockets a killed launcher left behind, then its notes."""
    (folder / RUN_ENV).unlink(missing_ok=True)
    running = _noted(folder)
    if running is None:
        return
    sockets = Path(running.sockets)
    if sockets.name.startswith(SOCKETS_PREFIX) and sockets.is_dir() and not sockets.is_symlink():
        shutil.rmtree(sockets, ignore_errors=True)
    with contextlib.suppress(OSError):
        (folder / "running.json").unlink()

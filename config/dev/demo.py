"""`make demo`: every server of one copy of Brolly, from nothing to a printed address."""

import os
import secrets
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import folders, ports, postgres, valkey
from .processes import Child, Family, LaunchProblem, Program

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
READY_SECONDS = 90.0
WATCH_SECONDS = 0.2


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer that everything else needs."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def run(say: Callable[[str], None], *, under_make: bool = False) -> int:
    """Run the demonstration until a person stops it, which raises StopAsked.

    Raises LaunchProblem when something fails or a server dies. Nothing runs any more in both cases.
    """
    family = Family(under_make=under_make)
    family.listen_for_signals()
    var = folders.lock(ROOT / "var")
    family.held = (var.lock,)
    sockets = folders.make_sockets()
    try:
        var.note(folders.Running(os.getpid(), "", str(sockets)))
        listener = ports.listen(os.environ.get("PORT"), HOST)
        url = f"http://{HOST}:{listener.getsockname()[1]}/"
        say("Starting Brolly ...")
        servers = start_servers(family, var, sockets, os.environ)
        environment = application_environment(os.environ, servers, url, var)
        accounts = prepare(family, var.logs, environment)
        web, worker = start_application(family, var, environment, listener)
        family.wait_until(lambda: answers(url), web, READY_SECONDS)
        family.wait_until(lambda: " ready." in worker.wrote(), worker, READY_SECONDS)
        var.note(folders.Running(os.getpid(), url, str(sockets)))
        var.note_environment(environment)
        say(welcome(url, accounts))
        while True:
            family.check()
            time.sleep(WATCH_SECONDS)
    finally:
        if family.children:
            say("Stopping ...")
        family.stop()
        shutil.rmtree(sockets, ignore_errors=True)
        var.forget()


def start_servers(family: Family, var: folders.Var, sockets: Path, given: Mapping[str, str]) -> Servers:
    """PostgreSQL and Valkey for this copy; one whose URL is given is used instead, not started."""
    database_url = given_value(given, "DATABASE_URL")
    if not database_url:
        place = postgres.find_place(var.folder / "postgresql")
        database_url = postgres.start(family, place, sockets, var.logs)
    redis_url = given_value(given, "REDIS_URL")
    if not redis_url:
        redis_url = valkey.start(family, var.folder / "valkey", sockets, var.logs)
    return Servers(database_url, redis_url)


def given_value(given: Mapping[str, str], name: str) -> str:
    """A variable's value, or the content of the file that NAME_FILE names, or nothing."""
    path = given.get(f"{name}_FILE")
    if not path:
        return given.get(name, "")
    try:
        return Path(path).read_text().strip()
    except OSError as cause:
        raise LaunchProblem(f"{name}_FILE names {path}, which cannot be read: {cause.strerror}.") from cause


def application_environment(given: Mapping[str, str], servers: Servers, url: str, var: folders.Var) -> dict[str, str]:
    """What Django and Celery are told: demonstration mode, this copy's servers, key and data."""
    kept = {name: value for name, value in given.items() if name not in ("PYTHONPATH", "PYTHONHOME", "DATABASE_URL_FILE", "REDIS_URL_FILE")}
    defaults = {
        "BROLLY_DEMO": "1",
        "BROLLY_ORIGIN": url.rstrip("/"),
        "BROLLY_DATA": str(var.folder / "data"),
    }
    if not given_value(given, "SECRET_KEY"):
        kept["SECRET_KEY"] = var.secret_key()
    fixed = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        **servers.environment(),
    }
    return defaults | kept | fixed


def prepare(family: Family, logs: Path, environment: Mapping[str, str]) -> str:
    """Migrate, collect static files and load the demonstration; returns what loading it said: the accounts."""

    def manage(name: str, *words: str, **more: Any) -> str:
        return family.run(
            Program(
                name,
                [sys.executable, "manage.py", *words],
                log=logs / "prepare.log",
                cwd=ROOT,
                environment=environment,
                **more,
            )
        )

    manage("Migrating the database", "migrate", "--noinput", "--verbosity=1")
    # Cleared, so that nothing an earlier version left beside a file (a compressed copy) is served in its place.
    manage("Collecting static files", "collectstatic", "--noinput", "--clear", "--verbosity=0", "--ignore=README.md")
    if environment["BROLLY_DEMO"] == "1" and _knows_demonstration():
        return manage("Loading the demonstration", "load_demonstration", answer=logs / "accounts.txt")
    return ""


def start_application(family: Family, var: folders.Var, environment: Mapping[str, str], listener: socket.socket) -> tuple[Child, Child]:
    """Start the web server on `listener`, the worker and beat; returns the first two."""

    def start(name: str, log: str, *words: str, **more: Any) -> Child:
        command = [sys.executable, "-m", *words]
        return family.start(Program(name, command, log=var.logs / log, cwd=ROOT, environment=environment, **more))

    web = start(
        "The web server", "web.log", "gunicorn", "config.wsgi:application",
        f"--bind=fd://{listener.fileno()}", "--workers=2", "--threads=4", "--worker-class=config.serving.Worker",
        "--graceful-timeout=5", "--timeout=60",
        "--no-control-socket",  # it would lie in the home folder, shared by every copy
        keep_open=(listener.fileno(),),
    )  # fmt: skip
    listener.close()
    worker = start(
        "The worker", "worker.log", "celery", "-A", "config", "worker",
        "--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle",
        stop_signal=signal.SIGQUIT,  # on SIGTERM it lingers until its task ends
        death_signal=signal.SIGKILL,  # its queue dies at the same moment: it would wait for it to come back
    )  # fmt: skip
    start(
        "Beat", "beat.log", "celery", "-A", "config", "beat",
        "--loglevel=INFO", f"--schedule={var.folder / 'beat-schedule'}",
    )  # fmt: skip
    return web, worker


def answers(url: str) -> bool:
    """Whether the web server says that it is well."""
    try:
        with urllib.request.urlopen(f"{url}healthz", timeout=5) as answer:  # noqa: S310 - our own http
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def welcome(url: str, accounts: str) -> str:
    """What a person reads when everything is up."""
    parts = [f"Brolly is ready: {url}"]
    if accounts.strip():
        parts.append(accounts.strip())
    parts.append("Everything entered stays in ./var; logs are in ./var/log. Ctrl-C stops it.")
    return "\n\n".join(["", *parts, ""])


def with_servers(command: list[str], *, under_make: bool = False) -> int:
    """Run a command beside a PostgreSQL and a Valkey of its own, thrown away at its end.

    The command finds them by DATABASE_URL and REDIS_URL; its exit code is handed back. They are
    fast and keep nothing: for tests and benchmarks.
    """
    family = Family(under_make=under_make)
    family.listen_for_signals()
    sockets = folders.make_sockets()
    try:
        place = postgres.find_place(sockets / "data" / "postgresql", spare_root=sockets)
        database_url = postgres.start(family, place, sockets, sockets / "log", postgres.UNSAFE_BUT_FAST)
        redis_url = valkey.start(family, sockets / "data" / "valkey", sockets, sockets / "log", keep=False)
        data = sockets / "data" / "files"
        environment = {
            **os.environ,
            **Servers(database_url, redis_url).environment(),
            "SECRET_KEY": secrets.token_urlsafe(folders.SECRET_KEY_LENGTH),
            "BROLLY_DATA": str(data),
        }
        return family.run_in_front(command, cwd=ROOT, environment=environment)
    finally:
        family.stop()
        shutil.rmtree(sockets, ignore_errors=True)


def _knows_demonstration() -> bool:
    return any(ROOT.glob("*/management/commands/load_demonstration.py"))

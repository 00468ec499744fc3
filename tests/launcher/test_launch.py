"""The launcher from a person's side: start it, use it, stop it, kill it, start it again."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.launcher.copies import Launched, launch, left_after, make_copy, processes_of, remove_traces
from tests.shared import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Path]:
    made = make_copy(tmp_path / "a folder with spaces" / "brolly")
    yield made
    remove_traces(made)


@pytest.fixture
def another_copy(tmp_path: Path) -> Iterator[Path]:
    made = make_copy(tmp_path / "another" / "brolly")
    yield made
    remove_traces(made)


def everything_of(launched: Launched) -> dict[int, str]:
    """The processes, once it is sure that every kind of server is among them."""
    found = processes_of(launched.copy)
    commands = " ".join(found.values())
    for server in ("bin/postgres", "valkey-server", "gunicorn", "worker", "beat"):
        assert server in commands
    return found


def test_a_killed_launcher_leaves_no_process_and_loses_no_data(copy: Path) -> None:
    first = launch(copy).wait_for_address()
    assert first.get("remember") == {"rows": 1}
    running = everything_of(first)
    first.end(signal.SIGKILL)
    assert left_after(running, 60) == {}

    second = launch(copy).wait_for_address()
    assert second.get("remember") == {"rows": 2}
    running = everything_of(second)
    second.end(signal.SIGINT)
    assert second.process.returncode == 0
    assert left_after(running, 10) == {}
    assert not (copy / "var" / "running.json").exists()


def test_a_second_start_says_where_the_first_is_and_another_copy_takes_the_next_port(copy: Path, another_copy: Path) -> None:
    first = launch(copy).wait_for_address()
    again = launch(copy)
    said, _ = again.process.communicate(timeout=120)
    assert again.process.returncode == 1
    assert f"already runs in this folder: {first.url}" in said

    other = launch(another_copy).wait_for_address()
    assert other.url != first.url
    assert first.get("remember") == {"rows": 1}
    assert other.get("remember") == {"rows": 1}
    for launched in (other, first):
        launched.end(signal.SIGTERM)
        assert launched.process.returncode == 0


def test_when_one_server_dies_it_says_which_and_stops_the_others(copy: Path) -> None:
    launched = launch(copy).wait_for_address()
    running = everything_of(launched)
    os.kill(min(pid for pid, command in running.items() if "celery -A config worker" in command), signal.SIGKILL)
    said, _ = launched.process.communicate(timeout=120)
    assert launched.process.returncode == 1
    assert "The worker ended unexpectedly (signal 9)." in said
    assert f"The last lines of {launched.log_folder / 'worker.log'}" in said
    assert left_after(running, 10) == {}


LOADS = """
import sys
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def handle(self, **options):
        self.stdout.write("coordinator: someone@example.org")
        self.stderr.write("only for the log")
"""
MAKEFILE = "demo:\n\t@BROLLY_UNDER_MAKE=1 exec '{python}' -m config.dev\n"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_ending_make_ends_everything_it_started(copy: Path, number: signal.Signals) -> None:
    (copy / "Makefile").write_text(MAKEFILE.format(python=sys.executable))
    launched = launch(copy, "make", "demo").wait_for_address()
    running = everything_of(launched)
    launched.end(number)
    assert left_after(running, 60) == {}


def test_given_servers_are_used_instead_of_starting_any(copy: Path) -> None:
    name = f"launcher_{uuid.uuid4().hex[:12]}"
    given = os.environ["DATABASE_URL"]
    own = psycopg.conninfo.conninfo_to_dict(given)
    host, user, port = (own.get(part) or "" for part in ("host", "user", "port"))
    with psycopg.connect(given, dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            url = f"postgresql://{user}@/{name}?host={host}" + (f"&port={port}" if port else "")
            launched = launch(copy, DATABASE_URL=url, REDIS_URL=os.environ["REDIS_URL"]).wait_for_address()
            commands = " ".join(processes_of(copy).values())
            assert "gunicorn" in commands
            assert "bin/postgres" not in commands
            assert "valkey-server" not in commands
            launched.end(signal.SIGINT)
            with psycopg.connect(given, dbname=name) as migrated:
                assert migrated.execute("SELECT count(*) FROM django_migrations").fetchone() > (0,)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def test_a_failing_preparation_shows_the_end_of_its_log(copy: Path) -> None:
    (copy / "config" / "settings.py").write_text("raise RuntimeError('settings are broken on purpose')\n")
    launched = launch(copy)
    said, _ = launched.process.communicate(timeout=120)
    assert launched.process.returncode == 1
    assert "Migrating the database ended unexpectedly (exit code 1)." in said
    assert "settings are broken on purpose" in said
    assert processes_of(copy) == {}


def test_the_demonstration_is_loaded_at_each_start_and_its_accounts_are_printed(copy: Path) -> None:
    command = copy / "config" / "management" / "commands" / "load_demonstration.py"
    command.parent.mkdir(parents=True)
    for folder in (command.parent, command.parent.parent):
        (folder / "__init__.py").touch()
    command.write_text(LOADS)
    settings = copy / "config" / "settings.py"
    settings.write_text(settings.read_text() + "INSTALLED_APPS += ['config']\n")
    launched = launch(copy).wait_for_address()
    launched.end(signal.SIGINT)
    assert "coordinator: someone@example.org" in launched.said
    assert "only for the log" not in launched.said


def test_a_worker_that_cannot_start_is_never_announced_as_ready(copy: Path) -> None:
    app = copy / "config" / "celery.py"
    app.write_text(app.read_text() + "\nimport sys\nif 'worker' in sys.argv:\n    sys.exit('no worker today')\n")
    launched = launch(copy)
    said, _ = launched.process.communicate(timeout=120)
    assert launched.process.returncode == 1
    assert "Brolly is ready" not in said
    assert "no worker today" in said


def test_a_port_that_is_asked_for_and_taken_is_refused(copy: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        launched = launch(copy, PORT=str(port))
        said, _ = launched.process.communicate(timeout=120)
    assert launched.process.returncode == 1
    assert f"Port {port} is in use by another program." in said


SEEN_BY_A_COMMAND = """
import os, psycopg, redis
row = psycopg.connect(os.environ["DATABASE_URL"]).execute("SELECT current_setting('fsync'), 'É' ILIKE 'é'").fetchone()
print(*row, redis.Redis.from_url(os.environ["REDIS_URL"]).ping(), os.environ["BROLLY_DATA"])
raise SystemExit(7)
"""


def test_a_command_finds_servers_of_its_own_and_its_exit_code_comes_back() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "config.dev", "with-servers", sys.executable, "-c", SEEN_BY_A_COMMAND],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    fsync, accents, answered, data = done.stdout.split()
    assert (fsync, accents, answered) == ("off", "True", "True")
    assert done.returncode == 7, done.stderr
    assert not Path(data).parent.exists()

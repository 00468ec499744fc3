"""One decision and the next report, through HTTP, on 10,000 reports of real size: Brolly beside ASReview LAB.

Brolly: one POST that records the decision (lock, rule, facts) and brings the next report, one gunicorn worker with
the threads it has in production, signed in by session with the CSRF check, as the desk in the browser is.
ASReview LAB (PyPI, a venv of its own under var/bench-venv): its own server, one POST that labels and one GET of the
next record, which is what its page does. Twice: as it comes (its default model, trained anew after each label, as
its page asks for), and its fastest way (random order, no model at all). It asks nobody to sign in, also as it comes.

Both have the same records, on the same machine, and take turns in blocks, so that other load falls on both alike.
While Brolly has its turn the peer is stopped, its training too; while the peer has its turn Brolly has nothing to do.
Each server keeps one connection, as a browser does. Nobody thinks between two decisions. Timed is what a client waits:
from the first byte of what it asks to the last of the answer.
"next 1": as the desk in the browser asks, which holds 20 and is brought back to 20. "next 20": 20 more that it does not hold.

Target: at least 8 times faster at the median and at the 95th percentile.
Run: python -m config.dev with-servers python -m bench.desk
"""

import csv
import http.client
import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
PEER_VENV = ROOT / "var" / "bench-venv"
REPORTS = int(os.environ.get("BENCH_REPORTS", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
BLOCK = 100  # long enough that what a change of turns costs (caches gone cold) does not decide the 95th percentile
WARM_UP = 20
TRAINED_WITHIN = 300  # seconds for the peer's first model
TARGET = 8.0
TITLE_WORDS, ABSTRACT_WORDS = 14, 230

TOKEN = "b" * 32

Step = Callable[[], None]


def made_records(n_records: int = REPORTS) -> list[dict[str, str]]:
    """Titles of about 100 letters and abstracts of about 1,600, as bibliographic databases give them."""
    chance = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(chance.choices(letters, weights=range(26, 0, -1), k=chance.randint(3, 11))) for _ in range(6000)]

    def text(n: int) -> str:
        return " ".join(chance.choices(words, k=n)).capitalize()

    return [
        {"title": f"{text(TITLE_WORDS)} {n}", "abstract": text(ABSTRACT_WORDS) + ".", "authors": f"Author{n}, A.", "year": "2020"}
        for n in range(n_records)
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


KEPT: dict[int, tuple[http.client.HTTPConnection, float]] = {}
IDLE = 1.0  # seconds after which a server may have closed a kept connection
ASKED: list[float] = []  # seconds each request took, from its first byte to the answer's last; emptied by `timed`


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
    """One request, on the connection kept to that server, as a browser does. Raises RuntimeError on anything but success."""
    begun = time.perf_counter()
    connection, used = KEPT.pop(port, (None, 0.0))
    if connection is None or time.monotonic() - used > IDLE:
        if connection is not None:
            connection.close()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    ASKED.append(time.perf_counter() - begun)
    KEPT[port] = (connection, time.monotonic())
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
    return json.loads(content)


def hang_up(port: int) -> None:
    """Close the connection kept to a server: some do not end while one is open."""
    connection, _ = KEPT.pop(port, (None, 0.0))
    if connection is not None:
        connection.close()


def started(stack: ExitStack, command: list[str], port: int, path: str, *, folder: Path = ROOT, **environment: str) -> int:
    """Start a server in a process group of its own, wait until it answers, and stop it when the stack is left.

    Returns the group's number.
    """
    log = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".log"))  # noqa: SIM115 (the stack closes it)
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **environment}, stdout=log, stderr=log, process_group=0)
    stack.callback(process.wait, 20)
    stack.callback(os.killpg, process.pid, signal.SIGTERM)
    stack.callback(hang_up, port)
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            ask(port, "GET", path)
        except (RuntimeError, json.JSONDecodeError):
            return process.pid
        except (OSError, http.client.HTTPException):
            time.sleep(0.25)
        else:
            return process.pid
    raise SystemExit(f"{command[0]} did not start: {Path(log.name).read_text()[-2000:]}")


@dataclass(frozen=True)
class Server:
    """A running Brolly with a project of the records, and its first member, signed in."""

    port: int
    member: Any

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def slug(self) -> str:
        return self.member.project.slug

    @cached_property
    def cookies(self) -> dict[str, str]:
        return session_of(self.member)

    def decided(self) -> int:
        """Decisions in the database."""
        from screening.decisions.models import Decision

        return Decision.objects.filter(project=self.member.project).count()


def session_of(member: Any) -> dict[str, str]:
    """The cookies of a browser in which this member is signed in, with the token of the CSRF check."""
    from django.conf import settings
    from django.test import Client

    session = Client()
    session.force_login(member.user)
    return {settings.SESSION_COOKIE_NAME: session.session.session_key, settings.CSRF_COOKIE_NAME: TOKEN}


def headers_of(member: Any) -> dict[str, str]:
    """What the desk in the browser sends along."""
    cookies = "; ".join(f"{name}={value}" for name, value in session_of(member).items())
    account = str(member.user.pk)
    return {"Content-Type": "application/json", "X-CSRFToken": TOKEN, "X-Brolly-Account": account, "Cookie": cookies}


def brolly_server(stack: ExitStack, records: list[dict[str, str]], workers: int = 1) -> Server:
    """A project with the records, and gunicorn as in production with so many workers, until the stack is left."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BROLLY_DEMO", "1")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", "--clear", "--verbosity=0", "--ignore=README.md")
    member = reviewer()
    import_records(member, records)
    port = free_port()
    # Its production settings, but for where it listens and how large it is.
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", f"--bind=127.0.0.1:{port}"]
    started(stack, [*command, f"--workers={workers}", "--threads=4", "--max-requests=0", "config.wsgi:application"], port, "/healthz")
    return Server(port, member)


def brolly(stack: ExitStack, records: list[dict[str, str]]) -> Callable[[int], Step]:
    """One gunicorn worker with the records. Gives the step for so many next reports."""
    server = brolly_server(stack, records)
    return steps_at(server.port, server.member)


def steps_at(port: int, member: Any) -> Callable[[int], Step]:
    """A desk of this member, who holds 20 titles. Gives the step (decide, take in the next) for so many next reports."""
    headers = headers_of(member)
    base = f"/api/v1/projects/{member.project.slug}"
    held = [report["id"] for report in ask(port, "GET", f"{base}/queue/title_abstract/?n=20", headers=headers)["results"]]
    answers = random.Random(2)

    def step_for(wanted: int) -> Step:
        def step() -> None:
            body = {
                "id": str(uuid4()),
                "report": held.pop(0),
                "stage": "title_abstract",
                "answer": answers.choice(["include", "exclude"]),
                "next": wanted,
                "without": held,
            }
            following = ask(port, "POST", f"{base}/decisions/", json.dumps(body).encode(), headers)["next"]
            held.extend([report["id"] for report in following][: 20 - len(held)])

        return step

    return step_for


def reviewer() -> Any:
    from screening.projects.actions import create_project
    from screening.projects.models import Role, User

    user = User.objects.create_user(f"{uuid4()}@example.org", uuid4().hex, name="Bench")
    return create_project(user=user, title=f"Bench {uuid4().hex[:8]}", roles=(Role.COORDINATOR, Role.REVIEWER))


def import_records(member: Any, records: list[dict[str, str]]) -> None:
    """Read the records through a real import, as a file given to a source of its own."""
    from screening.projects import jobs
    from screening.projects.models import Job
    from screening.protocol.actions import save_source
    from screening.references.actions import upload

    content = "\n".join(
        f"TY  - JOUR\nTI  - {r['title']}\nAU  - {r['authors']}\nPY  - {r['year']}\nAB  - {r['abstract']}\nER  - \n" for r in records
    ).encode()
    source = save_source(by=member, name=f"Bench {uuid4().hex[:8]}", kind="database").source
    upload(by=member, source=source, name="bench.ris", content=io.BytesIO(content), size=len(content))
    job = Job.objects.filter(project=member.project).latest("created_at")
    jobs.run(str(job.pk))
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise SystemExit(f"The import did not end well: {job.failure_sentence}")
    _gather_statistics()


def _gather_statistics() -> None:
    """What the database does by itself within a minute of an import: for the tables that have changed, and for no others.

    An empty table for which it is done by hand is taken for one that stays empty, and is gone through row by row when it fills.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT relname FROM pg_stat_user_tables WHERE n_mod_since_analyze > 50 ORDER BY relname")
        for (table,) in cursor.fetchall():
            cursor.execute(f'ANALYZE "{table}"')


@contextmanager
def asreview(records: list[dict[str, str]], *, trains: bool) -> Iterator[tuple[Step, int]]:
    """ASReview LAB with the same records in a project of its own: its step (label, then get the next) and its process group."""
    _install_peer()
    port = free_port()
    with ExitStack() as stack:
        # It writes caches where it is started, so it is started in a folder that is thrown away.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        program = str(PEER_VENV / "bin" / "asreview")
        command = [program, "lab", "--no-browser", "--skip-update-check", "--host", "127.0.0.1", "--port", str(port)]
        group = started(stack, command, port, "/api/projects", folder=folder, ASREVIEW_PATH=str(folder))
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(records[0]))
        writer.writeheader()
        writer.writerows(records)
        project = f"/api/projects/{_peer_project(port, text.getvalue().encode())}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        ask(port, "POST", f"{project}/train", urlencode({"ranking": "random"}).encode(), form)
        ask(port, "PUT", f"{project}/review", urlencode({"status": "review"}).encode(), form)
        current = ask(port, "GET", f"{project}/get_record")["result"]
        answers = random.Random(2)

        def step() -> None:
            nonlocal current
            sent = {"record_id": current["record_id"], "label": answers.choice([1, 0]), **({"retrain_model": 1} if trains else {})}
            ask(port, "POST", f"{project}/record/{current['record_id']}", urlencode(sent).encode(), form)
            current = ask(port, "GET", f"{project}/get_record")["result"]

        for _ in range(WARM_UP):
            step()
        patience = time.monotonic() + TRAINED_WITHIN
        while trains and not current["state"].get("classifier"):
            if time.monotonic() > patience:
                raise SystemExit(f"ASReview LAB had no model after {TRAINED_WITHIN} seconds.")
            time.sleep(1)
            step()
        yield step, group


def _peer_project(port: int, content: bytes) -> str:
    line = uuid4().hex
    parts = [f'--{line}\r\nContent-Disposition: form-data; name="mode"\r\n\r\noracle\r\n'.encode()]
    parts += [f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\nContent-Type: text/csv\r\n\r\n'.encode()]
    parts += [content, f"\r\n--{line}--\r\n".encode()]
    made = ask(port, "POST", "/api/projects/create", b"".join(parts), {"Content-Type": f"multipart/form-data; boundary={line}"})
    return made["id"]


def _install_peer() -> None:
    if not (PEER_VENV / "bin" / "asreview").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER_VENV)], check=True)
        locked = ROOT / "requirements" / "bench.txt"
        subprocess.run([str(PEER_VENV / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", str(locked)], check=True)


def timed(step: Step) -> float:
    """Milliseconds a step waited for its server. What this program does with an answer is not the server's, and is left out."""
    ASKED.clear()
    step()
    return sum(ASKED) * 1000


def at(share: float, times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def in_turn(mine: dict[str, Step], peer: Step, group: int) -> dict[str, list[float]]:
    """Blocks of steps in turn, in milliseconds; the peer's whole process group stands still when it is not its turn."""
    times: dict[str, list[float]] = {name: [] for name in (*mine, "ASReview LAB")}
    for _ in range(0, ROUNDS, BLOCK):
        os.killpg(group, signal.SIGSTOP)
        try:
            for name, step in mine.items():
                times[name] += [timed(step) for _ in range(BLOCK)]
        finally:
            os.killpg(group, signal.SIGCONT)
        times["ASReview LAB"] += [timed(peer) for _ in range(BLOCK)]
    return times


def told(title: str, times: dict[str, list[float]]) -> bool:
    """Print the figures; whether the target is held by both."""
    print(f"{title} (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    peer, held = times["ASReview LAB"], True
    for name, mine in times.items():
        print(f"  {name:16} median {at(0.5, mine):7.1f}   p95 {at(0.95, mine):7.1f}", end="")
        middle, late = at(0.5, peer) / at(0.5, mine), at(0.95, peer) / at(0.95, mine)
        print("" if mine is peer else f"   ASReview takes {middle:.1f}x at the median, {late:.1f}x at p95")
        held = held and (mine is peer or min(middle, late) >= TARGET)
    print(f"  Target {TARGET:.0f}x at both: {'met' if held else 'NOT met'}", flush=True)
    return held


def main() -> int:
    records = made_records()
    print(f"Decision and next report, {REPORTS:,} reports, {ROUNDS} rounds in blocks of {BLOCK}, milliseconds", flush=True)
    with ExitStack() as stack:
        step_for = brolly(stack, records)
        mine = {"Brolly, next 1": step_for(1), "Brolly, next 20": step_for(20)}
        for step in mine.values():
            for _ in range(WARM_UP):
                step()
        held = {}
        for title, trains in (("ASReview LAB as it comes", True), ("ASReview LAB its fastest way, without a model", False)):
            with asreview(records, trains=trains) as (peer, group):
                held[title] = told(title, in_turn(mine, peer, group))
    return 0 if all(held.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

"""One decision and the next report, through HTTP, on 10,000 reports of real size: Brolly beside ASReview LAB.

Brolly: one POST that records the decision (lock, rule, facts) and brings the next report, one gunicorn worker.
ASReview LAB (PyPI, a venv of its own under var/bench-venv): its own server, one POST that labels and one GET of the
next record, which is what its page does. It runs without a model (random ranking, no retraining), its fastest way.
Both have the same records, on the same machine, and take turns, so that other load falls on both alike.

Target: at least 5 times faster at the median and at the 95th percentile.
Run: python -m config.dev with-servers python -m bench.desk
"""

import csv
import http.client
import io
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
PEER_VENV = ROOT / "var" / "bench-venv"
REPORTS = int(os.environ.get("BENCH_REPORTS", "10000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "300"))
WARM_UP = 20
TARGET = 5.0
TITLE_WORDS, ABSTRACT_WORDS = 14, 230

Step = Callable[[], None]


def made_records() -> list[dict[str, str]]:
    """Titles of about 100 letters and abstracts of about 1,600, as bibliographic databases give them."""
    chance = random.Random(1)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(chance.choices(letters, weights=range(26, 0, -1), k=chance.randint(3, 11))) for _ in range(6000)]

    def text(n: int) -> str:
        return " ".join(chance.choices(words, k=n)).capitalize()

    return [
        {"title": f"{text(TITLE_WORDS)} {n}", "abstract": text(ABSTRACT_WORDS) + ".", "authors": f"Author{n}, A.", "year": "2020"}
        for n in range(REPORTS)
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
    """One request on a connection of its own. Raises RuntimeError on anything but success."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
    return json.loads(content)


def started(stack: ExitStack, command: list[str], port: int, path: str, environment: dict[str, str]) -> None:
    """Start a server, wait until it answers, and stop it when the stack is left."""
    log = stack.enter_context(tempfile.NamedTemporaryFile(suffix=".log"))  # noqa: SIM115 (the stack closes it)
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log)
    stack.callback(process.wait, 20)
    stack.callback(process.terminate)
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            ask(port, "GET", path)
        except (OSError, RuntimeError, http.client.HTTPException, json.JSONDecodeError) as answer:
            if isinstance(answer, RuntimeError | json.JSONDecodeError):
                return
            time.sleep(0.25)
        else:
            return
    raise SystemExit(f"{command[0]} did not start: {Path(log.name).read_text()[-2000:]}")


def brolly(stack: ExitStack, records: list[dict[str, str]]) -> Callable[[int], Step]:
    """A project with the records, a reviewer signed in, one gunicorn worker. Gives the step for so many."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BROLLY_DEMO", "1")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    member = _reviewer()
    _import(member, records)
    session = Client()
    session.force_login(member.user)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", f"--bind=127.0.0.1:{port}", "--workers=1", "--no-control-socket"]
    started(stack, command, port, "/healthz", {})
    token = "b" * 32
    headers = {
        "Content-Type": "application/json", "X-CSRFToken": token, "X-Brolly-Account": str(member.user.pk),
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session.session.session_key}; {settings.CSRF_COOKIE_NAME}={token}",
    }
    base = f"/api/v1/projects/{member.project.slug}"
    held = [report["id"] for report in ask(port, "GET", f"{base}/queue/title_abstract/?n=20", headers=headers)["results"]]
    answers = random.Random(2)

    def step_for(wanted: int) -> Step:
        def step() -> None:
            body = {
                "id": str(uuid4()), "report": held.pop(0), "stage": "title_abstract", "answer": answers.choice(["include", "exclude"]),
                "next": wanted, "without": held,
            }
            following = ask(port, "POST", f"{base}/decisions/", json.dumps(body).encode(), headers)["next"]
            held.extend([report["id"] for report in following][: 20 - len(held)])

        return step

    return step_for


def _reviewer() -> Any:
    from screening.projects.actions import create_project
    from screening.projects.models import Role, User

    user = User.objects.create_user(f"{uuid4()}@example.org", uuid4().hex, name="Bench")
    return create_project(user=user, title=f"Bench {uuid4().hex[:8]}", roles=(Role.COORDINATOR, Role.REVIEWER))


def _import(member: Any, records: list[dict[str, str]]) -> None:
    """Read the records through a real import, as a file given to a source."""
    from screening.projects import jobs
    from screening.projects.models import Job
    from screening.protocol.actions import save_source
    from screening.references.actions import upload

    content = "\n".join(
        f"TY  - JOUR\nTI  - {r['title']}\nAU  - {r['authors']}\nPY  - {r['year']}\nAB  - {r['abstract']}\nER  - \n" for r in records
    ).encode()
    source = save_source(by=member, name="Bench", kind="database").source
    upload(by=member, source=source, name="bench.ris", content=io.BytesIO(content), size=len(content))
    job = Job.objects.filter(project=member.project).latest("created_at")
    jobs.run(str(job.pk))
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        raise SystemExit(f"The import did not end well: {job.failure_sentence}")


def asreview(stack: ExitStack, records: list[dict[str, str]]) -> Step:
    """ASReview LAB with the same records in a project of its own. Gives the step: label, then get the next."""
    _install_peer()
    port = free_port()
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    program = str(PEER_VENV / "bin" / "asreview")
    command = [program, "lab", "--no-browser", "--skip-update-check", "--host", "127.0.0.1", "--port", str(port)]
    started(stack, command, port, "/api/projects", {"ASREVIEW_PATH": folder})
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    project = _peer_project(port, text.getvalue().encode())
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    ask(port, "POST", f"/api/projects/{project}/train", urlencode({"ranking": "random"}).encode(), form)
    ask(port, "PUT", f"/api/projects/{project}/review", urlencode({"status": "review"}).encode(), form)
    current = [ask(port, "GET", f"/api/projects/{project}/get_record")["result"]["record_id"]]
    answers = random.Random(2)

    def step() -> None:
        body = urlencode({"record_id": current[0], "label": answers.choice([1, 0])}).encode()
        ask(port, "POST", f"/api/projects/{project}/record/{current[0]}", body, form)
        current[0] = ask(port, "GET", f"/api/projects/{project}/get_record")["result"]["record_id"]

    return step


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
    start = time.perf_counter()
    step()
    return (time.perf_counter() - start) * 1000


def at(share: float, times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def main() -> int:
    records = made_records()
    with ExitStack() as stack:
        step_for = brolly(stack, records)
        steps = {"Brolly, next 1": step_for(1), "Brolly, next 20": step_for(20), "ASReview LAB": asreview(stack, records)}
        for step in steps.values():
            for _ in range(WARM_UP):
                step()
        times: dict[str, list[float]] = {name: [] for name in steps}
        for _ in range(ROUNDS):
            for name, step in steps.items():
                times[name].append(timed(step))
    print(f"Decision and next report, {REPORTS:,} reports, {ROUNDS} rounds taken in turn, milliseconds")
    peer = times["ASReview LAB"]
    for name, mine in times.items():
        print(f"  {name:16} median {at(0.5, mine):7.1f}   p95 {at(0.95, mine):7.1f}", end="")
        ratios = f"   ASReview takes {at(0.5, peer) / at(0.5, mine):.1f}x at the median, {at(0.95, peer) / at(0.95, mine):.1f}x at p95"
        print("" if mine is peer else ratios)
    mine = times["Brolly, next 1"]
    held = at(0.5, peer) / at(0.5, mine) >= TARGET and at(0.95, peer) / at(0.95, mine) >= TARGET
    print(f"  Target {TARGET:.0f}x at both: {'met' if held else 'NOT met'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

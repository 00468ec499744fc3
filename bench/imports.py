"""A file from upload to the desk: Brolly beside ASReview LAB, and how far it goes with 100,000 records.

Both get the same RIS file of 10,000 records of real size, every tenth of them a second print of an earlier one. Brolly
is asked as a program asks it: one upload over HTTP (gunicorn as in production, one worker), then one request that is
answered when the import has ended, and the first report from the desk. In that time a Celery worker has read and kept
the file, matched every record of the project with every other, written reports, reasons and pairs for a person, and
placed them at title and abstract. ASReview LAB (PyPI, a venv of its own) gets the file in the one request its page
sends, which answers when the file is read; it matches nothing. What it takes from there until it gives a first record
is said beside it. They take turns; medians are compared.

Target: at most half the time. 100,000 records: under 90 seconds and 1 GB in the worker, both printed.
Run: python -m config.dev with-servers python -m bench.imports
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from bench.desk import PEER_VENV, ROOT, _install_peer, ask, free_port, started

RECORDS = int(os.environ.get("BENCH_IMPORT_RECORDS", "10000"))
LARGE = int(os.environ.get("BENCH_IMPORT_LARGE", "100000"))
ROUNDS = int(os.environ.get("BENCH_IMPORT_ROUNDS", "3"))
SHARE, LARGE_SECONDS, LARGE_MB = 0.5, 90.0, 1024.0
FILE_LIMIT_MB = "400"  # 100,000 records of this size are 200 MB and more


def made_file(n: int, seed: int = 1) -> bytes:
    """RIS records with what a database gives: title, authors, journal, pages, DOI, number, an abstract of about 1,600 letters.

    Every tenth says what one some lines before it says, in another hand: no DOI, the title in capitals, initials only.
    """
    chance = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(chance.choices(letters, weights=range(26, 0, -1), k=chance.randint(3, 11))) for _ in range(6000)]

    def text(k: int) -> str:
        return " ".join(chance.choices(words, k=k)).capitalize()

    entries: list[str] = []
    kept: list[tuple[str, list[str], int, str, int, int, str]] = []
    for at in range(n):
        again = at % 10 == 9 and kept
        if again:
            title, names, year, journal, volume, page, abstract = chance.choice(kept[-50:])
            title, names, doi = title.upper(), [f"{name.split(',')[0]}, {name.split(', ')[1][0]}." for name in names], ""
        else:
            names = [f"{text(1)}, {text(1)} {text(1)[0]}." for _ in range(chance.randint(1, 6))]
            title, journal, abstract = text(14), text(4), text(230)
            year, volume, page = chance.randint(1990, 2025), chance.randint(1, 80), chance.randint(1, 1900)
            kept.append((title, names, year, journal, volume, page, abstract))
            doi = f"DO  - 10.1234/bench.{seed}.{at}\n"
        authors = "".join(f"AU  - {name}\n" for name in names)
        entries.append(
            f"TY  - JOUR\nTI  - {title}\n{authors}PY  - {year}\nJO  - {journal}\nVL  - {volume}\nSP  - {page}\nEP  - {page + 9}\n"
            f"{doi}AN  - {seed}{at:07}\nAB  - {abstract}.\nER  - \n"
        )
    return "\n".join(entries).encode()


def form(parts: dict[str, str], name: str, content: bytes) -> tuple[bytes, dict[str, str]]:
    """A multipart form with one file, and its headers."""
    line = uuid4().hex
    body = [f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in parts.items()]
    body.append(f'--{line}\r\nContent-Disposition: form-data; name="{name}"; filename="bench.ris"\r\n\r\n'.encode())
    return b"".join([*body, content, f"\r\n--{line}--\r\n".encode()]), {"Content-Type": f"multipart/form-data; boundary={line}"}


class Brolly:
    """Its server and its worker, from outside: nothing but HTTP is used to import."""

    def __init__(self, stack: ExitStack) -> None:
        self.made: list[str] = []
        folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        os.environ |= {"BROLLY_DATA": folder, "BROLLY_UPLOAD_LIMIT_MB": FILE_LIMIT_MB}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("BROLLY_DEMO", "1")
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        self.port = free_port()
        # Its production settings, but for where it listens and how large it is.
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", f"--bind=127.0.0.1:{self.port}"]
        command += ["--workers=1", "--threads=4", "--max-requests=0", "--timeout=300", "config.wsgi:application"]
        self.web = started(stack, command, self.port, "/healthz")
        self.worker = self._worker(stack, Path(folder) / "worker.log")

    @staticmethod
    def _worker(stack: ExitStack, log: Path) -> int:
        command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency=1", "-l", "INFO", "--without-mingle"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log.open("wb"), stderr=subprocess.STDOUT, process_group=0)
        stack.callback(process.wait, 20)
        stack.callback(os.killpg, process.pid, signal.SIGTERM)
        ends = time.monotonic() + 60
        while b" ready." not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > ends:
                raise SystemExit(f"The worker did not start: {log.read_text()[-2000:]}")
            time.sleep(0.1)
        return process.pid

    def project(self) -> tuple[str, dict[str, str]]:
        """A project with one source: its address, and the headers of its coordinator, who screens too."""
        from screening.projects.actions import create_project, make_token
        from screening.projects.models import Role, User
        from screening.protocol.actions import save_source

        user = User.objects.create_user(f"{uuid4()}@example.org", uuid4().hex, name="Bench")
        member = create_project(user=user, title=f"Bench {uuid4().hex[:8]}", roles=(Role.COORDINATOR, Role.REVIEWER))
        self.made.append(member.project.slug)
        save_source(by=member, name="Bench", kind="database")
        _, secret = make_token(user=user, name="Bench")
        return f"/api/v1/projects/{member.project.slug}", {"Authorization": f"Bearer {secret}"}

    def import_file(self, content: bytes) -> tuple[float, dict[str, Any]]:
        """Seconds from the upload to the first report at the desk, and what the import says of itself."""
        base, headers = self.project()
        body, kind = form({"source": "bench"}, "files", content)
        start = time.perf_counter()
        (sent,) = ask(self.port, "POST", f"{base}/imports/", body, headers | kind)["results"]
        waiting = headers | {"Prefer": "wait=20"}
        while (found := ask(self.port, "GET", f"{base}/imports/{sent['id']}/", headers=waiting))["state"] == "reading":
            time.sleep(0.05)
        if found["state"] != "completed" or not ask(self.port, "GET", f"{base}/queue/title_abstract/?n=1", headers=headers)["results"]:
            raise SystemExit(f"The import did not end well: {found['state']} {found['sentence']}")
        return time.perf_counter() - start, found["tally"]

    def spent(self) -> dict[str, float]:
        """Processor seconds so far of the web server, the worker and the database."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = cursor.fetchone()[0]
        keeper = int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])
        of = {"web": lambda pid, parent: os.getpgid(pid) == self.web, "worker": lambda pid, parent: os.getpgid(pid) == self.worker}
        of |= {"database": lambda pid, parent: keeper in (pid, parent)}
        return processor_seconds(of)

    def rest(self) -> None:
        """Wait until the worker has nothing left to do (it makes the list of reports ready to be searched after an import)."""
        from screening.projects.models import Job

        while Job.objects.filter(project__slug__in=self.made).exclude(state__in=Job.OVER).exists():
            time.sleep(0.1)

    def memory(self) -> float:
        """MB that the worker's processes took at their most, the largest of them."""
        most = 0.0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                if os.getpgid(int(status.parent.name)) == self.worker:
                    most = max(most, *(int(line.split()[1]) / 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM")))
            except (OSError, TypeError):
                continue
        return most


def processor_seconds(of: dict[str, Callable[[int, int], bool]]) -> dict[str, float]:
    """Processor seconds of the processes that each part names by their number and their parent's, ended children included."""
    tick, found = os.sysconf("SC_CLK_TCK"), dict.fromkeys(of, 0.0)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, fields = int(stat.parent.name), stat.read_text().rpartition(")")[2].split()
            for name, belongs in of.items():
                if belongs(pid, int(fields[1])):
                    found[name] += sum(map(int, fields[11:15])) / tick
        except (OSError, ValueError):
            continue
    return found


@contextmanager
def asreview() -> Iterator[Any]:
    """ASReview LAB's server; gives how many seconds it takes to import a file into a new project, how many until that project
    gives a first record (in random order, without a model), and its processor seconds for the import."""
    _install_peer()
    port = free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        command = [str(PEER_VENV / "bin" / "asreview"), "lab", "--no-browser", "--skip-update-check", "--host", "127.0.0.1"]
        group = started(stack, [*command, "--port", str(port)], port, "/api/projects", folder=folder, ASREVIEW_PATH=str(folder))

        def import_file(content: bytes) -> tuple[float, float, float]:
            body, kind = form({"mode": "oracle"}, "file", content)
            of = {"all": lambda pid, parent: os.getpgid(pid) == group}
            start, before = time.perf_counter(), processor_seconds(of)["all"]
            project = f"/api/projects/{ask(port, 'POST', '/api/projects/create', body, kind)['id']}"
            imported, busy = time.perf_counter() - start, processor_seconds(of)["all"] - before
            typed = {"Content-Type": "application/x-www-form-urlencoded"}
            ask(port, "POST", f"{project}/train", urlencode({"ranking": "random"}).encode(), typed)
            ask(port, "PUT", f"{project}/review", urlencode({"status": "review"}).encode(), typed)
            while not ask(port, "GET", f"{project}/get_record")["result"]:
                time.sleep(0.05)
            return imported, time.perf_counter() - start, busy

        yield import_file


def main() -> int:
    held = True
    with ExitStack() as stack:
        mine = Brolly(stack)
        content = made_file(RECORDS)
        mine.import_file(made_file(50, seed=9))
        mine.rest()
        times: dict[str, list[float]] = {"Brolly": [], "ASReview LAB": [], "to its first": []}
        spent: list[dict[str, float]] = []
        spent_there: list[float] = []
        with asreview() as peer:
            peer(made_file(50, seed=9))
            for _ in range(ROUNDS):
                before = mine.spent()
                seconds, tally = mine.import_file(content)
                times["Brolly"].append(seconds)
                spent.append({part: now - before[part] for part, now in mine.spent().items()})
                mine.rest()
                seconds, first, busy = peer(content)
                times["ASReview LAB"].append(seconds)
                times["to its first"].append(first)
                spent_there.append(busy)
        print(f"{RECORDS:,} RIS records ({len(content) / 1e6:.0f} MB), upload to screenable, {ROUNDS} rounds in turn, seconds", flush=True)
        for name, taken in times.items():
            print(f"  {name:16} median {median(taken):6.2f}   " + " ".join(f"{one:.2f}" for one in taken))
        share, all_the_way = (median(times["Brolly"]) / median(times[until]) for until in ("ASReview LAB", "to its first"))
        held = share <= SHARE
        print(f"  {tally['duplicates']:,} of them joined to {tally['new_reports']:,} reports; ASReview LAB matches nothing")
        parts = {part: median(one[part] for one in spent) for part in spent[0]}
        said = ", ".join(f"{part} {seconds:.2f}" for part, seconds in parts.items())
        print(f"  processor seconds, medians: Brolly {sum(parts.values()):.2f} ({said}); ASReview LAB {median(spent_there):.2f}")
        print(f"  load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"  Until the first record is given, both: Brolly takes {all_the_way:.2f} of the time")
        print(f"  Brolly, to its first, takes {share:.2f} of the time of ASReview LAB's import alone")
        print(f"  Target {SHARE} of the import alone: {'met' if held else 'NOT met'}", flush=True)
        if LARGE:
            before = mine.memory()
            seconds, tally = mine.import_file(made_file(LARGE, seed=2))
            good = seconds <= LARGE_SECONDS and mine.memory() <= LARGE_MB
            print(f"{LARGE:,} records: {seconds:.1f} s, worker {mine.memory():.0f} MB at most ({before:.0f} MB before)")
            print(f"  Target {LARGE_SECONDS:.0f} s and {LARGE_MB:.0f} MB: {'met' if good else 'NOT met'}", flush=True)
            held = held and good
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

"""An import whose worker and database are killed together: a script in a process of its own, beside servers of its own.

`python -m config.dev with-servers` would keep one PostgreSQL; this one is killed and started again on the same data.
Prints one line of JSON at its end.
"""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from config.dev import folders, postgres, valkey
from config.dev.processes import Family

ROOT = Path(__file__).resolve().parents[2]
RECORDS = 6000


def library() -> bytes:
    """Many small records; every tenth says what the one before it says."""
    entries = []
    for k in range(RECORDS):
        said = k - 1 if k % 10 == 9 else k
        entries.append(
            f"TY  - JOUR\nTI  - Umbrella study number {said} of wards and peers\nAU  - Author{said}, A.\nPY  - {1990 + said % 30}\n"
            f"DO  - 10.1234/many.{said}\nAB  - {'Words on wards. ' * 40}\nAN  - {k}\nER  - \n"
        )
    return "\n".join(entries).encode()


@contextmanager
def restarting(family: Family, home: Path):
    """The database's URL, and a function that kills all of PostgreSQL, as a failing machine does, and starts it again."""
    place = postgres.find_place(home / "data" / "postgresql", spare_root=home)
    url = postgres.start(family, place, home, home / "log")

    def again() -> None:
        (server,) = [child for child in family.children if child.program.name == "PostgreSQL"]
        os.kill(server.process.pid, signal.SIGQUIT)  # immediate: no checkpoint, no goodbye; the log is replayed at the start
        server.process.wait(60)
        family.children.remove(server)
        shutil.rmtree(home / "postgresql")
        if postgres.start(family, place, home, home / "log") != url:
            raise SystemExit("The database came back at another place.")

    yield url, again


def worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool=solo", "-l", "WARNING", "--without-gossip"]
    return subprocess.Popen([*command, "--without-mingle"], cwd=ROOT)


def waited_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    """Ask again and again, and send what is due as beat does. A database that is down in between is no answer."""
    from django.db import DatabaseError, connection

    from screening.projects import jobs

    ends, sent = time.monotonic() + seconds, 0.0
    while time.monotonic() < ends:
        try:
            if happened():
                return
            if time.monotonic() - sent > 1:
                sent = time.monotonic()
                for job in jobs.due():
                    jobs.send(job)
        except DatabaseError:
            connection.close()
        time.sleep(0.005)
    raise SystemExit("What was waited for did not happen.")


def lease_ended() -> None:
    """The time passes after which nobody is at work on what a worker held when the database went."""
    from django.db import connection
    from django.utils import timezone

    from screening.projects.models import Job

    connection.close()
    time.sleep(1)
    Job.objects.filter(state=Job.State.RUNNING).update(lease_until=timezone.now())


def main() -> None:
    family, home = Family(), folders.make_sockets()
    try:
        with restarting(family, home) as (url, again):
            os.environ |= {"DATABASE_URL": url, "BROLLY_DATA": str(home / "files"), "DJANGO_SETTINGS_MODULE": "config.settings"}
            os.environ["REDIS_URL"] = valkey.start(family, home / "data" / "valkey", home, home / "log", keep=False)
            sys.stdout.write(json.dumps(imported(again)) + "\n")
    finally:
        family.stop()
        shutil.rmtree(home, ignore_errors=True)


def imported(again) -> dict[str, object]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.models import Count

    call_command("migrate", verbosity=0)
    from screening.flow.checks import check_project
    from screening.projects.models import Job
    from screening.references import actions
    from screening.references.models import ImportEvent, Join, Placement, Record, Report
    from tests.cast import add_source, make_team

    team, content, seen = make_team(), library(), {}
    at_work = worker()
    try:
        run, _ = actions.upload(by=team.coordinator, source=add_source(team), name="a.ris", content=io.BytesIO(content), size=len(content))
        waited_for(Record.objects.exists)
        seen["reading"] = Record.objects.count()
        again()
        lease_ended()
        # A second time when all is read, before the one transaction that lets the records count has ended.
        waited_for(lambda: Job.objects.filter(kind="import", sentence__startswith="Comparing").exists())
        seen["matching"] = Record.objects.count()
        again()
        lease_ended()
        seen["counted"] = ImportEvent.objects.count()
        waited_for(lambda: ImportEvent.objects.filter(import_run=run).exists())
    finally:
        at_work.kill()
        at_work.wait()
    tally = ImportEvent.objects.get(import_run=run).tally
    twice = Record.objects.values("ordinal").annotate(n=Count("pk")).filter(n__gt=1).count()
    counts = [kind.objects.count() for kind in (Record, Placement, Join, Report)]
    wrong = [str(one) for one in check_project(team.project)]
    seen["attempts"] = Job.objects.get(kind="import").attempt
    return {"seen": seen, "tally": [tally[name] for name in ("read", "new_reports", "duplicates")], "counts": counts, "twice": twice,
            "wrong": wrong}  # fmt: skip


if __name__ == "__main__":
    main()

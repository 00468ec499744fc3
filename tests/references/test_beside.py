"""Reading a file in a process beside gives what reading it here gives, ends as it ends here, and leaves nothing behind."""

import io
import os
import signal
import time
import uuid

import pytest

from screening.projects import jobs
from screening.projects.models import Job
from screening.references import actions, batches
from screening.references.batches import Batches, unpacked_rows
from screening.references.beside import Lost, beside
from screening.references.formats import Limits, ReadError
from screening.references.models import Record
from tests.cast import add_source

pytestmark = pytest.mark.django_db


def of_record(n: int) -> str:
    return (
        f"TY  - JOUR\nTI  - Title {n} \\ of many\nAU  - Ünal, A.\nAB  - {'words ' * 40}\nPY  - 20{n % 100:02}\nDO  - 10.1/{n}\nER  - \n\n"
    )


FILE = "".join(map(of_record, range(2500))).replace("TI  - Title 7 \\ of many\n", "").replace("PY  - 2009\n", "PY  - soon\n")
FILE = (FILE + "TY  - JOUR\nER  - \n").encode()


def children() -> set[str]:
    mine = f"/proc/{os.getpid()}/task"
    return {one for task in os.listdir(mine) for one in open(f"{mine}/{task}/children").read().split()}


def gathered(data: bytes, large: int, monkeypatch, limits: Limits | None = None):
    monkeypatch.setattr(batches, "LARGE", large)
    monkeypatch.setattr(batches, "spare", lambda: True)
    made = Batches(data, "a.ris", None, limits or Limits(), project=uuid.UUID(int=1), import_run=uuid.UUID(int=2))
    return list(made), made.reading


def but_for_ids(lines: bytes) -> list[list[bytes]]:
    return [line.split(b"\t")[1:] for line in lines.splitlines()]


def rows(packed: bytes) -> list[tuple[str, bytes]]:
    """Of each row its id, and all else."""
    return [(str(uuid.UUID(bytes=row[6:22])), row[22:]) for row in unpacked_rows(packed)]


def test_the_same_is_read_beside_as_here(monkeypatch):
    here, said_here = gathered(FILE, 1 << 60, monkeypatch)
    there, said_there = gathered(FILE, 1, monkeypatch)
    assert said_here == said_there
    assert len(said_there.not_read) == 1
    assert [batch.ordinals for batch in here] == [batch.ordinals for batch in there]
    assert [batch.odd for batch in here] == [batch.odd for batch in there]
    assert sum(batch.odd for batch in there) > 20
    for one, other in zip(here, there, strict=True):
        # Ids and random keys are new each time; all else is the same to the letter.
        assert [row for _, row in rows(one.records)] == [row for _, row in rows(other.records)]
        assert but_for_ids(one.reports) == but_for_ids(other.reports)
        for mine, theirs in zip(one.entries, other.entries, strict=True):
            assert all(getattr(mine, name) == getattr(theirs, name) for name in mine.__slots__ if name != "key")
        assert [entry.key for entry in other.entries] == [key for key, _ in rows(other.records)]


def test_what_is_kept_is_left_out(monkeypatch):
    (batch, *_), _ = gathered(FILE, 1, monkeypatch)
    left = unpacked_rows(batch.but({1, 3}))
    # Behind three ids of 16 bytes, each with its size before it, and the size of this number.
    assert [int.from_bytes(row[66:70], "big") for row in left] == [n for n in batch.ordinals if n not in (1, 3)]
    assert batch.but(set()) is batch.records


@pytest.mark.parametrize("large", [1, 1 << 60])
def test_a_file_that_cannot_be_read_says_so_in_the_same_sentence(monkeypatch, large):
    with pytest.raises(ReadError, match=r"^a.ris: .*web page"):
        gathered(b"<!DOCTYPE html><html><body>Sign in</body></html>", large, monkeypatch)
    with pytest.raises(ReadError, match="10"):
        gathered(FILE, large, monkeypatch, Limits(records=10))


@pytest.mark.parametrize(("processors", "load", "free"), [(2, 1.5, True), (2, 2.0, False), (1, 0.0, False), (None, 0.0, False)])
def test_a_second_process_is_for_a_processor_to_spare(monkeypatch, processors, load, free):
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 9.0, 9.0))
    monkeypatch.setattr(batches, "_running", lambda: None)
    assert batches.spare() is free


@pytest.mark.parametrize(("running", "free"), [([1, 1, 2, 1, 3], True), ([2, 2, 1, 2, 1], False), ([9, 1, 1, 1, 1], True)])
def test_where_the_system_says_what_runs_this_moment_counts(monkeypatch, running, free):
    """One process is this one. The minute before, in which something else was busy, does not count."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (9.0, 9.0, 9.0))
    monkeypatch.setattr(batches, "_running", iter(running).__next__)
    assert batches.spare() is free


@pytest.mark.parametrize(("size", "free", "processes"), [(1, True, 1), (1, False, 0), (1 << 60, True, 0)])
def test_a_small_file_or_a_busy_machine_starts_no_process(monkeypatch, size, free, processes):
    started = []
    monkeypatch.setattr(batches, "LARGE", size)
    monkeypatch.setattr(batches, "spare", lambda: free)
    monkeypatch.setattr(batches, "beside", lambda *given: started.append(given) or beside(*given))
    made = Batches(FILE, "a.ris", None, Limits(), project=uuid.UUID(int=1), import_run=uuid.UUID(int=2))
    assert (sum(len(batch.entries) for batch in made), len(started)) == (2500, processes)


def test_whoever_stops_asking_ends_the_process():
    before = children()
    endless = beside(lambda: iter(lambda: b"x" * 3_000_000, None), ReadError)
    assert next(endless) == b"x" * 3_000_000
    assert len(children() - before) == 1
    endless.close()
    assert children() <= before


def test_an_error_that_nobody_expected_is_told_with_where_it_was():
    def fails():
        yield b"one"
        raise ZeroDivisionError("by nothing")

    given = beside(fails, ReadError)
    assert next(given) == b"one"
    with pytest.raises(Lost, match=r"(?s)in fails.*ZeroDivisionError: by nothing"):
        next(given)


def test_a_process_that_is_killed_is_no_end():
    def killed():
        yield b"one"
        os.kill(os.getpid(), signal.SIGKILL)
        yield b"two"

    with pytest.raises(Lost):
        list(beside(killed, ReadError))


def test_it_ends_by_itself_when_nobody_is_there_any_more():
    """As when the worker is killed: nothing can tell the other process but the pipe."""
    reading, writing = os.pipe()
    worker = os.fork()
    if not worker:
        for number in beside(lambda: iter(lambda: str(os.getpid()).encode(), None), ReadError):
            os.write(writing, number)
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(worker, 0)
    other = int(os.read(reading, 20))
    for _ in range(100):
        try:
            gone = open(f"/proc/{other}/stat").read().rpartition(")")[2].split()[0] == "Z"  # noqa: SIM115
        except FileNotFoundError:
            gone = True
        if gone:
            break
        time.sleep(0.05)
    assert gone


def test_an_import_read_beside_is_the_import_read_here(monkeypatch, team):
    monkeypatch.setattr(batches, "LARGE", 1)
    monkeypatch.setattr(batches, "spare", lambda: True)
    source, before = add_source(team), children()
    run, _ = actions.upload(by=team.coordinator, source=source, name="a.ris", content=io.BytesIO(FILE), size=len(FILE))
    jobs.run(str(Job.objects.get(args__import=str(run.pk)).pk))
    job = Job.objects.get(args__import=str(run.pk))
    assert (job.state, job.result["read"], job.result["not_read"]) == (Job.State.DONE, 2500, 1)
    assert list(Record.objects.filter(import_run=run).order_by("seq").values_list("ordinal", flat=True)) == list(range(1, 2501))
    assert children() <= before

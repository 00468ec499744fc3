"""Who gets the next request: the thread that was done last, and nobody's request is lost."""

import os
import platform
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from http.client import HTTPConnection

import pytest

from config.serving import LatestFirst, Worker
from tests.shared import ROOT


@pytest.fixture
def pool() -> Iterator[LatestFirst]:
    made = LatestFirst(3)
    yield made
    made.shutdown()


def _name() -> str:
    return threading.current_thread().name


def test_one_after_the_other_is_done_by_one_thread(pool: LatestFirst) -> None:
    assert {pool.submit(_name).result(60) for _ in range(200)} == {"web-1"}


def test_what_follows_an_answer_at_once_is_done_by_the_same_thread(pool: LatestFirst) -> None:
    """The answer to a request may bring the next one before the thread is back at its place."""
    names: list[str] = []
    done = threading.Event()

    def again(future: object = None) -> None:
        if len(names) == 50:
            done.set()
            return
        pool.submit(lambda: names.append(_name())).add_done_callback(again)

    again()
    assert done.wait(60)
    assert set(names) <= {"web-1", "web-2"}  # the callback may be added after the work is done, from another thread
    assert len(names) == 50


def test_several_at_once_are_done_at_once_and_the_rest_in_their_order(pool: LatestFirst) -> None:
    gate, begun, order = threading.Barrier(4), threading.Semaphore(0), []

    def hold() -> str:
        begun.release()
        gate.wait(60)
        return _name()

    holding = [pool.submit(hold) for _ in range(3)]
    assert all(begun.acquire(timeout=60) for _ in range(3))
    waiting = [pool.submit(order.append, n) for n in range(20)]
    time.sleep(0.05)
    assert not order
    gate.wait(60)
    wait([*holding, *waiting], timeout=60)
    assert {future.result() for future in holding} == {"web-1", "web-2", "web-3"}
    assert sorted(order) == list(range(20))


def test_the_one_who_was_done_last_is_next(pool: LatestFirst) -> None:
    first, second = threading.Event(), threading.Event()
    names: dict[str, str] = {}

    def held_by(event: threading.Event, which: str) -> None:
        names[which] = _name()
        event.wait(60)

    one, two = pool.submit(held_by, first, "first"), pool.submit(held_by, second, "second")
    while len(names) < 2:
        time.sleep(0.001)
    second.set()
    two.result(60)
    first.set()
    one.result(60)
    assert pool.submit(_name).result(60) == names["first"]


def test_what_goes_wrong_is_told_and_the_thread_goes_on(pool: LatestFirst) -> None:
    with pytest.raises(ZeroDivisionError):
        pool.submit(lambda: 1 / 0).result(60)
    assert pool.submit(_name).result(60) == "web-1"


def test_what_was_taken_back_is_not_done(pool: LatestFirst) -> None:
    gate, done = threading.Event(), []
    holding = [pool.submit(gate.wait, 60) for _ in range(3)]
    late = [pool.submit(done.append, n) for n in range(3)]
    assert late[1].cancel()
    gate.set()
    wait([*holding, late[0], late[2]], timeout=60)
    assert sorted(done) == [0, 2]
    with pytest.raises(CancelledError):
        late[1].result(0)


def test_shut_it_ends_its_threads_and_what_was_taken_is_done() -> None:
    pool, gate = LatestFirst(1), threading.Event()
    held, after = pool.submit(gate.wait, 60), pool.submit(_name)
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(_name)
    gate.set()
    assert held.result(60)
    assert after.result(60) == "web-1"
    for thread in threading.enumerate():
        if thread.name == "web-1":
            thread.join(60)
            assert not thread.is_alive()


def test_shut_with_what_waits_thrown_away() -> None:
    pool, gate = LatestFirst(1), threading.Event()
    held, after = pool.submit(gate.wait, 60), pool.submit(_name)
    pool.shutdown(cancel_futures=True)
    gate.set()
    assert held.result(60)
    assert after.cancelled()


def test_production_serves_with_it() -> None:
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind=127.0.0.1:0", "--workers=1"]
    server = subprocess.Popen([*command, "config.wsgi:application"], cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True)
    told = ""
    try:
        while not (listens := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", told)):
            told += (line := server.stderr.readline())
            assert line, told
        connection = HTTPConnection("127.0.0.1", int(listens[1]), timeout=60)
        for _ in range(5):
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            assert (answer.status, answer.read()) == (200, b"ok")
        connection.close()
    finally:
        server.terminate()
        told += server.stderr.read()
        server.wait(60)
    assert f"{Worker.__module__}.{Worker.__name__}" in told
    assert server.returncode == 0


FAULTS = """
import resource, runpy, sys
conf = runpy.run_path("deploy/gunicorn.conf.py")
if sys.argv[1] == "keep":
    conf["keep_memory"]()
def round_():
    return [bytes(60_000) for _ in range(20)]  # twenty abstracts and what is made of them
for _ in range(20):
    round_()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(100):
    round_()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library than the one it is for")
def test_memory_given_back_after_an_answer_is_not_asked_for_anew() -> None:
    def faults(which: str) -> int:
        done = subprocess.run([sys.executable, "-c", FAULTS, which], cwd=ROOT, capture_output=True, text=True, check=True)
        return int(done.stdout)

    kept, as_it_comes = faults("keep"), faults("as it comes")
    assert as_it_comes > 1000
    assert kept < as_it_comes / 10

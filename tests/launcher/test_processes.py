"""Children: run, watched, ended, killed."""

import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.dev.processes import Family, LaunchProblem, Program, StopAsked, last_lines
from tests.launcher.copies import left_after

STUBBORN = """
import signal, subprocess, sys, time
for number in (signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""

TELLS = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print(sys.argv[1], flush=True), sys.exit()))
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def family() -> Iterator[Family]:
    made = Family()
    yield made
    made.stop()


def program(tmp_path: Path, code: str, **more: object) -> Program:
    return Program("The example", [sys.executable, "-c", code], log=tmp_path / "log" / "example.log", cwd=tmp_path, **more)


def test_what_a_program_writes_comes_back_each_time_alone(family: Family, tmp_path: Path) -> None:
    assert family.run(program(tmp_path, "print('once')")) == "once\n"
    assert family.run(program(tmp_path, "print('twice')")) == "twice\n"
    assert (tmp_path / "log" / "example.log").read_text() == "once\ntwice\n"


def test_an_answer_to_be_shown_is_kept_apart_from_the_log(family: Family, tmp_path: Path) -> None:
    code = "import sys; print('the answer'); print('a warning', file=sys.stderr)"
    for _ in range(2):
        assert family.run(program(tmp_path, code, answer=tmp_path / "answer.txt")) == "the answer\n"
    assert (tmp_path / "log" / "example.log").read_text() == "a warning\n" * 2


def test_a_failure_is_a_sentence_with_the_end_of_the_log(family: Family, tmp_path: Path) -> None:
    with pytest.raises(LaunchProblem) as problem:
        family.run(program(tmp_path, "import sys; print('the cause'); sys.exit(3)"))
    assert "The example ended unexpectedly (exit code 3)." in str(problem.value)
    assert "  the cause" in str(problem.value)


def test_a_program_that_is_not_there_is_named(family: Family, tmp_path: Path) -> None:
    with pytest.raises(LaunchProblem, match="The example could not be started"):
        family.start(Program("The example", ["/no/such/program"], log=tmp_path / "log", cwd=tmp_path))


def test_a_request_to_stop_ends_what_is_running(family: Family, tmp_path: Path) -> None:
    family.stop_asked = True
    started = time.monotonic()
    with pytest.raises(StopAsked):
        family.run(program(tmp_path, "import time; time.sleep(60)"))
    assert time.monotonic() - started < 50


def test_a_dead_server_is_noticed_while_another_program_runs(family: Family, tmp_path: Path) -> None:
    family.start(program(tmp_path, "import sys; sys.exit(5)"))
    with pytest.raises(LaunchProblem, match="exit code 5"):
        family.run(Program("Work", [sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "work.log", cwd=tmp_path))


def test_a_server_that_ends_without_an_error_is_noticed_too(family: Family, tmp_path: Path) -> None:
    child = family.start(program(tmp_path, "pass"))
    child.process.wait()
    with pytest.raises(LaunchProblem, match="exit code 0"):
        family.check()


def test_a_server_that_never_answers_is_given_up_on(family: Family, tmp_path: Path) -> None:
    child = family.start(program(tmp_path, "import time; print('still trying', flush=True); time.sleep(60)"))
    with pytest.raises(LaunchProblem, match="did not answer within 1 seconds"):
        family.wait_until(lambda: False, child, 1.0)


def test_one_that_refuses_to_end_is_killed_with_its_children(family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.dev.processes.PATIENCE_SECONDS", 0.5)
    child = family.start(program(tmp_path, STUBBORN))
    log = tmp_path / "log" / "example.log"
    family.wait_until(lambda: log.read_text().strip().isdigit(), child, 10)
    grandchild = int(log.read_text())
    family.stop()
    assert child.process.returncode == -signal.SIGKILL
    assert left_after({grandchild: "the child's child"}, 60) == {}


def test_servers_end_in_the_opposite_order_of_their_start(family: Family, tmp_path: Path) -> None:
    log = tmp_path / "order.log"
    for number, name in enumerate(("database", "web server"), start=1):
        child = family.start(Program(name, [sys.executable, "-c", TELLS, name], log=log, cwd=tmp_path))
        family.wait_until(lambda number=number: log.read_text().count("up") == number, child, 10)
    family.stop()
    assert log.read_text().split("\n")[-3:-1] == ["web server", "database"]


def test_the_front_command_gives_its_exit_code_and_128_plus_its_signal(family: Family, tmp_path: Path) -> None:
    def front(code: str) -> int:
        return family.run_in_front([sys.executable, "-c", code], cwd=tmp_path, environment={})

    assert front("raise SystemExit(4)") == 4
    assert front("import os; os.kill(os.getpid(), 9)") == 137


def test_only_the_last_lines_are_shown(tmp_path: Path) -> None:
    log = tmp_path / "long.log"
    log.write_text("".join(f"line {number}\n" for number in range(100)))
    shown = last_lines(log, 3)
    assert shown.splitlines()[1:] == ["  line 97", "  line 98", "  line 99"]
    assert "nothing in" in last_lines(tmp_path / "absent.log")

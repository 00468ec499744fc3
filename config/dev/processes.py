"""Child processes that end with the launcher, however it ends.

Each child asks the kernel for a signal when the launcher dies (PDEATHSIG), so that even a killed
launcher leaves nothing behind. The kernel ties that to the *thread* that started the child: start
children from the main thread only.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
LAST_LINES = 20
POLL_SECONDS = 0.05
# Longer than any orderly end takes: PostgreSQL writes its last checkpoint within it.
PATIENCE_SECONDS = 15.0

_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


class LaunchProblem(Exception):
    """The launcher cannot go on; the message is a sentence for the person who started it."""


class StopAsked(Exception):
    """Someone pressed Ctrl-C, or sent SIGTERM or SIGHUP."""


@dataclass(frozen=True)
class Program:
    """Something to start: what people call it, its command, where it writes, how it is asked to end.

    `uid` is whom it runs as (None: the launcher's own user); `environment` None is the launcher's;
    `keep_open` are file descriptors it inherits; `answer` is a file for its standard output alone,
    where that is meant to be shown and not only logged; `death_signal` is what the kernel sends when
    the launcher was killed (None: the stop signal).
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    cwd: Path
    environment: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals | None = None
    uid: int | None = None
    keep_open: tuple[int, ...] = ()
    answer: Path | None = None


@dataclass(frozen=True)
class Child:
    """A program that was started; `log_start` is how long its log was before."""

    program: Program
    process: subprocess.Popen[bytes]
    log_start: int

    def wrote(self) -> str:
        """What it has written so far, without what earlier runs left in the log."""
        with self.program.log.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace")

    def check(self) -> None:
        """Raise LaunchProblem, with the last lines of its log, if it has ended badly."""
        if self.process.poll():
            raise self._ending()

    def check_running(self) -> None:
        """Raise LaunchProblem if it has ended at all."""
        if self.process.poll() is not None:
            raise self._ending()

    def _ending(self) -> LaunchProblem:
        code = self.process.returncode
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return LaunchProblem(f"{self.program.name} ended unexpectedly ({how}).\n{last_lines(self.program.log)}")

    def end(self) -> None:
        """Ask it to end, wait, and kill what is left of its session."""
        if self.process.poll() is None:
            self.process.send_signal(self.program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_SECONDS)
        self.signal_group(signal.SIGKILL)
        self.process.wait()

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and what it started in its session; nothing if gone."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


@dataclass
class Family:
    """The launcher's children, in the order in which they were started.

    `held` are file descriptors every child keeps open: the lock on `var/` is then free only when
    the last of them is gone. `under_make` says that `make` is the launcher's parent.
    """

    held: tuple[int, ...] = ()
    children: list[Child] = field(default_factory=list)
    stop_asked: bool = False
    under_make: bool = False

    def listen_for_signals(self) -> None:
        """Turn Ctrl-C, SIGTERM and a closed terminal into an orderly end."""

        def ask(_number: int, _frame: object) -> None:
            self.stop_asked = True

        signal.signal(signal.SIGINT, ask)
        signal.signal(signal.SIGTERM, ask)
        # Under nohup a closed terminal is to be ignored, and stays so.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, ask)

    def start(self, program: Program) -> Child:
        """Start a server that runs until it is stopped. Raises LaunchProblem if it cannot start."""
        child = self._spawn(program)
        self.children.append(child)
        return child

    def run(self, program: Program) -> str:
        """Run a program to its end and hand back what it wrote.

        Raises LaunchProblem with its last lines when it fails, StopAsked when a person stops it.
        """
        child = self._spawn(program)
        try:
            while child.process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        except BaseException:
            child.end()
            raise
        child.check()
        return child.wrote() if program.answer is None else program.answer.read_text(errors="replace")

    def run_in_front(self, command: Sequence[str], *, cwd: Path, environment: Mapping[str, str]) -> int:
        """Run a command on the launcher's own terminal and return its exit code.

        Raises LaunchProblem if it cannot be started or a server dies meanwhile, StopAsked on Ctrl-C.
        """
        try:
            process = subprocess.Popen(
                list(command),
                cwd=cwd,
                env=dict(environment),
                preexec_fn=_ending_with_parent(signal.SIGTERM),
            )
        except OSError as cause:
            raise LaunchProblem(f"{command[0]} could not be started: {cause}.") from cause
        try:
            while process.poll() is None:
                self.check()
                time.sleep(POLL_SECONDS)
        except BaseException:
            process.terminate()
            try:
                process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            raise
        return process.returncode if process.returncode >= 0 else 128 - process.returncode

    def check(self) -> None:
        """Raise StopAsked if a person asked for the end, LaunchProblem if a child has died."""
        if self.stop_asked or (self.under_make and _interrupted(os.getppid())):
            raise StopAsked
        for child in self.children:
            child.check_running()

    def wait_until(self, ready: Callable[[], bool], child: Child, seconds: float) -> None:
        """Wait for a server to answer; raises LaunchProblem after `seconds` or when one dies."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                program = child.program
                raise LaunchProblem(f"{program.name} did not answer within {seconds:.0f} seconds.\n{last_lines(program.log)}")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End every child, the last started first, by force if need be.

        Those started later need the earlier ones (the worker its queue, the web server its
        database), so that order loses nothing.
        """
        while self.children:
            self.children.pop().end()

    def _spawn(self, program: Program) -> Child:
        program.log.parent.mkdir(parents=True, exist_ok=True)
        uid = program.uid
        with contextlib.ExitStack() as files:
            log = files.enter_context(program.log.open("ab"))
            answer = log if program.answer is None else files.enter_context(program.answer.open("wb"))
            log_start = log.tell()
            try:
                process = subprocess.Popen(
                    [str(word) for word in program.command],
                    cwd=program.cwd,
                    env=None if program.environment is None else dict(program.environment),
                    stdin=subprocess.DEVNULL,
                    stdout=answer,
                    stderr=log,
                    start_new_session=True,  # Ctrl-C reaches the launcher alone, which ends all in order
                    user=uid,
                    group=uid,
                    extra_groups=None if uid is None else [],
                    pass_fds=(*self.held, *program.keep_open),
                    preexec_fn=_ending_with_parent(program.death_signal or program.stop_signal),
                )
            except (OSError, subprocess.SubprocessError) as cause:
                raise LaunchProblem(f"{program.name} could not be started: {cause}.") from cause
        return Child(program, process, log_start)


def end_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this very process `number` when its parent dies (Linux)."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _interrupted(make: int) -> bool:
    """Whether `make` alone was sent SIGINT: it then waits for its child without telling it.

    A Ctrl-C reaches both; a signal sent to make's id does not. While it waits it has SIGINT blocked.
    """
    try:
        status = Path(f"/proc/{make}/status").read_text()
    except OSError:
        return False
    blocked = status.partition("SigBlk:")[2].split(maxsplit=1)
    return bool(blocked) and bool(int(blocked[0], 16) >> (signal.SIGINT - 1) & 1)


def last_lines(log: Path, count: int = LAST_LINES) -> str:
    """The end of a log for a person to read, with where the rest is."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return f"(nothing in {log})"
    return "\n".join([f"The last lines of {log}:", *(f"  {line}" for line in lines[-count:])])


def is_alive(pid: int) -> bool:
    """Whether a process of that id exists, whoever it belongs to."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _ending_with_parent(number: signal.Signals) -> Callable[[], None]:
    launcher = os.getpid()

    def prepare() -> None:
        # Runs in the child, after its uid was changed (which would clear the request).
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        end_with_parent(number)
        if os.getppid() != launcher:  # the launcher died before the request was made
            os._exit(1)

    return prepare

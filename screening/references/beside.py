"""Work done in a process beside this one, so that pure Python uses a second processor."""

import fcntl
import os
import signal
import struct
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import BinaryIO, NoReturn

PIPE = 1024 * 1024
_HEAD = struct.Struct("<cQ")
_THING, _KNOWN, _FAILED, _OVER = b"t", b"k", b"f", b"o"


class Lost(Exception):
    """The process beside ended without a word (killed, for want of memory perhaps), or with an error nobody expected."""


def beside(make: Callable[[], Iterable[bytes]], known: type[Exception]) -> Iterator[bytes]:
    """What `make` gives, in its order, made in a copy of this process; what it does not get rid of it keeps in hand.

    For work that asks nothing of the database, of locks or of other threads: these stay behind. An error of the type
    `known` is raised here with its words; any other as Lost. Whoever stops asking ends the process; and where this one
    is killed, the other ends as soon as it has something to give. It is started at once, here.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        _work(make, known, writing)
    os.close(writing)
    with suppress(OSError):
        fcntl.fcntl(reading, fcntl.F_SETPIPE_SZ, PIPE)
    return _taken(process, os.fdopen(reading, "rb"), known)


def _taken(process: int, pipe: BinaryIO, known: type[Exception]) -> Iterator[bytes]:
    try:
        with pipe:
            yield from _given(pipe, known)
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _given(pipe: BinaryIO, known: type[Exception]) -> Iterator[bytes]:
    while head := pipe.read(_HEAD.size):
        kind, size = _HEAD.unpack(head) if len(head) == _HEAD.size else (b"", 0)
        thing = pipe.read(size)
        if kind == _OVER:
            return
        if kind == _KNOWN:
            raise known(thing.decode())
        if kind == _FAILED:
            raise Lost(thing.decode())
        if len(thing) < size or not kind:
            break
        yield thing
    raise Lost("The process beside ended before its work did.")


def _work(make: Callable[[], Iterable[bytes]], known: type[Exception], writing: int) -> NoReturn:
    """All that the other process does. It leaves without tidying up: whatever is open is its parent's."""
    try:
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        with os.fdopen(writing, "wb", buffering=0, closefd=False) as pipe:
            try:
                for thing in make():
                    _give(pipe, _THING, thing)
                _give(pipe, _OVER)
            except known as error:
                _give(pipe, _KNOWN, str(error).encode(errors="replace"))
            except Exception:
                _give(pipe, _FAILED, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(0)


def _give(pipe: BinaryIO, kind: bytes, thing: bytes = b"") -> None:
    for part in (memoryview(_HEAD.pack(kind, len(thing))), memoryview(thing)):
        while part:
            part = part[pipe.write(part) :]

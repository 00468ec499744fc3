"""A command as whoever calls it meets it: its exit code, and what it writes where. Without the second that a new Python takes to start."""

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

from django.core.management import execute_from_command_line


class Said(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def said_by(*words: object) -> Said:
    """`manage.py` with these words. Where the test asks for no database, none can be reached."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            execute_from_command_line(["manage.py", *map(str, words)])
        except SystemExit as end:
            code = end.code
    return Said(code, *(stream.buffer.getvalue().decode() for stream in (out, err)))

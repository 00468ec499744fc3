"""The words of a PDF, page by page, read in a process of its own that may fail, hang or grow without harm."""

import json
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from screening.fulltext.documents.child import DAMAGED, PASSWORD

CHILD = Path(__file__).with_name("child.py")
MOST_PAGES = 3000
MOST_CHARACTERS = 20_000_000


@dataclass(frozen=True)
class Reading:
    """What was read: the number of pages, the words of each, the title the file gives itself; `sentence` where it failed."""

    pages: int = 0
    texts: dict[int, str] = field(default_factory=dict)
    title: str = ""
    sentence: str = ""

    @property
    def has_words(self) -> bool:
        return any(text.strip() for text in self.texts.values())


def read_pdf(path: Path, *, seconds: int, megabytes: int) -> Reading:
    """Read a PDF within so many seconds and megabytes. Never raises for what is in the file: `sentence` says what went wrong.

    What was read before the end of the time or the memory is kept.
    """
    command = [sys.executable, "-I", str(CHILD), str(path), *map(str, (MOST_PAGES, MOST_CHARACTERS, seconds, megabytes))]
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 (our own program; the path is ours too)
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.DEVNULL, env={}, start_new_session=True
        )
        try:
            code = child.wait(timeout=seconds * 2 + 5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            code = -signal.SIGXCPU
        said.seek(0)
        return _told(said.read().decode("utf-8", "replace"), code, seconds)


def _told(lines: str, code: int, seconds: int) -> Reading:
    pages, title, texts = 0, "", {}
    for line in lines.splitlines():
        try:
            one = json.loads(line)
        except ValueError:
            break  # cut off in the middle
        if "pages" in one:
            pages, title = one["pages"], one["title"]
        else:
            texts[one["n"]] = one["text"].replace("\0", "")
    return Reading(pages, texts, title.replace("\0", ""), _sentence(code, bool(texts), seconds))


def _sentence(code: int, begun: bool, seconds: int) -> str:
    if code == 0:
        return ""
    if code == PASSWORD:
        return "It asks for a password. Save a copy without one and upload that."
    if code == DAMAGED:
        return "It could not be read as a PDF: the file may be damaged. Download it again."
    kept = " The pages before are searchable." if begun else ""
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"Reading its words took longer than {seconds} seconds and was stopped.{kept}"
    return f"Its words could not be read: the file is damaged, or too large to be read safely.{kept}"

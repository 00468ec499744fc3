"""Stamps: a finished step leaves the hash of what it was made from, so that it is not done twice."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(inputs: Iterable[Path], *facts: str) -> str:
    """The hash of some files' contents and some facts (a Python version, say), as hex."""
    digest = hashlib.sha256()
    for path in inputs:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}:".encode())
        digest.update(content)
    for fact in facts:
        digest.update(f"fact:{len(fact)}:{fact}".encode())
    return digest.hexdigest()


def is_done(stamp: Path, expected: str) -> bool:
    """Whether `stamp` says that this step was finished from exactly these inputs."""
    try:
        return stamp.read_text().strip() == expected
    except (OSError, UnicodeDecodeError):
        return False


def mark_done(stamp: Path, value: str) -> None:
    """Write the stamp; the last act of a step, so that an interrupted one is done again."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value + "\n")

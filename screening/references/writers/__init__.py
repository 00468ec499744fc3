"""Reports as files, one small module per format: pure, a piece of text per report, so that a long list streams.

Each module has NAME, SUFFIX, CONTENT_TYPE, `beginning() -> str` and `entry(Written, n) -> str` (n counts from 1).
"""

from types import ModuleType

from . import bibtex, ris, table
from .model import Written

WRITERS: dict[str, ModuleType] = {"ris": ris, "csv": table, "bib": bibtex}

__all__ = ["WRITERS", "Written"]

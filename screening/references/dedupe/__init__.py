"""Which records are one report: `find(entries)` is all that the rest of the house needs.

Pure Python: no Django, no database. The rules in prose: docs/rules/duplicates.md; the files: README.md in this folder.
"""

from .find import find
from .model import Entry, Group, Key, Matching, Pair
from .prepared import Prepared, prepare

__all__ = ["Entry", "Group", "Key", "Matching", "Pair", "Prepared", "find", "prepare"]

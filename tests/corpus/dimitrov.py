"""A published screening by two people with a third's rulings and the full texts after it, as its files give it.

A systematic review of data-driven hearing loss subtypes. Its reviewers numbered the deduplicated set by row, so ID n
is the n-th record of `all_results_deduplicated.csv`. In every file 1 means include and 2 exclude. The files are other
people's: they are read from beside the project and never copied into it.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from tests.shared import SHARED

DATA = SHARED / "data"
FOLDER = DATA / "screening" / "dimitrov_dual"
REVIEWERS = ("LB", "LD")
ANSWERS = {"1": "include", "2": "exclude"}

# In the order that makes the published reason the first that failed: "too young" was given where both failed.
REASONS = ("Wrong age cohort", "Not SNHL only")
CRITERIA = {
    "Wrong age cohort": "The study is concerned with adult participants only.",
    "Not SNHL only": "The study is concerned with sensorineural hearing loss only.",
}

# Eight pairs the publishers' deduplication missed: same DOI, same title (or the title with its translation behind it).
# A ninth (628, 262) waits for a person: a date has run into one title, and the abstracts differ.
# Both reviewers screened both of each pair, and said exclude each time.
SAME_REPORT = {19: 9, 378: 208, 403: 189, 746: 141, 753: 356, 787: 661, 1077: 1048, 1200: 1177}


def expected() -> Mapping[str, object]:
    """What was published, or recomputed from the files by others."""
    return json.loads((DATA / "EXPECTED.json").read_text(encoding="utf-8"))["screening"]["dimitrov_dual"]


def _rows(path: str) -> list[dict[str, str]]:
    """The rows of one file by csv alone. Stray bytes of another encoding stay as they are: no title with one was included."""
    text = (FOLDER / path).read_bytes().decode("utf-8-sig", "surrogateescape")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def letters(title: str) -> str:
    """Plain letters and digits only: the files were saved in different encodings."""
    return "".join(letter for letter in title.lower() if letter.isascii() and letter.isalnum())


def deduplicated() -> bytes:
    """The set that was screened: 1,498 records, columns title, abstract, database, database_id, doi."""
    return (FOLDER / "tiab" / "all_results_deduplicated.csv").read_bytes()


@cache
def screened() -> tuple[dict[str, str], ...]:
    """The same set as rows; the first has ID 1."""
    return tuple(_rows("tiab/all_results_deduplicated.csv"))


@cache
def responses(reviewer: str) -> tuple[dict[str, str], ...]:
    """One reviewer's file, in the order of the set."""
    return tuple(_rows(f"responses/{reviewer}_response_complete.csv"))


def answers(reviewer: str) -> dict[int, str]:
    """ID -> "include" or "exclude": one reviewer's title and abstract decisions."""
    return {int(row["ID"]): ANSWERS[row["response"]] for row in responses(reviewer)}


def notes(reviewer: str) -> dict[int, str]:
    """ID -> what the reviewer noted there, where they noted anything."""
    return {int(row["ID"]): row["comments"] for row in responses(reviewer) if row["comments"].strip()}


def rulings() -> dict[int, str]:
    """ID -> the third reviewer's ruling, from the table in third.md."""
    text = (FOLDER / "third.md").read_text(encoding="utf-8")
    table = re.findall(r"^\|.*\|\s*(Include|Exclude)\s*\|\s*(\d+)\s*\|\s*$", text, re.MULTILINE)
    return {int(number): answer.lower() for answer, number in table}


@dataclass(frozen=True)
class FullText:
    """One full text as it was assessed. `id` is None for the three that did not come from the searches.

    One of these three has the title of ID 23, which both had excluded by its title; its authors count it as found
    elsewhere, and with no DOI or year in their file nothing says that it is the same report.
    """

    id: int | None
    title: str
    abstract: str
    authors: str
    decisions: Mapping[str, str]
    comments: Mapping[str, str]
    final: str
    reason: str

    @property
    def is_conflict(self) -> bool:
        return len(set(self.decisions.values())) > 1

    def failed(self, reviewer: str) -> list[str]:
        """The criteria a reviewer who excluded it found not met: the published reason, and what their comment names."""
        if self.decisions[reviewer] != "exclude":
            return []
        named = {self.reason} if self.final == "exclude" else set()
        if "snhl" in self.comments[reviewer].casefold():
            named.add("Not SNHL only")
        return [reason for reason in REASONS if reason in named]


@cache
def full_texts() -> tuple[FullText, ...]:
    """The 18 full texts that were assessed."""
    return tuple(
        FullText(
            id=None if row["ID"] == "NA" else int(row["ID"]), title=row["title"], abstract=row["abstract"], authors=row["authors"],
            decisions={reviewer: ANSWERS[row[f"{reviewer.lower()}_full_text_response"]] for reviewer in REVIEWERS},
            comments={reviewer: row[f"{reviewer.lower()}_comments"] for reviewer in REVIEWERS},
            final=ANSWERS[row["final_decision"]], reason="" if row["reason for exclusion"] == "NA" else row["reason for exclusion"],
        )
        for row in _rows("responses/full_text_reviews.csv")
    )  # fmt: skip


def from_elsewhere() -> bytes:
    """The three full texts without an ID, as a CSV of title, abstract and authors to import from citation searching."""
    written = io.StringIO(newline="")
    table = csv.writer(written)
    table.writerow(["title", "abstract", "authors"])
    for text in full_texts():
        if text.id is None:
            table.writerow([text.title, text.abstract, text.authors])
    return written.getvalue().encode("utf-8", "replace")


def kappa(pairs: Iterable[tuple[str, str]]) -> float:
    """Cohen's kappa of two people's answers to the same questions (Cohen 1960): (observed - chance) / (1 - chance)."""
    both = list(pairs)
    n = len(both)
    observed = sum(a == b for a, b in both) / n
    words = {word for pair in both for word in pair}
    chance = sum(sum(a == word for a, _ in both) * sum(b == word for _, b in both) for word in words) / n**2
    return (observed - chance) / (1 - chance)

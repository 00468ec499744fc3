"""The small labelled sets of ../shared/data/dedup, for bench/dedupe.py: too few records for shares, each of them a trap.

Every one is put to both as a file of its own. A pair of the cases, and a record of the library with captions, counts by
itself: what is labelled as a duplicate and joined, and what is not and joined all the same.
"""

import csv
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from defusedxml import ElementTree

from screening.references.dedupe import Entry, find
from screening.references.formats import read

COLUMNS = ("ID", "title", "author", "year", "journal", "volume", "number", "pages", "doi", "abstract")


def entry_of(record: dict[str, Any]) -> Entry:
    """One record of a labelled file, under the names such files have."""
    said = {name: record.get(name) or "" for name in (*COLUMNS, "issue", "booktitle")}
    return Entry(
        key=said["ID"],
        title=said["title"],
        authors=tuple(name for name in said["author"].split(" and ") if name),
        year=int(float(said["year"])) if said["year"] else None,
        journal=said["journal"] or said["booktitle"],
        volume=said["volume"],
        issue=said["number"] or said["issue"],
        pages=said["pages"],
        doi=said["doi"],
        abstract=said["abstract"],
    )


def entries_of(folder: Path) -> list[Entry]:
    """The records of a labelled set."""
    with (folder / "records_pre_merged.csv").open(encoding="utf-8") as lines:
        return [entry_of(row) for row in csv.DictReader(lines)]


def truth_of(folder: Path) -> list[list[str]]:
    with (folder / "merged_record_ids.csv").open(encoding="utf-8") as lines:
        return [row["merged_ids"].split(";") for row in csv.DictReader(lines)]


def pairs_of(groups: Any) -> set[frozenset[Any]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def pair_cases(file: Path) -> list[tuple[list[Entry], bool]]:
    """Pairs of records, each with whether it is labelled as a duplicate."""
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return [([entry_of(case["record_a"]), entry_of(case["record_b"])], case["expected_duplicate"]) for case in cases]


def captioned_library(file: Path) -> tuple[list[Entry], set[str]]:
    """An EndNote library whose duplicates have a caption: the records, and the keys of those."""
    records = read(file.read_bytes(), file.name).records
    captions = ["".join(found.itertext() if (found := one.find("caption")) is not None else "").strip()
                for one in ElementTree.parse(file).getroot().iter("record")]  # fmt: skip
    entries = [
        Entry(f"r{r.ordinal}", r.title, tuple(r.authors), r.year, r.journal, r.volume, r.issue, r.pages, r.doi, r.pmid, r.abstract, r.kind)
        for r in records
    ]
    return entries, {entry.key for entry, caption in zip(entries, captions, strict=True) if caption}


def by_ours(sets: Sequence[list[Entry]]) -> tuple[list[list[tuple[Any, ...]]], float]:
    """Of each set the groups that are joined; and the seconds for all of them."""
    start = time.process_time()
    groups = [[group.keys for group in find(entries).certain] for entries in sets]
    return groups, time.process_time() - start


def small_sets(folder: Path, peer: Callable[[Sequence[Path]], list[dict[str, Any]]]) -> bool:
    """Print all three beside the peer; whether nothing is joined that is labelled as different, and no less found than by the peer."""
    special = entries_of(folder / "bib-dedupe_special_cases")
    true = pairs_of(truth_of(folder / "bib-dedupe_special_cases"))
    cases = pair_cases(folder / "bib-dedupe_pair_cases" / "cases_a.json")
    library, captioned = captioned_library(folder / "dedupe-sweep" / "tafenoquine.xml")
    sets = [special, library, *(entries for entries, _ in cases)]
    with tempfile.TemporaryDirectory() as there:
        theirs = peer([_written(Path(there) / f"{n}.csv", entries) for n, entries in enumerate(sets)])
    groups, seconds = by_ours(sets)
    found = {"Brolly": (groups, seconds), "bib-dedupe": ([one["groups"] for one in theirs], sum(one["seconds"] for one in theirs))}
    failed = sum("failed" in one for one in theirs)
    scores = {name: list(_scores(said, true, cases, captioned)) for name, (said, _) in found.items()}
    print(f"small sets: {len(special)} special cases, {len(cases)} pairs, a library of {len(library)} records with captions")
    for name, (_, taken) in found.items():
        print(f"  {name:11} {taken:6.2f} s")
        for what, right, of, wrong in scores[name]:
            print(f"    {what:14} {right} of {of} labelled duplicates joined, {wrong} joined that are not labelled so")
    if failed:
        print(f"  bib-dedupe failed on {failed} of them, which count as nothing joined")
    print("    One of the pairs labelled so is two versions of a Cochrane review: Brolly proposes them as versions, never joins them")
    held = all(wrong == 0 for *_, wrong in scores["Brolly"]) and seconds * 20 <= found["bib-dedupe"][1]
    held = held and all(mine[1] >= peers[1] for mine, peers in zip(scores["Brolly"], scores["bib-dedupe"], strict=True) if not peers[3])
    print(f"  Targets: {'met' if held else 'NOT met'}", flush=True)
    return held


def _scores(groups: list[Any], true: set[frozenset[str]], cases: list[Any], captioned: set[str]) -> Iterator[tuple[str, int, int, int]]:
    special = pairs_of(groups[0])
    yield "special cases", len(special & true), len(true), len(special - true)
    joined = [bool(group) for group in groups[2:]]
    labelled = [is_duplicate for _, is_duplicate in cases]
    both = list(zip(joined, labelled, strict=True))
    yield "pairs", both.count((True, True)), sum(labelled), both.count((True, False))
    grouped = {key for group in groups[1] for key in group}
    yield "library", len(grouped & captioned), len(captioned), len(grouped - captioned)


def _written(path: Path, entries: Sequence[Entry]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for e in entries:
            said = (e.title, " and ".join(e.authors), e.year or "", e.journal, e.volume, e.issue, e.pages, e.doi, e.abstract)
            rows.writerow((e.key, *said))
    return path

"""Duplicates on labelled sets: Brolly's matching beside bib-dedupe, on the same files, in the same run.

For each large set of ../shared/data/dedup: precision and sensitivity over pairs, unique records removed automatically (the
harm), records that wait for a person, and processor seconds on one core, from records to groups: of Brolly the middle
of three runs, of bib-dedupe one after another that warms it up, in a venv of its own under var.
The special cases, the pairs and the library with captions follow (_small_sets.py); then the growth of Brolly's matching
alone on generated records of real size, of which one in four is a duplicate as another database would print it.

Targets: at most one unique record removed per set; sensitivity not below the peer's; certain and likely together at
least .995; fewer than 3% of records waiting; 20 times faster; 100,000 records under 25 s and 500 MB, growth no worse
than n log n.
Run: python -m bench.dedupe
"""

import json
import math
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench._small_sets import entries_of, pairs_of, small_sets, truth_of
from screening.references.cycles import seldom_looked_for
from screening.references.dedupe import Entry, Matching, find

ROOT = Path(__file__).resolve().parent.parent
SETS = ROOT.parent / "shared" / "data" / "dedup"
PEER_VENV = ROOT / "var" / "bench-venv-dedupe"
PEER = ROOT / "bench" / "_bib_dedupe.py"
LABELLED = {"stroke": "bib-dedupe_stroke", "cytology": "bib-dedupe_cytology_screening"}
SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "10000,30000,100000").split(",")]
FASTER, WAITING, TOGETHER, REMOVED = 20.0, 0.03, 0.995, 1
SECONDS, MEGABYTES = 25.0, 500.0


def removed_wrongly(groups: Any, truth: list[list[str]]) -> int:
    """Unique records that disappear: of each group, the true groups in it but one."""
    of = {key: place for place, group in enumerate(truth) for key in group}
    return sum(len({of.get(key, key) for key in group}) - 1 for group in groups)


def timed(entries: list[Entry]) -> tuple[Matching, float]:
    """The matching, and the middle of three runs in seconds."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        matching = find(entries)
        seconds.append(time.process_time() - start)
    return matching, sorted(seconds)[1]


def peer_on(files: Sequence[Path]) -> list[dict[str, Any]]:
    """What bib-dedupe finds in each of these files: its groups and the seconds it takes, on one core."""
    if not (PEER_VENV / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER_VENV)], check=True)
    locked = ROOT / "requirements" / "bench-dedupe.txt"
    subprocess.run(
        [str(PEER_VENV / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r", str(locked)], check=True, capture_output=True
    )
    one_core = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [str(PEER_VENV / "bin" / "python"), str(PEER), *map(str, files)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **one_core})
    return [json.loads(line) for line in answer.stdout.splitlines()[-len(files) :]]


def labelled(name: str, folder: Path) -> bool:
    """Print one set; whether every target holds."""
    entries, truth = entries_of(folder), truth_of(folder)
    true = pairs_of(truth)
    matching, seconds = timed(entries)
    groups = [group.keys for group in matching.certain]
    certain = pairs_of(groups)
    waiting = {key for pair in matching.likely for key in (pair.first, pair.second)}
    found = pairs_of(_closure([*groups, *([pair.first, pair.second] for pair in matching.likely)]))
    print(f"{name}: {len(entries):,} records, {len(true):,} true pairs (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    ours = _told("Brolly", groups, true, truth, seconds)
    together = len(found & true) / len(true)
    direct = len((certain | pairs_of([p.first, p.second] for p in matching.likely)) & true) / len(true)
    print(f"  certain and likely together {together:.4f} ({direct:.4f} counting listed pairs alone); ", end="")
    print(f"{len(waiting)} records wait for a person ({len(waiting) / len(entries):.1%}); {len(matching.versions)} pairs of versions")
    (peer,) = peer_on([folder / "records_pre_merged.csv"])
    theirs = _told("bib-dedupe", peer["groups"], true, truth, peer["seconds"])
    ratio = peer["seconds"] / seconds
    held = {
        f"at most {REMOVED} unique record removed": removed_wrongly(groups, truth) <= REMOVED,
        "sensitivity not below the peer's": ours >= theirs,
        f"together at least {TOGETHER}": together >= TOGETHER,
        f"fewer than {WAITING:.0%} waiting": len(waiting) / len(entries) < WAITING,
        f"{FASTER:.0f} times faster": ratio >= FASTER,
    }
    print(f"  bib-dedupe takes {ratio:.0f}x as long")
    return _kept(held)


def _told(name: str, groups: Any, true: set[frozenset[Any]], truth: list[list[str]], seconds: float) -> float:
    found = pairs_of(groups)
    precision = len(found & true) / len(found) if found else 1.0
    sensitivity = len(found & true) / len(true)
    wrongly = removed_wrongly(groups, truth)
    print(f"  {name:11} precision {precision:.4f}  sensitivity {sensitivity:.4f}  unique records removed {wrongly}  {seconds:6.2f} s")
    return sensitivity


def _closure(groups: list[Any]) -> list[set[Any]]:
    roots: dict[Any, set[Any]] = {}
    for group in groups:
        merged = set(group).union(*(roots.get(key, ()) for key in group))
        roots.update(dict.fromkeys(merged, merged))
    return list({id(group): group for group in roots.values()}.values())


def _kept(held: dict[str, bool]) -> bool:
    missed = [target for target, kept in held.items() if not kept]
    print(f"  Targets: {'met' if not missed else 'NOT met: ' + '; '.join(missed)}", flush=True)
    return not missed


def made(n: int) -> list[Entry]:
    """Records of real size: titles of 14 words, abstracts of 230, of which one in four repeats another in other print."""
    chance = random.Random(n)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(chance.choices(letters, weights=range(26, 0, -1), k=chance.randint(3, 11))) for _ in range(20000)]
    weights = [1 / (place + 20) for place in range(len(words))]
    journals = [" ".join(word.capitalize() for word in chance.choices(words, k=4)) for _ in range(400)]
    unique = n * 3 // 4
    text = chance.choices(words, weights, k=60 * unique)  # abstracts overlap in this text: only their size matters
    entries = []
    for place in range(unique):
        title = " ".join(chance.choices(words, weights, k=14)).capitalize()
        names = tuple(f"{word.capitalize()}, {word[0].upper()}." for word in chance.choices(words, k=chance.randint(1, 7)))
        first = chance.randint(1, 2000)
        entries.append(
            Entry(
                key=place,
                title=title,
                authors=names,
                year=chance.randint(1990, 2024),
                journal=chance.choice(journals),
                volume=str(chance.randint(1, 90)),
                issue=str(chance.randint(1, 12)),
                pages=f"{first}-{first + chance.randint(3, 12)}",
                doi=f"10.1000/j.{place}" if chance.random() < 0.7 else "",
                abstract=" ".join(text[(start := chance.randrange(len(text) - 230)) : start + 230]).capitalize(),
            )
        )
    entries += [_reprinted(entries[chance.randrange(unique)], unique + place, chance) for place in range(n - unique)]
    chance.shuffle(entries)
    return entries


def _reprinted(entry: Entry, key: int, chance: random.Random) -> Entry:
    short = " ".join(word[:5] for word in entry.journal.split())
    return Entry(
        key=key,
        title=entry.title.upper() + "." if chance.random() < 0.5 else entry.title.replace("e", "é", 1),
        authors=tuple(name.replace(",", "").replace(".", "") for name in entry.authors),
        year=entry.year,
        journal=short,
        volume=entry.volume,
        pages=entry.pages.split("-")[0] if chance.random() < 0.5 else entry.pages,
        doi=entry.doi if chance.random() < 0.5 else "",
        abstract=entry.abstract if chance.random() < 0.5 else "",
    )


def _child(n: int) -> None:
    """One size in a process of its own: seconds and the peak of memory, records included."""
    entries = made(n)
    with seldom_looked_for():  # as an import has it, and the command
        start = time.process_time()
        matching = find(entries)
        seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    removed = sum(len(group.keys) - 1 for group in matching.certain)
    print(json.dumps({"seconds": seconds, "megabytes": peak, "removed": removed, "likely": len(matching.likely)}))


def growth() -> bool:
    print(f"Growth on generated records, one core (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    measured: list[tuple[int, float]] = []
    held: dict[str, bool] = {}
    for n in SIZES:
        answer = subprocess.run([sys.executable, "-m", "bench.dedupe", str(n)], check=True, capture_output=True, text=True, cwd=ROOT)
        told = json.loads(answer.stdout)
        measured.append((n, told["seconds"]))
        print(
            f"  {n:7,} records {told['seconds']:6.2f} s  {told['megabytes']:5.0f} MB  {told['removed']:,} joined, {told['likely']} likely"
        )
        if n >= 100_000:
            held[f"{n:,} under {SECONDS:.0f} s"] = told["seconds"] < SECONDS
            held[f"{n:,} under {MEGABYTES:.0f} MB"] = told["megabytes"] < MEGABYTES
    (small, before), (large, after) = measured[0], measured[-1]
    allowed = large * math.log(large) / (small * math.log(small))
    print(f"  {after / before:.1f}x the time for {large / small:.1f}x the records; n log n allows {allowed:.1f}x")
    held["growth no worse than n log n (a fifth allowed for the noise of a shared machine)"] = after / before <= allowed * 1.2
    return _kept(held)


def main() -> int:
    if len(sys.argv) > 1:
        _child(int(sys.argv[1]))
        return 0
    held = []
    if SETS.is_dir():
        held = [labelled(name, SETS / folder) for name, folder in LABELLED.items()]
        held.append(small_sets(SETS, peer_on))
    else:
        print("The labelled sets (../shared/data/dedup) are not beside the project: growth alone is measured.")
    return 0 if all([*held, growth()]) else 1


if __name__ == "__main__":
    sys.exit(main())

"""How well titles are ordered, on sets with known answers, beside ASReview's own simulation; and how long a fit takes.

Each set is screened from one included and one excluded record, drawn by the seed; after each answer the model is fitted
again and the likeliest record is next, until all relevant ones are found. Brolly's core and ASReview 3 (its default
model, ELAS u4, in a venv of its own) begin with the same two records in the same run. What is told is the mean over the
seeds of loss, WSS@95 (Cohen 2006) and recall after a tenth, the two first records left out of the order.

Target: on no set worse than ASReview by more than .01 in loss, WSS or recall; a fit on 10,000 reports, in the job as the
worker runs it, within a second after the first.

The sets lie beside the project (../shared/data/screening), never in it. BENCH_RANKING_SEEDS (5) and BENCH_RANKING_RECORDS
(2,500: larger sets are left out) bound the time, some 20 minutes on an idle machine; BENCH_RANKING_FIT (10,000) is the size of
the fit; BENCH_RANKING_SETS names some of the sets, with semicolons between.
Run: python -m config.dev with-servers python -m bench.ranking
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.desk import PEER_VENV, ROOT, _install_peer

SHARED = ROOT.parent / "shared" / "data" / "screening"
SEEDS = range(1, int(os.environ.get("BENCH_RANKING_SEEDS", "5")) + 1)
LARGEST = int(os.environ.get("BENCH_RANKING_RECORDS", "2500"))
ONLY = [name for name in os.environ.get("BENCH_RANKING_SETS", "").split(";") if name]
FIT_SIZE = int(os.environ.get("BENCH_RANKING_FIT", "10000"))
WORSE_BY = 0.01
FIT_WITHIN = 1.0
FITS = 5

Row = tuple[str, str, int]


def rows_of(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def labelled(path: Path, column: str, yes: str) -> list[Row]:
    return [(row["title"] or "", row["abstract"] or "", int(row[column] == yes)) for row in rows_of(path)]


def two_reviewers(folder: Path) -> list[Row]:
    """The records of a review whose two reviewers screened alone; relevant: those that came to full text."""
    to_text = {row["ID"] for row in rows_of(folder / "full_text_reviews.csv") if row["from_searches"] == "1"}
    return [(row["title"], row["abstract"], int(row["ID"] in to_text)) for row in rows_of(folder / "LB_response_complete.csv")]


SETS: dict[str, Callable[[], list[Row]]] = {
    "Nagtegaal 2019": lambda: labelled(SHARED / "Nagtegaal_2019.csv", "label_included", "1"),
    "Bannach-Brown 2019": lambda: labelled(SHARED / "Bannach-Brown_2019.csv", "label_included", "1"),
    "Dimitrov": lambda: two_reviewers(SHARED / "dimitrov_dual" / "responses"),
    "Cohen 2006, antipsychotics": lambda: labelled(SHARED / "Cohen_2006_AtypicalAntipsychotics.csv", "label_included", "1"),
    "Cohen 2006, ADHD": lambda: labelled(SHARED / "Cohen_2006_ADHD.csv", "label_included", "1"),
    "Teachers": lambda: labelled(SHARED / "gptscreenr_teachers.csv", "human_recommendation", "INCLUDE"),
    "Solastalgia": lambda: labelled(SHARED / "gptscreenr_solastalgia.csv", "human_recommendation", "INCLUDE"),
    "Melanoma": lambda: labelled(SHARED / "gptscreenr_melanoma.csv", "human_includes", "True"),
}


def simulated(rows: Sequence[Row], first: Sequence[int]) -> list[int]:
    """The order in which Brolly's core has these screened, from the two first records on, until all relevant ones are found."""
    import numpy as np

    from screening.decisions.ranking.features import features_of
    from screening.decisions.ranking.model import likeliest_first, scores_of

    features = features_of(f"{title} {abstract}" for title, abstract, _ in rows)
    relevant = np.array([label for _, _, label in rows])
    seen, order, missing = list(first), [], int(relevant.sum()) - 1
    while missing:
        waiting = np.setdiff1d(np.arange(len(rows)), seen)
        at = np.asarray(seen)
        chosen = int(waiting[likeliest_first(scores_of(features, at, relevant[at], waiting))[0]])
        seen.append(chosen)
        order.append(chosen)
        missing -= int(relevant[chosen])
    return order


def peer_simulated(path: Path, seed: int) -> dict[str, list[int]]:
    command = [str(PEER_VENV / "bin" / "python"), str(ROOT / "bench" / "_ranking_peer.py"), str(path), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)  # it writes a cache where it is started
    if done.returncode:
        raise SystemExit(f"ASReview's simulation failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def figures_of(rows: Sequence[Row], first: Sequence[int], order: Sequence[int]) -> dict[str, float]:
    from screening.decisions.ranking.measures import loss, recall_at, wss

    # Beyond the last relevant one nothing matters to these figures.
    labels = [rows[n][2] for n in order]
    labels += [0] * (len(rows) - len(first) - len(labels))
    return {"loss": loss(labels), "WSS@95": wss(labels), "recall at 10%": recall_at(labels)}


def means(figures: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: sum(one[name] for one in figures) / len(figures) for name in figures[0]}


def worse_by(name: str, mine: float, peer: float) -> float:
    return mine - peer if name == "loss" else peer - mine


def compared(name: str, rows: Sequence[Row]) -> bool:
    """Print one set's figures; whether none is worse than the peer's by more than the target allows."""
    mine, peer, seconds = [], [], {"mine": 0.0, "peer": 0.0}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("title", "abstract", "included"), *rows])
        for seed in SEEDS:
            start = time.perf_counter()
            theirs = peer_simulated(path, seed)
            seconds["peer"] += time.perf_counter() - start
            start = time.perf_counter()
            order = simulated(rows, theirs["first"])
            seconds["mine"] += time.perf_counter() - start
            mine.append(figures_of(rows, theirs["first"], order))
            peer.append(figures_of(rows, theirs["first"], theirs["order"]))
    held, parts = True, []
    ours, others = means(mine), means(peer)
    for figure, value in ours.items():
        held = held and worse_by(figure, value, others[figure]) <= WORSE_BY
        parts.append(f"{figure} {value:.4f} (ASReview {others[figure]:.4f})")
    relevant = sum(label for _, _, label in rows)
    print(f"{name}: {len(rows):,} records, {relevant} relevant\n  {'   '.join(parts)}")
    print(f"  {seconds['mine']:.0f} s against {seconds['peer']:.0f} s   {'held' if held else 'NOT held'}", flush=True)
    return held


def sets() -> Iterator[tuple[str, list[Row]]]:
    for name, read in SETS.items():
        if ONLY and name not in ONLY:
            continue
        try:
            rows = read()
        except FileNotFoundError:
            print(f"{name}: not measured, for its file is not beside the project.", flush=True)
            continue
        if len(rows) > LARGEST:
            print(f"{name}: not measured, for {len(rows):,} records are more than BENCH_RANKING_RECORDS.", flush=True)
            continue
        yield name, rows


def fits() -> bool:
    """How long a fit takes in the job as the worker runs it: the first, and those after it, with ever more settled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("BROLLY_DEMO", "1")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import desk
    from screening.decisions.ranking.actions import FIT
    from screening.decisions.ranking.models import RankingFit
    from screening.projects import jobs
    from screening.projects.models import Job

    call_command("migrate", verbosity=0)
    member = desk.reviewer()
    desk.REPORTS = FIT_SIZE
    desk.import_records(member, desk.made_records())
    times, spent = [], []
    for n in range(FITS + 1):
        with connection.cursor() as cursor:
            # What would be settled by then: one in twenty included. The facts behind it are nothing to a fit.
            cursor.execute(SETTLE, [member.project.pk, FIT_SIZE * (n + 1) // (2 * FITS)])
        job = jobs.start(project=member.project, kind=FIT, key=f"bench.{n}", args={}, by=None)
        start, processor = time.perf_counter(), time.process_time()
        jobs.run(str(job.pk))
        times.append(time.perf_counter() - start)
        spent.append(time.process_time() - processor)
        if Job.objects.get(pk=job.pk).state != Job.State.DONE:
            raise SystemExit("A fit did not end well.")
    last = RankingFit.objects.filter(project=member.project).latest("n")
    print(f"A fit on {FIT_SIZE:,} reports, in its job (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)")
    print(f"  the first {times[0]:.2f} s ({spent[0]:.2f} s of the processor), features made and libraries loaded")
    after = ", ".join(f"{one:.2f} ({processor:.2f})" for one, processor in zip(times[1:], spent[1:], strict=True))
    held = max(times[1:]) < FIT_WITHIN
    print(f"  then {after}, the last on {last.relevant + last.irrelevant:,} settled   {'held' if held else 'NOT held'}", flush=True)
    return held


SETTLE = """
UPDATE screening_reportstage rs SET status = CASE WHEN nth %% 20 = 0 THEN 'include' ELSE 'exclude' END
FROM (SELECT report_id, row_number() OVER (ORDER BY random_key) AS nth FROM screening_reportstage WHERE project_id = %s) ordered
WHERE ordered.report_id = rs.report_id AND ordered.nth <= %s
"""


def main() -> int:
    held = [fits()]
    _install_peer()
    print(f"Ranked screening, mean of {len(SEEDS)} seeds (load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", flush=True)
    held += [compared(name, rows) for name, rows in sets()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())

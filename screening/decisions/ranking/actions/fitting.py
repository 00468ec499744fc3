"""A project's titles put in order by a job: one fit at a time, on settled titles alone, and never in anybody's way.

Decisions are not held up: what a fit writes is its own table, with no lock on a report. Readers see the order of one fit
or of the next.
"""

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from screening.decisions.ranking import statements
from screening.decisions.ranking.models import RankingFit
from screening.decisions.ranking.queries import due, last_fit, rule_in_force
from screening.decisions.ranking.rules import mixed
from screening.projects import jobs
from screening.projects.jobs import Handle
from screening.projects.models import Job, Project

if TYPE_CHECKING:
    from screening.decisions.ranking.features import Features

log = logging.getLogger(__name__)

FIT = "ranking"
KEPT_JOBS = 20
AT_ONCE = 2000  # reports read from the database at a time


def start_due() -> list[Job]:
    """Beat's round: a job for each project that asks for a fit and has none under way.

    A job's key is the number its fit will have: however often this runs, and wherever, there is one. Where a job ended
    without a fit, the next round makes another.
    """
    started = []
    for one in due():
        project = Project.objects.get(pk=one.project_id)
        mine = Job.objects.filter(project=project, kind=FIT)
        if mine.exclude(state__in=Job.OVER).exists():
            continue
        # Of those that ended, so that two who look at the same moment name the same job.
        over = mine.filter(idempotency_key__startswith=f"{one.n}.", state__in=Job.OVER).count()
        started.append(jobs.start(project=project, kind=FIT, key=f"{one.n}.{over}", args={"n": one.n}, by=None))
        old = mine.filter(state__in=Job.OVER).order_by("-created_at").values_list("pk", flat=True)[KEPT_JOBS:]
        # Only those whose key can never be asked for again.
        mine.filter(pk__in=list(old)).exclude(idempotency_key__startswith=f"{one.n}.").delete()
    return started


def fit(handle: Handle) -> dict[str, Any]:
    """Put the titles that are not settled in order, and keep that order as the project's latest."""
    project, started = handle.job.project, time.monotonic()
    share = rule_in_force(project).share
    with connection.cursor() as cursor:
        # What is said after this number asks for the next fit.
        cursor.execute("SELECT nextval('brolly_fact_seq')")
        (seq,) = cursor.fetchone()
        cursor.execute(statements.TITLES_TO_RANK, [project.pk])
        rows = cursor.fetchall()
    handle.step(0, 3, _("Reading titles and abstracts"))
    relevant = sum(status == "include" for _, status, _, _ in rows)
    irrelevant = sum(status == "exclude" for _, status, _, _ in rows)
    if not (relevant and irrelevant):
        return {"fit": None}
    features = _features(project, [row[0] for row in rows], [row[3] for row in rows])
    handle.step(1, 3, _("Learning from %(relevant)s settled titles") % {"relevant": f"{relevant + irrelevant:,}"})
    order = _ordered(features, rows, share)
    handle.step(2, 3, _("Putting %(n)s titles in order") % {"n": f"{len(order):,}"})
    n = _write(
        project,
        order,
        seq=seq,
        relevant=relevant,
        irrelevant=irrelevant,
        reports=len(rows),
        ranked=len(order),
        share=share,
        seconds=time.monotonic() - started,
    )
    return {"fit": n, "relevant": relevant, "irrelevant": irrelevant, "ranked": len(order)}


def _features(project: Project, ids: list[UUID], digests: list[int]) -> "Features":
    """The features of these reports, from the project's file where it holds them as they are now, else made anew."""
    import numpy as np

    from screening.decisions.ranking.features import features_of, keep, kept

    path = features_file(project)
    known, said = np.frombuffer(b"".join(pk.bytes for pk in ids), dtype="V16"), np.asarray(digests, dtype=np.int64)
    if (found := kept(path, known, said)) is not None:
        return found
    read: list[int] = []

    def words() -> Any:
        for start in range(0, len(ids), AT_ONCE):
            with connection.cursor() as cursor:
                cursor.execute(statements.WORDS, [ids[start : start + AT_ONCE]])
                for _pk, text, digest in cursor.fetchall():
                    read.append(digest)
                    yield text

    made = features_of(words())
    try:
        keep(path, known, np.asarray(read, dtype=np.int64), made)
    except OSError:
        log.warning("The features of project %s could not be kept; they will be made again.", project.pk, exc_info=True)
    return made


def features_file(project: Project) -> Path:
    return Path(settings.DATA_DIR) / "ranking" / f"{project.pk}.npz"


def _ordered(features: "Features", rows: list[tuple[UUID, str, int, int]], share: int) -> list[UUID]:
    """The titles that are not settled, ranked ones and random ones mixed. Equal scores stand in the project's random order."""
    import numpy as np

    from screening.decisions.ranking.model import likeliest_first, scores_of

    status = np.array([row[1] for row in rows])
    labelled = np.flatnonzero((status == "include") | (status == "exclude"))
    keys = np.array([row[2] for row in rows], dtype=np.int64)
    waiting = np.flatnonzero((status == "open") | (status == "conflict"))
    waiting = waiting[np.argsort(keys[waiting], kind="stable")]
    scores = scores_of(features, labelled, (status[labelled] == "include").astype(int), waiting)
    ranked = waiting[likeliest_first(scores)]
    return [rows[place][0] for place in mixed(ranked.tolist(), waiting.tolist(), share)]


def _write(project: Project, order: list[UUID], **fields: Any) -> int | None:
    """Keep an order as the project's latest, in one transaction. None where another fit was quicker."""
    previous = last_fit(project)
    n = previous.n + 1 if previous else 1
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            RankingFit.objects.create(project=project, n=n, **fields)
            cursor.execute(statements.WRITE_RANKS, {"project": project.pk, "fit": n, "reports": order})
            cursor.execute(statements.DROP_RANKS, {"project": project.pk, "fit": n})
    except IntegrityError:
        return None
    with connection.cursor() as cursor:
        # Else the queue is planned for the table as it was before, until the database looks at it by itself.
        cursor.execute("ANALYZE screening_rank")
    return n

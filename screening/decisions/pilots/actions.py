"""The only writers of pilot rounds: their start, and their end, when what was said is told to those who said it."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.decisions.models import ReportStage, Revelation, Seat, Stage
from screening.decisions.pilots.models import PilotClosing, PilotReport, PilotRound
from screening.decisions.pilots.queries import candidates_for, left_in, open_round_at, reports_of
from screening.decisions.pilots.rules import LARGEST, chosen
from screening.decisions.placing import refresh
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project, Role
from screening.protocol.actions import version_in_force
from screening.references.models import Placement


def start_round(
    *, by: Membership, stage: str, size: int, members: Sequence[UUID], why: str = "", seed: int | None = None, round_id: UUID | None = None
) -> PilotRound:
    """Choose so many open reports at random, for everybody named to screen. Raises Refused where that cannot be.

    Only one round is open at a stage. Nothing settles its reports until it is closed.
    """
    check(by, "project.edit")
    if stage not in Stage.values:
        raise Refused(_("A round is at titles and abstracts or at full texts."))
    # Before the locks below: whoever moves records takes the project first and its rows after it.
    version = version_in_force(by.project)
    with transaction.atomic():
        project = Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
        if round_id and (there := PilotRound.objects.filter(pk=round_id, project=project).first()):
            return there
        people = list(
            Membership.objects.filter(project=project, pk__in=members, roles__contains=[Role.REVIEWER]).order_by("joined_at", "id")
        )
        if len(people) < 2:
            raise Refused(_("Name at least two people who screen here."))
        if not 1 <= size <= LARGEST:
            raise Refused(_("A round has from 1 to %(most)s reports.") % {"most": LARGEST})
        if open_round_at(project, stage):
            raise Refused(_("A round is open at this stage. Close it before you start another."))
        seed = secrets.randbits(53) if seed is None else seed
        ids = [UUID(pk) for pk in chosen(map(str, candidates_for(project, stage, [one.pk for one in people])), size, seed)]
        rows = _held(ids, stage, undecided=True)
        if not rows:
            raise Refused(_("There is no open report nobody has decided on. A round needs some that are new to everybody."))
        n = PilotRound.objects.filter(project=project, stage=stage).count() + 1
        made = PilotRound.objects.create(
            **({"id": round_id} if round_id else {}),
            project=project,
            by=by,
            stage=stage,
            n=n,
            size=len(rows),
            seed=seed,
            members=[one.pk for one in people],
            protocol_version=version,
            why=why.strip(),
        )
        anchors = _anchors([row.report_id for row in rows])
        PilotReport.objects.bulk_create(PilotReport(round=made, report_id=row.report_id, anchor_id=anchors[row.report_id]) for row in rows)
        Seat.objects.filter(report__in=[row.report_id for row in rows], stage=stage).delete()
        for row in rows:
            refresh(row)
        return made


def _held(ids: Sequence[UUID], stage: str, *, undecided: bool = False) -> list[ReportStage]:
    """These rows, locked in ascending report id. `undecided`: without those somebody has decided on meanwhile."""
    rows = ReportStage.objects.select_for_update(of=("self",)).filter(report__in=ids, stage=stage).select_related("project")
    return [row for row in rows.order_by("report_id") if not undecided or (row.n == 0 and not row.is_settled and not row.suspended)]


def _anchors(ids: Sequence[UUID]) -> dict[UUID, UUID]:
    placed = Placement.objects.filter(report__in=ids).order_by("-record__seq")
    return dict(placed.values_list("report_id", "record_id"))


@transaction.atomic
def close_round(*, by: Membership | None, round_: PilotRound, why: str = "") -> PilotClosing:
    """End a round: all its decisions count now, and its members (and whoever started it) are shown them, each a fact.

    `by` None: everybody had decided on everything. A report on which too few decided goes back to the queue, blind as before.
    """
    if by is not None:
        check(by, "project.edit")
    Project.objects.select_for_update(no_key=True).get(pk=round_.project_id)
    if there := PilotClosing.objects.filter(round=round_).first():
        return there
    rows = _held(reports_of(round_), round_.stage)
    closing = PilotClosing.objects.create(project=round_.project, by=by, round=round_, why=why.strip())
    told = sorted({*round_.members, *([round_.by_id] if round_.by_id else [])})
    facts = []
    for row in rows:
        refresh(row)
        if row.status != ReportStage.Status.OPEN:
            facts += [
                Revelation(
                    project=round_.project,
                    by=by,
                    report_id=row.report_id,
                    stage=round_.stage,
                    member_id=pk,
                    purpose=Revelation.Purpose.ROUND,
                )
                for pk in told
            ]
    Revelation.objects.bulk_create(facts, ignore_conflicts=True)
    return closing


def close_when_done(round_id: UUID) -> PilotClosing | None:
    """Close a round once everybody who can has decided on everything; called after each of its decisions."""
    round_ = PilotRound.objects.filter(pk=round_id, closing=None).select_related("project").first()
    if round_ is None:
        return None
    left = left_in(round_)
    return close_round(by=None, round_=round_) if left and not any(left.values()) else None


def release_seats(member: Membership) -> None:
    """Whoever does not screen any more keeps no seat, and no round waits for them."""
    Seat.objects.filter(member=member, lease_until__gt=timezone.now()).delete()
    for round_ in PilotRound.objects.filter(project=member.project_id, members__contains=[member.pk], closing=None):
        close_when_done(round_.pk)

"""Reads of pilot rounds. While one is open, nobody learns anything of it but what is left to themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from screening.decisions.agreement.independent import Said
from screening.decisions.agreement.queries import Round, Settled, criteria_marked, members_named
from screening.decisions.agreement.showing import Line, shown, words_of
from screening.decisions.agreement.words import in_words, label
from screening.decisions.models import ReportStage, Revelation, Stage, Standing
from screening.decisions.pilots.models import PilotClosing, PilotReport, PilotRound
from screening.decisions.pilots.rules import differ, left_to
from screening.decisions.policies.queries import authorships, reviewers_of
from screening.decisions.queries import VisibleDecision, open_round_of, visible_decisions
from screening.decisions.rules import compare
from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.protocol.queries import reason_labels, reasons_in_order
from screening.references.models import Report


def rounds_in(project: Project, stage: str | None = None) -> list[PilotRound]:
    """All rounds of a project, the latest first."""
    found = PilotRound.objects.filter(project=project).select_related("by", "closing", "protocol_version").order_by("-seq")
    return list(found.filter(stage=stage) if stage else found)


def closing_of(round_: PilotRound) -> PilotClosing | None:
    return PilotClosing.objects.filter(round=round_).select_related("by").first()


@once
def open_round_at(project: Project, stage: str) -> PilotRound | None:
    return PilotRound.objects.filter(project=project, stage=stage, closing=None).order_by("-n").first()


def read_ahead(members: Sequence[Membership]) -> None:
    """The open rounds of several members' projects, and which of them each member screens in."""
    found: dict[tuple[UUID, str], list[PilotRound]] = defaultdict(list)
    for round_ in PilotRound.objects.filter(project__in=[member.project_id for member in members], closing=None).order_by("-n"):
        found[round_.project_id, round_.stage].append(round_)
    for member in members:
        for stage in Stage.values:
            rounds = found[member.project_id, stage]
            keep(open_round_at, member.project, stage, answer=rounds[0] if rounds else None)
            mine = (round_.pk for round_ in rounds if member.pk in round_.members)
            keep(open_round_of, member, stage, answer=next(mine, None))


def reports_of(round_: PilotRound) -> list[UUID]:
    """The reports of a round as their records stand today, in ascending id."""
    return sorted(set(PilotReport.objects.filter(round=round_).values_list("anchor__placement__report", flat=True)))


def candidates_for(project: Project, stage: str, members: list[UUID]) -> list[UUID]:
    """The open reports nobody has decided on, that none of these members wrote or was shown."""
    rows = ReportStage.objects.filter(
        project=project, stage=stage, status=ReportStage.Status.OPEN, suspended=False, n=0, round=None, requests=0
    )
    if stage == Stage.FULL_TEXT:
        rows = rows.filter(retrieval=ReportStage.Retrieval.RETRIEVED)
    wrote = {report for report, member in authorships(project) if member in members}
    told = set(Revelation.objects.filter(project=project, stage=stage, member__in=members).values_list("report", flat=True))
    return [pk for pk in rows.values_list("report", flat=True) if pk not in wrote and pk not in told]


def left_in(round_: PilotRound) -> dict[str, int]:
    """Member id -> on how many reports of the round they can still decide and have not; those who left are not waited for."""
    reports = [
        str(pk) for pk in ReportStage.objects.filter(round=round_.pk, stage=round_.stage, suspended=False).values_list("report", flat=True)
    ]
    decided: dict[str, set[str]] = defaultdict(set)
    for report, member in Standing.objects.filter(report__in=reports, stage=round_.stage).values_list("report", "member"):
        decided[str(report)].add(str(member))
    barred: dict[str, set[str]] = defaultdict(set)
    for report, member in authorships(round_.project):
        barred[str(report)].add(str(member))
    for report, member in Revelation.objects.filter(report__in=reports, stage=round_.stage).values_list("report", "member"):
        barred[str(report)].add(str(member))
    there = set(reviewers_of(round_.project))
    return {str(pk): left_to(str(pk), reports, decided, barred) for pk in round_.members if str(pk) in there}


def is_told(member: Membership, round_: PilotRound) -> bool:
    """Whether the round's decisions were shown to this member when it was closed."""
    if closing_of(round_) is None:
        return False
    return member.pk in round_.members or member.pk == round_.by_id


@dataclass(frozen=True)
class Discussed:
    """A report of a closed round that was not read alike: what each said, and criterion by criterion."""

    report: Report
    status: str
    said: list[VisibleDecision]
    lines: list[tuple[str, str]]
    """Criteria that only some marked as not met, and who did."""


@dataclass(frozen=True)
class Result:
    """What a closed round's members read: its figures in words, and what to talk over."""

    n: int
    read: int
    overall: dict[str, str]
    pairs: list[tuple[str, dict[str, str]]]
    people: list[tuple[str, int, int]]
    """Name, how many reports they read, and on how many of these they stood alone."""
    criteria: list[tuple[str, dict[str, str]]]
    discussed: list[Discussed]


def result_of(viewer: Membership, round_: PilotRound) -> Result:
    """The result of a closed round, for somebody to whom it was told. Decisions come by `visible_decisions`, as everywhere."""
    closing, reports = closing_of(round_), reports_of(round_)
    seen = [
        one for one in visible_decisions(viewer, reports, stage=round_.stage) if one.seq < closing.seq and one.member_id in round_.members
    ]
    last: dict[UUID, dict[UUID, VisibleDecision]] = defaultdict(dict)
    for one in seen:
        last[one.report_id][one.member_id] = one
    by_report = {pk: [one for one in said.values() if one.answer] for pk, said in last.items()}
    rated = [Settled(pk, "", {str(one.member_id): _said(one) for one in said}) for pk, said in sorted(by_report.items()) if said]
    names = members_named(round_.project, {member for one in rated for member in one.said})
    lines = shown(
        rated,
        names,
        settled=len(rated),
        stage_has_maybe=round_.stage == Stage.TITLE_ABSTRACT,
        criteria=criteria_marked(round_.project, rated),
        for_whom=lambda member: False,
    )
    return Result(
        n=len(reports),
        read=sum(len(one.said) > 1 for one in rated),
        overall=in_words(words_of(lines.overall.figures)),
        pairs=_words(lines.pairs),
        people=[(name, *_alone(rated, member)) for member, name in names.items()],
        criteria=_words(lines.criteria),
        discussed=_discussed(round_, by_report),
    )


def _said(one: VisibleDecision) -> Said:
    return Said(str(one.member_id), one.answer, frozenset(map(str, one.failed)), one.seq, one.at)


def _words(lines: list[Line]) -> list[tuple[str, dict[str, str]]]:
    return [(label(line), in_words(words_of(line.figures))) for line in lines]


def _alone(rated: list[Settled], member: str) -> tuple[int, int]:
    """How many this member read with others, and on how many nobody else answered as they did."""
    mine = [one for one in rated if member in one.said and len(one.said) > 1]
    plain = [{who: answer == "exclude" for who, answer in one.answers.items()} for one in mine]
    return len(mine), sum(list(answers.values()).count(answers[member]) == 1 for answers in plain)


def _discussed(round_: PilotRound, by_report: dict[UUID, list[VisibleDecision]]) -> list[Discussed]:
    wanted = [
        pk
        for pk, said in by_report.items()
        if len(said) > 1 and differ([one.answer for one in said], [frozenset(map(str, one.failed)) for one in said])
    ]
    status = {row.report_id: row.get_status_display() for row in ReportStage.objects.filter(report__in=wanted, stage=round_.stage)}
    order, labels = [reason.id for reason in reasons_in_order(round_.project)], reason_labels(round_.project)
    found = []
    for report in Report.objects.filter(pk__in=wanted).order_by("title_key", "id"):
        said = sorted(by_report[report.pk], key=lambda one: one.who)
        lines = compare([[str(c) for c in one.failed] for one in said], order, labels, _("A criterion no longer known"))
        marked = [
            (line.label, ", ".join(one.who for one, failed in zip(said, line.marks, strict=True) if failed))
            for line in lines
            if line.differs
        ]
        found.append(Discussed(report=report, status=status.get(report.pk, ""), said=said, lines=marked))
    return found


def rounds_for_agreement(project: Project, stage: str) -> list[Round]:
    """The closed rounds at a stage, in their order, as the agreement page asks for them."""
    closed = PilotRound.objects.filter(project=project, stage=stage, closing__isnull=False).order_by("n")
    # In English, as all figures of agreement are kept (agreement/words.py).
    return [Round(f"Pilot round {one.n}", frozenset(reports_of(one))) for one in closed]


def name_of(round_: Any) -> str:
    return _("Pilot round %(n)s") % {"n": round_.n}

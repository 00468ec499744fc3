"""Records removed before screening: reports by hand, with the reason, and numbers declared for what was removed elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects import contributions
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.protocol.models import SearchSource, SourceVersion
from screening.protocol.rules import DATABASE_KINDS
from screening.references.models import DeclaredRemoval, Placement, Removal, Report
from screening.references.rules import without_nul
from screening.references.showing import settle_columns

HIGHEST_DECLARED = 10_000_000
# What pages and the API remove or put back in one go: everybody waits for the project meanwhile.
MOST_REMOVED = 5_000


@dataclass
class Removed:
    """How many reports were removed or put back, and for each reason against it the reports it kept from that."""

    n: int = 0
    refused: dict[str, list[Report]] = field(default_factory=dict)

    def refuse(self, sentence: str, report: Report) -> None:
        self.refused.setdefault(sentence, []).append(report)

    @property
    def sentences(self) -> list[str]:
        """One sentence for each reason, with the title it is about, or how many they are."""
        return [str(sentence) % {"reports": _named(reports)} for sentence, reports in self.refused.items()]


def _named(reports: Sequence[Report]) -> str:
    if len(reports) == 1:
        return f"“{reports[0]}”"
    return _("%(n)s reports (“%(title)s” among them)") % {"n": f"{len(reports):,}", "title": str(reports[0])}


NOT_DATABASES = gettext_lazy(
    "%(reports)s: found by other methods only. PRISMA has no removal before screening there, so decide at full text."
)
NOT_COUNTED = gettext_lazy("%(reports)s: in no import that counts, so there is nothing to remove.")
REMOVED_ALREADY = gettext_lazy("%(reports)s: removed already.")
DECIDED = gettext_lazy("%(reports)s: somebody has decided already, so this stays in screening. Exclude at the desk instead.")
NOT_REMOVED = gettext_lazy("%(reports)s: not removed, so there is nothing to put back.")


def _reason(text: str, otherwise: str) -> str:
    reason = without_nul(text).strip()
    if not reason:
        raise Refused(otherwise)
    return reason


def _held(by: Membership, report_ids: Iterable[UUID]) -> list[Report]:
    """These reports of the member's project, with nobody able to decide on them or to move records until the end."""
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    reports = list(Report.objects.filter(project=by.project_id, pk__in=set(report_ids)).order_by("pk"))
    if not reports:
        raise Refused(_("Choose at least one report of this project."))
    contributions.hold_reports([report.pk for report in reports])
    return reports


@transaction.atomic
def remove_reports(*, by: Membership, report_ids: Iterable[UUID], kind: str, reason: str, act: UUID | None = None) -> Removed:
    """Take reports out before screening. What cannot be is left as it is, and said.

    `kind`: "automation" (marked as ineligible by automation tools) or "other"; `act`: what this is part of. Raises Refused
    without a kind, a reason or a report; not for a report somebody has decided on, which is among the refusals.
    """
    check(by, "references.remove")
    if kind not in Removal.Kind.values:
        raise Refused(_("Say why: marked as ineligible by automation tools, or removed for other reasons."))
    reason = _reason(reason, _("Say why these are removed: the reason is part of the record."))
    reports, done = _held(by, report_ids), Removed()
    spoken = contributions.spoken_reports([report.pk for report in reports])
    wanted: list[Report] = []
    for report in reports:
        if report.column == Report.Column.NONE:
            done.refuse(NOT_COUNTED, report)
        elif report.column != Report.Column.DATABASES:
            done.refuse(NOT_DATABASES, report)
        elif report.removed:
            done.refuse(REMOVED_ALREADY, report)
        elif report.pk in spoken:
            done.refuse(DECIDED, report)
        else:
            wanted.append(report)
    _write(by, wanted, kind, reason, act)
    settle_columns([report.pk for report in wanted])
    done.n = len(wanted)
    return done


def _write(by: Membership, reports: Sequence[Report], kind: str, reason: str, act: UUID | None) -> None:
    behind: dict[UUID, list[UUID]] = {report.pk: [] for report in reports}
    for report, record in Placement.objects.filter(report__in=reports).order_by("record__seq").values_list("report", "record"):
        behind[report].append(record)
    anchors = {records[0] for records in behind.values()}
    latest = {fact.anchor_id: fact for fact in Removal.objects.filter(anchor__in=anchors).order_by("seq")}
    Removal.objects.bulk_create(
        [
            Removal(
                project=by.project,
                by=by,
                report=report,
                anchor_id=behind[report.pk][0],
                kind=kind,
                reason=reason,
                covers=behind[report.pk],
                act=act,
                replaces=latest.get(behind[report.pk][0]),
            )
            for report in reports
        ]
    )


@transaction.atomic
def put_back(*, by: Membership, report_ids: Iterable[UUID], reason: str) -> Removed:
    """Put removed reports back where they were: at title and abstract, to be screened. With a reason, as a new fact."""
    check(by, "references.remove")
    reason = _reason(reason, _("Say why these are put back: the reason is part of the record."))
    reports, done = _held(by, report_ids), Removed()
    wanted = [report for report in reports if report.removed]
    for report in reports:
        if not report.removed:
            done.refuse(NOT_REMOVED, report)
    later = Removal.objects.filter(replaces=OuterRef("pk"))
    facts = Removal.objects.filter(anchor__placement__report__in=wanted, kind__isnull=False).exclude(Exists(later))
    Removal.objects.bulk_create(
        [
            Removal(
                project=by.project,
                by=by,
                report_id=report,
                anchor_id=fact.anchor_id,
                kind=None,
                reason=reason,
                covers=fact.covers,
                replaces=fact,
            )
            for fact, report in ((fact, fact.anchor.placement.report_id) for fact in facts.select_related("anchor__placement"))
        ]
    )
    settle_columns([report.pk for report in wanted])
    done.n = len(wanted)
    return done


@transaction.atomic
def declare_removed(
    *, by: Membership, source: SearchSource, kind: str, n: int, where: str, who: str, version: SourceVersion | None = None
) -> DeclaredRemoval:
    """Say that records of a source were removed elsewhere, before they came here: how many, where, by whom.

    They count as identified and as removed, without a list. They belong to the search they were found by: `version`, or
    the source as it is described now. Raises Refused for what PRISMA has no box for.
    """
    check(by, "references.remove")
    if source.project_id != by.project_id:
        raise Refused(_("That source is not in this project."))
    if kind not in DeclaredRemoval.Kind.values:
        raise Refused(_("Say what they were: duplicates, marked by automation tools, or removed for other reasons."))
    if not 1 <= n <= HIGHEST_DECLARED:
        raise Refused(_("The number is a whole one, from 1 to %(most)s.") % {"most": f"{HIGHEST_DECLARED:,}"})
    where = _reason(where, _("Say where they were removed, for example: in EndNote."))
    who = _reason(who, _("Say who removed them: nobody can look at a list."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    description = version or SourceVersion.objects.filter(source=source).order_by("-n").first()
    if description is None or description.source_id != source.pk:
        raise Refused(_("That search is not one of this source."))
    if description.kind not in DATABASE_KINDS and kind != DeclaredRemoval.Kind.DUPLICATES:
        raise Refused(_("Records found by other methods are screened at full text: only duplicates can have been removed before."))
    return DeclaredRemoval.objects.create(
        project=by.project, by=by, source=source, source_version=description, kind=kind, n=n, where=where[:200], who=who[:200]
    )


@transaction.atomic
def take_back_declaration(*, by: Membership, declared: DeclaredRemoval) -> DeclaredRemoval:
    """Take a declaration back: it stays on record and no longer counts. To correct a number, declare it anew."""
    check(by, "references.remove")
    if declared.project_id != by.project_id:
        raise Refused(_("That source is not in this project."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    if declared.n is None or DeclaredRemoval.objects.filter(replaces=declared).exists():
        raise Refused(_("This was taken back already."))
    return DeclaredRemoval.objects.create(
        project=by.project,
        by=by,
        source_id=declared.source_id,
        source_version_id=declared.source_version_id,
        kind=declared.kind,
        n=None,
        where=declared.where,
        who=declared.who,
        replaces=declared,
    )

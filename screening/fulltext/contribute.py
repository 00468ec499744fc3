"""What this room hands in: places in the strip, what waits, where reports stand, reports as what a voice is about, retrievals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.template.defaultfilters import date
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from screening.decisions.models import Stage
from screening.decisions.queries import VisibleDecision, open_for, progress_of
from screening.fulltext import actions, queries
from screening.fulltext.documents import actions as documents
from screening.fulltext.documents.queries import history_of, to_place
from screening.fulltext.documents.queries import read_ahead as documents_read_ahead
from screening.fulltext.models import Retrieval
from screening.fulltext.rules import attempt_words
from screening.fulltext.worksheet.comparing import comparison_of
from screening.projects import contributions, text_contributions
from screening.projects.access import acting_as, may
from screening.projects.contributions import About, Figure, HistoryEntry, Panel, Waiting
from screening.projects.jobs import Handle
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.references.models import Report
from screening.references.queries import is_id, report_of

contributions.obtained(actions.bring_in_retrievals)
text_contributions.obtained_before(queries.retrievals_in_force)
# After the desk has placed reports, for it makes the rows.
contributions.placing(
    contributions.Placing(hold=lambda report_ids: None, place=actions.place_retrievals, place_new=lambda report_ids: None)
)


@text_contributions.comparison
def answers_side_by_side(membership: Membership, report_id: UUID, stage: str, sides: Sequence[VisibleDecision]) -> Panel | None:
    """The answers behind decisions that are open to this member."""
    compared = comparison_of(membership.project, sides) if stage == Stage.FULL_TEXT else None
    return Panel(10, "fulltext/comparison.html", {"compared": compared}) if compared else None


@contributions.job(documents.JOB, page=lambda job: f"{reverse('fulltext:documents', args=[job.project.slug])}?job={job.pk}")
def read_documents(handle: Handle) -> dict[str, Any]:
    return documents.read_documents(handle)


@contributions.figures
def full_texts_in_strip(membership: Membership) -> list[Figure]:
    project = membership.project
    return [
        Figure(
            key="full-texts",
            label=_("Full texts"),
            url=reverse("fulltext:list", args=[project.slug]),
            order=40,
            flow=True,
            figure=progress_of(project, Stage.FULL_TEXT).open,
            unit=_("open"),
        ),
        Figure(
            key="included",
            label=_("Included"),
            url=reverse("fulltext:included", args=[project.slug]),
            order=50,
            flow=True,
            figure=queries.included_reports(project).count(),
            unit=_("so far"),
        ),
    ]


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    obtaining = [member for member in members if may(member, "fulltext.retrieve")]
    if obtaining:
        queries.read_ahead(obtaining)
        documents_read_ahead(obtaining)


@contributions.waiting
def full_texts_waiting(membership: Membership) -> list[Waiting]:
    address = reverse("fulltext:list", args=[membership.project.slug])
    items = []
    if may(membership, "fulltext.screen"):
        n = open_for(membership, Stage.FULL_TEXT)
        items.append(
            Waiting(
                count=n,
                label=ngettext("full text to assess", "full texts to assess", n),
                url=f"{address}?list=assess",
                order=30,
                role=Role.REVIEWER,
                since=queries.obtained_since(membership) if n else None,
                button=_("Assess full texts: %(n)s") % {"n": n},
            )
        )
    if may(membership, "fulltext.retrieve"):
        role = acting_as(membership, "fulltext.retrieve")
        obtain, place = queries.to_obtain(membership.project), to_place(membership.project)
        label = ngettext("full text to obtain", "full texts to obtain", obtain.n)
        items.append(Waiting(obtain.n, label, url=f"{address}?list=obtain", order=35, role=role, since=obtain.since))
        label = ngettext("document to place", "documents to place", place.n)
        url = reverse("fulltext:documents", args=[membership.project.slug])
        items.append(Waiting(place.n, label, url, order=36, role=role, since=place.since))
    return items


def _report(membership: Membership, pk: str) -> Report | None:
    return report_of(membership.project, pk) if is_id(str(pk)) else None


def _reports(membership: Membership, ids: list[UUID]) -> dict[UUID, Report]:
    return Report.objects.filter(project=membership.project_id).select_related("project").in_bulk(ids)


contributions.standings(queries.where_reports_stand)
contributions.report_facet(
    contributions.ReportFacet("stands", gettext_lazy("Where it stands"), queries.PLACES, queries.places_of_reports, queries.PLACE_GROUPS)
)
contributions.report_facet(
    contributions.ReportFacet("text", gettext_lazy("Full text"), (("yes", gettext_lazy("Obtained")),), queries.obtained_texts, {})
)
contributions.words_wait(queries.words_that_wait)
contributions.about(
    About(
        kind="report",
        name=gettext_lazy("report"),
        find=_report,
        find_all=_reports,
        label=lambda report: report.title or _("A report without a title"),
        url=lambda report: reverse("references:report", args=[report.project.slug, report.pk]),
        waits_for=queries.waiting_voices,
        reports_behind=lambda reports: {report.pk: [report.pk] for report in reports},
    )
)


@contributions.history("report")
def retrievals(membership: Membership, report: Any) -> list[HistoryEntry]:
    return [HistoryEntry(fact.recorded_at, shown_name(fact.by), _full_text(fact), _attempt(fact)) for fact in queries.retrievals_of(report)]


def _full_text(fact: Retrieval) -> str:
    return _("Full text: %(status)s.") % {"status": fact.get_status_display().lower()}


def _attempt(fact: Retrieval) -> str:
    day = _("on %(day)s") % {"day": date(fact.tried_on, "j F Y")} if fact.tried_on else ""
    return attempt_words(fact.get_way_display() if fact.way else "", day, fact.detail, fact.link)


@contributions.history("report")
def placed_documents(membership: Membership, report: Any) -> list[HistoryEntry]:
    """Documents placed with this report, and those that were with it and taken away or placed elsewhere."""
    return [
        HistoryEntry(
            fact.recorded_at, shown_name(fact.by), _("%(what)s: %(file)s.") % {"what": what, "file": fact.document.filename}, fact.reason
        )
        for what, fact in history_of(report)
    ]

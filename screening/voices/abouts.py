"""What a voice can be about besides what rooms above registered: the whole review, sources, versions, reasons, documents, files."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.fulltext.documents.queries import documents_placed
from screening.fulltext.models import Document
from screening.fulltext.queries import waiting_voices
from screening.projects import contributions
from screening.projects.contributions import About
from screening.projects.models import Membership, Project
from screening.protocol.models import Criterion, ProtocolVersion, SearchSource
from screening.protocol.queries import criteria_known, latest_descriptions
from screening.protocol.versions.models import Amendment
from screening.protocol.versions.queries import first_wordings
from screening.references.models import Import
from screening.references.queries import is_id


def _project(member: Membership, pk: str) -> Project | None:
    return member.project if str(pk) == str(member.project_id) else None


def _sources(member: Membership, ids: Iterable[Any]) -> dict[UUID, SearchSource]:
    found = SearchSource.objects.filter(project=member.project_id).select_related("project").in_bulk(list(ids))
    names = {description.source_id: description.name for description in latest_descriptions(member.project)} if found else {}
    for source in found.values():
        source.shown_as = names.get(source.pk, source.slug)
    return found


def _versions(member: Membership, ids: Iterable[Any]) -> dict[UUID, ProtocolVersion]:
    return ProtocolVersion.objects.filter(project=member.project_id).select_related("project").in_bulk(list(ids))


def _amendments(member: Membership, ids: Iterable[Any]) -> dict[UUID, Amendment]:
    """By the first wording, so that what was said stays together when an amendment is corrected; labels are of the latest."""
    first = first_wordings(member.project)
    return {pk: first[pk] for pk in (UUID(str(one)) for one in ids) if pk in first and first[pk].pk == pk}


def _reasons(member: Membership, ids: Iterable[Any]) -> dict[UUID, Criterion]:
    return criteria_known(member.project).exclude(kind=Criterion.Kind.DESCRIPTOR).in_bulk(list(ids))


def _imports(member: Membership, ids: Iterable[Any]) -> dict[UUID, Import]:
    return Import.objects.filter(project=member.project_id).select_related("project").in_bulk(list(ids))


def _documents(member: Membership, ids: Iterable[Any]) -> dict[UUID, Document]:
    """Documents with the report each is of now; one that waits to be placed, or was taken away, is of none."""
    found = Document.objects.filter(project=member.project_id).select_related("project").in_bulk(list(ids))
    reports = documents_placed(found) if found else {}
    for document in found.values():
        document.of_report = reports.get(document.pk)
    return found


def _held_with_its_report(documents: list[Document]) -> dict[UUID, frozenset[UUID]]:
    reports = {document.of_report.pk: document.of_report for document in documents if document.of_report}
    waits = waiting_voices(list(reports.values())) if reports else {}
    return {document.pk: waits.get(document.of_report.pk, frozenset()) for document in documents if document.of_report}


def _document_page(document: Document) -> str:
    slug = document.project.slug
    if document.of_report is None:
        return reverse("fulltext:documents", args=[slug])
    return f"{reverse('fulltext:assess', args=[slug, document.of_report.pk])}?document={document.pk}"


def _one(find_all: Any) -> Any:
    """Finding one is finding several: the same rule decides who sees it."""

    def find(member: Membership, pk: str) -> Any | None:
        return next(iter(find_all(member, [UUID(str(pk))]).values()), None) if is_id(str(pk)) else None

    return find


contributions.about(
    About(
        kind="project",
        name=gettext_lazy("review as a whole"),
        find=_project,
        label=lambda project: _("The review as a whole"),
        url=lambda project: reverse("flow:project", args=[project.slug]),
    )
)
contributions.about(
    About(
        kind="source",
        name=gettext_lazy("source"),
        find=_one(_sources),
        find_all=_sources,
        label=lambda source: source.shown_as,
        url=lambda source: reverse("protocol:source", args=[source.project.slug, source.slug]),
    )
)
contributions.about(
    About(
        kind="version",
        name=gettext_lazy("version of the protocol"),
        find=_one(_versions),
        find_all=_versions,
        label=lambda version: _("Protocol, version %(n)s") % {"n": version.n},
        url=lambda version: reverse("protocol:version", args=[version.project.slug, version.n]),
    )
)
contributions.about(
    About(
        kind="amendment",
        name=gettext_lazy("amendment"),
        find=_one(_amendments),
        find_all=_amendments,
        label=lambda one: _("Amendment of %(day)s: %(what)s") % {"day": date_format(one.now.made_on, "j F Y"), "what": one.now.what[:60]},
        url=lambda one: reverse("protocol:deviations", args=[one.project.slug]) + f"#amendment-{one.pk}",
    )
)
contributions.about(
    About(
        kind="reason",
        name=gettext_lazy("exclusion reason"),
        find=_one(_reasons),
        find_all=_reasons,
        label=lambda criterion: _("Excluded because: %(reason)s") % {"reason": criterion.label},
        url=lambda criterion: reverse("flow:box", args=[criterion.project.slug, "dbr_excluded"]),
    )
)
contributions.about(
    About(
        kind="document",
        name=gettext_lazy("document"),
        find=_one(_documents),
        find_all=_documents,
        label=lambda document: document.filename,
        url=_document_page,
        waits_for=_held_with_its_report,
        reports_behind=lambda documents: {document.pk: [document.of_report.pk] for document in documents if document.of_report},
    )
)
contributions.about(
    About(
        kind="import",
        name=gettext_lazy("imported file"),
        find=_one(_imports),
        find_all=_imports,
        label=lambda run: run.filename,
        url=lambda run: reverse("references:import", args=[run.project.slug, run.pk]),
    )
)

"""Reads of documents: where they are now, what may be theirs, and where words stand in them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from screening.decisions.highlights.queries import lookup_for
from screening.decisions.highlights.rules import KINDS, spans
from screening.fulltext.documents.rules import Candidate
from screening.fulltext.models import Document, DocumentPage, DocumentPlacing, DocumentText
from screening.fulltext.queries import at_full_text
from screening.projects.models import Membership, Project
from screening.projects.once import keep, once
from screening.references.models import Report

HITS = 50
MOST_MARKED = 500
# Signs no text holds: they mark where words were found until the page draws them.
BEGIN, END = "\ue000", "\ue001"


def placings() -> QuerySet[DocumentPlacing]:
    """Where each document is now: its latest placing, with a report or without."""
    later = DocumentPlacing.objects.filter(document=OuterRef("document"), seq__gt=OuterRef("seq"))
    return DocumentPlacing.objects.filter(~Exists(later))


@dataclass(frozen=True)
class Here:
    """A document of a report, how it came there, and what was read out of it."""

    document: Document
    placing: DocumentPlacing
    text: DocumentText | None


def documents_of(report_ids: Iterable[UUID]) -> dict[UUID, list[Here]]:
    """Report id -> its documents, the latest placed first. They follow the record they were placed with."""
    found = placings().filter(anchor__placement__report__in=list(report_ids))
    found = found.select_related("document__by", "by", "anchor__placement").defer("anchor__raw", "anchor__parsed").order_by("-seq")
    rows = list(found)
    texts = DocumentText.objects.in_bulk([row.document_id for row in rows])
    by_report: dict[UUID, list[Here]] = defaultdict(list)
    for row in rows:
        by_report[row.anchor.placement.report_id].append(Here(row.document, row, texts.get(row.document_id)))
    return by_report


def document_of(project: Project, pk: UUID) -> Document | None:
    return Document.objects.filter(project=project, pk=pk).first()


def report_of_document(document: Document) -> Report | None:
    """The report a document is of now; None where it waits to be placed, or was taken away."""
    row = placings().filter(document=document, anchor__isnull=False).select_related("anchor__placement__report").first()
    return row.anchor.placement.report if row else None


def documents_placed(ids: Iterable[UUID]) -> dict[UUID, Report]:
    """Document id -> the report it is of now; those of none are left out."""
    rows = placings().filter(document__in=list(ids), anchor__isnull=False).select_related("anchor__placement__report__project")
    return {row.document_id: row.anchor.placement.report for row in rows.defer("anchor__raw", "anchor__parsed")}


def history_of(report: Report) -> list[tuple[str, DocumentPlacing]]:
    """What happened to documents of a report, oldest first: each placed here, and each then taken away or placed elsewhere."""
    here = DocumentPlacing.objects.filter(anchor__placement__report=report).values("document")
    facts = DocumentPlacing.objects.filter(document__in=here).select_related("document", "by", "anchor__placement")
    lines: list[tuple[str, DocumentPlacing]] = []
    was_here: set[UUID] = set()
    for fact in facts.defer("anchor__raw", "anchor__parsed").order_by("seq"):
        if fact.anchor_id and fact.anchor.placement.report_id == report.pk:
            lines.append((_("Document placed %(how)s") % {"how": fact.get_how_display()}, fact))
            was_here.add(fact.document_id)
        elif fact.document_id in was_here:
            lines.append((_("Document placed elsewhere") if fact.anchor_id else _("Document taken away"), fact))
            was_here.discard(fact.document_id)
    return lines


def unplaced(project: Project) -> QuerySet[Document]:
    """Documents that are of no report, the latest first. Those taken away by hand are not among them."""
    placed = DocumentPlacing.objects.filter(document=OuterRef("pk"))
    return Document.objects.filter(~Exists(placed), project=project).select_related("by").order_by("-seq")


@dataclass(frozen=True)
class ToPlace:
    """How many documents are of no report, and when the first of them was brought (None: there is none)."""

    n: int = 0
    since: datetime | None = None


@once
def to_place(project: Project) -> ToPlace:
    return _to_place([project.pk]).get(project.pk, ToPlace())


def _to_place(projects: Sequence[UUID]) -> dict[UUID, ToPlace]:
    placed = DocumentPlacing.objects.filter(document=OuterRef("pk"))
    rows = Document.objects.filter(~Exists(placed), project__in=projects).values_list("project")
    return {project: ToPlace(n, since) for project, n, since in rows.annotate(n=Count("*"), since=Min("recorded_at"))}


def read_ahead(members: Sequence[Membership]) -> None:
    """The same for several members' projects."""
    found = _to_place([member.project_id for member in members])
    for member in members:
        keep(to_place, member.project, answer=found.get(member.project_id, ToPlace()))


def candidates_of(project: Project) -> list[Candidate]:
    """The reports at full text, as documents are matched with them."""
    rows = at_full_text(project).values_list("report", "report__title", "report__doi_key", "report__authors", "report__year")
    placed = placings().filter(project=project, anchor__isnull=False)
    having = set(placed.values_list("anchor__placement__report", flat=True))
    return [Candidate(str(pk), title, doi or "", authors or (), year, pk in having) for pk, title, doi, authors, year in rows]


def _asked(words: str) -> SearchQuery:
    return SearchQuery(words, config="simple", search_type="websearch")


def _with_words(words: str) -> QuerySet[DocumentPage]:
    return DocumentPage.objects.annotate(found=SearchVector("text", config="simple")).filter(found=_asked(words))


def reports_with_words(project: Project, words: str) -> QuerySet[DocumentPlacing]:
    """Ids of the reports of which one document holds all these words on one page."""
    pages = _with_words(words).filter(document__project=project)
    placed = placings().filter(document__in=pages.values("document"), anchor__isnull=False)
    return placed.values("anchor__placement__report")


@dataclass(frozen=True)
class Hit:
    """A page with the words looked for, and the places around them: (words, found) in turn."""

    n: int
    parts: Sequence[tuple[str, bool]]


def hits_in(document: Document, words: str) -> list[Hit]:
    """The first pages of a document that hold all these words. As a search box takes them: "a phrase", or, -without."""
    if not words.strip():
        return []
    options: dict[str, Any] = {"config": "simple", "start_sel": BEGIN, "stop_sel": END, "max_fragments": 2, "max_words": 24, "min_words": 8}
    found = _with_words(words).filter(document=document).annotate(shown=SearchHeadline("text", _asked(words), **options))
    return [Hit(n, _parts(shown)) for n, shown in found.order_by("n").values_list("n", "shown")[:HITS]]


def _parts(shown: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    for piece in shown.split(BEGIN):
        found, mark, rest = piece.partition(END)
        parts += [(found, True), (rest, False)] if mark else [(piece, False)]
    return [part for part in parts if part[0]]


def reports_named(project: Project, words: str) -> QuerySet[Report]:
    """Reports at full text whose title or DOI hold these words: to place a document by hand."""
    asked = Q()
    for word in words.split()[:8]:
        asked &= Q(title__icontains=word) | Q(doi__icontains=word)
    return Report.objects.filter(asked, pk__in=at_full_text(project).values("report")).order_by("title_key", "id")[:20]


def marked_words(document: Document) -> dict[str, list[str]]:
    """Kind -> the words of a document that are marked as that, each form once, in the order they are met."""
    terms = lookup_for(document.project)
    found: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    if terms:
        for text in DocumentPage.objects.filter(document=document).order_by("n").values_list("text", flat=True):
            for start, end, kind in spans(text, terms):
                found[kind][" ".join(text[start:end].casefold().split())] = None
    return {kind: list(words)[:MOST_MARKED] for kind, words in found.items()}

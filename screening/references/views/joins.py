"""All that an import joined because it is certainly the same, with why; each can be parted again."""

from bisect import bisect_left
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.references.models import Import, Record
from screening.references.queries import imports_of, n_certain_joins, page_of_certain_joins


@project_page("references.see")
@require_safe
def certain(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    run = imports_of(membership.project).filter(pk=pk).first()
    if run is None:
        raise Http404
    return render(request, "references/joins.html", _listed(membership, run, request.GET.get("after", "")))


def after_parting(request: HttpRequest, membership: Membership, record: Record, said: str, *, refused: bool) -> HttpResponse:
    """The list alone, as it is since: in the place of this record, where the person is, stands what became of it."""
    context = _listed(membership, record.import_run, request.POST.get("after", ""))
    at = bisect_left(context["rows"], record.ordinal, key=lambda row: row.record.ordinal)
    return render(request, "references/joins_list.html", context | {"said": said, "said_at": at, "refused": refused})


def _listed(membership: Membership, run: Import, after: str) -> dict[str, Any]:
    page = page_of_certain_joins(run, after=after)
    return {
        "run": run,
        "rows": page.rows,
        "n": n_certain_joins(run),
        "after": after,
        "next_url": f"?after={page.after}" if page.after else "",
        "why_not": reason_against(membership, "references.join"),
    }

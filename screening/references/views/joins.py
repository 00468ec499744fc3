"""All that an import joined because it is certainly the same, with why; each can be parted again."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.references.queries import imports_of, n_certain_joins, page_of_certain_joins


@project_page("references.see")
@require_safe
def certain(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    run = imports_of(membership.project).filter(pk=pk).first()
    if run is None:
        raise Http404
    after = request.GET.get("after", "")
    page = page_of_certain_joins(run, after=after)
    context = {
        "run": run,
        "rows": page.rows,
        "n": n_certain_joins(run),
        "after": after,
        "next_url": f"?after={page.after}" if page.after else "",
        "why_not": reason_against(membership, "references.join"),
    }
    return render(request, "references/joins.html", context)

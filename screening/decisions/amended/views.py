"""The queue of settled reports that would need another look after an amendment."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.amended import actions
from screening.decisions.amended.queries import STAGES, amended_at, page_due
from screening.decisions.models import Outcome, Stage
from screening.projects.access import Denied, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.references.queries import is_id


@project_page("decisions.see")
@require_safe
def another_look(request: HttpRequest, membership: Membership) -> HttpResponse:
    """`?stage=title_abstract`, `&after=` the next page. Nothing is re-opened, taken back or deleted by it."""
    project = membership.project
    stage = request.GET.get("stage") or Stage.FULL_TEXT
    if stage not in Stage.values:
        raise Http404
    after, amended = request.GET.get("after", ""), amended_at(project, stage)
    page = page_due(project, amended, after=UUID(after) if is_id(after) else None)
    context = {
        "stages": [(one, one.label) for one in STAGES],
        "stage": stage,
        "version": amended.version,
        "reaches": sorted(amended.reaches.items(), reverse=True),
        "due": page.due,
        "n": page.n,
        "next_url": f"?stage={stage}&after={page.after}" if page.after else "",
        "why_not": reason_against(membership, "protocol.look_again"),
    }
    return render(request, "decisions/another_look.html", context)


@project_page("protocol.look_again")
@require_POST
def stands(request: HttpRequest, membership: Membership, stage: str, report: UUID) -> HttpResponse:
    """What was settled stands under the version in force too."""
    version, outcome = request.POST.get("version", ""), request.POST.get("outcome", "")
    if stage not in Stage.values or outcome not in Outcome.values or not version.isdecimal() or len(version) > 9:
        raise Http404
    try:
        actions.stands(
            by=membership, report_id=report, stage=stage, version=int(version), outcome=outcome, why=request.POST.get("why", "")[:2000]
        )
    except (Refused, Denied) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It stands under version %(n)s too. Nothing that was decided is changed.") % {"n": version})
    return redirect(f"{reverse('decisions:another-look', args=[membership.project.slug])}?stage={stage}")

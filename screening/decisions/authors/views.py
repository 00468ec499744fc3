"""Who in the team wrote which of the candidate reviews: members say it of themselves, coordinators for others."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.authors import actions
from screening.decisions.authors.queries import authored_by, declared_in, suggested_in, titled
from screening.projects.access import Denied, may, project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import members_of, shown_name
from screening.projects.typed import with_words
from screening.references.models import Report
from screening.references.rules import without_nul


def _report(membership: Membership, text: str) -> Report | None:
    try:
        return Report.objects.filter(pk=UUID(text), project=membership.project_id).first()
    except ValueError:
        return None


@project_page("project.see")
@require_safe
def authors(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What was declared, a search for a report to declare, and for coordinators the names that look alike."""
    words = without_nul(request.GET.get("q", ""))
    one = _report(membership, request.GET.get("report", ""))
    manages = may(membership, "team.manage")
    context = {
        "declared": declared_in(membership.project),
        "q": words,
        "found": [one] if one else titled(membership.project, words),
        "asked": bool(one or words),
        "mine": set(authored_by(membership)),
        "manages": manages,
        "people": [(str(member.pk), shown_name(member)) for member in members_of(membership.project)] if manages else [],
        "suggested": suggested_in(membership.project) if manages and request.GET.get("alike") else None,
    }
    return render(request, "decisions/authors.html", context)


@project_page("project.see")
@require_POST
def declare(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Say that somebody wrote a report, or take it back."""
    report = _report(membership, request.POST.get("report", ""))
    if report is None:
        raise Http404
    named = request.POST.get("member", "")
    member = membership
    if named and named != str(membership.pk):
        try:
            member = get_object_or_404(Membership, pk=UUID(named), project=membership.project_id)
        except ValueError as error:
            raise Http404 from error
    taken_back = request.POST.get("declared") == "no"
    try:
        actions.declare(by=membership, report_id=report.pk, member=member, declared=not taken_back, why=request.POST.get("why", "")[:2000])
    except (Refused, Denied) as refusal:
        messages.error(request, with_words(refusal, request.POST.get("why", "")))
    else:
        mine = member.pk == membership.pk
        said = {
            (True, True): _("You are no author of “%(title)s”. It is yours to screen again."),
            (True, False): _("You are an author of “%(title)s”. It is not offered to you to screen, settle or appraise."),
            (False, True): _("%(name)s is no author of “%(title)s”. It is theirs to screen again."),
            (False, False): _("%(name)s is an author of “%(title)s”. It is not offered to them to screen, settle or appraise."),
        }
        messages.success(request, said[mine, taken_back] % {"name": shown_name(member), "title": report.title[:100]})
    return redirect("decisions:authors", membership.project.slug)

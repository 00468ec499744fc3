"""What coordinators may see while it is blind: for everybody to read, for coordinators to turn on, and to use."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.decisions.models import Stage
from screening.decisions.sight import actions
from screening.decisions.sight.forms import SightForm
from screening.decisions.sight.queries import Seen, may_look, sight_in_force, sights_of, uses_of
from screening.decisions.sight.rules import CONFLICTS, PEOPLE
from screening.decisions.sight.words import SIGHTS, in_words
from screening.projects.access import Denied, may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def sight(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What is allowed, who looked, and for coordinators the switch."""
    refusal = reason_against(membership, "project.edit")
    there = sight_in_force(membership.project)
    form = SightForm(request.POST if request.method == "POST" else None, initial={"sees": there.sees if there else []})
    if request.method == "POST" and refusal:
        raise Denied(refusal)
    if form.is_bound and form.is_valid():
        try:
            made = actions.set_sight(by=membership, sees=form.cleaned_data["sees"], why=form.cleaned_data["why"])
        except Refused as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("Coordinators may now see %(sees)s, while it is blind.") % {"sees": in_words(made.sees)})
            return redirect("decisions:sight", membership.project.slug)
    return _page(request, membership, form)


def _page(
    request: HttpRequest, membership: Membership, form: SightForm, seen: list[Seen] | None = None, what: str = "", stage: str = ""
) -> HttpResponse:
    project = membership.project
    there = sight_in_force(project)
    context = {
        "form": form,
        "sight": there,
        "words": in_words(there.sees) if there else "",
        "who": shown_name(there.by) if there else "",
        "refusal": reason_against(membership, "project.edit"),
        "looks": _looks(membership) if there else [],
        "seen": seen,
        "seen_words": SIGHTS.get(what, ""),
        "seen_stage": Stage(stage).label if stage else "",
        "uses": [
            {"at": use.recorded_at, "who": shown_name(use.by), "what": SIGHTS[use.what], "stage": Stage(use.stage).label}
            for use in uses_of(project)
        ],
        "changes": [
            {"at": one.recorded_at, "who": shown_name(one.by), "what": in_words(one.sees), "why": one.why} for one in sights_of(project)
        ],
    }
    return render(request, "decisions/sight.html", context, status=422 if form.errors else 200)


def _looks(membership: Membership) -> list[dict[str, Any]]:
    if not may(membership, "project.edit"):
        return []
    found = []
    for stage in Stage:
        for what, words in ((PEOPLE, _("Show what each person has decided on")), (CONFLICTS, _("Show how many are in conflict"))):
            if what in sight_in_force(membership.project).sees:
                refusal = may_look(membership, what, stage)
                label = _("%(what)s: %(stage)s") % {"what": words, "stage": stage.label.lower()}
                found.append({"what": what, "stage": stage.value, "label": label, "refusal": refusal, "id": f"{what}-{stage.value}"})
    return found


@project_page("project.edit")
@require_POST
def look(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Record that this coordinator looks, and show them what they asked for: in this one response."""
    what, stage = request.POST.get("what", ""), request.POST.get("stage", "")
    try:
        if stage not in Stage.values or what not in (PEOPLE, CONFLICTS):
            raise Refused(_("Choose what to look at, and at which stage."))
        seen = actions.look(by=membership, what=what, stage=stage)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("decisions:sight", membership.project.slug)
    there = sight_in_force(membership.project)
    return _page(request, membership, SightForm(initial={"sees": there.sees if there else []}), seen, what, stage)

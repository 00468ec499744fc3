"""Pilot rounds: to start, to follow, to close, and to talk over what was not read alike."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.decisions.models import Stage
from screening.decisions.pilots import actions
from screening.decisions.pilots.forms import CloseForm, StartForm
from screening.decisions.pilots.models import PilotRound
from screening.decisions.pilots.queries import closing_of, is_told, left_in, name_of, result_of, rounds_in
from screening.projects.access import Denied, may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.projects.typed import with_words


def _people(membership: Membership) -> list[tuple[str, str]]:
    found = Membership.objects.filter(project=membership.project, roles__contains=[Role.REVIEWER]).order_by("joined_at", "id")
    return [(str(member.pk), shown_name(member)) for member in found]


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def pilots(request: HttpRequest, membership: Membership) -> HttpResponse:
    """All rounds, and for coordinators the next one."""
    refusal = reason_against(membership, "project.edit")
    if request.method == "POST" and refusal:
        raise Denied(refusal)
    people = _people(membership)
    form = StartForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            made = actions.start_round(
                by=membership,
                stage=values["stage"],
                size=values["size"],
                members=values["members"],
                why=values["why"],
                round_id=values["id"],
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(made)s is open: %(size)s reports, first in the queue of everybody named.")
                % {"made": name_of(made), "size": f"{made.size:,}"},
            )
            return redirect("decisions:pilot", membership.project.slug, made.pk)
    rounds = [
        {"round": one, "name": name_of(one), "stage": Stage(one.stage).label, "over": closing_of(one)}
        for one in rounds_in(membership.project)
    ]
    context = {"rounds": rounds, "form": form, "refusal": refusal, "people": people}
    return render(request, "decisions/pilots.html", context, status=422 if form.errors else 200)


def _round(membership: Membership, pk: UUID) -> PilotRound:
    return get_object_or_404(PilotRound.objects.select_related("project", "by", "protocol_version"), pk=pk, project=membership.project_id)


@project_page("project.see")
@require_safe
def pilot(request: HttpRequest, membership: Membership, round: UUID) -> HttpResponse:
    """One round: while open what is left to me; once closed, to those to whom it was told, what to talk over."""
    return _page(request, membership, _round(membership, round), CloseForm())


def _page(request: HttpRequest, membership: Membership, round_: PilotRound, form: CloseForm) -> HttpResponse:
    closing, told = closing_of(round_), is_told(membership, round_)
    members = Membership.objects.filter(pk__in=round_.members).order_by("joined_at", "id")
    amendment = urlencode(
        {"amendment": _("After %(round)s (%(label)s): ") % {"round": name_of(round_).lower(), "label": Stage(round_.stage).label.lower()}}
    )
    context = {
        "round": round_,
        "name": name_of(round_),
        "stage": Stage(round_.stage),
        "who": shown_name(round_.by),
        "members": [shown_name(member) for member in members],
        "closing": closing,
        "closed_by": shown_name(closing.by) if closing and closing.by else "",
        # Nobody else's: how far they are would tell when they decided.
        "left": left_in(round_).get(str(membership.pk)) if not closing else None,
        "told": told,
        "result": result_of(membership, round_) if told and may(membership, "decisions.see") else None,
        "form": form,
        "refusal": reason_against(membership, "project.edit"),
        "settles": may(membership, "conflicts.settle"),
        "amend_url": f"{reverse('protocol:page', args=[round_.project.slug])}?{amendment}",
        "mine_to_change": membership.pk in round_.members and may(membership, "titles.screen"),
        "edits": may(membership, "protocol.edit"),
    }
    return render(request, "decisions/pilot.html", context, status=422 if form.errors else 200)


@project_page("project.edit")
@require_POST
def close(request: HttpRequest, membership: Membership, round: UUID) -> HttpResponse:
    """Close a round although not everybody has decided on everything."""
    found, form = _round(membership, round), CloseForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, found, form)
    why = form.cleaned_data["why"].strip()
    made = actions.close_round(by=membership, round_=found, why=why)
    if (made.by_id, made.why) != (membership.pk, why):
        messages.info(request, with_words(_("It was closed already."), why))
        return redirect("decisions:pilot", membership.project.slug, found.pk)
    messages.success(request, _("%(found)s is closed. Its members see now what the others said.") % {"found": name_of(found)})
    return redirect("decisions:pilot", membership.project.slug, found.pk)

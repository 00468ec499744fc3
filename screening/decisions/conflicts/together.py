"""The pages on which many conflicts of one pattern are settled: the patterns, the preview, and the settling."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.conflicts import actions
from screening.decisions.conflicts.forms import TogetherForm, TooMany, named_places
from screening.decisions.conflicts.queries import Shown, all_shown, not_shown_to, of_pattern
from screening.decisions.conflicts.rules import groups
from screening.decisions.conflicts.words import in_words
from screening.decisions.models import Stage
from screening.projects.access import Denied, project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.typed import with_words
from screening.protocol.queries import reason_labels, reasons_in_order


@project_page("conflicts.settle")
@require_safe
def patterns(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The conflicts one was shown, by pattern; and how many are not shown yet."""
    stages = []
    for stage in Stage:
        seen = all_shown(membership, stage)
        pairs = [(one, one.answers) for one in seen]
        stages.append(
            {
                "stage": stage,
                "n": len(seen),
                "unseen": not_shown_to(membership).filter(stage=stage).count(),
                "all": [_line(group) for group in groups(pairs, by_people=False)],
                "by_people": [_line(group) for group in groups(pairs, by_people=True)],
            }
        )
    return render(request, "decisions/together.html", {"stages": stages, "most": actions.MOST_TOGETHER})


def _line(group: Any) -> dict[str, Any]:
    who = ""
    if group.pattern.people:
        *others, who = sorted({side.who for one in group.conflicts for side in one.sides})
        for other in reversed(others):
            who = _("%(one)s and %(other)s") % {"one": other, "other": who}
    return {"key": group.pattern.key, "words": in_words(group.pattern), "who": who, "n": group.n}


@project_page("conflicts.settle")
@require_POST
def reveal_many(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Be shown the decisions of all conflicts at a stage; recorded for each."""
    stage = request.POST.get("stage", "")
    if stage not in Stage.values:
        raise Http404
    places = list(not_shown_to(membership).filter(stage=stage).values_list("report_id", "stage"))
    n = actions.reveal_many(by=membership, places=places)
    words = ngettext("You were shown the decisions of %(n)s conflict.", "You were shown the decisions of %(n)s conflicts.", n)
    messages.info(request, words % {"n": f"{n:,}"})
    return redirect("decisions:together", membership.project.slug)


@project_page("conflicts.settle")
@require_safe
def choose(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """What the conflicts of one pattern are to become, and why."""
    key = request.GET.get("pattern", "")
    found = _found(membership, stage, key)
    form = TogetherForm(stage=stage, reasons=reasons_in_order(membership.project, stage))
    return _shown(request, membership, stage, key, found, form)


def _found(membership: Membership, stage: str, key: str) -> list[Shown]:
    if stage not in Stage.values:
        raise Http404
    return of_pattern(membership, stage, key)


def _shown(
    request: HttpRequest,
    membership: Membership,
    stage: str,
    key: str,
    found: list[Shown],
    form: TogetherForm,
    *,
    preview: bool = False,
    error: str = "",
) -> HttpResponse:
    labels = reason_labels(membership.project)
    most = found[: actions.MOST_TOGETHER]
    outcome = form.cleaned_data.get("outcome") if preview else ""
    context = {
        "stage": Stage(stage),
        "key": key,
        "n": len(found),
        "more": len(found) - len(most),
        "lines": [
            {"conflict": one, "sides": [(side, [labels.get(str(c), "") for c in side.failed]) for side in one.sides], "place": _place(one)}
            for one in most
        ],
        "form": form,
        "preview": preview,
        "outcome": outcome,
        # Drawn here, because it stands in the middle of a sentence.
        "becomes": render_to_string("includes/decision.html", {"value": outcome}) if preview else "",
        "reason": labels.get(form.cleaned_data.get("reason", ""), "") if preview else "",
        "error": error,
    }
    code = 409 if error else 422 if form.errors else 200
    return render(request, "decisions/together_pattern.html", context, status=code)


def _place(one: Shown) -> str:
    return f"{one.row.report_id}:{','.join(str(side.id) for side in one.sides)}"


@project_page("conflicts.settle")
@require_POST
def preview(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """List what would change, without changing it; what is listed and ticked is what is then settled."""
    key = request.POST.get("pattern", "")
    found = _found(membership, stage, key)
    form = TogetherForm(request.POST, stage=stage, reasons=reasons_in_order(membership.project, stage))
    lost = form.data.get("why", "") if not found else ""
    error = with_words(_("Nothing was settled."), lost) if lost.strip() else ""
    back = "back" in request.POST
    return _shown(request, membership, stage, key, found, form, preview=form.is_valid() and bool(found) and not back, error=error)


@project_page("conflicts.settle")
@require_POST
def settle(request: HttpRequest, membership: Membership, stage: str) -> HttpResponse:
    """Settle the ticked conflicts, all or none."""
    key = request.POST.get("pattern", "")
    if stage not in Stage.values:
        raise Http404
    form = TogetherForm(request.POST, stage=stage, reasons=reasons_in_order(membership.project, stage))
    if not form.is_valid():
        return _shown(request, membership, stage, key, _found(membership, stage, key), form)
    try:
        chosen: list[tuple[UUID, list[UUID]]] = named_places(request.POST.getlist("conflict"))
        made = actions.settle_together(
            by=membership,
            stage=stage,
            conflicts=chosen,
            outcome=form.cleaned_data["outcome"],
            why=form.cleaned_data["why"],
            batch_id=form.cleaned_data["batch"],
            reason=form.counted,
        )
    except ValueError as error:
        return _again(
            request,
            membership,
            stage,
            key,
            form,
            str(error) if isinstance(error, TooMany) else _("This page is not complete. Load it again."),
        )
    except (Refused, Denied) as refusal:
        return _again(request, membership, stage, key, form, str(refusal))
    words = {
        "include": ngettext("%(n)s conflict settled as include.", "%(n)s conflicts settled as include.", len(made)),
        "exclude": ngettext("%(n)s conflict settled as exclude.", "%(n)s conflicts settled as exclude.", len(made)),
    }
    messages.success(request, words[form.cleaned_data["outcome"]] % {"n": f"{len(made):,}"})
    return redirect("decisions:together", membership.project.slug)


def _again(request: HttpRequest, membership: Membership, stage: str, key: str, form: TogetherForm, error: str) -> HttpResponse:
    """The list as it is now, with what was chosen and why nothing was settled."""
    found = _found(membership, stage, key)
    return _shown(
        request, membership, stage, key, found, form, preview=True, error=error if found else with_words(error, form.cleaned_data["why"])
    )

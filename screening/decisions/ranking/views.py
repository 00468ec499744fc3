"""The page of the order of titles: how screening goes, what evidence there is for stopping, and the decision to stop."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from screening.decisions.models import Stage
from screening.decisions.queries import progress_of
from screening.decisions.ranking import actions
from screening.decisions.ranking.figure import NARROW, WIDE, found_per_hundred, recall_curve
from screening.decisions.ranking.forms import RuleForm, WhyForm
from screening.decisions.ranking.queries import (
    evidence_of,
    last_fit,
    reason_against_evidence,
    rule_in_force,
    rules_set,
    running_fit,
    settled_labels,
    stopping_in_force,
    stoppings,
)
from screening.decisions.ranking.rules import per_hundred
from screening.decisions.ranking.words import VOIDED_BY, recorded
from screening.projects.access import Denied, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.contributions import HistoryEntry
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.projects.typed import with_words

WHOSE = {True: gettext_lazy("the ranked order for everybody"), False: gettext_lazy("each member their own order")}


@project_page("project.see")
@require_safe
def page(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _page(request, membership)


def _page(
    request: HttpRequest, membership: Membership, *, rule_form: RuleForm | None = None, why_form: WhyForm | None = None, code: int = 200
) -> HttpResponse:
    project = membership.project
    # Asked before the last fit is: one that ends in between is the last.
    fitting = running_fit(project)
    rule, labels, stopping = rule_in_force(project), settled_labels(project), stopping_in_force(project)
    against_evidence = reason_against_evidence(membership)
    if why_form and against_evidence:
        messages.error(request, with_words(against_evidence, why_form["why"].value() or ""))
    context = {
        "rule": rule,
        "fit": last_fit(project),
        "fitting": fitting,
        "progress": progress_of(project, Stage.TITLE_ABSTRACT),
        "screened": len(labels),
        "found": sum(labels),
        "drawings": _drawings(labels),
        "hundreds": per_hundred(labels)[-60:],
        "against_evidence": against_evidence,
        "evidence": None if against_evidence else evidence_of(project),
        "voided_by": VOIDED_BY,
        "stopping": stopping,
        "on_record": [recorded(sentence) for sentence in stopping.evidence.get("sentences", [])] if stopping else [],
        "stopped_by": shown_name(stopping.by) if stopping else "",
        "against_setting": reason_against(membership, "ranking.set"),
        "rule_form": rule_form or RuleForm(initial=_initial(rule)),
        "why_form": why_form or WhyForm(),
        "entries": _history(project),
    }
    return render(request, "decisions/ranking/page.html", context, status=code)


def _initial(rule: Any) -> dict[str, Any]:
    return {"for_all": "all" if rule.for_all else "own", "share": rule.share, "recall": rule.recall, "confidence": rule.confidence}


A_FEW_HUNDRED = 300


def _drawings(labels: list[int]) -> list[dict[str, Any]]:
    """Each figure twice: wide, and narrow for a phone."""
    if len(labels) < 2:
        return []
    drawn = [
        {
            "key": "recall",
            "title": _("Relevant titles found, by titles screened"),
            "across": _("Across: settled titles, in the order in which somebody first decided on them."),
            "of": [("wid", recall_curve(labels, WIDE)), ("nar", recall_curve(labels, NARROW))],
        }
    ]
    if len(labels) > A_FEW_HUNDRED:  # one broad bar would say nothing
        drawn.append(
            {
                "key": "hundreds",
                "title": _("Found in each hundred screened"),
                "across": _("Across: the same titles, a bar for each hundred."),
                "of": [("wid", found_per_hundred(labels, WIDE)), ("nar", found_per_hundred(labels, NARROW, most=24))],
            }
        )
    return drawn


def _history(project: Project) -> list[HistoryEntry]:
    """What was set and what was stopped, the latest first."""
    lines = [
        HistoryEntry(
            rule.recorded_at,
            shown_name(rule.by),
            _("set %(share)s of 100 titles by rank, %(whose)s, recall %(recall)s%%, confidence %(confidence)s%%.")
            % {"share": rule.share, "whose": WHOSE[rule.for_all], "recall": rule.recall, "confidence": rule.confidence},
            rule.why,
        )
        for rule in rules_set(project)
    ]
    for one in stoppings(project):
        what = (
            _("had %(unseen)s titles put back into screening.") % {"unseen": f"{one.unseen:,}"}
            if one.lifts_id
            else _("stopped screening early, %(unseen)s titles unseen.") % {"unseen": f"{one.unseen:,}"}
        )
        lines.append(HistoryEntry(one.recorded_at, shown_name(one.by), what, one.why))
    return sorted(lines, key=lambda line: line.at, reverse=True)


@project_page("ranking.set")
@require_POST
def set_rule(request: HttpRequest, membership: Membership) -> HttpResponse:
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, rule_form=form, code=422)
    try:
        actions.set_rule(by=membership, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, rule_form=form, code=422)
    messages.success(request, _("Set. What is on anybody's screen stays there; what comes next follows the new order."))
    return redirect("decisions:ranking", membership.project.slug)


@project_page("ranking.stop")
@require_POST
def stop(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Stop screening early. What was not looked at leaves screening, and can be put back."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, why_form=form, code=422)
    try:
        stopping = actions.stop_early(by=membership, why=form.cleaned_data["why"])
    except (Refused, Denied) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, why_form=form, code=422)
    messages.success(
        request,
        _("Stopped. %(unseen)s titles nobody looked at leave screening now; all of it is on record.") % {"unseen": f"{stopping.unseen:,}"},
    )
    return redirect("decisions:ranking", membership.project.slug)


@project_page("ranking.stop")
@require_POST
def go_on(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Take a decision to stop back."""
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, why_form=form, code=422)
    try:
        lifting = actions.go_on(by=membership, why=form.cleaned_data["why"])
    except (Refused, Denied) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, membership, why_form=form, code=422)
    messages.success(request, _("Screening goes on. %(unseen)s titles come back into the queue.") % {"unseen": f"{lifting.unseen:,}"})
    return redirect("decisions:ranking", membership.project.slug)

"""What the team asks of every desk: the words that are marked, and whether authors and journal are shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from screening.decisions.content_notes.queries import notes_in_force
from screening.decisions.desk.actions import set_rule
from screening.decisions.desk.forms import RuleForm, TermsForm
from screening.decisions.desk.models import DeskRule, TermList
from screening.decisions.desk.queries import desk_rule
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.queries import current_list, terms_of
from screening.decisions.highlights.rules import KINDS
from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import shown_name

HISTORY = 20


@project_page("project.see")
@require_http_methods(["GET", "HEAD", "POST"])
def for_everybody(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everybody reads it; coordinators change it. Each change is kept with who made it and when."""
    project, asked = membership.project, request.POST.get("change")
    rule, version = desk_rule(project), current_list(project)
    terms = terms_of(version)
    written = {kind: "\n".join(term.written() for term in terms[kind]) for kind in KINDS}
    terms_form = TermsForm(request.POST if asked == "terms" else None, initial=written)
    rule_form = RuleForm(request.POST if asked == "rule" else None, initial={"hide_authors": "yes" if rule and rule.hide_authors else ""})
    if said := _changed(membership, terms_form, rule_form):
        messages.success(request, said)
        return redirect("decisions:for-everybody", project.slug)
    wrong = bool(terms_form.errors or rule_form.errors)
    context = {
        "terms_form": terms_form,
        "rule_form": rule_form,
        "why_not": reason_against(membership, "desk.edit"),
        "terms": terms,
        "rule": rule,
        "changes": _changes(project),
        "n_notes": notes_in_force(project).count(),
    }
    return render(request, "decisions/desk_for_everybody.html", context, status=422 if wrong else 200)


def _changed(membership: Membership, terms_form: TermsForm, rule_form: RuleForm) -> str:
    """Do what was sent; what was done, in words, or nothing where it was refused (the form says why)."""
    try:
        if terms_form.is_bound and terms_form.is_valid():
            set_terms(by=membership, terms=terms_form.terms())
            return _("The words to mark are changed, from the next title each reviewer opens.")
        if rule_form.is_bound and rule_form.is_valid():
            set_rule(by=membership, hide_authors=rule_form.cleaned_data["hide_authors"], why=rule_form.cleaned_data["why"])
            return _("Authors and journal: changed, from the next title each reviewer opens.")
    except Refused as refusal:
        (terms_form if terms_form.is_bound else rule_form).add_error(None, str(refusal))
    return ""


def _changes(project: Any) -> list[dict[str, Any]]:
    """The latest changes to both, newest first, for the history beside the forms."""
    lists = TermList.objects.filter(project=project).select_related("by").order_by("-n")[:HISTORY]
    rules = DeskRule.objects.filter(project=project).select_related("by").order_by("-n")[:HISTORY]
    lines = [
        (one, ngettext("set %(n)s word to mark", "set %(n)s words to mark", len(one.terms)) % {"n": len(one.terms)}, "") for one in lists
    ]
    lines += [
        (one, _("kept authors and journal from the desks") if one.hide_authors else _("had authors and journal shown"), one.why)
        for one in rules
    ]
    found = [
        {"at": one.recorded_at, "who": shown_name(one.by) if one.by else "Brolly", "what": what, "detail": why} for one, what, why in lines
    ]
    return sorted(found, key=lambda line: line["at"], reverse=True)[:HISTORY]

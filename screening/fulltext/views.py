"""Full texts: the lists, attempts to obtain several, and what was included."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from screening.fulltext import queries
from screening.fulltext.actions import record_retrievals
from screening.fulltext.documents.queries import documents_of, reports_with_words
from screening.fulltext.forms import RetrievalForm
from screening.projects import contributions
from screening.projects.access import project_page, reason_against
from screening.projects.models import Membership
from screening.projects.typed import with_words
from screening.references.queries import is_id, page_of_reports
from screening.references.rules import without_nul

NAMES = {
    "assess": gettext_lazy("To assess"),
    "mine": gettext_lazy("Assessed by me, not settled"),
    "obtain": gettext_lazy("To obtain"),
    "unobtained": gettext_lazy("Not retrieved"),
    "open": gettext_lazy("Obtained, not settled"),
    "settled": gettext_lazy("Settled"),
}


def _list_page(request: HttpRequest, membership: Membership, form: RetrievalForm | None = None) -> HttpResponse:
    project, names = membership.project, queries.lists_for(membership)
    asked = request.POST.get("list") or request.GET.get("list", "")
    here = asked if asked in names else names[0]
    words = without_nul(request.POST.get("q") or request.GET.get("q", "")).strip()[:200]
    found = queries.reports_in_list(membership, here)
    if words:
        found = found.filter(pk__in=reports_with_words(project, words))
    page = page_of_reports(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    ids = [report.pk for report in page.rows]
    stands, facts, attempts = contributions.where_reports_stand(project, ids), queries.latest_retrievals(ids), queries.attempts_on(ids)
    chosen, asked_words = request.POST.getlist("report") if form else [], {"q": words} if words else {}
    documents = documents_of(ids)
    context = {
        "here": here,
        "tabs": [{"key": name, "name": NAMES[name], "n": queries.rows_in(membership, name).count()} for name in names],
        "rows": [
            {
                "report": report,
                "stands": stands.get(report.pk),
                "retrieval": facts.get(report.pk),
                "attempts": attempts.get(report.pk, 0),
                "documents": documents.get(report.pk, []),
                "chosen": str(report.pk) in chosen,
            }
            for report in page.rows
        ],
        "words": words,
        "previous_url": "?" + urlencode({"list": here, **asked_words, "before": page.before}) if page.before else "",
        "next_url": "?" + urlencode({"list": here, **asked_words, "after": page.after}) if page.after else "",
        "form": form or RetrievalForm(initial={"status": "retrieved"}),
        "why_not": reason_against(membership, "fulltext.retrieve"),
        "may_choose": here in ("obtain", "unobtained"),
    }
    return render(request, "fulltext/list.html", context, status=422 if form else 200)


@project_page("project.see")
@require_safe
def full_texts(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The lists of full texts: to assess, to obtain, not retrieved, settled."""
    return _list_page(request, membership)


@project_page("fulltext.retrieve")
@require_POST
def retrievals(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Record the same of several full texts at once. One that is refused does not stop the others."""
    form = RetrievalForm(request.POST)
    chosen = [UUID(text) for text in request.POST.getlist("report") if is_id(text)]
    if not chosen:
        form.add_error(None, _("Choose at least one report in the list."))
    if not form.is_valid():
        return _list_page(request, membership, form)
    done, refusals = record_retrievals(by=membership, report_ids=chosen, **form.cleaned_data)
    for sentence in dict.fromkeys(refusals):
        messages.error(request, with_words(sentence, form.cleaned_data["detail"]))
    if done:
        messages.success(request, ngettext("Recorded for %(n)s full text.", "Recorded for %(n)s full texts.", done) % {"n": done})
    address = redirect("fulltext:list", membership.project.slug)
    address["Location"] += "?" + urlencode({"list": request.POST.get("list", "obtain")})
    return address

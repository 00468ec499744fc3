"""Reviews the team knows to be relevant: which the searches found, which they missed, by source."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import check, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.cells import safe_cell
from screening.projects.models import Membership
from screening.references import actions
from screening.references.models import KnownReview
from screening.references.queries import PAGE, is_id
from screening.references.queries.known import Finding, Held, Yield, hold_known
from screening.references.removal_forms import KnownForm
from screening.references.wording import line_in_words

STATES = (
    ("", gettext_lazy("All")),
    ("missed", gettext_lazy("Missed")),
    ("perhaps", gettext_lazy("To look at")),
    ("found", gettext_lazy("Found")),
)
OF_SOURCE = {
    "found": gettext_lazy("Found by %(source)s"),
    "alone": gettext_lazy("Found by %(source)s and no other source"),
    "not-found": gettext_lazy("Not found by %(source)s"),
}


@project_page("references.see")
@require_http_methods(["GET", "HEAD", "POST"])
def known_reviews(request: HttpRequest, membership: Membership) -> HttpResponse:
    """The list held against what was found, each source with its share; and the form that adds to it."""
    why_not = reason_against(membership, "references.known")
    form = None if why_not else KnownForm()
    if request.method == "POST":
        check(membership, "references.known")
        form = KnownForm(request.POST, request.FILES)
        if form.is_valid() and _add(request, membership, form):
            return redirect("references:known", membership.project.slug)
    held, show = hold_known(membership.project), request.GET.get("show", "")
    here = show if show in dict(STATES) else ""
    of = next((share for share in held.yields if share.source.source.slug == request.GET.get("source")), None)
    rows, next_url = _page(held, show if of else here, of, request.GET.get("after", ""))
    names = {share.source.source_id: share.source.name for share in held.yields}
    context = {
        "held": held,
        "rows": [{"finding": one, "sources": [names[pk] for pk in names if pk in one.sources]} for one in rows],
        "tabs": [{"key": key, "name": name, "n": held.count(key) if key else len(held.findings)} for key, name in STATES],
        "here": here,
        "of": of,
        "of_words": OF_SOURCE.get(show, OF_SOURCE["found"]) % {"source": of.source.name} if of else "",
        "found": held.count("found"),
        "missed": held.count("missed"),
        "perhaps": held.count("perhaps"),
        "form": form,
        "why_not": why_not,
        "next_url": next_url,
    }
    return render(request, "references/known.html", context, status=422 if form and form.errors else 200)


def _is_listed(finding: Finding, state: str, of: Yield | None) -> bool:
    """Whether a known review is in a list: all, or one state; of one source, what it found, found alone, or did not find."""
    if of is None:
        return not state or finding.state == state
    if state == "alone":
        return finding.sources == {of.source.source_id}
    return (of.source.source_id in finding.sources) == (state != "not-found")


def _page(held: Held, state: str, of: Yield | None, after: str) -> tuple[list[Finding], str]:
    """A page of the list and the address of the next; a cursor is the last review shown."""
    rows = [finding for finding in held.findings if _is_listed(finding, state, of)]
    start = next((n for n, finding in enumerate(rows, start=1) if is_id(after) and str(finding.known.pk) == after), 0)
    shown = rows[start : start + PAGE]
    if start + PAGE >= len(rows):
        return shown, ""
    kept = {"source": of.source.source.slug if of else "", "show": state, "after": str(shown[-1].known.pk)}
    return shown, "?" + urlencode({name: value for name, value in kept.items() if value})


def _add(request: HttpRequest, membership: Membership, form: KnownForm) -> bool:
    file = form.cleaned_data["file"]
    # One byte more than is allowed: whoever reads on says that it is too large.
    upload = (file.name, file.read(actions.LARGEST_LIST + 1)) if file else None
    try:
        added = actions.add_known(by=membership, text=form.cleaned_data["text"], upload=upload)
    except Refused as refusal:
        form.add_error("file" if upload else "text", str(refusal))
        return False
    messages.success(request, _added(added.n, added.there))
    for line, cause in added.not_read[:10]:
        messages.error(request, line_in_words(line, cause))
    if len(added.not_read) > 10:
        messages.error(request, _("%(n)s more lines name no review.") % {"n": f"{len(added.not_read) - 10:,}"})
    return True


def _added(n: int, there: int) -> str:
    if not there:
        return ngettext("%(n)s review was added.", "%(n)s reviews were added.", n) % {"n": f"{n:,}"}
    added = ngettext("%(n)s review was added", "%(n)s reviews were added", n) % {"n": f"{n:,}"}
    known = ngettext("%(n)s was on the list already.", "%(n)s were on the list already.", there) % {"n": f"{there:,}"}
    return f"{added}; {known}"


@project_page("references.known")
@require_POST
def remove(request: HttpRequest, membership: Membership, pk: UUID) -> HttpResponse:
    """Take a review off the list."""
    found = KnownReview.objects.filter(project=membership.project, pk=pk).first()
    if found is None:
        raise Http404
    try:
        actions.remove_known(by=membership, known=found)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken off the list: %(review)s.") % {"review": found.title or found.doi or f"PMID {found.pmid}"})
    listed, show = reverse("references:known", args=[membership.project.slug]), request.POST.get("show", "")
    return redirect(f"{listed}?show={show}" if show in dict(STATES) and show else listed)


def _csv(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text).writerows(map(safe_cell, row) for row in rows)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@project_page("references.see")
@require_safe
def reviews_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each known review: found or missed, by which sources, where it stands."""
    held = hold_known(membership.project)
    names = {share.source.source_id: share.source.name for share in held.yields}
    header = ["Title", "First author", "Year", "DOI", "PubMed number", "Found", "Found in", "Where it stands", "Report"]
    rows = [
        [
            one.known.title,
            one.known.first_author,
            one.known.year or "",
            one.known.doi,
            one.known.pmid,
            one.state,
            "; ".join(names[pk] for pk in names if pk in one.sources),
            "; ".join(dict.fromkeys(match.stands.words for match in one.matches if match.stands)),
            "; ".join(match.report.title for match in one.matches),
        ]
        for one in held.findings
    ]
    return _csv(f"{membership.project.slug}-known-reviews.csv", [header, *rows])


@project_page("references.see")
@require_safe
def sources_csv(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each source: how many of the known reviews it found, of how many."""
    held = hold_known(membership.project)
    header = ["Source", "Found", "Found in no other source", "Of known reviews", "Sensitivity, percent"]
    rows = [[one.source.name, one.found, one.alone, one.of, "" if one.percent is None else f"{one.percent:.1f}"] for one in held.yields]
    rows.append(["Any source", held.count("found"), "", len(held.findings), f"{held.percent:.1f}" if held.percent is not None else ""])
    return _csv(f"{membership.project.slug}-known-reviews-by-source.csv", [header, *rows])

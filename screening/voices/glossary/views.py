"""The glossary."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.voices.glossary import actions
from screening.voices.glossary.forms import TermForm
from screening.voices.glossary.queries import glossary_of


@require_http_methods(["GET", "POST"])
@project_page("project.see")
def glossary(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every word with its meaning, and a form for one more."""
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain(by=membership, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The word is explained from now on."))
            return redirect("voices:glossary", membership.project.slug)
    context = {"entries": glossary_of(membership.project), "form": form, "why_not": reason_against(membership, "glossary.edit")}
    return render(request, "voices/glossary.html", context, status=422 if form.errors else 200)


@require_POST
@project_page("glossary.edit")
def take_away(request: HttpRequest, membership: Membership, term_id: UUID) -> HttpResponse:
    actions.take_away(by=membership, term_id=term_id)
    messages.success(request, _("The project’s own meaning is taken away."))
    return redirect("voices:glossary", membership.project.slug)

"""Texts in which withdrawn words still stand, for whoever can rewrite them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from screening.projects.access import project_page
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.voices.left import actions
from screening.voices.left.queries import words_left


@project_page("voices.answer")
@require_safe
def left(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Each text with the page where it is changed, and a way to say that it stays."""
    return render(request, "voices/left.html", {"left": words_left(membership.project), "most": actions.LONGEST})


@project_page("voices.answer")
@require_POST
def let_stand(request: HttpRequest, membership: Membership, left_id: UUID) -> HttpResponse:
    """Say that one of them stays as it reads."""
    try:
        actions.let_stand(by=membership, left_id=left_id, reason=request.POST.get("reason", ""))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The text stays as it reads. Why is kept on record."))
    return redirect("voices:left", membership.project.slug)

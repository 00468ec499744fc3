"""The bell: what I was told, marking it as seen, and whether I want mails that say there is something new."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from screening.projects import actions
from screening.projects.access import signed_in_page
from screening.projects.models import Digest
from screening.projects.notices import notices_of, see
from screening.projects.queries import page_by_time
from screening.projects.telling.forms import DigestForm

IN_THE_BELL = 8


@require_GET
@signed_in_page
def notices(request: HttpRequest) -> HttpResponse:
    """Everything I was told, the latest first, a page at a time. A cursor that is not known starts again."""
    mine = notices_of(request.user)
    try:
        found, following = page_by_time(mine, request.GET.get("after", ""), field="created_at", latest_first=True)
    except ValueError:
        return redirect("notices")
    context = {
        "notices": found,
        "next_url": f"?{urlencode({'after': following})}" if following else "",
        "new": mine.filter(seen_at=None).count(),
        "form": DigestForm(initial={"digest": request.user.digest}),
    }
    return render(request, "projects/notices.html", context)


@require_GET
@signed_in_page
def latest(request: HttpRequest) -> HttpResponse:
    """What the bell shows when it is opened: the latest few, new ones first. Opened by itself it is the whole page."""
    if not request.htmx:
        return redirect("notices")
    new = list(notices_of(request.user).filter(seen_at=None)[:IN_THE_BELL])
    seen = list(notices_of(request.user).exclude(seen_at=None)[: IN_THE_BELL - len(new)])
    return render(request, "projects/notices_latest.html", {"notices": [*new, *seen]})


@require_POST
@signed_in_page
def follow(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as seen and go where it leads."""
    notice = get_object_or_404(notices_of(request.user), pk=notice_id)
    see(user=request.user, ids=[notice.pk])
    return redirect(notice.link)


@require_POST
@signed_in_page
def see_all(request: HttpRequest) -> HttpResponse:
    see(user=request.user)
    return redirect("notices")


@require_POST
@signed_in_page
def mails(request: HttpRequest) -> HttpResponse:
    """Turn mails on, off, or to another pace."""
    form = DigestForm(request.POST)
    if form.is_valid():
        actions.set_digest(user=request.user, digest=form.cleaned_data["digest"])
        if form.cleaned_data["digest"] == Digest.NEVER:
            messages.success(request, _("You get no mails about notices."))
        else:
            messages.success(request, _("A mail will say how much is new, and nothing of what it is."))
    else:
        messages.error(request, _("That was not understood. Nothing was changed."))
    return redirect("notices")

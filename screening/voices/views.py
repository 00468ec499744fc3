"""Threads about anything, and the list of all voices."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.voices import actions, queries
from screening.voices.forms import AnswerForm, SpeakForm
from screening.voices.models import Voice


def _about(membership: Membership, kind: str, about_id: UUID) -> tuple[Any, Any, bool]:
    """What a thread is about, and whether this member's own words on it wait until it is settled. 404 otherwise."""
    things = queries.Things(membership)
    found = things.find(kind, about_id)
    if found is None:
        raise Http404
    return *found, membership.pk in things.kept_back(kind, about_id)


@require_http_methods(["GET", "POST"])
@project_page("voices.write")
def thread(request: HttpRequest, membership: Membership, kind: str, about_id: UUID) -> HttpResponse:
    """What was said about one thing, and a form to say more: a page, or for htmx the part other pages embed."""
    about, thing, waits = _about(membership, kind, about_id)
    form = SpeakForm(request.POST or None, auto_id=f"say-{about_id.hex[:8]}-%s")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _speak(form, membership, kind, about_id):
            if not request.htmx:
                messages.success(request, "Your words are here now.")
                return redirect("voices:thread", membership.project.slug, kind, about_id)
            form, status = SpeakForm(auto_id=f"say-{about_id.hex[:8]}-%s"), 200
    context = {
        "voices": queries.thread_of(membership, kind, about_id),
        "form": form,
        "about": about,
        "label": about.label(thing),
        "url": about.url(thing),
        "waits": waits,
        "may_answer": reason_against(membership, "voices.answer") is None,
        "reply_id": request.GET.get("reply", ""),
        "here": reverse("voices:thread", args=[membership.project.slug, kind, about_id]),
        "reply_kinds": Voice.Kind.choices,
    }
    return render(request, "voices/part.html" if request.htmx else "voices/thread.html", context, status=status)


def _speak(form: SpeakForm, membership: Membership, kind: str, about_id: UUID) -> bool:
    given = form.cleaned_data
    reply_to = queries.voice_for(membership, given["reply_to"]) if given["reply_to"] else None
    if given["reply_to"] and reply_to is None:
        form.add_error(None, "The voice you reply to is not here any more.")
        return False
    try:
        actions.speak(
            by=membership,
            about_kind=kind,
            about_id=about_id,
            words=given["words"],
            kind=given["kind"],
            reply_to=reply_to,
            voice_id=given["id"],
        )
    except Refused as refusal:
        form.add_error("words", str(refusal))
        return False
    return True


SHOW = ("all", "waiting", "answered")


@require_GET
@project_page("project.see")
def voices(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What waits for an answer first, oldest first; then the others, latest first."""
    show = request.GET.get("show", "all")
    show = show if show in SHOW else "all"
    after = request.GET.get("after", "")
    waiting = queries.awaiting(membership)
    rows, following = [], None
    if show != "waiting":
        found = queries.others(membership, answered_only=show == "answered")
        try:
            rows, following = queries.page_of_voices(membership, found, after)
        except ValueError:
            rows, following = queries.page_of_voices(membership, found)
    context = {
        "waiting": [] if show == "answered" or after else waiting,
        "rows": rows,
        "show": show,
        "waiting_count": len(waiting),
        "next_url": f"?{urlencode({'show': show, 'after': following})}" if following else "",
        "refusal": reason_against(membership, "voices.answer"),
        "protocol_thread": reverse("voices:thread", args=[membership.project.slug, "protocol", membership.project_id]),
    }
    return render(request, "voices/list.html", context)


@require_http_methods(["GET", "POST"])
@project_page("voices.answer")
def answer(request: HttpRequest, membership: Membership, voice_id: UUID) -> HttpResponse:
    """Say what became of one voice."""
    voice = queries.voice_for(membership, voice_id)
    if voice is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(by=membership, voice=voice, status=given["status"], words=given["words"], answer_id=given["id"])
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Your answer stands beside the voice now.")
            return redirect("voices:list", membership.project.slug)
    spoken = queries.seen_of(membership, [voice])[0]
    return render(request, "voices/answer.html", {"voice": spoken, "form": form}, status=422 if form.is_bound else 200)


@require_POST
@project_page("voices.write")
def withdraw(request: HttpRequest, membership: Membership, voice_id: UUID) -> HttpResponse:
    """Erase one's own words."""
    voice = queries.voice_for(membership, voice_id)
    # Only one's own words can be withdrawn: for anybody else there is nothing here.
    if voice is None or voice.by_id != membership.pk:
        raise Http404
    actions.withdraw(by=membership, voice=voice)
    messages.success(request, "Your words are erased. That something stood here remains.")
    return redirect("voices:thread", membership.project.slug, voice.thread.about_kind, voice.thread.about_id)

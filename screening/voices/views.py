"""Threads about anything, and "You said, we did"."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from screening.projects.access import project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import members_of, shown_name
from screening.voices import actions, queries
from screening.voices.attachments.actions import FileRefused, stored
from screening.voices.attachments.queries import takes_files, what_is_taken
from screening.voices.changes import changes_to_link
from screening.voices.forms import PLACES, AnswerForm, MarkForm, SpeakForm
from screening.voices.here import thing_at
from screening.voices.left.queries import noted_of
from screening.voices.models import Audience, Voice, VoiceAnswer
from screening.voices.rules import clean_line


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
    prefix, place = f"say-{about_id.hex[:8]}-%s", request.GET.get("place", "")[:80]
    options = {"auto_id": prefix, "place": place, "about_kind": kind}
    if takes_files(membership.project):
        options["taken"] = what_is_taken()
    form = SpeakForm(request.POST or None, request.FILES or None, **options)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and _speak(form, membership, kind, about_id):
            if not request.htmx:
                messages.success(request, _("Your words are here now."))
                return redirect("voices:thread", membership.project.slug, kind, about_id)
            form, status = SpeakForm(**options), 200
        else:
            form.ask_for_files_again()
    context = {
        "voices": queries.thread_of(membership, kind, about_id),
        "form": form,
        "about": about,
        "label": about.label(thing),
        "url": about.url(thing),
        "waits": waits,
        "place": "" if kind in PLACES else place,
        "may_answer": reason_against(membership, "voices.answer") is None,
        "reply_id": request.GET.get("reply", ""),
        "here": reverse("voices:thread", args=[membership.project.slug, kind, about_id]),
        "audiences": Audience.choices,
        "names": [shown_name(member) for member in members_of(membership.project).exclude(pk=membership.pk)[:40]],
    }
    return render(request, "voices/part.html" if request.htmx else "voices/thread.html", context, status=status)


def _speak(form: SpeakForm, membership: Membership, kind: str, about_id: UUID) -> bool:
    given = form.cleaned_data
    reply_to = queries.voice_for(membership, given["reply_to"]) if given["reply_to"] else None
    if given["reply_to"] and reply_to is None:
        form.add_error(None, _("The voice you reply to is not here any more."))
        return False
    try:
        with stored(by=membership, files=[(file.name, file, file.size) for file in given.get("files", [])]) as files:
            actions.speak(
                by=membership,
                about_kind=kind,
                about_id=about_id,
                words=given["words"],
                kind=given["kind"],
                reply_to=reply_to,
                voice_id=given["id"],
                audience=given["audience"],
                place=given["place"],
                files=files,
            )
    except FileRefused as refusal:
        form.add_error("files", str(refusal))
        return False
    except Refused as refusal:
        form.add_error("words", str(refusal))
        return False
    return True


STATUSES = [status.value for status in VoiceAnswer.Status]
# What "You said, we did" can be narrowed to, in the order of its buttons: what became of it, and its glyph.
SHOW = (
    ("all", gettext_lazy("All"), ""),
    ("waiting", gettext_lazy("Waiting"), "wait"),
    ("acted_on", gettext_lazy("Acted on"), "ok"),
    ("heard", gettext_lazy("Heard"), "heard"),
    ("not_acted_on", gettext_lazy("Not acted on"), "no"),
    ("later", gettext_lazy("Later"), "later"),
)
ALSO = ("overdue", "answered")


@require_GET
@project_page("project.see")
def voices(request: HttpRequest, membership: Membership) -> HttpResponse:
    """You said, we did: what waits for an answer first, oldest first; then the others, latest first."""
    show = request.GET.get("show", "all")
    show = show if show in (*(key for key, _words, _glyph in SHOW), *ALSO) else "all"
    after = request.GET.get("after", "")
    tally, now = queries.tally(membership), timezone.now()
    try:
        waiting, rows, following = _ledger(membership, show, after)
    except ValueError:
        waiting, rows, following = _ledger(membership, show, "")
    answered = sum(n for key, n in tally.items() if key in STATUSES)
    context = {
        "waiting": waiting,
        "rows": rows,
        "show": show,
        "said": answered + tally["waiting"],
        "answered": answered,
        "waiting_count": queries.awaiting_count(membership),
        "more_waiting": queries.awaiting_count(membership) >= queries.COUNTED,
        "overdue": len(queries.overdue(membership, now)),
        "answer_days": queries.answer_days(membership.project),
        "filters": [(key, words, glyph, _counted(tally, key, answered)) for key, words, glyph in SHOW],
        "next_url": f"?{urlencode({'show': show, 'after': following})}" if following else "",
        "refusal": reason_against(membership, "voices.answer"),
    }
    return render(request, "voices/list.html", context)


def _counted(tally: Any, key: str, answered: int) -> int:
    return answered + tally["waiting"] if key == "all" else tally[key]


def _ledger(membership: Membership, show: str, after: str) -> tuple[list[Any], list[Any], str | None]:
    """What waits, what does not, and the cursor of the next page."""
    if show in ("waiting", "overdue"):
        found = queries.waiting(membership)
        if show == "overdue":
            days = queries.answer_days(membership.project)
            found = found.filter(recorded_at__lte=timezone.now() - timedelta(days=days))
        rows, following = queries.page_of_voices(membership, found, after, latest_first=False)
        return rows, [], following
    found = queries.others(membership) & queries.owed_or_answered(membership) if show == "all" else queries.owed_or_answered(membership)
    if show == "answered":
        found = queries.others(membership, answered_only=True)
    elif show in STATUSES:
        found = queries.became(found, show)
    rows, following = queries.page_of_voices(membership, found, after)
    waiting = queries.awaiting(membership, limit=queries.PAGE) if show == "all" and not after else []
    return waiting, rows, following


@require_GET
@project_page("project.see")
def said(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Everything that was said, the latest first: by words, by kind, or one's own."""
    words, kind = clean_line(request.GET.get("q", ""), 200), request.GET.get("kind", "")
    found = queries.everything(membership)
    if words:
        found = queries.with_words(found, words)
    if kind in Voice.Kind.values:
        found = found.filter(kind=kind)
    mine = request.GET.get("mine") == "1"
    if mine:
        found = found.filter(by=membership)
    after = request.GET.get("after", "")
    try:
        rows, following = queries.page_of_voices(membership, found, after)
    except ValueError:
        rows, following = queries.page_of_voices(membership, found)
    asked = {"q": words, "kind": kind if kind in Voice.Kind.values else "", "mine": "1" if mine else ""}
    turn = {key: value for key, value in {**asked, "after": following}.items() if value}
    context = {"rows": rows, "kinds": Voice.Kind.choices, **asked, "next_url": f"?{urlencode(turn)}" if following else ""}
    return render(request, "voices/said.html", context)


@require_GET
@project_page("voices.write")
def speak_from(request: HttpRequest, membership: Membership) -> HttpResponse:
    """From wherever one is to where one can speak of it."""
    kind, pk, place = thing_at(membership, request.GET.get("from", ""))
    address = reverse("voices:thread", args=[membership.project.slug, kind, pk])
    return redirect(f"{address}?{urlencode({'place': place})}" if place else address)


@require_http_methods(["GET", "POST"])
@project_page("voices.answer")
def answer(request: HttpRequest, membership: Membership, voice_id: UUID) -> HttpResponse:
    """Say what became of one voice."""
    voice = queries.voice_for(membership, voice_id)
    if voice is None:
        raise Http404
    changes = changes_to_link(membership)
    form = AnswerForm(request.POST or None, changes=changes)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(
                by=membership, voice=voice, status=given["status"], words=given["words"], answer_id=given["id"], change=given["change"]
            )
        except Refused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("Your answer stands beside the voice now, and whoever said it has a notice."))
            return redirect("voices:list", membership.project.slug)
    # Read anew: it may have been withdrawn, or answered, since the page was opened.
    spoken = queries.seen_of(membership, [queries.voice_for(membership, voice_id)])[0]
    return render(request, "voices/answer.html", {"voice": spoken, "form": form}, status=422 if form.is_bound else 200)


def _own(membership: Membership, voice_id: UUID) -> Voice:
    """One's own voice; for anybody else there is nothing here."""
    voice = queries.voice_for(membership, voice_id)
    if voice is None or voice.by_id != membership.pk:
        raise Http404
    return voice


def _to_thread(membership: Membership, voice: Voice) -> HttpResponse:
    return redirect("voices:thread", membership.project.slug, voice.thread.about_kind, voice.thread.about_id)


@require_POST
@project_page("voices.write")
def mark(request: HttpRequest, membership: Membership, voice_id: UUID) -> HttpResponse:
    """Say whom one's own words are for."""
    voice, form = _own(membership, voice_id), MarkForm(request.POST)
    try:
        if form.is_valid():
            actions.mark(by=membership, voice=voice, audience=form.cleaned_data["audience"])
            messages.success(request, _("Kept. Your words are: %(for)s.") % {"for": Audience(form.cleaned_data["audience"]).label})
        else:
            messages.error(request, _("Choose whom this is for."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return _to_thread(membership, voice)


@require_POST
@project_page("voices.write")
def withdraw(request: HttpRequest, membership: Membership, voice_id: UUID) -> HttpResponse:
    """Erase one's own words."""
    voice = _own(membership, voice_id)
    actions.withdraw(by=membership, voice=voice)
    messages.success(request, _("Your words are erased, and what others repeated of them. That something stood here remains."))
    if noted_of(voice):
        messages.info(request, _("The project’s own texts hold the same words. Coordinators are asked to rewrite them."))
    return _to_thread(membership, voice)

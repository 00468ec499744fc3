"""The list of meetings, one meeting, and the form for both."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from screening.projects.access import may, project_page, reason_against
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.queries import members_of, shown_name
from screening.voices.meetings import actions, queries
from screening.voices.meetings.forms import MeetingForm
from screening.voices.meetings.models import Meeting
from screening.voices.meetings.queries import Held


@project_page("project.see")
@require_safe
def meetings(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Every meeting, the latest first."""
    after = request.GET.get("after", "")
    try:
        rows, following = queries.page_of_meetings(membership.project, after)
    except ValueError:
        rows, following = queries.page_of_meetings(membership.project)
    context = {
        "meetings": rows,
        "next_url": f"?{urlencode({'after': following})}" if following else "",
        "refusal": reason_against(membership, "meetings.write"),
    }
    return render(request, "voices/meetings.html", context)


def _people(membership: Membership, held: Held | None = None) -> list[tuple[str, str]]:
    """Those who may be named: the members, and whoever was named already and has left since."""
    found = {str(member.pk): shown_name(member) for member in members_of(membership.project)}
    if held is not None:
        gone = Membership.objects.filter(pk__in=[pk for pk in held.member_ids if str(pk) not in found])
        found |= {str(member.pk): shown_name(member) for member in gone}
    return list(found.items())


def _held(membership: Membership, pk: UUID) -> Held:
    held = queries.meeting_of(membership.project, pk)
    if held is None:
        raise Http404
    return held


@project_page("meetings.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Put a meeting on record."""
    form = MeetingForm(request.POST or None, people=_people(membership))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.record_meeting(by=membership, about=form.about(), record_id=form.cleaned_data["id"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The meeting is on record."))
            return redirect("voices:meeting", membership.project.slug, made.meeting_id)
    return render(request, "voices/meeting_form.html", {"form": form}, status=422 if form.errors else 200)


@project_page("project.see")
@require_safe
def meeting(request: HttpRequest, membership: Membership, meeting: UUID) -> HttpResponse:
    """One meeting as it stands, and every record there was of it."""
    held = _held(membership, meeting)
    records = queries.records_of(membership.project, meeting)
    context = {
        "meeting": held,
        "records": records,
        "refusal": reason_against(membership, "meetings.write"),
        "names_me": membership.pk in held.member_ids,
        "earlier_words": any(one.topics is not None and not one.is_latest for one in records) and may(membership, "meetings.write"),
    }
    return render(request, "voices/meeting.html", context)


@project_page("meetings.write")
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, membership: Membership, meeting: UUID) -> HttpResponse:
    """Record a meeting anew."""
    held = _held(membership, meeting)
    form = MeetingForm(request.POST or None, people=_people(membership, held), held=held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_meeting(
                by=membership,
                meeting=Meeting.objects.get(pk=held.id),
                about=form.about(),
                seen=form.cleaned_data["seen"] or held.record_id,
                record_id=form.cleaned_data["id"],
            )
        except actions.ChangedMeanwhile as refusal:
            # What one wrote stays in the form; sent again it comes after the correction that was in between.
            form.data = form.data.copy() | {"seen": str(held.record_id)}
            form.add_error(None, str(refusal))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The meeting stands as you wrote it now. What stood there before stays on record."))
            return redirect("voices:meeting", membership.project.slug, held.id)
    return render(request, "voices/meeting_form.html", {"form": form, "meeting": held}, status=422 if form.errors else 200)


@project_page("project.see")
@require_POST
def take_me_off(request: HttpRequest, membership: Membership, meeting: UUID) -> HttpResponse:
    """No longer be named among those who were there."""
    held = _held(membership, meeting)
    actions.take_me_off(by=membership, meeting=Meeting.objects.get(pk=held.id))
    messages.success(request, _("You are counted among the others now, without your name."))
    return redirect("voices:meeting", membership.project.slug, held.id)


@project_page("meetings.write")
@require_POST
def remove(request: HttpRequest, membership: Membership, meeting: UUID) -> HttpResponse:
    """Take a meeting that was recorded by mistake off the list."""
    held = _held(membership, meeting)
    actions.remove_meeting(by=membership, meeting=Meeting.objects.get(pk=held.id))
    messages.success(request, _("The meeting is off the list and counts nowhere. That it was recorded stays on record."))
    return redirect("voices:meetings", membership.project.slug)


@project_page("meetings.write")
@require_POST
def erase(request: HttpRequest, membership: Membership, meeting: UUID) -> HttpResponse:
    """Erase what earlier records of a meeting said: all of them for a coordinator, one's own for others."""
    held = _held(membership, meeting)
    n = actions.erase_words(by=membership, meeting=Meeting.objects.get(pk=held.id))
    if n:
        messages.success(request, _("The earlier words are erased. That there was a record remains."))
    else:
        messages.info(request, _("Nothing was erased: only a coordinator erases what somebody else wrote."))
    return redirect("voices:meeting", membership.project.slug, held.id)

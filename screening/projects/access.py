"""Who may do what: one table of actions and roles, one way to load and authorise, every refusal with its reason.

Outsiders get 404 (they must not learn that a project exists), members without the right 403 with a sentence.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from screening.projects.arriving import read
from screening.projects.models import Membership, Project, Role, today
from screening.projects.once import one_page
from screening.projects.typed import words_sent

C, R, A, W, O = Role.COORDINATOR, Role.REVIEWER, Role.ADJUDICATOR, Role.WORKING_GROUP, Role.OBSERVER
EVERYONE = frozenset(Role)

ACTIONS: dict[str, frozenset[str]] = {
    "project.see": EVERYONE,
    "project.edit": frozenset({C}),
    "team.manage": frozenset({C}),
    "protocol.edit": frozenset({C}),
    "outcomes.add": EVERYONE,
    "protocol.look_again": frozenset({C, A}),
    "references.see": EVERYONE,
    "references.import": frozenset({C}),
    "references.join": frozenset({C}),
    "references.correct": frozenset({C}),
    "references.remove": frozenset({C}),
    "references.known": frozenset({C}),
    "references.label": frozenset({C, R, A}),
    "references.labels": frozenset({C}),
    "desk.edit": frozenset({C}),
    "desk.note": frozenset({C, W}),
    "titles.screen": frozenset({R}),
    "fulltext.screen": frozenset({R}),
    "fulltext.retrieve": frozenset({C, R}),
    "lines.keep": frozenset({C, R}),
    "ranking.set": frozenset({C}),
    "ranking.stop": frozenset({C}),
    "conflicts.see": frozenset({C, R, A}),
    "conflicts.agree": frozenset({R}),
    "conflicts.settle": frozenset({A}),
    "decisions.see": frozenset({C, R, A}),
    "decisions.bring_in": frozenset({C}),
    "voices.write": EVERYONE,
    "voices.answer": frozenset({C}),
    "voices.set": frozenset({C}),
    "voices.support": frozenset({C, W}),
    "glossary.edit": frozenset({C, W}),
    "priorities.ask": frozenset({C}),
    "priorities.answer": EVERYONE,
    "meetings.write": frozenset({C, W}),
    "involvement.write": frozenset({C, W}),
    "extraction.edit": frozenset({C, R}),
    "overlap.compute": frozenset({C, R}),
    "exports.make": frozenset({C, R, A}),
    "jobs.see": frozenset({C, R, A}),
}

WHAT: dict[str, str] = {
    "project.edit": gettext_lazy("change the project"),
    "team.manage": gettext_lazy("invite people or change roles"),
    "protocol.edit": gettext_lazy("change the protocol"),
    "protocol.look_again": gettext_lazy("say that what was settled stands under a later version"),
    "references.import": gettext_lazy("import search results"),
    "references.join": gettext_lazy("join or part reports"),
    "references.correct": gettext_lazy("correct what a report shows"),
    "references.remove": gettext_lazy("remove records before screening"),
    "references.known": gettext_lazy("change the list of known reviews"),
    "references.label": gettext_lazy("label reports"),
    "references.labels": gettext_lazy("rename or remove labels"),
    "desk.edit": gettext_lazy("change what the desk marks and hides"),
    "desk.note": gettext_lazy("put a content note on reports"),
    "titles.screen": gettext_lazy("screen titles and abstracts"),
    "fulltext.screen": gettext_lazy("assess full texts"),
    "fulltext.retrieve": gettext_lazy("record whether a full text was obtained"),
    "lines.keep": gettext_lazy("keep what a line elsewhere would mean"),
    "ranking.set": gettext_lazy("set the order of titles"),
    "ranking.stop": gettext_lazy("stop screening early"),
    "conflicts.see": gettext_lazy("open the conflicts"),
    "conflicts.agree": gettext_lazy("settle a conflict with those who differ"),
    "conflicts.settle": gettext_lazy("settle conflicts"),
    "decisions.see": gettext_lazy("see who decided what"),
    "decisions.bring_in": gettext_lazy("bring decisions in from elsewhere"),
    "voices.answer": gettext_lazy("answer voices"),
    "voices.set": gettext_lazy("set within how many days an answer is promised, and whether files come with what is said"),
    "voices.support": gettext_lazy("write whom to turn to"),
    "glossary.edit": gettext_lazy("explain words"),
    "priorities.ask": gettext_lazy("ask which outcomes matter"),
    "meetings.write": gettext_lazy("record meetings"),
    "involvement.write": gettext_lazy("write the involvement report"),
    "extraction.edit": gettext_lazy("extract data"),
    "overlap.compute": gettext_lazy("compute the overlap"),
    "exports.make": gettext_lazy("make exports"),
    "jobs.see": gettext_lazy("see long-running work"),
}


class Denied(PermissionDenied):
    """A refusal whose reason is shown to the person, on the page and in the API."""


def reason_against(membership: Membership, action: str) -> str | None:
    """Why this member may not do this, as a sentence; None when they may. Unknown actions are refused."""
    needed = ACTIONS.get(action)
    if needed is None:
        return _("This is not something anyone may do.")
    if membership.has(*needed):
        return None
    said = {"roles": _roles(needed), "what": WHAT.get(action, _("do this"))}
    return _("Only %(roles)s can %(what)s in this project. A coordinator can change roles on the Team page.") % said


WITH_ARTICLE = {
    Role.COORDINATOR: gettext_lazy("a coordinator"),
    Role.REVIEWER: gettext_lazy("a reviewer"),
    Role.ADJUDICATOR: gettext_lazy("an adjudicator"),
    Role.WORKING_GROUP: gettext_lazy("a working-group member"),
    Role.OBSERVER: gettext_lazy("an observer"),
}


def _roles(needed: frozenset[str]) -> str:
    """Whoever has one of these roles, in the order roles are listed in: "a coordinator, reviewer or adjudicator"."""
    first, *more = [role for role in Role if role in needed]
    named = [str(WITH_ARTICLE[first]), *(str(role.label).lower() for role in more)]
    if len(named) == 1:
        return named[0]
    return _("%(others)s or %(last)s") % {"others": ", ".join(named[:-1]), "last": named[-1]}


def may(membership: Membership, action: str) -> bool:
    needed = ACTIONS.get(action)
    return needed is not None and membership.has(*needed)


def acting_as(membership: Membership, action: str) -> str:
    """The role in which a member does this: a reviewer's before a coordinator's, where they have both and either will do.

    Empty for somebody who may not.
    """
    return next((role for role in reversed(Role.values) if role in membership.roles and role in ACTIONS.get(action, ())), "")


def check(membership: Membership, action: str) -> None:
    """Raise Denied with the reason unless the member may do this."""
    if reason := reason_against(membership, action):
        raise Denied(reason)


MEMBER, PROJECT = ([field.attname for field in model._meta.concrete_fields] for model in (Membership, Project))
# Asked at every request: put together once, for building it anew cost more than a decision.
ENTER = (
    f"SELECT {', '.join(f'member.{name}' for name in MEMBER)}, {', '.join(f'project.{name}' for name in PROJECT)} "  # noqa: S608 (our own columns)
    "FROM screening_membership member JOIN screening_project project ON project.id = member.project_id "
    "WHERE project.slug = %s AND member.user_id = %s"
)


def enter(user: Any, slug: str, action: str) -> Membership:
    """Load the user's membership of a project and authorise the action, in one query.

    Raises Http404 for people outside the project (and for projects that do not exist), Denied for members
    whose roles do not allow it.
    """
    if not user.is_authenticated:
        raise Http404
    found = read(ENTER, slug, user.pk)
    if found is None:
        raise Http404
    membership = Membership.from_db(connection.alias, MEMBER, found[: len(MEMBER)])
    membership.project = Project.from_db(connection.alias, PROJECT, found[len(MEMBER) :])
    membership.user = user
    if not membership.roles:
        raise Http404
    check(membership, action)
    return membership


@contextmanager
def shown_as_in(project: Project) -> Iterator[None]:
    """While this lasts, times are shown in the project's time zone, and words in its language where it has one."""
    with timezone.override(zone_of(project)), translation.override(project.language) if project.language else nullcontext():
        yield


def zone_of(project: Project) -> ZoneInfo:
    """The time zone times of this project are shown in. One this server does not know is UTC."""
    try:
        return ZoneInfo(project.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _was_here(membership: Membership) -> None:
    """Keep the day a member last opened a page: written once a day, and nothing finer."""
    if membership.last_seen_on != (day := today()):
        Membership.objects.filter(pk=membership.pk).update(last_seen_on=day)


def _signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Whoever is not signed in is led to sign in, and back; what they had typed is given back first. A part that a page asks for by
    itself is refused instead: the page says so, and what stands there stays."""
    led_there = login_required(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if getattr(request, "htmx", False):
            return HttpResponse(status=401)
        if words_sent(request):
            came_from = urlsplit(request.headers.get("Referer", "")).path
            sign_in = f"{reverse('account_login')}?{urlencode({'next': came_from if came_from.startswith('/p/') else '/'})}"
            return render(request, "signed_out.html", {"sign_in": sign_in}, status=401)
        return led_there(request, *args, **kwargs)

    return guarded


def project_page(action: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Declare the access rule of a page under /p/<slug>/: the view gets the membership in place of the slug."""

    def declare(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @_signed_in
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                membership = enter(request.user, slug, action)
            except Denied:
                request.refused_in = slug  # the page that says so leads back to the project
                raise
            request.membership = membership
            with shown_as_in(membership.project):
                if request.method not in ("GET", "HEAD"):
                    return view(request, membership, *args, **kwargs)
                _was_here(membership)
                with one_page():
                    return view(request, membership, *args, **kwargs)

        guarded.access_rule = action
        return guarded

    return declare


def signed_in_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that any signed-in person may open this page (it shows only what is theirs)."""
    guarded = _signed_in(view)
    guarded.access_rule = "signed in"
    return guarded


def open_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare that anyone may open this page, signed in or not."""
    view.access_rule = "anyone"
    return view

"""Who can still tell who somebody is, and where the other settings are."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from screening.projects.models import Invitation, Membership
from screening.projects.queries import shown_name


def who_can_tell(member: Membership) -> list[str]:
    """Who can still identify a member, whatever name is shown, as sentences."""
    invitation = Invitation.objects.filter(accepted_by=member).select_related("invited_by").order_by("-created_at").first()
    return who_will_tell(invitation)


def who_will_tell(invitation: Invitation | None) -> list[str]:
    """The same for somebody who is about to accept this invitation."""
    lines = []
    if invitation is not None:
        lines.append(
            _("%(name)s, who sent you the invitation and knows the address it went to.") % {"name": shown_name(invitation.invited_by)}
        )
    return [
        *lines,
        _("The coordinators of this project, who see your e-mail address on the Team page."),
        _("Whoever runs this server, who can read everything that is kept on it."),
        _("People who know you, from what you write: a name that is not shown does not hide a story."),
    ]


@dataclass(frozen=True)
class Elsewhere:
    """A setting that has a page of its own."""

    label: str
    words: str
    url: str


def elsewhere(membership: Membership) -> list[Elsewhere]:
    """Settings on pages of later rooms, in the order of the work. One whose room is not there is left out."""
    pages = [
        (_("Who screens, how many, and what a maybe means"), _("Policies for titles and for full texts"), "decisions:policies"),
        (_("Blinding"), _("What coordinators may see while it is blind, and who looked"), "decisions:sight"),
        (_("Hiding authors and journals, words that are marked"), _("The desk, for everybody"), "decisions:for-everybody"),
        (_("Who wrote candidate reviews"), _("Members never screen what they wrote"), "decisions:authors"),
        (
            _("Files with what is said, the promise of an answer, support"),
            _("Files are off until a coordinator switches them on"),
            "voices:support",
        ),
        (_("Exclusion reasons and their order"), _("They follow the criteria of the protocol"), "protocol:page"),
    ]
    found = []
    for label, words, name in pages:
        try:
            found.append(Elsewhere(label, words, reverse(name, args=[membership.project.slug])))
        except NoReverseMatch:
            continue
    return found

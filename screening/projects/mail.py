"""The mails a project sends."""

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from screening.projects.models import Invitation
from screening.projects.queries import role_names, shown_name


def send_invitation(invitation: Invitation, link: str) -> bool:
    """Write to the person who is invited. Gives whether the mail server took it: the link can be copied anyway."""
    context = {
        "project": invitation.project,
        "who": shown_name(invitation.invited_by),
        "roles": role_names(invitation.roles).lower(),
        "expires_at": invitation.expires_at,
        "button_url": link,
        "button_label": _("Look at the invitation"),
    }
    subject = " ".join(render_to_string("projects/mail/invitation_subject.txt", context).split())[:200]
    mail = EmailMultiAlternatives(subject, render_to_string("projects/mail/invitation_message.txt", context), to=[invitation.email])
    mail.attach_alternative(render_to_string("projects/mail/invitation_message.html", context), "text/html")
    try:
        return bool(mail.send())
    except OSError:  # every refusal of smtplib and of the network is one
        return False

"""The mail that says how much is new in each project, and nothing of what. Only for those who asked for it."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from screening.projects.models import Digest, Membership, Notice, User
from screening.projects.telling.rules import is_due


def send_due(now: datetime | None = None) -> int:
    """Write to everybody whose mail is due and who has something new; gives how many mails went out."""
    now = now or timezone.now()
    somebody = Membership.objects.filter(unseen_notices__gt=0).values("user")
    wanting = User.objects.filter(is_active=True, pk__in=somebody).exclude(digest=Digest.NEVER).order_by("digest_sent_at", "pk")
    return sum(_write(user, now) for user in wanting.iterator() if is_due(user.digest, user.digest_sent_at, now))


def new_for(user: User) -> list[dict[str, object]]:
    """Project titles with how many notices came since the last mail and were not seen."""
    new = Notice.objects.filter(membership__user=user, seen_at=None).exclude(membership__roles=[])
    if user.digest_sent_at:
        new = new.filter(created_at__gt=user.digest_sent_at)
    counted = new.values("membership__project__title").annotate(n=Count("pk")).order_by("membership__project__title")
    return [{"title": row["membership__project__title"], "n": row["n"]} for row in counted]


def _write(user: User, now: datetime) -> bool:
    projects = new_for(user)
    if not projects:
        return False
    # Taken before it is sent: two beats at once write one mail, and a mail server that fails is not asked every hour.
    if not User.objects.filter(pk=user.pk, digest=user.digest, digest_sent_at=user.digest_sent_at).update(digest_sent_at=now):
        return False
    with translation.override(settings.LANGUAGE_CODE):
        context = {"projects": projects, "button_url": f"{settings.ORIGIN}{reverse('notices')}", "button_label": _("Read the notices")}
        mail = EmailMultiAlternatives(_("New in Brolly"), render_to_string("projects/mail/digest_message.txt", context), to=[user.email])
        mail.attach_alternative(render_to_string("projects/mail/digest_message.html", context), "text/html")
    try:
        return bool(mail.send())
    except OSError:  # every refusal of smtplib and of the network is one
        return False

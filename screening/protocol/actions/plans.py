"""Writing what the protocol plans beside eligibility: instruments for the appraisal, and where it is registered."""

from collections.abc import Iterable
from datetime import date

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.actions.drafting import ChangedMeanwhile, as_it_stands, held, name_questions, next_position
from screening.protocol.bodies import draft_digest
from screening.protocol.models import PlannedInstrument, Question, Registration

LINK_SCHEMES = ("https", "http")


@transaction.atomic
def save_instrument(
    *,
    by: Membership,
    label: str,
    text: str = "",
    plain_words: str = "",
    questions: Iterable[Question] | None = None,
    instrument: PlannedInstrument | None = None,
    opened_as: str | None = None,
) -> PlannedInstrument:
    """Plan an appraisal instrument, or change the plan in the draft. `questions`: those it is for; none means all.

    Raises ChangedMeanwhile where the draft is no longer what the form was opened with (`opened_as`, its digest).
    """
    check(by, "protocol.edit")
    project = held(by)
    now = (
        as_it_stands(instrument, opened_as)
        if instrument
        else PlannedInstrument(project=project, position=next_position(PlannedInstrument, project))
    )
    now.label, now.text, now.plain_words = " ".join(label.split()), text.strip(), plain_words.strip()
    if not now.label:
        raise Refused(_("An instrument needs its name, for example: AMSTAR 2."))
    with pghistory.context(member=str(by.pk)):
        now.save()
        if questions is not None:
            name_questions(now, questions)
    return now


@transaction.atomic
def save_registration(
    *,
    by: Membership,
    register: str,
    number: str,
    link: str = "",
    registered_on: date | None = None,
    opened_as: str | None = None,
) -> Registration:
    """Say where the protocol is registered. `opened_as`: the digest of what was there when it was opened, "" for nothing."""
    check(by, "protocol.edit")
    project = held(by)
    now = Registration.objects.filter(project=project).first()
    if opened_as is not None and now and opened_as != draft_digest(now):
        raise ChangedMeanwhile(now)
    registration = now or Registration(project=project)
    registration.register, registration.number = register.strip(), number.strip()
    registration.link, registration.registered_on = link.strip(), registered_on
    if not registration.register or not registration.number:
        raise Refused(_("A registration needs the register and the number it gave, for example: PROSPERO, CRD42022362099."))
    if registered_on and registered_on > timezone.localdate():
        raise Refused(_("The date registered lies in the future."))
    if registration.link:
        try:
            URLValidator(schemes=LINK_SCHEMES)(registration.link)
        except ValidationError as error:
            raise Refused(_("The link is not a web address: it begins with https://.")) from error
    with pghistory.context(member=str(by.pk)):
        registration.save()
    return registration

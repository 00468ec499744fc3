"""The only writers of the involvement report."""

from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership, Project
from screening.voices.involvement.models import InvolvementText, InvolvementWords, Section
from screening.voices.involvement.queries import facts_of, latest_of, repeated_in
from screening.voices.involvement.rules import LONGEST, figures_behind, quoted_in, without_words
from screening.voices.models import Voice
from screening.voices.redaction import redacts
from screening.voices.rules import WITHDRAWN, clean_words


class ChangedMeanwhile(Refused):
    """Somebody else wrote the section since the form was opened: nothing is overwritten."""

    status = 409


def _held(by: Membership, section: str, seen: UUID | None) -> InvolvementText | None:
    """What stands, once nobody else writes. Raises ChangedMeanwhile where it is not what the form was opened with."""
    if section not in Section.values:
        raise Refused(_("That is no section of the report."))
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    latest = latest_of(by.project, section)
    if (latest.pk if latest else None) != seen:
        raise ChangedMeanwhile(_("Somebody changed this section while you wrote. Your words are below; nothing was overwritten."))
    return latest


@transaction.atomic
def write(*, by: Membership, section: str, words: str, seen: UUID | None, text_id: UUID | None = None) -> InvolvementText:
    """Write a section of the report. `seen`: the text it was written from (None: the draft). May be sent twice under one id.

    Raises Refused where the words repeat a voice that may not be quoted.
    """
    check(by, "involvement.write")
    there = InvolvementText.objects.filter(pk=text_id, project=by.project, section=section, by=by).first() if text_id else None
    if there is not None:
        return there
    _held(by, section, seen)
    said = clean_words(words)
    if not said:
        raise Refused(_("Write something, or let the draft stand."))
    if len(said) > LONGEST:
        raise Refused(_("Keep a section to %(most)s characters.") % {"most": f"{LONGEST:,}"})
    quotes, forbidden = repeated_in(by.project, said)
    if forbidden:
        raise Refused(
            _("This repeats words that whoever said them marked as not for publication. Say in your own words what came of them.")
        )
    behind = figures_behind(facts_of(by.project))
    made = InvolvementText.objects.create(id=text_id or uuid4(), project=by.project, by=by, section=section, behind=behind, quotes=quotes)
    InvolvementWords.objects.create(text=made, words=said)
    return made


@transaction.atomic
def back_to_draft(*, by: Membership, section: str, seen: UUID | None) -> None:
    """Let the draft stand in a section again. What was written stays on record. Twice is once."""
    check(by, "involvement.write")
    latest = _held(by, section, seen)
    if latest is None or latest.back_to_draft:
        return
    made = InvolvementText.objects.create(project=by.project, by=by, section=section, behind={}, back_to_draft=True)
    InvolvementWords.objects.create(text=made, words="", redacted_at=timezone.now())


@redacts
def in_the_report(voice: Voice, words: str) -> None:
    """What a section, or an earlier one, repeats of a voice is erased with it."""
    texts = InvolvementWords.objects.select_for_update().filter(text__project=voice.project_id, redacted_at=None)
    for body in texts:
        if quoted_in(body.words, [(voice.pk, words)]):
            body.words = without_words(body.words, words, WITHDRAWN)
            body.save(update_fields=["words"])

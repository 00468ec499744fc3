"""The only writer of extractions."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from extraction.forms.models import Extraction
from extraction.forms.queries import is_included, latest_extraction, project_choices
from extraction.forms.rules import FIRST, validate
from extraction.forms.words import errors_as_read, in_language
from screening.fulltext.models import IncludedReview
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.facts import fingerprint
from screening.projects.models import Membership
from screening.projects.queries import shown_name


class NotValid(Refused):
    """Some answers need another look: `errors` maps field keys to sentences."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(_("Some answers need another look."))
        self.errors = dict(errors)


class SavedMeanwhile(Refused):
    """Somebody saved a newer version since this form was opened. `latest` is theirs; nothing of either is lost."""

    status = 409

    def __init__(self, latest: Extraction) -> None:
        super().__init__(
            _(
                "%(who)s saved a newer version of this extraction while you were writing. "
                "Compare the two, then save again: yours then replaces theirs, and both stay in the history."
            )
            % {"who": shown_name(latest.by)}
        )
        self.latest = latest


@transaction.atomic
def save_extraction(*, by: Membership, review: IncludedReview, values: Mapping[str, Any], replaces: UUID | None = None) -> Extraction:
    """Save a filled-in template as a new fact that replaces the one the form was opened on (None: none yet).

    The same answers again, by anybody, change nothing and give the version in force. Raises NotValid with the
    fields to look at, SavedMeanwhile where the version in force is another, Refused for a review that is not
    included (any more).
    """
    check(by, "extraction.edit")
    locked = IncludedReview.objects.select_for_update(no_key=True).filter(pk=review.pk, project=by.project).first()
    if locked is None:
        raise Refused(_("This review is not in this project."))
    if not is_included(locked):
        raise Refused(_("This review is not included any more, so nothing can be extracted from it. What was extracted is kept."))
    latest = latest_extraction(locked)
    before: Mapping[str, Any] = latest.values if latest else {}
    checked = validate(values, in_language(FIRST), project_choices(by.project, also=_questions_in(before)))
    if checked.errors:
        raise NotValid(errors_as_read(checked.errors))
    if latest and latest.values == checked.values:
        return latest
    if (latest.pk if latest else None) != replaces:
        raise SavedMeanwhile(latest) if latest else Refused(_("The version this form was opened on does not exist. Open the form again."))
    if not checked.values:
        raise Refused(_("Nothing was entered yet. Answer at least one question."))
    return Extraction.objects.create(
        project=by.project,
        by=by,
        review=locked,
        template=FIRST.key,
        template_version=FIRST.version,
        values=checked.values,
        replaces=latest,
        payload_hash=fingerprint({"review": locked.pk, "values": checked.values}),
    )


def _questions_in(values: Mapping[str, Any]) -> list[str]:
    chosen = values.get("questions")
    return chosen if isinstance(chosen, list) else []

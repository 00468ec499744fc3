"""The four kinds of line a protocol's draft is made of: how each is written, read and spoken of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from screening.projects.models import Membership, Project
from screening.protocol import actions
from screening.protocol.bodies import Line
from screening.protocol.draft.forms import CriterionForm, InstrumentForm, LineForm, OutcomeForm, QuestionForm
from screening.protocol.models import Criterion, OutcomeOfInterest, PlannedInstrument, Question
from screening.protocol.queries import DRAFTED

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of line. `part` is where it stands on the protocol's page and in a version; `called` what it is in a sentence."""

    name: str
    part: str
    model: type[Any]
    form: type[LineForm]
    save: Callable[[Membership, Values, Any, str | None], Line]
    named: Any
    called: Any
    new: Any
    added: Any
    changed: Any
    stays: Any
    add: str = "protocol.edit"

    def known(self, project: Project) -> QuerySet[Any]:
        """Those of the draft, and those taken out of it: versions and voices name them still."""
        found = self.model.objects.filter(project=project).select_related("project")
        return found if self.model is Question else found.prefetch_related(DRAFTED)

    def one(self, project: Project, pk: Any) -> Any | None:
        return self.known(project).filter(pk=pk).first()


def _question(by: Membership, values: Values, thing: Question | None, opened_as: str | None) -> Question:
    return actions.save_question(by=by, question=thing, opened_as=opened_as, **values)


def _criterion(by: Membership, values: Values, thing: Criterion | None, opened_as: str | None) -> Criterion:
    return actions.save_criterion(by=by, values=values, criterion=thing, opened_as=opened_as)


def _outcome(by: Membership, values: Values, thing: OutcomeOfInterest | None, opened_as: str | None) -> OutcomeOfInterest:
    if thing is None:
        return actions.add_outcome(by=by, **values)
    return actions.change_outcome(by=by, outcome=thing, opened_as=opened_as, **values)


def _instrument(by: Membership, values: Values, thing: PlannedInstrument | None, opened_as: str | None) -> PlannedInstrument:
    return actions.save_instrument(by=by, instrument=thing, opened_as=opened_as, **values)


QUESTION = Kind(
    name="question",
    part="questions",
    model=Question,
    form=QuestionForm,
    save=_question,
    named=_("Research question"),
    called=_("question"),
    new=_("New research question"),
    added=_("The question is in the draft."),
    changed=_("The question was changed in the draft."),
    stays=_("Versions that hold it, and what was said about it, stay."),
)
CRITERION = Kind(
    name="criterion",
    part="criteria",
    model=Criterion,
    form=CriterionForm,
    save=_criterion,
    named=_("Eligibility criterion"),
    called=_("criterion"),
    new=_("New eligibility criterion"),
    added=_("The criterion is in the draft, last in order."),
    changed=_("The criterion was changed in the draft."),
    stays=_("Versions that hold it, decisions that name it, and what was said about it, stay."),
)
OUTCOME = Kind(
    name="outcome",
    part="outcomes",
    model=OutcomeOfInterest,
    form=OutcomeForm,
    save=_outcome,
    named=_("Outcome of interest"),
    called=_("outcome"),
    new=_("New outcome of interest"),
    added=_("The outcome is in the draft, last in order."),
    changed=_("The outcome was changed in the draft."),
    stays=_("Versions that hold it, ratings of it, and what was said about it, stay."),
    add="outcomes.add",
)
INSTRUMENT = Kind(
    name="instrument",
    part="instruments",
    model=PlannedInstrument,
    form=InstrumentForm,
    save=_instrument,
    named=_("Planned appraisal instrument"),
    called=_("instrument"),
    new=_("New appraisal instrument"),
    added=_("The instrument is in the draft."),
    changed=_("The instrument was changed in the draft."),
    stays=_("Versions that hold it, and what was said about it, stay."),
)
KINDS = (QUESTION, CRITERION, OUTCOME, INSTRUMENT)

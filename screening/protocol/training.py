"""What a sandbox gets of a protocol: the draft and the searches. Versions are not copied: screening there records its own."""

from screening.projects.sandbox.copying import Copying, copied
from screening.protocol.models import (
    Criterion,
    CriterionQuestion,
    InstrumentQuestion,
    OutcomeOfInterest,
    OutcomeQuestion,
    PlannedInstrument,
    Question,
    SearchSource,
    SourceVersion,
)


@copied(order=10)
def copy_protocol(copying: Copying) -> int:
    own, origin = "t.project_id = %s", [copying.origin.pk]
    n = sum(copying.rows(model, own, origin) for model in (Question, Criterion, OutcomeOfInterest, PlannedInstrument))
    of = "t.question_id IN (SELECT id FROM screening_question WHERE project_id = %s)"
    n += sum(copying.rows(model, of, origin) for model in (CriterionQuestion, OutcomeQuestion, InstrumentQuestion))
    return n + sum(copying.rows(model, own, origin) for model in (SearchSource, SourceVersion))

"""The only writers of the protocol and its sources."""

from screening.protocol.actions.beginning import begin_from
from screening.protocol.actions.drafting import ChangedMeanwhile, move, remove
from screening.protocol.actions.eligibility import save_criterion, save_question
from screening.protocol.actions.outcomes import add_outcome, change_outcome, remove_outcome
from screening.protocol.actions.plans import save_instrument, save_registration
from screening.protocol.actions.sources import save_source
from screening.protocol.actions.versions import record_version, version_in_force
from screening.protocol.bodies import body_of

__all__ = [
    "ChangedMeanwhile",
    "add_outcome",
    "begin_from",
    "body_of",
    "change_outcome",
    "move",
    "record_version",
    "remove",
    "remove_outcome",
    "save_criterion",
    "save_instrument",
    "save_question",
    "save_registration",
    "save_source",
    "version_in_force",
]

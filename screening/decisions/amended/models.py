"""That somebody held what was settled against a later version of the protocol."""

from django.db import models

from screening.decisions.models import Outcome, Stage
from screening.projects.facts import Fact
from screening.protocol.models import ProtocolVersion
from screening.references.models import Record, Report

__all__ = ["LookedAgain"]


class LookedAgain(Fact):
    """What was settled under an earlier version stands under this one too, as somebody found who looked again.

    `outcome` is what stood then. It follows its record, as decisions do, and changes nothing that was decided.
    """

    report = models.ForeignKey(Report, models.PROTECT, related_name="+")
    anchor = models.ForeignKey(Record, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=14, choices=Stage.choices)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    why = models.TextField(blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["anchor", "stage", "seq"], name="looked_again_by_anchor")]

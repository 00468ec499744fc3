"""What a line elsewhere would have meant, kept as it was seen."""

from django.db import models

from screening.projects.facts import Fact
from screening.protocol.models import ProtocolVersion

__all__ = ["LineSnapshot"]


class LineSnapshot(Fact):
    """A sensitivity analysis of a threshold's line: everything the page showed, when it was kept, and why.

    `body` has the figures at each line and one row for every full text settled by then; it is never computed again.
    """

    criterion = models.UUIDField()
    version = models.ForeignKey(ProtocolVersion, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    why = models.TextField(blank=True)
    line = models.DecimalField(max_digits=5, decimal_places=2)
    body = models.JSONField()

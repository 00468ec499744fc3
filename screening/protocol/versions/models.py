"""What was amended, and what was done otherwise than the protocol says."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from screening.projects.facts import Fact
from screening.projects.stages import ReviewStage
from screening.protocol.models import ProtocolVersion

__all__ = ["Amendment"]


class Amendment(Fact):
    """One deviation from what was planned (PRIOR item 23c): what, why, when, at which stage, and who decided.

    With `version` it is what that version changed; without, it departs from the protocol in a way that no question or
    criterion shows. A later one that `replaces` it corrects its words, or takes it back (`withdrawn`).
    """

    class Heard(models.TextChoices):
        BEFORE = "before", _("Yes, before it was decided")
        AFTER = "after", _("Told afterwards")
        NOT = "not", _("No")

    version = models.ForeignKey(ProtocolVersion, models.PROTECT, null=True, related_name="amendments")
    made_on = models.DateField()
    stage = models.CharField(max_length=10, choices=ReviewStage.choices)
    what = models.TextField()
    why = models.TextField()
    decided_by = models.CharField(max_length=300)
    heard = models.CharField(max_length=6, choices=Heard.choices)
    heard_how = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="+")

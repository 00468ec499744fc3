"""What a fact is: a row that is written once, by somebody, at a moment the server took, and never changed.

Update and delete are refused by the database itself (a trigger), so facts are their own history.
"""

import hashlib
import json
import uuid
from typing import Any

import pgtrigger
from django.db import models


class ClockTimestamp(models.Func):
    """PostgreSQL's clock at the instant of the insert.

    `now()` is the start of the transaction: two that wait for one row lock would be recorded in the wrong order.
    """

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = models.DateTimeField()


class NextSequence(models.Func):
    """The next number of the one sequence all facts share: a total order that never leaves the server."""

    template = "nextval('brolly_fact_seq')"
    output_field = models.BigIntegerField()


def fingerprint(payload: dict[str, Any]) -> str:
    """A stable digest of what a client sent, so that one id posted twice with another content is noticed."""
    text = json.dumps(payload, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(secret: str) -> str:
    """What is kept of a secret that is told once: its SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Written(models.Model):
    """Rows that are inserted and then left alone: records and facts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.BigIntegerField(db_default=NextSequence(), editable=False)
    recorded_at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Protect(
                name="written_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]


class Fact(Written):
    """A written row of a project, by a member (None: the system itself, said so where it is shown)."""

    project = models.ForeignKey("screening.Project", models.PROTECT, related_name="+")
    by = models.ForeignKey("screening.Membership", models.PROTECT, null=True, related_name="+")
    payload_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta(Written.Meta):
        abstract = True

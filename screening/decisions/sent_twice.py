"""Every write from a browser carries an id made there, because it may arrive twice: the second time it is known again."""

from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from screening.projects.actions import Refused
from screening.projects.facts import Fact

AnyFact = TypeVar("AnyFact", bound=Fact)


class Clash(Refused):
    """What was sent does not fit what is there now; the page should show what there is and ask again."""

    status = 409


def known_again(model: type[AnyFact], pk: UUID, payload_hash: str) -> AnyFact | None:
    """The fact already written under this id, or nothing. Raises Clash where it said something else."""
    there: Any = model.objects.filter(pk=pk).first()
    if there is not None and there.payload_hash != payload_hash:
        raise Clash(_("This id was already used for something else. Nothing was changed."))
    return there

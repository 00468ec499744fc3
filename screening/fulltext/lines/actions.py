"""The only writer of what was seen at a line elsewhere. Looking writes nothing."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from screening.fulltext.lines.models import LineSnapshot
from screening.fulltext.lines.printed import as_data
from screening.fulltext.lines.queries import seen_at
from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.protocol.queries import current_version


@transaction.atomic
def keep(*, by: Membership, criterion: str, line: Decimal, name: str, why: str = "") -> LineSnapshot:
    """Keep what a line elsewhere would mean now, as a sensitivity analysis. No decision and no line is changed by it."""
    check(by, "lines.keep")
    name = name.strip()
    if not name or len(name) > 120:
        raise Refused(_("A snapshot needs a name of at most 120 letters."))
    version = current_version(by.project)
    if version is None:
        raise Refused(_("No version of the protocol has been recorded yet: there is nothing to look at."))
    seen = seen_at(by, criterion, line)
    if seen is None:
        raise Refused(_("That is no threshold of the protocol in force."))
    return LineSnapshot.objects.create(
        project=by.project, by=by, criterion=criterion, version=version, name=name, why=why.strip(), line=line, body=as_data(seen)
    )

"""The only writers of versions with what was amended, and of departures from the protocol."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from screening.projects.access import check
from screening.projects.actions import Refused
from screening.projects.models import Membership
from screening.projects.notices import says, tell
from screening.projects.stages import ReviewStage
from screening.protocol import actions as protocol
from screening.protocol.actions.drafting import held
from screening.protocol.models import ProtocolVersion
from screening.protocol.versions.models import Amendment

# What a notice says.
AMENDED = says(gettext_noop("The protocol was amended: version %(n)s."))


@dataclass(frozen=True)
class Said:
    """What is said of an amendment or departure: when it was decided, at which stage, what, why, by whom, who was heard."""

    made_on: date
    stage: str
    what: str
    why: str
    decided_by: str
    heard: str
    heard_how: str = ""

    def checked(self) -> "Said":
        """The same without blank edges. Raises Refused, naming what is missing."""
        said = Said(
            self.made_on, self.stage, *(getattr(self, name).strip() for name in ("what", "why", "decided_by", "heard", "heard_how"))
        )
        missing = {
            "what": _("Say what changed: the amendment is part of the record."),
            "why": _("Say why: a deviation without its reason cannot be judged."),
            "decided_by": _("Say who decided: a name, or for example “the team, at its meeting”."),
        }
        for name, sentence in missing.items():
            if not getattr(said, name):
                raise Refused(sentence)
        if said.stage not in ReviewStage.values:
            raise Refused(_("Say at which stage of the review this was decided."))
        if said.heard not in Amendment.Heard.values:
            raise Refused(_("Say whether the working group was heard."))
        if said.made_on > timezone.localdate():
            raise Refused(_("This was decided on a day that has not come yet."))
        return said


@transaction.atomic
def record(*, by: Membership, said: Said | None = None, note: str = "") -> ProtocolVersion:
    """Record the draft as the next version. The first may carry a note; every later one says what was amended.

    Whoever screens meanwhile goes on: a decision names the version that was in force when it was made, and none is
    changed. Raises Refused where nothing changed, or something of the amendment is missing. Everybody is told of it.
    """
    check(by, "protocol.edit")
    project = held(by)
    if not ProtocolVersion.objects.filter(project=project).exists():
        return protocol.record_version(by=by, amendment=said.what if said else note)
    if said is None:
        raise Refused(_("Say what changed and why: the amendment is part of the record."))
    said = said.checked()
    version = protocol.record_version(by=by, amendment=said.what)
    Amendment.objects.create(project=project, by=by, version=version, **asdict(said))
    tell(
        *Membership.objects.filter(project=project).exclude(roles=[]).select_related("user"),
        key=f"protocol-{project.pk}-{version.n}",
        words=AMENDED % {"n": version.n},
        link=f"{reverse('protocol:compare', args=[project.slug])}?from={version.n - 1}&to={version.n}",
        by=by,
    )
    return version


@transaction.atomic
def depart(*, by: Membership, said: Said, version: ProtocolVersion | None = None) -> Amendment:
    """Record a departure from the protocol, or (with `version`) what an amendment recorded earlier did not say."""
    check(by, "protocol.edit")
    project = held(by)
    if version is not None:
        if version.project_id != project.pk or version.n == 1:
            raise Refused(_("The first version amends nothing."))
        if Amendment.objects.filter(version=version).exists():
            raise Refused(_("Somebody has said this of version %(n)s already. Correct that instead.") % {"n": version.n})
    return Amendment.objects.create(project=project, by=by, version=version, **asdict(said.checked()))


@transaction.atomic
def correct(*, by: Membership, amendment: Amendment, said: Said) -> Amendment:
    """Say an amendment or departure anew; how it read before is kept."""
    return _replace(by, amendment, said.checked())


@transaction.atomic
def withdraw(*, by: Membership, amendment: Amendment) -> Amendment:
    """Take back a departure that was recorded by mistake. What a version amended cannot be taken back, only corrected."""
    if amendment.version_id:
        raise Refused(_("Version %(n)s stands, so what it amended is on the list. Correct its words instead.") % {"n": amendment.version.n})
    kept = {name: getattr(amendment, name) for name in Said.__dataclass_fields__}
    return _replace(by, amendment, Said(**kept), withdrawn=True)


def _replace(by: Membership, amendment: Amendment, said: Said, *, withdrawn: bool = False) -> Amendment:
    check(by, "protocol.edit")
    project = held(by)
    if amendment.project_id != project.pk:
        raise Refused(_("That is not of this project."))
    if Amendment.objects.filter(replaces=amendment).exists():
        raise Refused(_("Somebody corrected this while you had it open. Nothing of yours was saved yet: open it again."))
    return Amendment.objects.create(
        project=project, by=by, version=amendment.version, replaces=amendment, withdrawn=withdrawn, **asdict(said)
    )

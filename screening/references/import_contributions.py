"""What imports hand in: tables that wait for their columns, and how what they cache is compared with the facts."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import Caches, Difference, Waiting
from screening.projects.models import Membership, Project, Role
from screening.references import actions, queries
from screening.references.counting import accession_of, differing_repeats, settle_repeats
from screening.references.models import PairVerdict, Placement, ProposedPair, Record, Report
from screening.references.queries import imports

BATCH = 2000


@contributions.waiting_ahead
def in_several_projects(members: Sequence[Membership]) -> None:
    importing = [member for member in members if may(member, "references.import")]
    if importing:
        imports.read_ahead(importing)


@contributions.waiting
def columns_to_choose(membership: Membership) -> list[Waiting]:
    if not may(membership, "references.import"):
        return []
    came = queries.waiting_for_columns(membership.project)
    n = len(came)
    label = ngettext("table waits for somebody to say which column is which", "tables wait for somebody to say which column is which", n)
    address = reverse("references:imports", args=[membership.project.slug])
    return [Waiting(n, label, address, order=22, role=Role.COORDINATOR, since=came[0] if came else None)]


def differences(project: Project) -> list[Difference]:
    """Records counted once, the numbers they are known by, and proposed pairs that wait, against the facts."""
    found = [Difference("whether a record is repeated", str(pk), cached, facts) for pk, cached, facts in differing_repeats(project)]
    numbered = Record.objects.filter(project=project).exclude(accession="").values_list("pk", "accession", "parsed__accession")
    found += [
        Difference("accession of a record", str(pk), accession, accession_of({"accession": said}))
        for pk, accession, said in numbered.iterator()
        if accession != accession_of({"accession": said})
    ]
    return found + _proposals(project)


def _proposals(project: Project) -> list[Difference]:
    said = PairVerdict.objects.filter(project=project).order_by("first_id", "second_id", "-seq").distinct("first_id", "second_id")
    judged = [(one.first_id, one.second_id) for one in said if one.verdict]
    pairs = list(ProposedPair.objects.filter(project=project))
    records = {record for pair in pairs for record in (pair.first_id, pair.second_id)} | {record for pair in judged for record in pair}
    at: dict[Any, Any] = dict(Placement.objects.filter(record__in=records, record__project=project).values_list("record_id", "report_id"))
    settled = {frozenset((at.get(one), at.get(other))) for one, other in judged}
    found = []
    for pair in pairs:
        between = frozenset((at.get(pair.first_id), at.get(pair.second_id)))
        if None in between or pair.first_id >= pair.second_id:
            found.append(Difference("records of a proposed pair", str(pair.pk), [str(pair.first_id), str(pair.second_id)], None))
        elif pair.waits != (len(between) == 2 and between not in settled):
            found.append(Difference("whether a proposed pair waits", str(pair.pk), pair.waits, not pair.waits))
    return found


def repair(project: Project) -> None:
    """Bring them up to the facts. What a record was kept with is never rewritten."""
    ids = list(Report.objects.filter(project=project).values_list("pk", flat=True))
    ProposedPair.objects.filter(project=project, first__placement=None).delete()
    ProposedPair.objects.filter(project=project, second__placement=None).delete()
    for start in range(0, len(ids), BATCH):
        settle_repeats(ids[start : start + BATCH])
        actions.settle_waits(ids[start : start + BATCH])


contributions.caches(Caches(differences=differences, repair=repair))

"""What waits to be compared, and what a report's history tells of verdicts and corrections: handed in by contribute.py."""

from typing import Any

from django.urls import reverse

from screening.projects import contributions
from screening.projects.access import may
from screening.projects.contributions import HistoryEntry, Waiting
from screening.projects.models import Membership, Role
from screening.projects.queries import shown_name
from screening.references import queries
from screening.references.models import PairVerdict, ProposedPair
from screening.references.rules import FIELD_NAMES


@contributions.waiting
def to_compare(membership: Membership) -> list[Waiting]:
    """Likely duplicates and proposed versions, for those who may say what they are."""
    if not may(membership, "references.join"):
        return []
    project = membership.project
    likely, versions = (queries.n_waiting(project, kind) for kind in ProposedPair.Kind.values)
    pairs = "pair that may be one report" if likely == 1 else "pairs that may be one report"
    proposed = "pair that may be versions of one review" if versions == 1 else "pairs that may be versions of one review"
    url, versions_url = reverse("references:duplicates", args=[project.slug]), reverse("references:versions", args=[project.slug])
    return [
        Waiting(likely, pairs, url, order=22, role=Role.COORDINATOR, button=f"Compare {likely:,} {pairs}"),
        Waiting(versions, proposed, versions_url, order=23, role=Role.COORDINATOR),
    ]


@contributions.history("report")
def what_was_said_of_it(membership: Membership, report: Any) -> list[HistoryEntry]:
    """Verdicts on this report and others, and what was corrected in what it shows."""
    lines = [line for said in queries.verdicts_on(report) if (line := _verdict(said, report))]
    for made in queries.corrections_of(report):
        name = FIELD_NAMES[made.field].lower()
        before = f" (was: {_short(made.replaces.value)})" if made.replaces and made.replaces.value is not None else ""
        what = (
            f"Took back the correction of {name}{before}." if made.value is None else f"Corrected {name} to: {_short(made.value)}{before}."
        )
        lines.append(HistoryEntry(made.recorded_at, shown_name(made.by), what, made.reason))
    return lines


def _verdict(said: PairVerdict, report: Any) -> HistoryEntry | None:
    """One line for what was said of this report and another; what joined or parted is told by the records that moved."""
    here = said.first.placement.report
    other = said.second.placement.report if here.pk == report.pk else here
    if other.pk == report.pk or said.verdict == PairVerdict.Verdict.SAME:
        return None
    name = f"“{other.title or 'Untitled report'}”"
    what = {
        PairVerdict.Verdict.DIFFERENT: f"Kept apart from {name}.",
        PairVerdict.Verdict.VERSIONS: f"Said to be a version of one review with {name}.",
        None: f"Took back what was said about this and {name}.",
    }[said.verdict]
    return HistoryEntry(said.recorded_at, shown_name(said.by), what, said.reason if said.verdict else "")


def _short(value: Any) -> str:
    words = "; ".join(value) if isinstance(value, list) else str(value)
    return (words[:200] + "\u2026" if len(words) > 200 else words) or "nothing"

"""The decisions of a project as a file that can be given back: all its maker may see, in an order that does not depend on ids.

What is brought in from such a file and exported again gives the same bytes, save the column `made`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects

from screening.decisions.bringing.queries import brought_in, facts_of_many
from screening.decisions.carried import DECISION, LABEL, POLICY, RETRIEVAL, RULING, Said
from screening.decisions.carried.own import DIGEST, Identity, Row, policy_words
from screening.decisions.models import PolicyVersion, Resolution, Stage
from screening.decisions.queries import VisibleDecision, resolutions_visible_on, visible_decisions
from screening.decisions.rules import Joined
from screening.fulltext.models import Retrieval
from screening.fulltext.rules import attempt_words
from screening.projects.models import Membership, Project
from screening.projects.queries import shown_name
from screening.protocol.queries import reason_labels
from screening.references.models import Join, Placement, Report
from screening.references.queries.bits import visible_labellings

BATCH = 500
HERE, ELSEWHERE = "here", "brought in"
JOINED = "Two reports that both carried decisions were joined."


def rows_of(viewer: Membership) -> Iterator[Row]:
    """Every fact this member may see, as rows of the file: how stages are decided first, then report by report."""
    project = viewer.project
    yield from _policies(project)
    names, labels = _unlike(_members(project)), _unlike(sorted(reason_labels(project).items()))
    ids = list(
        Report.objects.filter(project=project)
        .exclude(column=Report.Column.NONE)
        .order_by("title_key", "doi_key", "year", "id")
        .values_list("pk", flat=True)
    )
    for start in range(0, len(ids), BATCH):
        yield from _Batch(viewer, ids[start : start + BATCH], names, labels).rows()


def _policies(project: Project) -> Iterator[Row]:
    for stage in Stage.values:
        version = PolicyVersion.objects.filter(project=project, stage=stage).order_by("-n").first()
        if version:
            yield Row(Identity(), Said(POLICY, None, stage=stage, words=policy_words(version.rules)), HERE)


def _members(project: Project) -> list[tuple[str, str]]:
    members = Membership.objects.filter(project=project).order_by("joined_at", "id")
    return [(str(member.pk), shown_name(member)) for member in members]


def _unlike(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Id -> name, a second one of the same name with its number: a file knows people and criteria by name alone."""
    seen: dict[str, int] = defaultdict(int)
    found = {}
    for pk, name in named:
        seen[name] += 1
        found[pk] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return found


def _tried(one: Retrieval) -> str:
    """All that is known of an attempt, as the file has one column for it."""
    day = f"on {one.tried_on.isoformat()}" if one.tried_on else ""
    return attempt_words(one.get_way_display() if one.way else "", day, one.detail, one.link)


class _Batch:
    """The rows of some reports, read in a fixed number of queries."""

    def __init__(self, viewer: Membership, ids: Sequence[UUID], names: dict[str, str], labels: dict[str, str]) -> None:
        self.ids, self.names, self.labels = ids, names, labels
        self.reports = Report.objects.in_bulk(list(ids))
        self.decisions: dict[tuple[UUID, str], list[VisibleDecision]] = defaultdict(list)
        for decision in visible_decisions(viewer, ids):
            self.decisions[decision.report_id, decision.stage].append(decision)
        self.rulings: dict[tuple[UUID, str], list[Resolution]] = defaultdict(list)
        rulings = resolutions_visible_on(viewer, ids)
        prefetch_related_objects([ruling for _report, ruling in rulings], "made_on")
        for report, ruling in rulings:
            self.rulings[report, ruling.stage].append(ruling)
        self.retrievals: dict[UUID, list[Retrieval]] = defaultdict(list)
        tried = Retrieval.objects.filter(anchor__placement__report__in=ids).select_related("anchor__placement").order_by("seq")
        for retrieval in tried.defer("anchor__raw", "anchor__parsed"):
            self.retrievals[retrieval.anchor.placement.report_id].append(retrieval)
        self.put: dict[UUID, list[Any]] = defaultdict(list)
        put = visible_labellings(viewer).filter(anchor__placement__report__in=ids).select_related("label", "anchor__placement")
        for labelling in put:
            self.put[labelling.anchor.placement.report_id].append(labelling)
        self.identities = self._identities()
        self.joins = self._joins()
        facts = [fact.id for some in self.decisions.values() for fact in some]
        facts += [fact.pk for some in (*self.rulings.values(), *self.retrievals.values(), *self.put.values()) for fact in some]
        self.elsewhere = brought_in(facts)

    def _identities(self) -> dict[UUID, Identity]:
        records: dict[UUID, list[str]] = defaultdict(list)
        placed = Placement.objects.filter(report__in=self.ids).order_by("record__seq")
        for report, sha, ordinal in placed.values_list("report_id", "record__import_run__sha256", "record__ordinal"):
            records[report].append(f"{sha[:DIGEST]}:{ordinal}")
        return {
            pk: Identity(
                title=report.title,
                first_author=report.authors[0] if report.authors else "",
                year=report.year,
                doi=report.doi,
                pmid=report.pmid,
                records=tuple(records[pk]),
            )
            for pk, report in self.reports.items()
        }

    def _joins(self) -> dict[tuple[UUID, str], list[Join]]:
        """Joins of reports that both carried decisions, where their decisions are seen: they put all of them in force afresh."""
        several = {pk for pk, about in self.identities.items() if len(about.records) > 1}
        seen = [place for place, decisions in self.decisions.items() if place[0] in several and len(decisions) > 1]
        facts = facts_of_many(sorted({report for report, _stage in seen})) if seen else {}
        wanted = {place: [event.seq for event in facts[place].events() if isinstance(event, Joined)] for place in seen}
        found = {join.seq: join for join in Join.objects.filter(seq__in=[seq for some in wanted.values() for seq in some])}
        return {place: [found[seq] for seq in some] for place, some in wanted.items()}

    def rows(self) -> Iterator[Row]:
        order = sorted(self.ids, key=lambda pk: _order(self.reports[pk].title_key, self.identities[pk]))
        for pk in order:
            places: dict[UUID, int] = {}
            n = 0
            for n, (fact, said, made) in enumerate(self._of(pk, places), start=1):
                if fact:
                    places[fact] = n
                yield Row(self.identities[pk], replace(said, n=n), made)

    def _of(self, pk: UUID, places: dict[UUID, int]) -> Iterator[tuple[UUID | None, Said, str]]:
        yield from self._stage(pk, Stage.TITLE_ABSTRACT, places)
        for one in self.retrievals[pk]:
            yield (
                None,
                Said(RETRIEVAL, one.status, self._name(one.by_id), Stage.FULL_TEXT, words=_tried(one), at=self._at(one)),
                self._made(one),
            )
        yield from self._stage(pk, Stage.FULL_TEXT, places)
        for one in sorted(self.put[pk], key=lambda one: (one.label.name.casefold(), self._name(one.by_id))):
            yield None, Said(LABEL, one.label.name, self._name(one.by_id), at=self._at(one)), self._made(one)

    def _stage(self, pk: UUID, stage: str, places: dict[UUID, int]) -> Iterator[tuple[UUID | None, Said, str]]:
        facts: list[tuple[int, Any]] = [(fact.seq, fact) for fact in self.decisions[pk, stage]]
        facts += [(fact.seq, fact) for fact in (*self.rulings[pk, stage], *self.joins.get((pk, stage), ()))]
        for _seq, fact in sorted(facts, key=lambda one: one[0]):
            if isinstance(fact, VisibleDecision):
                yield fact.id, self._decision(fact), self._made(fact)
            elif isinstance(fact, Join):
                at = _moment(fact.recorded_at)
                yield None, Said(RULING, None, self._name(fact.by_id), stage, words=JOINED, at=at, form="reopening", on=()), HERE
            else:
                yield None, self._ruling(fact, places), self._made(fact)

    def _decision(self, fact: VisibleDecision) -> Said:
        return Said(
            DECISION,
            fact.answer,
            self._name(fact.member_id),
            fact.stage,
            reasons=tuple(sorted(self._criterion(criterion) for criterion in fact.failed)),
            primary=self._criterion(fact.primary_reason),
            words=fact.note,
            at=self._at(fact),
        )

    def _ruling(self, fact: Resolution, places: dict[UUID, int]) -> Said:
        on = sorted(places[one.decision_id] for one in fact.made_on.all() if one.decision_id in places)
        return Said(
            RULING,
            fact.outcome,
            self._name(fact.by_id),
            fact.stage,
            primary=self._criterion(fact.primary_reason),
            words=fact.why,
            at=self._at(fact),
            form=fact.kind,
            on=tuple(on),
        )

    def _name(self, member: UUID | None) -> str:
        return self.names.get(str(member), "") if member else ""

    def _criterion(self, criterion: Any) -> str:
        return self.labels.get(str(criterion), "") if criterion else ""

    def _at(self, fact: Any) -> str:
        """When it was said: for what was brought in, as its file told it."""
        came = self.elsewhere.get(_id(fact))
        if came and came.said_at:
            return _moment(came.said_at)
        return _moment(fact.at if isinstance(fact, VisibleDecision) else fact.recorded_at)

    def _made(self, fact: Any) -> str:
        return ELSEWHERE if _id(fact) in self.elsewhere else HERE


def _id(fact: Any) -> UUID:
    return fact.id if isinstance(fact, VisibleDecision) else fact.pk


def _order(title_key: str, about: Identity) -> tuple[Any, ...]:
    return title_key, about.doi.casefold(), about.year or 0, about.records[:1]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")

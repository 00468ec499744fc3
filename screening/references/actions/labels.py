"""Labels: the team's words, put on reports and taken off by each member for themselves, one or many at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from screening.projects import jobs
from screening.projects.access import Denied, check
from screening.projects.actions import Refused
from screening.projects.models import Job, Membership, Project
from screening.references.models import Label, Labelling, Placement
from screening.references.rules import without_nul

JOB = "label"
# More reports than this are labelled by a job.
AT_ONCE = 1_000
LONGEST_NAME = 60
MOST_LABELS = 200


def _name(text: str) -> str:
    name = " ".join(without_nul(text).split())
    if not name:
        raise Refused(_("Write the word of the label."))
    if len(name) > LONGEST_NAME:
        raise Refused(_("A label has at most %(most)s characters.") % {"most": LONGEST_NAME})
    return name


def make_label(*, by: Membership, name: str) -> Label:
    """A new word to mark reports with; one that was removed comes back, and one that is there is given as it is."""
    check(by, "references.label")
    name = _name(name)
    there = Label.objects.filter(project=by.project, name__iexact=name).first()
    if (there is None or there.removed) and Label.objects.filter(project=by.project, removed=False).count() >= MOST_LABELS:
        raise Refused(_("There are %(most)s labels already. Remove one that is no longer used first.") % {"most": MOST_LABELS})
    if there is None:
        try:
            with transaction.atomic():
                return Label.objects.create(project=by.project, name=name)
        except IntegrityError:
            there = Label.objects.get(project=by.project, name__iexact=name)
    if there.removed:
        Label.objects.filter(pk=there.pk).update(removed=False, name=name)
        there.refresh_from_db()
    return there


def rename_label(*, by: Membership, label: Label, name: str) -> None:
    check(by, "references.labels")
    name = _name(name)
    try:
        with transaction.atomic():
            Label.objects.filter(pk=label.pk, project=by.project).update(name=name)
    except IntegrityError as error:
        raise Refused(_("There is a label %(name)s already.") % {"name": name}) from error


def remove_label(*, by: Membership, label: Label) -> None:
    """Take a label out of use. What was marked with it stays on record, and shows again if the label is made again."""
    check(by, "references.labels")
    Label.objects.filter(pk=label.pk, project=by.project).update(removed=True)


@transaction.atomic
def put(*, by: Membership, label: Label, report_ids: Sequence[UUID], on: bool) -> int:
    """Put a label on these reports as this member, or take one's own off. Gives how many it changed.

    It lies on the record whose fields are shown first, and follows that record. What is so already stays as it is.
    """
    check(by, "references.label")
    if label.project_id != by.project_id or label.removed:
        raise Refused(_("That label is not in use in this project any more. Load the page again."))
    # One at a time per project, so that two presses of one button do not write the same fact twice.
    Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
    behind: dict[UUID, list[UUID]] = defaultdict(list)
    placed = Placement.objects.filter(report__in=list(report_ids), report__project=by.project_id).order_by("record__seq")
    for report, record in placed.values_list("report_id", "record_id"):
        behind[report].append(record)
    anchors = [record for records in behind.values() for record in records]
    last: dict[UUID, Labelling] = {}
    for fact in Labelling.objects.filter(label=label, by=by, anchor__in=anchors).order_by("seq"):
        last[fact.anchor_id] = fact
    new = []
    for report, records in behind.items():
        lies = [last[record] for record in records if record in last and last[record].on]
        if on and not lies:
            new.append(_fact(by, label, report, records[0], last.get(records[0]), on=True))
        elif not on:
            new += [_fact(by, label, report, fact.anchor_id, fact, on=False) for fact in lies]
    Labelling.objects.bulk_create(new, batch_size=1000)
    return len({fact.report_id for fact in new})


def _fact(by: Membership, label: Label, report: UUID, anchor: UUID, replaces: Labelling | None, *, on: bool) -> Labelling:
    return Labelling(project=by.project, by=by, report_id=report, anchor_id=anchor, label=label, on=on, replaces=replaces)


def put_on_all(*, by: Membership, label: Label, report_ids: Sequence[UUID], on: bool) -> tuple[int, Job | None]:
    """The same for any number of reports: how many it changed, or the job that does it."""
    check(by, "references.label")
    if len(report_ids) <= AT_ONCE:
        return put(by=by, label=label, report_ids=report_ids, on=on), None
    args = {"label": str(label.pk), "on": on, "reports": [str(pk) for pk in report_ids]}
    with transaction.atomic():
        return 0, jobs.start(project=by.project, kind=JOB, key=str(uuid4()), args=args, by=by)


def run(handle: jobs.Handle) -> dict[str, Any]:
    """The work of a labelling job, in batches that are each complete. Run twice, it changes nothing more."""
    args, by = handle.job.args, handle.job.asked_by
    label = Label.objects.filter(pk=args["label"]).first()
    if by is None or label is None:
        raise jobs.JobFailure(_("That label, or whoever asked for it, is not in this project any more."))
    ids, changed = [UUID(pk) for pk in args["reports"]], 0
    for start in range(0, len(ids), AT_ONCE):
        try:
            changed += put(by=by, label=label, report_ids=ids[start : start + AT_ONCE], on=args["on"])
        except (Refused, Denied) as refusal:
            raise jobs.JobFailure(str(refusal)) from refusal
        done = min(start + AT_ONCE, len(ids))
        words = {"label": label.name, "n": f"{done:,}", "all": f"{len(ids):,}"}
        said = _("%(label)s: %(n)s of %(all)s reports labelled.") if args["on"] else _("%(label)s: %(n)s of %(all)s reports cleared of it.")
        handle.step(done, len(ids), said % words)
    return {"changed": changed}

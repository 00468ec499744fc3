"""The only writers here: a file of ours kept, a run started, and the work of its job."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.decisions.actions import policy_version, set_policy
from screening.decisions.bringing.queries import Source, batches, runs_of, summary_of
from screening.decisions.bringing.rules import AUTOMATION, LISTS, NO_PERSON, Choices
from screening.decisions.bringing.words import told
from screening.decisions.bringing.writing import Tally, Writing, write
from screening.decisions.carried import Summary
from screening.decisions.carried.own import POLICY_RULES, NotOurs, holds_rows
from screening.decisions.models import BringingIn, DecisionFile, PolicyVersion, Stage
from screening.decisions.rules import Policy
from screening.projects import jobs
from screening.projects.access import check, reason_against
from screening.projects.actions import Refused, member_without_account
from screening.projects.facts import fingerprint
from screening.projects.models import Job, Membership, Project
from screening.protocol.actions import version_in_force
from screening.protocol.queries import reasons_in_order
from screening.references.models import Import, ImportEvent
from screening.references.rules import without_nul

KIND = "bring_in"
# At most some 2,000 rows in a transaction: two or three people's answers, each with where it came from.
BATCH = 300
NEW = "new"


def keep_file(*, by: Membership, name: str, content: BinaryIO, size: int) -> DecisionFile:
    """Keep a file of decisions that was exported from here. The same file is kept once. Raises Refused with the reason."""
    check(by, "decisions.bring_in")
    name = without_nul(name)[:255]
    if size > settings.UPLOAD_LIMIT_MB * 1024 * 1024:
        raise Refused(_("%(name)s is larger than %(limit)s MB.") % {"name": name, "limit": settings.UPLOAD_LIMIT_MB})
    data = content.read()
    try:
        holds = holds_rows(data)
    except NotOurs as error:
        raise Refused(f"{name}: {told(str(error))}") from error
    if not holds:
        raise Refused(_("%(name)s holds no decision that can be read. Export it again.") % {"name": name})
    digest = hashlib.sha256(data).hexdigest()
    there = DecisionFile.objects.filter(project=by.project, sha256=digest).first()
    if there is None:
        content.seek(0)
        path = default_storage.save(f"decisions/{by.project_id}/{digest}", content)
        there, is_new = DecisionFile.objects.get_or_create(
            project=by.project, sha256=digest, defaults={"by": by, "filename": name, "size": size, "stored_file": path}
        )
        if not is_new and path != there.stored_file:
            default_storage.delete(path)
    return there


def start(
    *,
    by: Membership,
    source: Source,
    people: Mapping[str, str],
    reasons: Mapping[str, str],
    stage: str = Stage.TITLE_ABSTRACT,
    listed: str = "",
    passed: bool = False,
    labels: bool = True,
) -> BringingIn:
    """Have a file's decisions written by a job. `people`: name -> a member's id, NEW, AGREED, AUTOMATION or NOBODY;
    `reasons`: word -> criterion's id.

    Pressed twice it is one run; run again it passes over what is here already. Raises Refused where somebody or
    something is not said, or does not fit this project.
    """
    check(by, "decisions.bring_in")
    if source.project_id != by.project_id:
        raise Refused(_("That file is not in this project."))
    if isinstance(source, Import) and not _counts(source):
        raise Refused(_("Only an import that was read to its end, and was not withdrawn, can bring decisions in."))
    summary = summary_of(source)
    _understood(summary, stage, listed)
    with transaction.atomic():
        # One at a time: two coordinators at once would make two of one person.
        Project.objects.select_for_update(no_key=True).get(pk=by.project_id)
        choices = Choices(
            stage=stage,
            people=_members(by, summary, people),
            reasons=_criteria(by, summary, reasons),
            listed=listed,
            passed=passed,
            labels=labels,
            columns=summary.columns,
            own=isinstance(source, DecisionFile),
        )
        if AUTOMATION in choices.people.values():
            check(by, "references.remove")
        if not choices.listed and not any(choices.people.values()) and not (labels and summary.labels) and not summary.agreed:
            raise Refused(_("Everybody is left out, so there is nothing to bring in. Say who at least one of them is."))
        return _run(by, source, choices)


def _counts(run: Import) -> bool:
    kinds = set(run.events.values_list("kind", flat=True))
    return ImportEvent.Kind.COMPLETED in kinds and ImportEvent.Kind.WITHDRAWN not in kinds


def _understood(summary: Summary, stage: str, listed: str) -> None:
    if summary.is_empty and not listed:
        raise Refused(_("No decision was found in this file."))
    if stage not in Stage.values:
        raise Refused(_("Choose the stage these decisions were made at."))
    if listed not in LISTS:
        raise Refused(_("Choose what it means that a record is in this file."))


def _members(by: Membership, summary: Summary, people: Mapping[str, str]) -> dict[str, str]:
    """Each name of the file as a member's id. Raises Refused where a name is not said, or two names are one person."""
    known = {str(pk) for pk in Membership.objects.filter(project=by.project).values_list("pk", flat=True)}
    found: dict[str, str] = {}
    for person in summary.people:
        if person.name not in people:
            raise Refused(_("Say who %(name)s is, or that they are left out.") % {"name": person.name or _("somebody without a name")})
        who = people[person.name]
        if who == NEW:
            who = str(member_without_account(by=by, shown_name=person.name or "Somebody the file does not name").pk)
        elif who not in (*NO_PERSON, *known):
            raise Refused(
                _("The person chosen for %(name)s is not in this project.") % {"name": person.name or _("somebody without a name")}
            )
        if who not in NO_PERSON and who in found.values():
            raise Refused(_("Two names of the file cannot be one person: who said what would be lost."))
        found[person.name] = who
    return found


def _criteria(by: Membership, summary: Summary, reasons: Mapping[str, str]) -> dict[str, str]:
    known = {reason.id for reason in reasons_in_order(by.project)}
    chosen = {word: str(reasons.get(word) or "") for word in summary.reasons}
    if any(criterion and criterion not in known for criterion in chosen.values()):
        raise Refused(_("A criterion chosen for a reason is not in the protocol in force. Reload the page."))
    return {word: criterion for word, criterion in chosen.items() if criterion}


def _run(by: Membership, source: Source, choices: Choices) -> BringingIn:
    """The run, with a job of its own unless one works on this file now."""
    earlier = runs_of(source)
    running = next((run for run in earlier if run.job and not run.job.is_over), None)
    if running:
        if running.choices != _as_json(choices):
            raise Refused(_("This file is being brought in now with other choices. Wait until that is done."))
        return running
    key = f"{source.pk}:{fingerprint(_as_json(choices))[:16]}:{len(earlier)}"
    job = jobs.start(project=by.project, kind=KIND, key=key, args={}, by=by)
    about = {"import_run": source} if isinstance(source, Import) else {"file": source}
    run = BringingIn.objects.create(project=by.project, by=by, choices=_as_json(choices), job=job, **about)
    Job.objects.filter(pk=job.pk).update(args={"run": str(run.pk)})
    return run


def _as_json(choices: Choices) -> dict[str, Any]:
    return {**asdict(choices), "columns": list(choices.columns)}


def bring_in(handle: jobs.Handle) -> dict[str, Any]:
    """The work of a run: batch after batch, each complete in itself. Safe to run twice, and to stop anywhere."""
    run = BringingIn.objects.select_related("project", "by", "import_run", "file__project").get(pk=handle.job.args["run"])
    by = Membership.objects.select_related("project").get(pk=run.by_id)
    if reason := reason_against(by, "decisions.bring_in"):
        raise jobs.JobFailure(reason)
    handle.step(0, 0, _("Going through %(filename)s.") % {"filename": run.filename})
    choices = Choices(**run.choices)
    _take_policies(by, run)
    writing = Writing(
        run=run,
        choices=choices,
        members={str(member.pk): member for member in Membership.objects.filter(project=run.project)},
        protocol=version_in_force(run.project),
        policies={stage: policy_version(run.project, stage) for stage in sorted(_stages(run, choices))},
    )
    tally = Tally()
    for done, total, reports, problems in batches(writing.source, choices.columns, BATCH):
        tally.tell(*problems)
        tally.add(write(writing, reports))
        handle.step(done, total, _("%(done)s of %(total)s reports gone through.") % {"done": f"{done:,}", "total": f"{total:,}"})
    result = tally.as_json()
    handle.step(handle.job.total, handle.job.total, sentence(result))
    return result


def _stages(run: BringingIn, choices: Choices) -> set[str]:
    """The stages at which something may be written: only there has a policy to be in force."""
    summary = summary_of(run.import_run or run.file)
    listed = {stage for stage, _outcome in LISTS[choices.listed]} | ({Stage.TITLE_ABSTRACT.value} if choices.passed else set())
    return summary.stages | listed | ({choices.stage} if summary.without_stage else set())


def _take_policies(by: Membership, run: BringingIn) -> None:
    """A file of ours says how its stages were decided. It holds here where nothing was set or decided yet."""
    if run.file is None:
        return
    for stage, rules in summary_of(run.file).policies.items():
        if not PolicyVersion.objects.filter(project=run.project, stage=stage).exists() and (policy := policy_in(rules)):
            set_policy(by=by, project=run.project, stage=stage, policy=policy)


def policy_in(words: str) -> Policy | None:
    """A policy as a file of ours writes it; None where it is not one."""
    try:
        rules = json.loads(words)
        # Who is meant by an id there is nobody here: experts and parts stay behind, and a pilot begins anew.
        *always, way = POLICY_RULES
        return Policy.of({name: rules[name] for name in always} | ({way: rules[way]} if way in rules else {}))
    except (ValueError, TypeError, KeyError):
        return None


def sentence(result: Mapping[str, Any]) -> str:
    """A run's result in words, with its counts."""
    n = {name: f"{value:,}" for name, value in result.items() if isinstance(value, int)}
    marked = result.get("marked", 0)
    words = (
        ("decisions", ngettext("%(n)s decision", "%(n)s decisions", result["decisions"])),
        ("rulings", ngettext("%(n)s ruling or agreed outcome", "%(n)s rulings and agreed outcomes", result["rulings"])),
        ("labels", ngettext("%(n)s label", "%(n)s labels", result["labels"])),
        ("marked", ngettext("%(n)s record marked by an automation tool", "%(n)s records marked by automation tools", marked)),
        (
            "retrievals",
            ngettext("%(n)s full text recorded as obtained or not", "%(n)s full texts recorded as obtained or not", result["retrievals"]),
        ),
    )
    parts = ", ".join(one % {"n": n[name]} for name, one in words if result.get(name))
    said = [_("Brought in: %(what)s.") % {"what": parts} if parts else _("Nothing new was brought in.")]
    if result["already"]:
        said.append(_("%(n)s were here already.") % {"n": n["already"]})
    if result["kept"]:
        said.append(_("%(n)s were left out because somebody has decided here.") % {"n": n["kept"]})
    if result.get("screened"):
        said.append(_("%(n)s that a tool marked were decided on by people too, so they count as screened.") % {"n": n["screened"]})
    if result["left_out"]:
        said.append(_("%(n)s were left out as you chose.") % {"n": n["left_out"]})
    return " ".join(said)

"""Who did what in the demonstration, told through the actions the pages use.

Answers are invented by a fixed rule from each made-up record's words, so that a fresh copy is always the same.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import uuid5

from django.db import transaction

from config.demonstration.deciding import OURS, Team, decide, is_made_up, number_of
from config.demonstration.extraction import extract_two_reviews
from config.demonstration.full_texts import read_full_texts
from config.demonstration.involvement import meet_and_ask
from extraction.exports import actions as exports
from extraction.overlap import actions as overlap
from screening.decisions import actions as decisions
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.decisions.models import ReportStage, Stage
from screening.projects import actions as projects
from screening.projects import jobs
from screening.projects.demonstration import ACCOUNTS
from screening.projects.models import Job, Membership, Project, User
from screening.protocol import actions as protocol
from screening.protocol.models import Criterion
from screening.protocol.patterns import PAID_PEER_SUPPORT
from screening.protocol.queries import reasons_in_order
from screening.references import actions as references
from screening.references.models import Report
from screening.voices import actions as voices
from screening.voices.support.actions import write_support

TITLE = "Peer support for mental health (demonstration)"
SLUG = "peer-support-demonstration"
FILES = Path(__file__).parent / "files"
SOURCES = (
    ("MEDLINE", "database", "Ovid", "medline.nbib", 57),
    ("Embase", "database", "Ovid", "embase.ris", 50),
    ("PsycINFO", "database", "EBSCOhost", "psycinfo.csv", 42),
    ("Reference lists of included reviews", "citation", "", "citation_searching.ris", 3),
)
STRATEGY = (
    "(peer support OR peer worker* OR lived experience) AND (mental health OR psychiatr*) AND "
    "(systematic review OR meta-analysis OR scoping review)"
)

# The registration of the review whose pattern the demonstration follows; the demonstration itself is registered nowhere.
REGISTERED = {
    "register": "PROSPERO (the review this follows)",
    "number": "CRD42022362099",
    "link": "https://www.crd.york.ac.uk/prospero/display_record.php?ID=CRD42022362099",
}

MARKED = {
    "include": ("peer support", "peer worker", "peer navigator", "peer mentor", "systematic review", "scoping review", "realist review"),
    "exclude": ("cohort study", "case series", "editorial"),
}


def tell() -> Project:
    """Make the demonstration project, or give the one that is there."""
    there = Project.objects.filter(slug=SLUG).first()
    if there:
        return there
    with transaction.atomic():
        team = _people()
        _protocol(team)
    _imports(team)
    reports = _in_fixed_order(team["alder"].project)
    _titles(team, reports)
    read_full_texts(team)
    extract_two_reviews(by=team["birch"])
    jobs.run(str(overlap.compute(by=team["birch"]).pk))
    jobs.run(str(exports.ask(by=team["alder"], request_id=uuid5(OURS, str(team["alder"].pk))).pk))
    _voices(team, reports)
    meet_and_ask(team)
    return team["alder"].project


def _people() -> Team:
    users = {account.email.split("@")[0]: _account(account.email, account.name, account.password) for account in ACCOUNTS}
    first = projects.create_project(
        user=users["alder"], title=TITLE, summary="A demonstration. The records are made up, save ten real reviews; so are the decisions."
    )
    Project.objects.filter(pk=first.project_id).update(slug=SLUG, is_demonstration=True)
    first.project.refresh_from_db()
    team = {"alder": first}
    for account in ACCOUNTS[1:]:
        key = account.email.split("@")[0]
        team[key] = Membership.objects.create(project=first.project, user=users[key], shown_name=account.name)
        projects.set_roles(by=first, member=team[key], roles=set(account.roles))
        team[key].refresh_from_db()
    return team


def _account(email: str, name: str, password: str) -> User:
    return User.objects.filter(email=email).first() or User.objects.create_user(email, password, name=name)


def _protocol(team: Team) -> None:
    by = team["alder"]
    protocol.begin_from(by=by, body=PAID_PEER_SUPPORT.body)
    protocol.save_registration(by=by, **REGISTERED)
    protocol.record_version(by=by)
    set_terms(by=by, terms=[Term(kind, text) for kind, texts in MARKED.items() for text in texts])


def _imports(team: Team) -> None:
    by = team["alder"]
    for name, kind, platform, filename, hits in SOURCES:
        source = protocol.save_source(
            by=by,
            name=name,
            kind=kind,
            platform=platform,
            strategy=STRATEGY if kind == "database" else "",
            searched_on=date(2022, 11, 14),
            hits=hits,
        ).source
        path = FILES / filename
        with path.open("rb") as content:
            imported, _ = references.upload(by=by, source=source, name=filename, content=content, size=path.stat().st_size)
        job = Job.objects.filter(project=by.project, kind=references.JOB, args__import=str(imported.pk)).latest("created_at")
        jobs.run(str(job.pk))


def _in_fixed_order(project: Project) -> list[Report]:
    """The reports in an order that is the same in every copy, whatever ids they were given."""
    return sorted(Report.objects.filter(project=project, column=Report.Column.DATABASES), key=lambda report: number_of(report.title))


def _is_review(report: Report) -> bool:
    return not is_made_up(report) or any(
        word in report.title.casefold()
        for word in ("systematic review", "scoping review", "realist review", "meta-synthesis", "meta-analysis")
    )


def _titles(team: Team, reports: Sequence[Report]) -> None:
    """Birch has done two thirds, Cedar a little more than half; where they differ Dogwood settled some."""
    reasons = {reason.label: reason.id for reason in reasons_in_order(team["alder"].project)}
    differ = 0
    for n, report in enumerate(reports):
        good = _is_review(report) and n % 4 != 3
        real = not is_made_up(report)
        reason = reasons["Not a review"] if not _is_review(report) else reasons["Under half paid peer workers"]
        if n < len(reports) * 2 // 3 or real:
            decide(team["birch"], report, "include" if good or real else "exclude", Stage.TITLE_ABSTRACT, () if good or real else (reason,))
        if n < len(reports) * 11 // 20 or real:
            other = good if n % 8 != 5 or real else not good
            answer = ("maybe" if n % 7 == 2 else "include") if other or real else "exclude"
            decide(team["cedar"], report, answer, Stage.TITLE_ABSTRACT, (reason,) if answer == "exclude" else ())
            row = ReportStage.objects.get(report=report, stage=Stage.TITLE_ABSTRACT)
            if row.status == ReportStage.Status.CONFLICT:
                differ += 1
                if differ % 3 == 1:
                    _settle(team["dogwood"], report, Stage.TITLE_ABSTRACT, "include" if _is_review(report) else "exclude")


def _settle(by: Membership, report: Report, stage: str, outcome: str) -> None:
    from screening.decisions.queries import decisions_in_force

    decisions.reveal(by=by, report_id=report.pk, stage=stage)
    seen = decisions_in_force(by, report.pk, stage)
    why = (
        "It gathers studies by a stated method, so the full text decides."
        if outcome == "include"
        else "One study of its own, not a review."
    )
    decisions.resolve(
        by=by,
        report_id=report.pk,
        stage=stage,
        outcome=outcome,
        why=why,
        on=[decision.id for decision in seen],
        resolution_id=uuid5(OURS, f"ruling {report.pk} {stage}"),
    )


def _voices(team: Team, reports: Sequence[Report]) -> None:
    project = team["alder"].project
    line = Criterion.objects.get(project=project, label="Under half paid peer workers")
    first = voices.speak(
        by=team["elm"],
        about_kind="criterion",
        about_id=line.pk,
        kind="question",
        words=(
            "Why half? In our groups, many of us were never paid for the same work. A review of mostly unpaid "
            "peers may say more about us than one that just passes the line."
        ),
    )
    voices.answer(
        by=team["alder"],
        voice=first,
        status="acted_on",
        words=(
            "You are right that a line at half is a choice. We keep it for the main analysis, and we will show "
            "what changes at 40 and at 60 percent."
        ),
        change=voices.Change("criterion", line.pk),
    )
    write_support(
        by=team["elm"],
        text=(
            "**In this project**: A. Alder, by e-mail on weekdays, and E. Elm for anybody in the working group.\n\n"
            "**At any hour**: the crisis line of your region.\n\n"
            "You do not have to explain yourself, and somebody else can read in your place."
        ),
    )
    voices.speak(
        by=team["elm"],
        about_kind="protocol",
        about_id=project.pk,
        kind="suggestion",
        words="Family peer workers and peer workers do different work. Can the tables show them apart?",
    )
    settled = (
        ReportStage.objects.filter(
            project=project, stage=Stage.FULL_TEXT, status=ReportStage.Status.INCLUDE, report__title__startswith="Demonstration"
        )
        .order_by("report__title")
        .first()
    )
    if settled:
        voices.speak(
            by=team["elm"],
            about_kind="report",
            about_id=settled.report_id,
            kind="experience",
            words="The part on being understood without having to explain is what we hear in our own groups.",
        )

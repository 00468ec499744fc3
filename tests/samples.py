"""A project with one of everything in it, so that every address of the URL table has something real to open."""

import io
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from screening.decisions.conflicts import actions as conflicts
from screening.fulltext.actions import record_retrieval, review_of
from screening.fulltext.documents import actions as actions_of_documents
from screening.fulltext.worksheet.actions import Answered, assess, keep_draft
from screening.projects import actions as projects
from screening.projects.models import Job, Role
from screening.protocol import actions as protocol
from screening.protocol.queries import criteria_of, instruments, outcomes, questions_of, reasons_in_order
from screening.references import actions as references
from screening.references.models import Import, ProposedPair, Record, Report
from tests import samples_beside as beside
from tests.cast import Team, add_source, decide, import_titles, make_team
from tests.fulltext.pdfs import pdf_of
from tests.walk import Route

TITLES = (
    "Open to everybody",
    "In conflict between two",
    "Settled as excluded",
    "Settled as included",
    "Included at full text",
    "At full text and open",
    "Removed before screening",
    "In a pilot round that is open",
    "In a pilot round that is over",
)


@dataclass
class World:
    """The team and what there is: `of` maps a place in an address ("reports/<uuid:pk>") or a kwarg to its samples."""

    team: Team
    open_report: Report
    of: dict[str, list[Any]] = field(default_factory=dict)
    kinds: dict[str, list[Any]] = field(default_factory=dict)

    def values(self, route: Route, name: str) -> list[Any]:
        """Samples for one kwarg of a route, the most particular first. KeyError tells which kwarg has none."""
        before = re.search(rf"([\w-]+)/<(?:\w+:)?{name}>", route.route)
        place = f"{before.group(1)}/{name}" if before else name
        return self.of[place] if place in self.of else self.of[name]

    def url(self, route: Route) -> str:
        return route.url(self._first(route))

    def urls(self, route: Route) -> list[str]:
        """The route with every combination of samples."""
        if "kind" in route.kwargs:
            return [route.url({**self._first(route), "kind": kind, route.kwargs[-1]: pk}) for kind, pks in self.kinds.items() for pk in pks]
        choices = [self.values(route, name) for name in route.kwargs]
        return [route.url(dict(zip(route.kwargs, chosen, strict=True))) for chosen in itertools.product(*choices)]

    def _first(self, route: Route) -> dict[str, Any]:
        return {name: self.values(route, name)[0] for name in route.kwargs}

    def addresses(self, table: Iterable[Route]) -> list[str]:
        """Every address below the project that answers GET."""
        return [url for route in table if route.in_project and "GET" in route.rules for url in self.urls(route)]


def everything() -> World:
    """Make the world. Two reviewers; at title and abstract one report that nobody has decided on."""
    team = make_team()
    _protocol(team)
    source = add_source(team)
    reports = dict(zip(TITLES, import_titles(team, *TITLES, source=source), strict=True))
    reason = reasons_in_order(team.project)[0].id
    _titles(team, reports, reason)
    _full_texts(team, reports, reason)
    world = World(team=team, open_report=reports["Open to everybody"])
    included = reports["Included at full text"]
    review = review_of(by=team.ana, report=included)
    citation_list = _extraction(team, review)
    _, secret = projects.invite(by=team.coordinator, email="new@example.org", roles={Role.REVIEWER})
    token, _ = projects.make_token(user=team.coordinator.user, name="A program")
    from screening.projects.models import Invitation

    invitation = Invitation.objects.get(project=team.project)
    declared, known = _before_screening(team, source, reports["Removed before screening"])
    criterion, question = criteria_of(team.project).first(), questions_of(team.project).first()
    outcome, instrument = outcomes(team.project).first(), instruments(team.project).first()
    job = Job.objects.filter(project=team.project).first()
    export = Job.objects.create(
        project=team.project, kind="summary_export", idempotency_key="sample", asked_by=team.coordinator, state=Job.State.FAILED
    )
    given = beside.given_back(team, included)
    act = _compared(team, reports)
    rounds = _pilot_rounds(team, reports)
    _authors_and_sight(team, reports)
    ids = [reports[title].pk for title in (TITLES[0], TITLES[1], TITLES[5])]
    documents = _documents(team, reports)
    voice, voice_file = beside.voice(team, criterion)
    world.of = {
        "slug": [team.project.slug],
        "source": [source.slug],
        "n": [1],
        "stage": ["title_abstract", "full_text"],
        "report": ids,
        "report_id": ids,
        "reports/pk": ids,
        "full-texts/pk": [*ids, included.pk],
        "included/pk": [included.pk],
        "included/report": [included.pk],
        "document": documents,
        "term_id": [beside.explained(team)],
        "records/pk": list(Record.objects.filter(project=team.project).values_list("pk", flat=True)[:2]),
        "decision-files/pk": [given.file_id],
        "brought-in/run": [given.pk],
        "imports/pk": [Import.objects.get(project=team.project, filename="search.ris").pk, _waiting_table(team, source)],
        "declared-removals/pk": [declared.pk],
        "known-reviews/pk": [known.pk],
        "criteria/pk": [criterion.pk],
        "deviations/pk": [beside.departed(team)],
        "kept/pk": [beside.line_kept(team)],
        "questions/pk": [question.pk],
        "outcomes/pk": [outcome.pk],
        "instruments/pk": [instrument.pk],
        "review": [review.pk],
        "citation_list": [citation_list.pk],
        "job_id": [job.pk],
        "member_id": [team.ana.pk],
        "notice_id": [beside.notice(team)],
        "data/job_id": [beside.own_data(team)],
        "invitation_id": [invitation.pk],
        "token_id": [token.pk],
        "secret": [secret],
        "box": ["title_open", "dbr_text_open", "records_screened", "removed_before_screening", "assessed_reports", "new_studies"],
        "act": [act],
        "field": ["journal"],
        "kind/thing_id": [criterion.pk, *ids],
        "kind": ["criterion", "report", "protocol"],
        "thing_id": [criterion.pk, *ids, team.project.pk],
        "about_id": [criterion.pk, *ids, team.project.pk],
        "name": ["summary.xlsx"],
        "filter_id": [beside.kept_filter(team)],
        "export_id": [beside.list_export(team)],
        "flow_file_id": [beside.flow_file(team)],
        "voice_id": [voice],
        "file_id": [voice_file],
        "left_id": [beside.left(team, criterion)],
        "note": [beside.content_note(team, source)],
        "meeting": [beside.meeting(team)],
        "asked": beside.rounds_of_priorities(team),
        "section": [beside.involvement(team), "aim"],
        "round": [one.pk for one in rounds],
        "job": [export.pk],
        "export": [export.pk],
    }
    world.kinds = {"criterion": [criterion.pk], "report": ids, "protocol": [team.project.pk], "review": [review.pk]}
    world.kinds |= {"question": [question.pk], "outcome": [outcome.pk], "instrument": [instrument.pk]}
    world.kinds["pilot"] = [rounds[0].pk]
    world.kinds |= {"project": [team.project.pk], "source": [source.pk], "document": documents[:2], "reason": [criterion.pk]}
    return world


def _protocol(team: Team) -> None:
    question = protocol.save_question(by=team.coordinator, label="Effects", text="What are the effects?")
    protocol.add_outcome(by=team.working_group, label="Quality of life", questions=[question])
    protocol.save_instrument(by=team.coordinator, label="AMSTAR 2", questions=[question])
    protocol.save_registration(by=team.coordinator, register="PROSPERO", number="CRD0")
    protocol.save_criterion(by=team.coordinator, values={"label": "Not a review", "text": "The report is a systematic review."})
    protocol.save_criterion(by=team.coordinator, values={"label": "Population", "text": "People who use mental health services."})
    protocol.record_version(by=team.coordinator)


def _titles(team: Team, reports: dict[str, Report], reason: str) -> None:
    decide(team.ana, reports["In conflict between two"], "include", note="Looks like one to me.")
    decide(team.ben, reports["In conflict between two"], "exclude", failed=[reason], note="A trial.")
    for who in (team.ana, team.ben):
        decide(who, reports["Settled as excluded"], "exclude", failed=[reason])
        for title in TITLES[3:6]:
            decide(who, reports[title], "include")


def _full_texts(team: Team, reports: dict[str, Report], reason: str) -> None:
    for title in TITLES[4:6]:
        record_retrieval(by=team.ana, report_id=reports[title].pk, status="retrieved")
    for who in (team.ana, team.ben):
        decide(who, reports["Included at full text"], "include", stage="full_text")
    _assessed(team, reports["At full text and open"], reason)


def _assessed(team: Team, report: Report, reason: str) -> None:
    """One of two has answered the criteria, with a quote; the other has typed something and not recorded it."""
    said = [Answered(reason, None, "no", None, "No search was described.", "3")]
    assess(by=team.ana, report_id=report.pk, answer="exclude", decision_id=uuid4(), answered=said)
    keep_draft(by=team.ben, report_id=report.pk, values={"note": "Read to page 4."})


def _documents(team: Team, reports: dict[str, Report]) -> list[Any]:
    """A PDF of a full text that is open, one of an included one, and one that waits to be placed."""
    from screening.projects import jobs

    made = []
    for title in (TITLES[5], TITLES[4], None):
        data = pdf_of([title or "Nobody knows", "Words of a made-up review."])
        files = [(f"{title or 'lost'}.pdf", io.BytesIO(data), len(data))]
        kept, job = actions_of_documents.keep_documents(by=team.ana, files=files, report_id=reports[title].pk if title else None)
        jobs.run(str(job.pk))
        made.append(kept[0].document.pk)
    return made


def _before_screening(team: Team, source: Any, report: Report) -> tuple[Any, Any]:
    """A report removed, a number declared, and a known review on the list."""
    from screening.references import actions
    from screening.references.models import KnownReview

    actions.remove_reports(by=team.coordinator, report_ids=[report.pk], kind="automation", reason="Marked by a classifier.")
    declared = actions.declare_removed(by=team.coordinator, source=source, kind="duplicates", n=3, where="In EndNote", who="A librarian")
    actions.add_known(by=team.coordinator, text="Removed before screening\n10.5555/missed.by.all\n")
    return declared, KnownReview.objects.first()


def _extraction(team: Team, review: Any) -> Any:
    from extraction.forms.actions import save_extraction
    from extraction.studies.actions import save_list
    from extraction.studies.models import CitationList

    save_extraction(by=team.ana, review=review, values={"design": "scoping", "studies": 2})
    save_list(
        by=team.ana,
        review=review,
        text="author,year,title,doi\nHazel J,2009,A made-up trial of peers,10.5555/a.1\nRowan P,2011,Another made-up trial,\n",
    )
    return CitationList.objects.get(review=review)


def _pilot_rounds(team: Team, reports: dict[str, Report]) -> list[Any]:
    """A round that is over, with something to talk over, and one that is open."""
    from screening.decisions.pilots.actions import close_round, start_round

    over = _round_of(start_round, team, reports[TITLES[8]])
    decide(team.ana, reports[TITLES[8]], "include", note="A review of reviews.")
    decide(team.ben, reports[TITLES[8]], "exclude", note="Not one to me.")
    close_round(by=team.coordinator, round_=over, why="Both have decided.")
    return [over, _round_of(start_round, team, reports[TITLES[7]])]


def _round_of(start_round: Any, team: Team, report: Report) -> Any:
    """A round whose seed draws this very report."""
    from screening.decisions.pilots.queries import candidates_for
    from screening.decisions.pilots.rules import chosen

    members = [team.ana.pk, team.ben.pk]
    candidates = [str(pk) for pk in candidates_for(team.project, "title_abstract", members)]
    seed = next(seed for seed in itertools.count() if chosen(candidates, 1, seed) == [str(report.pk)])
    return start_round(by=team.coordinator, stage="title_abstract", size=1, members=members, seed=seed)


def _authors_and_sight(team: Team, reports: dict[str, Report]) -> None:
    from screening.decisions.authors.actions import declare
    from screening.decisions.sight.actions import look, set_sight

    declare(by=team.adjudicator, report_id=reports["Included at full text"].pk)
    set_sight(by=team.coordinator, sees=["people"], why="To plan the week.")
    look(by=team.coordinator, what="people", stage="title_abstract")


def _compared(team: Team, reports: dict[str, Report]) -> Any:
    """A pair and a group that wait to be compared, proposed versions, a verdict, and a corrected field."""
    first = {title: Record.objects.get(joins__report=report) for title, report in reports.items()}
    for kind, one, other in (("likely", 0, 2), ("likely", 2, 3), ("versions", 3, 4)):
        pair = sorted([first[TITLES[one]], first[TITLES[other]]], key=lambda record: record.pk)
        ProposedPair.objects.create(
            project=team.project, first=pair[0], second=pair[1], kind=kind, score=0.8, reasons=["Titles that are almost equal."]
        )
    references.correct(by=team.coordinator, report=reports["Settled as included"], field="journal", value="Peers", reason="Missing.")
    records = [first[TITLES[n]].pk for n in (2, 4)]
    return references.judge(by=team.coordinator, act=uuid4(), verdict="versions", records=records).act


def settle_conflict(team: Team, report: Report) -> None:
    """An adjudicator sees both sides and settles."""
    from screening.decisions.queries import decisions_in_force

    conflicts.reveal(by=team.adjudicator, report_id=report.pk, stage="title_abstract")
    on = [decision.id for decision in decisions_in_force(team.adjudicator, report.pk, "title_abstract")]
    conflicts.resolve(
        by=team.adjudicator, report_id=report.pk, stage="title_abstract", outcome="include", why="It is one.", on=on, resolution_id=uuid4()
    )


def _waiting_table(team: Team, source: Any) -> Any:
    """A table that waits for somebody to say which column is which."""
    from screening.projects import jobs
    from screening.references.actions import upload

    content = b"Lfd,Werk,Wer\n1,Peer support in a table,Alder J\n"
    run, _ = upload(by=team.coordinator, source=source, name="table.csv", content=io.BytesIO(content), size=len(content))
    jobs.run(str(Job.objects.get(args__import=str(run.pk)).pk))
    return run.pk

"""The lists of a past moment of a large review: row for row those a small review would show, from the file the job kept."""

from itertools import pairwise

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from screening.flow.past import looking
from screening.flow.past.lists import page_kept
from screening.flow.past.looking import kept_of, server_time
from screening.flow.rules import NAMES, RECORD_BOXES
from screening.fulltext.actions import record_retrieval
from screening.projects import jobs
from screening.projects.models import Job
from screening.protocol.actions import save_criterion
from screening.references import actions as references
from screening.references.models import Placement, Record, Report
from tests.cast import PASSWORD, add_source, decide, import_file
from tests.flow.histories import ris_of

SHOWN = ("n", "of_records", "reviews", "without_list", "parts", "part")


@pytest.fixture
def then(team):
    """A moment with something in most boxes, after which much was undone."""
    embase = add_source(team, "Embase")
    import_file(team, add_source(team), ris_of([5, 1, 4, 2, 0]))
    joined = import_file(team, embase, ris_of([2, 6, 0]))
    import_file(team, add_source(team, "Registry", "register"), ris_of([7]))
    import_file(team, add_source(team, "A website", "website"), ris_of([3, 1]))
    references.declare_removed(by=team.coordinator, source=embase, kind="duplicates", n=4, where="In EndNote", who="Ana")
    found = {one.title.split()[-1][0]: one for one in Report.objects.filter(project=team.project)}
    references.remove_reports(by=team.coordinator, report_ids=[found["h"].pk], kind="automation", reason="A letter.")
    labels = [save_criterion(by=team.coordinator, values={"label": label, "text": "One."}) for label in ("No peers", "No review")]
    for letter in "abefg":
        for member in (team.ana, team.ben):
            decide(member, found[letter], "exclude" if letter == "g" else "include")
    for letter in "abdef":
        record_retrieval(by=team.ana, report_id=found[letter].pk, status="not_retrieved" if letter == "f" else "retrieved", detail="Asked.")
    decide(team.ana, found["c"], "include")
    decide(team.ben, found["c"], "exclude")
    for letter, failed in (("a", labels[:1]), ("b", labels[1:]), ("d", labels[:1])):
        for member in (team.ana, team.ben):
            decide(member, found[letter], "exclude", "full_text", failed=[one.pk for one in failed])
    moment = server_time()
    record = Record.objects.filter(import_run=joined, placement__report=found["c"]).get()
    references.split_record(by=team.coordinator, record=record, reason="Another paper.")
    for member in (team.ana, team.ben):
        decide(member, found["e"], "include", "full_text")
    return moment


@pytest.fixture
def ask(client, team):
    def get(name: str, *args, who=None, **data):
        client.login(username=(who or team.observer).user.email, password=PASSWORD)
        return client.get(reverse(name, args=[team.project.slug, *args]), data)

    return get


@pytest.fixture
def count(client, team, monkeypatch):
    """From here on the review is a large one, and this moment is counted."""

    def run(moment, since=None) -> Job:
        monkeypatch.setattr(looking, "AT_ONCE", 1)
        job = looking.ask(by=team.observer, at=moment, since=since)
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.failure_sentence
        return job

    return run


def listed(ask, moment, box: str, part: str = "") -> tuple:
    context = ask("flow:box", box, at=moment.isoformat(), part=part).context
    if box in RECORD_BOXES:
        rows = [(one.pk, one.placement.report_id, one.import_run.source_version.name) for one in context["records"]]
    else:
        rows = [one.pk for one in context["reports"]]
    parts = [{name: one[name] for name in ("key", "name", "n", "declared", "url")} for one in context["parts"]]
    return rows, parts, [context[name] for name in SHOWN if name not in ("parts", "part")]


def all_lists(ask, moment) -> dict:
    found = {(box, ""): listed(ask, moment, box) for box in NAMES}
    parts = [(box, part["key"]) for (box, _), (_, given, _) in found.items() for part in given]
    return found | {(box, part): listed(ask, moment, box, part) for box, part in parts}


def test_every_list_is_what_a_small_review_would_show(ask, count, team, then):
    small = all_lists(ask, then)
    over_http = {box: ask("flow-api:box", box, at=then.isoformat()).json() for box in ("records_identified", "records_screened")}
    count(then)
    assert all_lists(ask, then) == small
    assert {box: ask("flow-api:box", box, at=then.isoformat()).json() for box in over_http} == over_http
    assert {box for box, part in small if part} >= {"dbr_excluded", "other_excluded", "records_identified", "database_results"}
    assert all(len(rows) == n - without for rows, _, (n, _, _, without) in small.values())
    assert sum(bool(rows) for rows, _, _ in small.values()) > 20


def test_the_numbers_link_to_their_lists_also_when_compared(ask, count, team, then):
    job = count(then, since=team.project.created_at)
    page = ask("flow:past", at=then.isoformat(), since=team.project.created_at.isoformat()).content.decode()
    assert f"{reverse('flow:box', args=[team.project.slug, 'dbr_excluded'])}?at=" in page
    assert kept_of(team.project, then) == job
    assert len(ask("flow:box", "dbr_excluded", at=then.isoformat()).context["reports"]) == 2


def test_turning_pages_shows_each_row_once_and_back_again(count, team, then):
    kept = count(then).result["lists"]
    for box in ("records_screened", "records_identified"):
        whole, pages = [one.pk for one in page_kept(team.project, kept, box).rows], []
        after = ""
        while not pages or after:
            pages.append(page_kept(team.project, kept, box, after=after, size=2))
            after = pages[-1].after
        assert [one.pk for page in pages for one in page.rows] == whole and len(pages) > 2 and not pages[0].before
        for earlier, later in pairwise(pages):
            back = page_kept(team.project, kept, box, before=later.before, size=2)
            assert [one.pk for one in back.rows] == [one.pk for one in earlier.rows]


def test_a_cursor_that_is_none_gives_the_first_page(ask, count, team, then):
    kept = count(then).result["lists"]
    first = page_kept(team.project, kept, "records_screened", size=2)
    for cursor in ("-1", "x", "1" * 5000, "²", "a title~b", "0", "\x00"):
        assert page_kept(team.project, kept, "records_screened", after=cursor, size=2) == first
        assert page_kept(team.project, kept, "records_screened", before=cursor, size=2) == first
    assert ask("flow:box", "records_screened", at=then.isoformat(), after="999999999").status_code == 200


def test_a_moment_that_was_not_counted_is_asked_for_first(ask, count, team, then):
    count(then)
    other = server_time().isoformat()
    answer = ask("flow:box", "records_screened", at=other)
    assert answer.status_code == 302 and "/flow/past/?at=" in answer["Location"]
    assert "counted first" in ask("flow:past", at=other).content.decode()
    assert ask("flow-api:box", "records_screened", at=other).status_code in (400, 409, 422)


def test_lists_that_were_lost_are_made_again(ask, count, team, then):
    lost = count(then)
    default_storage.delete(lost.result["lists"]["path"])
    assert kept_of(team.project, then) is None
    assert "Count it" in ask("flow:past", at=then.isoformat()).content.decode()
    assert count(then).pk != lost.pk
    assert len(ask("flow:box", "dbr_excluded", at=then.isoformat()).context["reports"]) == 2


def test_showing_where_a_record_stood_moves_nothing(ask, count, team, then):
    before = sorted(Placement.objects.values_list("record_id", "report_id"))
    count(then)
    ask("flow:box", "records_identified", at=then.isoformat())
    assert sorted(Placement.objects.values_list("record_id", "report_id")) == before


def test_lists_are_for_members_alone(ask, client, count, team, then):
    count(then)
    client.logout()
    address = reverse("flow:box", args=[team.project.slug, "records_screened"])
    assert client.get(address, {"at": then.isoformat()}).status_code in (302, 403, 404)

"""The pages and the API of duplicates: the queue with and without htmx, versions, decided, certain joins, corrections, sources."""

import csv
import html
import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.projects import contributions
from screening.references import actions
from screening.references.comparing import compare, marked
from screening.references.models import Correction, PairVerdict, Placement, ProposedPair, Record, Report
from screening.references.overlapping import share, table
from screening.references.rules import CORRECTABLE
from screening.references.showing import rebuild
from tests.cast import add_source, import_file, import_titles, ris
from tests.references.test_duplicates import TITLES, first, judge, propose


@pytest.fixture
def reports(team):
    return import_titles(team, *TITLES)


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def at(team, name, *args, api=False):
    return reverse(f"references{'-api' if api else ''}:{name}", args=[team.project.slug, *args])


def answer(question, verdict, **more):
    """What the form of a question sends."""
    records = [str(column.record) for column in question.columns]
    return {"id": str(uuid4()), "kind": question.kind, "question": str(question.key), "record": records, "verdict": verdict, **more}


def test_a_pair_is_shown_side_by_side_with_what_differs_marked_and_why(browse, team, reports):
    propose(reports[0], reports[2])
    page = browse(team.coordinator).get(at(team, "duplicates")).content.decode()
    assert "Are these one report?" in page and "The titles are almost equal." in page and "MEDLINE" in page
    assert '<ins><span class="sr">only here: </span>within <span class="sr"> (end) </span></ins>' in page
    assert 'data-key="s"' in page and 'data-key="d"' in page and 'data-key="n"' in page and "1 pair waits" in page


def test_each_verdict_leads_to_the_next_pair_and_undo_to_the_one_before(browse, team, reports):
    one, two = propose(*reports[:2], score=0.9)[0], propose(*reports[2:], score=0.5)[0]
    client = browse(team.coordinator)
    question = client.get(at(team, "duplicates")).context["question"]
    after = client.post(at(team, "verdict"), answer(question, "different"), follow=True)
    assert after.context["question"].key == two.pk and "Kept apart." in after.content.decode()
    (last,) = after.context["last"]
    back = client.post(at(team, "undo-act", last.id), {"kind": "likely", "id": str(uuid4())}, follow=True)
    assert back.context["question"].key == one.pk and back.context["n"] == 2
    skipped = client.post(at(team, "verdict"), answer(question, "skip"), follow=True)
    assert skipped.context["question"].key == two.pk and PairVerdict.objects.filter(verdict__isnull=False).count() == 1


def test_htmx_gets_the_next_question_alone_and_it_is_read_out(browse, team, reports):
    propose(*reports[:2], score=0.9), propose(*reports[2:], score=0.5)
    client = browse(team.coordinator)
    question = client.get(at(team, "duplicates")).context["question"]
    part = client.post(at(team, "verdict"), answer(question, "same"), headers={"HX-Request": "true"})
    words = part.content.decode()
    assert (
        words.lstrip().startswith('<div id="question">')
        and "<html" not in words
        and 'data-announce="Joined: one report. 1 waits."' in words
    )
    assert Placement.objects.filter(report=reports[0]).count() == 2


def test_the_second_of_two_people_is_told_and_asked_something_else(browse, team, reports):
    propose(*reports[:2], score=0.9), propose(*reports[2:], score=0.5)
    client = browse(team.coordinator)
    question = client.get(at(team, "duplicates")).context["question"]
    judge(team, "different", *reports[:2])
    told = client.post(at(team, "verdict"), answer(question, "same"), follow=True)
    assert "said in the meantime that these are different reports" in told.content.decode()
    assert told.context["question"].key != question.key and Placement.objects.filter(report=reports[0]).count() == 1


def test_a_form_sent_twice_says_it_once(browse, team, reports):
    propose(*reports[:2])
    client = browse(team.coordinator)
    sent = answer(client.get(at(team, "duplicates")).context["question"], "same")
    for _ in range(2):
        assert client.post(at(team, "verdict"), sent, follow=True).status_code == 200
    assert PairVerdict.objects.count() == 1


def test_of_a_group_only_the_ticked_are_joined(browse, team, reports):
    propose(*reports[:3])
    client = browse(team.coordinator)
    shown = client.get(at(team, "duplicates"))
    assert "Which of these 3 are one report?" in shown.content.decode()
    question = shown.context["question"]
    ticked = [str(column.record) for column in question.columns if column.report.pk != reports[2].pk]
    client.post(at(team, "verdict"), answer(question, "same", same=ticked))
    assert Placement.objects.filter(report=reports[0]).count() == 2 and Placement.objects.filter(report=reports[2]).count() == 1
    assert not ProposedPair.objects.filter(waits=True).exists()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("n", [0, 1])
def test_of_a_group_with_hardly_one_ticked_it_is_said_what_to_tick(browse, team, reports, headers, n):
    propose(*reports[:3])
    client = browse(team.coordinator)
    question = client.get(at(team, "duplicates")).context["question"]
    ticked = [str(column.record) for column in question.columns][1 : 1 + n]
    told = client.post(at(team, "verdict"), answer(question, "same", same=ticked), headers=headers)
    assert "Tick at least two of the 3: those that are one report." in told.content.decode()
    # The same question is asked again, with the ticks as they were set.
    assert told.context["question"].key == question.key and not PairVerdict.objects.exists()
    assert re.findall(r'name="same" value="([^"]+)" checked', told.content.decode()) == ticked
    client.post(at(team, "verdict"), answer(question, "different", same=ticked), headers=headers)
    assert PairVerdict.objects.filter(verdict="different").count() == 3


def test_versions_have_a_tab_of_their_own_and_are_linked_not_joined(browse, team, reports):
    propose(*reports[:2], kind="versions")
    client = browse(team.coordinator)
    assert client.get(at(team, "duplicates")).context["question"] is None
    question = client.get(at(team, "versions")).context["question"]
    client.post(at(team, "verdict"), answer(question, "versions"))
    page = client.get(at(team, "report", reports[0].pk)).content.decode()
    assert "A version of one review with" in page and at(team, "report", reports[1].pk) in page
    assert Report.objects.filter(placements__isnull=False).distinct().count() == 4


@pytest.mark.parametrize("name", ["ana", "adjudicator", "working_group", "observer"])
def test_others_look_and_are_told_why_they_cannot_say(browse, team, reports, name):
    propose(*reports[:2])
    act = judge(team, "different", *reports[2:]).act
    client = browse(getattr(team, name))
    for page in ("duplicates", "decided"):
        assert "Only a coordinator can join or part reports" in client.get(at(team, page)).content.decode()
    assert client.post(at(team, "verdict"), {}).status_code == 403
    assert client.post(at(team, "undo-act", act), {}).status_code == 403
    assert not [one for one in contributions.waiting_for(getattr(team, name)) if "report" in one.label and one.order == 22]


def test_what_waits_for_the_coordinator_counts_pairs_and_versions(team, reports):
    propose(*reports[:2]), propose(*reports[2:], kind="versions")
    waiting = {one.order: one for one in contributions.waiting_for(team.coordinator)}
    assert waiting[22].count == waiting[23].count == 1 and waiting[22].label == "pair that may be one report"


def test_the_queue_asks_as_often_for_many_pairs_as_for_few(browse, team):
    reports = import_titles(team, *(f"Peer support {n}" for n in range(30)))
    client = browse(team.coordinator)
    propose(*reports[:2])
    client.get(at(team, "duplicates"))
    with CaptureQueriesContext(connection) as few:
        client.get(at(team, "duplicates"))
    for n in range(2, 30, 2):
        propose(*reports[n : n + 2])
    with CaptureQueriesContext(connection) as many:
        client.get(at(team, "duplicates"))
    assert len(many) == len(few)


def twice(team):
    """Three titles in MEDLINE, two of them in PsycINFO too."""
    import_file(team, add_source(team), ris("Peer support in wards", "Peer support in crisis", "Peers alone"))
    return import_file(team, add_source(team, "=PsycINFO"), ris("Peer support in wards", "Peer support in crisis") + b"\n", name="p.ris")


def test_certain_joins_of_an_import_are_listed_with_why_and_parted(browse, team):
    run = twice(team)
    client = browse(team.coordinator)
    page = client.get(at(team, "joins", run.pk))
    assert len(page.context["rows"]) == 2 and page.context["n"] == 2 and page.context["rows"][0].join.reason in page.content.decode()
    record = page.context["rows"][0].record
    back = client.post(at(team, "split", record.pk), {"back": "joins"}, follow=True)
    assert "Parted:" in back.content.decode() and back.context["n"] == 1
    assert PairVerdict.objects.get().verdict == "different"
    assert client.get(at(team, "joins", uuid4())).status_code == 404


def test_what_became_of_a_parted_join_stands_in_its_place(browse, team):
    """With htmx the list comes back alone: the message is where the button was, has the focus, and is read out."""
    run = twice(team)
    client = browse(team.coordinator)
    first, last = [row.record for row in client.get(at(team, "joins", run.pk)).context["rows"]]

    def part(record):
        sent = {"back": "joins", "after": ""}
        return client.post(at(team, "split", record.pk), sent, headers={"HX-Request": "true"}).content.decode()

    below = part(last)
    assert below.lstrip().startswith('<div id="joins">') and "<html" not in below and "1 record of" in below
    said = re.search(r'<p class="message success" tabindex="-1" data-focus data-announce="([^"]+)">', below)
    assert said and said[1].startswith(f"Parted: “{last.parsed['title']}” is a report of its own")
    assert below.index(f'Part it<span class="sr">: {first.parsed["title"]}') < said.start() and below.count("data-focus") == 1
    again = part(last)
    assert "message error" in again and "nothing to part" in again and again.count("data-focus") == 1
    above = part(first)
    assert "data-focus" in above and "No record of this import was joined" not in above
    assert not client.get(at(team, "duplicates"), headers={"HX-Request": "true"}).context["messages"]


def test_certain_joins_turn_by_page(team):
    from screening.references.queries import page_of_certain_joins

    run = twice(team)
    page = page_of_certain_joins(run, size=1)
    rest = page_of_certain_joins(run, after=page.after, size=1)
    assert page.rows[0].pk != rest.rows[0].pk and rest.after == "" and [one.record.import_run_id for one in rest.rows[0].others] != [run.pk]


def test_sources_side_by_side_count_no_report_twice(browse, team):
    run = twice(team)
    client = browse(team.observer)
    shared = client.get(at(team, "source-overlap")).context["shared"]
    assert (shared.records, shared.reports, shared.by_number) == (5, 3, (1, 2))
    by_name = {source.name: source for source in shared.sources}
    assert (by_name["MEDLINE"].reports, by_name["MEDLINE"].unique, by_name["MEDLINE"].shared) == (3, 1, 2)
    assert (by_name["=PsycINFO"].reports, by_name["=PsycINFO"].unique) == (2, 0)
    text = client.get(at(team, "source-overlap-csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["source"] for row in rows} == {"MEDLINE", "'=PsycINFO", "all sources, each report once"}
    assert rows[-1]["reports"] == "3" and {row["also in MEDLINE"] for row in rows if "Psyc" in row["source"]} == {"2"}
    actions.withdraw(by=team.coordinator, import_run=run, reason="Wrong.")
    assert client.get(at(team, "source-overlap")).context["shared"].by_number == (3,)


def test_every_number_of_sources_side_by_side_opens_its_list(browse, team):
    twice(team)
    import_file(team, add_source(team, "Scopus"), ris("Peer support in crisis", "Seen in Scopus alone"), name="s.ris")
    client = browse(team.observer)
    page = client.get(at(team, "source-overlap")).content.decode()
    listed = re.findall(rf'<a href="({re.escape(at(team, "reports"))}[^"]*)">(\d+)', page)
    assert len(listed) > 12
    for url, n in listed:
        assert client.get(html.unescape(url)).context["n"] == int(n), url


def test_the_overlap_of_three_sources_adds_up():
    sets = {frozenset("a"): 5, frozenset("ab"): 3, frozenset("abc"): 2, frozenset("c"): 1}
    shared = share(sets, {"a": 12, "b": 6, "c": 3}, [("a", "A", "a"), ("b", "B", "b"), ("c", "+C", "c")])
    assert shared.reports == sum(shared.by_number) == 11 and shared.by_number == (6, 3, 2)
    assert [source.with_each for source in shared.sources] == [(10, 5, 2), (5, 5, 2), (2, 2, 3)]
    assert all(source.reports == source.unique + source.shared for source in shared.sources)
    assert table(shared)[3][0] == "+C" and len({len(row) for row in table(shared)}) == 1


def test_a_correction_is_shown_kept_and_taken_back(browse, team, reports):
    report = reports[0]
    client = browse(team.coordinator)
    page = client.post(at(team, "correct", report.pk), {"field": "title", "value": "Peer support", "reason": "A slip."}, follow=True)
    assert page.context["report"].title == "Peer support" and "was corrected by" in page.content.decode()
    rebuild(team.project)
    report.refresh_from_db()
    assert report.title == "Peer support" and report.title_key == "peersupport" and first(report).parsed["title"] == TITLES[0]
    entries = contributions.history_of("report", team.observer, report)
    assert entries[-1].what == "Corrected title to: Peer support." and entries[-1].detail == "A slip."
    client.post(at(team, "undo-correction", report.pk, "title"))
    report.refresh_from_db()
    assert report.title == TITLES[0] and Correction.objects.count() == 2
    again = client.post(at(team, "undo-correction", report.pk, "title"), follow=True)
    assert "no correction of this field" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("year", "20x1", "four digits"),
        ("doi", "see the web", "begins with 10."),
        ("title", "  ", "needs a title"),
        ("flags", "retracted", "not a field"),
        ("journal", "x" * 2000, "too long"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words(browse, team, reports, field, value, says):
    sent = {"field": field, "value": value, "reason": "Seen on <paper>."}
    page = browse(team.coordinator).post(at(team, "correct", reports[0].pk), sent, follow=True)
    assert says in page.content.decode() and not Correction.objects.exists()
    if field in CORRECTABLE:
        form = re.search(r'<details class="fix" open>.*?</details>', page.content.decode(), re.DOTALL)
        assert page.status_code == 422 and form and page.content.decode().count(" data-focus") == 1
        # What was typed stands in the form again, beside why it was not kept.
        assert all(words in form[0] for words in (f'value="{field}"', value, "Seen on &lt;paper&gt;.", says, "data-focus"))
        assert '<details class="folds" id="correct" open>' in page.content.decode()


def test_a_correction_needs_a_reason_and_a_coordinator(browse, team, reports):
    sent = {"field": "journal", "value": "Peers", "reason": " "}
    assert "Say why" in browse(team.coordinator).post(at(team, "correct", reports[0].pk), sent, follow=True).content.decode()
    assert browse(team.ana).post(at(team, "correct", reports[0].pk), {**sent, "reason": "x"}).status_code == 403
    judge(team, "same", *reports[:2])
    gone = browse(team.coordinator).post(at(team, "correct", reports[1].pk), {**sent, "reason": "x"}, follow=True)
    assert gone.status_code == 200 and "was joined to another one" in gone.content.decode()


def test_a_correction_follows_its_record_when_reports_are_joined_and_parted(team, reports):
    one, other = reports[:2]
    actions.correct(by=team.coordinator, report=other, field="journal", value="Peers", reason="Missing.")
    act = judge(team, "same", one, other).act
    one.refresh_from_db()
    assert one.journal == "Peers"
    actions.take_back(by=team.coordinator, act=act, undo=uuid4())
    one.refresh_from_db(), other.refresh_from_db()
    assert (one.journal, other.journal) == ("", "Peers")


def test_the_page_says_which_record_each_value_is_from(browse, team):
    twice(team)
    report = Report.objects.get(title="Peer support in wards")
    page = browse(team.observer).get(at(team, "report", report.pk))
    title = next(line for line in page.context["lines"] if line.name == "title")
    assert [said.shown for said in title.said] == [True, False] and "Found by MEDLINE and =PsycINFO." in page.content.decode()


def test_a_retracted_report_says_so(browse, team):
    import_titles(team, "RETRACTED: Peer support in wards")
    report = Report.objects.get()
    assert report.flags == ["retracted"]
    page = browse(team.observer).get(at(team, "report", report.pk)).content.decode()
    assert "flag" in page and "> Retracted</span>" in page
    desk = browse(team.ana).get(reverse("decisions:desk", args=[team.project.slug])).content.decode()
    assert "<b>Retracted</b>" in desk


def test_words_are_compared_without_case_accents_or_punctuation():
    (left, right) = marked(["Évaluation of PEER support.", "Evaluation of peer-support in wards"])
    assert [part.text for part in left if part.differs] == ["PEER support."]
    assert [part.text for part in right if part.differs] == ["peer-support in wards"]
    assert "".join(part.text for part in left) == "Évaluation of PEER support."
    rows = {row.name: row for row in compare([{"title": "A", "year": 2020}, {"title": "A.", "year": 2021}])}
    assert rows["title"].same and not rows["year"].same and "doi" not in rows


def test_a_very_long_abstract_is_compared_within_bounds():
    long = "peer support works " * 50_000
    row = next(row for row in compare([{"abstract": long}, {"abstract": long + "not"}]) if row.name == "abstract")
    assert row.cut and sum(len(part.text) for part in row.cells[0]) <= 12_000
    late = [{"abstract": "peer " * 1_500 + end} for end in ("groups", "wards")]
    assert [[part.text for part in cell if part.differs] for cell in compare(late)[0].cells] == [["groups"], ["wards"]]


def test_of_a_long_abstract_the_differences_come_first_and_the_whole_is_folded(browse, team, reports):
    told = [f"Sentence {n} tells of peers in wards and what became of them." for n in range(90)]
    other = [*told[:7], "Here it speaks of crisis teams.", *told[8:]]
    Report.objects.filter(pk=reports[0].pk).update(abstract=" ".join(told))
    Report.objects.filter(pk=reports[2].pk).update(abstract=" ".join(other))
    propose(reports[0], reports[2])
    page = browse(team.coordinator).get(at(team, "duplicates"))
    row = next(row for row in page.context["question"].rows if row.name == "abstract")
    for (whole, gist), text in zip(row.folded, (told, other), strict=True):
        assert "".join(part.text for part in whole) == " ".join(text)
        assert [part.text for part in gist if part.differs] == [part.text for part in whole if part.differs]
        assert sum(len(part.text) for part in gist) < 500
    assert page.content.decode().count('<details class="whole">') == 2
    (short, none), (_, begins) = compare([{"abstract": "Short."}, {"abstract": "peer " * 2_000}])[0].folded
    assert (none, short[0].text) == ((), "Short.") and len(begins[0].text) < 450
    (alike,) = {gist for _, gist in compare([{"abstract": "peer " * 2_000}] * 2)[0].folded}
    assert not alike[0].differs and alike[0].text.endswith(" … ")


def test_everything_is_there_for_programs(browse, team, reports):
    (pair,) = propose(*reports[:2])
    client = browse(team.coordinator)
    listed = client.get(at(team, "duplicates", api=True)).json()
    assert listed["count"] == 1 and listed["results"][0]["id"] == str(pair.pk) and "seq" not in str(listed)
    act = str(uuid4())
    sent = {"id": act, "verdict": "same", "records": listed["results"][0]["records"]}
    for _ in range(2):
        made = client.post(at(team, "verdicts", api=True), sent, content_type="application/json")
        assert made.status_code == 200 and made.json() == {"id": act, "report": str(reports[0].pk)}
    late = client.post(at(team, "verdicts", api=True), {**sent, "id": str(uuid4())}, content_type="application/json")
    assert late.status_code == 409 and "in the meantime" in late.json()["detail"]
    assert client.get(at(team, "verdicts", api=True)).json()["results"][0]["words"] == "One report"
    undone = client.post(at(team, "undo-act", act, api=True), {"id": str(uuid4())}, content_type="application/json")
    assert undone.status_code == 204 and ProposedPair.objects.get().waits
    corrections = at(team, "corrections", reports[0].pk, api=True)
    fixed = client.post(corrections, {"field": "authors", "value": ["Alder, J."], "reason": "x"}, content_type="application/json")
    assert fixed.status_code == 200 and fixed.json()["authors"] == ["Alder, J."]
    assert set(CORRECTABLE) < fixed.json().keys() and fixed.json()["flags"] == []
    assert client.delete(at(team, "correction", reports[0].pk, "authors", api=True)).status_code == 204
    assert [one["value"] for one in client.get(corrections).json()["results"]] == [["Alder, J."], None]
    assert client.get(at(team, "source-overlap", api=True)).json()["reports"] == 4
    run = Record.objects.first().import_run_id
    assert client.get(at(team, "joins", run, api=True)).json() == {"results": [], "next": None}

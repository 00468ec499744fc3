"""The desk as somebody set it: order and filters, words that are marked, what is hidden, content notes, keys."""

import json
import re
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.decisions.content_notes.actions import put_note, take_note_away
from screening.decisions.content_notes.queries import notes_before, notes_in_force
from screening.decisions.desk.actions import like, set_rule
from screening.decisions.desk.models import ContentNote, DeskRule, DeskView, TermList
from screening.decisions.desk.queries import asked_in, narrowings, view_of
from screening.decisions.highlights.actions import set_terms
from screening.decisions.highlights.rules import Term
from screening.decisions.models import Seat
from screening.decisions.queries import next_for
from screening.projects import actions as projects
from screening.projects.actions import Refused
from screening.projects.models import Role
from screening.references.actions.index import bring_up
from screening.references.actions.labels import make_label, put
from screening.references.models import Report
from tests.cast import add_source, decide, import_file, import_titles, ris
from tests.walk import same_for_all

STAGE = "title_abstract"


def url(team, name, *args):
    return reverse(f"decisions-api:{name}", args=[team.project.slug, *args])


def page(team, name, *args):
    return reverse(f"decisions:{name}", args=[team.project.slug, *args])


@pytest.fixture
def as_ana(client, team):
    client.force_login(team.ana.user)
    return client


def queue(client, team, **asked):
    return client.get(url(team, "queue", STAGE), asked).json()


def titles(answer):
    return {one["title"] for one in answer["results"]}


def test_words_are_marked_in_what_the_desk_is_given(as_ana, team, reports):
    set_terms(by=team.coordinator, terms=[Term("include", "peer"), Term("exclude", "bot")])
    found = {one["title"]: one["marks"] for one in queue(as_ana, team)["results"]}
    assert found["Bots as listeners"]["title"] == [[0, 4, "exclude"]]
    assert found["Peer support in crisis teams"] == {"title": [[0, 4, "include"]], "abstract": [[[12, 16, "include"]]]}
    html = as_ana.get(page(team, "desk")).content.decode()
    assert '<mark class="hi-' in html or "Recovery colleges" in html


def test_the_words_hold_from_the_next_title_on_and_each_list_stays_on_record(as_ana, team, reports):
    set_terms(by=team.coordinator, terms=[Term("include", "peer")])
    set_terms(by=team.coordinator, terms=[Term("include", "peer")])
    set_terms(by=team.coordinator, terms=[])
    assert [one.n for one in TermList.objects.order_by("n")] == [1, 2]
    assert all(not one["marks"]["title"] for one in queue(as_ana, team)["results"])


def test_only_a_coordinator_sets_words_and_a_word_is_in_one_list(client, team):
    with pytest.raises(PermissionDenied):
        set_terms(by=team.ana, terms=[Term("include", "peer")])
    client.force_login(team.coordinator.user)
    answer = client.post(page(team, "for-everybody"), {"change": "terms", "include": "peer worker\n\n", "exclude": "Peer workers"})
    assert answer.status_code == 422 and "both lists" in answer.content.decode()
    assert not TermList.objects.exists()
    client.post(page(team, "for-everybody"), {"change": "terms", "include": 'peer worker\n"paid"\n', "exclude": "child*"})
    assert [(term["kind"], term["text"], term["exact"]) for term in TermList.objects.get().terms] == [
        ("include", "peer worker", False),
        ("include", "paid", True),
        ("exclude", "child*", False),
    ]
    client.force_login(team.ana.user)
    html = client.get(page(team, "for-everybody")).content.decode()
    assert "peer worker" in html and "Only a coordinator can change what the desk marks and hides" in html


def test_where_the_project_hides_authors_the_api_does_not_send_them(as_ana, team, reports):
    Report.objects.update(journal="Journal of Peers", volume="4", doi="10.1234/peers", pmid="123", url="https://peers.example")
    shown = queue(as_ana, team)["results"][0]
    assert "Journal of Peers" in shown["byline"] and shown["authors"] and shown["doi"]
    set_rule(by=team.coordinator, hide_authors=True, why="To judge the study alone.")
    answer = as_ana.get(url(team, "queue", STAGE)).content.decode() + as_ana.get(page(team, "desk")).content.decode()
    for name in ("Journal of Peers", "Author1", "10.1234/peers", "peers.example"):
        assert name not in answer
    assert json.loads(as_ana.get(url(team, "queue", STAGE)).content)["results"][0]["byline"] == "2020."
    posted = as_ana.post(
        url(team, "decisions"),
        {"id": str(uuid4()), "report": str(reports[0].pk), "stage": STAGE, "answer": "include", "next": 3},
        content_type="application/json",
    )
    assert posted.json()["next"] and "Journal of Peers" not in posted.content.decode()
    set_rule(by=team.coordinator, hide_authors=False)
    assert "Journal of Peers" in as_ana.get(url(team, "queue", STAGE)).content.decode()
    assert [rule.hide_authors for rule in DeskRule.objects.order_by("n")] == [True, False]


def test_the_page_of_a_report_keeps_them_folded_until_its_title_is_settled(client, team, reports):
    Report.objects.update(journal="Journal of Peers", doi="10.1234/peers", doi_key="10.1234/peers")
    address = reverse("references:report", args=[team.project.slug, reports[0].pk])
    said = "kept from the desk until this title is settled"

    def above_the_folds(member):
        client.force_login(member.user)
        html = client.get(address).content.decode()
        return re.sub(r"<details.*?</details>", "", html.partition("<h1>")[2].partition('id="voices"')[0], flags=re.DOTALL)

    assert "Journal of Peers" in above_the_folds(team.ana) and "10.1234/peers" in above_the_folds(team.ana)
    set_rule(by=team.coordinator, hide_authors=True)
    for screens in (team.ana, team.ben):
        seen = above_the_folds(screens)
        assert said in seen and not any(name in seen for name in ("Journal of Peers", "10.1234/peers", "Author1"))
        assert "Show authors, journal and numbers" in client.get(address).content.decode()
    assert "Journal of Peers" in above_the_folds(team.working_group)
    decide(team.ana, reports[0], "exclude")
    assert said in above_the_folds(team.ana) and said in above_the_folds(team.ben)
    decide(team.ben, reports[0], "exclude")
    assert said not in above_the_folds(team.ana) and "Journal of Peers" in above_the_folds(team.ana)


def test_words_rules_and_likings_cost_a_decision_no_query(as_ana, team):
    import_titles(team, *(f"Peer support, part {n}" for n in range(8)))
    in_turn = iter(next_for(team.ana, STAGE))

    def queries_of_a_decision():
        body = {"id": str(uuid4()), "report": str(next(in_turn)), "stage": STAGE, "answer": "include", "next": 1}
        with CaptureQueriesContext(connection) as asked:
            assert as_ana.post(url(team, "decisions"), body, content_type="application/json").status_code == 201
        return len(asked)

    # What a version says is read once and then remembered.
    plain = min(queries_of_a_decision() for _ in range(3))
    set_terms(by=team.coordinator, terms=[Term("include", "peer")])
    set_rule(by=team.coordinator, hide_authors=True)
    like(by=team.ana, view="list", keys_off=["undo"])
    queries_of_a_decision()
    # The one decision at which a walk in random order comes round to its beginning asks for the next report twice.
    assert min(queries_of_a_decision() for _ in range(3)) <= plain


def test_a_content_note_follows_its_report_or_its_source_and_can_be_taken_away(as_ana, team, reports):
    other = add_source(team, "Embase")
    import_file(team, other, ris("A title of Embase", start=900), name="embase.ris")
    first = put_note(by=team.working_group, words="  Speaks of\nself-harm. ", report_id=reports[0].pk)
    put_note(by=team.coordinator, words="Told by families.", source=other)
    care = {one["title"]: one["care"] for one in queue(as_ana, team)["results"]}
    assert care["Peer support in crisis teams"] == ["Speaks of self-harm."]
    assert care["A title of Embase"] == ["Told by families."]
    assert care["Bots as listeners"] == []
    assert notes_before(team.project, [report.pk for report in reports]) == {reports[0].pk: ["Speaks of self-harm."]}
    take_note_away(by=team.coordinator, note=first)
    take_note_away(by=team.coordinator, note=first)
    assert ContentNote.objects.count() == 3
    assert {note.words for note in notes_in_force(team.project)} == {"Told by families."}
    history = as_ana.get(reverse("references:report", args=[team.project.slug, reports[0].pk])).content.decode()
    assert "put a content note before it" in history and "took a content note away" in history


def test_whoever_may_screen_a_report_says_nothing_of_it_while_it_is_open(team, reports):
    """Words of a possible screener wait until the report is settled, and a content note is words."""
    projects.set_roles(by=team.coordinator, member=team.working_group, roles={Role.WORKING_GROUP, Role.REVIEWER})
    team.working_group.refresh_from_db()
    with pytest.raises(Refused, match="wait until it is settled"):
        put_note(by=team.working_group, words="Hard to read.", report_id=reports[0].pk)
    with pytest.raises(PermissionDenied):
        put_note(by=team.ana, words="Hard to read.", report_id=reports[0].pk)
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    put_note(by=team.working_group, words="Hard to read.", report_id=reports[0].pk)
    assert notes_before(team.project, [reports[0].pk])


def test_a_note_needs_words_and_one_place(team, reports):
    with pytest.raises(Refused, match="Write what"):
        put_note(by=team.coordinator, words=" ", report_id=reports[0].pk)
    with pytest.raises(Refused, match="at most 300"):
        put_note(by=team.coordinator, words="x" * 301, report_id=reports[0].pk)
    with pytest.raises(Refused, match="report or a source"):
        put_note(by=team.coordinator, words="Hard.")
    with pytest.raises(Refused, match="not here any more"):
        put_note(by=team.coordinator, words="Hard.", report_id=uuid4())


def test_a_title_behind_a_note_is_not_on_the_page_until_it_is_asked_for(as_ana, team, reports):
    put_note(by=team.working_group, words="Speaks of self-harm.", report_id=reports[0].pk)
    body = as_ana.get(page(team, "desk"), {"report": str(reports[0].pk)}).content.decode()
    assert "Speaks of self-harm." in body
    assert f"data-title>{reports[0].title}" not in body
    assert f"data-title>{reports[0].title}" in as_ana.get(page(team, "desk"), {"report": str(reports[0].pk), "shown": "1"}).content.decode()


def test_the_page_of_a_report_says_its_note_before_the_abstract_and_shows_that_when_asked(as_ana, team, reports):
    Report.objects.filter(pk=reports[0].pk).update(abstract="What happened on the ward that night.")
    address = reverse("references:report", args=[team.project.slug, reports[0].pk])
    assert "after-care" not in as_ana.get(address).content.decode()
    put_note(by=team.working_group, words="Speaks of restraint.", report_id=reports[0].pk)
    body = as_ana.get(address).content.decode()
    shut = body.index('<details class="after-care">')
    assert body.index("Speaks of restraint.") < shut < body.index("What happened on the ward")


def test_notes_are_put_and_taken_away_on_their_page_and_through_the_api(client, team, reports):
    client.force_login(team.working_group.user)
    client.post(page(team, "content-notes"), {"report": str(reports[1].pk), "words": "Told by families."})
    note = ContentNote.objects.get()
    assert note.report_id == reports[1].pk
    assert "Told by families." in client.get(page(team, "content-notes")).content.decode()
    assert client.post(page(team, "content-notes"), {"words": "No place."}).status_code == 422
    assert client.get(page(team, "content-notes"), {"report": str(uuid4())}).status_code == 404
    client.post(page(team, "take-note-away", note.pk))
    assert not notes_in_force(team.project).exists()
    made = client.post(url(team, "content-notes"), {"words": "Hard.", "source": "medline"}, content_type="application/json")
    assert made.status_code == 201 and made.json()["source"] == "medline"
    assert len(client.get(url(team, "content-notes")).json()["results"]) == 1
    assert client.delete(url(team, "content-note", made.json()["id"])).status_code == 204
    assert client.get(url(team, "content-notes")).json()["results"] == []


def test_the_desk_is_narrowed_by_what_a_report_is(as_ana, team, reports):
    import_titles(team, "Peer groups of old", source=add_source(team, "Embase"))
    Report.objects.filter(title="Peer groups of old").update(year=1999, abstract="")
    bring_up(team.project)
    assert titles(queue(as_ana, team, filters="source=embase")) == {"Peer groups of old"}
    assert titles(queue(as_ana, team, filters="year=-2000")) == {"Peer groups of old"}
    assert titles(queue(as_ana, team, filters="abstract=no")) == {"Peer groups of old"}
    peer = queue(as_ana, team, filters="q=peer&source=medline")
    assert titles(peer) == {"Peer support in crisis teams", "Family peer work in wards"} and peer["left"] == 2
    assert queue(as_ana, team, filters="year=1901")["results"] == []
    assert queue(as_ana, team, filters="year=1901")["left"] == 0


def test_filters_hold_in_every_order_and_with_a_decision(as_ana, team, reports):
    bring_up(team.project)
    wanted = {"Peer support in crisis teams", "Family peer work in wards"}
    for order in ("", "random", "newest", "title", "ranked"):
        assert titles(queue(as_ana, team, filters="q=peer", **({"order": order} if order else {}))) == wanted
    body = {"id": str(uuid4()), "report": str(reports[0].pk), "stage": STAGE, "answer": "include", "next": 5, "filters": "q=peer"}
    answer = as_ana.post(url(team, "decisions"), body, content_type="application/json").json()
    assert [one["title"] for one in answer["next"]] == ["Family peer work in wards"] and answer["left"] == 1


@pytest.mark.parametrize("filters", ["stands=open", "stands=included", "text=retrieved", "removed=yes", "stands=title_conflict"])
def test_what_tells_of_decisions_narrows_nothing(as_ana, team, reports, filters):
    decide(team.ben, reports[0], "include")
    bring_up(team.project)
    assert not asked_in(filters).narrows
    assert queue(as_ana, team, filters=filters)["left"] == 4


@pytest.mark.parametrize("answer", ["include", "exclude"])
def test_a_narrowed_desk_looks_the_same_before_and_after_a_colleague_decides(client, team, reports, answer):
    make_label(by=team.ana, name="Ask")
    bring_up(team.project)
    client.force_login(team.ben.user)

    def looks():
        asked = [
            {"filters": filters, "order": order} for filters in ("q=peer", "year=2020", "stands=open") for order in ("title", "newest")
        ]
        seen = [client.get(url(team, "queue", STAGE), one).content for one in asked]
        seen += [same_for_all(client.get(page(team, name)).content) for name in ("desk", "narrow", "for-everybody", "content-notes")]
        like(by=team.ben, view="list", filters="q=peer")
        seen.append(same_for_all(client.get(page(team, "desk")).content))
        like(by=team.ben, view="focus", filters="")
        return seen

    before = looks()
    decide(team.ana, reports[0], answer, note="A note of mine.")
    put(by=team.ana, label=make_label(by=team.ana, name="Ask"), report_ids=[reports[0].pk], on=True)
    bring_up(team.project)
    assert looks() == before


def test_of_labels_on_an_open_report_only_ones_own_narrow_and_show(as_ana, team, reports):
    label = make_label(by=team.ana, name="Ask")
    put(by=team.ben, label=label, report_ids=[reports[0].pk], on=True)
    bring_up(team.project)
    assert queue(as_ana, team, filters=f"label={label.pk}")["left"] == 0
    assert all(one["labels"] == [] for one in queue(as_ana, team)["results"])
    put(by=team.ana, label=label, report_ids=[reports[1].pk], on=True)
    assert titles(queue(as_ana, team, filters=f"label={label.pk}")) == {reports[1].title}
    assert {one["title"]: one["labels"] for one in queue(as_ana, team)["results"]}[reports[1].title] == [str(label.pk)]
    put(by=team.ana, label=label, report_ids=[reports[1].pk], on=False)
    assert all(one["labels"] == [] for one in queue(as_ana, team)["results"])


def test_a_filter_that_names_what_is_gone_says_so(team):
    assert [one.words for one in narrowings(team.project, f"source=gone&label={uuid4()}")] == [
        "a source that is gone",
        "a label that is gone",
    ]


def test_a_desk_is_remembered_for_one_person(client, team, reports):
    client.force_login(team.ana.user)
    client.post(page(team, "liked"), {"view": "list"})
    client.post(page(team, "liked"), {"size": "50"})
    client.post(page(team, "liked"), {"narrow": "these", "order": "title", "q": "peer", "from": "2010", "to": "", "stands": "included"})
    view = view_of(team.ana)
    assert (view.view, view.size, view.order) == ("list", 50, "title")
    assert asked_in(view.filters).chosen == {"year": ("2010-",)} and asked_in(view.filters).q == "peer"
    html = client.get(page(team, "desk")).content.decode()
    assert "data-desk-list" in html and "By title" in html and "Show all" in html
    assert [(one.facet, one.words) for one in narrowings(team.project, view.filters)] == [("Words", "peer"), ("Year", "2010 and later")]
    client.post(page(team, "liked"), {"narrow": "to", "filters": ""})
    assert view_of(team.ana).filters == "" and view_of(team.ana).order == "title"
    assert not DeskView.objects.filter(member=team.ben).exists()
    client.force_login(team.ben.user)
    assert "data-desk-list" not in client.get(page(team, "desk")).content.decode()


def test_the_list_gives_as_many_cards_as_asked_for_and_decides_without_scripts(client, team):
    reports = import_titles(team, *(f"Title {n:02}" for n in range(30)))
    client.force_login(team.ana.user)
    like(by=team.ana, view="list")
    html = client.get(page(team, "desk")).content.decode()
    assert html.count("data-card ") == 25
    assert Seat.objects.filter(member=team.ana).count() == 25
    like(by=team.ana, size=50)
    assert client.get(page(team, "desk")).content.decode().count("data-card ") == 30
    client.post(page(team, "decide"), {"id": str(uuid4()), "report": str(reports[0].pk), "answer": "exclude"})
    assert reports[0].pk not in next_for(team.ana, STAGE, limit=50)


def test_the_desk_is_set_through_the_api_and_nonsense_is_refused(as_ana, team):
    def patch(**body):
        return as_ana.patch(url(team, "desk-view"), body, content_type="application/json")

    assert patch(keys_off=["undo", "arrows"], show_authors=False).status_code == 200
    told = as_ana.get(url(team, "desk-view")).json()
    assert told["keys_off"] == ["arrows", "undo"] and told["show_authors"] is False and told["view"] == "focus"
    for wrong in ({"keys_off": ["everything"]}, {"size": 26}, {"view": "grid"}, {"order": "best"}):
        assert patch(**wrong).status_code == 400
    as_ana.post(page(team, "liked"), {"size": "7"})
    assert view_of(team.ana).size == 25


def test_what_is_for_everybody_is_set_through_the_api(client, team):
    client.force_login(team.coordinator.user)
    address = url(team, "for-everybody")
    body = {"terms": [{"kind": "include", "text": "peer"}, {"kind": "exclude", "text": "child", "exact": True}], "hide_authors": True}
    told = client.patch(address, body, content_type="application/json").json()
    assert told["terms"][1] == body["terms"][1]
    nothing = {"terms": [{"kind": "include", "text": "…"}]}
    assert client.patch(address, nothing, content_type="application/json").status_code == 400
    assert client.get(address).json() == told
    client.force_login(team.ana.user)
    assert client.get(address).json()["hide_authors"] is True
    assert client.patch(address, body, content_type="application/json").status_code == 403


def test_progress_and_the_end_say_what_i_did_and_nothing_of_anybody_else(as_ana, team):
    reports = import_titles(team, *(f"Title {n:02}" for n in range(6)))
    for report in reports[:5]:
        decide(team.ana, report, "exclude")
    html = as_ana.get(page(team, "desk")).content.decode()
    assert "Your last sitting: 5 titles" in html and "0 of 6" in html
    decide(team.ana, reports[5], "include")
    before = as_ana.get(page(team, "desk")).content.decode()
    assert "You have decided on 6 titles: 1 include, 0 maybe, 5 exclude" in before
    decide(team.ben, reports[5], "exclude")
    assert "The team has settled 0 of 6" in as_ana.get(page(team, "desk")).content.decode()

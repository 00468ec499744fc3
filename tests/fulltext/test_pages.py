"""Full texts: obtained, assessed blinded by two, included with everybody, told to nobody before."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.decisions.models import Decision, ReportStage
from screening.fulltext.actions import record_retrieval
from screening.fulltext.models import Retrieval
from screening.projects import contributions
from screening.protocol import actions as protocol
from screening.protocol.queries import criteria_of
from screening.references.actions.labels import make_label, put
from screening.references.api import ReportPageSerializer
from tests.cast import add_source, decide, import_titles


def at(team, name="list", **kwargs):
    return reverse(f"fulltext:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


@pytest.fixture
def criteria(team):
    made = [
        protocol.save_criterion(by=team.coordinator, values={"label": label, "text": f"{label}.", "kind": kind})
        for label, kind in (("A review", "judged"), ("Quantitative", "descriptor"), ("Paid peers", "judged"))
    ]
    protocol.record_version(by=team.coordinator)
    return made


@pytest.fixture
def texts(team, criteria, reports):
    """Four reports on to full text, still to be obtained."""
    for report in reports:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
    return reports


def obtain(team, *found):
    for report in found:
        record_retrieval(by=team.coordinator, report_id=report.pk, status="retrieved")


def answer(client, team, report, *, failed=(), **values):
    """What the form sends: every criterion is answered yes, save those that failed."""
    said = {f"answer-{c.pk.hex}": "no" if c in failed else "yes" for c in criteria_of(team.project)}
    return client.post(at(team, "decide", pk=report.pk), {"decision_id": str(uuid4()), **said, **values})


def row(report):
    return ReportStage.objects.get(report=report, stage="full_text")


def titles(response):
    return {line["report"].title for line in response.context["rows"]}


def test_full_texts_are_obtained_several_at_once(browse, team, texts):
    client = browse(team.coordinator)
    assert titles(client.get(at(team), {"list": "obtain"})) == {report.title for report in texts}
    sent = {"list": "obtain", "status": "retrieved", "detail": "In the shared folder", "report": [str(texts[0].pk), str(texts[1].pk)]}
    page = client.post(at(team, "retrievals"), sent, follow=True)
    assert "Recorded for 2 full texts." in page.content.decode()
    assert [row(report).retrieval for report in texts] == ["retrieved", "retrieved", "sought", "sought"]
    assert Retrieval.objects.filter(detail="In the shared folder").count() == 2


def test_not_retrieved_needs_what_was_tried_and_keeps_the_choice(browse, team, texts):
    client = browse(team.ana)
    sent = {"list": "obtain", "status": "not_retrieved", "detail": " ", "report": [str(texts[0].pk)]}
    refused = client.post(at(team, "retrievals"), sent)
    page = refused.content.decode()
    assert refused.status_code == 422 and "Say what was tried" in page and f'value="{texts[0].pk}" checked' in page
    none = client.post(at(team, "retrievals"), {"list": "obtain", "status": "retrieved"})
    assert none.status_code == 422 and "Choose at least one report" in none.content.decode()
    client.post(at(team, "retrieval", pk=texts[0].pk), {"status": "not_retrieved", "detail": "Wrote to the authors twice."})
    assert row(texts[0]).retrieval == "not_retrieved"
    assert "Wrote to the authors twice." in client.get(at(team), {"list": "unobtained"}).content.decode()
    client.post(at(team, "retrieval", pk=texts[0].pk), {"status": "sought", "detail": ""})
    assert row(texts[0]).retrieval == "sought"


def test_one_refused_retrieval_does_not_stop_the_others(browse, team, texts):
    obtain(team, texts[0])
    for member in (team.ana, team.ben):
        decide(member, texts[0], "include", "full_text")
    chosen = [str(texts[0].pk), str(texts[1].pk), "nonsense"]
    sent = {"list": "obtain", "status": "not_retrieved", "detail": "Gone", "report": chosen}
    page = browse(team.coordinator).post(at(team, "retrievals"), sent, follow=True).content.decode()
    assert "Recorded for 1 full text." in page and "has been assessed, so it was obtained" in page
    assert row(texts[1]).retrieval == "not_retrieved" and row(texts[0]).retrieval == "retrieved"


def test_an_answer_leads_on_to_the_next_and_then_to_the_end(browse, team, texts):
    obtain(team, *texts[:2])
    client = browse(team.ana)
    first = answer(client, team, texts[0], answer="include")
    assert first["Location"] == at(team, "assess", pk=texts[1].pk)
    last = client.get(answer(client, team, texts[1], answer="include")["Location"])
    assert "That was the last one. Thank you." in last.content.decode()
    assert last.context["here"] == "assess" and titles(last) == set()
    assert titles(client.get(at(team), {"list": "mine"})) == {texts[0].title, texts[1].title}


def test_the_first_failed_criterion_in_protocol_order_is_the_reason(browse, team, texts, criteria):
    obtain(team, texts[0])
    review, _descriptor, paid = criteria
    for member in (team.ana, team.ben):
        answer(browse(member), team, texts[0], answer="exclude", failed=[paid, review], note="Volunteers.")
    assert row(texts[0]).primary_reason == review.pk
    page = browse(team.working_group).get(at(team, "assess", pk=texts[0].pk)).content.decode()
    assert "Excluded at full text" in page and "A review" in page and "Volunteers." not in page and "Ana" not in page
    seen = browse(team.coordinator).get(at(team, "assess", pk=texts[0].pk)).content.decode()
    assert "Volunteers." in seen and "Not met: A review; Paid peers" in seen.replace("Paid peers; A review", "A review; Paid peers")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose include or exclude."),
        ({"answer": "exclude"}, "None of your answers excludes it"),
        ({"answer": "maybe"}, "Select a valid choice"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_beside_its_field(browse, team, texts, sent, sentence):
    obtain(team, texts[0])
    response = answer(browse(team.ana), team, texts[0], note="My long note", **sent)
    assert response.status_code == 422 and sentence in response.content.decode() and "My long note" in response.content.decode()
    assert not Decision.objects.filter(stage="full_text").exists()


def test_an_include_with_a_failed_criterion_is_refused(browse, team, texts, criteria):
    obtain(team, texts[0])
    response = answer(browse(team.ana), team, texts[0], answer="include", failed=[criteria[0]])
    assert response.status_code == 422 and "Your answers exclude this full text (A review)" in response.content.decode()


def test_a_descriptor_is_never_offered_as_a_reason(browse, team, texts, criteria):
    obtain(team, texts[0])
    form = browse(team.ana).get(at(team, "assess", pk=texts[0].pk)).context["form"]
    assert [label for _, label in form.fields["other_reason"].choices][1:] == ["A review", "Paid peers"]


def test_the_same_form_sent_twice_is_one_decision(browse, team, texts):
    obtain(team, texts[0])
    client = browse(team.ana)
    page = client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
    sent = {"decision_id": re.search(r'name="decision_id" value="([^"]+)"', page).group(1), "answer": "include"}
    for _ in range(2):
        assert answer(client, team, texts[0], **sent).status_code == 302
    assert Decision.objects.filter(stage="full_text").count() == 1


def test_an_answer_is_taken_back_and_given_anew(browse, team, texts, criteria):
    obtain(team, texts[0])
    client = browse(team.ana)
    answer(client, team, texts[0], answer="include")
    page = client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
    assert "Take it back" in page and "Answer differently" in page
    client.post(at(team, "undo", pk=texts[0].pk), {"decision_id": str(uuid4())})
    assert titles(client.get(at(team), {"list": "assess"})) == {texts[0].title}
    answer(client, team, texts[0], answer="exclude", failed=[criteria[2]])
    assert "Reason counted: Paid peers" in client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
    again = client.post(at(team, "undo", pk=texts[0].pk), {"decision_id": "nonsense"})
    assert again.status_code == 404


def test_nothing_is_assessed_before_it_is_obtained(browse, team, texts):
    client = browse(team.ana)
    assert "once the full text is marked as obtained" in client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
    refused = answer(client, team, texts[0], answer="include")
    assert refused.status_code == 422
    assert not Decision.objects.filter(stage="full_text").exists()


def mask(page):
    """A page without what differs at every opening: the tokens against forgery, and the ids made for forms."""
    return re.sub(rb'(name="decision_id" value=")[^"]+', rb"\1", re.sub(rb'"[A-Za-z0-9]{64}"', b'""', page))


@pytest.mark.parametrize("said", [{"answer": "include"}, {"answer": "exclude", "note": "secret"}])
@pytest.mark.parametrize("viewer", ["ben", "coordinator", "adjudicator", "working_group", "observer"])
def test_no_page_moves_with_anothers_answer_before_it_is_settled(browse, team, texts, criteria, said, viewer):
    obtain(team, texts[0], texts[1])
    addresses = [
        at(team),
        at(team) + "?list=settled",
        at(team) + "?list=obtain",
        at(team, "assess", pk=texts[0].pk),
        at(team, "included"),
        reverse("references:report", args=[team.project.slug, texts[0].pk]),
        reverse("references:reports", args=[team.project.slug]),
    ]
    client = browse(getattr(team, viewer))
    before = [mask(client.get(address).content) for address in addresses]
    failed = [criteria[0].pk] if said["answer"] == "exclude" else []
    decide(team.ana, texts[0], stage="full_text", failed=failed, **said)
    client = browse(getattr(team, viewer))
    assert [mask(client.get(address).content) for address in addresses] == before


def test_a_conflict_looks_open_to_everybody(browse, team, texts, criteria):
    obtain(team, texts[0])
    decide(team.ana, texts[0], "include", "full_text")
    decide(team.ben, texts[0], "exclude", "full_text", failed=[criteria[0].pk], note="secret")
    for name, member in team.members.items():
        client = browse(member)
        page = client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
        assert "Open: full text to assess" in page and "onflict" not in page
        assert name == "ben" or "secret" not in page
        assert titles(client.get(at(team), {"list": "settled"})) == set()


def test_what_is_included_is_listed_for_everybody(browse, team, texts):
    obtain(team, texts[0])
    client = browse(team.observer)
    assert "No report has been included yet" in client.get(at(team, "included")).content.decode()
    for member in (team.ana, team.ben):
        decide(member, texts[0], "include", "full_text")
    page = client.get(at(team, "included")).content.decode()
    assert texts[0].title in page and "1 report included" in page


def test_what_waits_and_the_strip_say_the_same_as_the_lists(team, texts, rf):
    obtain(team, texts[0])
    waits = {item.url.rpartition("=")[2]: item.count for item in contributions.waiting_for(team.ana) if "full-texts" in item.url}
    assert waits == {"assess": 1, "obtain": 3}
    waits = {item.url.rpartition("=")[2]: item.count for item in contributions.waiting_for(team.coordinator) if "full-texts" in item.url}
    assert waits == {"obtain": 3}
    assert not [item for item in contributions.waiting_for(team.observer) if "full-texts" in item.url]
    figures = {figure.key: figure.figure for figure in contributions.strip_of(team.observer)}
    assert (figures["full-texts"], figures["included"], figures["identified"]) == (4, 0, 4)


def test_voices_of_reviewers_wait_while_they_may_still_screen(team, texts):
    about = contributions.about_kind("report")
    report = texts[0]
    assert about.find(team.observer, str(report.pk)) == report and about.find(team.observer, "x") is None
    assert about.waits_for([report])[report.pk] == frozenset()
    obtain(team, report)
    assert about.waits_for([report])[report.pk] == {team.ana.pk, team.ben.pk}
    for member in (team.ana, team.ben):
        decide(member, report, "include", "full_text")
    assert about.waits_for([report])[report.pk] == frozenset()


def test_voices_wait_from_the_first_title_on(team, reports):
    about = contributions.about_kind("report")
    assert about.waits_for([reports[0]])[reports[0].pk] == {team.ana.pk, team.ben.pk}
    for member in (team.ana, team.ben):
        decide(member, reports[0], "exclude")
    assert about.waits_for([reports[0]])[reports[0].pk] == frozenset()


def test_retrievals_stand_in_the_history_of_a_report(team, texts):
    record_retrieval(by=team.ana, report_id=texts[0].pk, status="not_retrieved", detail="Wrote to the authors.")
    last = contributions.history_of("report", team.observer, texts[0])[-1]
    assert (last.who, last.what, last.detail) == ("Ana", "Full text: not retrieved.", "Wrote to the authors.")


@pytest.mark.parametrize("name", ["working_group", "observer", "adjudicator"])
def test_others_look_but_do_not_touch(browse, team, texts, name):
    obtain(team, texts[0])
    client = browse(getattr(team, name))
    page = client.get(at(team, "assess", pk=texts[0].pk)).content.decode()
    assert "Only a reviewer can assess full texts" in page and "can record whether a full text was obtained" in page
    assert answer(client, team, texts[0], answer="include").status_code == 403
    assert client.post(at(team, "retrieval", pk=texts[0].pk), {"status": "retrieved"}).status_code == 403
    assert client.post(at(team, "retrievals"), {"status": "retrieved", "report": [str(texts[0].pk)]}).status_code == 403
    assert client.post(at(team, "undo", pk=texts[0].pk), {"decision_id": str(uuid4())}).status_code == 403


def test_a_report_that_is_not_at_full_text_is_not_found_there(browse, team, reports):
    assert browse(team.ana).get(at(team, "assess", pk=reports[0].pk)).status_code == 404


def test_lists_ask_as_often_for_many_as_for_few(browse, team, texts):
    client = browse(team.ana)
    client.get(at(team), {"list": "obtain"})
    with CaptureQueriesContext(connection) as few:
        client.get(at(team), {"list": "obtain"})
    import_titles(team, *[f"Found by citation {n}" for n in range(20)], source=add_source(team, "Citations", "citation"))
    with CaptureQueriesContext(connection) as many:
        page = client.get(at(team), {"list": "obtain"})
    assert len(titles(page)) == 24 and len(many) == len(few)


def test_the_api_lists_and_records_what_was_obtained(client, team, texts):
    client.force_login(team.ana.user)
    lists = reverse("fulltext-api:list", args=[team.project.slug])
    label = make_label(by=team.ana, name="Look again")
    put(by=team.ana, label=label, report_ids=[texts[0].pk], on=True)
    listed = client.get(lists, {"list": "obtain"}).json()
    assert listed["count"] == 4 and listed.keys() == ReportPageSerializer().fields.keys()
    assert {row["id"]: row["labels"] for row in listed["results"]}[str(texts[0].pk)] == ["Look again"]
    assert client.get(lists, {"list": "open"}).status_code == 400
    send = reverse("fulltext-api:retrievals", args=[team.project.slug])
    chosen = [str(texts[0].pk), str(uuid4())]
    done = client.post(send, {"reports": chosen, "status": "retrieved"}, content_type="application/json").json()
    assert done["recorded"] == 1 and len(done["refusals"]) == 1
    refused = client.post(send, {"reports": [str(texts[1].pk)], "status": "not_retrieved"}, content_type="application/json")
    assert refused.status_code == 400 and "Say what was tried" in refused.json()["errors"][0]["remedy"]
    client.force_login(team.observer.user)
    assert client.post(send, {"reports": chosen, "status": "retrieved"}, content_type="application/json").status_code == 403

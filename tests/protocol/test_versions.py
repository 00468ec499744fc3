"""Amendments, two versions side by side, deviations, the protocol as a document, and amending while others screen."""

import io
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from docx import Document

from screening.decisions.models import Decision
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.projects.models import Notice
from screening.protocol import actions as protocol
from screening.protocol.models import Criterion, ProtocolVersion
from screening.protocol.versions import actions
from screening.protocol.versions.actions import Said
from screening.protocol.versions.models import Amendment
from screening.protocol.versions.queries import deviations_of
from tests.cast import decide, import_titles, make_team

WORDS = {"what": "The line fell to 40%.", "why": "Too few reviews.", "decided_by": "The team", "heard": "before", "heard_how": ""}


def said(**other):
    return Said(**{"made_on": timezone.localdate(), "stage": "titles", **WORDS, **other})


def at(team, name, **more):
    return reverse(f"protocol:{name}", kwargs={"slug": team.project.slug, **more})


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


@pytest.fixture
def line(team):
    values = {"label": "Paid", "text": "At least half paid.", "kind": "threshold", "threshold_percent": 50, "scope": "review"}
    made = protocol.save_criterion(by=team.coordinator, values=values)
    actions.record(by=team.coordinator, note="As registered.")
    return made


def lower(team, line, percent=40, text="At least 40% paid."):
    protocol.save_criterion(by=team.coordinator, values={"threshold_percent": percent, "text": text}, criterion=line)


@pytest.fixture
def amended(team, line):
    lower(team, line)
    return actions.record(by=team.coordinator, said=said())


def test_an_amendment_says_everything_and_everybody_is_told(team, amended):
    made = Amendment.objects.get(version=amended)
    assert (made.what, made.stage, made.heard, made.decided_by) == ("The line fell to 40%.", "titles", "before", "The team")
    assert amended.amendment == made.what
    told = Notice.objects.filter(membership__project=team.project)
    assert {notice.membership for notice in told} == {one for name, one in team.members.items() if name != "coordinator"}
    assert {notice.words for notice in told} == {"The protocol was amended: version 2."}


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"what": " "}, "Say what changed"),
        ({"why": ""}, "Say why"),
        ({"decided_by": ""}, "Say who decided"),
        ({"stage": "later"}, "at which stage"),
        ({"heard": ""}, "whether the working group was heard"),
        ({"made_on": timezone.localdate() + timedelta(days=2)}, "not come yet"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_recorded(team, line, other, sentence):
    lower(team, line)
    with pytest.raises(Refused, match=sentence):
        actions.record(by=team.coordinator, said=said(**other))
    assert ProtocolVersion.objects.count() == 1


def test_only_who_writes_the_protocol_may(team, line):
    lower(team, line)
    for write in (lambda: actions.record(by=team.ana, said=said()), lambda: actions.depart(by=team.working_group, said=said())):
        with pytest.raises(Denied):
            write()


def test_the_page_records_the_first_and_asks_everything_of_the_second(browse, team):
    made = protocol.save_criterion(by=team.coordinator, values={"label": "Review", "text": "A review."})
    client = browse(team.coordinator)
    assert client.post(at(team, "record-version"), {"version-amendment": ""}).status_code == 302
    protocol.save_criterion(by=team.coordinator, values={"text": "A systematic review."}, criterion=made)
    page = client.get(at(team, "record-version")).content.decode()
    assert "Record as version 2" in page and "Criterion changed: Review." in page
    refused = client.post(at(team, "record-version"), {"version-what": " "})
    assert refused.status_code == 422 and "Say what changed and why" in refused.content.decode()
    sent = {f"version-{name}": value for name, value in {**WORDS, "made_on": "2026-03-01", "stage": "planning"}.items()}
    assert client.post(at(team, "record-version"), sent).status_code == 302
    page = client.get(at(team, "record-version")).content.decode()
    assert "The line fell to 40%." in page and "Yes, before it was decided" in page and "Planning and protocol" in page


def test_two_versions_side_by_side(browse, team, amended):
    page = browse(team.working_group).get(f"{at(team, 'compare')}?from=1&to=2").content.decode()
    assert '<del><span class="sr">[taken away: </span>half<span class="sr">]</span></del>' in page
    assert "1 line differs between “Version 1” and “Version 2”" in page
    assert browse(team.ana).get(f"{at(team, 'compare')}?from=1&to=9").status_code == 404
    assert "say the same" in browse(team.ana).get(f"{at(team, 'compare')}?from=2&to=draft").content.decode()


@pytest.mark.parametrize("address", ["?from=%00&to=2", "?from=99999999999999999999&to=2", "?from=²&to=1", "?from=-1"])
def test_odd_numbers_of_versions_are_not_there(browse, team, amended, address):
    assert browse(team.ana).get(at(team, "compare") + address).status_code == 404


def test_words_are_shown_as_words(browse, team, line):
    lower(team, line, text="<script>alert(1)</script>")
    page = browse(team.ana).get(f"{at(team, 'compare')}?from=1&to=draft").content.decode()
    assert "<script>alert" not in page and "&lt;" in page


def test_before_anything_is_recorded(browse, team):
    assert "No version has been recorded yet" in browse(team.ana).get(at(team, "compare")).content.decode()
    assert "nobody has recorded it yet" in browse(team.ana).get(at(team, "deviations")).content.decode()


def test_the_list_of_deviations(browse, team, amended):
    actions.depart(by=team.coordinator, said=said(what="Embase was not searched.", stage="searching", made_on=timezone.localdate()))
    lines = deviations_of(team.project)
    assert [line.n for line in lines] == [None, 2]
    text = browse(team.observer).get(at(team, "deviations-csv")).content.decode()
    assert text.startswith("\ufeff") and "None: a departure" in text and "Yes, before it was decided" in text
    assert "Searching" in browse(team.observer).get(at(team, "deviations")).content.decode()


def test_a_version_nobody_said_more_of_is_on_the_list_and_can_be_completed(browse, team, line):
    lower(team, line)
    bare = protocol.record_version(by=team.coordinator, amendment="Changed the line.")
    client = browse(team.coordinator)
    assert "Not stated" in client.get(at(team, "deviations")).content.decode()
    form = client.get(f"{at(team, 'depart')}?version=2").content.decode()
    assert "Changed the line." in form
    sent = {**WORDS, "made_on": "2026-03-01", "stage": "titles"}
    assert client.post(f"{at(team, 'depart')}?version=2", sent).status_code == 302
    assert [one.amendment.version for one in deviations_of(team.project)] == [bare]
    with pytest.raises(Refused, match="already"):
        actions.depart(by=team.coordinator, said=said(), version=bare)


def test_what_comes_before_registration_is_no_deviation(team, amended):
    protocol.save_registration(by=team.coordinator, register="PROSPERO", number="CRD42022362099")
    actions.record(by=team.coordinator, said=said(what="Registered."))
    assert deviations_of(team.project) == []


def test_a_correction_keeps_what_stood_there_and_the_second_is_told(browse, team, amended):
    first = Amendment.objects.get(version=amended)
    actions.correct(by=team.coordinator, amendment=first, said=said(why="The pilot found too few."))
    assert [line.why for line in deviations_of(team.project)] == ["The pilot found too few."]
    with pytest.raises(Refused, match="while you had it open"):
        actions.correct(by=team.coordinator, amendment=first, said=said())
    assert "Too few reviews." in browse(team.ana).get(at(team, "deviations")).content.decode()
    assert browse(team.coordinator).get(at(team, "deviation", pk=first.pk)).status_code == 404


def test_a_departure_can_be_taken_back_and_an_amendment_cannot(team, amended):
    departed = actions.depart(by=team.coordinator, said=said())
    actions.withdraw(by=team.coordinator, amendment=departed)
    assert [line.n for line in deviations_of(team.project)] == [2]
    with pytest.raises(Refused, match="Version 2 stands"):
        actions.withdraw(by=team.coordinator, amendment=Amendment.objects.get(version=amended))


def test_the_protocol_as_word_and_markdown(browse, team, amended):
    client = browse(team.working_group)
    document = Document(io.BytesIO(client.get(at(team, "version-docx", n=2)).content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "1. Paid" in words and "At least 40% paid." in words and "Line: At least 40%" in words
    assert [cell.text for cell in document.tables[0].rows[1].cells][3] == "The line fell to 40%."
    text = client.get(at(team, "version-md", n=1)).content.decode()
    assert "## Eligibility criteria" in text and "At least half paid." in text and "The line fell" not in text
    assert client.get(at(team, "draft-docx")).content == client.get(at(team, "draft-docx")).content
    assert client.get(at(team, "version-docx", n=7)).status_code == 404


def test_the_api_records_compares_and_lists(client, team, line):
    client.force_login(team.coordinator.user)
    root = f"/api/v1/projects/{team.project.slug}/protocol"

    def send(method, address, data):
        return getattr(client, method)(f"{root}/{address}", data, content_type="application/json")

    lower(team, line)
    assert send("post", "versions/", {}).status_code == 400
    whole = {**WORDS, "made_on": "2026-03-01", "stage": "titles"}
    made = send("post", "versions/", {"amendment": whole}).json()
    assert (made["n"], made["standing"], made["said"]["heard"]) == (2, "amended", "before")
    parts = client.get(f"{root}/comparison/?from=1&to=2").json()
    assert [piece["kind"] for piece in parts[0]["lines"][0]["changed"][0]["pieces"]].count("added") == 1
    departed = send("post", "deviations/", whole).json()
    assert send("put", f"deviations/{departed['id']}/", {**whole, "why": "Otherwise."}).json()["why"] == "Otherwise."
    assert send("put", f"deviations/{departed['id']}/", whole).status_code == 404
    listed = client.get(f"{root}/deviations/").json()
    assert [(one["version"], one["why"]) for one in listed] == [(None, "Otherwise."), (2, "Too few reviews.")] or len(listed) == 2
    assert "seq" not in str(listed)


@pytest.mark.django_db(transaction=True)
def test_amending_while_others_screen():
    """A decision on one connection, an amendment on another: both are kept, and the decision names the version it met."""
    team = make_team()
    criterion = protocol.save_criterion(by=team.coordinator, values={"label": "Review", "text": "A review."})
    actions.record(by=team.coordinator)
    first, second = import_titles(team, "Screened meanwhile", "Screened afterwards")
    # The first decision of all records the policy, under the project's lock; those after it take none.
    decide(team.ben, first, "include")
    held, amended, errors = threading.Event(), threading.Event(), []

    def amend():
        try:
            protocol.save_criterion(by=team.coordinator, values={"text": "A systematic review."}, criterion=Criterion.objects.get())
            held.wait(30)
            actions.record(by=team.coordinator, said=said())
            amended.set()
        except Exception as error:  # told below, in the test's own thread
            errors.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=amend)
    other.start()
    with transaction.atomic():
        decide(team.ana, first, "include")
        held.set()
        # The amendment does not wait for the decision, nor the decision for it.
        assert amended.wait(30), errors
    other.join(30)
    assert errors == []
    decide(team.ana, second, "include")
    versions = dict(Decision.objects.filter(member=team.ana).values_list("report__title", "protocol_version__n"))
    assert versions == {"Screened meanwhile": 1, "Screened afterwards": 2}
    assert criterion.pk == Criterion.objects.get().pk

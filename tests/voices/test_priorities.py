"""Asking which outcomes matter, answering, and what is shown of it to whom."""

import csv
import io
import json
from uuid import uuid4

import pytest
from django.urls import reverse

from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.accounts.own_data import rows_of
from screening.projects.actions import Refused, create_project
from screening.projects.models import Notice
from screening.protocol.actions import add_outcome, change_outcome, remove_outcome
from screening.protocol.models import OutcomeOfInterest
from screening.voices.actions import Clash
from screening.voices.priorities import actions, queries
from screening.voices.priorities.models import OutcomeRating, PriorityAnswer, PriorityClosing, PriorityRound
from screening.voices.priorities.rules import ALL
from tests.cast import PASSWORD


@pytest.fixture
def outcomes(team):
    return [add_outcome(by=team.coordinator, label=label) for label in ("Hope", "Days in hospital", "Being heard")]


@pytest.fixture
def asked(team, outcomes) -> PriorityRound:
    return actions.ask(by=team.coordinator, method="rating", smallest=3)


def say(member, asked, *values, group="lived_experience", **more):
    given = dict(zip([one.pk for one in OutcomeOfInterest.objects.filter(project=member.project_id, removed=False)], values, strict=False))
    return actions.answer(by=member, round_=asked, group=group, values=given, **more)


def three_say(team, asked, group="lived_experience"):
    for n, member in enumerate((team.ana, team.ben, team.working_group)):
        say(member, asked, 9, 5 + n, 2, group=group)


def closed(team, asked) -> dict:
    return actions.close(by=team.coordinator, round_=asked).body


@pytest.mark.parametrize("name", ["ana", "working_group", "observer", "adjudicator"])
def test_only_coordinators_ask_and_end_a_round(team, asked, name):
    for act in (lambda by: actions.ask(by=by, method="rating", smallest=3), lambda by: actions.close(by=by, round_=asked)):
        with pytest.raises(Denied, match="ask which outcomes matter"):
            act(team.members[name])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"method": "voting"}, "rate the outcomes"),
        ({"smallest": 2}, "3 to 50"),
        ({"smallest": 51}, "3 to 50"),
        ({"words": "x" * 2001}, "2,000"),
    ],
)
def test_what_cannot_be_asked_is_refused(team, outcomes, given, words):
    with pytest.raises(Refused, match=words):
        actions.ask(by=team.coordinator, **{"method": "rating", "smallest": 3, **given})


def test_one_outcome_is_no_choice_and_one_round_is_open_at_a_time(team):
    add_outcome(by=team.coordinator, label="Hope")
    with pytest.raises(Refused, match="at least two outcomes"):
        actions.ask(by=team.coordinator, method="rating", smallest=3)
    add_outcome(by=team.coordinator, label="Work")
    first = actions.ask(by=team.coordinator, method="rating", smallest=3)
    assert actions.ask(by=team.coordinator, method="ranking", smallest=5, round_id=first.pk) == first
    with pytest.raises(Refused, match="is open"):
        actions.ask(by=team.coordinator, method="rating", smallest=3)
    closed(team, first)
    assert actions.ask(by=team.coordinator, method="ranking", smallest=3).n == 2


def test_every_member_is_told_and_it_waits_for_them_until_they_answer(team, asked):
    told = set(Notice.objects.filter(key=f"priorities-asked-{asked.pk}").values_list("membership_id", flat=True))
    assert told == {member.pk for member in team.members.values()} - {team.coordinator.pk}

    def waits(member):
        return [item for item in contributions.waiting_for(member) if "outcomes" in item.label]

    assert [item.since for item in waits(team.observer)] == [asked.recorded_at]
    say(team.observer, asked, 5, 5, 5)
    assert waits(team.observer) == []
    add_outcome(by=team.ana, label="Friends")
    assert [(item.count, item.label) for item in waits(team.observer)] == [(1, "new outcomes to weigh")]
    closed(team, asked)
    assert waits(team.ana) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [([], "at least one"), ([None, None, None], "at least one"), ([0, 5, 5], "1 to 9"), ([10], "1 to 9"), ([-1], "1 to 9")],
)
def test_a_rating_lies_between_one_and_nine(team, asked, values, words):
    with pytest.raises(Refused, match=words):
        say(team.ana, asked, *values)
    assert not PriorityAnswer.objects.exists()


@pytest.mark.parametrize(("values", "words"), [([1, 1], "same place"), ([1, 3], "left out"), ([2], "left out")])
def test_a_ranking_gives_each_place_once(team, outcomes, values, words):
    asked = actions.ask(by=team.coordinator, method="ranking", smallest=3)
    with pytest.raises(Refused, match=words):
        say(team.ana, asked, *values)
    say(team.ana, asked, 2, 1, None)


def test_an_unknown_group_and_another_project_are_refused(team, asked, outcomes):
    with pytest.raises(Refused, match="group"):
        say(team.ana, asked, 5, group="managers")
    elsewhere = create_project(user=team.outsider, title="Elsewhere")
    with pytest.raises(Denied):
        actions.answer(by=elsewhere, round_=asked, group="other", values={outcomes[0].pk: 5})
    with pytest.raises(Refused, match="taken out"):
        actions.answer(by=team.ana, round_=asked, group="other", values={uuid4(): 5})


def test_the_same_id_twice_is_one_answer_and_with_other_values_a_clash(team, asked):
    this = uuid4()
    assert say(team.ana, asked, 9, 8, 7, answer_id=this) == say(team.ana, asked, 9, 8, 7, answer_id=this)
    for member, values in ((team.ana, (9, 8, 6)), (team.ben, (9, 8, 7))):
        with pytest.raises(Clash):
            say(member, asked, *values, answer_id=this)
    assert PriorityAnswer.objects.count() == 1


def test_the_latest_answer_holds_and_one_taken_back_counts_nowhere(team, asked, outcomes):
    say(team.ana, asked, 1, 1, 1)
    say(team.ana, asked, 9, 8, None, group="carers")
    mine = queries.answer_of(team.ana, asked)
    assert (mine.group, list(mine.values.values()), mine.missing) == ("carers", [9, 8, None], [])
    assert queries.how_many_answered(asked) == 1
    for _ in range(2):
        actions.take_back(by=team.ana, round_=asked)
    assert (queries.answer_of(team.ana, asked), queries.how_many_answered(asked), queries.answers_in(asked)) == (None, 0, [])
    assert PriorityAnswer.objects.count() == 3


def test_a_round_that_is_over_takes_no_answer_and_none_back(team, asked):
    three_say(team, asked)
    body = closed(team, asked)
    for act in (lambda: say(team.observer, asked, 9, 9, 9), lambda: actions.take_back(by=team.ana, round_=asked)):
        with pytest.raises(Refused, match="over"):
            act()
    assert closed(team, asked) == body and PriorityClosing.objects.count() == 1
    assert (body["answered"], body["groups"]) == (3, {"lived_experience": 3})


def test_results_are_kept_as_they_were_whatever_becomes_of_the_outcomes(team, asked, outcomes):
    three_say(team, asked)
    before = closed(team, asked)
    change_outcome(by=team.coordinator, outcome=outcomes[0], label="Hope for oneself")
    remove_outcome(by=team.coordinator, outcome=outcomes[1])
    kept = queries.latest_closing(team.project).body
    assert kept == before
    now = queries.now_called(team.project, kept)
    assert (now[str(outcomes[0].pk)].label, now[str(outcomes[1].pk)].removed) == ("Hope for oneself", True)


def test_an_outcome_renamed_while_people_answer_keeps_its_ratings_and_the_names_they_saw(team, asked, outcomes):
    say(team.ana, asked, 9, 5, 5)
    change_outcome(by=team.coordinator, outcome=outcomes[0], label="Hope for oneself")
    say(team.ben, asked, 7, 5, 5)
    say(team.working_group, asked, 8, 5, 5)
    row = closed(team, asked)["outcomes"][0]
    assert (row["label"], row["rated_as"], row["figures"]["lived_experience"]["median"]) == ("Hope for oneself", ["Hope"], 8)
    assert set(OutcomeRating.objects.filter(outcome=outcomes[0]).values_list("label", flat=True)) == {"Hope", "Hope for oneself"}


def test_an_outcome_removed_while_people_answer_is_kept_and_marked(team, asked, outcomes):
    three_say(team, asked)
    remove_outcome(by=team.coordinator, outcome=outcomes[0])
    rows = closed(team, asked)["outcomes"]
    assert [(row["label"], row["removed"]) for row in rows] == [("Days in hospital", False), ("Being heard", False), ("Hope", True)]
    assert [one.label for one in queries.outcomes_in_order(team.project)] == ["Days in hospital", "Being heard"]


def test_a_member_names_an_outcome_with_their_answer(team, asked, outcomes):
    say(team.working_group, asked, 9, 5, 5, adding=("Friends", 8))
    assert [one.label for one in queries.answer_of(team.working_group, asked).missing] == []
    added = OutcomeOfInterest.objects.get(label="Friends")
    assert (added.added_by, queries.answer_of(team.working_group, asked).values[added.pk]) == (team.working_group, 8)
    with pytest.raises(Refused):
        say(team.ana, asked, 9, 5, 5, adding=("friends", 8))
    assert not PriorityAnswer.objects.filter(by=team.ana).exists()
    say(team.observer, asked, 9, 5, 5, 7, adding=("Money", 8))
    assert OutcomeOfInterest.objects.get(label="Money").added_by == team.observer


def test_where_nothing_may_be_added_it_is_refused(team, outcomes):
    asked = actions.ask(by=team.coordinator, method="rating", smallest=3, may_add=False)
    with pytest.raises(Refused, match="no outcome can be added"):
        say(team.ana, asked, 5, adding=("Friends", 8))


def test_outcomes_stand_in_the_order_of_any_group_for_later_summaries(team, asked, outcomes):
    assert queries.outcomes_in_order(team.project) == outcomes
    for member in (team.ana, team.ben, team.working_group):
        say(member, asked, 2, 9, 5, group="carers")
    for member in (team.adjudicator, team.observer, team.coordinator):
        say(member, asked, 9, 1, 5, group="clinicians")
    closed(team, asked)
    by_group = {group: [one.label for one in queries.outcomes_in_order(team.project, group)] for group in ("carers", "clinicians", ALL)}
    assert by_group["carers"] == ["Days in hospital", "Being heard", "Hope"]
    assert by_group["clinicians"] == ["Hope", "Being heard", "Days in hospital"]
    late = add_outcome(by=team.coordinator, label="Friends")
    assert queries.outcomes_in_order(team.project, "carers")[-1] == late


def test_nothing_anybody_can_open_tells_of_answers_while_a_round_is_open(team, asked, client):
    """Two worlds that differ only in what two people said: the same pages, files and answers for everybody else."""
    slug = team.project.slug
    addresses = [
        reverse("voices:priorities", args=[slug]),
        reverse("voices:priority-round", args=[slug, asked.pk]),
        reverse("voices:priorities-csv", args=[slug, asked.pk]),
        reverse("voices:priorities-json", args=[slug, asked.pk]),
        reverse("voices:priorities-figure", args=[slug, asked.pk]),
        f"/api/v1/projects/{slug}/priorities/",
        f"/api/v1/projects/{slug}/priorities/{asked.pk}/mine/",
        f"/api/v1/projects/{slug}/priorities/{asked.pk}/results/",
    ]

    def seen():
        found = []
        for name in ("coordinator", "observer"):
            client.login(username=f"{name}@example.org", password=PASSWORD)
            found += [(address, same(client.get(address))) for address in addresses]
        return found

    for member in (team.ana, team.ben, team.working_group):
        say(member, asked, 9, 9, 9, group="carers")
    first = seen()
    for member in (team.ana, team.ben, team.working_group):
        say(member, asked, 1, 1, 1, group="other")
    assert seen() == first
    assert all(answer[0] in (200, 404) for _, answer in first)


def same(answer):
    from tests.walk import same_for_all

    return answer.status_code, same_for_all(answer.content)


def test_a_small_group_is_nowhere_in_page_files_or_api(team, asked, outcomes, client):
    three_say(team, asked)
    say(team.observer, asked, 1, 4, 9, group="carers")
    closed(team, asked)
    client.login(username="ana@example.org", password=PASSWORD)
    base = [team.project.slug, asked.pk]
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("voices:priorities-csv", args=base)).content.decode("utf-8-sig"))))
    assert len(rows) == 3 * 6
    shown = {row["group"]: row["median"] for row in rows if row["outcome"] == "Hope"}
    assert {group for group, median in shown.items() if median} == {"Lived experience"}
    data = json.loads(client.get(reverse("voices:priorities-json", args=base)).content)
    assert data == client.get(f"/api/v1/projects/{team.project.slug}/priorities/{asked.pk}/results/").json()
    assert data["answered"] == 4 and data["groups"] == {"lived_experience": 3}
    assert all(set(row["figures"]) == {"lived_experience"} for row in data["outcomes"])
    page = client.get(reverse("voices:priority-round", args=base)).content.decode()
    assert "fewer than 3 people answered for them, or nobody: Carers and family, Clinicians, Researchers, Others" in page
    drawing = client.get(reverse("voices:priorities-figure", args=base)).content.decode()
    assert "Hope" in drawing and "Carers" not in drawing and "<script" not in drawing


def test_the_results_stand_on_the_page_of_the_protocol(team, asked, outcomes, client):
    client.login(username="observer@example.org", password=PASSWORD)
    page = reverse("protocol:page", args=[team.project.slug])
    three_say(team, asked)
    assert "What mattered most" not in client.get(page).content.decode()
    closed(team, asked)
    change_outcome(by=team.coordinator, outcome=outcomes[0], label="Hope for oneself")
    remove_outcome(by=team.coordinator, outcome=outcomes[1])
    found = client.get(page).content.decode()
    assert "<dt>Lived experience</dt><dd>Hope for oneself, Being heard</dd>" in found and "Carers" not in found
    text = client.get(reverse("protocol:draft-md", args=[team.project.slug])).content.decode()
    assert "## Whose outcomes?" in text and "| Hope for oneself |" in text and "3 people" in text and "Carers" not in text
    assert client.get(reverse("protocol:draft-docx", args=[team.project.slug])).status_code == 200


def test_names_that_spreadsheets_would_compute_and_tags_are_harmless(team, client):
    for label in ("=cmd()", "<b>Hope</b>"):
        add_outcome(by=team.coordinator, label=label)
    asked = actions.ask(by=team.coordinator, method="rating", smallest=3)
    three_say(team, asked)
    closed(team, asked)
    client.login(username="ana@example.org", password=PASSWORD)
    base = [team.project.slug, asked.pk]
    assert "'=cmd()" in client.get(reverse("voices:priorities-csv", args=base)).content.decode()
    assert "<b>Hope" not in client.get(reverse("voices:priority-round", args=base)).content.decode()
    assert "&lt;b&gt;Hope" in client.get(reverse("voices:priorities-figure", args=base)).content.decode()


def test_from_the_form_to_an_answer(team, asked, outcomes, client):
    client.login(username="working_group@example.org", password=PASSWORD)
    page = reverse("voices:priority-round", args=[team.project.slug, asked.pk])
    shown = [str(one.pk) for one in outcomes]
    given = {"id": str(uuid4()), "shown": shown, f"outcome-{outcomes[0].pk.hex}": "9", f"outcome-{outcomes[1].pk.hex}": ""}
    assert "Choose the group" in client.post(page, given).content.decode()
    late = add_outcome(by=team.coordinator, label="Named meanwhile")
    assert client.post(page, {**given, "group": "carers"}).status_code == 302
    mine = queries.answer_of(team.working_group, asked)
    assert (mine.group, mine.values, mine.missing) == ("carers", {outcomes[0].pk: 9, outcomes[1].pk: None, outcomes[2].pk: None}, [late])
    assert "Change my answer" in client.get(page).content.decode()
    added = {**given, "id": str(uuid4()), "group": "carers", "new_label": "Friends", "new_value": "7"}
    assert client.post(page, added).status_code == 302
    assert queries.answer_of(team.working_group, asked).values[OutcomeOfInterest.objects.get(label="Friends").pk] == 7
    remove_outcome(by=team.coordinator, outcome=outcomes[0])
    gone = client.post(page, {**given, "id": str(uuid4()), "group": "carers"})
    assert gone.status_code == 422 and "taken out of the protocol" in gone.content.decode()
    assert client.post(reverse("voices:take-back-priorities", args=[team.project.slug, asked.pk])).status_code == 302
    assert queries.answer_of(team.working_group, asked) is None


def test_what_i_said_is_in_the_file_of_my_own_data_and_nobody_elses(team, asked):
    say(team.ana, asked, 9, 5, None, group="carers")
    say(team.ben, asked, 1, 1, 1)
    mine = {name: list(rows) for name, rows in rows_of(team.ana)}
    assert [row["group"] for row in mine["priorityanswer"]] == ["carers"]
    assert sorted((row["label"], row["value"]) for row in mine["outcomerating"]) == [
        ("Being heard", None), ("Days in hospital", 5), ("Hope", 9),
    ]  # fmt: skip


def test_asking_and_ending_on_the_pages(team, outcomes, client):
    client.login(username="coordinator@example.org", password=PASSWORD)
    ask = reverse("voices:ask-priorities", args=[team.project.slug])
    given = {"id": str(uuid4()), "method": "ranking", "smallest": "2", "words": "", "may_add": "on"}
    assert client.post(ask, given).status_code == 422
    page = client.post(ask, {**given, "smallest": "3"}, follow=True)
    asked = PriorityRound.objects.get()
    assert "What matters to me" in page.content.decode() and "<select" in page.content.decode()
    over = client.post(reverse("voices:close-priorities", args=[team.project.slug, asked.pk]), follow=True).content.decode()
    assert "Nothing can be shown" in over
    late = client.post(reverse("voices:priority-round", args=[team.project.slug, asked.pk]), {"id": str(uuid4())}, follow=True)
    assert "This round is over" in late.content.decode()


def test_the_api_answers_for_oneself_alone(team, asked, outcomes, client):
    client.login(username="ana@example.org", password=PASSWORD)
    base = f"/api/v1/projects/{team.project.slug}/priorities/"
    mine = f"{base}{asked.pk}/mine/"
    assert client.get(mine).status_code == 404
    given = {"group": "carers", "ratings": [{"outcome": str(outcomes[0].pk), "value": 9}, {"outcome": str(outcomes[1].pk), "value": None}]}
    assert client.put(mine, given, content_type="application/json").json()["group"] == "carers"
    assert (
        client.put(mine, {**given, "ratings": [{"outcome": str(outcomes[0].pk), "value": 99}]}, content_type="application/json").status_code
        == 400
    )
    client.login(username="ben@example.org", password=PASSWORD)
    assert client.get(mine).status_code == 404
    assert client.post(f"{base}{asked.pk}/close/").status_code == 403
    client.login(username="coordinator@example.org", password=PASSWORD)
    assert client.get(base).json()[0]["closed_at"] is None
    assert client.post(f"{base}{asked.pk}/close/").json()["answered"] == 1
    assert client.get(f"{base}{asked.pk}/results/").status_code == 200
    assert client.post(base, {"method": "ranking", "smallest": 4}, content_type="application/json").json()["n"] == 2

"""Whose outcomes, in the summary: only figures that may be shown, and outcomes in the order of any group that is."""

from uuid import uuid4

import pytest
from django.urls import reverse

from extraction.exports.actions import ask
from extraction.exports.queries import orders_for
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.protocol.actions import add_outcome
from screening.voices.priorities import actions
from tests.extraction.exporting import make, opened


def test_the_summary_holds_the_priorities_of_groups_that_may_be_shown(team):
    hope, work = (add_outcome(by=team.coordinator, label=label) for label in ("Hope", "=Work"))
    asked = actions.ask(by=team.coordinator, method="rating", smallest=3)
    for n, member in enumerate((team.ana, team.ben, team.working_group)):
        actions.answer(by=member, round_=asked, group="carers", values={hope.pk: 9 - n, work.pk: 5})
    actions.answer(by=team.observer, round_=asked, group="clinicians", values={hope.pk: 1, work.pk: 1})
    workbook, tables = opened(team.ana, make(team))
    assert len(tables["priorities.csv"]) == 1
    actions.close(by=team.coordinator, round_=asked)
    workbook, tables = opened(team.ana, make(team))
    header, *rows = tables["priorities.csv"]
    shown = [dict(zip(header, row, strict=True)) for row in rows if row[header.index("Median")]]
    assert [(row["Outcome"], row["Group"], row["People"], row["Median"]) for row in shown] == [
        ("Hope", "Carers and family", "3", "8"),
        ("'=Work", "Carers and family", "3", "5"),
    ]
    assert len(rows) == 2 * 6 and "Priorities" in workbook.sheetnames


UNWEIGHED = [("1", "Hope", ""), ("2", "Work", ""), ("3", "Rest", "")]


@pytest.fixture
def weighed(team):
    """Three carers put Work first; two clinicians alone would put Rest first."""
    outcomes = [add_outcome(by=team.coordinator, label=label) for label in ("Hope", "Work", "Rest")]
    asked = actions.ask(by=team.coordinator, method="rating", smallest=3)
    for group, names, values in (("carers", "ana ben working_group", (2, 9, 5)), ("clinicians", "adjudicator observer", (1, 1, 9))):
        said = {one.pk: value for one, value in zip(outcomes, values, strict=True)}
        for name in names.split():
            actions.answer(by=getattr(team, name), round_=asked, group=group, values=said)
    return asked


def places(tables):
    header, *rows = tables["outcomes.csv"]
    return [(row[0], row[1], row[header.index("Median")]) for row in rows]


def read_me(tables):
    return dict(row[:2] for row in tables["read_me.csv"])["Order of outcomes"]


def test_outcomes_stand_in_the_order_of_the_group_that_was_chosen_and_the_summary_says_so(team, weighed):
    _, tables = opened(team.ana, make(team))
    assert places(tables) == UNWEIGHED and "no round on priorities has ended" in read_me(tables)
    actions.close(by=team.coordinator, round_=weighed)
    job = make(team, order="carers")
    assert job.args["order"] == "carers"
    _, tables = opened(team.ana, job)
    assert places(tables) == [("1", "Work", "9"), ("2", "Rest", "5"), ("3", "Hope", "2")]
    assert "Carers and family, when round 1 ended" in read_me(tables)
    header, *rows = tables["priorities.csv"]
    assert [row[header.index("Outcome")] for row in rows[::6]] == ["Work", "Rest", "Hope"]


def test_a_small_group_orders_nothing_and_is_refused_like_an_empty_one(team, weighed):
    """Two clinicians are too few: neither they nor all together, from which they could be worked out, give an order."""
    actions.close(by=team.coordinator, round_=weighed)
    assert [key for key, _name in orders_for(team.project)] == ["all", "carers"]
    refusals = set()
    for group in ("clinicians", "researchers", "nobody"):
        with pytest.raises(Refused) as refusal:
            ask(by=team.coordinator, request_id=uuid4(), order=group)
        refusals.add(str(refusal.value))
    assert len(refusals) == 1 and not Job.objects.filter(kind="summary_export").exists()
    _, tables = opened(team.ana, make(team))
    assert places(tables) == UNWEIGHED and "no figure that may be shown" in read_me(tables)


def test_the_order_is_chosen_on_the_page_and_over_the_api(team, weighed, client):
    page, api = (reverse(name, args=[team.project.slug]) for name in ("exports:list", "exports-api:exports"))
    client.force_login(team.coordinator.user)
    assert 'name="order"' not in client.get(page).content.decode()
    actions.close(by=team.coordinator, round_=weighed)
    shown = client.get(page).content.decode()
    assert '<option value="carers">By what matters to: Carers and family</option>' in shown and "linicians" not in shown
    make_one = reverse("exports:make", args=[team.project.slug])
    client.post(make_one, {"request_id": str(uuid4()), "order": "carers"})
    assert Job.objects.get(kind="summary_export").args == {"order": "carers"}
    refused = client.post(make_one, {"request_id": str(uuid4()), "order": "clinicians"}, follow=True).content.decode()
    assert "nothing may be shown" in refused and Job.objects.filter(kind="summary_export").count() == 1
    assert client.post(api, {"order": "clinicians"}, content_type="application/json").status_code == 400
    assert client.post(api, {"order": "carers"}, content_type="application/json").json()["order"] == "carers"

"""Agreement of a project: which reports and answers count, who sees what, and the files."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from screening.decisions import actions
from screening.decisions.agreement import queries
from screening.decisions.agreement.queries import Round, figures_of, headlines, settled_reports
from screening.decisions.models import Decision, Origin, Stage
from screening.decisions.placing import lock, refresh
from screening.decisions.rules import Policy
from screening.projects.actions import set_roles
from screening.protocol.actions import record_version, save_criterion
from screening.references.models import Record
from tests.cast import decide, import_titles
from tests.samples import settle_conflict
from tests.walk import same_for_all

TITLES = "title_abstract"


@pytest.fixture
def many(team):
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight")
    return import_titles(team, *(f"Peer support review number {word}" for word in words))


def both(team, report, ana: str, ben: str, **more) -> None:
    decide(team.ana, report, ana, **more)
    decide(team.ben, report, ben, **more)


def brought_in(member, report, answer: str) -> None:
    """A decision as bringing in writes it, on the same policy and protocol as the decisions made here."""
    like = Decision.objects.filter(project=report.project).first()
    with transaction.atomic():
        row = lock(report.pk, TITLES, report.project)
        Decision.objects.create(
            project=report.project,
            by=member,
            member=member,
            report=report,
            anchor=Record.objects.get(placement__report=report),
            stage=TITLES,
            answer=answer,
            protocol_version=like.protocol_version,
            policy_version=like.policy_version,
            origin=Origin.IMPORT,
        )
        refresh(row)


def overall(viewer, **how):
    return figures_of(viewer, TITLES, **how)[0].overall.figures


def test_only_settled_reports_are_looked_at(team, many):
    both(team, many[0], "include", "include")
    both(team, many[1], "include", "exclude")
    decide(team.ana, many[2], "exclude")
    assert overall(team.coordinator).table == ((1, 0), (0, 0))
    settle_conflict(team, many[1])
    assert overall(team.coordinator).n == 2 and overall(team.coordinator).observed.of == (1, 2)


def test_what_was_said_after_the_settling_does_not_count(team, many):
    both(team, many[0], "include", "include")
    both(team, many[1], "exclude", "exclude")
    decide(team.ana, many[0], "exclude")
    assert overall(team.ana).observed.of == (2, 2)
    actions.reopen(by=team.adjudicator, report_id=many[0].pk, stage=TITLES, why="A fair point.", resolution_id=uuid4())
    assert overall(team.ana).n == 1, "re-opened, it is not settled"
    settle_conflict(team, many[0])
    assert overall(team.ana).observed.of == (2, 2), "what they came to on their own counts, not what they said later"


def test_a_change_of_mind_in_ignorance_counts_as_it_was_last(team, many):
    decide(team.ana, many[0], "include")
    decide(team.ana, many[0], "exclude")
    decide(team.ben, many[0], "exclude")
    assert overall(team.ana).table == ((0, 0), (0, 1))


def test_maybe_counts_as_include_or_stands_apart(team, many):
    both(team, many[0], "include", "maybe")
    both(team, many[1], "exclude", "exclude")
    assert overall(team.ana).observed.of == (2, 2)
    apart = overall(team.ana, fold_maybe=False)
    assert apart.categories == ("include", "exclude", "maybe") and apart.observed.of == (1, 2)


def test_decisions_from_elsewhere_are_left_out_until_asked_for(team, many):
    both(team, many[0], "include", "include")
    brought_in(team.ana, many[1], "include")
    brought_in(team.ben, many[1], "exclude")
    settle_conflict(team, many[1])
    assert overall(team.ana).observed.of == (1, 1)
    assert overall(team.ana, brought_in=True).observed.of == (1, 2)


def test_a_surplus_answer_given_late_is_not_counted(team, many):
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    both(team, many[0], "include", "include")
    decide(team.observer, many[0], "exclude")
    (one,) = settled_reports(team.project, TITLES)
    assert set(one.said) == {str(team.ana.pk), str(team.ben.pk)}


def test_the_policy_an_answer_was_made_under_says_when_it_was_settled(team, many):
    actions.set_policy(by=team.coordinator, project=team.project, stage=TITLES, policy=Policy(required=1))
    decide(team.ana, many[0], "include")
    actions.set_policy(by=team.coordinator, project=team.project, stage=TITLES, policy=Policy(required=2))
    decide(team.ben, many[0], "include")
    (one,) = settled_reports(team.project, TITLES)
    assert set(one.said) == {str(team.ana.pk)}, "Ben could see that it was settled"


def test_where_one_include_is_enough_a_second_answer_came_too_late(team, many):
    actions.set_policy(by=team.coordinator, project=team.project, stage=TITLES, policy=Policy(way="one_include"))
    both(team, many[0], "include", "exclude")
    both(team, many[1], "exclude", "include")
    said = {one.report: set(one.said) for one in settled_reports(team.project, TITLES)}
    assert said == {many[0].pk: {str(team.ana.pk)}, many[1].pk: {str(team.ana.pk), str(team.ben.pk)}}


def test_three_reviewers_give_pairs_and_figures_of_all(team, many):
    set_roles(by=team.coordinator, member=team.observer, roles={"reviewer"})
    team.observer.refresh_from_db()
    both(team, many[0], "include", "include")
    decide(team.ben, many[1], "exclude")
    decide(team.observer, many[1], "exclude")
    result, _, names = figures_of(team.coordinator, TITLES)
    assert [line.label for line in result.pairs] == ["Ana and Ben", "Ben and Observer"]
    assert result.overall.figures.raters == 3 and result.overall.figures.observed.value == 1
    assert list(names.values()) == ["Ana", "Ben", "Observer"]


def test_time_is_cut_by_month_or_by_hundred(team, many, monkeypatch):
    monkeypatch.setattr("screening.decisions.agreement.showing.PER_GROUP", 2)
    for report in many[:3]:
        both(team, report, "include", "include")
    month = figures_of(team.ana, TITLES)[0].over_time
    assert [line.label for line in month] == [f"{timezone.now():%Y-%m}"] and month[0].figures.n == 3
    hundreds = figures_of(team.ana, TITLES, by="hundred")[0].over_time
    assert [(line.label, line.figures.n) for line in hundreds] == [("1 to 2", 2), ("3 to 3", 1)]


def test_pilot_rounds_that_are_registered_get_a_line_each(team, many, monkeypatch):
    both(team, many[0], "include", "include")
    both(team, many[1], "exclude", "exclude")
    monkeypatch.setattr(queries, "_rounds", [])
    queries.pilot_rounds(lambda project, stage: [Round("Round 1", frozenset({many[0].pk}))] if stage == TITLES else [])
    (line,) = figures_of(team.ana, TITLES)[0].rounds
    assert (line.label, line.figures.observed.of) == ("Round 1", (1, 1))


def test_criteria_are_compared_by_who_marked_them_as_not_met(team, many):
    for label in ("Not a review", "Population"):
        save_criterion(by=team.coordinator, values={"label": label, "text": label})
    record_version(by=team.coordinator)
    first, second = (criterion.pk for criterion in team.project.criteria.order_by("label"))
    decide(team.ana, many[0], "exclude", failed=[first])
    decide(team.ben, many[0], "exclude", failed=[first, second])
    both(team, many[1], "include", "include")
    lines = {line.label: line.figures for line in figures_of(team.ana, TITLES)[0].criteria}
    assert lines["Not a review"].table == ((1, 0), (0, 1))
    assert lines["Population"].observed.of == (1, 2)


@pytest.fixture
def settled(team, many):
    both(team, many[0], "include", "include")
    both(team, many[1], "exclude", "exclude")
    both(team, many[2], "maybe", "exclude")
    settle_conflict(team, many[2])
    both(team, many[3], "include", "exclude")
    return team


@pytest.mark.parametrize(
    ("who", "sees"),
    [("coordinator", ["Ana and the consensus", "Ben and the consensus"]), ("ana", ["Ana and the consensus"]), ("adjudicator", [])],
)
def test_a_persons_figures_against_the_consensus_are_theirs_and_the_coordinators(settled, client, who, sees):
    member = settled.members[who]
    assert [line.label for line in figures_of(member, TITLES)[0].against] == sees
    client.force_login(member.user)
    slug = settled.project.slug
    page = client.get(reverse("decisions:agreement", args=[slug, TITLES])).content.decode()
    file = client.get(reverse("decisions:agreement-figures", args=[slug, TITLES])).content.decode()
    lines = client.get(f"/api/v1/projects/{slug}/agreement/{TITLES}/").json()["results"]
    for name in ("Ana", "Ben"):
        words = f"{name} and the consensus"
        assert (words in page) == (words in file) == (words in sees), (who, name)
    assert [line["label"] for line in lines if line["what"] == "consensus"] == sees
    table = client.get(reverse("decisions:agreement-table", args=[slug, TITLES])).content.decode()
    assert ("settled as" in table) == (who == "coordinator")


def test_against_the_consensus_a_person_is_compared_with_what_it_came_to(settled):
    ana, ben = figures_of(settled.coordinator, TITLES)[0].against
    assert ana.figures.table == ((2, 0), (0, 1)) and ben.figures.table == ((1, 0), (1, 1))
    apart = figures_of(settled.coordinator, TITLES, fold_maybe=False)[0].against[0].figures
    assert apart.table == ((1, 0, 0), (0, 1, 0), (1, 0, 0))


@pytest.mark.parametrize("who", ["working_group", "observer"])
def test_those_who_may_not_see_who_decided_what_are_told_why(settled, client, who):
    client.force_login(settled.members[who].user)
    for name in ("agreement", "agreement-figures", "agreement-table", "agreement-drawing"):
        assert client.get(reverse(f"decisions:{name}", args=[settled.project.slug, TITLES])).status_code == 403, name
    project = client.get(reverse("flow:project", args=[settled.project.slug])).content.decode()
    assert "All figures" not in project


def test_an_unsettled_answer_changes_no_byte_for_anybody(settled, many, client):
    def look():
        found = []
        for name in ("ana", "ben", "coordinator", "adjudicator"):
            client.force_login(settled.members[name].user)
            for where in ("agreement", "agreement-figures", "agreement-table"):
                for query in ("", "?maybe=apart&by=hundred", "?brought_in=1"):
                    got = client.get(reverse(f"decisions:{where}", args=[settled.project.slug, TITLES]) + query)
                    found.append(same_for_all(got.content))
        return found

    before = look()
    decide(settled.ana, many[4], "exclude", note="A secret.")
    decide(settled.ben, many[4], "include")
    decide(settled.ana, many[3], "maybe")
    assert [one == other for one, other in zip(before, look(), strict=True)] == [True] * len(before)


def test_the_page_has_no_percentage_without_its_counts_and_explains_what_is_missing(settled, client):
    client.force_login(settled.ana.user)
    page = client.get(reverse("decisions:agreement-page", args=[settled.project.slug])).content.decode()
    assert "2 of 3 (67%)" in page and "NaN" not in page and "None" not in page
    empty = client.get(reverse("decisions:agreement", args=[settled.project.slug, "full_text"])).content.decode()
    assert "No report is settled at this stage yet." in empty
    assert client.get(reverse("decisions:agreement", args=[settled.project.slug, "nonsense"])).status_code == 404
    assert client.get(reverse("decisions:agreement-drawing", args=[settled.project.slug, "full_text"])).status_code == 404


def test_undefined_kappa_is_explained_in_words(team, many, client):
    both(team, many[0], "exclude", "exclude")
    client.force_login(team.ana.user)
    page = client.get(reverse("decisions:agreement", args=[team.project.slug, TITLES])).content.decode()
    assert "All ratings are one and the same answer" in page and "Why a figure is missing" in page
    panel = client.get(reverse("flow:project", args=[team.project.slug])).content.decode()
    assert "1 of 1 (100%)" in panel and "No kappa: All ratings" in panel


def test_the_table_behind_the_figures_is_read_back_by_the_command(settled, client, tmp_path):
    client.force_login(settled.coordinator.user)
    slug = settled.project.slug
    table = client.get(reverse("decisions:agreement-table", args=[slug, TITLES]))
    assert table["Content-Disposition"].endswith(f'"{slug}-ratings-title_abstract.csv"')
    path = tmp_path / "ratings.csv"
    path.write_bytes(table.content)
    answer = io.StringIO()
    call_command("agreement", str(path), stdout=answer)
    from_file = json.loads(answer.getvalue())
    from_api = client.get(f"/api/v1/projects/{slug}/agreement/{TITLES}/").json()["results"][0]
    assert from_file["raters"] == ["Ana", "Ben"]
    for name in ("reports", "kappa", "pabak", "gwet_ac1", "kappa_interval", "table", "p_pos"):
        assert from_file["folded"][name] == from_api[name], name


def test_no_cell_of_the_files_is_a_formula(team, client):
    team.ana.shown_name = "=HYPERLINK(1)"
    team.ana.save()
    both(team, import_titles(team, "=1+1 reviews of peers")[0], "include", "include")
    client.force_login(team.coordinator.user)
    for name in ("agreement-figures", "agreement-table"):
        text = client.get(reverse(f"decisions:{name}", args=[team.project.slug, TITLES])).content.decode("utf-8-sig")
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells) and not [cell for cell in cells if cell.startswith("=")]


def test_the_drawing_is_well_formed_and_stands_alone(settled, client):
    client.force_login(settled.ana.user)
    drawn = client.get(reverse("decisions:agreement-drawing", args=[settled.project.slug, TITLES]))
    root = ET.fromstring(drawn.content)
    words = " ".join(text for text in root.itertext())
    assert "agreed 2 of 3 (67%)" in words and "class=" not in drawn.content.decode()


def test_the_api_gives_the_lines_and_says_why_a_figure_is_null(settled, client):
    client.force_login(settled.coordinator.user)
    got = client.get(f"/api/v1/projects/{settled.project.slug}/agreement/{TITLES}/?maybe=apart").json()
    first = got["results"][0]
    assert (got["settled"], got["compared"], first["what"]) == (3, 3, "stage")
    assert first["p_pos"] is None and "two possible answers" in first["undefined"]["p_pos"]
    assert client.get(f"/api/v1/projects/{settled.project.slug}/agreement/nonsense/").status_code == 404


def test_a_big_project_is_not_gone_through_at_each_visit(settled, client, monkeypatch, django_assert_num_queries):
    lines, old = headlines(settled.project)
    assert lines[0]["agreed"] == "2 of 3 (67%)" and not old
    monkeypatch.setattr(queries, "SMALL", 2)
    cache.delete_many([queries._kept(settled.project, stage) for stage in Stage])
    with django_assert_num_queries(len(Stage)):
        assert headlines(settled.project) == ([{"stage": lines[0]["stage"], "label": lines[0]["label"]}], True)
    client.force_login(settled.ana.user)
    assert "Worked out when the page of all figures is opened" in client.get(f"/p/{settled.project.slug}/").content.decode()
    figures_of(settled.coordinator, TITLES)
    with django_assert_num_queries(len(Stage)):
        assert headlines(settled.project) == (lines, True)


def test_the_page_of_a_big_project_opens_while_redis_does_not_answer(settled, client, monkeypatch, settings):
    monkeypatch.setattr(queries, "SMALL", 2)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1"}}
    figures_of(settled.coordinator, TITLES)
    client.force_login(settled.ana.user)
    assert "Worked out when the page of all figures is opened" in client.get(f"/p/{settled.project.slug}/").content.decode()


def test_one_look_costs_the_same_for_few_reports_and_many(settled, many, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        figures_of(settled.coordinator, TITLES)
    for report in many[4:]:
        both(settled, report, "include", "include")
    with django_assert_max_num_queries(12):
        figures_of(settled.coordinator, TITLES)


def test_months_are_those_of_the_answers(team, many):
    both(team, many[0], "include", "include")
    (one,) = settled_reports(team.project, TITLES)
    assert timezone.now() - one.at < timedelta(minutes=5)

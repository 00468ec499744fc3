"""Agreement where many reports are settled: worked out by a job, kept without names, and each viewer given theirs."""

import csv
import io
import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.agreement import working
from screening.decisions.agreement.independent import Said
from screening.decisions.agreement.plain import as_plain, from_plain
from screening.decisions.agreement.queries import Settled, figures_of, sees_everybody
from screening.decisions.agreement.showing import shown
from screening.projects import jobs
from screening.projects.actions import set_roles
from screening.projects.models import Job
from tests.cast import decide, import_titles
from tests.meanwhile import pages_as_it_ends

TITLES = "title_abstract"
HOW = {"fold_maybe": True, "by": "month", "brought_in": False}


@pytest.fixture
def many(team, monkeypatch):
    """Three settled reports, and as if that were many."""
    found = import_titles(team, *(f"Peer support review number {word}" for word in ("one", "two", "three", "four")))
    for report, ana, ben in zip(found, ("include", "exclude", "maybe"), ("include", "exclude", "include"), strict=False):
        decide(team.ana, report, ana)
        decide(team.ben, report, ben)
    monkeypatch.setattr(working, "AT_ONCE", 2)
    return found


def work_out(by) -> Job:
    job = working.ask(by=by, stage=TITLES, how=HOW)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    return job


def address(team, name="agreement") -> str:
    return reverse(f"decisions:{name}", args=[team.project.slug, TITLES])


def settled(n: int, answers: dict[str, str]) -> Settled:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    said = {member: Said(member, answer, frozenset("k" if answer == "exclude" else ""), n, at) for member, answer in answers.items()}
    return Settled(uuid4(), "include", said)


class TestKept:
    @given(st.lists(st.lists(st.sampled_from(["include", "exclude", "maybe", None]), min_size=4, max_size=4), max_size=12), st.booleans())
    def test_what_was_kept_reads_back_as_it_was(self, rows, fold):
        raters = ["a", "b", "c", "d"]
        rated = [{rater: answer for rater, answer in zip(raters, row, strict=True) if answer} for row in rows]
        reports = [settled(n, answers) for n, answers in enumerate(rated) if answers]
        names = {rater: rater.upper() for rater in raters}
        criteria = [("k", "No review")]
        result = shown(reports, names, settled=len(reports), stage_has_maybe=True, fold_maybe=fold, by="hundred", criteria=criteria)
        assert from_plain(json.loads(json.dumps(as_plain(result))), names) == result

    def test_nobody_is_named_in_it_and_who_is_renamed_is_called_so_at_once(self, team, many):
        job = work_out(team.coordinator)
        assert "Ana" not in json.dumps(job.result)
        team.ana.shown_name = "Quiet reader"
        team.ana.save(update_fields=["shown_name"])
        found = working.found_for(team.coordinator, TITLES, HOW)
        assert any("Quiet reader" in line.label for line in found.result.lines())


class TestWhoSeesWhat:
    @pytest.mark.parametrize("who", ["coordinator", "ana", "ben", "adjudicator"])
    def test_each_sees_what_the_figures_at_once_would_be(self, team, many, who):
        viewer = getattr(team, who)
        work_out(team.ben)
        found = working.found_for(viewer, TITLES, HOW)
        assert found.at is not None
        assert found.result == figures_of(viewer, TITLES, **HOW)[0]
        whose = {line.people for line in found.result.against}
        assert sees_everybody(viewer) or whose <= {(str(viewer.pk),)}

    def test_the_job_gives_its_result_to_nobody(self, team, many, client):
        job = work_out(team.ana)
        client.force_login(team.ana.user)
        said = client.get(reverse("projects-api:job", args=[team.project.slug, job.pk])).json()
        assert said["result"] == {}


class TestPage:
    def test_first_it_asks_then_it_shows_then_it_says_how_old_it_is(self, team, many, client):
        client.force_login(team.ana.user)
        first = client.get(address(team)).content.decode()
        assert "Work them out" in first and "figline" not in first
        assert client.post(address(team)).status_code == 302
        job = Job.objects.get(project=team.project, kind=working.JOB)
        assert f"job-{job.pk}" in client.get(address(team)).content.decode()
        jobs.run(str(job.pk))
        then = client.get(address(team)).content.decode()
        assert "3 of 3 (100%)" in then and "What was settled since is not in it" in then
        decide(team.ana, many[3], "include")
        decide(team.ben, many[3], "include")
        assert "3 of 3 (100%)" in client.get(address(team)).content.decode()
        work_out(team.ana)
        assert "4 of 4 (100%)" in client.get(address(team)).content.decode()

    def test_whenever_it_ends_while_the_page_is_made_the_page_shows_it_or_its_job(self, team, many, client):
        client.force_login(team.ana.user)
        job = working.ask(by=team.ana, stage=TITLES, how=HOW)
        said = list(pages_as_it_ends(job, lambda: client.get(address(team))))
        assert len(said) > 5
        assert all("3 of 3 (100%)" in one or f"job-{job.pk}" in one for one in said)
        assert any("3 of 3 (100%)" in one for one in said)

    def test_asked_twice_it_is_one_job_and_one_that_failed_is_tried_anew(self, team, many):
        first = working.ask(by=team.ana, stage=TITLES, how=HOW)
        assert working.ask(by=team.ben, stage=TITLES, how=HOW) == first
        Job.objects.filter(pk=first.pk).update(state=Job.State.FAILED)
        assert working.under_way(team.project, TITLES, HOW) == first
        assert working.ask(by=team.ben, stage=TITLES, how=HOW) != first

    def test_other_ways_to_look_are_worked_out_by_themselves(self, team, many, client):
        work_out(team.ana)
        client.force_login(team.ana.user)
        assert "figline" not in client.get(address(team), {"maybe": "apart"}).content.decode()

    def test_files_follow_the_page(self, team, many, client):
        client.force_login(team.coordinator.user)
        for name in ("agreement-figures", "agreement-table", "agreement-drawing"):
            assert client.get(address(team, name), {"by": "month"}).url == f"{address(team)}?by=month"
        work_out(team.coordinator)
        rows = list(csv.reader(io.StringIO(client.get(address(team, "agreement-table")).getvalue().decode("utf-8-sig"))))
        assert rows[0] == ["report", "title", "Ana", "Ben", "settled as"]
        assert [row[2:] for row in rows[1:]] == [
            ["include", "include", "include"],
            ["exclude", "exclude", "exclude"],
            ["maybe", "include", "include"],
        ]
        assert rows[1][1] == "Peer support review number one"

    def test_the_table_of_the_last_two_is_kept(self, team, many):
        from django.core.files.storage import default_storage

        kept = [work_out(team.ana).result["table"] for _ in range(3)]
        assert [default_storage.exists(path) for path in kept] == [False, True, True]


class TestPrograms:
    def test_they_ask_first_and_then_read(self, team, many, client):
        client.force_login(team.ana.user)
        url = reverse("decisions-api:agreement", args=[team.project.slug, TITLES])
        said = client.get(url)
        assert said.status_code == 409 and "POST" in said.json()["detail"]
        assert client.post(url).status_code == 202
        jobs.run(str(Job.objects.get(project=team.project, kind=working.JOB).pk))
        found = client.get(url).json()
        assert found["at"] and found["compared"] == 3

    def test_where_few_are_settled_there_is_nothing_to_ask_for(self, team, client):
        client.force_login(team.ana.user)
        url = reverse("decisions-api:agreement", args=[team.project.slug, TITLES])
        assert client.post(url).status_code == 202
        assert not Job.objects.filter(project=team.project, kind=working.JOB).exists()
        assert client.get(url).json()["at"] is None

    def test_who_may_not_see_decisions_may_not_ask(self, team, many, client):
        client.force_login(team.working_group.user)
        assert client.post(address(team)).status_code == 403
        set_roles(by=team.coordinator, member=team.ben, roles={"observer"})
        client.force_login(team.ben.user)
        assert client.post(address(team)).status_code == client.get(address(team)).status_code

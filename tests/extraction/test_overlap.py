"""The overlap of the included reviews: from facts to a figure, as a job, with its assumptions."""

from fractions import Fraction

import pytest
from django.urls import reverse

from extraction.overlap import actions
from extraction.overlap.queries import figure_for, inputs_of, latest_figure, matrix_of
from extraction.overlap.rules import CitationMatrix, overlap, structural_rule
from extraction.overlap.stored import from_json, to_json
from extraction.studies.actions import save_list, withdraw_list
from screening.fulltext.models import IncludedReview
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.models import Job
from tests.extraction.conftest import drop
from tests.meanwhile import pages_as_it_ends


def study(n, year=2010):
    return f"Elm J ({year}). Peer study number {n:03} of this list. Demo J."


def save(team, review, *numbers, year=2010):
    return save_list(by=team.ana, review=review, text="\n".join(study(n, year) for n in numbers))


def compute(team, by=None):
    job = actions.compute(by=by or team.ana)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    return job


@pytest.fixture
def listed(team, reviews):
    """1 2 3 4 / 3 4 5 / none: N 7, r 5, c 2, so (7 - 5) / (10 - 5)."""
    save(team, reviews[0], 1, 2, 3, 4)
    save(team, reviews[1], 3, 4, 5)
    return reviews


def test_the_figure_comes_from_the_citations(team, listed):
    job = compute(team)
    result = latest_figure(team.project).result
    assert (result.reviews, result.studies, result.inclusions, result.cca, result.band) == (2, 5, 7, Fraction(2, 5), "very high")
    assert result.frequency == {1: 3, 2: 2}
    assert [str(review) for review in result.unlisted] == [listed[2].label]
    assert job.result["cca"] == [2, 5]


def test_a_study_later_than_a_review_is_set_aside_unless_it_is_included(team, listed):
    save(team, listed[1], 6, 7, year=2021)
    IncludedReview.objects.filter(pk=listed[1].pk).update(year=2022)
    matrix, impossible = matrix_of(inputs_of(team.project), {})
    assert sum(map(len, matrix.missing.values())) == 4
    assert impossible == ()
    compute(team)
    assert latest_figure(team.project).result.structurally_missing == 2
    assert latest_figure(team.project).result.cca_adjusted == Fraction(2, 5)
    save(team, listed[0], 8, year=2021)
    _, impossible = matrix_of(inputs_of(team.project), {})
    assert len(impossible) == 1


def test_the_earliest_year_any_citation_gives_is_the_studys(team, reviews):
    for review, year in ((reviews[0], 2016), (reviews[1], 2014)):
        save_list(by=team.ana, review=review, text=f"author,year,title,doi\nElm,{year},Peer support in wards,10.1234/a")
    IncludedReview.objects.filter(pk=reviews[2].pk).update(year=2015)
    save(team, reviews[2], 1)
    matrix, _ = matrix_of(inputs_of(team.project), {})
    assert matrix.missing == {}


def test_the_same_citations_give_the_same_job_and_changed_ones_another(team, listed):
    first = compute(team)
    assert actions.compute(by=team.ben) == first
    added = save(team, listed[2], 1, 2)
    second = compute(team)
    assert second != first
    withdraw_list(by=team.ana, citation_list=added.citation_list, reason="Test.")
    assert actions.compute(by=team.ana) == first
    assert figure_for(team.project, inputs_of(team.project).digest).job == first
    assert latest_figure(team.project).job == second


def test_a_job_that_failed_or_was_cancelled_is_tried_anew(team, listed, monkeypatch):
    job = actions.compute(by=team.ana)
    monkeypatch.setattr(actions, "computed", lambda *args: 1 / 0)
    jobs.run(str(job.pk))
    monkeypatch.undo()
    again = actions.compute(by=team.ana)
    assert again != job
    jobs.cancel(again)
    third = compute(team)
    assert third.pk not in (job.pk, again.pk)


def test_citations_that_change_before_the_worker_starts_are_what_is_computed(team, listed):
    job = actions.compute(by=team.ana)
    save(team, listed[2], 1, 2)
    jobs.run(str(job.pk))
    assert figure_for(team.project, inputs_of(team.project).digest).job == job
    assert latest_figure(team.project).result.reviews == 3


def test_a_review_excluded_later_makes_the_figure_stale_and_drops_out(team, listed, signed_in):
    save(team, listed[2], 1, 2)
    compute(team)
    drop(team, listed[0])
    client = signed_in(team.ana)
    text = client.get(page(team)).content.decode()
    assert "changed since this was computed" in text and "Compute again" in text
    compute(team)
    assert latest_figure(team.project).result.reviews == 2
    assert "changed since" not in client.get(page(team)).content.decode()


def test_who_may_compute(team, listed):
    for member in (team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            actions.compute(by=member)
    compute(team, by=team.coordinator)


def test_an_overlap_goes_into_json_and_comes_back_the_same():
    cited = [("a", 1), ("a", 2), ("b", 2), ("b", 3), ("c", 3), ("d", 9)]
    matrix = CitationMatrix.from_citations("abcde", cited, missing=[("a", 3), ("b", 9)])
    result = overlap(matrix)
    again = from_json(to_json(result), [one.review for one in result.per_review], result.unlisted)
    assert list(again.pairs) == list(result.pairs)
    assert list(again.pairs.undefined()) == list(result.pairs.undefined())
    assert {name: getattr(again, name) for name in vars(result) if name != "pairs"} == {
        name: getattr(result, name) for name in vars(result) if name != "pairs"
    }


def test_undefined_shares_survive_the_way_through_json():
    matrix, _ = structural_rule(CitationMatrix.from_citations("ab", [("a", 1)], listed="ab"), {1: 2015}, {"b": 2010})
    result = overlap(matrix)
    assert result.cca_adjusted is None
    again = from_json(to_json(result), "ab")
    assert (again.cca_adjusted, again.band, again.warnings) == (None, None, result.warnings)


def page(team):
    return reverse("overlap:page", args=[team.project.slug])


def test_the_page_says_the_figure_with_its_assumptions(team, listed, signed_in):
    compute(team)
    text = " ".join(signed_in(team.working_group).get(page(team)).content.decode().split())
    assert "<strong>40.0%</strong>" in text and "<b>very high</b> overlap" in text
    assert "2 reviews (c) cite 5 studies (r) 7 times (N)" in text
    assert f"Left out, because no study is listed for it: {listed[2].label} (1 review)." in text
    assert "3 in 1, 2 in 2" in text
    assert "<svg" in text and "data-heatmap" in text
    assert "Compute again" not in text
    assert 'data-field="cca">40.0%</dd>' in text and 'data-field="most">75.0%</dd>' in text


def test_before_anything_is_computed_the_page_says_what_is_missing(team, reviews, signed_in):
    client = signed_in(team.ana)
    assert "No review has a list of primary studies yet" in client.get(page(team)).content.decode()
    save(team, reviews[0], 1)
    assert "1 of 3 included reviews has a list" in client.get(page(team)).content.decode()
    text = signed_in(team.observer).get(page(team)).content.decode()
    assert "Only a coordinator or reviewer can compute the overlap" in text
    assert 'type="submit">Compute' not in text


def test_with_one_list_the_figure_is_undefined_and_says_why(team, reviews, signed_in):
    save(team, reviews[0], 1, 2)
    compute(team)
    text = signed_in(team.ana).get(page(team)).content.decode()
    assert "<b>undefined</b>" in text
    assert "only one review has a list of studies, and it takes two" in text
    assert "A heat map compares pairs" in text


def test_asking_shows_progress_until_the_job_is_over(team, listed, signed_in):
    client = signed_in(team.ana)
    text = client.post(reverse("overlap:compute", args=[team.project.slug]), follow=True).content.decode()
    job = Job.objects.get(kind="overlap")
    assert f'id="job-{job.pk}"' in text and "hx-get" in text
    jobs.run(str(job.pk))
    assert f'id="job-{job.pk}"' not in client.get(page(team)).content.decode()
    assert client.post(reverse("overlap:compute", args=[team.project.slug])).status_code == 302
    assert Job.objects.filter(kind="overlap").count() == 1
    assert signed_in(team.observer).post(reverse("overlap:compute", args=[team.project.slug])).status_code == 403


def test_whenever_it_ends_while_the_page_is_made_the_page_shows_it_or_its_job(team, listed, signed_in):
    job = actions.compute(by=team.ana)
    client = signed_in(team.ana)
    said = list(pages_as_it_ends(job, lambda: client.get(page(team))))
    assert len(said) > 5
    assert all("figline" in one or f'id="job-{job.pk}"' in one for one in said)
    assert any("figline" in one for one in said) and any(f'id="job-{job.pk}"' in one for one in said)


def test_a_failed_computation_is_said_in_a_sentence(team, listed, signed_in, monkeypatch):
    monkeypatch.setattr(actions, "computed", lambda *args: 1 / 0)
    jobs.run(str(actions.compute(by=team.ana).pk))
    assert "Something went wrong on the server" in signed_in(team.ana).get(page(team)).content.decode()


def test_pairs_are_sorted_and_paged(team, listed, signed_in, monkeypatch):
    from extraction.overlap import views

    save(team, listed[2], 1, 2, 3, 4)
    compute(team)
    monkeypatch.setattr(views, "PAIRS", 2)
    client = signed_in(team.ana)
    first = client.get(page(team), {"sort": "shared"}).context
    assert [row["shared"] for row in first["pairs"]] == [4, 2]
    assert first["shown_pairs"] == "1 to 2 of 3"
    second = client.get(first["next_url"]).context
    assert len(second["pairs"]) == 1 and second["previous_url"]
    assert client.get(page(team), {"sort": "x", "from": "999"}).context["sort"] == "cca"


def test_the_drawing_is_a_file_with_its_names_as_words(team, listed, signed_in):
    client = signed_in(team.observer)
    url = reverse("overlap:drawing", args=[team.project.slug])
    assert client.get(url).status_code == 404
    IncludedReview.objects.filter(pk=listed[0].pk).update(label="<b>Elm</b> & Fir, 2020")
    compute(team)
    response = client.get(url)
    assert response["Content-Type"] == "image/svg+xml"
    assert b"<b>" not in response.content and b"&lt;b&gt;Elm" in response.content
    assert "<b>Elm</b>" not in client.get(page(team)).content.decode()


def test_the_page_costs_few_queries(team, listed, signed_in, django_assert_max_num_queries):
    compute(team)
    client = signed_in(team.ana)
    with django_assert_max_num_queries(50):
        client.get(page(team))


def test_the_api_gives_the_figure_its_state_and_its_assumptions(team, listed, signed_in):
    url = reverse("overlap-api:overlap", args=[team.project.slug])
    client = signed_in(team.ana)
    assert client.get(url).json()["state"] == "not computed"
    started = client.post(url)
    assert started.status_code == 202
    assert client.get(url).json()["job"]["id"] == started.json()["id"]
    jobs.run(started.json()["id"])
    body = client.get(url).json()
    assert (body["state"], body["cca"], body["band"], body["frequency"]) == ("computed", 0.4, "very high", {"1": 3, "2": 2})
    assert (body["pairs"][0]["shared"], body["pairs"][0]["either"]) == (2, 5)
    assert body["assumptions"]["review_years"] == "publication"
    save(team, listed[2], 9)
    assert client.get(url).json()["state"] == "stale"
    assert signed_in(team.observer).post(url).status_code == 403

"""Extracting from an included review: facts, two at once, the pages and the API."""

from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import InternalError, ProgrammingError
from django.urls import reverse

from extraction.forms.actions import NotValid, SavedMeanwhile, save_extraction
from extraction.forms.models import Extraction
from extraction.forms.queries import extracted, latest_extraction, to_extract
from screening.decisions.models import ReportStage
from screening.fulltext.actions import record_retrieval
from screening.fulltext.queries import reports_of_review
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol.models import Question
from tests.cast import decide, import_titles
from tests.extraction.conftest import drop

VALUES = {"design": "scoping", "studies": "24", "peer_type": "both"}


def page(team, review):
    return reverse("forms:extract", args=[team.project.slug, review.pk])


def posted(**values):
    return {
        "design": "",
        "aim": "",
        "studies": "",
        "participants": "",
        "population": "",
        "countries": "",
        "peer_type": "",
        "peer_support": "",
        "own_appraisal": "",
        "replaces": "",
        **values,
    }


def test_a_saved_extraction_is_a_fact_that_the_next_replaces(team, reviews):
    first = save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    second = save_extraction(by=team.ben, review=reviews[0], values=VALUES | {"studies": 25}, replaces=first.pk)
    assert second.replaces_id == first.pk
    assert latest_extraction(reviews[0]) == second
    assert first.values == {"design": "scoping", "studies": 24, "peer_type": "both"}
    assert Extraction.objects.filter(review=reviews[0]).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_extraction_is_never_changed_or_deleted(team, reviews):
    saved = save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    for sql in ("UPDATE extraction_extraction SET template = 'x' WHERE id = %s", "DELETE FROM extraction_extraction WHERE id = %s"):
        with pytest.raises((InternalError, ProgrammingError)), connection.cursor() as cursor:
            cursor.execute(sql, [saved.pk])
    assert Extraction.objects.get(pk=saved.pk).values == saved.values


def test_a_second_person_saving_over_a_newer_version_is_told_and_nothing_is_lost(team, reviews):
    first = save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    with pytest.raises(SavedMeanwhile) as told:
        save_extraction(by=team.ben, review=reviews[0], values={"design": "realist"})
    assert told.value.latest == first
    assert "Ana" in str(told.value)
    save_extraction(by=team.ben, review=reviews[0], values={"design": "realist"}, replaces=first.pk)
    assert Extraction.objects.filter(review=reviews[0]).count() == 2


def test_the_same_answers_arriving_twice_are_one_fact(team, reviews):
    first = save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    assert save_extraction(by=team.ana, review=reviews[0], values=VALUES) == first
    assert save_extraction(by=team.ben, review=reviews[0], values=VALUES | {"studies": 24}, replaces=first.pk) == first


def test_what_is_not_valid_is_refused_by_field(team, reviews):
    with pytest.raises(NotValid) as told:
        save_extraction(by=team.ana, review=reviews[0], values={"studies": "many", "design": "x"})
    assert set(told.value.errors) == {"studies", "design"}
    with pytest.raises(Refused, match="Nothing was entered"):
        save_extraction(by=team.ana, review=reviews[0], values={"aim": " "})
    with pytest.raises(Refused, match="Open the form again"):
        save_extraction(by=team.ana, review=reviews[0], values=VALUES, replaces=uuid4())


def test_only_reviewers_and_coordinators_extract(team, reviews):
    for member in (team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            save_extraction(by=member, review=reviews[0], values=VALUES)


def test_an_answer_with_a_question_since_removed_is_kept(team, reviews):
    question = Question.objects.create(project=team.project, position=1, label="Works", text="Does it work?")
    first = save_extraction(by=team.ana, review=reviews[0], values={"questions": [str(question.pk)]})
    Question.objects.filter(pk=question.pk).update(removed=True)
    second = save_extraction(by=team.ana, review=reviews[0], values={"questions": [str(question.pk)], "studies": 2}, replaces=first.pk)
    assert second.values["questions"] == [str(question.pk)]
    with pytest.raises(NotValid):
        save_extraction(by=team.ana, review=reviews[1], values={"questions": [str(question.pk)]})


def test_reviews_wait_since_the_first_was_included(team, reviews):
    def since():
        return [item.since for item in contributions.waiting_for(team.ana) if "to extract" in item.label]

    rows = ReportStage.objects.filter(project=team.project, stage="full_text", status="include").order_by("since")
    came = list(rows.values_list("since", flat=True))
    assert len(came) == to_extract(team.project) == 3 and since() == [came[0]]
    first = next(one for one in reviews if rows[0].report_id in set(reports_of_review(one).values_list("pk", flat=True)))
    save_extraction(by=team.ana, review=first, values=VALUES)
    assert since() == [came[1]]


def test_a_review_excluded_later_cannot_be_extracted_and_its_facts_stay(team, reviews, signed_in):
    saved = save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    assert (extracted(team.project), to_extract(team.project)) == (1, 2)
    drop(team, reviews[0])
    assert (extracted(team.project), to_extract(team.project)) == (0, 2)
    with pytest.raises(Refused, match="not included any more"):
        save_extraction(by=team.ana, review=reviews[0], values={"design": "realist"}, replaces=saved.pk)
    response = signed_in(team.ana).get(page(team, reviews[0]))
    assert "This review is not included any more" in response.content.decode()
    assert "Scoping review" in response.content.decode()


def test_the_list_offers_to_start_and_counts_what_waits(team, reviews, signed_in):
    extra = import_titles(team, "A fourth review of peers")[0]
    for stage in ("title_abstract", "full_text"):
        for member in (team.ana, team.ben):
            decide(member, extra, "include", stage=stage)
        if stage == "title_abstract":
            record_retrieval(by=team.ana, report_id=extra.pk, status="retrieved")
    client = signed_in(team.ana)
    text = client.get(reverse("forms:list", args=[team.project.slug])).content.decode()
    assert text.count("Start extraction</button>") == 1
    assert "0 of 4 included reviews extracted" in text
    started = client.post(reverse("forms:start", args=[team.project.slug, extra.pk]))
    again = client.post(reverse("forms:start", args=[team.project.slug, extra.pk]))
    assert started.url == again.url
    assert [item.count for item in contributions.waiting_for(team.ana) if "extract" in item.label] == [4]
    assert not [item for item in contributions.waiting_for(team.observer) if "extract" in item.label]


def test_a_report_that_is_not_included_has_no_extraction(team, reports, signed_in):
    response = signed_in(team.ana).post(reverse("forms:start", args=[team.project.slug, reports[0].pk]), follow=True)
    assert "Only reports included at full text" in response.content.decode()
    assert signed_in(team.working_group).post(reverse("forms:start", args=[team.project.slug, reports[0].pk])).status_code == 403


def test_the_list_costs_the_same_for_more_reviews(team, reviews, signed_in, django_assert_max_num_queries):
    client = signed_in(team.ana)
    for review in reviews:
        save_extraction(by=team.ana, review=review, values=VALUES)
    with django_assert_max_num_queries(45):
        client.get(reverse("forms:list", args=[team.project.slug]))


def test_the_form_saves_and_says_how_much_is_open(team, reviews, signed_in):
    client = signed_in(team.ana)
    response = client.post(page(team, reviews[0]), posted(design="scoping", studies="1,027", participants_not_reported="on"), follow=True)
    assert "7 of 10 questions are still open" in response.content.decode()
    assert latest_extraction(reviews[0]).values == {"design": "scoping", "studies": 1027, "participants": "not_reported"}
    history = contributions.history_of("review", team.ana, reviews[0])
    assert any("Included studies: 1,027" in line.detail for line in history)


def test_a_refused_form_keeps_what_was_written(team, reviews, signed_in):
    response = signed_in(team.ana).post(page(team, reviews[0]), posted(studies="some twenty", aim="To see"))
    assert response.status_code == 422
    text = response.content.decode()
    assert "some twenty" in text and "To see" in text and "Write a whole number" in text
    assert latest_extraction(reviews[0]) is None


def test_both_versions_are_shown_side_by_side_and_saving_again_replaces(team, reviews, signed_in):
    theirs = save_extraction(by=team.ben, review=reviews[0], values=VALUES)
    client = signed_in(team.ana)
    response = client.post(page(team, reviews[0]), posted(design="realist", studies="24"))
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody saved first" in text and "Ben" in text
    assert "Scoping review" in text and "Realist review" in text
    assert f'value="{theirs.pk}"' in text
    client.post(page(team, reviews[0]), posted(design="realist", studies="24", replaces=str(theirs.pk)))
    assert latest_extraction(reviews[0]).values == {"design": "realist", "studies": 24}


def test_everybody_reads_and_only_some_change(team, reviews, signed_in):
    save_extraction(by=team.ana, review=reviews[0], values=VALUES)
    text = signed_in(team.working_group).get(page(team, reviews[0])).content.decode()
    assert "Scoping review" in text and "Only a coordinator or reviewer can extract data" in text
    assert 'name="design"' not in text
    assert signed_in(team.working_group).post(page(team, reviews[0]), posted(design="realist")).status_code == 403


def test_another_projects_review_is_not_found(team, reviews, client):
    from screening.projects.actions import create_project

    elsewhere = create_project(user=team.outsider, title="Elsewhere")
    client.force_login(team.outsider)
    assert client.get(page(team, reviews[0])).status_code == 404
    assert client.get(reverse("forms:extract", args=[elsewhere.project.slug, reviews[0].pk])).status_code == 404


def api(team, name, *args):
    return reverse(f"forms-api:{name}", args=[team.project.slug, *args])


def test_the_api_lists_starts_and_saves(team, reviews, signed_in):
    client = signed_in(team.ana)
    listed = client.get(api(team, "reviews")).json()["results"]
    assert {row["review"] for row in listed} == {str(review.pk) for review in reviews}
    made = client.post(api(team, "reviews"), {"report": listed[0]["report"]}, content_type="application/json")
    assert (made.status_code, made.json()["id"]) == (201, listed[0]["review"])
    sent = {"review": str(reviews[0].pk), "values": VALUES}
    saved = client.post(api(team, "extractions"), sent, content_type="application/json")
    assert saved.status_code == 201 and saved.json()["values"]["studies"] == 24
    assert [row["id"] for row in client.get(api(team, "extractions")).json()["results"]] == [saved.json()["id"]]


def test_the_api_names_the_field_and_tells_a_newer_version(team, reviews, signed_in):
    client = signed_in(team.ana)
    bad = client.post(api(team, "extractions"), {"review": str(reviews[0].pk), "values": {"studies": "x"}}, content_type="application/json")
    assert bad.status_code == 400 and bad.json()["errors"][0]["field"] == "values.studies"
    save_extraction(by=team.ben, review=reviews[0], values=VALUES)
    late = client.post(api(team, "extractions"), {"review": str(reviews[0].pk), "values": {"studies": 1}}, content_type="application/json")
    assert late.status_code == 409 and "Ben" in late.json()["detail"]


def test_the_api_pages_by_cursor(team, reviews, signed_in, monkeypatch):
    from extraction.forms.api import Extractions

    monkeypatch.setattr(Extractions, "size", 2)
    for review in reviews:
        save_extraction(by=team.ana, review=review, values=VALUES)
    client = signed_in(team.ana)
    first = client.get(api(team, "extractions")).json()
    second = client.get(api(team, "extractions"), {"cursor": first["next"]}).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)
    assert client.get(api(team, "extractions"), {"cursor": "nonsense"}).status_code == 200

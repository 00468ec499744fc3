"""Several reports of one review: linked by hand, counted apart, taken apart again; and the questions of what was included."""

from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from screening.flow.queries import reviews_included
from screening.fulltext.actions import record_retrieval, review_of
from screening.fulltext.models import ReviewLink
from screening.fulltext.reviews import actions
from screening.fulltext.reviews.queries import by_question, questions_of_included, together
from screening.projects.access import Denied
from screening.projects.actions import Refused
from tests.cast import decide
from tests.fulltext.test_assessing import asked, passing, record, say, texts  # noqa: F401


@pytest.fixture
def included(team, reports):
    for report in reports[:3]:
        for stage in ("title_abstract", "full_text"):
            for member in (team.ana, team.ben):
                decide(member, report, "include", stage)
            if stage == "title_abstract":
                record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    return reports[:3]


def test_reports_of_one_review_are_counted_apart_from_reviews(team, included):
    one, two, three = included
    here = together(team.project)
    assert (here.reports, here.reviews, reviews_included(team.project)) == (3, 3, 3)
    review = actions.same_review(by=team.ana, report=two, other=one)
    actions.same_review(by=team.ben, report=three, other=two)
    here = together(team.project)
    assert (here.reports, here.reviews, reviews_included(team.project)) == (3, 1, 1)
    assert {report.pk for report in here.others[two.pk]} == {one.pk, three.pk} and review_of(by=team.ana, report=three) == review


def test_a_report_goes_back_to_the_review_it_was_with_what_was_said_there(team, included):
    one, two, _ = included
    own = review_of(by=team.ana, report=two)
    actions.same_review(by=team.ana, report=two, other=one)
    assert actions.stands_alone(by=team.ana, report=two) == own
    assert together(team.project).reviews == 3 and ReviewLink.objects.filter(report=two).count() == 3
    assert actions.stands_alone(by=team.ana, report=two) == own and ReviewLink.objects.filter(report=two).count() == 3


def test_the_first_of_a_review_can_stand_alone_and_leaves_it_to_the_others(team, included):
    one, two, _ = included
    review = actions.same_review(by=team.ana, report=two, other=one)
    new = actions.stands_alone(by=team.ana, report=one)
    assert new != review and review_of(by=team.ana, report=two) == review and together(team.project).reviews == 3


def test_only_included_reports_and_only_those_entitled(team, included, reports):
    one, two, _ = included
    with pytest.raises(Refused, match="another report than this one"):
        actions.same_review(by=team.ana, report=one, other=one)
    with pytest.raises(Refused, match="included at full text"):
        actions.same_review(by=team.ana, report=one, other=reports[3])
    for member in (team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            actions.same_review(by=member, report=one, other=two)


def test_the_page_links_and_parts_and_shows_both_counts(client, team, included):
    one, two, _ = included
    client.force_login(team.ana.user)
    page = reverse("fulltext:included", args=[team.project.slug])
    assert "3 reports included at full text, of 3 reviews." in client.get(page).content.decode()
    belongs = reverse("fulltext:belongs", args=[team.project.slug, two.pk])
    said = client.post(belongs, {"other": str(one.pk)}, follow=True).content.decode()
    assert "of 2 reviews." in said and "Of the same review" in said
    assert "of 3 reviews." in client.post(belongs, {"other": "alone"}, follow=True).content.decode()
    assert client.post(belongs, {"other": "nonsense"}).status_code == 404
    client.force_login(team.observer.user)
    shown = client.get(page).content.decode()
    assert "They are one review" not in shown and "Only a coordinator or reviewer can extract data" in shown


def test_the_questions_of_what_was_included_follow_from_both(client, team, texts, asked):  # noqa: F811
    record(team.ana, texts[0], "include", passing(asked))
    assert questions_of_included(team.project) == {}
    record(team.ben, texts[0], "include", passing(asked, **{"Outcome Effects": say(asked, "Outcome", "no", "Effects")}))
    effects, experiences = str(asked["Effects"].pk), str(asked["Experiences"].pk)
    found = questions_of_included(team.project)
    assert found == {texts[0].pk: (frozenset({experiences}), frozenset({effects}))}
    assert [(line.label, line.agreed, line.differing) for line in by_question(team.project, found)] == [
        ("Effects", 0, 1),
        ("Experiences", 1, 0),
    ]
    client.force_login(team.working_group.user)
    assert "Effects: they differ" in client.get(reverse("fulltext:included", args=[team.project.slug])).content.decode()
    (row,) = client.get(reverse("fulltext-api:included", args=[team.project.slug])).json()["results"]
    assert (row["questions"], row["differ_on"]) == ([experiences], [effects])


def test_the_api_says_which_reports_are_one_review(client, team, included):
    one, two, _ = included
    client.force_login(team.ana.user)
    address = reverse("fulltext-api:belonging", args=[team.project.slug, two.pk])
    assert client.post(address, {"other": str(one.pk)}, content_type="application/json").json()["same_review"] == [str(one.pk)]
    counts = client.get(reverse("fulltext-api:included", args=[team.project.slug])).json()
    assert (counts["reports"], counts["reviews"]) == (3, 2)
    assert client.post(address, {"other": None}, content_type="application/json").json()["same_review"] == []
    assert client.post(address, {"other": str(uuid4())}, content_type="application/json").status_code == 404


def test_the_api_records_answers_and_shows_them_to_their_author_alone(client, team, texts, asked):  # noqa: F811
    client.force_login(team.ana.user)
    address = reverse("fulltext-api:assessments", args=[team.project.slug])
    answers = [
        {"criterion": one.criterion, "question": one.question, "answer": one.answer, "quote": one.quote, "page": one.page}
        | ({"figures": {"met": 8, "unclear": 2, "total": 15, "how": "counted"}} if one.figures else {})
        for one in passing(asked)
    ]
    sent = {"id": str(uuid4()), "report": str(texts[0].pk), "answer": "include", "answers": answers}
    made = client.post(address, sent, content_type="application/json")
    assert made.status_code == 201, made.content
    paid = next(one for one in made.json()["answers"] if UUID(one["criterion"]) == asked["Paid"].pk)
    assert (paid["answer"], paid["share"]["low"], paid["share"]["high"]) == ("yes", "8/15", "2/3")
    assert client.post(address, sent, content_type="application/json").status_code == 200
    assert len(client.get(address, {"report": str(texts[0].pk)}).json()["results"]) == 1
    verdict = reverse("fulltext-api:verdict", args=[team.project.slug])
    asked_for = client.post(verdict, {"answers": answers[1:]}, content_type="application/json").json()
    assert asked_for["word"] == "open" and asked_for["missing"] == [{"criterion": str(asked["Review"].pk), "question": None}]
    odd = {"answers": [{"criterion": str(asked["Paid"].pk), "figures": {"met": 9, "total": 8, "how": "counted"}}]}
    refused = client.post(verdict, odd, content_type="application/json")
    assert refused.status_code == 400 and "more than the 8 looked at" in refused.content.decode()
    client.force_login(team.ben.user)
    assert client.get(address, {"report": str(texts[0].pk)}).json()["results"] == []

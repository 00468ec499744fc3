"""Answers to criteria: kept while they are typed, written with the decision they were made on, blind like it."""

import io
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from screening.decisions.actions import Clash, reveal
from screening.decisions.authors.actions import declare
from screening.decisions.bringing.queries import facts_of_many
from screening.decisions.models import Decision, ReportStage
from screening.decisions.queries import decisions_in_force, events_of
from screening.flow.checks import check_project
from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents.actions import keep_documents
from screening.fulltext.models import Assessment, AssessmentDraft, CriterionAnswer
from screening.fulltext.worksheet.actions import Answered, assess, keep_draft
from screening.fulltext.worksheet.comparing import comparison_of
from screening.fulltext.worksheet.queries import assessed_by, questions_of_review
from screening.fulltext.worksheet.rules import Figures
from screening.projects import jobs
from screening.projects.access import Denied
from screening.projects.actions import Refused, set_roles
from screening.protocol import actions as protocol
from screening.references.actions import join_reports, split_record
from screening.references.models import Record
from tests.cast import decide
from tests.fulltext.pdfs import pdf_of
from tests.walk import same_for_all


@pytest.fixture
def asked(team):
    """Cooper's kinds of criterion: judged, a threshold, a descriptor with one resting on it, and one per question."""
    made = {}
    for label in ("Effects", "Experiences"):
        made[label] = protocol.save_question(by=team.coordinator, label=label, text=f"What of {label.lower()}?")
    for label, values in (
        ("Review", {}),
        ("Outcome", {"scope": "question"}),
        ("Paid", {"kind": "threshold", "threshold_percent": 50}),
        ("Quantitative", {"kind": "descriptor"}),
    ):
        values = {"label": label, "text": f"{label}.", "kind": "judged", "scope": "review", **values}
        made[label] = protocol.save_criterion(by=team.coordinator, values=values)
    rests = {"condition_on": made["Quantitative"], "condition_answer": "yes"}
    made["Appraised"] = protocol.save_criterion(by=team.coordinator, values={"label": "Appraised", "text": "Did so.", **rests})
    protocol.record_version(by=team.coordinator)
    return made


@pytest.fixture
def texts(team, asked, reports):
    for report in reports[:2]:
        for member in (team.ana, team.ben):
            decide(member, report, "include")
        record_retrieval(by=team.ana, report_id=report.pk, status="retrieved")
    return reports[:2]


@pytest.fixture
def browse(client):
    def as_member(member):
        client.force_login(member.user)
        return client

    return as_member


def passing(asked, **other):
    """Answers that include it for both questions; `other` replaces or (None) leaves out, by label."""
    said = {
        "Review": Answered(str(asked["Review"].pk), None, "yes", None, "A systematic review.", "2"),
        "Outcome Effects": Answered(str(asked["Outcome"].pk), str(asked["Effects"].pk), "yes"),
        "Outcome Experiences": Answered(str(asked["Outcome"].pk), str(asked["Experiences"].pk), "yes"),
        "Paid": Answered(str(asked["Paid"].pk), None, None, Figures(8, 15, 2)),
        "Quantitative": Answered(str(asked["Quantitative"].pk), None, "no"),
    }
    return [one for one in {**said, **other}.values() if one]


def say(asked, label, answer, question=None, **more):
    return Answered(str(asked[label].pk), str(asked[question].pk) if question else None, answer, **more)


def record(member, report, answer, answered, **more):
    return assess(by=member, report_id=report.pk, answer=answer, decision_id=more.pop("id", None) or uuid4(), answered=answered, **more)


def row(report):
    return ReportStage.objects.get(report=report, stage="full_text")


def address(team, name, report):
    return reverse(f"fulltext:{name}", args=[team.project.slug, report.pk])


def form_of(asked, **values):
    """The form's fields by what people call them: `Paid_met=7`, `Outcome_Effects="yes"`, quote_Review="..."."""
    sent = {"decision_id": str(uuid4())}
    for name, value in values.items():
        parts = name.split("_")
        field = parts.pop(0) if parts[0] in ("quote", "page", "met", "unclear", "total", "how", "lookedat") else "answer"
        if parts[0] not in asked:
            sent[name] = value
            continue
        sent[f"{field.replace('lookedat', 'looked_at')}-{'_'.join(asked[part].pk.hex for part in parts)}"] = value
    return sent


ALL = {"Review": "yes", "Outcome_Effects": "yes", "Outcome_Experiences": "no", "met_Paid": "8", "total_Paid": "15", "how_Paid": "counted"}


def test_the_answers_are_written_with_the_decision_and_the_questions_follow(team, texts, asked):
    made = record(team.ana, texts[0], "include", passing(asked, **{"Outcome Effects": say(asked, "Outcome", "no", "Effects")}))
    assessment = Assessment.objects.get(decision=made)
    assert assessment.questions == [asked["Experiences"].pk] and made.failed == []
    answers = {(a.criterion, a.question): a for a in CriterionAnswer.objects.filter(assessment=assessment)}
    review, paid = answers[asked["Review"].pk, None], answers[asked["Paid"].pk, None]
    assert (review.answer, review.quote, review.page) == ("yes", "A systematic review.", "2")
    assert (paid.answer, paid.met, paid.unclear, paid.total, paid.how, paid.looked_at) == ("yes", 8, 2, 15, "counted", None)
    assert answers[asked["Outcome"].pk, asked["Effects"].pk].answer == "no"


def test_what_excludes_follows_from_the_answers_in_protocol_order(team, texts, asked):
    more = {"Paid": say(asked, "Paid", None, figures=Figures(3, 15, 1)), "Review": say(asked, "Review", "no")}
    for member in (team.ana, team.ben):
        made = record(member, texts[0], "exclude", passing(asked, **more))
    assert made.failed == sorted([asked["Review"].pk, asked["Paid"].pk], key=str)
    assert row(texts[0]).primary_reason == asked["Review"].pk and row(texts[0]).status == "exclude"
    assert Assessment.objects.get(decision=made).follows_reason == asked["Review"].pk


@pytest.mark.parametrize(
    ("answer", "change", "sentence"),
    [
        ("include", ("Review", "no"), r"Your answers exclude this full text \(Review\)"),
        ("include", ("Review", None), "Still open: Review"),
        ("exclude", ("Review", "unclear"), "None of your answers excludes it"),
        ("maybe", ("Review", "yes"), "included or excluded"),
        ("include", ("Review", "perhaps"), "yes, no or unclear"),
    ],
)
def test_a_decision_that_does_not_fit_its_answers_is_refused_whole(team, texts, asked, answer, change, sentence):
    with pytest.raises(Refused, match=sentence):
        record(team.ana, texts[0], answer, passing(asked, **{change[0]: say(asked, *change)}))
    assert not Decision.objects.filter(stage="full_text").exists() and not Assessment.objects.exists()


def test_a_conditional_criterion_must_be_answered_once_it_applies(team, texts, asked):
    quantitative = {"Quantitative": say(asked, "Quantitative", "yes")}
    with pytest.raises(Refused, match="Still open: Appraised"):
        record(team.ana, texts[0], "include", passing(asked, **quantitative))
    made = record(team.ana, texts[0], "exclude", passing(asked, Appraised=say(asked, "Appraised", "no"), **quantitative))
    assert made.failed == [asked["Appraised"].pk]
    # Where it does not apply its answer is no part of the record.
    other = record(team.ben, texts[0], "include", passing(asked, Appraised=say(asked, "Appraised", "no")))
    assert not CriterionAnswer.objects.filter(assessment__decision=other, criterion=asked["Appraised"].pk).exists()


def test_unknown_places_and_answers_given_twice_are_refused(team, texts, asked):
    with pytest.raises(Refused, match="protocol changed"):
        record(team.ana, texts[0], "include", [*passing(asked), Answered(str(uuid4()), None, "yes")])
    with pytest.raises(Refused, match="answered twice"):
        record(team.ana, texts[0], "include", [*passing(asked), say(asked, "Review", "no")])


def test_the_same_id_is_one_assessment_and_says_so_when_it_says_something_else(team, texts, asked):
    id = uuid4()
    record(team.ana, texts[0], "include", passing(asked), id=id)
    record(team.ana, texts[0], "include", passing(asked), id=id)
    assert Assessment.objects.count() == 1 and CriterionAnswer.objects.count() == 5
    with pytest.raises(Clash):
        record(team.ana, texts[0], "include", passing(asked, Review=say(asked, "Review", "unclear")), id=id)


def test_only_who_screens_full_texts_assesses_or_keeps_a_draft(team, texts, asked):
    for member in (team.coordinator, team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            record(member, texts[0], "include", passing(asked))
        with pytest.raises(Denied):
            keep_draft(by=member, report_id=texts[0].pk, values={"note": "mine"})


def test_answers_are_shown_only_with_decisions_one_may_see(team, texts, asked):
    record(team.ana, texts[0], "include", passing(asked))
    for viewer in (team.ben, team.coordinator, team.adjudicator):
        assert assessed_by(decisions_in_force(viewer, texts[0].pk, "full_text")) == {}
    assert len(assessed_by(decisions_in_force(team.ana, texts[0].pk, "full_text"))) == 1
    record(team.ben, texts[0], "include", passing(asked, **{"Outcome Effects": say(asked, "Outcome", "no", "Effects")}))
    seen = decisions_in_force(team.coordinator, texts[0].pk, "full_text")
    assert questions_of_review(seen) == ((str(asked["Experiences"].pk),), (str(asked["Effects"].pk),))
    assert assessed_by(decisions_in_force(team.working_group, texts[0].pk, "full_text")) == {}


def test_sides_are_compared_criterion_by_criterion_for_whoever_settles(browse, team, texts, asked):
    quote = "Volunteers did the work."
    record(team.ana, texts[0], "include", passing(asked))
    record(team.ben, texts[0], "exclude", passing(asked, Review=say(asked, "Review", "no", quote=quote, page="7")))
    page = reverse("decisions:conflict", args=[team.project.slug, "full_text", texts[0].pk])
    client = browse(team.adjudicator)
    assert quote not in client.get(page).content.decode()
    reveal(by=team.adjudicator, report_id=texts[0].pk, stage="full_text")
    shown = client.get(page).content.decode()
    assert quote in shown and "Page 7" in shown and "They differ on “Review”" in shown and "8 to 10 of 15 studies" in shown
    compared = comparison_of(team.project, decisions_in_force(team.adjudicator, texts[0].pk, "full_text"))
    assert [line.label for line in compared.lines][:2] == ["Review", "Outcome: Effects"]
    assert compared.questions == ["Effects; Experiences", ""]


def test_answers_follow_the_record_they_were_made_on(team, texts, asked):
    keep, other = texts
    record(team.ana, other, "include", passing(asked))
    keep_draft(by=team.ana, report_id=other.pk, values={"note": "Half a thought"})
    record_then = Record.objects.get(placement__report=other)
    join_reports(by=team.coordinator, keep=keep, other=other, reason="One report.")
    assert len(assessed_by(decisions_in_force(team.ana, keep.pk, "full_text"))) == 1
    new = split_record(by=team.coordinator, record=record_then, reason="Two reports.")
    assert len(assessed_by(decisions_in_force(team.ana, new.pk, "full_text"))) == 1
    assert keep_draft(by=team.ana, report_id=new.pk, values={"reason_why": "x"}).body == {"note": "Half a thought", "reason_why": "x"}


def test_what_is_typed_is_kept_through_a_reload_and_is_nobody_else_s(browse, team, texts, asked):
    client = browse(team.ana)
    kept = client.post(address(team, "draft", texts[0]), form_of(asked, quote_Review="Half a sent", Quantitative="yes", note="Zebra"))
    assert kept.status_code == 302 and AssessmentDraft.objects.get().member == team.ana
    page = client.get(address(team, "assess", texts[0])).content.decode()
    assert "Half a sent" in page and "Zebra" in page
    # What rests on the answer is asked now.
    assert f'name="shown" value="{asked["Appraised"].pk.hex}"' in page
    for other in (team.ben, team.coordinator):
        theirs = browse(other).get(address(team, "assess", texts[0])).content.decode()
        assert "Half a sent" not in theirs and "Zebra" not in theirs


def test_the_page_is_told_what_changed_without_a_reload(browse, team, texts, asked):
    client, headers = browse(team.ana), {"HX-Request": "true"}
    sent = form_of(asked, **ALL, Quantitative="yes")
    shown = [key.split("-")[1] for key in sent if key.startswith("answer-")] + [asked["Paid"].pk.hex]
    answer = client.post(address(team, "draft", texts[0]), {**sent, "shown": shown}, headers=headers).content.decode()
    assert f'id="crit-{asked["Appraised"].pk.hex}" data-place hx-swap-oob="true"' in answer
    assert f'id="crit-{asked["Review"].pk.hex}"' not in answer, "what did not change stays under the fingers"
    assert "8 of 15 studies meet it: 53.3%" in answer and "Follows from the figures" in answer
    assert "Still to answer: Appraised" in answer and "Eligible for: Effects" in answer and "not recorded yet" in answer
    again = {**sent, "shown": [*shown, asked["Appraised"].pk.hex], "decided": [asked["Paid"].pk.hex]}
    answer = client.post(address(team, "draft", texts[0]), again, headers=headers).content.decode()
    assert 'id="crit-' not in answer and "Follows from the figures" not in answer


def test_the_form_records_answers_and_goes_on(browse, team, texts, asked):
    client = browse(team.ana)
    sent = form_of(asked, **ALL, Quantitative="no", answer="include", quote_Review="It is one.", page_Review="3")
    assert client.post(address(team, "decide", texts[0]), sent)["Location"] == address(team, "assess", texts[1])
    made = Decision.objects.get(stage="full_text")
    assert Assessment.objects.get(decision=made).questions == [asked["Effects"].pk]
    again = client.get(address(team, "assess", texts[0])).content.decode()
    assert "It is one." in again and "Answer differently" in again


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"met_Paid": "9", "total_Paid": "8"}, "more than the 8 looked at"),
        ({"met_Paid": "3", "total_Paid": ""}, "how many there are in all"),
        ({"met_Paid": "many"}, "Enter a whole number"),
        ({"how_Paid": "sampled"}, "how many studies were looked at"),
        ({"how_Paid": ""}, "Say how this was determined"),
        ({"answer": ""}, "Choose include or exclude."),
        ({"Review": "perhaps"}, "Select a valid choice"),
    ],
)
def test_odd_figures_are_refused_beside_their_criterion_and_nothing_typed_is_lost(browse, team, texts, asked, values, sentence):
    sent = form_of(asked, **{**ALL, "Quantitative": "no", "answer": "include", "quote_Review": "My quote", **values})
    response = browse(team.ana).post(address(team, "decide", texts[0]), sent)
    page = response.content.decode()
    assert response.status_code == 422 and sentence in page and "My quote" in page
    assert not Decision.objects.filter(stage="full_text").exists()


def test_what_was_typed_is_shown_again_with_why_where_the_full_text_was_lost_meanwhile(browse, team, texts, asked):
    record_retrieval(by=team.ben, report_id=texts[0].pk, status="sought", detail="The file was of another report.")
    sent = form_of(asked, **ALL, Quantitative="no", answer="include", quote_Review="My quote")
    response = browse(team.ana).post(address(team, "decide", texts[0]), sent)
    page = response.content.decode()
    assert response.status_code == 422 and "has not been marked as obtained" in page and "My quote" in page


def test_why_a_full_text_is_not_for_somebody_is_said(browse, team, texts, asked):
    declare(by=team.ana, report_id=texts[0].pk)
    page = browse(team.ana).get(address(team, "assess", texts[0])).content.decode()
    assert "You are an author of this report, as you declared." in page and "As many people as it needs" not in page
    record(team.ben, texts[0], "include", passing(asked))
    for member in (team.observer, team.adjudicator):
        set_roles(by=team.coordinator, member=member, roles={"reviewer"})
        page = browse(member).get(address(team, "assess", texts[0])).content.decode()
    assert "As many people as it needs have it already, or have decided on it. It stays here until it is settled." in page


def test_what_is_wrong_in_a_criterion_that_does_not_apply_stands_in_nobody_s_way(browse, team, texts, asked):
    sent = form_of(asked, **ALL, Quantitative="no", answer="include", page_Appraised="x" * 60)
    assert browse(team.ana).post(address(team, "decide", texts[0]), sent).status_code == 302


def test_a_draft_has_a_limit_and_says_so(browse, team, texts, asked):
    huge = form_of(asked, note="x" * 400_000)
    answer = browse(team.ana).post(address(team, "draft", texts[0]), huge, headers={"HX-Request": "true"})
    assert "more than can be kept" in answer.content.decode() and not AssessmentDraft.objects.exclude(body={}).exists()


def test_one_s_own_answer_taken_back_leaves_the_answers_in_the_form(browse, team, texts, asked):
    client = browse(team.ana)
    client.post(address(team, "decide", texts[0]), form_of(asked, **ALL, Quantitative="no", answer="include", quote_Review="Kept words"))
    client.post(address(team, "undo", texts[0]), {"decision_id": str(uuid4())})
    assert "Kept words" in client.get(address(team, "assess", texts[0])).content.decode()


def test_a_protocol_that_changes_while_the_form_is_open_is_noticed(browse, team, texts, asked):
    gone = Answered(str(UUID(int=7)), None, "yes")
    with pytest.raises(Refused, match="protocol changed"):
        record(team.ana, texts[0], "exclude", [gone])
    protocol.save_criterion(by=team.coordinator, values={"label": "New", "text": "A new line.", "kind": "judged"})
    protocol.record_version(by=team.coordinator, amendment="Added one.")
    response = browse(team.ana).post(address(team, "decide", texts[0]), form_of(asked, **ALL, Quantitative="no", answer="include"))
    assert response.status_code == 422 and "Still open: New" in response.content.decode()


ADDRESSES = ("list", "documents", "included")


@pytest.mark.parametrize("viewer", ["ben", "coordinator", "adjudicator", "working_group"])
def test_nothing_moves_for_anybody_else_with_answers_drafts_or_a_decision(browse, team, texts, asked, viewer):
    """Not a count, not an order, not the other's own form: before, while it is typed, and after it is recorded."""
    data = pdf_of([texts[0].title, "Words."])
    _, job = keep_documents(by=team.coordinator, files=[("a.pdf", io.BytesIO(data), len(data))], report_id=texts[0].pk)
    jobs.run(str(job.pk))
    slug, api = team.project.slug, f"/api/v1/projects/{team.project.slug}"
    addresses = [*(reverse(f"fulltext:{name}", args=[slug]) for name in ADDRESSES), address(team, "assess", texts[0])]
    addresses += [f"{reverse('fulltext:list', args=[slug])}?list={name}" for name in ("assess", "mine", "open", "settled")]
    addresses += [
        f"{api}/assessments/?report={texts[0].pk}",
        f"{api}/full-texts/",
        f"{api}/documents/",
        f"{api}/history/report/{texts[0].pk}/",
    ]

    def looked():
        client = browse(getattr(team, viewer))
        return [same_for_all(client.get(one).content) for one in addresses]

    before = looked()
    keep_draft(by=team.ana, report_id=texts[0].pk, values={"note": "zebra", f"answer-{asked['Review'].pk.hex}": "no"})
    assert looked() == before
    record(team.ana, texts[0], "exclude", passing(asked, Review=say(asked, "Review", "no", quote="zebra")), note="zebra")
    assert looked() == before
    assert b"zebra" not in b"".join(before)


def both_exclude(team, report, asked, **ana):
    """Both exclude for the same two criteria, Ana counting another reason than the first if she says so."""
    more = {"Review": say(asked, "Review", "no"), "Paid": say(asked, "Paid", None, figures=Figures(3, 15, 1))}
    record(team.ana, report, "exclude", passing(asked, **more), **ana)
    return record(team.ben, report, "exclude", passing(asked, **more))


def test_another_reason_than_the_first_is_counted_where_a_reviewer_says_why(team, texts, asked):
    both_exclude(team, texts[0], asked, primary_reason=asked["Paid"].pk, reason_why="Its registration says so plainly.")
    assert row(texts[0]).primary_reason == asked["Paid"].pk and check_project(team.project) == []
    made = Assessment.objects.get(decision__member=team.ana)
    assert (made.follows_reason, made.reason_why) == (asked["Review"].pk, "Its registration says so plainly.")
    both_exclude(team, texts[1], asked)
    assert row(texts[1]).primary_reason == asked["Review"].pk


@pytest.mark.parametrize(
    ("reason", "why", "sentence"),
    [("Paid", " ", "Say why another reason"), ("Appraised", "So.", "one of the criteria that are not met")],
)
def test_another_reason_needs_to_be_one_of_them_and_a_why(team, texts, asked, reason, why, sentence):
    with pytest.raises(Refused, match=sentence):
        both_exclude(team, texts[0], asked, primary_reason=asked[reason].pk, reason_why=why)


def test_choosing_the_first_reason_is_no_choice(team, texts, asked):
    both_exclude(team, texts[0], asked, primary_reason=asked["Review"].pk)
    assert Assessment.objects.get(decision__member=team.ana).reason_why == ""


def test_a_reason_counted_by_choice_is_kept_when_decisions_are_given_back(team, texts, asked):
    both_exclude(team, texts[0], asked, primary_reason=asked["Paid"].pk, reason_why="So.")
    facts = facts_of_many([texts[0].pk])[texts[0].pk, "full_text"]
    assert {event.member: event.chosen for event in facts.events()} == {str(team.ana.pk): str(asked["Paid"].pk), str(team.ben.pk): None}
    assert [e.chosen for e in facts.events()] == [e.chosen for e in events_of(texts[0].pk, "full_text")]

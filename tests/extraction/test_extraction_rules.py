"""What may be entered in the first template."""

import pytest

from extraction.forms.rules import FIRST, NOT_REPORTED, Choice, Kind, answered, changed, shown, validate

QUESTIONS = {"questions": [Choice("q1", "Does it work"), Choice("q2", "What helps"), Choice("q3", "How it feels")]}


def check(**values):
    return validate(values, FIRST, QUESTIONS)


def test_the_template_asks_what_the_summary_table_needs():
    assert [field.key for field in FIRST.fields] == [
        "design",
        "questions",
        "aim",
        "studies",
        "participants",
        "population",
        "countries",
        "peer_type",
        "peer_support",
        "own_appraisal",
    ]
    assert [choice.label for choice in FIRST.field("design").choices] == [
        "Systematic review without pooling",
        "Systematic review with meta-analysis",
        "Systematic review with qualitative synthesis",
        "Scoping review",
        "Realist review",
    ]
    assert len({field.key for field in FIRST.fields}) == len(FIRST.fields)


def test_an_empty_answer_is_not_extracted_yet_and_not_reported_is_an_answer():
    checked = check(design="", studies=None, aim="  ", peer_type=NOT_REPORTED, participants=NOT_REPORTED, population=NOT_REPORTED)
    assert checked.errors == {}
    assert checked.values == {"peer_type": NOT_REPORTED, "participants": NOT_REPORTED, "population": NOT_REPORTED}
    assert answered(checked.values, FIRST) == 3


@pytest.mark.parametrize(
    ("written", "meant"), [("24", 24), (24, 24), ("1,027", 1027), (" 1 027 ", 1027), ("0", 0), ("1.000.000", 1_000_000)]
)
def test_whole_numbers_may_be_written_with_thousands(written, meant):
    assert check(studies=written).values["studies"] == meant


@pytest.mark.parametrize("written", ["about 20", "-3", "24.5", "2e3", "٣", True, [1], "1,02", "9" * 15])
def test_what_is_no_whole_number_is_refused_with_a_sentence(written):
    checked = check(studies=written)
    assert "studies" not in checked.values
    assert checked.errors["studies"].endswith((".", "more."))


def test_a_choice_outside_the_list_is_refused_and_the_list_is_named():
    checked = check(design="narrative", peer_type="clinician", own_appraisal="maybe")
    assert set(checked.errors) == {"design", "peer_type", "own_appraisal"}
    assert "Scoping review" in checked.errors["design"]
    assert "Not reported" not in checked.errors["design"]
    assert "Not reported" in checked.errors["peer_type"]


def test_a_design_cannot_be_not_reported():
    assert "design" in check(design=NOT_REPORTED).errors


def test_several_questions_are_kept_in_the_protocols_order_and_once():
    assert check(questions=["q3", "q1", "q3"]).values["questions"] == ["q1", "q3"]
    assert "What helps" in check(questions=["q9"]).errors["questions"]
    assert "questions" in check(questions="q1").errors


def test_unknown_fields_and_overlong_text_are_refused():
    checked = check(mood="good", aim="x" * 10_001)
    assert checked.errors["mood"] == "This template has no such field."
    assert "10,001" in checked.errors["aim"]


def test_text_keeps_its_words_and_loses_what_no_database_holds():
    assert check(population="  Adults\x00 with psychosis \n").values["population"] == "Adults with psychosis"


def test_values_in_words():
    assert shown(FIRST.field("design"), "scoping", QUESTIONS) == "Scoping review"
    assert shown(FIRST.field("questions"), ["q1", "q2"], QUESTIONS) == "Does it work; What helps"
    assert shown(FIRST.field("studies"), 1027, QUESTIONS) == "1,027"
    assert shown(FIRST.field("aim"), NOT_REPORTED, QUESTIONS) == "Not reported"
    assert shown(FIRST.field("aim"), None, QUESTIONS) == ""


def test_what_changed_between_two_versions_comes_in_the_templates_order():
    before, after = {"studies": 3, "aim": "A"}, {"studies": 4, "design": "scoping", "aim": "A"}
    assert [field.key for field in changed(before, after, FIRST)] == ["design", "studies"]


def test_every_kind_has_a_rule():
    assert {field.kind for field in FIRST.fields} == set(Kind)

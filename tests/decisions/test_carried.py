"""What records carry, tool by tool, through the real readers; words that are not known are listed, never guessed."""

import csv
import io
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.decisions.carried import CONSENSUS, DECISION, LABEL, RULING, carried, summarise
from screening.decisions.carried.columns import answer_columns
from screening.decisions.carried.covidence import list_of
from screening.decisions.carried.keeping_back import KEPT_BACK, shown_without
from screening.decisions.carried.own import COLUMNS, Identity, NotOurs, Row, Said, read, write_csv, write_lines
from screening.references.formats import read as read_references
from tests.shared import SHARED

NOTES = (
    'RAYYAN-INCLUSION: {"Ana"=>"Included", "Ben O\'Neil"=>"Excluded"} | RAYYAN-LABELS: trial,peer work | '
    'RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | USER-NOTES: {"Ben O\'Neil"=>["look at it", "twice"]}'
)


def table(header: str, *rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header.split(","), *rows])
    return text.getvalue().encode()


AS_RAYYAN_WRITES = {
    "csv": table("key,title,year,journal,authors,notes,doi", ["rayyan-1", "A title", "2020", "J", "Doe, J.", NOTES, "10.1234/x"]),
    "ris": f"TY  - JOUR\nTI  - A title\nAU  - Doe, J\nPY  - 2020\nN1  - {NOTES}\nER  - \n".encode(),
    "bib": f"@article{{rayyan-1,\n  title={{A title}},\n  author={{Doe, J}},\n  year={{2020}},\n  note={{{NOTES}}}\n}}\n".encode(),
    "enw": f"%0 Journal Article\n%T A title\n%A Doe, J\n%D 2020\n%Z {NOTES}\n\n".encode(),
}


def only_record(data: bytes, name: str):
    (record,) = read_references(data, name).records
    return asdict(record)


@pytest.mark.parametrize("kind", AS_RAYYAN_WRITES)
def test_rayyan_says_the_same_in_every_format(kind):
    found = carried(only_record(AS_RAYYAN_WRITES[kind], f"articles.{kind}"))
    assert found.tool == "Rayyan"
    assert found.said == (
        Said(DECISION, "include", "Ana"),
        Said(DECISION, "exclude", "Ben O'Neil", reasons=("wrong population", "foreign language"), words="look at it\ntwice"),
        Said(LABEL, "trial"),
        Said(LABEL, "peer work"),
    )
    assert found.not_understood == ()


def notes(text: str) -> dict:
    return {"extra": {"notes": [text]}}


def test_an_answer_that_is_not_known_is_listed():
    found = carried(notes('RAYYAN-INCLUSION: {"Ana"=>"Perhaps later"} | RAYYAN-STARS: 5'))
    assert found.said == ()
    assert found.not_understood == ("“RAYYAN-STARS” is not known.", "“Perhaps later” is not an answer.")


def test_two_answers_of_one_person_are_listed_and_neither_is_taken():
    found = carried(notes('RAYYAN-INCLUSION: {"Ana"=>"Included", "Ana"=>"Excluded"}'))
    assert found.said == () and found.not_understood == ("“Included, Excluded” is not an answer.",)


def test_an_answer_without_a_name_is_somebodys():
    assert carried(notes("RAYYAN-INCLUSION: Included")).said == (Said(DECISION, "include", ""),)


@pytest.mark.parametrize(
    "name", ['"Quoted" Quill', "Ana, B.", "アナ", "O'Neil | Ben", "back\\slash", "RAYYAN fan"], ids=lambda name: name.encode().hex()[:8]
)
def test_odd_names_stay_as_they_are(name):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    (vote,) = carried(notes(f'Old note. RAYYAN-INCLUSION: {{"{quoted}" => "Maybe"}}')).said
    assert (vote.who.replace("\\\\", "\\"), vote.answer) == (name, "maybe")


def test_reasons_without_anybody_who_excluded_are_listed():
    found = carried(notes('RAYYAN-INCLUSION: {"Ana"=>"Included"} | RAYYAN-EXCLUSION-REASONS: __EXR__wrong age'))
    assert found.not_understood == ("Reasons without anybody who excluded it: wrong age.",)


COVIDENCE = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags"
)


def test_covidence_says_what_was_agreed_on_tags_and_notes():
    words = "Exclusion reason: Wrong study design; Jane Roe (2020-05-14 10:35:20)(Select): a note; "
    row = ["T one", "Doe, J", "", "2020", "", "J", "1", "2", "3-4", "", "10.1234/x", "12", "#1581", "Doe 2020", words, "Ongoing study; SRH"]
    found = carried(only_record(table(COVIDENCE, row), "review_1_excluded_csv.csv"))
    assert found.tool == "Covidence"
    assert found.said[0] == Said(RULING, "exclude", stage="full_text", reasons=("Wrong study design",), form=CONSENSUS)
    assert [one.answer for one in found.said[1:]] == ["Ongoing study", "SRH"]
    assert found.notes == (("Jane Roe", "full_text", "a note"),)


def test_the_name_of_covidences_file_says_which_list_it_is():
    assert [list_of(f"review_77_{word}_csv_2026.csv") for word in ("irrelevant", "excluded", "included", "select", "screen")] == [
        "irrelevant",
        "excluded",
        "included",
        "sought",
        "",
    ]


def test_a_column_of_answers_is_a_reviewer_and_other_columns_are_not():
    extras = [{"Ana": ["INCLUDE"], "Open access": ["Yes"], "Country": ["Chile"]}, {"Ana": ["exclude"], "Open access": ["No"]}]
    assert answer_columns(extras) == ("Ana",)
    assert answer_columns([{"Reviewer vote": ["Yes"]}, {"Reviewer vote": ["No"]}]) == ("Reviewer vote",)


@pytest.mark.skipif(not (SHARED / "data").exists(), reason="the shared data are not beside the project")
def test_a_real_table_of_three_reviewers_and_what_they_agreed_on():
    path = SHARED / "data" / "screening" / "gptscreenr_solastalgia.csv"
    parsed = [asdict(record) for record in read_references(path.read_bytes(), path.name).records]
    columns = answer_columns(record["extra"] for record in parsed)
    summary = summarise((n, carried(record, columns)) for n, record in enumerate(parsed))
    counts = {person.name: {answer: n for (_stage, answer), n in person.answers.items()} for person in summary.people}
    assert counts == {
        "human_1": {"include": 24, "exclude": 19},
        "human_2": {"include": 25, "exclude": 106, "maybe": 6},
        "human_3": {"include": 32, "exclude": 115, "maybe": 3},
        "human_recommendation": {"include": 18, "exclude": 132},
    }
    assert summary.n_not_understood == 13
    assert "“EXCLUDE but good intro info” under “human_2” is not an answer." in {words for _n, words in summary.not_understood}


@pytest.mark.parametrize("kind", AS_RAYYAN_WRITES)
def test_a_record_is_shown_without_its_decisions(kind):
    record = only_record(AS_RAYYAN_WRITES[kind], f"articles.{kind}")
    raw, parsed = shown_without(record["raw"], record)
    assert KEPT_BACK in raw and "A title" in raw and parsed["title"] == "A title"
    assert not any(word in raw + str(parsed["extra"]) for word in ("Included", "Excluded", "Ana", "wrong population", "twice"))


def test_a_record_without_decisions_is_shown_as_it_is():
    record = {"extra": {"notes": ["Cited by 3"], "Open access": ["Yes"]}}
    assert shown_without("TI  - A title", record) == ("TI  - A title", record)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Ana", "INCLUDE"),
        ("Ana", "Exclude, but good intro info"),
        ("Ana", "Maybe?"),
        ("Ana vote", "Yes"),
        ("Reviewer 2 decision", "no"),
        ("Reviewer 2", "Carers only"),
    ],
)
def test_what_stands_in_a_column_of_answers_is_kept_back_however_it_is_put(name, value):
    raw, parsed = shown_without(f"Title,{name}\nPeers,{value}", {"title": "Peers", "extra": {name: [value], "Country": ["Chile"]}})
    assert raw == KEPT_BACK and parsed["extra"] == {name: [KEPT_BACK], "Country": ["Chile"]}


SAID = st.builds(
    Said,
    kind=st.just(DECISION),
    answer=st.sampled_from(("include", "exclude", "maybe", None)),
    who=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
    stage=st.sampled_from(("title_abstract", "full_text")),
    reasons=st.tuples(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"))),
    words=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
    n=st.integers(0, 999),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SAID, min_size=1, max_size=4))
def test_whatever_was_said_is_read_back_as_it_was(said):
    rows = [Row(Identity(title="=A title", year=2020, records=("0123456789ab:7",)), one) for one in said]
    for write in (write_csv, write_lines):
        text = io.StringIO(newline="")
        write(text, rows)
        back, problems = read(text.getvalue().encode())
        assert problems == [] and [(row.about, row.said) for row in back] == [(row.about, row.said) for row in rows]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(data):
    for content in (data, ",".join(COLUMNS).encode() + b"\n" + data, b'{"brolly_decisions": "1"}\n' + data):
        try:
            read(content)
        except NotOurs as refusal:
            assert str(refusal).endswith(".")


def test_a_row_that_says_something_unknown_is_listed_with_its_line():
    text = io.StringIO()
    rows = [
        Said(DECISION, "include", "Ana", "title_abstract"),
        Said("wish", "include"),
        Said(DECISION, "probably", "Ana", "title_abstract"),
    ]
    write_csv(text, [Row(Identity(title="A title"), one) for one in rows])
    found, problems = read(text.getvalue().encode())
    assert len(found) == 1
    assert problems == [(3, "“wish” is not a kind of row."), (4, "“probably” is not an answer.")]

"""What the involvement report rests on, what it repeats of others, and its timeline."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.voices.drawing import text, wrapped
from screening.voices.involvement.figure import Mark, Words, axis_of, counts_by_stage, lines, marks_of, months, timeline
from screening.voices.involvement.rules import (
    STAGES,
    Amended,
    Facts,
    Gathering,
    Round,
    Spell,
    changed,
    figures_behind,
    quoted_in,
    without_words,
)
from screening.voices.priorities.figure import Words as PriorityWords
from screening.voices.priorities.figure import lanes_of, priorities_figure, scale_of
from screening.voices.priorities.rules import Answer, Outcome, in_order, results

LONG = "I was paid for two hours a week, and nobody asked whether I wanted more of it."
FACTS = Facts(
    members=6,
    said=4,
    by_stage={"planning": 3, "": 1},
    by_status={"acted_on": 2},
    changes={"outcome": 2},
    meetings=[Gathering(date(2022, 1, 18), "planning", 4, "Outcomes"), Gathering(date(2023, 2, 7), "synthesis", 3)],
    rounds=[Round(date(2022, 5, 20), "rating", 17, ["carers"], {"carers": ["Hope"]})],
    amendments=[Amended(date(2022, 6, 1), "titles", "before"), Amended(date(2022, 7, 1), "searching", "not")],
    spells=[Spell(date(2022, 3, 1), "planning", 3), Spell(date(2022, 4, 1), "", 1)],
)
WORDS = Words(
    stages={stage: stage.title() for stage in STAGES},
    said=lambda counts: ", ".join(f"{n} {kind}" for kind, n in counts.items() if n),
    nothing="nothing",
    kinds={"meeting": "meeting", "voice": "voices", "round": "priorities", "amendment": "amendment"},
    month=lambda day: day.isoformat(),
)


def test_the_stages_of_involvement_are_those_where_people_were_heard_or_met():
    assert FACTS.stages == ["planning", "titles", "synthesis"]
    assert Facts().stages == []


def test_what_changed_since_a_section_was_written_is_told_by_figure():
    now = figures_behind(FACTS)
    assert changed(now, now) == {}
    assert changed({**now, "meetings": 1, "voices": 9}, now) == {"meetings": (1, 2), "voices": (9, 4)}
    assert changed({}, now) == {}


@pytest.mark.parametrize(
    ("written", "is_quoted"),
    [
        (f"One of us said: “{LONG}”", True),
        (LONG.upper().replace(" ", "\n  "), True),
        (LONG[:45], True),
        (LONG[:30], False),
        ("I was paid, too.", False),
        ("", False),
    ],
)
def test_a_passage_of_a_voice_is_found_however_it_is_broken(written, is_quoted):
    assert quoted_in(written, [("v", LONG)]) == (["v"] if is_quoted else [])


def test_a_short_voice_is_found_as_a_whole_and_a_phrase_is_not():
    assert quoted_in("They said: pay us for our time, and on the day.", [("v", "Pay us for our time.")]) == []
    assert quoted_in("They said: pay us for our time. We did.", [("v", "Pay us for our time.")]) == ["v"]
    assert quoted_in("We did so, thank you.", [("v", "Thank you.")]) == []
    assert without_words("We did so, thank you.", "Thank you.", "[gone]") == "We did so, thank you."


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=40, max_size=120))
@settings(max_examples=50, deadline=None)
def test_what_is_taken_out_is_quoted_no_more_and_the_rest_stays(before, after, words):
    quoted = f"{before}\n{words}\n{after}"
    kept = without_words(quoted, words, "[…]")
    assert quoted_in(kept, [("v", words)]) == []
    assert without_words("Nothing of it.", words, "[…]") == "Nothing of it."


def test_taking_words_out_leaves_what_stands_around_them():
    assert without_words(f"Before. {LONG} After.", LONG, "[gone]") == "Before. [gone] After."
    assert without_words("They said: pay us for our time. We did.", "Pay us for our time.", "[gone]") == "They said: [gone] We did."


def test_words_fit_their_lines_and_are_cut_with_an_ellipsis():
    assert wrapped("Being heard and taken seriously by services", 28, 3) == ["Being heard and taken", "seriously by services"]
    assert wrapped("a " * 40, 10, 2)[-1].endswith("…")
    assert wrapped("x" * 30, 10, 2) == ["x" * 10, "x" * 9 + "…"]
    assert wrapped("", 10, 2) == []
    assert text("<b>\x00&") == "&lt;b&gt;&amp;"


def test_every_thing_with_a_day_and_a_stage_has_a_mark_and_is_counted():
    marks = marks_of(FACTS)
    assert [mark.kind for mark in marks] == ["meeting", "voice", "round", "amendment", "amendment", "meeting"]
    counts = counts_by_stage(marks)
    assert counts["planning"] == {"meeting": 1, "voice": 3, "round": 1, "amendment": 0}
    assert dict(lines(FACTS, WORDS))["Extraction"] == "nothing"


def test_the_axis_runs_over_whole_months_and_past_the_end_of_a_year():
    axis = axis_of([Mark("planning", date(2022, 1, 18), "meeting"), Mark("titles", date(2022, 12, 2), "meeting")], 10, 100)
    assert (axis.first, axis.last) == (date(2022, 1, 1), date(2023, 1, 1))
    assert axis.at(axis.first) == 10 and axis.at(axis.last) == 110
    assert len(months(date(2022, 1, 1), date(2022, 12, 31), 7)) == 7
    assert months(date(1999, 1, 1), date(2026, 12, 31), 7)[0] == date(1999, 1, 1)


@pytest.mark.parametrize("for_paper", [True, False])
def test_the_timeline_is_a_drawing_with_words(for_paper):
    drawing = timeline(FACTS, WORDS, title="<Review>", for_paper=for_paper)
    root = ET.fromstring(drawing if for_paper else f"<p>{drawing}</p>")
    said = "".join(root.itertext())
    assert "1 meeting, 3 voice, 1 round" in said and "nothing" in said
    assert timeline(Facts(), WORDS, title="") == ""


def test_a_single_day_is_a_timeline_too():
    ET.fromstring(timeline(Facts(meetings=[Gathering(date(2022, 1, 1), "planning", 2)]), WORDS, title="One", for_paper=True))


def priority_body(method="rating", label="Hope"):
    answers = [Answer(group, {"a": 3, "b": 1, "c": None}) for group in ("carers", "clinicians") for _ in range(3)]
    return results(answers, [Outcome("a", label), Outcome("b", "Work"), Outcome("c", "Cost")], method=method, smallest=3)


PRIORITY_WORDS = PriorityWords(
    groups={"carers": "Carers", "clinicians": "Clinicians", "all": "All"},
    said=lambda figure: f"{figure['median']:g} of {figure['n']}",
    hidden="not shown",
    bands=["limited", "important", "critical"],
    ends=("least", "most"),
)


@pytest.mark.parametrize("method", ["rating", "ranking"])
@pytest.mark.parametrize("for_paper", [True, False])
def test_priorities_are_drawn_with_every_figure_in_words(method, for_paper):
    body = priority_body(method, "<i>Hope</i> & " + "long " * 30)
    drawing = priorities_figure(body, in_order(body, "carers"), PRIORITY_WORDS, title="Ours & theirs", for_paper=for_paper)
    said = "".join(ET.fromstring(drawing if for_paper else f"<p>{drawing}</p>").itertext())
    assert said.count("Carers") == (2 if method == "rating" else 3) * (1 if for_paper else 2)
    assert "3 of 3" in said and "3 of 6" in said and "<i>Hope" in said


def test_an_outcome_nobody_could_say_anything_of_and_a_round_of_nobody_are_not_drawn():
    body = priority_body()
    drawing = priorities_figure(body, in_order(body), PRIORITY_WORDS, title="", for_paper=True)
    assert "Cost" not in drawing and lanes_of(body) == ["carers", "clinicians", "all"]
    empty = results([], [Outcome("a", "Hope")], method="rating", smallest=3)
    assert priorities_figure(empty, ["a"], PRIORITY_WORDS, title="") == "" and lanes_of(empty) == []


def test_what_matters_most_stands_at_the_right_in_both_ways_of_asking():
    rating, ranking = scale_of(priority_body()), scale_of(priority_body("ranking"))
    assert rating.at(9) == 1 and rating.at(1) == 0
    assert ranking.at(1) == 1 and ranking.at(3) == 0
    assert rating.marks == list(range(1, 10))

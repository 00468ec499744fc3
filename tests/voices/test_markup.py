"""Words as people write them: what is shown, what is kept, and that nothing in them can do anything."""

import time
from uuid import UUID, uuid4

import pytest

from screening.projects.markup import to_html, to_plain
from screening.voices.rules import (
    WITHDRAWN,
    clean_line,
    clean_words,
    is_for,
    may_be_quoted,
    middle,
    name_members,
    named_in,
    repeats,
    with_names,
    with_names_in_html,
    without_passages,
)

SAID = "Many of us were never paid for the same work, and nobody asked why."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("*this* and **that**", "<p><em>this</em> and <strong>that</strong></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("> she said", "<blockquote>\n<p>she said</p>\n</blockquote>"),
        ("# not a heading", "<p># not a heading</p>"),
        ("![](https://x.example/a.png)", "<p>!</p>"),
    ],
)
def test_simple_marks_are_shown_and_the_others_are_words(written, shown):
    assert (
        to_html(written).replace(' href="https://x.example/a.png" rel="nofollow noopener noreferrer"', "").replace("<a></a>", "") == shown
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](JaVaScRiPt:alert(1))",
        "[press](data:text/html;base64,PHNjcmlwdD4=)",
        '<https://x.example/"onmouseover=alert(1)>',
        "[a](https://x.example 'title\" onclick=alert(1)')",
        "<svg/onload=alert(1)>",
        "```html\n<iframe src=//x.example></iframe>\n```",
        "<style>*{display:none}</style><b style=color:red>x</b>",
    ],
)
def test_nothing_written_can_do_anything(hostile):
    html = to_html(hostile)
    for dangerous in ("<script", "<img", "<iframe", "<svg", "<style", "style=", 'javascript:alert(1)"', ' onclick=alert(1)"', "data:text"):
        assert f'href="{dangerous}' not in html.casefold()
        if dangerous.startswith("<"):
            assert dangerous not in html.casefold()
    assert "onerror=alert" not in html.split("&lt;")[0] and 'href="javascript' not in html.casefold()


def test_links_say_nothing_of_where_they_stand():
    assert to_html("[site](https://x.example/)") == '<p><a href="https://x.example/" rel="nofollow noopener noreferrer">site</a></p>'


@pytest.mark.parametrize("hostile", ["[" * 5000, "*" * 5000, ">" * 5000, "- " * 2500, "`" * 5000, "[a](" * 1200, "<" * 5000, "**a " * 1200])
def test_nothing_written_takes_long(hostile):
    begun = time.thread_time()  # of the processor: the machine may have other things to do
    to_html(hostile), to_plain(hostile)
    assert time.thread_time() - begun < 5


def test_plain_words_have_no_marks():
    written = "First *this*,\nthen [that](https://x.example).\n\n1. one\n2. two\n\n> quoted\n\n- `code`"
    assert to_plain(written) == "First this,\nthen that.\n1. one\n2. two\nquoted\n- code"


def test_control_characters_and_those_that_turn_a_line_round_are_not_kept():
    assert clean_words("a\u202eb\x00c\u2067d\x1b") == "abcd"
    assert clean_line("  page\n12\t of  it \x07") == "page 12 of it"
    assert len(clean_line("x" * 200)) == 80


ANA, ANABEL, BEN, OTHER = (uuid4() for _ in range(4))
TEAM = {ANA: "Ana", ANABEL: "Ana Bel", BEN: "Ben <b>", OTHER: "Same", uuid4(): "Same"}


def test_a_name_is_kept_as_who_is_meant_and_shown_as_they_are_named_now():
    marked, named = name_members("@ana and @Ana Bel, @Ben <b> too. @Same? mail@ana and @Anamaria", TEAM)
    assert named == [ANA, ANABEL, BEN] and named_in(marked) == named
    assert "Ana Bel" not in marked and "@Same" in marked and "mail@ana" in marked and "@Anamaria" in marked
    later = {**TEAM, ANA: "A member of the working group"}
    assert with_names(marked, later).startswith("@A member of the working group and @Ana Bel, @Ben <b> too.")
    html = with_names_in_html(to_html(marked), later)
    assert "@Ben &lt;b&gt;</b>" in html and '<b class="named">@Ana Bel</b>' in html


def test_a_mark_of_nobody_in_the_project_is_somebody():
    stranger = UUID(int=5)
    assert with_names(f"@{{{stranger}}}", TEAM) == "@somebody"


def test_a_mark_in_an_address_stays_in_the_address():
    marked, _ = name_members("[x](https://x.example/@Ana)", TEAM)
    assert "class" not in with_names_in_html(to_html(marked), TEAM).split(">site")[0].split("href=")[1].split(">")[0]


def test_who_reads_what_and_what_may_be_quoted():
    assert [may_be_quoted(one) for one in ("everyone", "not_published", "team")] == [True, False, False]
    assert not is_for("team", roles=["observer"], own=False)
    assert is_for("team", roles=["observer"], own=True) and is_for("team", roles=["observer", "reviewer"], own=False)
    assert is_for("not_published", roles=["observer"], own=False)


def test_repeating_is_noticed_whatever_the_line_breaks_and_case():
    assert repeats(f"You said: MANY of us were never\npaid for the same work. We heard it. {SAID[:10]}", SAID)
    assert not repeats("You told us about unpaid work, and we looked at it.", SAID)
    assert not repeats("Short.", "Short.")


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (f"I agree: {SAID} So do I.", f"I agree: {WITHDRAWN} So do I."),
        ("> never paid\n\nI was neither.", f"> {WITHDRAWN}\n\nI was neither."),
        ("Something quite different, and a long line of it at that.", "Something quite different, and a long line of it at that."),
        ("> other words", "> other words"),
    ],
)
def test_what_repeats_withdrawn_words_goes_with_them(words, left):
    assert without_passages(words, SAID) == left


def test_the_middle_is_a_number_that_was():
    assert middle([]) is None and middle([4, 1]) == 1 and middle([9, 1, 3]) == 3

"""What databases make of one record, and what two papers of one study have in common: found on records put into other databases' print."""

from typing import Any

import pytest

from screening.references.dedupe import Entry, find
from tests.references.dedupe.made_up import WALKING, grouped, like, verdict

BARE = like(WALKING, "bare", doi="", abstract="", issue="")
NOWHERE = {"volume": "", "issue": "", "pages": "", "doi": "", "abstract": ""}
UNPLACED = like(WALKING, "unplaced", **NOWHERE)
LONG = (
    "Walking groups led by neighbours for loneliness in later life among people who live in several imaginary towns of the north and "
    "of the south, as they told it themselves and as their relatives told it"
)

SAME: dict[str, tuple[Entry, dict[str, Any]]] = {
    "CENTRAL's number of its own record in the place of the DOI": (
        like(WALKING, pages="", issue=""),
        {"doi": "10.1002/central/CN-01234567"},
    ),
    "a letter left out, and no place": (UNPLACED, {"title": WALKING.title.replace("neighbours", "neigbours")}),
    "letters swapped, and no plural": (UNPLACED, {"title": WALKING.title.replace("neighbours", "nieghbour")}),
    "a letter left out, another year, one volume": (
        like(BARE, pages="", volume="12", issue="3"),
        {"title": WALKING.title.replace("neighbours", "neigbours"), "year": 2019},
    ),
    "cut with an ellipsis": (BARE, {"title": WALKING.title[:60] + "...", "authors": ("I Harrowgate",), **NOWHERE}),
    "before print, and some authors alone": (BARE, {**NOWHERE, "year": 2017, "authors": ("I Harrowgate", "TR Quill", "…")}),
    "British spelling without a subtitle, pages agree": (
        like(BARE, title="Ischaemic silence in imaginary wards"),
        {"title": "Ischemic silence in imaginary wards: a systematic review and a series of invented cases"},
    ),
    "nobody named, no journal, but volume and issue": (like(BARE, issue="3"), {"authors": (), "journal": "", "pages": ""}),
    "Arabic letters drawn out": (
        like(UNPLACED, title="تأثير المشي مع الجيران على الشعور بالوحدة لدى كبار السن"),
        {"title": "تأثير المشـــي مع الجيران على الشعور بالوحدة لدى كبار السن"},
    ),
    "nobody named": (UNPLACED, {"authors": ()}),
    "a study group for its people": (UNPLACED, {"authors": ("Imaginary Walkers Study Group",)}),
    "no year, and some authors alone": (UNPLACED, {"year": None, "authors": ("I Harrowgate", "TR Quill", "…")}),
    "a family name that is a particle elsewhere": (like(BARE, authors=("Du, Fang",)), {"authors": ("Du F.",)}),
    "subtitle missing, one article number": (
        like(BARE, pages="541"),
        {"title": "Walking groups led by neighbours for loneliness in later life"},
    ),
    "subtitle missing, a letter wrong": (BARE, {"title": "Walking groups led by neighbors for lonelines in later life"}),
    "cut within a word, and a letter left out": (like(UNPLACED, title=LONG), {"title": LONG.replace("imaginary", "imagnary")[:163]}),
    "Editorial with a full stop": (like(BARE, title="Editorial"), {"title": "Editorial."}),
    "Editorial with the DOI and no journal": (like(WALKING, title="Editorial"), {"journal": ""}),
    "Reply with a full stop": (like(BARE, title="Reply"), {"title": "Reply."}),
    "a Cochrane review without its journal": (
        like(BARE, journal="Cochrane Database of Systematic Reviews", volume="", issue="3", pages="CD099999"),
        {"journal": ""},
    ),
}


@pytest.mark.parametrize("trap", SAME)
def test_the_same_report_in_another_print_is_joined(trap: str) -> None:
    entry, changes = SAME[trap]
    assert verdict(like(entry, "one"), like(entry, "other", **changes)) == "certain"


NOT_JOINED: dict[str, tuple[Entry, dict[str, Any], str]] = {
    "article numbers of 16 digits that begin alike": (
        like(BARE, pages="2331216518809737", title="Silence in reading rooms: loud outcomes"),
        {"pages": "2331216518809787", "title": "Silence in reading rooms: proud outcomes"},
        "apart",
    ),
    "long titles with another last word": (
        like(UNPLACED, title=LONG + " in verse"),
        {"title": LONG + " in prose", "pages": "300-310", "doi": "10.1000/jiph.2018.0300"},
        "likely",
    ),
    "a long title, and one that goes on": (like(UNPLACED, title=LONG), {"title": LONG + ": a second visit"}, "likely"),
    "a subtitle at other pages": (
        like(BARE, title=WALKING.title.partition(":")[0]),
        {"title": WALKING.title.partition(":")[0] + ": what came after", "pages": "301-310"},
        "apart",
    ),
    "men and women, from one page on": (
        like(BARE, title="Loneliness and walking in imaginary towns in men"),
        {"title": "Loneliness and walking in imaginary towns in women", "pages": "241-250"},
        "likely",
    ),
    "one year and five years": (
        like(BARE, title="Silence in imaginary reading rooms: one-year results"),
        {"title": "Silence in imaginary reading rooms: five-year results", "pages": ""},
        "apart",
    ),
    "other words under another DOI": (
        like(WALKING, abstract="", title="Walking for sleep in people of imaginary towns"),
        {"title": "Talking for sleep in people of imaginary towns", "doi": "10.1000/jiph.2018.0251"},
        "likely",
    ),
    "abstracts on one page of a supplement with its DOI": (
        like(WALKING, title="Silence in imaginary reading rooms: what was measured", pages="S12", abstract=""),
        {"title": "Silence in imaginary reading rooms: who took part"},
        "likely",
    ),
    "Editorial in two issues, each counted from 1": (
        like(BARE, title="Editorial", pages="1-2", issue="1"),
        {"issue": "4"},
        "likely",
    ),
    "chapters with the DOI of their book": (
        like(WALKING, title="Assessment of silence in imaginary reading rooms", volume="", issue="", pages="289-301", abstract=""),
        {"title": "Treatment of silence in imaginary reading rooms", "pages": "302-319"},
        "likely",
    ),
    "an abstract of a supplement, and an article with the same abstract a year later": (
        like(WALKING, pages="S500", doi="", year=2017),
        {"year": 2018, "journal": "", "volume": "", "pages": "", "issue": ""},
        "likely",
    ),
    "a preprint, and an article without its journal": (
        like(WALKING, journal="", doi=""),
        {"journal": "Research Square", "volume": "", "issue": "", "pages": "", "year": 2017},
        "versions",
    ),
    "one title of two societies": (
        like(UNPLACED, authors=("Imaginary Society of Walkers",)),
        {"authors": ("Invented Association of Readers",), "year": 2019},
        "apart",
    ),
    "a thesis by where it is listed": (BARE, {"journal": "Dissertation Abstracts International", "volume": "79", "pages": ""}, "versions"),
    "updates of a Cochrane review, one without its journal": (
        like(BARE, journal="Cochrane Database of Systematic Reviews", volume="", issue="3", pages="CD099999"),
        {"journal": "", "year": 2021, "issue": "7"},
        "versions",
    ),
}


@pytest.mark.parametrize("trap", NOT_JOINED)
def test_what_only_looks_the_same_is_not_joined(trap: str) -> None:
    entry, changes, expected = NOT_JOINED[trap]
    assert verdict(like(entry, "one"), like(entry, "other", **changes)) == expected


def test_a_misprint_does_not_hide_a_record_from_several_copies() -> None:
    """The word that is right in all other copies is rarer than what all of them share, and shifts what the rarest words are."""
    title = "The comedy of the park: an invented model of silent and loud institutions for walkers"
    copies = [
        like(BARE, str(n), title=title, volume="", pages="", journal=journal) for n, journal in enumerate(("", "J Imag Public Health"))
    ]
    misprinted = like(BARE, "misprint", title=title.replace("comedy", "comdy"), volume="", pages="")
    others = [like(WALKING, f"other {n}", title=f"The {word} of walkers", doi="") for n, word in enumerate(("park", "model", "walkers"))]
    assert frozenset({"0", "1", "misprint"}) in grouped([*copies, misprinted, *others])


def test_an_early_and_a_late_copy_of_two_yearly_reports_wait_for_a_person() -> None:
    """Without a year a record fits both reports of one title, which do not fit each other."""
    report = like(WALKING, "2018", title="Report of the imaginary register of silent reading rooms", doi="", abstract="")
    later = like(report, "2019", year=2019, volume="13", pages="300-320")
    undated = like(report, "undated", year=None, volume="", pages="")
    matching = find([report, later, undated])
    assert not matching.certain and matching.likely

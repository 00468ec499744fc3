"""The traps of matching: what one database prints otherwise than another, and what only looks alike."""

from typing import Any

import pytest

from screening.references.dedupe import Entry, find
from tests.references.dedupe.made_up import WALKING, like, said, verdict

BARE = like(WALKING, "bare", doi="", abstract="", issue="")

SAME: dict[str, tuple[Entry, dict[str, Any]]] = {
    "nothing but the key differs": (WALKING, {}),
    "capitals, and a full stop": (BARE, {"title": WALKING.title.upper() + "."}),
    "accents": (
        like(BARE, title="Crème brûlée à l’hôpital: a rëview of naïve eaters"),
        {"title": "Creme brulee a l'hopital: a review of naive eaters"},
    ),
    "Greek letters": (
        like(BARE, title="TNF-α and β-blockers in a fictional cohort of librarians"),
        {"title": "TNF-alpha and beta-blockers in a fictional cohort of librarians"},
    ),
    "HTML entities and tags": (
        like(BARE, title="Tea & CO2 in reading rooms: <i>a review</i> of x < y"),
        {"title": "Tea &amp; CO<sub>2</sub> in reading rooms: a review of x &lt; y"},
    ),
    "British and American": (
        like(BARE, title="Organisation of paediatric behaviour programmes in made-up towns"),
        {"title": "Organization of pediatric behavior programmes in made-up towns"},
    ),
    "hyphens": (
        like(BARE, title="Peer-led well-being meta-analysis of imagined wards"),
        {"title": "Peer led wellbeing metaanalysis of imagined wards"},
    ),
    "language in brackets": (BARE, {"title": f"[{WALKING.title}] [Ruritanian]".replace("Ruritanian", "Polish")}),
    "a note in brackets": (BARE, {"title": WALKING.title + " [Review] [72 refs]"}),
    "abstract in brackets": (BARE, {"title": WALKING.title + " [Abstract]"}),
    "both languages": (
        like(BARE, title="Wandern mit Nachbarn gegen die Einsamkeit im Alter"),
        {"title": "Walking with neighbours against loneliness in old age [Wandern mit Nachbarn gegen die Einsamkeit im Alter]"},
    ),
    "page range abbreviated": (BARE, {"pages": "241-56"}),
    "first page alone": (BARE, {"pages": "241"}),
    "pp before pages": (BARE, {"pages": "pp. 241–256"}),
    "end of the pages alone": (like(BARE, pages="S34-S42"), {"pages": "Suppl-42"}),
    "journal abbreviated": (BARE, {"journal": "J Imag Public Hlth"}),
    "journal's subtitle": (BARE, {"journal": "Journal of imaginary public health : official organ of nobody"}),
    "journal as initials": (like(BARE, journal="Fictional Medical Journal"), {"journal": "FMJ"}),
    "journal in other words, pages agree": (BARE, {"journal": "Zeitschrift fuer erfundene Dinge"}),
    "initials before names": (BARE, {"authors": ("I. Harrowgate", "T. R. Quill", "S. Okonjo-Vale")}),
    "names without commas": (BARE, {"authors": ("Harrowgate I", "Quill TR", "Okonjo-Vale S")}),
    "names in one string": (BARE, {"authors": ("Harrowgate I.; Quill T.R.; Okonjo-Vale S.",)}),
    "names run on": (BARE, {"authors": ("Harrowgate I.Quill T. R.Okonjo-Vale S.",)}),
    "names in another order": (BARE, {"authors": ("Quill, T", "Okonjo-Vale, S", "Harrowgate, I")}),
    "et al.": (BARE, {"authors": ("Harrowgate I", "et al.")}),
    "given names for family names": (BARE, {"authors": ("Imelda, Harrowgate", "Tobias, Quill", "S., Okonjo-Vale")}),
    "no authors on one side": (BARE, {"authors": ()}),
    "no year": (BARE, {"year": None}),
    "title, authors and year alone": (BARE, {"journal": "", "volume": "", "pages": ""}),
    "year of the web, same pages": (BARE, {"year": 2017}),
    "before print": (BARE, {"year": 2017, "volume": "", "pages": ""}),
    "before print, counted from 1": (BARE, {"year": 2017, "volume": "", "pages": "1-16"}),
    "article number beside pages": (BARE, {"pages": "e10241"}),
    "web number beside pages in print": (like(BARE, pages="969-972"), {"pages": "a1754"}),
    "DOI on one side": (BARE, {"doi": "10.1000/jiph.2018.0241"}),
    "DOI as an address": (WALKING, {"doi": "https://doi.org/10.1000/JIPH.2018.0241."}),
    "DOI with percent signs": (like(WALKING, doi="10.1000/0165(95)01238-9"), {"doi": "10.1000/0165%2895%2901238-9"}),
    "same DOI, wrong volume": (WALKING, {"volume": "13"}),
    "title cut by the database": (
        like(BARE, title=("Walking groups led by neighbours " * 7).strip()),
        {"title": ("Walking groups led by neighbours " * 7)[:199]},
    ),
    "subtitle missing, pages agree": (BARE, {"title": "Walking groups led by neighbours for loneliness in later life"}),
    "a letter wrong, pages agree": (BARE, {"title": WALKING.title.replace("neighbours", "neighbuors")}),
    "volume with its supplement": (like(BARE, volume="24 Suppl 3"), {"volume": "24"}),
    "year in the place of the volume": (BARE, {"volume": "2018"}),
    "thousands with and without a space": (
        like(BARE, title="Loneliness among 10 000 made-up pensioners in Ruritania"),
        {"title": "Loneliness among 10,000 made-up pensioners in Ruritania"},
    ),
    "Roman and Arabic": (
        like(BARE, title="A phase III trial of silence in noisy reading rooms"),
        {"title": "A phase 3 trial of silence in noisy reading rooms"},
    ),
    "imported twice, with little in it": (like(BARE, year=None, journal="", volume="", pages=""), {}),
    "a letter doubled, no pages": (like(BARE, pages=""), {"title": WALKING.title.replace("Walking", "Wallking")}),
    "retracted, marked by one": (WALKING, {"title": "RETRACTED: " + WALKING.title}),
    "note that an erratum appeared": (BARE, {"title": WALKING.title + " [Erratum appears in J Imag 2019;13:2]"}),
    "protocol as a subtitle, same DOI": (WALKING, {"title": WALKING.title + ": study protocol"}),
}


@pytest.mark.parametrize("trap", SAME)
def test_the_same_report_is_joined(trap: str) -> None:
    entry, changes = SAME[trap]
    assert verdict(like(entry, "one"), like(entry, "other", **changes)) == "certain"


VERSIONS: dict[str, dict[str, Any]] = {
    "erratum with a DOI of its own": {"title": "Erratum to: " + WALKING.title, "pages": "400", "doi": "10.1000/jiph.2018.0400"},
    "erratum with the DOI of its article": {"title": "Erratum: " + WALKING.title, "pages": "400"},
    "corrigendum, quoted": {"title": f"Corrigendum to “{WALKING.title}” [J. Imag. 12 (2018) 241–256]", "pages": "400", "doi": ""},
    "correction after the title": {"title": f'"{WALKING.title}": Correction', "year": 2019, "pages": "90", "doi": ""},
    "Web of Science's own": {"title": WALKING.title + " (vol 12, pg 241, 2018)", "pages": "400", "doi": ""},
    "author correction": {"title": "Author Correction: " + WALKING.title, "pages": "400", "doi": ""},
    "erratum by its type": {"pages": "400", "kind": "Published Erratum", "doi": ""},
    "retraction notice": {"title": "Retraction notice to: " + WALKING.title, "year": 2020, "pages": "1", "doi": ""},
    "expression of concern": {"title": "Expression of Concern: " + WALKING.title, "year": 2020, "pages": "1", "doi": ""},
    "withdrawn": {"title": "WITHDRAWN: " + WALKING.title, "year": 2020, "doi": ""},
    "comment": {"title": "Comment on: " + WALKING.title, "authors": ("Nemo, A.",), "pages": "300", "doi": ""},
    "reply": {"title": f"Reply to “{WALKING.title}”", "pages": "302", "doi": ""},
    "letter": {"title": "Letter to the editor: " + WALKING.title, "authors": ("Nemo, A.",), "pages": "303", "doi": ""},
    "protocol": {
        "title": WALKING.title.replace("a systematic", "protocol for a systematic"),
        "year": 2016,
        "pages": "e9",
        "doi": "10.1000/p.1",
    },
    "protocol after the title": {"title": WALKING.title + " protocol", "year": 2016, "journal": "Imaginary Open", "pages": "e9", "doi": ""},
    "medRxiv by DOI": {"journal": "", "volume": "", "issue": "", "pages": "", "year": 2017, "doi": "10.1101/2017.12.01.17123456"},
    "preprint by journal": {"journal": "bioRxiv", "volume": "", "issue": "", "pages": "", "doi": ""},
    "Research Square": {"journal": "Research Square", "volume": "", "issue": "", "pages": "", "doi": "10.21203/rs.3.rs-1234567/v1"},
    "entry of a register": {"journal": "ClinicalTrials.gov", "volume": "", "issue": "", "pages": "NCT00000000", "doi": ""},
    "update, by its title": {
        "title": WALKING.title + ": an update",
        "year": 2022,
        "volume": "16",
        "pages": "1-20",
        "doi": "",
        "abstract": "",
    },
    "update under the same title": {"year": 2022, "volume": "16", "pages": "1-20", "doi": "10.1000/jiph.2022.1", "abstract": ""},
    "thesis": {"journal": "University of Nowhere", "volume": "", "issue": "", "pages": "1-300", "doi": "", "kind": "THES"},
    "conference abstract elsewhere": {
        "journal": "Annals of Nowhere",
        "volume": "7",
        "issue": "S1",
        "pages": "S33",
        "doi": "",
        "abstract": "",
    },
    "supplementary material": {"title": "Supplementary material for: " + WALKING.title, "journal": "", "pages": "", "doi": "10.1000/s.9"},
    "versions counted in the DOI": {"doi": "10.1000/research.1234.2", "pages": ""},
}


@pytest.mark.parametrize("trap", VERSIONS)
def test_two_documents_of_one_review_are_versions_and_never_joined(trap: str) -> None:
    article = like(WALKING, "one", **({"doi": "10.1000/research.1234.1", "pages": ""} if "counted" in trap else {}))
    assert verdict(article, like(article, "other", **VERSIONS[trap])) == "versions"


HEADED = [
    "Fe de erratas: {}",
    "Fe de errores de «{}»",
    "Corrección al artículo: {}",
    "Correção: {}",
    "Rectificatif à l’article « {} »",
    "Berichtigung zu: {}",
    "Korrektur: {}",
    "Errata corrige: {}",
    "Rättelse: {}",
    "Исправление: {}",
    "更正：{}",
    "{}: Berichtigung",
    "{} [Fe de erratas]",
    "Rétractation de : {}",
]


@pytest.mark.parametrize("headed", HEADED)
@pytest.mark.parametrize("place", [{}, {"pages": "400"}, {"pages": "", "doi": ""}, {"pages": "400", "doi": "10.1000/x.2", "year": 2019}])
def test_a_notice_in_another_language_is_proposed_beside_what_it_is_about(headed: str, place: dict[str, Any]) -> None:
    assert verdict(WALKING, like(WALKING, "notice", title=headed.format(WALKING.title), **place)) == "versions"


@pytest.mark.parametrize(
    ("review", "protocol"),
    [
        ("Paseos entre vecinos: una revisión sistemática", "Paseos entre vecinos: protocolo de una revisión sistemática"),
        ("Marcher entre voisins : une revue systématique", "Marcher entre voisins : protocole d’une revue systématique"),
        ("Gehen mit Nachbarn: eine systematische Übersicht", "Gehen mit Nachbarn: Studienprotokoll einer systematischen Übersicht"),
    ],
)
def test_a_protocol_in_another_language_is_not_its_review(review: str, protocol: str) -> None:
    later = {"pages": "e9", "doi": "10.1000/p.1", "year": 2016, "abstract": ""}
    assert verdict(like(WALKING, "review", title=review), like(WALKING, "protocol", title=protocol, **later)) == "versions"


COCHRANE = like(
    WALKING,
    "pub2",
    title="Fictional interventions for imaginary tiredness",
    journal="Cochrane Database of Systematic Reviews",
    volume="",
    issue="3",
    pages="CD099999",
    doi="10.1002/14651858.CD099999.pub2",
)


@pytest.mark.parametrize(
    "changes",
    [
        {"doi": "10.1002/14651858.CD099999.pub3", "year": 2021, "issue": "1"},
        {"doi": "10.1002/14651858.CD099999.pub3"},
        {"doi": "10.1002/14651858.CD099999", "year": 2015},
        {"doi": "", "year": 2021, "issue": ""},
        {"doi": "", "issue": "4"},
        {"doi": "", "journal": "Cochrane Database Syst Rev", "year": 2019},
    ],
)
def test_updates_of_a_cochrane_review_are_versions(changes: dict[str, Any]) -> None:
    assert verdict(COCHRANE, like(COCHRANE, "other", **changes)) == "versions"


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"doi": "", "journal": "Cochrane Database Syst Rev"},
        {"doi": "", "issue": "", "journal": "The Cochrane database of systematic reviews"},
        {"doi": "10.1002/14651858.cd099999.PUB2", "pages": "", "issue": ""},
    ],
)
def test_one_version_of_a_cochrane_review_is_one_report(changes: dict[str, Any]) -> None:
    assert verdict(COCHRANE, like(COCHRANE, "other", **changes)) == "certain"


def test_two_cochrane_reviews_with_nearly_one_title_stay_apart() -> None:
    other = like(COCHRANE, "other", title=COCHRANE.title + " in children", pages="CD088888", doi="10.1002/14651858.CD088888.pub2")
    assert verdict(COCHRANE, other) == "apart"


ANOTHER = {"authors": ("Vantongeren, Bo", "Ilves, K."), "abstract": ""}

APART: dict[str, tuple[Entry, dict[str, Any]]] = {
    "another paper": (WALKING, {"title": "Knitting circles in hospitals", "doi": "10.1000/x.1", "pages": "1-9", **ANOTHER}),
    "the DOI of the journal issue": (WALKING, {"title": "Choirs for people who cannot sing: a trial", "pages": "300-310", **ANOTHER}),
    "the DOI of another paper, same year and journal": (
        WALKING,
        {"title": "Understanding privacy in imaginary offices", "authors": ("Nemo, A.",), "pages": "", "abstract": ""},
    ),
    "part I and part II": (
        like(BARE, title="Loneliness in later life, part I: theory of walking"),
        {"title": "Loneliness in later life, part II: theory of walking", "pages": "257-270"},
    ),
    "part 1 and part 2, without pages": (
        like(BARE, title="Loneliness in later life: Part 1", pages="", volume=""),
        {"title": "Loneliness in later life: Part 2"},
    ),
    "phase II and phase III": (
        like(BARE, title="A phase II trial of silence in noisy reading rooms"),
        {"title": "A phase III trial of silence in noisy reading rooms", "year": 2020, "volume": "14", "pages": "1-9"},
    ),
    "Issue Information": (like(BARE, title="Issue Information", authors=()), {"issue": "4", "pages": "i-iii", "volume": "13"}),
    "Issue Information, twice without anything": (like(BARE, title="Issue Information", authors=(), pages="", volume=""), {}),
    "Reply, by others": (like(BARE, title="Reply"), {"pages": "90", **ANOTHER}),
    "Reply, by the same": (like(BARE, title="Author's reply"), {"pages": "90", "volume": "13", "year": 2019}),
    "Editorial, by the same people in two journals": (
        like(BARE, title="Editorial"),
        {"journal": "Annals of Nowhere", "volume": "4", "pages": "1-2", "year": 2020},
    ),
    "Editorial, a year later": (like(BARE, title="Editorial"), {"year": 2019, "volume": "13", "pages": "1-2"}),
    "no title": (like(BARE, title=""), {"title": "", "pages": "300-310"}),
    "UNKNOWN": (like(BARE, title="UNKNOWN"), {"title": "UNKNOWN", "pages": "9"}),
    "same title, other people, other place": (
        like(BARE, title="Loneliness in later life: a systematic review"),
        {"journal": "Annals of Nowhere", "volume": "4", "pages": "1-9", "year": 2011, **ANOTHER},
    ),
    "annual pieces of one journal": (
        like(WALKING, title="Introduction to the section on imaginary libraries", volume="", pages="", abstract=""),
        {"year": 2019, "doi": "10.1000/jiph.2019.1"},
    ),
    "men and women": (
        like(BARE, title="Loneliness and walking among older men in towns"),
        {"title": "Loneliness and walking among older women in towns", "volume": "15", "pages": "77-80", "year": 2020},
    ),
    "two registrations": (
        like(BARE, title="A trial of silence in reading rooms", journal="ClinicalTrials.gov", pages="NCT00000001", volume=""),
        {"pages": "NCT00000002"},
    ),
}


@pytest.mark.parametrize("trap", APART)
def test_different_reports_stay_apart(trap: str) -> None:
    entry, changes = APART[trap]
    assert verdict(like(entry, "one"), like(entry, "other", **changes)) == "apart"


LIKELY: dict[str, tuple[Entry, dict[str, Any]]] = {
    "the same title in two languages": (BARE, {"title": "Gruppi di cammino guidati dai vicini contro la solitudine degli anziani"}),
    "two letters wrong, no pages": (like(BARE, pages="", volume=""), {"title": WALKING.title.replace("neighbours", "nieghburs")}),
    "one author, two years, no place": (
        like(BARE, authors=("Quill, T",), journal="", volume="", pages=""),
        {"year": 2017},
    ),
    "other DOI, else the same": (like(WALKING, pages="", volume="", issue=""), {"doi": "10.1000/jiph.9999"}),
    "subtitle missing, no pages": (
        like(BARE, pages="", volume=""),
        {"title": "Walking groups led by neighbours for loneliness in later life"},
    ),
    "same DOI and authors, another title": (WALKING, {"title": "Neighbourly strolls and solitude among the elderly", "abstract": ""}),
    "title and authors alone": (BARE, {"year": None, "journal": "", "volume": "", "pages": ""}),
    "the same abstract in a journal nobody has heard of": (WALKING, {"journal": "Papers of Nowhere", "volume": "", "pages": "", "doi": ""}),
    "rats and mice, with the DOI of the supplement": (
        like(WALKING, title="Silence in the reading rooms of imaginary rats", pages="S12", abstract=""),
        {"title": "Silence in the reading rooms of imaginary mice", "pages": "S14"},
    ),
    "rats and mice, with the DOI of the supplement, no pages": (
        like(WALKING, title="Silence in the reading rooms of imaginary rats", pages="", abstract=""),
        {"title": "Silence in the reading rooms of imaginary mice"},
    ),
    "a talk and an article, by their types": (
        like(BARE, pages="", volume="", kind="Journal: Conference Abstract"),
        {"kind": "Journal: Article"},
    ),
    "rats and mice on one page": (
        like(BARE, title="Silence in the reading rooms of imaginary rats", pages="S12"),
        {"title": "Silence in the reading rooms of imaginary mice"},
    ),
    "another end, on one page": (
        like(BARE, title="Silence in imaginary reading rooms: results after one year", pages="S12"),
        {"title": "Silence in imaginary reading rooms: what the librarians said"},
    ),
    "micro and macro": (
        like(BARE, title="Microvascular silence in imaginary reading rooms", pages="S12"),
        {"title": "Macrovascular silence in imaginary reading rooms"},
    ),
    "all the same, but PubMed has two numbers": (like(BARE, pmid="1"), {"pmid": "2"}),
    "abstract of a supplement and what came out a year later": (
        like(BARE, pages="S500", year=2017),
        {"year": 2018, "volume": "", "pages": "", "issue": ""},
    ),
    "no title, same place": (BARE, {"title": ""}),
    "other pages, issue unknown": (BARE, {"pages": "27-31"}),
}


@pytest.mark.parametrize("trap", LIKELY)
def test_what_cannot_be_told_waits_for_a_person(trap: str) -> None:
    entry, changes = LIKELY[trap]
    assert verdict(like(entry, "one"), like(entry, "other", **changes)) == "likely"


def test_conference_abstracts_of_one_supplement_with_one_title_stay_two() -> None:
    abstracts = [like(BARE, str(n), title="Poster abstracts", pages=f"S{n}", authors=("Committee",)) for n in range(1, 40)]
    assert said(find(abstracts)) == "apart"


def test_reasons_are_sentences_a_librarian_understands() -> None:
    joined = find([WALKING, like(WALKING, year=2017)]).certain[0]
    assert joined.reasons == {
        joined.keys[1]: "Same DOI, and same title. Authors, journal, volume, issue, pages and abstract agree. Year differs by one."
    }

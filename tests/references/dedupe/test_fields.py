"""Single fields, made ready and compared: titles, names, journals, pages, DOIs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.references.dedupe import fold, venue
from screening.references.dedupe.compare import Says, Titles, compare_dois, compare_names, compare_pages, compare_titles
from screening.references.dedupe.fold import doi_key, number_key, plain, words
from screening.references.dedupe.names import read_names
from screening.references.dedupe.titles import read_title
from screening.references.dedupe.venue import journals_agree, read_journal, read_nature, read_pages


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Straße", "strasse"),
        ("ŁÓDŹ", "lodz"),
        ("Søren Kierkegård", "soren kierkegard"),
        ("β-carotene", "beta-carotene"),
        ("5 µg", "5 mug"),
        ("&amp;amp; more", "& more"),
        ("H<sub>2</sub>O", "h2o"),
        ("p < 0.05 and q > 2", "p < 0.05 and q > 2"),
        ("patients’ and patient's", "patients and patients"),
        ("ανασκόπηση της βιβλιογραφίας", "ανασκοπηση τησ βιβλιογραφιασ"),
        ("ﬁnding", "finding"),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert plain(text) == folded


def test_words_of_any_script() -> None:
    assert words(plain("系统评价 и обзор")) == ["系统评价", "и", "обзор"]


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/X.1", "10.1000/x.1"),
        ("https://doi.org/10.1000/x.1.", "10.1000/x.1"),
        ("http://dx.doi.org/10.1000/x", "10.1000/x"),
        ("doi: 10.1000/x", "10.1000/x"),
        ("10.1016/S0140(96)00001-2", "10.1016/s0140(96)00001-2"),
        ("(10.1000/x)", "10.1000/x"),
        ("10.1016/0165-5876%2895%2901238-9", "10.1016/0165-5876(95)01238-9"),
        ("10.1002/(SICI)1097(199711)16:21&lt;1::AID-1&gt;3.0.CO;2-2", "10.1002/(sici)1097(199711)16:21<1::aid-1>3.0.co;2-2"),
        ("PMC123", ""),
        ("10.1/x", ""),
        ("", ""),
    ],
)
def test_a_doi_is_bare(text: str, doi: str) -> None:
    assert doi_key(text) == doi


def test_numbers_of_volumes() -> None:
    told = ("007", "24 Suppl 3", "v. 12", "XIV", "xlii.", "Suppl", "(Jul)", "Ph.D.", "")
    assert [number_key(text) for text in told] == ["7", "24", "12", "14", "42", "", "", "", ""]


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ("1241-1246", "1241-6", Says.AGREE),
        ("S172-S173", "172-173", Says.AGREE),
        ("S172", "E172", Says.NOTHING),
        ("241", "241-256", Says.AGREE),
        ("241-256", "241-249", Says.CLOSE),
        ("241-256", "257-260", Says.DIFFER),
        ("Suppl-42", "S34-S42", Says.CLOSE),
        ("t-20", "314-320", Says.CLOSE),
        ("1-16", "e10241", Says.NOTHING),
        ("a1754", "969-972", Says.NOTHING),
        ("A186", "212-216", Says.DIFFER),
        ("80-85", "79-85", Says.NOTHING),
        ("12 p.", "12-20", Says.NOTHING),
        ("no pagination", "12-20", Says.NOTHING),
        ("", "12", Says.NOTHING),
    ],
)
def test_pages(a: str, b: str, says: Says) -> None:
    assert compare_pages(read_pages(a), read_pages(b)) is says
    assert compare_pages(read_pages(b), read_pages(a)) is says


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        (("Quill, Tobias R.",), ("T. R. Quill",), Says.AGREE),
        (("Quill, Tobias",), ("Quill TR",), Says.AGREE),
        (("Müller, Änne",), ("Mueller, A",), Says.AGREE),
        (("O'Dowd, P",), ("O’Dowd P.",), Says.AGREE),
        (("van der Berg, J",), ("Berg, J van der",), Says.AGREE),
        (("de, Sanjose S",), ("Sanjose, S",), Says.AGREE),
        (("Okonjo-Vale, S",), ("Okonjo Vale S",), Says.AGREE),
        (("Jie, Li", "Hong-wu, Tuo"), ("Li, J.", "Tuo, H. W."), Says.AGREE),
        (("Smith, John",), ("Brown, John",), Says.DIFFER),
        (("Smith J", "Jones B"), ("Brown J", "White B"), Says.DIFFER),
        (("Smith J", "Jones B"), ("Jones B", "White C", "Green D"), Says.CLOSE),
        (("Anonymous",), ("Smith J",), Says.NOTHING),
        ((), ("Smith J",), Says.NOTHING),
    ],
)
def test_names(a: tuple[str, ...], b: tuple[str, ...], says: Says) -> None:
    assert compare_names(read_names(a), read_names(b)) is says
    assert compare_names(read_names(b), read_names(a)) is says


@pytest.mark.parametrize(
    ("a", "b", "agree"),
    [
        ("Journal of Imaginary Health", "J Imag Health", True),
        ("The Journal of Imaginary Health (Nowhere, Online)", "journal of imaginary health", True),
        ("Archives of Physical Nonsense", "Arch. Phys. Nonsense", True),
        ("Deutsche Phantasie", "Dtsch Phantas", True),
        ("Journal of Imaginary Health: JIH", "Journal of Imaginary Health", True),
        ("Fictional Medical Journal", "FMJ", True),
        ("Physio & Walking", "Physio and Walking", True),
        ("Journal of Imaginary Health", "Annals of Nowhere", False),
        ("Journal of Pain", "Journal of Sleep", False),
    ],
)
def test_journals(a: str, b: str, agree: bool) -> None:
    assert journals_agree(read_journal(a), read_journal(b)) is agree
    assert journals_agree(read_journal(b), read_journal(a)) is agree


@pytest.mark.parametrize(
    ("a", "b", "fit"),
    [
        ("The walking of groups", "Walking of groups.", Titles.SAME),
        ("Randomised trials in paediatric anaemia", "Randomized trials in pediatric anemia", Titles.SAME),
        ("Walking groups for loneliness", "Walking groups for loneliness: a review of everything", Titles.BEGINS),
        ("Walking groups for lonelyness in old age", "Walking groups for loneliness in old age", Titles.NEAR),
        ("Walking groups", "Knitting circles in hospitals", Titles.OTHER),
        ("", "", Titles.OTHER),
    ],
)
def test_titles(a: str, b: str, fit: Titles) -> None:
    assert compare_titles(read_title(a), read_title(b))[0] is fit
    assert compare_titles(read_title(b), read_title(a))[0] is fit


@pytest.mark.parametrize(
    ("title", "marks"),
    [
        ("Erratum", {"correction"}),
        ("Correction to: walking", {"correction"}),
        ("Corrections in prison: walking groups", set()),
        ("Walking: a study protocol", {"protocol"}),
        ("Protocol for a review of walking", {"protocol"}),
        ("Response to treatment in walkers", {"comment"}),
        ("Re: walking", {"comment"}),
        ("Reading and retention", set()),
        ("RETRACTED: walking", {"retracted"}),
        ("Retraction of the gums: a review", set()),
        ("Data for: walking", {"supplement"}),
        ("Corrección de la miopía en caminantes", set()),
        ("Rectificación de la lordosis cervical", set()),
        ("Korrektur der Hüfte beim Gehen", set()),
        ("Corrección: caminar", {"correction"}),
    ],
)
def test_marks_of_another_document(title: str, marks: set[str]) -> None:
    found = read_title(title).marks
    assert found == marks or (title.startswith("Retraction of") and found <= {"retraction"})


def test_what_kind_of_document_it_is() -> None:
    def nature(**said: str) -> tuple[str, str, str]:
        found = read_nature(**{"journal": "", "pages": "", "doi": "", "kind": "", "title": "", **said})
        return found.kind, found.number, found.version

    assert nature(doi="10.1002/14651858.cd099999.pub3") == ("cochrane", "cd099999", "3")
    assert nature(doi="10.1002/14651858.cd099999") == ("cochrane", "cd099999", "1")
    assert nature(journal="Cochrane Database Syst Rev", pages="CD099999") == ("cochrane", "cd099999", "")
    assert nature(doi="10.21203/rs.3.rs-123/v2") == ("preprint", "10.21203/rs.3.rs-123", "2")
    assert nature(journal="medRxiv")[0] == "preprint"
    assert nature(journal="ClinicalTrials.gov", pages="NCT 00000001") == ("registry", "nct00000001", "")
    assert nature(kind="THES")[0] == "thesis"
    assert nature(kind="JOUR") == ("", "", "")


def test_a_doi_that_names_its_version_is_the_same() -> None:
    assert compare_dois("10.1000/x", "10.1000/x.v1") is Says.AGREE
    assert compare_dois("10.1000/x.v1", "10.1000/x.v2") is Says.DIFFER
    assert compare_dois("10.1000/x", "10.1000/x1") is Says.DIFFER


SAID = (
    """
medrxiv|arxiv|earthrxiv|a preprint|preprints.org|research square|ssrn|osf preprints|authorea|f1000 research posters|zenodo
f1000research posters|peerj preprints|jmir preprints|psyarxiv|techrxiv|clinicaltrials.gov|clinical trials registry|ictrp
trialsearch.who|isrctn 1|prospero|trial registry|register record|nct12345678|drks|anzctr|chictr|eudract|ctri|umin-ctr|jrct|irct
lancet|instinct|registered
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("said", SAID)
def test_what_is_asked_first_of_a_journal_leaves_out_no_server_and_no_register(said):
    for text in (said, f"the {said} 12", f"x{said}"):
        assert venue.names_preprints(text) is bool(venue._PREPRINT.search(text))
        assert venue.names_register(text) is bool(venue._REGISTRY.search(text))


@given(st.from_regex(r"[0-9]{1,9}-[0-9]{1,9}", fullmatch=True))
def test_plain_pages_are_read_as_any_pages_are(text):
    assert venue.read_pages(text) == venue.read_pages(f"p. {text}")


@given(st.one_of(st.from_regex(r"10\.[0-9]{3,5}/[a-z0-9./_)-]{0,12}", fullmatch=True), st.text("10./%2fAa;) ", max_size=14)))
def test_a_plain_doi_is_read_as_any_doi_is(doi):
    assert fold.doi_key(doi) == fold.doi_key(f"doi:{doi}") or not fold._PLAIN_DOI.fullmatch(doi)

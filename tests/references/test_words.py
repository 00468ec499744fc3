"""The language of searches: whatever is typed is understood as something, and finds what it says."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.references.words import common_words, folded, of_other_boxes, parse, search, several_of, vector, words_in, words_to_mark

ODD = st.text(
    alphabet=st.one_of(st.sampled_from("ab \"'()|&!:*<->\\-−OR NOT“”«\t\n\x00%_~^é精"), st.characters()),
    max_size=60,
)

TREES = st.recursive(st.sampled_from("abc"), lambda part: st.tuples(st.sampled_from(["and", "or", "not"]), part, part), max_leaves=6)


def finds(typed: str, *texts: str) -> bool:
    """Whether a report with these fields is found, by PostgreSQL itself."""
    asked = search(typed)
    fields = [("A", text) for text in texts]
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector(fields), asked.tsquery])
        return cursor.fetchone()[0] is not asked.inverted if asked.tsquery else True


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ångström", "angstrom"),
        ("ÉVALUATION", "évaluation"),
        ("ﬁeld", "field"),
        ("Straße", "STRASSE"),
        ("Sørensen", "Sorensen"),
        ("Łódź", "lodz"),
        ("Œuvre", "oeuvre"),
        ("ΛΌΓΟΣ", "λόγος"),
        ("İstanbul", "istanbul"),
        ("e\u0301tude", "étude"),
        ("Ünal", "U\u0308nal"),
        ("ｆｕｌｌ", "full"),
        ("محمّد", "محمد"),
    ],
)
def test_letters_that_print_alike_are_alike(one, other):
    assert folded(one) == folded(other)
    assert words_in(one) == words_in(other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("peer support", "Support by a peer", True),
        ('"peer support"', "Support by a peer", False),
        ('"peer support"', "A Peer-Support group", True),
        ("peer-support", "peer support", True),
        ("“peer support”", "of peer support", True),
        ("family OR peer", "peer work", True),
        ("family OR recovery", "peer work", False),
        ("(family OR peer) work", "peer work", True),
        ("(family OR peer) ward", "peer work", False),
        ("peer -ward", "peer work", True),
        ("peer -work", "peer work", False),
        ("-work", "peer work", False),
        ("-ward", "peer work", True),
        ("NOT ward", "peer work", True),
        ('-"peer work"', "work of a peer", True),
        ("-(peer work)", "peer review", True),
        ("ward OR -peer", "peer work", False),
        ("ward OR -peer", "ward work", True),
        ("recover*", "Recovery colleges", True),
        ('"recovery coll*"', "Recovery colleges", True),
        ("recover", "Recovery colleges", False),
        ("covid 19", "COVID-19", True),
        ("covid-19", "COVID 19", True),
        ("健康", "精神健康服务", True),
        ("健神", "精神健康服务", False),
        ("peer AND support", "support of peers by a peer", True),
        ("x", "", False),
    ],
)
def test_a_search_finds_what_it_says(typed, text, found):
    assert finds(typed, text) is found


@pytest.mark.django_db
def test_no_phrase_reaches_from_one_field_into_the_next():
    assert finds("peer ward", "about a peer", "ward work")
    assert not finds('"peer ward"', "about a peer", "ward work")


@pytest.mark.parametrize("typed", ["", " ", "-", "()", "OR", "AND", '""', "*", "((((", "))))", "NOT", "|", "''", "&&", "- - -", "\x00"])
def test_signs_alone_ask_for_nothing(typed):
    assert parse(typed) is None
    assert search(typed).tsquery == ""


def test_a_doi_or_a_pubmed_number_is_known_however_it_is_written():
    for typed in ("10.1000/Xy.1", "doi:10.1000/xy.1", "https://doi.org/10.1000/xy.1", "DOI 10.1000/xy.1."):
        assert search(typed).doi == "10.1000/xy.1"
    for typed in ("12345678", "PMID: 12345678", "pmid12345678", "https://pubmed.ncbi.nlm.nih.gov/12345678/"):
        assert search(typed).pmid == "12345678"
    assert search("10 1000").doi == search("peer 12345678").pmid == ""


@pytest.mark.django_db
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD, ODD)
def test_nothing_typed_is_an_error_of_the_database(typed, text):
    finds(typed, text, "peer support")


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TREES, st.sets(st.sampled_from("abc")))
def test_brackets_or_and_minus_mean_what_logic_says(tree, there):
    def written(node) -> str:
        if isinstance(node, str):
            return node
        kind, one, other = node
        return {"and": f"({written(one)} {written(other)})", "or": f"({written(one)} OR {written(other)})", "not": f"-({written(one)})"}[
            kind
        ]

    def holds(node) -> bool:
        if isinstance(node, str):
            return node in there
        kind, one, other = node
        return not holds(one) if kind == "not" else (holds(one) and holds(other)) if kind == "and" else (holds(one) or holds(other))

    assert finds(written(tree), " ".join(there)) is holds(tree)


@pytest.mark.django_db
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from("abcd"), max_size=8),
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=4),
    st.sets(st.sampled_from("abcd")),
)
def test_a_phrase_is_found_alike_whichever_words_are_common(text, phrase, common):
    asked = search(f'"{" ".join(phrase)}"', common)
    held = any(text[start : start + len(phrase)] == phrase for start in range(len(text)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector([("A", " ".join(text))], common), asked.tsquery])
        assert cursor.fetchone()[0] is held


def test_common_are_the_words_that_many_texts_hold():
    texts = [f"peer support {n}" for n in range(50)] + ["a ward"]
    assert common_words(texts) == ["peer", "support"]


def test_a_very_long_text_is_no_problem():
    found = vector([("D", "word " * 400_000 + "end")])
    assert len(found) < 1_000_000
    assert parse("(" * 900 + "a" + ")" * 900) is not None
    assert search("a OR " * 1_000).tsquery


def test_what_tells_a_title_are_its_longest_words_save_those_that_many_hold():
    assert several_of("Wards") == "" == several_of("")
    assert several_of("Peers on wards") == "('on' & 'peers') | ('on' & 'wards') | ('peers' & 'wards')"
    assert several_of("Peers on wards", {"on", "peers"}) == "'peers' & 'wards' & 'on'"
    assert several_of("Telephone peers on wards", {"on", "peers"}) == "('telephone' & 'wards')"
    assert several_of(" ".join(f"word{n}" for n in range(50))).count("|") == 19


@pytest.mark.parametrize(
    ("typed", "foreign"),
    [
        ("wom?n peer*group", ["wom?n", "peer*group"]),
        ("peer NEAR/3 support adj2 family", ["NEAR/3", "adj2"]),
        ("(peer* or famil*).ti,ab. and 1", [".ti,ab."]),
        ('"peer support"[tiab] title:ward', ["[tiab]", "title:"]),
        ("What works? A review (2019) of CD4/CD8: recover* -ward", []),
        ("10.1186/s12913-019-4231-3 Title: a review", []),
    ],
)
def test_what_only_databases_understand_is_told(typed, foreign):
    assert of_other_boxes(typed) == foreign


def test_the_words_searched_for_are_marked_and_no_part_of_a_doi():
    assert words_to_mark('"peer support" ward* -home') == [("peer", False), ("support", False), ("ward", True)]
    assert words_to_mark("https://doi.org/10.1186/long.review") == []

"""What holds of every matching, whatever the records: no order, no chain and no repetition changes it."""

import random
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references.dedupe import Entry, Matching, find
from tests.references.dedupe.made_up import WALKING, grouped, groups, like

TITLES = (
    WALKING.title,
    WALKING.title.upper(),
    WALKING.title + ": study protocol",
    "Erratum to: " + WALKING.title,
    "Knitting circles in hospitals: part 1",
    "Knitting circles in hospitals: part 2",
    "Reply",
    "",
)
ENTRIES = st.builds(
    Entry,
    key=st.none(),
    title=st.sampled_from(TITLES) | st.text(max_size=30),
    authors=st.sampled_from([(), WALKING.authors, ("Quill T",), ("et al.",), ("Nemo, A.", "Ilves K")]),
    year=st.sampled_from([None, 2017, 2018, 2024]),
    journal=st.sampled_from(["", "J Imag Public Health", "bioRxiv", "Cochrane Database of Systematic Reviews"]),
    volume=st.sampled_from(["", "12", "13"]),
    pages=st.sampled_from(["", "241-56", "241", "e9", "CD099999"]) | st.text(max_size=8),
    doi=st.sampled_from(["", "10.1000/a", "10.1000/b", "10.1101/2017.12.01.17123456"]) | st.text(max_size=12),
    pmid=st.sampled_from(["", "1", "2"]),
)
SOME = st.lists(ENTRIES, max_size=14).map(lambda entries: [replace(entry, key=n) for n, entry in enumerate(entries)])
PAIRS = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13)), max_size=6)


def shape(matching: Matching) -> tuple[object, ...]:
    """A matching without the order of its lists, and of each pair its score and reasons alone: keys of copies may change places."""
    pairs = [sorted((pair.score, pair.reasons) for pair in kind) for kind in (matching.likely, matching.versions)]
    return (sorted(sorted(map(str, group.keys)) for group in matching.certain), *pairs)


@settings(max_examples=80, deadline=None)
@given(SOME, PAIRS, PAIRS, st.randoms())
def test_the_order_of_entries_does_not_matter(
    entries: list[Entry], together: list[tuple[int, int]], apart: list[tuple[int, int]], chance: random.Random
) -> None:
    first = find(entries, together=together, apart=apart)
    shuffled = list(entries)
    chance.shuffle(shuffled)
    turned = [(b, a) for a, b in together]
    assert find(shuffled, together=turned, apart=list(reversed(apart))) == first


@settings(max_examples=80, deadline=None)
@given(SOME, PAIRS)
def test_no_chain_brings_together_what_a_person_holds_apart(entries: list[Entry], apart: list[tuple[int, int]]) -> None:
    matching = find(entries, apart=apart)
    held = {frozenset(pair) for pair in apart}
    for group in matching.certain:
        assert not any(pair <= set(group.keys) for pair in held if len(pair) == 2)
    assert not any({pair.first, pair.second} in held for pair in (*matching.likely, *matching.versions))


@settings(max_examples=80, deadline=None)
@given(SOME, PAIRS)
def test_what_a_person_joined_is_in_one_group(entries: list[Entry], together: list[tuple[int, int]]) -> None:
    keys = {entry.key for entry in entries}
    found = grouped(entries, together=together)
    for a, b in together:
        if a != b and {a, b} <= keys:
            assert any({a, b} <= group for group in found)


@settings(max_examples=80, deadline=None)
@given(SOME)
def test_what_was_found_holds_when_asked_again(entries: list[Entry]) -> None:
    """Groups given back as a person's word give the same groups; nothing is in two lists; groups share no key."""
    matching = find(entries)
    chains = [pair for group in matching.certain for pair in zip(group.keys, group.keys[1:], strict=False)]
    again = grouped(entries, together=chains)
    assert all(any(group <= other for other in again) for group in groups(matching))
    seen = [key for group in matching.certain for key in group.keys]
    assert len(seen) == len(set(seen))
    likely = {frozenset((pair.first, pair.second)) for pair in matching.likely}
    assert not likely & {frozenset((pair.first, pair.second)) for pair in matching.versions}
    assert not any(pair <= set(group.keys) for pair in likely for group in matching.certain)


@settings(max_examples=60, deadline=None)
@given(ENTRIES, ENTRIES)
def test_a_pair_is_the_same_from_both_sides(a: Entry, b: Entry) -> None:
    assert shape(find([replace(a, key="a"), replace(b, key="b")])) == shape(find([replace(b, key="a"), replace(a, key="b")]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(Entry, key=st.none(), title=st.text(), authors=st.lists(st.text()).map(tuple), pages=st.text(), doi=st.text(),
                          journal=st.text(), volume=st.text(), issue=st.text(), pmid=st.text(), kind=st.text(), abstract=st.text(),
                          year=st.none() | st.integers()), max_size=6))  # fmt: skip
def test_no_text_is_too_odd(entries: list[Entry]) -> None:
    find([replace(entry, key=n) for n, entry in enumerate(entries)])


def test_adding_a_source_later_gives_the_same_as_adding_it_first() -> None:
    first = [like(WALKING, f"first {n}", title=f"{WALKING.title} {n}", doi="", pages=str(n)) for n in range(30)]
    later = [like(entry, f"later {n}", title=entry.title.upper()) for n, entry in enumerate(first[:20])]
    assert find([*first, *later]) == find([*later, *first])


def test_a_record_that_fits_two_that_do_not_fit_each_other_waits() -> None:
    """A record without a DOI, year or pages cannot say whether it is the preprint or the article."""
    article = like(WALKING, "article", abstract="")
    preprint = like(WALKING, "preprint", journal="medRxiv", volume="", issue="", pages="", doi="10.1101/2017.12.01.17123456", abstract="")
    found = find([article, preprint])
    assert not found.certain
    assert len(found.versions) == 1
    bare = like(WALKING, "bare", journal="", volume="", issue="", pages="", doi="", abstract="")
    found = find([article, preprint, bare])
    assert {"article", "preprint"} not in [set(group.keys) for group in found.certain]
    assert all(not {"article", "preprint"} <= set(group.keys) for group in found.certain)


def test_two_reports_with_different_dois_are_not_joined_through_a_third_record() -> None:
    one = like(WALKING, "one", volume="", issue="", pages="", abstract="", doi="10.1000/one")
    two = like(one, "two", doi="10.1000/two", year=2019)
    between = like(one, "between", doi="")
    found = find([one, two, between])
    assert all(not {"one", "two"} <= set(group.keys) for group in found.certain)


def test_a_person_outweighs_the_machine_along_a_chain() -> None:
    copies = [like(WALKING, n) for n in range(4)]
    found = grouped(copies, apart=[(0, 3)])
    assert all(not {0, 3} <= group for group in found)
    assert found


def test_a_person_may_join_what_the_machine_would_not() -> None:
    other = Entry("other", "Knitting circles in hospitals", ("Nemo, A.",), 2001)
    found = find([WALKING, other], together=[("walking", "other")])
    assert [set(group.keys) for group in found.certain] == [{"walking", "other"}]
    assert list(found.certain[0].reasons.values()) == ["A person said that they are the same."]
    assert find([WALKING, other], together=[("walking", "other")], apart=[("other", "walking")]).certain == []


def test_pairs_with_a_key_that_is_not_there_are_passed_over() -> None:
    assert find([WALKING], together=[("walking", "gone")], apart=[("gone", "walking")]) == Matching([], [], [])


def test_two_entries_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="same key"):
        find([WALKING, WALKING])


def test_every_key_but_the_first_has_its_reason() -> None:
    (group,) = find([like(WALKING, n) for n in range(6)]).certain
    assert list(group.reasons) == list(group.keys[1:])


def test_one_question_is_asked_once() -> None:
    """Three copies of one record and two of another that may be the same: one pair waits, not six."""
    article = [like(WALKING, f"article {n}", doi="", volume="", pages="", issue="") for n in range(3)]
    other = [like(article[0], f"other {n}", year=2017, authors=("Harrowgate, I", "Sands, P", "Mire, Q"), abstract="") for n in range(2)]
    found = find([*article, *other])
    assert len(found.certain) == 2
    assert len(found.likely) == 1


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    find([like(WALKING, n) for n in range(50)], tick=lambda done, of: told.append((done, of)))
    assert told[0] == (0, 100)
    assert told[-1] == (100, 100)
    assert told == sorted(told)


def test_thousands_that_share_a_title_or_a_doi_do_not_slow_it_down() -> None:
    replies = [
        Entry(n, "Reply", (f"Author{n}, A",), 2018, "Journal of Imaginary Public Health", "12", "", str(n), "10.1000/issue")
        for n in range(1, 3000)
    ]
    found = find(replies)
    assert found.certain == []
    assert len(found.likely) == 0


def test_many_copies_are_one_group() -> None:
    assert len(grouped([like(WALKING, n) for n in range(400)])) == 1


def test_a_group_of_too_many_different_records_waits_for_a_person() -> None:
    """Forty records that all pass as one report are more likely a series than forty databases."""
    series = [like(WALKING, n, pages="", volume="", issue=str(n), doi="", abstract="") for n in range(40)]
    found = find(series)
    assert all(len(group.keys) <= 25 for group in found.certain)
    assert found.likely


def test_a_title_that_hundreds_share_asks_few_questions() -> None:
    many = [Entry(n, WALKING.title, (f"Name{n % 70}, A",), 1990 + n % 30, f"Journal {n % 9}", str(n % 50), "", str(n)) for n in range(600)]
    found = find(many)
    asked = Counter(key for pair in found.likely for key in (pair.first, pair.second))
    assert max(asked.values(), default=0) <= 8


def test_fields_of_megabytes_take_no_time() -> None:
    """A file read wrongly may have a whole abstract, or a whole book, in the place of a title or a name."""
    book = "walking groups " * 200_000
    field = dict.fromkeys(("journal", "volume", "issue", "pages", "doi", "pmid", "kind", "abstract"), book)
    start = time.process_time()
    find([Entry(n, book + str(n), (book, book.replace("w", "v")), 2018, **field) for n in range(4)])
    assert time.process_time() - start < 5

"""Entries that were made ready while their file was read are matched as those that were not."""

from screening.references.dedupe import Entry, find, prepare


def entries() -> list[Entry]:
    made = []
    for n in range(60):
        title = f"Exercise and the mood of {n} older adults living at home: a randomised trial"
        said = {
            "authors": (f"Name{n}, Anna", "Other, Bob"),
            "year": 2001,
            "journal": "Journal of Trials",
            "volume": str(n),
            "pages": f"{n}1-{n}9",
        }
        made.append(Entry(key=n, title=title, doi=f"10.1234/t.{n}", **said))
        if n % 5 == 0:
            made.append(Entry(key=100 + n, title=title.upper(), **said))
    return made


def test_prepared_before_or_not_the_matching_is_the_same_and_nothing_is_held_any_longer():
    said = entries()
    prepared = {entry.key: prepare(entry) for entry in said[::2]}
    found = find(said, prepared=prepared)
    assert found == find(said)
    assert len(found.certain) == 12
    assert prepared == {}

"""What an import changes: any order of files gives the same reports, and what a person decided stays."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from screening.references.dedupe import Entry, Group, Matching, Pair, find
from screening.references.dedupe.plan import BOTH_HELD, New, Plan, pinned, plan, unclashed


class World:
    """A project as the import job sees it: records in order of arrival, the report of each, what people said."""

    def __init__(self, match=find):
        self.match = match
        self.entries: dict[int, Entry] = {}
        self.placed: dict[int, str] = {}
        self.held: set[str] = set()
        self.same: list[tuple[int, int]] = []
        self.apart: list[tuple[int, int]] = []
        self.names = itertools.count(1)

    def plan(self) -> Plan:
        together = [*self.same, *pinned(self.placed, self.held)]
        matching = self.match(list(self.entries.values()), together=together, apart=self.apart)
        matching = unclashed(
            self.match,
            lambda keys: [self.entries[key] for key in keys],
            matching,
            placed=self.placed,
            held=self.held,
            together=together,
            apart=self.apart,
        )
        said = [*self.same, *self.apart]
        return plan(list(self.entries), placed=self.placed, matching=matching, held=self.held, apart=self.apart, said=said)

    def bring(self, entries) -> Plan:
        """Import a file."""
        self.entries |= {entry.key: entry for entry in entries}
        planned = self.plan()
        made: dict[int, str] = {}
        for move in planned.moves:
            if isinstance(move.to, New) and move.to.founder not in made:
                made[move.to.founder] = f"report {next(self.names)}"
            self.placed[move.key] = made[move.to.founder] if isinstance(move.to, New) else move.to
        return planned

    def reports(self) -> set[frozenset[int]]:
        behind: dict[str, set[int]] = {}
        for key, report in self.placed.items():
            behind.setdefault(report, set()).add(key)
        return {frozenset(keys) for keys in behind.values()}


TITLES = ["Peer support in crisis teams: a systematic review", "Family peer work on wards: a scoping review"]
AUTHORS = [("Alder, Jo", "Birch, Kim"), ("Cedar, Lee",)]


@st.composite
def libraries(draw):
    """Records of a few papers, each said a little differently, cut into files."""
    said = draw(
        st.lists(
            st.tuples(
                st.sampled_from(TITLES),
                st.sampled_from(AUTHORS),
                st.sampled_from([2019, 2020, None]),
                st.sampled_from(["", "10.1234/one", "10.1234/two"]),
                st.sampled_from(["", "12-19"]),
            ),
            min_size=2,
            max_size=9,
        )
    )
    entries = [
        Entry(key, title=title, authors=authors, year=year, doi=doi, pages=pages, journal="Umbrella Studies", volume="7")
        for key, (title, authors, year, doi, pages) in enumerate(said)
    ]
    cuts = sorted(draw(st.sets(st.integers(1, len(entries) - 1), max_size=2)))
    return [entries[a:b] for a, b in itertools.pairwise([0, *cuts, len(entries)])]


@settings(max_examples=120, deadline=None)
@given(libraries(), st.randoms(use_true_random=False))
def test_a_source_added_later_gives_the_reports_it_would_have_given_first(files, chance):
    one, other, at_once = World(), World(), World()
    for file in files:
        one.bring(file)
    turned = [chance.sample(file, len(file)) for file in chance.sample(files, len(files))]
    for file in turned:
        other.bring(file)
    at_once.bring([entry for file in files for entry in file])
    assert one.reports() == other.reports() == at_once.reports()
    assert len({frozenset(one.placed.items())}) == 1 and set(one.placed) == set(one.entries)


@settings(max_examples=60, deadline=None)
@given(libraries())
def test_running_twice_changes_nothing(files):
    world = World()
    for file in files:
        world.bring(file)
        again = world.plan()
        assert again.moves == []
        assert world.plan() == again


def toy(links):
    """A matching that says what it is told: these keys are linked; no chain may bring an `apart` pair together."""

    def match(entries, *, together=(), apart=(), tick=None):
        keys = sorted(entry.key for entry in entries)
        of = {key: {key} for key in keys}
        kept_apart = {frozenset(pair) for pair in apart}
        for a, b in [*sorted(together), *sorted(links)]:
            if a not in of or b not in of or of[a] is of[b]:
                continue
            if any(frozenset((x, y)) in kept_apart for x in of[a] for y in of[b]):
                continue
            joined = of[a] | of[b]
            for key in joined:
                of[key] = joined
        groups = {id(group): tuple(sorted(group)) for group in of.values() if len(group) > 1}
        said = [Group(keys, {key: f"linked {key}" for key in keys[1:]}) for keys in sorted(groups.values())]
        likely = [Pair(a, b, 0.5, ("half",)) for a, b in sorted(links) if a in of and b in of and of[a] is not of[b]]
        return Matching(said, likely, [])

    return match


@settings(max_examples=200, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), max_size=12),
    st.lists(st.integers(1, 4), min_size=2, max_size=4),
    st.data(),
)
def test_what_people_decided_is_never_undone(links, sizes, data):
    world = World(toy(links))
    keys = itertools.count()
    for size in sizes:
        before = {report: {key for key in world.placed if world.placed[key] == report} for report in world.held}
        planned = world.bring([Entry(next(keys)) for _ in range(size)])
        for report, records in before.items():
            assert all(world.placed[key] == report for key in records)
        for a, b in world.apart:
            assert world.placed[a] != world.placed[b]
        # Held reports that seem to be one wait for a person.
        assert all(world.placed[p.first] != world.placed[p.second] for p in planned.proposals)
        assert world.plan().moves == []
        if data.draw(st.booleans(), label="decide"):
            world.held.add(data.draw(st.sampled_from(sorted(set(world.placed.values()))), label="on"))
        if data.draw(st.booleans(), label="part"):
            part(world, data.draw(st.sampled_from(sorted(world.placed)), label="which"))


def part(world, key):
    """A person takes a record out of its report."""
    others = [other for other in world.placed if other != key and world.placed[other] == world.placed[key]]
    if others:
        world.placed[key] = f"report {next(world.names)}"
        world.held.add(world.placed[key])
        world.apart += [(key, other) for other in others]


def test_two_reports_that_carry_decisions_wait_for_a_person_when_a_record_fits_both():
    world = World(toy({(0, 2), (1, 2)}))
    world.bring([Entry(0), Entry(1)])
    world.held = set(world.placed.values())
    planned = world.bring([Entry(2)])
    assert world.placed[0] != world.placed[1] and world.placed[2] == world.placed[0]
    assert [(p.first, p.second, p.kind, p.waits) for p in planned.proposals] == [(0, 1, "likely", True)]
    assert BOTH_HELD in planned.proposals[0].reasons


def test_reports_nobody_worked_on_become_one_when_a_record_fits_both_and_the_older_stays():
    world = World(toy({(0, 2), (1, 2)}))
    world.bring([Entry(0), Entry(1)])
    planned = world.bring([Entry(2)])
    assert set(world.placed.values()) == {"report 1"}
    assert {(move.key, move.to) for move in planned.moves} == {(1, "report 1"), (2, "report 1")}


def test_the_machine_takes_back_its_own_join_when_matching_thinks_better_of_it():
    links = {(0, 1)}
    world = World(toy(links))
    world.bring([Entry(0), Entry(1)])
    links.clear()
    planned = world.bring([Entry(2)])
    assert world.reports() == {frozenset({0}), frozenset({1}), frozenset({2})}
    assert world.placed[0] == "report 1" and [move.key for move in planned.moves] == [1, 2]


def test_of_many_likely_pairs_between_two_reports_one_waits_and_versions_come_first():
    entries = [Entry(n) for n in range(4)]
    matching = Matching(
        [Group((0, 1), {1: "a"}), Group((2, 3), {3: "b"})],
        [Pair(0, 2, 0.6, ("x",)), Pair(1, 3, 0.9, ("y",))],
        [Pair(3, 0, 0.4, ("preprint",))],
    )
    made = plan([entry.key for entry in entries], placed={}, matching=matching)
    assert [(p.first, p.second, p.kind, p.score, p.waits) for p in made.proposals] == [(0, 3, "versions", 0.4, True)]
    judged = plan([entry.key for entry in entries], placed={}, matching=matching, said=[(1, 2)])
    assert [p.waits for p in judged.proposals] == [False]
    one_report = Matching([Group((0, 1, 2, 3), {})], matching.likely, matching.versions)
    assert plan([entry.key for entry in entries], placed={}, matching=one_report).proposals == []


def test_what_a_report_of_one_record_shows_is_what_would_be_chosen():
    from screening.references.rules import chosen, shown_fields

    records = [
        {},
        {"title": "Peers", "authors": ["Alder, J."], "year": 2020, "kind": "JOUR", "language": "eng", "keywords": ["a", "A", "b"]},
        {
            "title": "RETRACTED: Peers",
            "authors": [],
            "year": None,
            "doi": "10.1234/a",
            "kind": "Review",
            "language": "Deutsch",
            "journal": None,
        },
    ]
    for record in records:
        assert shown_fields([record]) == {name: choice.value for name, choice in chosen([record]).items()}

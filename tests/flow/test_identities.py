"""Whatever happens to a review, its counts add up, each list is as long as its number, and no cache drifts."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings

from screening.flow.checks import check_project
from screening.flow.equations import identities
from screening.flow.queries import counts_of, places_of, records_in, reports_in
from screening.flow.rules import BOXES, NAMES, RECORD_BOXES
from screening.references.queries import reports_of
from tests.flow.histories import World, histories

pytestmark = pytest.mark.django_db


class Undone(Exception):
    """Raised at the end of an example so that its rows are rolled back."""


def broken(project) -> list[str]:
    return [f"{i.words}: {i.left} is not {list(i.right)}" for i in identities(counts_of(project)) if not i.holds]


def lists_that_differ(project) -> list[str]:
    counts = counts_of(project)
    lists = {key: reports_in(project, key).count() for key in BOXES}
    lists |= {key: records_in(project, key).count() for key in RECORD_BOXES}
    declared = {key: counts.without_list.get(key, 0) for key in lists}
    return [
        f"{key}: {counts[key]} in the box, {n} in the list and {declared[key]} without one"
        for key, n in lists.items()
        if n + declared[key] != counts[key]
    ]


@pytest.mark.slow
# No shrinking: every step goes to the database, and a failing history is printed as it was.
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(history=histories)
def test_no_history_breaks_an_identity_or_leaves_a_cache_behind(history):
    with pytest.raises(Undone), transaction.atomic():
        world = World.fresh()
        project = world.team.project
        # Most histories should reach the deeper stages, so each begins with something to screen.
        world.take(("import", 0, [0, 1, 2, 3]))
        for step in history:
            world.take(step)
            assert broken(project) == [], f"after {step}"
            assert sum(places_of(project).values()) == reports_of(project).count(), f"after {step}"
        assert lists_that_differ(project) == []
        assert check_project(project) == []
        raise Undone


def test_every_box_of_the_rules_has_a_name_and_a_list():
    assert set(NAMES) == set(BOXES) | RECORD_BOXES


def test_a_made_up_path_uses_every_kind_of_step(db):
    """The steps do something: a history of all kinds is taken, not refused."""
    world = World.fresh()
    path = [
        ("import", 0, [0, 1, 2, 3, 4]),
        ("import", 3, [4, 5]),
        ("import", 0, [0]),
        ("both", "title_abstract", 0, "include"),
        ("differ", "title_abstract", 1),
        ("rule", "title_abstract", 0, "include"),
        ("retrieve", 0, "not_retrieved"),
        ("both", "full_text", 1, "exclude"),
        ("decide", "title_abstract", 2, "ana", "exclude"),
        ("undo", "title_abstract", 2, "ana"),
        ("decide", "full_text", 1, "ana", "include"),
        ("reopen", "full_text", 0),
        ("remove", 4, "automation"),
        ("bring_in", 1, [(6, "", "", "exclude"), (7, "exclude", "exclude", "exclude"), (5, "", "include", "exclude")]),
        ("declare", 0, "duplicates", 7),
        ("declare", 3, "duplicates", 2),
        ("declare", 2, "other", 1),
        ("join", 0, 1),
        ("part", 0),
        ("take_back", 0),
        ("put_back", 0),
        ("withdraw", 0),
    ]
    for step in path:
        world.take(step)
        assert broken(world.team.project) == []
    assert world.taken == len(path)
    assert check_project(world.team.project) == []
    assert lists_that_differ(world.team.project) == []

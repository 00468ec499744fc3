"""What one page asks more than once is asked once; beyond a page, and while something is written, nothing is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.projects.models import Project
from screening.projects.once import once, one_page
from screening.references.queries.tallies import stages_tallied
from tests.cast import import_titles


def test_answers_are_kept_for_one_page_by_what_was_asked():
    asked = []

    @once
    def read(*things, **named):
        asked.append((things, named))
        return len(asked)

    assert (read(1), read(1)) == (1, 2)
    with one_page():
        assert (read(1), read(1), read(2), read(1, more=3), read(1, more=3)) == (3, 3, 4, 5, 5)
    with one_page():
        assert read(1) == 6
    assert read(1) == 7


def test_a_failure_is_not_kept_and_ends_the_page():
    @once
    def fail():
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError), one_page():
            fail()
    assert fail.__name__ == "fail"


def test_a_row_read_twice_is_the_same_row(team):
    import_titles(team, "One", "Two")
    again = Project.objects.get(pk=team.project.pk)
    with one_page(), CaptureQueriesContext(connection) as asked:
        assert stages_tallied(team.project) is stages_tallied(again)
    assert len(asked) == 1


def test_pages_tally_once_and_the_next_page_knows_better(client, team):
    client.force_login(team.ana.user)
    address = reverse("flow:project", args=[team.project.slug])
    import_titles(team, "One", "Two")
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).context["counts"]["records_screened"] == 2
    assert len([query for query in asked if "'stage' GROUP BY key" in (query["sql"] or "")]) == 1
    import_titles(team, "Three")
    assert client.get(address).context["counts"]["records_screened"] == 3

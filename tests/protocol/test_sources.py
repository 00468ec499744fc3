"""Sources: described, described anew, and set beside what was imported from them."""

import re
from datetime import date

import pytest
from django.urls import reverse

from screening.protocol import actions
from screening.protocol.models import SourceVersion
from screening.protocol.queries import sources_with_records
from tests.cast import import_file, ris


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


def at(team, name, **kwargs):
    return reverse(f"protocol:{name}", kwargs={"slug": team.project.slug, **kwargs})


DESCRIBED = {
    "name": "MEDLINE",
    "kind": "database",
    "platform": "Ovid",
    "searched_on": "2022-11-07",
    "hits": "3",
    "strategy": "1. peer*.tw.",
}


def test_a_source_is_described_through_the_form(coordinator, team):
    coordinator.post(at(team, "new-source"), DESCRIBED)
    description = SourceVersion.objects.get()
    assert (description.n, description.name, description.searched_on, description.hits) == (1, "MEDLINE", date(2022, 11, 7), 3)
    page = coordinator.get(at(team, "sources")).content.decode()
    assert "7 November 2022" in page and "3 not imported" in page


def test_a_new_description_is_kept_beside_the_old_one(coordinator, team):
    coordinator.post(at(team, "new-source"), DESCRIBED)
    source = SourceVersion.objects.get().source
    coordinator.post(at(team, "source", source=source.slug), {**DESCRIBED, "hits": "5", "opened_as": "1"})
    assert [d.hits for d in SourceVersion.objects.order_by("n")] == [3, 5]
    page = coordinator.get(at(team, "source", source=source.slug)).content.decode()
    assert "Description 1" in page and "Description 2" in page


def test_the_second_of_two_who_describe_a_source_is_told(coordinator, team):
    coordinator.post(at(team, "new-source"), DESCRIBED)
    source = SourceVersion.objects.get().source
    actions.save_source(by=team.coordinator, source=source, name="MEDLINE ALL", kind="database")
    response = coordinator.post(at(team, "source", source=source.slug), {**DESCRIBED, "opened_as": "1"})
    page = response.content.decode()
    assert response.status_code == 409 and "MEDLINE ALL" in page and 'value="MEDLINE"' in page
    assert SourceVersion.objects.count() == 2
    opened = re.search(r'name="opened_as" value="(\d+)"', page).group(1)
    assert coordinator.post(at(team, "source", source=source.slug), {**DESCRIBED, "opened_as": opened}).status_code == 302
    assert SourceVersion.objects.count() == 3


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("kind", "shop"), ("hits", "-1"), ("hits", "many"), ("searched_on", "yesterday")]
)
def test_what_does_not_make_sense_is_refused(coordinator, team, field, value):
    assert coordinator.post(at(team, "new-source"), {**DESCRIBED, field: value}).status_code == 422
    assert not SourceVersion.objects.exists()


@pytest.mark.parametrize(
    ("hits", "missing", "words"),
    [(2, 0, "None"), (3, 1, "1 not imported"), (1, -1, "1 more than reported"), (None, None, "Hits not stated")],
)
def test_hits_stand_beside_records_with_the_difference(coordinator, team, hits, missing, words):
    source = actions.save_source(by=team.coordinator, name="PsycINFO", kind="database", hits=hits).source
    import_file(team, source, ris("First report on peers", "Second report on peers"))
    (line,) = sources_with_records(team.project)
    assert (line.records, line.missing) == (2, missing)
    assert words in coordinator.get(at(team, "sources")).content.decode()


def test_two_sources_of_one_name_have_addresses_of_their_own(team):
    slugs = {actions.save_source(by=team.coordinator, name="MEDLINE", kind="database").source.slug for _ in range(2)}
    assert slugs == {"medline", "medline-2"}


def test_a_reviewer_reads_sources_but_does_not_describe_them(client, team):
    source = actions.save_source(by=team.coordinator, name="MEDLINE", kind="database").source
    client.force_login(team.ana.user)
    page = client.get(at(team, "sources")).content.decode()
    assert "Only a coordinator can import search results" in page
    assert "<input" not in client.get(at(team, "source", source=source.slug)).content.decode().split("<main")[1].split("</main")[0]
    assert client.post(at(team, "source", source=source.slug), DESCRIBED).status_code == 403
    assert client.post(at(team, "new-source"), DESCRIBED).status_code == 403

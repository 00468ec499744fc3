"""Searches as PRISMA-S asks: strategies letter by letter, updates beside the first search, every difference explained."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from screening.flow.queries import counts_of
from screening.protocol import actions
from screening.protocol.models import SourceVersion
from screening.protocol.queries import sources_with_records
from screening.protocol.rules import Account, in_one
from screening.references.actions import declare_removed, withdraw
from tests.cast import import_file, ris

FIRST, LATER = date(2022, 11, 7), date(2023, 12, 1)
STRATEGY = "1. peer*.tw.\n   2. (support adj3 work*).mp.\n\n3. 1 and 2\t "


def at(team, name, **kwargs):
    return reverse(f"protocol:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


def medline(team, **values):
    described = {"name": "MEDLINE", "kind": "database", "platform": "Ovid", "searched_on": FIRST, "hits": 10, **values}
    return actions.save_source(by=team.coordinator, **described).source


counts = st.integers(0, 500)


@given(hits=st.none() | counts, records=counts, repeated=counts, not_read=counts, declared=st.dictionaries(st.sampled_from("abc"), counts))
def test_the_difference_is_always_what_is_known_and_what_is_not(hits, records, repeated, not_read, declared):
    account = Account(hits, records, repeated, not_read, declared)
    if hits is None:
        assert account.missing is None and account.unexplained is None
        return
    assert hits == records + sum(n for n, _ in account.known) + account.unexplained
    assert account.beyond == max(0, -account.unexplained)
    assert in_one([account]) == account
    two = in_one([account, account])
    assert (two.hits, two.unexplained) == (2 * hits, 2 * account.unexplained)


def test_hits_of_several_searches_are_stated_only_where_each_states_them():
    assert in_one([Account(3, 1), Account(None, 2)]).hits is None and in_one([]).hits is None


@pytest.mark.django_db
def test_a_strategy_is_kept_letter_by_letter(coordinator, team):
    sent = {"name": "MEDLINE", "kind": "database", "strategy": STRATEGY.replace("\n", "\r\n"), "limits": "English", "coverage": "1946 on"}
    coordinator.post(at(team, "new-source"), {**sent, "peer_review": "PRESS"})
    made = SourceVersion.objects.get()
    assert made.strategy == STRATEGY
    assert (made.limits, made.coverage, made.peer_review) == ("English", "1946 on", "PRESS")
    page = coordinator.get(at(team, "source", source="medline")).content.decode()
    assert STRATEGY.splitlines()[1] in page and "PRESS" in page
    api = coordinator.post(
        f"/api/v1/projects/{team.project.slug}/sources/",
        {"name": "Embase", "kind": "database", "strategy": STRATEGY, "limits": "None"},
        content_type="application/json",
    ).json()
    assert api["strategy"] == STRATEGY and api["limits"] == "None" and len(api["searches"]) == 1


@pytest.mark.django_db
def test_an_update_is_a_search_of_its_own_and_leaves_the_first_ones_counts(team):
    source = medline(team, hits=3)
    import_file(team, source, ris("First title on peers", "Second title on peers"))
    (before,) = sources_with_records(team.project)
    actions.save_source(by=team.coordinator, source=source, name="MEDLINE ALL", kind="database", searched_on=LATER, hits=2)
    import_file(team, source, ris("Second title on peers", "Third title on peers", start=2), name="update.ris")
    (line,) = sources_with_records(team.project)
    first, update = line.searches
    assert first == before.searches[0]
    assert (update.nth, update.account.records, update.figures.new, update.figures.known) == (2, 2, 1, 1)
    assert (first.figures.new, first.figures.known) == (2, 0)
    assert (line.records, line.missing) == (4, 1)
    assert counts_of(team.project)["duplicates"] == 1


@pytest.mark.django_db
def test_another_kind_later_moves_nothing_that_was_counted(team):
    source = medline(team)
    import_file(team, source, ris("First title on peers"))
    actions.save_source(by=team.coordinator, source=source, name="MEDLINE", kind="website", searched_on=LATER)
    import_file(team, source, ris("Second title on peers", start=2), name="update.ris")
    counts = counts_of(team.project)
    assert (counts["database_results"], counts["website_results"]) == (1, 1)
    (line,) = sources_with_records(team.project)
    assert [search.description.kind for search in line.searches] == ["database", "website"]


@pytest.mark.django_db
def test_a_date_filled_in_later_is_no_second_search_where_nothing_was_imported_before(team):
    source = medline(team, searched_on=None)
    actions.save_source(by=team.coordinator, source=source, name="MEDLINE", kind="database", searched_on=FIRST, hits=4)
    (line,) = sources_with_records(team.project)
    assert [(search.description.searched_on, search.is_update) for search in line.searches] == [(FIRST, False)]


@pytest.mark.django_db
def test_a_date_mistyped_before_anything_came_is_no_search_but_one_that_found_nothing_is(team):
    source = medline(team)
    import_file(team, source, ris("Peer support in wards"))
    for day, hits in ((date(2023, 12, 11), 4), (date(2023, 6, 1), 0), (LATER, 4)):
        medline(team, source=source, searched_on=day, hits=hits)
    (line,) = sources_with_records(team.project, source)
    assert [(one.description.searched_on, one.description.hits) for one in line.searches] == [
        (FIRST, 10),
        (date(2023, 6, 1), 0),
        (LATER, 4),
    ]


@pytest.mark.django_db
def test_a_search_is_not_dated_in_the_future(coordinator, team):
    sent = {"name": "MEDLINE", "kind": "database", "searched_on": "2999-01-01", "hits": "5"}
    answer = coordinator.post(at(team, "new-source"), sent)
    assert answer.status_code == 422 and "lies in the future" in answer.content.decode() and not SourceVersion.objects.exists()
    source = medline(team)
    again = coordinator.post(at(team, "source", source=source.slug), {**sent, "opened_as": "1"})
    assert again.status_code == 422 and "lies in the future" in again.content.decode() and SourceVersion.objects.count() == 1


@pytest.mark.django_db
def test_the_difference_says_where_hits_went(coordinator, team):
    source = medline(team, hits=10)
    twice = b"TY  - JOUR\nTI  - A title given twice by the search\nAU  - Hazel, R.\nDO  - 10.5555/t.1\nAN  - 77\nPY  - 2020\nER  - \n\n" * 2
    import_file(team, source, twice + ris("First title on peers"))
    declare_removed(by=team.coordinator, source=source, kind="duplicates", n=3, where="In EndNote", who="Made-up Librarian")
    (line,) = sources_with_records(team.project)
    (search,) = line.searches
    assert (search.account.records, search.account.repeated, search.account.unexplained) == (2, 1, 4)
    page = " ".join(coordinator.get(at(team, "sources")).content.decode().replace("<", " <").split())
    for words in ("duplicates removed elsewhere", "given twice by the search", "4 not imported"):
        assert words in page
    assert counts_of(team.project)["records_identified"] == 2 + 3


@pytest.mark.django_db
def test_a_withdrawn_file_is_told_and_no_longer_counts(coordinator, team):
    source = medline(team)
    run = import_file(team, source, ris("First title on peers"))
    withdraw(by=team.coordinator, import_run=run, reason="The wrong file.")
    (line,) = sources_with_records(team.project)
    (search,) = line.searches
    assert (search.account.records, search.figures.files, search.figures.withdrawn) == (0, 0, 1)
    assert "1 file withdrawn since" in coordinator.get(at(team, "source", source=source.slug)).content.decode()


@pytest.mark.django_db
def test_the_prisma_s_table_has_a_row_for_each_search(coordinator, team):
    source = medline(team, strategy="-peer*", hits=3)
    import_file(team, source, ris("First title on peers"))
    actions.save_source(by=team.coordinator, source=source, name="MEDLINE", kind="database", searched_on=LATER, peer_review="PRESS")
    answer = coordinator.get(at(team, "prisma-s"))
    first, update = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (first["Search (12)"], first["Date searched (13)"], first["Hits reported (15)"]) == ("First search", "2022-11-07", "3")
    assert first["Search strategy, word for word (8)"] == "'-peer*" and first["Difference not explained"] == "2"
    assert (update["Search (12)"], update["Peer review of the strategy (14)"]) == ("Update 1", "PRESS")
    assert update["Hits reported (15)"] == update["Limits and restrictions (9)"] == "Not stated"


@pytest.mark.django_db
def test_everybody_reads_what_only_coordinators_write(client, team):
    source = medline(team, strategy=STRATEGY, limits="English only")
    client.force_login(team.working_group.user)
    page = client.get(at(team, "source", source=source.slug)).content.decode()
    assert "English only" in page and "peer*.tw." in page and "<textarea" not in page
    assert client.get(at(team, "prisma-s")).status_code == 200


@pytest.mark.django_db
def test_the_api_tells_each_search(coordinator, team):
    source = medline(team, hits=3)
    import_file(team, source, ris("First title on peers"))
    (line,) = coordinator.get(f"/api/v1/projects/{team.project.slug}/sources/").json()
    (search,) = line["searches"]
    assert (search["hits"], search["records"], search["missing"], search["unexplained"], search["is_update"]) == (3, 1, 2, 2, False)
    assert (search["new"], search["known"], search["files"]) == (1, 0, 1)

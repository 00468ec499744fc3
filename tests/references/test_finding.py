"""The list of reports: searched, narrowed by facets with counts, sorted, paged; its index behind it."""

import json
from itertools import pairwise

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from screening.fulltext.actions import record_retrieval
from screening.projects.actions import Refused
from screening.projects.models import Job
from screening.references import actions
from screening.references.actions import filters, index, listing
from screening.references.index import IndexDue, ReportCard, ReportWords
from screening.references.models import Report, SavedFilter
from screening.references.queries import bits
from screening.references.queries.finding import Asked, find, page_of_found
from screening.references.views.reports import list_context
from tests.cast import add_source, decide, import_file


def entry(title: str, **tags) -> str:
    lines = [f"TY  - {tags.pop('TY', 'JOUR')}", f"TI  - {title}"]
    lines += [f"{tag}  - {value}" for tag, values in tags.items() for value in (values if isinstance(values, list) else [values])]
    return "\n".join([*lines, "ER  - ", ""])


MEDLINE = [
    entry(
        "Peer support in crisis teams",
        AU=["Sørensen, Å.", "Birch, M."],
        PY=2019,
        LA="eng",
        AB="A trial of peers on a ward.",
        DO="10.1234/a",
    ),
    entry(
        "Recovery colleges reviewed", M3="Systematic review", AU="Cedar, P.", PY=2021, LA="eng", JF="Journal of Recovery", DO="10.1234/b"
    ),
    entry("Família e pares", AU="Dogwood, R.", PY=1987, LA="por", AB="Trabalho de pares.", TY="CHAP", DO="10.1234/c"),
]
EMBASE = [
    entry("Peer support in crisis teams", AU="Sørensen, Å.", PY=2019, LA="English", DO="10.1234/a"),
    entry("Bots as listeners", AU="Elm, Q.", PY=2024, AB="Machines that support.", DO="10.1234/d", U1="31415926[pmid]"),
    entry("A title with no year", M3="Review", AU="Fir, S.", LA=["sv; en"], DO="10.1234/e"),
]


@pytest.fixture
def found(team):
    for name, entries in (("MEDLINE", MEDLINE), ("Embase", EMBASE)):
        import_file(team, add_source(team, name), "\n".join(entries).encode(), f"{name}.ris")
    return {report.title: report for report in Report.objects.filter(project=team.project)}


def titles(member, address: str = "") -> list[str]:
    """What the list shows at an address."""
    return [row["report"].title for row in list_context(member, Asked.of(QueryDict(address)))["rows"]]


def counts(member, facet: str, address: str = "") -> dict[str, int]:
    for shown in list_context(member, Asked.of(QueryDict(address)))["facets"]:
        if shown.name == facet:
            return {choice.value: choice.n for choice in (*shown.first, *shown.more)}
    return {}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("q=peer", ["Peer support in crisis teams"]),
        ("q=support", ["Peer support in crisis teams", "Bots as listeners"]),
        ("q=support+-peer", ["Bots as listeners"]),
        ("q=sorensen", ["Peer support in crisis teams"]),
        ("q=FAMILIA", ["Família e pares"]),
        ("q=%22journal+of+recovery%22", ["Recovery colleges reviewed"]),
        ("q=https://doi.org/10.1234/D", ["Bots as listeners"]),
        ("q=31415926", ["Bots as listeners"]),
        ("q=absent", []),
        ("source=medline&q=support", ["Peer support in crisis teams"]),
        ("source=medline&source=embase&found=2", ["Peer support in crisis teams"]),
        ("source=medline&also=embase", ["Peer support in crisis teams"]),
        ("source=embase&also=medline&also=nowhere", ["Peer support in crisis teams"]),
        ("source=medline&also=nowhere", []),
        ("from=2021&to=2019", ["Peer support in crisis teams", "Recovery colleges reviewed"]),
        ("found=1&source=embase", ["A title with no year", "Bots as listeners"]),
        ("year=2019-2021", ["Peer support in crisis teams", "Recovery colleges reviewed"]),
        ("year=-1999&year=2024", ["Bots as listeners", "Família e pares"]),
        ("from=2020&to=", ["Bots as listeners", "Recovery colleges reviewed"]),
        ("year=none", ["A title with no year"]),
        ("language=English", ["Peer support in crisis teams", "Recovery colleges reviewed"]),
        ("kind=Book+chapter", ["Família e pares"]),
        ("kind=Systematic+review", ["Recovery colleges reviewed"]),
        ("language=Swedish", ["A title with no year"]),
        ("language=none", ["Bots as listeners"]),
        ("abstract=no", ["A title with no year", "Recovery colleges reviewed"]),
        ("abstract=no&abstract=yes&year=none", ["A title with no year"]),
        ("source=nowhere", []),
        ("kind=nonsense", []),
        ("year=nonsense&sort=nonsense&after=nonsense", sorted([e.split("TI  - ")[1].split("\n")[0] for e in MEDLINE + EMBASE[1:]])),
    ],
)
def test_what_is_asked_for_is_what_is_shown(team, found, address, expected):
    assert sorted(titles(team.observer, address)) == sorted(expected)


def test_words_in_the_title_come_first_and_other_sorts_are_as_they_say(team, found):
    assert titles(team.observer, "q=support") == ["Peer support in crisis teams", "Bots as listeners"]
    assert titles(team.observer, "q=support&sort=year") == ["Bots as listeners", "Peer support in crisis teams"]
    assert titles(team.observer, "sort=year")[0] == "Bots as listeners"
    assert titles(team.observer, "sort=year")[-1] == "A title with no year"
    assert set(titles(team.observer, "sort=added")[:2]) == {"Bots as listeners", "A title with no year"}


@pytest.mark.slow
def test_a_facet_counts_what_choosing_it_too_would_show(team, found):
    """OR inside a facet, AND across: for every value, the count is the length of the list it leads to."""
    for address in ("", "source=medline", "q=support", "year=2019-2021&abstract=yes", "source=medline&source=embase&language=English"):
        context = list_context(team.observer, Asked.of(QueryDict(address)))
        for facet in context["facets"]:
            for choice in (*facet.first, *facet.more):
                alone = QueryDict(address, mutable=True)
                alone.setlist(facet.name, [choice.value])
                assert len(titles(team.observer, alone.urlencode())) == choice.n, (address, facet.name, choice.value)


def test_types_and_languages_are_offered_under_the_words_the_reports_show(team, found):
    assert found["A title with no year"].language == "Swedish, English"
    assert set(counts(team.observer, "kind")) == {report.kind for report in found.values()}
    assert set(counts(team.observer, "language")) == {report.language.split(", ")[0] or "none" for report in found.values()}


def test_what_other_sources_found_too_is_asked_once_a_source_is_chosen(team, found):
    assert counts(team.observer, "also") == {}
    assert counts(team.observer, "also", "source=medline") == {"embase": 1}
    assert counts(team.observer, "also", "source=medline&source=embase") == {}
    assert counts(team.observer, "also", "also=embase") == {"embase": 3}


def test_a_search_for_no_word_says_that_it_narrows_nothing(client, team, found):
    client.force_login(team.observer.user)
    says = "There is no word or number in this to search for"
    for typed in ('"', "- -", "OR OR", "%", "\U0001f600"):
        page = client.get(reverse("references:reports", args=[team.project.slug]), {"q": typed})
        assert page.context["n"] == page.context["total"] and says in page.content.decode(), typed
    assert says not in client.get(reverse("references:reports", args=[team.project.slug]), {"q": "absent"}).content.decode()


def test_where_reports_stand_is_a_facet_and_a_conflict_is_open(team, found):
    conflict, excluded, text = (
        found[title] for title in ("Bots as listeners", "Recovery colleges reviewed", "Peer support in crisis teams")
    )
    decide(team.ana, conflict, "include")
    decide(team.ben, conflict, "exclude")
    for member in (team.ana, team.ben):
        decide(member, excluded, "exclude")
        decide(member, text, "include")
    record_retrieval(by=team.ana, report_id=text.pk, status="retrieved")
    for viewer in (team.observer, team.adjudicator, team.coordinator):
        assert counts(viewer, "stands") == {"title_open": 3, "title_excluded": 1, "text_open": 1}
    assert "Bots as listeners" in titles(team.observer, "stands=open")
    assert titles(team.observer, "stands=excluded") == ["Recovery colleges reviewed"]
    assert titles(team.observer, "text=yes") == ["Peer support in crisis teams"]
    assert set(counts(team.observer, "stands", "stands=title_excluded")) >= {"title_open"}


def test_a_withdrawn_import_leaves_every_facet(team, found):
    assert counts(team.observer, "found") == {"1": 4, "2": 1}
    run = actions.imports.Import.objects.get(filename="Embase.ris")
    actions.withdraw(by=team.coordinator, import_run=run, reason="Wrong file.")
    assert len(titles(team.observer)) == 3
    assert titles(team.observer, "source=embase") == []
    assert titles(team.observer, "q=bots") == []
    assert counts(team.observer, "found") == {}


@pytest.mark.parametrize("sort", ["title", "year", "added", "best"])
def test_pages_turn_by_key_there_and_back_in_every_sort(team, sort):
    entries = [entry(f"Peer {n % 7} of {n:03}", PY=2000 + n % 5, DO=f"10.1/{n}", AB="word" if n % 2 else "peers word") for n in range(30)]
    entries += [entry(f"Others {n:03}", PY=2000 + n % 5, DO=f"10.2/{n}", AB="a peer") for n in range(9)]
    import_file(team, add_source(team), "\n".join(entries).encode())
    index.bring_up(team.project)
    asked = Asked.of(QueryDict(f"sort={sort}" + ("&q=peer" if sort == "best" else "")))
    search = find(team.observer, asked)
    pages, page = [], page_of_found(search, team.project, size=7)
    pages.append(page)
    while page.after:
        page = page_of_found(search, team.project, after=page.after, size=7)
        pages.append(page)
    seen = [row.pk for page in pages for row in page.rows]
    assert len(seen) == len(set(seen)) == 39
    assert not pages[0].before
    for earlier, later in pairwise(pages):
        assert [row.pk for row in page_of_found(search, team.project, before=later.before, size=7).rows] == [row.pk for row in earlier.rows]
    if sort == "best":
        assert all("Peer" in row.title for page in pages[:4] for row in page.rows)


def test_many_and_few_are_read_alike(team, found, monkeypatch):
    """What is asked for one by one and what is met on the way through the index come to the same."""
    few = {sort: titles(team.observer, f"abstract=yes&sort={sort}") for sort in ("title", "year", "added")}
    monkeypatch.setattr("screening.references.queries.finding.FEW", 0)
    assert {sort: titles(team.observer, f"abstract=yes&sort={sort}") for sort in few} == few


def test_the_index_follows_what_changes_without_being_told(team, found):
    titles(team.observer)
    report = found["Bots as listeners"]
    Report.objects.filter(pk=report.pk).update(title="Robots as listeners", year=2020)
    assert titles(team.observer, "q=robots") == ["Robots as listeners"]
    assert titles(team.observer, "q=bots") == []
    assert "Robots as listeners" in titles(team.observer, "year=2020")
    keep, other = found["Peer support in crisis teams"], found["Recovery colleges reviewed"]
    actions.join_reports(by=team.coordinator, keep=keep, other=other, reason="One.")
    assert len(titles(team.observer)) == 4
    assert other.title not in titles(team.observer)


def test_the_index_can_be_checked_and_rebuilt(team, found):
    titles(team.observer)
    assert index.differences(team.project) == []
    report = found["Bots as listeners"]
    ReportCard.objects.filter(pk=report.pk).update(year=1900)
    ReportWords.objects.filter(pk=found["Família e pares"].pk).delete()
    assert {difference.id for difference in index.differences(team.project)} == {str(report.pk), str(found["Família e pares"].pk)}
    index.rebuild(team.project)
    assert index.differences(team.project) == []
    assert titles(team.observer, "year=2024") == ["Bots as listeners"]


def test_much_at_once_is_left_to_a_job_and_the_list_says_so(team, found, monkeypatch):
    monkeypatch.setattr(index, "WORDS_AT_ONCE", 2)
    context = list_context(team.observer, Asked())
    assert (context["n"], context["not_searchable"]) == (5, 5)
    job = Job.objects.get(kind=index.JOB, project=team.project)
    list_context(team.observer, Asked())
    assert Job.objects.filter(kind=index.JOB).count() == 1
    from screening.projects import jobs

    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"reports": 5})
    assert list_context(team.observer, Asked())["not_searchable"] == 0
    assert not IndexDue.objects.exists()


def test_reports_that_are_not_in_the_list_yet_are_said_to_be_missing(client, team, found, monkeypatch):
    monkeypatch.setattr(index, "CARDS_AT_ONCE", 2)
    client.force_login(team.observer.user)
    address = reverse("references:reports", args=[team.project.slug])
    assert "being prepared for the list" in client.get(address).content.decode()
    assert list_context(team.observer, Asked())["not_listed"] == 5
    answer = client.get(f"/api/v1/projects/{team.project.slug}/reports/").json()
    assert (answer["count"], answer["behind"]) == (0, {"cards": 5, "words": 0})
    with pytest.raises(Refused, match="would be left out"):
        listing.ids_asked_for(team.ana, Asked(), "ris")
    index.catch_up(team.project)
    assert len(listing.ids_asked_for(team.ana, Asked(), "ris")) == 5
    assert "being prepared" not in client.get(address).content.decode()


def test_words_of_many_reports_are_written_in_one_go(team, found, monkeypatch):
    monkeypatch.setattr(index, "WORDS_EACH", 2)
    while index.write_cards(team.project):
        pass
    assert index.write_words(team.project) == 5 and not IndexDue.objects.exists()
    assert titles(team.observer, "q=bots") == ["Bots as listeners"]
    assert titles(team.observer, "q=sorensen") == ["Peer support in crisis teams"]


def test_bit_sets_that_are_kept_say_what_the_cards_say(team, found, monkeypatch):
    monkeypatch.setattr(index, "KEEP_FROM", 1)
    index.catch_up(team.project)
    bits._snapshots.clear()
    read = bits.snapshot_of(team.project)
    index.keep_bits(team.project)
    bits._snapshots.clear()
    with CaptureQueriesContext(connection) as asked:
        kept = bits.snapshot_of(team.project)
    assert kept == read and any("screening_facetbits" in query["sql"] for query in asked)
    # What changes after them is added, in a process that has seen nothing yet.
    Report.objects.filter(title="Bots as listeners").update(year=1999)
    import_file(team, add_source(team, "CINAHL"), entry("One more", PY=1999, DO="10.1234/z").encode(), "more.ris")
    index.bring_up(team.project)
    bits._snapshots.clear()
    assert set(titles(team.observer, "year=1999")) == {"Bots as listeners", "One more"}
    assert titles(team.observer, "year=2024") == []


@pytest.mark.parametrize("numbers", [[], [0], [7, 8, 9], list(range(0, 1000, 3)), [999], list(range(1000))])
def test_numbers_are_sent_as_they_are_kept(db, numbers):
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(int4send(n), '') FROM unnest(%s::int[]) AS them (n)", [numbers])
        found = bits.bits_sent(cursor.fetchone()[0], 1000)
    assert found == bits.bits_of(numbers, 1000) and bits.numbers_in(found) == numbers


def test_a_card_written_in_a_transaction_that_is_taken_back_leaves_nothing_behind(team, found):
    before = titles(team.observer, "year=2024")
    try:
        with transaction.atomic():
            Report.objects.filter(project=team.project).update(year=2024)
            assert len(titles(team.observer, "year=2024")) == 5
            raise RuntimeError
    except RuntimeError:
        pass
    assert titles(team.observer, "year=2024") == before


def test_the_page_asks_no_more_often_for_many_reports(client, team, found):
    client.force_login(team.observer.user)
    address = reverse("references:reports", args=[team.project.slug])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address + "?q=bots&sort=title")
    with CaptureQueriesContext(connection) as many:
        client.get(address + "?q=support+OR+colleges+OR+pares&sort=title")
    assert len(few) == len(many) <= 28


def test_htmx_gets_the_part_that_changes_and_its_plain_address(client, team, found):
    client.force_login(team.observer.user)
    address = reverse("references:reports", args=[team.project.slug])
    part = client.get(address + "?q=bots&from=&to=&sort=best&year=2024", headers={"HX-Request": "true"})
    body = part.content.decode()
    assert body.strip().startswith('<div id="finding"') and "<html" not in body
    assert part.headers["HX-Push-Url"] == address + "?q=bots&year=2024"
    assert "<mark>Bots</mark>" in body
    assert "HX-Request" in part.headers["Vary"]


def test_chips_take_one_condition_away_and_nothing_found_offers_a_way_out(client, team, found):
    client.force_login(team.observer.user)
    address = reverse("references:reports", args=[team.project.slug])
    context = client.get(address + "?q=peer&source=medline&source=embase").context
    assert [(chip.facet, chip.words) for chip in context["chips"]] == [("Words", "peer"), ("Source", "MEDLINE"), ("Source", "Embase")]
    assert context["chips"][1].url == "?q=peer&source=embase"
    nothing = client.get(address + "?q=absent&year=1800").content.decode()
    assert "No report fits that." in nothing and "Show all reports" in nothing


def test_a_script_in_a_title_or_a_search_stays_text(client, team):
    import_file(
        team, add_source(team), entry("Peer <script>alert(1)</script> & <b>co</b>", AB="about <img src=x> peer", DO="10.1/x").encode()
    )
    client.force_login(team.observer.user)
    body = client.get(reverse("references:reports", args=[team.project.slug]), {"q": 'peer OR "<script>"'}).content.decode()
    assert "<script>alert" not in body and "<img src" not in body


class TestFilters:
    def test_are_kept_shared_and_forgotten(self, client, team, found):
        client.force_login(team.ana.user)
        slug = team.project.slug
        save = {"query": "q=peer&source=medline&after=x", "name": " My  peers ", "shared": "yes"}
        sent = client.post(reverse("references:save-filter", args=[slug]), save)
        assert sent.headers["Location"].endswith("/reports/?q=peer&source=medline")
        kept = SavedFilter.objects.get()
        assert (kept.name, kept.query, kept.shared) == ("My peers", "q=peer&source=medline", True)
        again = client.post(reverse("references:save-filter", args=[slug]), {"query": "q=ward", "name": "my PEERS"}, follow=True)
        assert "Kept as my PEERS." in again.content.decode()
        kept.refresh_from_db()
        assert (kept.query, kept.shared) == ("q=ward", False)
        for member, sees in ((team.ana, True), (team.ben, False)):
            client.force_login(member.user)
            assert (b"my PEERS" in client.get(reverse("references:reports", args=[slug])).content) is sees
        refused = client.post(reverse("references:remove-filter", args=[slug, kept.pk]))
        assert refused.status_code == 404
        client.force_login(team.ana.user)
        client.post(reverse("references:remove-filter", args=[slug, kept.pk]), {"query": ""})
        assert not SavedFilter.objects.exists()

    def test_a_shared_one_is_removed_by_a_coordinator_too(self, client, team, found):
        filters.save_filter(by=team.ana, name="Peers", asked=filters.asked_by("q=peer"), shared=True)
        for member, may in ((team.ben, False), (team.coordinator, True)):
            client.force_login(member.user)
            page = client.get(reverse("references:reports", args=[team.project.slug]))
            removal = reverse("references:remove-filter", args=[team.project.slug, SavedFilter.objects.get().pk])
            assert b"Peers" in page.content and (removal.encode() in page.content) is may
        client.post(removal, {"query": ""})
        assert not SavedFilter.objects.exists()

    @pytest.mark.parametrize(("name", "query"), [("", "q=a"), ("x" * 81, "q=a"), ("All", ""), ("All", "sort=year")])
    def test_what_cannot_be_kept_is_refused_in_words(self, team, name, query):
        with pytest.raises(filters.Refused):
            filters.save_filter(by=team.ana, name=name, asked=filters.asked_by(query), shared=False)

    @pytest.mark.parametrize("query", ["//evil.example/?q=x", "q=x&next=//evil.example", "?q=x", "https://evil.example/"])
    def test_the_way_back_leads_nowhere_else(self, client, team, query):
        client.force_login(team.ana.user)
        sent = client.post(reverse("references:save-filter", args=[team.project.slug]), {"query": query, "name": "x"})
        assert sent.headers["Location"].startswith(f"/p/{team.project.slug}/reports/?")


def test_the_api_searches_narrows_and_counts_alike(client, team, found):
    client.force_login(team.observer.user)
    address = reverse("references-api:reports", args=[team.project.slug])
    body = json.loads(client.get(address, {"q": "support", "sort": "year"}).content)
    assert [one["title"] for one in body["results"]] == ["Bots as listeners", "Peer support in crisis teams"]
    assert (body["count"], body["next"]) == (2, None)
    assert {"value": "embase", "words": "Embase", "count": 2} in body["facets"]["source"]
    assert json.loads(client.get(address, {"title": "colleges"}).content)["count"] == 1
    assert json.loads(client.get(address, {"stands": "open"}).content)["count"] == 5

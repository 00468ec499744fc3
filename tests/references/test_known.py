"""Known reviews: read from a list, held against the reports, found or missed by source."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.references import actions
from screening.references.actions.index import bring_up
from screening.references.formats import ReadError
from screening.references.known import Cited, Shown, held_against, read_line, read_list
from screening.references.models import KnownReview, Report
from screening.references.queries.known import hold_known, known_reviews
from tests.cast import add_source, decide, import_file, ris

TITLE = "Peer support in crisis teams: a made-up review"


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("10.5555/ABC.1", Cited(doi="10.5555/abc.1")),
        ("https://doi.org/10.5555/abc.1.", Cited(doi="10.5555/abc.1")),
        ("PMID: 12345678", Cited(pmid="12345678")),
        ("12345678", Cited(pmid="12345678")),
        ("https://pubmed.ncbi.nlm.nih.gov/12345678/", Cited(pmid="12345678")),
        (
            "3. Hazel RE, Rowan B, et al. Peer support in crisis teams: a made-up review. J Made Up. 2021;3:4-5. doi:10.5555/a.2",
            Cited("Peer support in crisis teams: a made-up review", "Hazel RE", 2021, "10.5555/a.2"),
        ),
        (
            "Hazel, R., & Rowan, B. (2021). Peer support: does it help? A review. Journal of Made Up, 3, 4.",
            Cited("Peer support: does it help? A review", "Hazel", 2021),
        ),
        ("Hazel 2021 Peer support in crisis teams", Cited("Peer support in crisis teams", "Hazel", 2021)),
        ("Hazel\t2021\tPeer support in crisis teams", Cited("Peer support in crisis teams", "Hazel", 2021)),
        ("Peer support in crisis teams", Cited("Peer support in crisis teams")),
        ("Peer support in crisis teams, 2021", Cited("Peer support in crisis teams", year=2021)),
    ],
)
def test_a_line_is_read(line, wanted):
    assert read_line(line) == wanted


@pytest.mark.parametrize("line", ["Hazel, 2021", "2021", "-", "?", "a b"])
def test_a_line_that_names_no_review_is_told_with_its_number(line):
    read = read_list(f"10.5555/a.1\n\n{line}\n".encode())
    assert [one.doi for one in read.cited] == ["10.5555/a.1"] and [number for number, _ in read.not_read] == [3]


def test_pasted_ris_is_read_as_records():
    read = read_list(ris("One known title", "Another known title"))
    assert [one.title for one in read.cited] == ["One known title", "Another known title"] and read.cited[0].year == 2020


def test_bytes_that_are_no_list_are_refused_in_words():
    with pytest.raises(ReadError):
        read_list(b"%PDF-1.7 \xff\xfe\x00", "known.pdf")


@given(st.text(max_size=400))
def test_no_text_breaks_the_reader_and_no_line_is_lost(text):
    read = read_list(("x\n" + text).encode("utf-8", errors="replace"))
    lines = [line for line in ("x\n" + text.encode("utf-8", errors="replace").decode()).replace("\0", "").splitlines() if line.strip()]
    if "TY  -" not in text and "@" not in text and "%" not in text and "FN " not in text and "PMID" not in text and "<?" not in text:
        assert len(read.cited) + len(read.not_read) == len(lines)


def shown(key, title="", year=None, doi="", pmid="", author=""):
    return Shown(key, title, author, year, doi, pmid)


@pytest.mark.parametrize(
    ("known", "report", "wanted"),
    [
        (Cited(doi="10.5555/a.1"), shown(1, TITLE, doi="10.5555/a.1"), {1: "found"}),
        (Cited(pmid="123"), shown(1, TITLE, pmid="123"), {1: "found"}),
        (Cited(TITLE.upper(), year=2020), shown(1, TITLE, 2021), {1: "found"}),
        (Cited(TITLE, year=2001), shown(1, TITLE, 2021), {1: "perhaps"}),
        # The DOI of a whole issue stands on other papers too.
        (Cited("Quite another subject altogether", doi="10.5555/a.1"), shown(1, TITLE, doi="10.5555/a.1"), {1: "perhaps"}),
        (Cited("Nothing like it in any word", year=2021), shown(1, TITLE, 2021), {}),
    ],
)
def test_a_known_review_is_held_against_a_report(known, report, wanted):
    assert held_against({"k": known}, [report]) == {"k": wanted}


def test_a_misprint_in_the_title_is_at_least_something_to_look_at():
    known = Cited("Peer support in crisis teams: a made up reviw", "Hazel R", 2021)
    found = held_against({"k": known}, [shown(1, TITLE, 2021, author="Hazel, R."), shown(2, "Wards and what they do all day", 2021)])
    assert set(found["k"]) == {1}


@pytest.fixture
def world(team):
    """Two databases: one found all three, the other one of them; a fourth known review was missed."""
    import_file(team, add_source(team, "MEDLINE"), ris("First known review of peers", "Second known review of peers", "Third of them all"))
    import_file(team, add_source(team, "Embase"), ris("First known review of peers"), name="e.ris")
    add_source(team, "PsycINFO")
    lines = "First known review of peers\nSecond known review of peers\n(2020) \nNever found anywhere by anybody\n"
    added = actions.add_known(by=team.coordinator, text=lines)
    assert (added.n, [line for line, _ in added.not_read]) == (3, [3])
    return team


@pytest.mark.django_db
def test_each_source_has_its_share(world):
    held = hold_known(world.project)
    assert [finding.state for finding in held.findings] == ["found", "found", "missed"]
    assert [(one.source.name, one.found, one.alone, one.of) for one in held.yields] == [
        ("MEDLINE", 2, 1, 3),
        ("Embase", 1, 0, 3),
        ("PsycINFO", 0, 0, 3),
    ]


@pytest.mark.django_db
def test_each_number_of_a_source_opens_its_list(client, world, monkeypatch):
    client.force_login(world.observer.user)
    page = client.get(url(world)).content.decode()
    listed = re.findall(r'href="\?source=([a-z]+)&amp;show=([a-z-]+)#each">(\d+)', page)
    assert len(listed) == 6
    for source, show, n in listed:
        rows = client.get(url(world), {"source": source, "show": show})
        assert len(rows.context["rows"]) == int(n), (source, show)
    assert "Not found by PsycINFO" in rows.content.decode()
    monkeypatch.setattr("screening.references.views.known.PAGE", 1)
    first = client.get(url(world), {"source": "embase", "show": "not-found"})
    rest = client.get(url(world) + first.context["next_url"])
    assert [row["finding"].known.title for row in (*first.context["rows"], *rest.context["rows"])] == [
        "Second known review of peers",
        "Never found anywhere by anybody",
    ]
    assert len(client.get(url(world), {"source": "nowhere", "show": "nonsense"}).context["rows"]) == 1


@pytest.mark.django_db
def test_a_withdrawn_file_found_nothing(world):
    from screening.references.models import Import

    run = Import.objects.filter(source__slug="medline").get()
    actions.withdraw(by=world.coordinator, import_run=run, reason="The wrong file.")
    assert [one.found for one in hold_known(world.project).yields] == [0, 1, 0]


@pytest.mark.django_db
def test_the_same_review_is_on_the_list_once_and_taken_off_with_a_fact(world):
    again = actions.add_known(by=world.coordinator, text="FIRST known review of peers.\n10.5555/new.1\n10.5555/NEW.1\n")
    assert (again.n, again.there) == (1, 2)
    one = known_reviews(world.project).first()
    actions.remove_known(by=world.coordinator, known=one)
    with pytest.raises(Refused, match="already"):
        actions.remove_known(by=world.coordinator, known=one)
    assert known_reviews(world.project).count() == 3 and KnownReview.objects.count() == 5


@pytest.mark.django_db
def test_only_a_coordinator_changes_the_list(world):
    for member in (world.ana, world.observer, world.adjudicator):
        with pytest.raises(Denied):
            actions.add_known(by=member, text="10.5555/x.1")


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "  \n ", "2020", "?"])
def test_a_list_without_a_review_is_refused(team, text):
    with pytest.raises(Refused):
        actions.add_known(by=team.coordinator, text=text)


@pytest.mark.django_db
def test_a_list_that_grows_too_long_is_refused_whole(team, monkeypatch):
    monkeypatch.setattr("screening.references.actions.known.MOST", 2)
    with pytest.raises(Refused, match="at most 2"):
        actions.add_known(by=team.coordinator, text="10.5555/a.1\n10.5555/a.2\n10.5555/a.3")
    assert not KnownReview.objects.exists()


def url(team, name="known", **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.mark.django_db
def test_the_page_says_found_and_missed_and_where_each_stands(client, world):
    client.force_login(world.observer.user)
    page = client.get(url(world)).content.decode()
    assert '<a href="?show=found#each">2 of 3</a>' in page and '<a href="?show=missed#each">1</a>' in page
    assert "2 of 3 were found by the searches, 1 was missed" in page and "Open: title and abstract" in page
    missed = client.get(url(world), {"show": "missed"})
    assert [row["finding"].known.title for row in missed.context["rows"]] == ["Never found anywhere by anybody"]
    assert "<textarea" not in page and client.post(url(world), {"text": "10.5555/a.9"}).status_code == 403


@pytest.mark.django_db
def test_a_vote_that_settles_nothing_changes_nothing_there(client, world):
    client.force_login(world.ben.user)

    def states() -> list[list[str]]:
        return [[match.stands.words for match in one.matches] for one in hold_known(world.project).findings]

    before = states()
    decide(world.ana, Report.objects.get(title="First known review of peers"), "include")
    assert states() == before


@pytest.mark.django_db
def test_a_list_is_pasted_or_uploaded_through_the_page(client, world):
    client.force_login(world.coordinator.user)
    file = SimpleUploadedFile("known.ris", ris("Third of them all"))
    page = client.post(url(world), {"text": "", "file": file}, follow=True).content.decode()
    assert "1 review was added" in page and "3 of 4 were found" in page
    for bad in ({"text": ""}, {"text": "?"}, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 something")}):
        assert client.post(url(world), bad).status_code == 422


@pytest.mark.django_db
def test_a_review_taken_off_is_named_and_the_list_stays_where_it_was(client, world):
    client.force_login(world.coordinator.user)
    page = client.get(url(world, "known"), {"show": "missed"}).content.decode()
    assert "To screen what was missed" in page and '<input type="hidden" name="show" value="missed">' in page
    one = KnownReview.objects.get(title="Never found anywhere by anybody")
    answer = client.post(reverse("references:remove-known", args=[world.project.slug, one.pk]), {"show": "missed"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{url(world, 'known')}?show=missed"
    page = answer.content.decode()
    assert "Taken off the list: Never found anywhere by anybody." in page and "To screen what was missed" not in page


@pytest.mark.django_db
def test_both_tables_can_be_taken_along(client, world):
    actions.add_known(by=world.coordinator, text="=HYPERLINK(1) is a title of a kind")
    client.force_login(world.observer.user)
    rows = list(csv.DictReader(io.StringIO(client.get(url(world, "known-csv")).content.decode("utf-8-sig"))))
    assert [row["Found"] for row in rows] == ["found", "found", "missed", "missed"] and rows[0]["Found in"] == "MEDLINE; Embase"
    assert rows[3]["Title"].startswith("'=")
    shares = list(csv.DictReader(io.StringIO(client.get(url(world, "known-sources-csv")).content.decode("utf-8-sig"))))
    assert list(shares[0].values()) == ["MEDLINE", "2", "1", "4", "50.0"]
    assert shares[-1]["Source"] == "Any source"


@pytest.mark.django_db
def test_the_api_does_the_same(client, world):
    client.force_login(world.coordinator.user)
    root = f"/api/v1/projects/{world.project.slug}/known-reviews/"
    body = client.get(root).json()
    assert (body["known"], body["found"], body["missed"]) == (3, 2, 1)
    assert body["results"][0]["sources"] == ["medline", "embase"] and body["results"][0]["matches"][0]["certain"] is True
    made = client.post(root, {"text": "10.5555/a.1\n2020\n"}, content_type="application/json")
    assert made.status_code == 201 and made.json()["n"] == 1 and made.json()["not_read"][0]["line"] == 2
    assert client.delete(f"{root}{body['results'][0]['id']}/").status_code == 204
    assert client.get(root).json()["known"] == 3


REPORTED = "Peer support for adults in crisis: a systematic review of trials on inpatient wards"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "state"),
    [
        (REPORTED, "found"),
        (f"The {REPORTED.lower()}", "perhaps"),
        (f"Hazel R (2020). {REPORTED.replace('adults', 'adlts')}. Journal of Peers.", "found"),
        (REPORTED.replace("Peer support", "Peersupport"), "found"),
        (f"Hazel R (2020). A {REPORTED.replace('Peer', 'peer')}. Journal of Peers.", "found"),
        ("A systematic review of trials on inpatient wards of something else entirely, by other people", "missed"),
        ("Crisis wards", "missed"),
    ],
    ids=["the same", "another beginning", "a misprint", "two words as one", "an article before it", "common words", "two words"],
)
@pytest.mark.parametrize("indexed", [True, False])
def test_a_title_that_begins_otherwise_is_looked_at_too(team, line, state, indexed):
    entry = f"TY  - JOUR\nTI  - {REPORTED}\nAU  - Hazel, R.\nPY  - 2020\nJF  - Journal of Peers\nER  - \n"
    import_file(team, add_source(team), entry.encode() + ris("Recovery colleges reviewed", "Trials on inpatient wards"))
    if indexed:
        bring_up(team.project)
    actions.add_known(by=team.coordinator, text=line)
    (finding,) = hold_known(team.project).findings
    assert (finding.state, [match.report.title for match in finding.matches]) == (state, [] if state == "missed" else [REPORTED])

"""Lists as files: RIS that reads back equal, CSV that computes nothing, BibTeX that holds together."""

import csv
import io
import json
from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.projects import jobs
from screening.projects.models import Job
from screening.references.actions import labels, listing
from screening.references.formats import read
from screening.references.formats.names import single_names
from screening.references.formats.text import clean, doi_in, pages_of
from screening.references.kinds import KINDS, OTHER, kind_of
from screening.references.writers import WRITERS, Written
from screening.references.writers.bibtex import escaped
from tests.cast import add_source, decide, import_file, ris

NOTHING = {"", "na", "n/a", "nan", "null", "none", "-"}
LETTERS = st.one_of(st.sampled_from("abc ,.;:-()[]{}&<>\"'%$#_\\~^=+@|/\u2013é精\u05d0"), st.characters(exclude_categories=["C", "Z"]))
PAGE = st.from_regex(r"[A-Za-z]{0,2}[0-9]{1,4}", fullmatch=True)
RANGES = st.tuples(PAGE, st.sampled_from(["-", "--", "\u2013"]), PAGE).map("".join)
# What reading gives: text that cleaning leaves as it is, and that says something.
TEXT = st.text(LETTERS, max_size=40).map(clean).filter(lambda text: clean(text) == text and text.lower() not in NOTHING)
OPTIONAL = st.one_of(st.just(""), TEXT)
NAMES = st.lists(TEXT.filter(lambda name: single_names(name) == [name]), max_size=4)
WORDS = st.lists(TEXT.filter(lambda word: ";" not in word), max_size=3, unique=True)
WRITTEN = st.builds(
    Written,
    title=TEXT,
    authors=NAMES,
    year=st.one_of(st.none(), st.integers(1500, 2099)),
    journal=OPTIONAL,
    volume=OPTIONAL,
    issue=OPTIONAL,
    pages=st.one_of(st.just(""), RANGES.map(pages_of), TEXT.filter(lambda text: pages_of(text) == text)),
    doi=st.sampled_from(["", "10.1234/abc", "10.1002/(sici)1096:1<1::aid>3.0.co;2-#"]).filter(lambda doi: doi_in(doi) == doi),
    pmid=st.one_of(st.just(""), st.integers(1, 99_999_999).map(str)),
    url=st.sampled_from(["", "https://example.org/a?b=1&c=2"]),
    abstract=OPTIONAL,
    kind=st.sampled_from(["JOUR", "CHAP", "THES", "RPRT", "GEN"]),
    language=OPTIONAL,
    keywords=WORDS,
)
FIELDS = (
    "title",
    "authors",
    "year",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "url",
    "abstract",
    "kind",
    "language",
    "keywords",
)


def files(style: str, *reports: Written) -> str:
    writer = WRITERS[style]
    return writer.beginning() + "".join(writer.entry(report, n) for n, report in enumerate(reports, start=1))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(WRITTEN)
def test_ris_of_one_report_reads_back_equal(report):
    reading = read(files("ris", report).encode(), "list.ris")
    assert (reading.format, len(reading.records), reading.not_read) == ("RIS", 1, [])
    record = reading.records[0]
    assert {name: getattr(record, name) for name in FIELDS} == {name: getattr(report, name) for name in FIELDS}


@pytest.mark.parametrize(
    ("pages", "lines"),
    [
        ("141-148", ["SP  - 141", "EP  - 148"]),
        ("S12-S19", ["SP  - S12", "EP  - S19"]),
        ("e1042", ["SP  - e1042"]),
        ("7-7", ["SP  - 7-7"]),
        ("1-4, 9-12", ["SP  - 1-4, 9-12"]),
        ("", []),
    ],
)
def test_a_plain_range_of_pages_has_its_first_and_its_last_page(pages, lines):
    text = files("ris", Written(title="A", pages=pages))
    assert [line for line in text.splitlines() if line[:2] in ("SP", "EP")] == lines
    (record,) = read(text.encode()).records
    assert record.pages == pages


def test_many_reports_read_back_as_many_and_a_type_in_words_becomes_its_code():
    reports = [
        Written(title=f"Report {n}", kind=kind)
        for n, kind in enumerate(("Journal Article", "Book chapter", "Conference abstract", "", "x"))
    ]
    assert [record.kind for record in read(files("ris", *reports).encode()).records] == ["JOUR", "CHAP", "CPAPER", "JOUR", "GEN"]


@pytest.mark.parametrize("kind", [name for name, _ in KINDS] + [OTHER])
def test_every_type_that_a_report_shows_reads_back(kind):
    (record,) = read(files("ris", Written(title="A", authors=["Alder, J"], kind=kind, abstract="Words.")).encode()).records
    assert kind_of(record.kind) == kind and record.abstract == "Words."
    (again,) = read(files("ris", Written(title="A", kind=kind_of(record.kind))).encode()).records
    assert kind_of(again.kind) == kind


def test_a_type_in_words_leaves_the_code_and_other_words_where_they_are():
    lines = "TY  - JOUR\nTI  - A\nAU  - Alder, J\nM3  - {}\nER  - \n"
    (known,) = read(lines.format("Editorial").encode()).records
    (other,) = read(lines.format("Randomised; 10.1234/abc").encode()).records
    assert (known.kind, known.extra) == ("Editorial", {"TY": ["JOUR"]})
    assert (other.kind, other.extra["M3"]) == ("JOUR", ["Randomised; 10.1234/abc"])
    (wrapped,) = read(lines.format("Editorial").replace("AU", "A1").encode()).records
    assert (wrapped.kind, wrapped.extra) == ("Editorial", {"TY": ["JOUR"]})


@given(st.lists(WRITTEN, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_csv_has_a_line_for_each_and_no_cell_is_a_formula(reports):
    rows = list(csv.DictReader(io.StringIO(files("csv", *reports).removeprefix("\ufeff"))))
    assert [row["title"].removeprefix("'") for row in rows] == [report.title.removeprefix("'") for report in reports]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row.values())


def test_csv_reads_back_without_the_apostrophes_that_guard_its_cells():
    odd = Written(
        title="=1+1 peers in wards reviewed", authors=["@Alder, J.", "Birch, M."], abstract="-5 points, 'as it was'", doi="10.1234/a"
    )
    plain = Written(title="'Quoted' peers in wards reviewed", abstract="'=Said so", doi="10.1234/b")
    style = WRITERS["csv"]
    records = read((style.beginning() + style.entry(odd, 1) + style.entry(plain, 2)).encode(), "list.csv").records
    assert [(one.title, one.abstract) for one in records] == [(one.title, one.abstract) for one in (odd, plain)]
    assert records[0].authors == list(odd.authors)
    other = read(b"title,doi\n'=1+1 peers in wards reviewed,10.1234/a\n", "other.csv").records
    assert other[0].title == "'=1+1 peers in wards reviewed"


@given(st.lists(WRITTEN, max_size=4))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_bibtex_reads_back_as_many_and_its_braces_balance(reports):
    text = files("bib", *reports)
    bare = text.replace("\\{", "").replace("\\}", "").replace(r"\textbackslash{}", "")
    assert bare.count("{") == bare.count("}")
    if reports:
        reading = read(text.encode(), "list.bib")
        assert (reading.format, len(reading.records)) == ("BibTeX", len(reports))
        assert [record.year for record in reading.records] == [report.year for report in reports]


def test_bibtex_reads_back_title_authors_and_the_rest():
    report = Written(
        title="Peers & others: 50% of #1", authors=["Sørensen, Åse", "Ministry of Health and Welfare"], year=2020, journal="A & B",
        volume="3", issue="2", pages="1-9", doi="10.1234/a_b", url="https://example.org/a_b", abstract="About 5%.", keywords=["a", "b"],
    )  # fmt: skip
    record = read(files("bib", report).encode(), "list.bib").records[0]
    assert (record.title, record.authors, record.doi, record.pages) == (report.title, report.authors, "10.1234/a_b", "1-9")
    assert (record.journal, record.volume, record.issue, record.abstract) == ("A & B", "3", "2", "About 5%.")
    assert files("bib", report).startswith("@article{sorensen2020-1,")
    assert escaped("a\\b") == r"a\textbackslash{}b"


@pytest.mark.parametrize(
    ("kind", "written"), [("THES", "school = {A House}"), ("RPRT", "institution = {A House}"), ("CHAP", "booktitle = {A House}")]
)
def test_bibtex_reads_back_where_what_is_no_article_appeared(kind, written):
    text = files("bib", Written(title="BERT", kind=kind, journal="A House"))
    (record,) = read(text.encode(), "list.bib").records
    assert written in text and (record.title, record.journal) == ("BERT", "A House")


def test_bibtex_reads_back_signs_that_mean_something_to_latex():
    report = Written(
        title="16^th ~ of $5 or $6_a", authors=["Elm, Q."], abstract="C:\\ & $t$-$J$, 5% #1", keywords=["Behavior, Addictive", "Humans"]
    )
    record = read(files("bib", report).encode(), "list.bib").records[0]
    assert (record.title, record.abstract, record.keywords) == (report.title, report.abstract, list(report.keywords))


def test_two_reports_of_one_author_and_year_have_two_keys():
    one = Written(title="A", authors=["Elm, Q."], year=2020)
    text = files("bib", one, replace(one, title="B"))
    assert "{elm2020-1," in text and "{elm2020-2," in text


class TestFiles:
    def test_the_list_as_it_is_narrowed_and_sorted(self, client, team, reports):
        client.force_login(team.coordinator.user)
        address = reverse("references:export-list", args=[team.project.slug])
        sent = client.post(address, {"format": "ris", "query": "q=peer"})
        body = b"".join(sent.streaming_content)
        assert sent.headers["Content-Disposition"].endswith('.ris"')
        assert [record.title for record in read(body).records] == ["Family peer work in wards", "Peer support in crisis teams"]
        assert client.post(address, {"format": "doc", "query": ""}, follow=True).content.decode().count("RIS, CSV or BibTeX") == 1

    def test_what_one_may_not_see_is_not_in_it(self, client, team, reports):
        label = labels.make_label(by=team.ana, name="Secret word")
        labels.put(by=team.ana, label=label, report_ids=[reports[0].pk], on=True)
        decide(team.ana, reports[0], "include", note="Secret note")
        address = reverse("references-api:export-list", args=[team.project.slug])
        for member, sees in ((team.ana, True), (team.ben, False), (team.coordinator, False)):
            client.force_login(member.user)
            body = b"".join(client.get(address, {"style": "csv"}).streaming_content).decode()
            assert ("Secret word" in body) is sees and "Secret note" not in body
            assert body.count("Open: title and abstract") == 4

    def test_who_may_not_export_is_told_so(self, client, team, reports):
        client.force_login(team.observer.user)
        assert client.post(reverse("references:export-list", args=[team.project.slug]), {"format": "ris"}).status_code == 403

    def test_a_long_list_is_made_by_a_job_for_its_maker_alone(self, client, team, reports, monkeypatch):
        monkeypatch.setattr(listing, "AT_ONCE", 2)
        client.force_login(team.ana.user)
        slug = team.project.slug
        sent = client.post(reverse("references:export-list", args=[slug]), {"format": "csv", "query": "sort=year"})
        assert sent.headers["Location"] == reverse("references:list-exports", args=[slug])
        job = Job.objects.get(kind=listing.JOB)
        jobs.run(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4), job.failure_sentence
        file = reverse("references:list-file", args=[slug, job.pk])
        assert file in client.get(reverse("references:list-exports", args=[slug])).content.decode()
        body = b"".join(client.get(file).streaming_content).decode("utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(body)))) == 4
        client.force_login(team.coordinator.user)
        assert client.get(file).status_code == 404
        assert file not in client.get(reverse("references:list-exports", args=[slug])).content.decode()

    def test_a_long_list_asks_as_often_per_batch_however_long(self, team, django_assert_num_queries):
        import_file(team, add_source(team), ris(*[f"Peer support {n}" for n in range(40)]))
        ids = listing.ids_asked_for(team.ana, listing.asked_by(""), "ris")
        with django_assert_num_queries(6):
            assert len(read("".join(listing.pieces(team.ana, ids, "ris")).encode()).records) == 40


def test_the_api_gives_the_same_file(client, team, reports):
    client.force_login(team.ana.user)
    address = reverse("references-api:export-list", args=[team.project.slug])
    body = b"".join(client.get(address, {"style": "bib", "q": "recovery"}).streaming_content)
    assert [record.title for record in read(body, "x.bib").records] == ["Recovery colleges reviewed"]
    assert "RIS, CSV or BibTeX" in json.loads(client.get(address, {"style": "doc"}).content)["detail"]

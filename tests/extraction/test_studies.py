"""Lists of primary studies: kept as they came, matched exactly, counted only while they count."""

import csv
import io
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from extraction.studies.actions import save_list, withdraw_list
from extraction.studies.models import Citation, CitationList, PrimaryStudy, StudyMatch
from extraction.studies.queries import cells_of, citations_of, count_studies, matrix_page, not_understood, studies_per_review, whole_matrix
from screening.flow.queries import counts_of
from screening.projects import contributions
from screening.projects.access import Denied
from screening.projects.actions import Refused
from tests.extraction.conftest import drop

A = "Alder J (2014). Peer support in wards: a trial. Demo J. doi:10.1234/a"
A_BY_TITLE = "Alder J. Peer support in wards: a trial. Demo J. 2014;3:4."
B = "Birch M (2016). Family peer work at home. Demo J."
C = "Cedar S (2018). Recovery colleges in the north. Demo J."


def save(team, review, *lines, **more):
    return save_list(by=team.ana, review=review, text="\n".join(lines), **more)


def test_two_reviews_cite_one_study_by_doi_and_by_title(team, reviews):
    save(team, reviews[0], A, B)
    save(team, reviews[1], A_BY_TITLE, C)
    save(team, reviews[2], "10.1234/A")
    assert PrimaryStudy.objects.count() == 3
    assert matrix_page(team.project).rows[0].reviews == {review.pk for review in reviews}
    reasons = set(StudyMatch.objects.values_list("reason", flat=True))
    assert {"The first citation of this study.", "Same title and year."} < reasons
    assert any(reason.startswith("Same DOI (10.1234/a)") for reason in reasons)


def test_a_study_first_met_without_a_doi_takes_the_one_that_comes_later(team, reviews):
    save(team, reviews[0], A_BY_TITLE)
    save(team, reviews[1], A)
    save(team, reviews[2], "10.1234/a")
    assert PrimaryStudy.objects.count() == 1


def test_the_same_study_cited_twice_in_one_review_counts_once(team, reviews):
    saved = save(team, reviews[0], A, B, A_BY_TITLE)
    assert studies_per_review(team.project, [reviews[0].pk]) == {reviews[0].pk: 2}
    assert len(cells_of(team.project)) == 2
    assert [read.same_as_line for read in citations_of(saved.citation_list)] == [None, None, 1]


def test_two_lists_of_one_review_with_the_same_study_count_it_once(team, reviews):
    save(team, reviews[0], A, B)
    save(team, reviews[0], A_BY_TITLE, C)
    assert studies_per_review(team.project, [reviews[0].pk])[reviews[0].pk] == 3


def test_a_title_that_fits_two_dois_is_kept_apart(team, reviews):
    save(team, reviews[0], A)
    save(team, reviews[1], A.replace("10.1234/a", "10.1234/other"))
    save(team, reviews[2], A_BY_TITLE)
    assert count_studies(team.project) == 3


def test_the_list_is_kept_as_it_came_and_what_was_not_understood_is_said(team, reviews):
    saved = save(team, reviews[0], "Included studies", A, "Smith 2014")
    assert saved.citation_list.raw.startswith("Included studies\n")
    assert [gap.number for gap in not_understood(saved.citation_list)] == [1, 3]
    assert Citation.objects.get().raw == A


def test_the_same_list_sent_twice_is_one_and_may_come_again_after_it_was_withdrawn(team, reviews):
    first = save(team, reviews[0], A, B)
    again = save(team, reviews[0], A, B)
    assert (again.citation_list, again.is_new) == (first.citation_list, False)
    withdraw_list(by=team.ana, citation_list=first.citation_list, reason="Wrong review.")
    assert save(team, reviews[0], A, B).is_new


def test_a_list_of_which_nothing_is_understood_leaves_nothing_behind(team, reviews):
    with pytest.raises(Refused, match=r"Line 1: Only an author and a year"):
        save(team, reviews[0], "Smith 2014")
    with pytest.raises(Refused, match="Paste a list"):
        save(team, reviews[0], "  ")
    assert not CitationList.objects.exists()


def test_only_those_who_extract_may_add_or_withdraw(team, reviews):
    saved = save(team, reviews[0], A)
    for member in (team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            save_list(by=member, review=reviews[0], text=B)
        with pytest.raises(Denied):
            withdraw_list(by=member, citation_list=saved.citation_list, reason="x")


def test_a_withdrawn_list_counts_no_longer_and_says_why(team, reviews):
    saved = save(team, reviews[0], A, B)
    save(team, reviews[1], A)
    with pytest.raises(Refused, match="Say why"):
        withdraw_list(by=team.ana, citation_list=saved.citation_list, reason=" ")
    first = withdraw_list(by=team.ana, citation_list=saved.citation_list, reason="Of another review.")
    assert withdraw_list(by=team.ben, citation_list=saved.citation_list, reason="Again.") == first
    assert count_studies(team.project) == 1
    assert Citation.objects.count() == 3
    lines = contributions.history_of("review", team.ana, reviews[0])
    assert any(line.detail == "Of another review." and line.who == "Ana" for line in lines)


def test_a_review_excluded_later_drops_out_and_its_facts_stay(team, reviews):
    save(team, reviews[0], A, B)
    save(team, reviews[1], A, C)
    assert count_studies(team.project) == 3
    drop(team, reviews[0])
    assert count_studies(team.project) == 2
    assert {row.label for row in whole_matrix(team.project)} == {"Alder 2014", "Cedar 2018"}
    assert CitationList.objects.filter(review=reviews[0]).count() == 1
    with pytest.raises(Refused, match="not included any more"):
        save(team, reviews[0], C)


def test_the_flow_says_how_many_primary_studies_there_are(team, reviews):
    assert counts_of(team.project).primary_studies is None
    save(team, reviews[0], A, B)
    assert counts_of(team.project).primary_studies == 2


def test_the_matrix_pages_by_key_forwards_and_back(team, reviews):
    save(team, reviews[0], *[f"Elm J (2014). Peer study number {n:03} of this list. Demo J." for n in range(25)])
    save(team, reviews[1], *[f"Elm J (2014). Peer study number {n:03} of this list. Demo J." for n in range(5, 15)])
    for sort in ("reviews", "name"):
        seen, page = [], matrix_page(team.project, sort=sort, size=10)
        pages = [page]
        while True:
            seen += [row.study for row in page.rows]
            if not page.after:
                break
            page = matrix_page(team.project, sort=sort, size=10, after=page.after)
            pages.append(page)
        assert len(seen) == len(set(seen)) == 25
        assert [len(page.rows) for page in pages] == [10, 10, 5]
        back = matrix_page(team.project, sort=sort, size=10, before=pages[2].before)
        assert back.rows == pages[1].rows
        assert matrix_page(team.project, sort=sort, size=10, before=back.before).before == ""
    assert [row.n for row in matrix_page(team.project, sort="reviews", size=11).rows] == [2] * 10 + [1]
    assert len(matrix_page(team.project, after="nonsense").rows) == 25


def address(team, name, *args):
    return reverse(f"studies:{name}", args=[team.project.slug, *args])


def test_pasting_shows_what_was_read(team, reviews, signed_in):
    client = signed_in(team.ana)
    response = client.post(address(team, "list", reviews[0].pk), {"text": f"{A}\n{A_BY_TITLE}\nSmith 2014"}, follow=True)
    text = response.content.decode()
    assert "2 citations read as one citation per line. 1 line was not understood." in text
    assert "Same study as line 1" in text
    assert "Line 3. Only an author and a year" in text


def test_uploading_a_table_in_windows_letters(team, reviews, signed_in):
    file = SimpleUploadedFile("studies.csv", "author;year;title\nMüller;2014;Peer-Begleitung für Erwachsene\n".encode("cp1252"))
    signed_in(team.ana).post(address(team, "list", reviews[0].pk), {"file": file})
    assert CitationList.objects.get().filename == "studies.csv"
    assert PrimaryStudy.objects.get().label == "Müller 2014"


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Paste a list of primary studies"),
        ({"text": "Smith 2014"}, "No primary study could be read"),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04rest")}, "a.xlsx is a workbook or document"),
        ({"text": A, "file": SimpleUploadedFile("a.csv", b"title\nx")}, "not both at once"),
        ({"file": SimpleUploadedFile("big.csv", b"x" * 4_000_001)}, "a list has at most 4 MB"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words(team, reviews, signed_in, sent, sentence):
    response = signed_in(team.ana).post(address(team, "list", reviews[0].pk), sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_everybody_may_read_and_the_reason_stands_beside_what_they_may_not(team, reviews, signed_in):
    saved = save(team, reviews[0], A)
    client = signed_in(team.working_group)
    for url in (address(team, "list", reviews[0].pk), address(team, "one", reviews[0].pk, saved.citation_list.pk), address(team, "matrix")):
        assert client.get(url).status_code == 200
    assert "Only a coordinator or reviewer can extract data" in client.get(address(team, "list", reviews[0].pk)).content.decode()
    assert client.post(address(team, "list", reviews[0].pk), {"text": B}).status_code == 403
    assert client.post(address(team, "withdraw", reviews[0].pk, saved.citation_list.pk), {"reason": "x"}).status_code == 403
    assert CitationList.objects.count() == 1


def test_withdrawing_through_the_page(team, reviews, signed_in):
    saved = save(team, reviews[0], A)
    client = signed_in(team.ana)
    client.post(address(team, "withdraw", reviews[0].pk, saved.citation_list.pk), {"reason": "Pasted twice."})
    text = client.get(address(team, "one", reviews[0].pk, saved.citation_list.pk)).content.decode()
    assert "Pasted twice." in text and "Nothing of this list counts" in text
    assert "Withdrawn: Pasted twice." in client.get(address(team, "list", reviews[0].pk)).content.decode()


def test_a_list_is_found_only_under_its_own_review_and_project(team, reviews, signed_in):
    saved = save(team, reviews[0], A)
    assert signed_in(team.ana).get(address(team, "one", reviews[1].pk, saved.citation_list.pk)).status_code == 404


def test_words_in_a_list_are_shown_as_words(team, reviews, signed_in):
    saved = save(team, reviews[0], "Elm J (2014). <script>alert(1)</script> peers in wards. Demo J.")
    client = signed_in(team.ana)
    for url in (address(team, "one", reviews[0].pk, saved.citation_list.pk), address(team, "matrix")):
        text = client.get(url).content.decode()
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_the_matrix_as_csv_has_no_formulas_and_a_row_per_study(team, reviews, signed_in):
    save(team, reviews[0], A, "=cmd Elm J (2014). @Peers in wards and homes. Demo J.")
    save(team, reviews[1], A, B)
    response = signed_in(team.observer).get(address(team, "matrix_csv"))
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows[0][0] == "Study" and len(rows[0]) == 5
    assert sorted(row[1:3] for row in rows[1:]) == [["0", "1"], ["1", "0"], ["1", "1"]]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_long_list_costs_few_queries(team, reviews, django_assert_max_num_queries):
    lines = [f"Elm J (2014). Peer study number {n:04} of this list. Demo J. doi:10.1234/n{n}" for n in range(400)]
    with django_assert_max_num_queries(40):
        save(team, reviews[0], *lines)
    with django_assert_max_num_queries(40):
        save(team, reviews[1], *lines)
    assert PrimaryStudy.objects.count() == 400


def test_the_page_of_the_matrix_costs_the_same_whatever_its_size(team, reviews, signed_in, django_assert_max_num_queries):
    save(team, reviews[0], *[f"Elm J (2014). Peer study number {n:04} of this list. Demo J." for n in range(120)])
    client = signed_in(team.ana)
    with django_assert_max_num_queries(45):
        text = client.get(address(team, "matrix")).content.decode()
    assert "after=" in text and 'rel="next"' in text


def api(team, name, *args):
    return reverse(f"studies-api:{name}", args=[team.project.slug, *args])


def test_the_api_takes_a_list_and_tells_what_was_read(team, reviews, signed_in):
    client = signed_in(team.ana)
    sent = {"text": f"{A}\nSmith 2014\n{A_BY_TITLE}", "filename": "list.txt"}
    made = client.post(api(team, "citation-lists", reviews[0].pk), sent, content_type="application/json")
    body = made.json()
    assert made.status_code == 201
    assert [(one["line"], one["same_as_line"]) for one in body["citations"]] == [(1, None), (3, 1)]
    assert body["not_understood"] == [{"line": 2, "raw": "Smith 2014", "cause": "Only an author and a year: add the title or the DOI."}]
    assert client.post(api(team, "citation-lists", reviews[0].pk), sent, content_type="application/json").status_code == 200
    assert [row["id"] for row in client.get(api(team, "citation-lists", reviews[0].pk)).json()["results"]] == [body["id"]]
    gone = client.post(api(team, "withdrawal", reviews[0].pk, body["id"]), {"reason": "Test."}, content_type="application/json")
    assert (gone.status_code, gone.json()["withdrawn"]) == (201, "Test.")


def test_the_api_refuses_in_a_sentence(team, reviews, signed_in):
    client = signed_in(team.ana)
    bad = client.post(api(team, "citation-lists", reviews[0].pk), {"text": "Smith 2014"}, content_type="application/json")
    assert bad.status_code == 400 and "Line 1" in bad.json()["detail"]
    assert (
        client.post(api(team, "citation-lists", reviews[0].pk), {}, content_type="application/json").json()["errors"][0]["field"] == "text"
    )
    assert (
        signed_in(team.observer).post(api(team, "citation-lists", reviews[0].pk), {"text": A}, content_type="application/json").status_code
        == 403
    )


def test_the_api_gives_the_matrix(team, reviews, signed_in):
    save(team, reviews[0], A, B)
    save(team, reviews[1], A)
    body = signed_in(team.observer).get(api(team, "matrix")).json()
    assert [(row["label"], len(row["reviews"])) for row in body["results"]] == [("Alder 2014", 2), ("Birch 2016", 1)]
    assert body["next"] is None


def test_a_page_of_a_large_matrix_does_not_wait_for_statistics(team, reviews):
    """Fresh lists have none yet: a plan that loops over them once took half a minute, a hundred times what it takes with them."""

    def second_page() -> float:
        start = monotonic()
        page = matrix_page(team.project, sort="name", after=matrix_page(team.project, sort="name").after)
        assert len(page.rows) == 100
        return monotonic() - start

    for review in reviews:
        save(team, review, *[f"Elm J (2014). Peer study number {n:04} of this list. Demo J." for n in range(1500)])
    fresh = min(second_page() for _ in range(2))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert fresh < 20 * second_page()

"""Records removed before screening: with a reason, put back at any time, and declared where it was done elsewhere."""

import csv
import io
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from screening.decisions.models import ReportStage
from screening.decisions.queries import next_for
from screening.flow.checks import check_project
from screening.flow.queries import counts_of, records_in, reports_in
from screening.flow.rules import identities
from screening.projects.access import Denied
from screening.projects.actions import Refused
from screening.protocol.actions import save_source
from screening.references import actions
from screening.references.models import DeclaredRemoval, Placement, Record, Removal, Report
from screening.references.queries import declared_in_force
from screening.references.removing import Behind, InForce, removed_as
from tests.cast import add_source, decide, import_file, ris

pytestmark = pytest.mark.django_db


def remove(team, *reports, kind="other", reason="Not a review."):
    return actions.remove_reports(by=team.coordinator, report_ids=[report.pk for report in reports], kind=kind, reason=reason)


def put_back(team, *reports):
    return actions.put_back(by=team.coordinator, report_ids=[report.pk for report in reports], reason="It is one after all.")


def removed(*reports) -> list[str]:
    return [Report.objects.get(pk=report.pk).removed for report in reports]


def sound(project) -> None:
    """The equations hold, no cache has drifted, and each list is as long as its number."""
    counts = counts_of(project)
    assert [line.words for line in identities(counts) if not line.holds] == []
    assert check_project(project) == []
    for box in ("excluded_automatic", "excluded_other", "records_screened"):
        assert reports_in(project, box).count() == counts[box] - counts.without_list.get(box, 0)
    for box in ("duplicates", "removed_before_screening", "records_identified"):
        assert records_in(project, box).count() == counts[box] - counts.without_list.get(box, 0)


def test_a_removed_report_leaves_the_queue_and_stands_in_its_box(team, reports):
    done = remove(team, reports[0], kind="automation")
    assert (done.n, done.sentences) == (1, [])
    counts = counts_of(team.project)
    assert (counts["excluded_automatic"], counts["excluded_other"], counts["records_screened"]) == (1, 0, 3)
    assert counts["records_identified"] == 4
    assert reports[0].pk not in next_for(team.ana, "title_abstract")
    with pytest.raises(Refused, match="removed before screening"):
        decide(team.ana, reports[0], "include")
    sound(team.project)


def test_it_can_be_put_back_at_any_time_and_removed_again(team, reports):
    for _ in range(2):
        remove(team, reports[0])
        assert removed(reports[0]) == ["other"]
        put_back(team, reports[0])
        assert removed(reports[0]) == [""]
        assert reports[0].pk in next_for(team.ana, "title_abstract")
    assert [fact.kind for fact in Removal.objects.order_by("seq")] == ["other", None, "other", None]
    sound(team.project)


def test_what_somebody_has_decided_on_stays_alike_for_every_answer(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[1], "exclude")
    decide(team.ana, reports[2], "maybe")
    decide(team.ana, reports[2], None)
    for report in reports[:3]:
        done = remove(team, report)
        assert done.n == 0 and done.sentences == [
            f"“{report.title}”: somebody has decided on it already, so it is in screening and stays there. Exclude it at the desk instead."
        ]
    assert removed(*reports[:3]) == ["", "", ""]


def test_of_many_those_that_can_be_are_removed_and_the_others_told_in_one_sentence_each(team, reports):
    decide(team.ana, reports[0], "include")
    decide(team.ana, reports[1], "include")
    import_file(team, add_source(team, "Citations", "citation"), ris("Found by citation alone"), name="c.ris")
    other = Report.objects.get(title="Found by citation alone")
    done = remove(team, *reports, other)
    assert done.n == 2 and len(done.sentences) == 2
    assert any(sentence.startswith("2 reports (") for sentence in done.sentences)
    assert any("other methods only" in sentence for sentence in done.sentences)
    assert remove(team, reports[2]).sentences == [f"“{reports[2].title}”: removed already."]
    sound(team.project)


@pytest.mark.parametrize(("kind", "reason"), [("other", "  "), ("whim", "Because."), ("", "Because.")])
def test_a_removal_needs_its_box_and_its_reason(team, reports, kind, reason):
    with pytest.raises(Refused):
        remove(team, reports[0], kind=kind, reason=reason)
    assert not Removal.objects.exists()


def test_only_a_coordinator_removes(team, reports):
    for member in (team.ana, team.adjudicator, team.working_group, team.observer):
        with pytest.raises(Denied):
            actions.remove_reports(by=member, report_ids=[reports[0].pk], kind="other", reason="Because.")
        with pytest.raises(Denied):
            actions.put_back(by=member, report_ids=[reports[0].pk], reason="Because.")


def test_reports_of_another_project_are_nothing_to_it(team, reports):
    with pytest.raises(Refused, match="at least one report of this project"):
        actions.remove_reports(by=team.coordinator, report_ids=[uuid4()], kind="other", reason="Because.")


def test_a_removal_is_never_changed_or_deleted(team, reports):
    remove(team, reports[0])
    for change in (lambda: Removal.objects.update(reason="Another."), lambda: Removal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def join(team, keep, other):
    actions.join_reports(by=team.coordinator, keep=keep, other=other, reason="One paper.")


@pytest.mark.parametrize("removed_first", [True, False])
def test_joined_to_one_that_was_kept_it_stays_in_and_parted_it_is_removed_again(team, reports, removed_first):
    gone, kept = (reports[0], reports[1]) if removed_first else (reports[1], reports[0])
    remove(team, gone)
    record = Placement.objects.get(report=gone).record
    join(team, kept, gone)
    assert removed(kept) == [""]
    sound(team.project)
    new = actions.split_record(by=team.coordinator, record=record, reason="Another paper.")
    assert removed(new, kept) == ["other", ""]
    sound(team.project)


def test_kept_into_removed_stays_in_too(team, reports):
    remove(team, reports[0])
    join(team, reports[0], reports[1])
    assert removed(reports[0]) == [""]
    sound(team.project)


def test_two_removed_ones_joined_are_one_removed_report(team, reports):
    remove(team, reports[0], kind="automation")
    remove(team, reports[1], kind="other")
    join(team, reports[0], reports[1])
    counts = counts_of(team.project)
    assert removed(reports[0]) == ["other"]
    assert (counts["duplicates"], counts["excluded_other"], counts["excluded_automatic"]) == (1, 1, 0)
    sound(team.project)
    put_back(team, reports[0])
    assert removed(reports[0]) == [""]
    sound(team.project)


def test_what_was_decided_while_it_was_joined_keeps_it_in_screening(team, reports):
    remove(team, reports[0])
    record = Placement.objects.get(report=reports[0]).record
    join(team, reports[1], reports[0])
    decide(team.ana, reports[1], "include")
    new = actions.split_record(by=team.coordinator, record=record, reason="Another paper.")
    # The decision was made on the first record of the two: it went with the one that was removed, or stayed.
    first = Record.objects.filter(placement__report__in=[new, reports[1]]).order_by("seq").first()
    assert removed(new) == ["" if first.pk == record.pk else "other"]
    sound(team.project)


def test_found_again_by_another_search_it_stays_removed(team, reports):
    remove(team, reports[0])
    import_file(team, add_source(team, "Embase"), ris(reports[0].title), name="again.ris")
    assert Placement.objects.filter(report=reports[0]).count() == 2
    assert removed(reports[0]) == ["other"]
    counts = counts_of(team.project)
    assert (counts["duplicates"], counts["excluded_other"]) == (1, 1)
    sound(team.project)


def test_a_withdrawn_file_takes_its_report_out_of_every_box_and_leaves_the_removal_in_force(team):
    source, embase = add_source(team), add_source(team, "Embase")
    first = import_file(team, source, ris("Peer support in crisis teams"))
    report = Report.objects.get()
    remove(team, report)
    second = import_file(team, embase, ris("Peer support in crisis teams"), name="again.ris")
    actions.withdraw(by=team.coordinator, import_run=first, reason="The wrong file.")
    assert removed(report) == ["other"] and counts_of(team.project)["excluded_other"] == 1
    actions.withdraw(by=team.coordinator, import_run=second, reason="The wrong file too.")
    assert removed(report) == [""] and counts_of(team.project)["records_identified"] == 0
    sound(team.project)


A, B, C, D = (uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("removals", "behind", "wanted"),
    [
        ([], [Behind(A, 1, False)], ""),
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False)], "other"),
        # A record an import put there afterwards says nothing; one that was there before and not covered was kept.
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False), Behind(B, 2, False)], "other"),
        ([InForce(A, "other", frozenset({A}))], [Behind(B, 1, False), Behind(A, 2, True)], ""),
        ([InForce(A, "other", frozenset({A}))], [Behind(A, 1, False), Behind(B, 2, True)], ""),
        (
            [InForce(A, "automation", frozenset({A})), InForce(B, "other", frozenset({B}))],
            [Behind(A, 1, False), Behind(B, 2, True)],
            "other",
        ),
    ],
)
def test_the_rule(removals, behind, wanted):
    assert removed_as(removals, behind) == wanted


records = st.integers(0, 5).map(lambda n: (A, B, C, D, A, B)[n])


@given(
    covers=st.lists(st.sets(records, min_size=1), min_size=1, max_size=3),
    others=st.lists(st.tuples(records, st.integers(1, 50), st.booleans()), max_size=6, unique_by=lambda one: one[0]),
)
def test_a_report_all_of_whose_records_were_covered_is_always_removed(covers, others):
    removals = [InForce(sorted(cover, key=str)[0], "other", frozenset(cover)) for cover in covers]
    behind = {one.anchor: Behind(one.anchor, 7, True) for one in removals}
    behind |= {record: Behind(record, joined, moved) for record, joined, moved in others if any(record in cover for cover in covers)}
    assert removed_as(removals, list(behind.values())) == "other"


# Declared


def declare(team, source, kind="duplicates", n=5, **more):
    return actions.declare_removed(by=team.coordinator, source=source, kind=kind, n=n, where="In EndNote", who="Made-up Librarian", **more)


def test_what_was_removed_elsewhere_adds_to_identified_and_removed_alike(team, reports):
    source = team.project.sources.get()
    before = counts_of(team.project)
    declare(team, source, n=7)
    declare(team, source, kind="automation", n=2)
    declare(team, source, kind="other", n=1)
    counts = counts_of(team.project)
    assert counts["records_identified"] == before["records_identified"] + 10
    assert (counts["duplicates"], counts["excluded_automatic"], counts["excluded_other"]) == (7, 2, 1)
    assert counts["records_screened"] == before["records_screened"]
    assert counts.without_list == {
        "records_identified": 10,
        "database_results": 10,
        "removed_before_screening": 10,
        "duplicates": 7,
        "excluded_automatic": 2,
        "excluded_other": 1,
    }
    (line,) = counts.sources
    assert (line.n, line.declared) == (14, 10)
    sound(team.project)


def test_a_declaration_is_taken_back_once_and_stays_on_record(team):
    source = add_source(team)
    fact = declare(team, source)
    actions.take_back_declaration(by=team.coordinator, declared=fact)
    assert list(declared_in_force(team.project)) == [] and DeclaredRemoval.objects.count() == 2
    with pytest.raises(Refused, match="already"):
        actions.take_back_declaration(by=team.coordinator, declared=fact)
    assert counts_of(team.project)["records_identified"] == 0


def test_the_kind_a_source_had_when_it_was_declared_decides_the_column(team):
    source = add_source(team, "A place", "database")
    declare(team, source, n=3)
    save_source(by=team.coordinator, source=source, name="A place", kind="website")
    declare(team, source, n=4)
    counts = counts_of(team.project)
    assert (counts["database_results"], counts["website_results"]) == (3, 4)
    assert (counts["duplicates"], counts["other_already_found"]) == (3, 4)
    sound(team.project)


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"n": 10**9}, {"kind": "mood"}, {"source": "citation", "kind": "automation"}, {"where": " "}, {"who": ""}]
)
def test_what_cannot_be_declared_is_refused(team, wrong):
    source = add_source(team, "A source", wrong.pop("source", "database"))
    with pytest.raises(Refused):
        actions.declare_removed(
            by=team.coordinator, source=source, **{"kind": "duplicates", "n": 1, "where": "There", "who": "Me", **wrong}
        )
    assert not DeclaredRemoval.objects.exists()


# Pages and API


def url(team, name, **kwargs):
    return reverse(f"references:{name}", kwargs={"slug": team.project.slug, **kwargs})


@pytest.fixture
def coordinator(client, team):
    client.force_login(team.coordinator.user)
    return client


def test_ids_alone_are_answered_with_the_question_why(coordinator, team, reports):
    ids = [str(report.pk) for report in reports[:2]]
    asked = coordinator.post(url(team, "removals"), {"report": [*ids, "nonsense"]})
    assert asked.status_code == 200 and not Removal.objects.exists()
    page = asked.content.decode()
    assert all(one in page for one in ids) and "Remove 2 reports" in page
    assert coordinator.post(url(team, "removals"), {"report": ids, "kind": "other", "reason": ""}).status_code == 422
    done = coordinator.post(url(team, "removals"), {"report": ids, "kind": "automation", "reason": "Under 5%."}, follow=True)
    assert "2 reports were removed" in done.content.decode() and removed(*reports[:2]) == ["automation"] * 2


def test_the_page_lists_them_with_reason_and_puts_them_back(coordinator, team, reports):
    remove(team, *reports[:2], reason="Letters to the editor.")
    page = coordinator.get(url(team, "removals")).content.decode()
    assert page.count("Letters to the editor.") == 2
    assert coordinator.get(url(team, "removals"), {"kind": "automation"}).context["rows"] == []
    back = coordinator.post(url(team, "put-back"), {"report": [str(reports[0].pk)], "reason": "It is a review."}, follow=True)
    assert "1 report was put back" in back.content.decode() and removed(*reports[:2]) == ["", "other"]


def test_the_report_says_that_it_was_removed_and_its_history_who_and_why(client, team, reports):
    remove(team, reports[0], reason="A letter.")
    client.force_login(team.observer.user)
    page = client.get(url(team, "report", pk=reports[0].pk)).content.decode()
    assert "Removed before screening: other reasons" in page and "A letter." in page


def test_a_reviewer_reads_the_page_and_changes_nothing(client, team, reports):
    remove(team, reports[0])
    client.force_login(team.ana.user)
    page = client.get(url(team, "removals")).content.decode()
    assert "Only a coordinator can remove records before screening" in page and reports[0].title in page
    assert client.post(url(team, "removals"), {"report": [str(reports[1].pk)], "kind": "other", "reason": "So."}).status_code == 403
    assert client.post(url(team, "put-back"), {"report": [str(reports[0].pk)], "reason": "So."}).status_code == 403


def test_the_box_and_the_equations_say_what_has_no_list(coordinator, team, reports):
    source = team.project.sources.get()
    declare(team, source, n=7)
    box = coordinator.get(reverse("flow:box", args=[team.project.slug, "duplicates"])).content.decode()
    assert "7 of these were removed elsewhere" in box
    page = coordinator.get(reverse("flow:identities", args=[team.project.slug])).content.decode()
    assert "Numbers without a list" in page and "no list" in page and "Breaks" not in page
    assert "without a list" in coordinator.get(reverse("flow:project", args=[team.project.slug])).content.decode()
    rows = list(csv.DictReader(io.StringIO(coordinator.get(reverse("flow:prisma-csv", args=[team.project.slug])).content.decode())))
    assert {row["data"]: row["n"] for row in rows}["duplicates"] == "7"


def test_a_declaration_is_made_and_taken_back_on_the_page_of_the_source(coordinator, team):
    source = add_source(team)
    sent = {"kind": "duplicates", "n": "12", "where": "In EndNote 20", "who": "Made-up Librarian"}
    assert coordinator.post(url(team, "declare", source=source.slug), {**sent, "n": "0"}).status_code == 422
    page = coordinator.post(url(team, "declare", source=source.slug), sent, follow=True).content.decode()
    assert "In EndNote 20" in page and "no list" in page
    fact = DeclaredRemoval.objects.get()
    page = coordinator.post(url(team, "take-back", pk=fact.pk), follow=True).content.decode()
    assert "took back 12 duplicates" in page and counts_of(team.project)["duplicates"] == 0


def test_what_other_methods_found_is_only_declared_as_duplicates(coordinator, team):
    source = add_source(team, "Citations", "citation")
    page = coordinator.get(url(team, "declare", source=source.slug)).content.decode()
    assert "Duplicates" in page and "Marked as ineligible" not in page


def test_the_api_removes_puts_back_and_declares(coordinator, team, reports):
    decide(team.ana, reports[1], "include")
    root = f"/api/v1/projects/{team.project.slug}/"
    sent = {"reports": [str(report.pk) for report in reports[:2]], "kind": "other", "reason": "Letters."}
    answer = coordinator.post(f"{root}removals/", sent, content_type="application/json").json()
    assert answer["n"] == 1 and len(answer["refused"]) == 1
    (row,) = coordinator.get(f"{root}removals/").json()["results"]
    assert (row["report"], row["kind"], row["reason"]) == (str(reports[0].pk), "other", "Letters.")
    back = {"reports": [str(reports[0].pk)], "reason": "No."}
    assert coordinator.post(f"{root}removals/back/", back, content_type="application/json").json() == {"n": 1, "refused": []}
    slug = team.project.sources.get().slug
    body = {"kind": "duplicates", "n": 4, "where": "In EndNote", "who": "Me"}
    made = coordinator.post(f"{root}sources/{slug}/declared-removals/", body, content_type="application/json")
    assert made.status_code == 201
    flow = coordinator.get(f"{root}flow/").json()
    assert flow["without_list"]["duplicates"] == 4 and flow["sources"][0]["declared"] == 4
    assert coordinator.get(f"{root}flow/duplicates/").json()["without_list"] == 4
    assert coordinator.delete(f"{root}declared-removals/{made.json()['id']}/").status_code == 204
    (fact,) = coordinator.get(f"{root}sources/{slug}/declared-removals/").json()
    assert fact["taken_back"] is True
    bad = {**body, "description": 9}
    assert coordinator.post(f"{root}sources/{slug}/declared-removals/", bad, content_type="application/json").status_code == 400


def test_verify_finds_a_wrong_removal_and_repairs_it(team, reports):
    from screening.flow.actions import repair

    remove(team, reports[0])
    Report.objects.filter(pk=reports[0].pk).update(removed="")
    Report.objects.filter(pk=reports[1].pk).update(removed="automation")
    assert {d.what for d in check_project(team.project)} >= {"removal of a report"}
    assert repair(team.project) == []
    assert removed(*reports[:2]) == ["other", ""]
    assert ReportStage.objects.get(report=reports[0], stage="title_abstract").suspended


def test_the_list_of_reports_offers_it_and_finds_what_was_removed(coordinator, team, reports):
    page = coordinator.get(url(team, "reports")).content.decode()
    assert f'formaction="{url(team, "removals")}"' in page
    remove(team, reports[0])
    found = coordinator.get(url(team, "reports"), {"stands": "removed"}).content.decode()
    assert reports[0].title in found and reports[1].title not in found and "Removed before screening" in found
    everything = coordinator.get(url(team, "reports")).content.decode()
    assert all(report.title in everything for report in reports)
    put_back(team, reports[0])
    assert reports[0].title not in coordinator.get(url(team, "reports"), {"stands": "removed"}).content.decode().split("found-rows")[-1]

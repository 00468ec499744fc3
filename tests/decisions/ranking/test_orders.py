"""The orders of the queue: each open report exactly once, in each of them, for everybody."""

import itertools
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from screening.decisions.actions import decide_and_offer, offer
from screening.decisions.models import Seat
from screening.decisions.queries import next_for, open_for
from screening.decisions.queue.queries import Reached, reached
from screening.decisions.queue.rules import ORDERS, order_used
from screening.decisions.ranking import actions
from screening.references.actions.index import write_cards
from screening.references.models import Report
from tests.cast import decide, import_file, ris
from tests.decisions.ranking.made_up import STAGE, fit_now, open_reports, order_of, settle, walked, with_titles


@pytest.fixture
def ranked(team):
    """Thirty titles, four of them settled and the others put in order."""
    wanted, other = with_titles(team, 10, 20)
    for report in wanted[:2]:
        settle(team, report, "include")
    for report in other[:2]:
        settle(team, report, "exclude")
    fit_now(team)
    while write_cards(team.project):
        pass
    return team


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("n", [3, 20])
def test_each_open_report_comes_exactly_once(ranked, order, n):
    found = walked(ranked.ana, order, n=n)
    assert len(found) == len(set(found))
    assert set(found) == open_reports(ranked)


@pytest.mark.parametrize("order", ORDERS)
def test_whoever_screens_along_an_order_meets_each_report_once(ranked, order):
    expected = open_reports(ranked)
    found = walked(ranked.ana, order, n=4, screen=True)
    assert len(found) == len(set(found)) and set(found) == expected
    assert open_for(ranked.ana, STAGE) == 0


def test_the_ranked_queue_is_the_latest_order(ranked):
    assert next_for(ranked.ana, STAGE, limit=50, order="ranked") == order_of(ranked)
    assert next_for(ranked.ben, STAGE, limit=50, order="ranked") == order_of(ranked)


def test_by_title_and_newest_are_sorted(ranked):
    source = ranked.project.sources.first()
    more = b"".join(
        f"TY  - JOUR\nTI  - {title}\nAU  - Late, A.\nPY  - {year}\nAB  - About it.\nER  - \n\n".encode()
        for title, year in (("Aardvarks", 2024), ("Zebras", 2025), ("Middle", 2019))
    )
    import_file(ranked, source, more, name="more.ris")
    while write_cards(ranked.project):
        pass
    report = {one.pk: one for one in Report.objects.filter(project=ranked.project)}
    by_title = [report[pk].title_key for pk in next_for(ranked.ana, STAGE, limit=50, order="title")]
    assert by_title == sorted(by_title) and len(by_title) == 29
    newest = [(-report[pk].year, report[pk].title_key) for pk in next_for(ranked.ana, STAGE, limit=50, order="newest")]
    assert newest == sorted(newest) and len(newest) == 29


def test_random_is_fixed_per_person_and_differs_between_people(ranked):
    one, again = (next_for(ranked.ana, STAGE, limit=50, order="random") for _ in range(2))
    assert one == again and set(one) == set(next_for(ranked.ben, STAGE, limit=50, order="random"))


def test_without_an_order_learnt_everybody_has_the_projects_random_one(team):
    """So that a pair settles titles soon, and there is something to learn from."""
    with_titles(team, 4, 8)
    assert next_for(team.ana, STAGE, limit=20, order="ranked") == next_for(team.ben, STAGE, limit=20, order="ranked")


def test_what_came_after_the_fit_comes_at_the_end(ranked):
    import_file(ranked, ranked.project.sources.first(), ris("A title that nobody ranked", start=90), name="late.ris")
    late = Report.objects.get(title="A title that nobody ranked")
    assert next_for(ranked.ana, STAGE, limit=50, order="ranked") == [*order_of(ranked), late.pk]


def test_an_order_for_all_is_everybodys_whatever_they_ask_for(ranked):
    actions.set_rule(by=ranked.coordinator, share=100, for_all=True, recall=95, confidence=95)
    for order in (None, *ORDERS):
        assert next_for(ranked.ana, STAGE, limit=50, order=order) == order_of(ranked)
    _, following = decide_and_offer(
        by=ranked.ana, report_id=order_of(ranked)[0], stage=STAGE, answer="exclude", decision_id=uuid4(), limit=3, order="title"
    )
    assert [one["id"] for one in following] == [str(pk) for pk in order_of(ranked)[1:4]]


@pytest.mark.parametrize(
    ("asked", "for_all", "used"),
    [(None, False, "random"), ("title", False, "title"), ("title", True, "ranked"), ("alphabet", False, "random"), ("", True, "ranked")],
)
def test_which_order_is_used(asked, for_all, used):
    assert order_used(asked, ranked_for_all=for_all) == used


def test_a_new_order_leaves_what_a_client_holds_where_it_is(ranked, monkeypatch):
    held = [UUID(report["id"]) for report in offer(by=ranked.ana, stage=STAGE, limit=5, order="ranked")]
    others = [pk for pk in open_reports(ranked) if pk not in held]
    for pk in others[:6]:
        settle(ranked, Report.objects.get(pk=pk), "include")
    later = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr("screening.decisions.ranking.queries.timezone.now", lambda: later)
    fit_now(ranked)
    _, more = decide_and_offer(
        by=ranked.ana, report_id=held[0], stage=STAGE, answer="exclude", decision_id=uuid4(), limit=20, without=held[1:], order="ranked"
    )
    assert not {UUID(report["id"]) for report in more} & set(held)
    assert len(more) == 26 - 6 - 5


def test_full_seats_are_passed_over_and_come_back_when_they_are_free(ranked):
    first = order_of(ranked)[0]
    until = timezone.now() + timedelta(minutes=5)
    for member in (ranked.ben, ranked.observer):
        Seat.objects.update_or_create(report_id=first, stage=STAGE, member=member, defaults={"lease_until": until})
    assert first not in next_for(ranked.ana, STAGE, limit=50, order="ranked")
    Seat.objects.filter(report_id=first).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert next_for(ranked.ana, STAGE, limit=50, order="ranked")[0] == first


def test_what_was_taken_back_is_offered_again_at_its_place(ranked):
    first, second = order_of(ranked)[:2]
    decide(ranked.ana, Report.objects.get(pk=first), "exclude")
    _, found = decide_and_offer(
        by=ranked.ana, report_id=second, stage=STAGE, answer="exclude", decision_id=uuid4(), limit=3, order="ranked"
    )
    assert str(first) not in [one["id"] for one in found]
    _, found = decide_and_offer(by=ranked.ana, report_id=first, stage=STAGE, answer=None, decision_id=uuid4(), limit=3, order="ranked")
    assert found[0]["id"] == str(first)


def test_how_far_walks_came_is_bounded_in_memory():
    far = Reached()
    for n in range(Reached.MOST + 10):
        far.keep((uuid4(), STAGE, "title", n), ["a"])
    assert len(far._at) == Reached.MOST


def test_a_place_reached_in_an_older_order_is_none(ranked, monkeypatch):
    walked(ranked.ana, "ranked", n=3)
    reached.keep((ranked.ana.pk, STAGE, "ranked", hash(0)), ["1", "20"])
    for pk in order_of(ranked)[20:24]:
        settle(ranked, Report.objects.get(pk=pk), "include")
    later = timezone.now() + timedelta(seconds=30)
    monkeypatch.setattr("screening.decisions.ranking.queries.timezone.now", lambda: later)
    fit_now(ranked)
    first = order_of(ranked)[0]
    _, found = decide_and_offer(
        by=ranked.ana, report_id=order_of(ranked)[5], stage=STAGE, answer="exclude", decision_id=uuid4(), limit=2, order="ranked"
    )
    assert found[0]["id"] == str(first)


def test_the_queue_says_which_orders_there_are(ranked):
    client = Client()
    client.force_login(ranked.ana.user)
    address = f"/api/v1/projects/{ranked.project.slug}/queue/{STAGE}/"
    for order in ORDERS:
        assert client.get(f"{address}?order={order}&n=3").status_code == 200
    wrong = client.get(f"{address}?order=alphabet")
    assert wrong.status_code == 400 and "ranked, random, newest, title" in wrong.content.decode()
    answer = client.get(f"{address}?order=ranked&n=3").json()["results"]
    assert [one["id"] for one in answer] == [str(pk) for pk in order_of(ranked)[:3]]


def test_no_order_sorts_everything(ranked):
    """Each walk can go along an index: nothing is sorted by the order's keys. (A few rows the planner may sort all the same.)"""
    from screening.decisions.queue import statements

    arguments = {
        "project": ranked.project.pk,
        "stage": STAGE,
        "member": ranked.ana.pk,
        "without": [],
        "limit": 20,
        "required": 2,
        "from": None,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off")
        for order, text in statements.WALKS.items():
            whole = text.replace(statements.POLICY_HERE, "true").replace(statements.AMONG_HERE, "")
            cursor.execute(f"EXPLAIN {whole}", arguments)
            plan = "\n".join(itertools.chain.from_iterable(cursor.fetchall()))
            sorted_by = " ".join(line for line in plan.splitlines() if "Sort Key" in line)
            assert not any(key in sorted_by for key in ("position", "title_key", "newest", "random_key")), f"{order}:\n{plan}"


def test_what_a_member_has_decided_is_looked_up_report_by_report(ranked):
    """A plan is made once, often while nobody has decided anything: one that reads all they decided slows down with each decision."""
    from screening.decisions.queue import statements

    arguments = {"project": ranked.project.pk, "stage": STAGE, "member": ranked.ana.pk, "without": [], "limit": 20}
    arguments |= {"stopped": 0, "start": 0}
    whole = statements.NEXT_ONWARDS.replace(statements.POLICY_HERE, "true").replace(statements.AMONG_HERE, "")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE screening_standing, screening_revelation")
        cursor.execute(f"EXPLAIN {whole}", arguments)
        plan = "\n".join(itertools.chain.from_iterable(cursor.fetchall()))
    assert "Anti Join" not in plan and "Materialize" not in plan and "hashed" not in plan, plan

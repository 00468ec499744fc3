"""Every number opens exactly its list: of every equation and of every split, now and then, on the page and over HTTP."""

import re
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from extraction.forms.actions import save_extraction
from screening.flow.equations import identities
from screening.flow.lists import paging
from screening.flow.lists.looking import open_list, reading
from screening.flow.lists.opening import NoSuchPart
from screening.flow.past import looking
from screening.flow.past.looking import server_time
from screening.flow.rules import LISTS, RECORD_BOXES, REVIEWS
from screening.fulltext.actions import record_retrieval
from screening.fulltext.reviews.actions import same_review, stands_alone
from screening.fulltext.worksheet.actions import Answered, assess
from screening.projects import jobs
from screening.projects.models import Job
from screening.protocol import actions as protocol
from screening.references import actions as references
from screening.references.models import Record, Report
from tests.cast import PASSWORD, add_source, decide, import_file
from tests.flow.histories import ris_of


@pytest.fixture
def review(team):
    """Five sources that share records, a join and a part, maybes, conflicts, two versions, two questions, reasons of one name."""
    effects, lived = (protocol.save_question(by=team.coordinator, label=label, text=f"{label}?") for label in ("Effects", "Lived"))
    fits = protocol.save_criterion(by=team.coordinator, values={"label": "Fits", "text": "Fits.", "scope": "question"})
    peers = protocol.save_criterion(by=team.coordinator, values={"label": "No peers", "text": "One."})
    protocol.record_version(by=team.coordinator)
    embase = add_source(team, "Embase")
    import_file(team, add_source(team), ris_of([5, 1, 4, 2, 0]))
    later = import_file(team, embase, ris_of([2, 6, 0]))
    import_file(team, add_source(team, "Registry", "register"), ris_of([7, 1]))
    import_file(team, add_source(team, "A website", "website"), ris_of([3, 1]))
    add_source(team, "Nothing yet")
    references.declare_removed(by=team.coordinator, source=embase, kind="duplicates", n=4, where="In EndNote", who="Ana")
    found = {one.title.split()[-1][0]: one for one in Report.objects.filter(project=team.project)}
    references.remove_reports(by=team.coordinator, report_ids=[found["h"].pk], kind="automation", reason="A letter.")
    for letter in "abef":
        for member in (team.ana, team.ben):
            decide(member, found[letter], "maybe" if letter == "e" else "include")
    decide(team.ana, found["c"], "include")
    decide(team.ben, found["c"], "exclude")
    for letter in "abdef":
        record_retrieval(by=team.ana, report_id=found[letter].pk, status="not_retrieved" if letter == "f" else "retrieved", detail="Asked.")

    def said(letter, answer, *fitting, peer="yes", of=(team.ana, team.ben)):
        for member in of:
            answers = [Answered(str(peers.pk), None, peer)]
            answers += [Answered(str(fits.pk), str(q.pk), "yes" if q in fitting else "no") for q in (effects, lived)]
            assess(by=member, report_id=found[letter].pk, answer=answer, decision_id=uuid4(), answered=answers)

    said("a", "include", effects, lived)
    said("e", "include", lived)
    said("d", "exclude", lived, peer="no")
    said("b", "include", effects, of=[team.ana])
    said("b", "exclude", of=[team.ben])
    # A second version, under which another criterion of the same name excludes.
    again = protocol.save_criterion(by=team.coordinator, values={"label": "No peers", "text": "Another."})
    protocol.record_version(by=team.coordinator, amendment="One more, which was missed.")
    record = Record.objects.filter(import_run=later, placement__report=found["c"]).get()
    references.split_record(by=team.coordinator, record=record, reason="Another paper.")
    import_file(team, add_source(team, "Citations", "citation"), ris_of([4]))
    same_review(by=team.ana, report=found["a"], other=found["e"])
    return {"found": found, "again": again, "effects": effects, "lived": lived, "peers": peers}


def numbers(read) -> list[tuple[str, int, str, str]]:
    """(what, number, box, part) of every number of the equations and the splits."""
    found = []
    for one in identities(read.counts):
        found.append((one.words, one.left, one.box, ""))
        found += [(f"{one.words}: {term.words}", term.n, term.box, term.part) for term in one.terms]
    for table in read.tables():
        for place, row in enumerate(table.rows):
            found.append((f"{table.key} {row}: all", table.all[place], table.all_boxes[place], ""))
            for group in table.groups:
                found.append((f"{table.key} {row}: {group.label}", group.figures[place], table.boxes[place], group.parts[place]))
    return found


def rows_of(opened, size: int = 2) -> list:
    """Every row of a list, page by page."""
    rows, after = [], ""
    while True:
        page = opened.turn(after, "", size)
        rows += page.rows
        after = page.after
        if not after:
            return rows


def key_of(row) -> tuple:
    return tuple(one.pk for one in row.reports) if hasattr(row, "reports") else (row.pk,)


def opened_wrongly(read) -> list[str]:
    wrong = []
    for what, n, box, part in numbers(read):
        if not box:
            continue
        found = read.open(box, part)
        keys = [key_of(row) for row in rows_of(found)]
        if not (found.n == n and len(keys) == len(set(keys)) == n - found.without_list):
            wrong.append(f"{what} ({box} {part}): {n}, opened {found.n} with {len(keys)} rows, {found.without_list} without list")
    return wrong


def plain(read) -> dict:
    """Every list of every number, row by row."""
    return {(box, part): [key_of(row) for row in rows_of(read.open(box, part))] for _what, n, box, part in numbers(read) if box and n}


def test_every_number_opens_exactly_its_list(team, review):
    with reading(team.project, None) as read:
        found = numbers(read)
        assert opened_wrongly(read) == []
    assert set(LISTS) >= {box for _what, _n, box, _part in found if box and box not in RECORD_BOXES and box != REVIEWS}
    said = {what: n for what, n, _box, _part in found}
    assert said["question included: Effects"] == 1 and said["question reports: Lived"] == 2
    assert said["question settled: all"] == 3 and said["question not_eligible: Effects"] == 2
    assert said["Reports included: from databases and registers"] == 2
    assert len(found) > 80 and sum(n > 0 for _what, n, _box, _part in found) > 40
    # What has no list says so: none here but what nothing is in.
    assert [what for what, n, box, _part in found if n and not box] == []


def test_a_review_of_two_reports_is_one_line(team, review):
    with open_list(team.project, REVIEWS, "", None) as found:
        (line,) = rows_of(found)
        assert found.n == 1 and [one.pk for one in line.reports] == [review["found"]["a"].pk, review["found"]["e"].pk]
    stands_alone(by=team.ana, report=review["found"]["e"])
    with open_list(team.project, REVIEWS, f"question:{review['lived'].pk}", None) as found:
        assert found.n == 2 == len(rows_of(found))
        first = found.turn("", "", 1)
        second = found.turn(first.after, "", 1)
        assert second.before and key_of(found.turn("", second.before, 1).rows[0]) == key_of(first.rows[0])


def test_criteria_of_one_name_are_one_reason_and_one_list(team, review):
    report = review["found"]["b"]
    for member in (team.ben, team.ana):
        answers = [Answered(str(review["peers"].pk), None, "yes"), Answered(str(review["again"].pk), None, "no")]
        assess(by=member, report_id=report.pk, answer="exclude", decision_id=uuid4(), answered=answers)
    both = {(report.pk,), (review["found"]["d"].pk,)}
    with reading(team.project, None) as read:
        for criterion in (review["peers"], review["again"]):
            found = read.open("excluded_reports", str(criterion.pk))
            assert [(one.name, one.n) for one in found.parts] == [("No peers", 2)]
            assert found.n == 2 and {key_of(row) for row in rows_of(found)} == both
        assert read.counts.reasons == {"databases": {"No peers": 1}, "other": {"No peers": 1}}
        assert read.open("excluded_reports", "none").n == 0


def test_the_same_then_and_after_all_that_came_since(team, review, monkeypatch):
    save_extraction(by=team.ana, review=stands_alone(by=team.ana, report=review["found"]["e"]), values={"peer_type": "both"})
    with reading(team.project, None) as read:
        now, lists = numbers(read), plain(read)
    assert any(what.startswith("peer_work") for what, *_rest in now)
    moment = server_time()
    # Much is undone afterwards.
    decide(team.ana, review["found"]["g"], "exclude")
    decide(team.ben, review["found"]["g"], "exclude")
    same_review(by=team.ana, report=review["found"]["a"], other=review["found"]["e"])
    references.put_back(by=team.coordinator, report_ids=[review["found"]["h"].pk], reason="It is one.")
    import_file(team, add_source(team, "PsycINFO"), ris_of([5, 6]))
    with reading(team.project, moment) as read:
        assert numbers(read) == now and plain(read) == lists
    with reading(team.project, None) as read:
        assert numbers(read) != now
    monkeypatch.setattr(looking, "AT_ONCE", 1)
    job = looking.ask(by=team.observer, at=moment)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    with reading(team.project, moment) as read:
        assert numbers(read) == now and plain(read) == lists
        with pytest.raises(NoSuchPart):
            read.open("records_screened", "source:nobody")
        assert read.open("records_screened", "source:nothing-yet").n == 0


LINK = re.compile(r'<a href="([^"]*/flow/[a-z_]+/[^"]*)"><?(?:span class="num">)?([\d,]+)<')


@pytest.mark.parametrize("then", [False, True])
def test_the_links_of_both_pages_lead_to_as_many_rows(client, team, review, then):
    client.login(username=team.working_group.user.email, password=PASSWORD)
    at = {"at": timezone.now().isoformat()} if then else {}
    for name, least in (("identities", 20), ("split", 25)):
        page = client.get(reverse(f"flow:{name}", args=[team.project.slug]), at)
        links = {(unescape(url), int(n.replace(",", ""))) for url, n in LINK.findall(page.content.decode())}
        assert len(links) >= least
        assert all(("at=" in url) is then for url, _n in links)
        # That all of them are right is known from below; each read of the past makes the day anew.
        for url, n in sorted(links)[:: 12 if then else 3]:
            context = client.get(url).context
            rows = next(context[key] for key in ("records", "reports", "reviews_here") if key in context)
            assert context["n"] == n == len(rows) + context["without_list"], url


def test_the_api_opens_the_same_parts(client, team, review, monkeypatch):
    # Begun from the few that may be in a list, as in a large review; elsewhere these lists are read on the way through all titles.
    monkeypatch.setattr(paging, "OFTEN", 101)
    client.login(username=team.observer.user.email, password=PASSWORD)

    def get(name, *args, **given):
        return client.get(reverse(f"flow-api:{name}", args=[team.project.slug, *args]), given)

    for table in get("split").json():
        for group in table["groups"]:
            for box, part, n in zip(table["boxes"], group["parts"], group["figures"], strict=True):
                body = get("box", box, part=part).json()
                assert body["n"] == n == len(body["results"]) and (body["part"] or {}).get("key", "") == part
    for one in get("flow").json()["identities"]:
        for term in (term for term in one["right"] if term["box"]):
            body = get("box", term["box"], part=term["part"]).json() if term["n"] else {"n": 0}
            assert body["n"] == term["n"]
    unknown = get("box", "dbr_excluded", part="nonsense")
    assert unknown.status_code == 404 and unknown.json()["detail"] == "This number has no such part."
    for box, part in (("records_screened", f"question:{review['lived'].pk}"), ("duplicates", "embase"), ("new_reports", "question:x")):
        assert get("box", box, part=part).status_code == 404
    (entry,) = get("box", REVIEWS).json()["results"]
    assert len(entry["reports"]) == 2 and entry["id"] != entry["report"]
    assert get("split", at=server_time().isoformat()).json() == get("split").json()
    assert get("split", at="soon").status_code in (400, 409, 422)


def test_a_part_that_is_none_is_said_so_and_the_whole_is_shown(client, team, review):
    client.login(username=team.observer.user.email, password=PASSWORD)
    page = client.get(reverse("flow:box", args=[team.project.slug, "records_screened"]), {"part": "source:nobody"})
    assert "no such part. Here is all of it." in page.content.decode() and page.context["n"] == len(page.context["reports"]) > 3
    assert client.get(reverse("flow:box", args=[team.project.slug, "nothing"])).status_code == 404


class TestFiles:
    @pytest.fixture
    def take(self, client, team):
        def ask(box, who=None, method="get", **given):
            client.login(username=(who or team.ana).user.email, password=PASSWORD)
            return getattr(client, method)(reverse("flow:list-file", args=[team.project.slug, box]), {"format": "csv", **given})

        return ask

    def test_a_list_as_a_file_has_an_entry_for_each_row(self, take, team, review):
        text = take("sought_reports", part="source:medline").content.decode()
        assert text.count(".1234/w.") >= 3 and "Peer support study number aaaaa" in text and "MEDLINE" in text
        records = take("records_identified", part="embase", format="ris").content.decode()
        assert records.count("TY  - ") == 3
        assert take(REVIEWS, format="bib").content.decode().count("@") == 2

    def test_of_then_too_and_of_nothing_that_is_not_there(self, take, team, review):
        then = server_time().isoformat()
        references.put_back(by=team.coordinator, report_ids=[review["found"]["h"].pk], reason="It is one.")
        assert take("excluded_automatic", at=then, format="ris").content.decode().count("TY  - ") == 1
        assert take("excluded_automatic", format="ris").content.decode().count("TY  - ") == 0
        assert take("records_screened", format="pdf").status_code == 404
        assert take("records_screened", part="source:nobody").status_code == 404
        assert take("records_screened", at="soon").status_code == 302

    def test_a_long_one_is_made_in_the_background_for_whoever_asked(self, take, client, team, review, monkeypatch):
        monkeypatch.setattr("screening.flow.lists.files.AT_ONCE", 1)
        assert take("records_screened").status_code == 302 and not Job.objects.filter(kind="flow_list").exists()
        assert take("records_screened", method="post", part="source:medline").status_code == 302
        job = Job.objects.get(kind="flow_list")
        jobs.run(str(job.pk))
        files = reverse("flow:files", args=[team.project.slug])
        assert "CSV: Records screened or waiting to be" in client.get(files).content.decode()
        made = reverse("flow:made-file", args=[team.project.slug, job.pk])
        assert b"".join(client.get(made)).decode().count("Peer support study") == 5
        client.login(username=team.ben.user.email, password=PASSWORD)
        assert client.get(made).status_code == 404

    def test_exports_are_for_those_who_may_make_them(self, take, client, team, review):
        assert take("records_screened", who=team.observer).status_code == 403
        page = client.get(reverse("flow:box", args=[team.project.slug, "records_screened"])).content.decode()
        assert "This list as a file" in page and "format=csv" not in page


def test_an_answer_nobody_else_may_know_changes_no_page(client, team, review):
    """A first answer on a title moves nothing: no number, no list, no split, now or then."""

    def seen() -> list[str]:
        client.login(username=team.observer.user.email, password=PASSWORD)
        pages = [client.get(reverse(f"flow:{name}", args=[team.project.slug])).content.decode() for name in ("identities", "split")]
        for box in LISTS:
            pages.append(client.get(reverse("flow-api:box", args=[team.project.slug, box])).content.decode())
        return [re.sub(r"[A-Za-z0-9]{64}", "csrf", page) for page in pages]

    before = seen()
    decide(team.ana, review["found"]["g"], "exclude")
    assert seen() == before
    assert "conflict" not in "".join(before).lower()
    at = server_time().isoformat()
    page = client.get(reverse("flow:identities", args=[team.project.slug]), {"at": at})
    assert "conflict, is not told of the past" in " ".join(page.content.decode().split())
    client.login(username=team.adjudicator.user.email, password=PASSWORD)
    page = client.get(reverse("flow:identities", args=[team.project.slug]), {"at": at}).content.decode()
    assert "wait for you to settle" not in page

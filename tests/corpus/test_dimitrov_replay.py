"""A published screening replayed over HTTP by three accounts, from sign-up to the PRISMA file.

The third reviewer coordinates and rules; the other two screen. Every answer is the published one, sent in the order of
its file; every number and every list behind a number must come out as published.
"""

import csv
import io
import json
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.core.management import call_command

from screening.references.formats import read
from tests.corpus import dimitrov
from tests.corpus.accounts import Account
from tests.shared import needs_shared
from tests.worker import PATIENCE

pytestmark = [needs_shared, pytest.mark.corpus, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TITLES, TEXTS = "title_abstract", "full_text"

# Every box that is not 0 at the end.
BOXES = {
    "records_identified": 1498, "database_results": 1498, "records_screened": 1498, "records_excluded": 1482,
    "dbr_sought_reports": 16, "dbr_notretrieved_reports": 1, "dbr_assessed": 15, "dbr_excluded": 9, "dbr_included": 6,
    "other_identified": 3, "citations_results": 3, "other_sought_reports": 3, "other_assessed": 3, "other_excluded": 2,
    "other_included": 1, "new_reports": 7, "new_studies": 7, "total_reports": 7, "total_studies": 7,
}  # fmt: skip
REASONS = {"databases": {"Not SNHL only": 7, "Wrong age cohort": 2}, "other": {"Not SNHL only": 2}}
# Numbers with no list of their own: what other tools removed is declared, an earlier version's are not here, and totals add columns.
WITHOUT_LIST = {"excluded_automatic", "excluded_other"}
WITHOUT_LIST |= {f"{which}_{what}" for which in ("previous", "withdrawn", "total") for what in ("studies", "reports")}


@dataclass
class Replay:
    """The three people, their project, and which report is which ID."""

    third: Account
    reviewers: dict[str, Account]
    root: str
    reasons: dict[str, str] = field(default_factory=dict)
    reports: dict[int, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def report_of(self, text: dimitrov.FullText) -> str:
        return self.reports[text.id] if text.id else self.elsewhere[text.title]

    def ids(self, reports: list[str]) -> set[int]:
        numbers = {report: n for n, report in self.reports.items()}
        return {numbers[report] for report in reports}


@pytest.fixture
def replay(site, worker):
    """Three people sign up; the third makes the project and invites the two, who follow their links."""
    third = Account(site, "Third Reviewer")
    project = third.post("projects/", {"title": "Data-driven subtypes of hearing loss", "roles": ["adjudicator"]})
    root = f"projects/{project['slug']}"
    reviewers = {}
    for reviewer in dimitrov.REVIEWERS:
        reviewers[reviewer] = account = Account(site, f"Reviewer {reviewer}")
        invitation = third.post(f"{root}/invitations/", {"email": account.email, "roles": ["reviewer"]})
        account.submit(urlsplit(invitation["link"]).path, {}, expect=302)
    yield Replay(third, reviewers, root)
    for account in (third, *reviewers.values()):
        account.close()


def test_the_published_screening_comes_out_as_published(replay):
    write_the_protocol(replay)
    import_the_set(replay)
    screen_titles(replay)
    rule_on_titles(replay)
    check_agreement(replay)
    add_those_from_elsewhere(replay)
    assess_full_texts(replay)
    check_boxes(replay)
    check_lists(replay)
    check_the_prisma_file(replay)
    check_the_commands(replay)


def write_the_protocol(replay: Replay) -> None:
    for reason in dimitrov.REASONS:
        made = replay.third.post(f"{replay.root}/criteria/", {"label": reason, "text": dimitrov.CRITERIA[reason]})
        replay.reasons[reason] = made["id"]
    replay.third.post(f"{replay.root}/protocol/versions/")


def import_file(replay: Replay, source: dict[str, str], filename: str, content: bytes) -> dict[str, Any]:
    """Describe a source, upload its file, and wait for the worker. Gives the import as it ended."""
    described = replay.third.post(f"{replay.root}/sources/", source)
    sent = replay.third.upload(f"{replay.root}/imports/", {"source": described["slug"]}, filename, content)
    return ended(replay.third, f"{replay.root}/imports/{sent['results'][0]['id']}/")


def ended(account: Account, path: str) -> dict[str, Any]:
    """The import once the worker is through with it."""
    until = time.monotonic() + PATIENCE
    while (imported := account.get(path))["state"] == "reading":
        assert time.monotonic() < until, imported
        time.sleep(0.2)
    return imported


def key(title: str, doi: str) -> tuple[str, str]:
    return dimitrov.letters(title), doi.lower()


def import_the_set(replay: Replay) -> None:
    """1,498 records, none lost. Eight are a report that is there already; the published team screened them apart, so they part them."""
    source = {"name": "Eight searches, deduplicated", "kind": "database", "hits": 1498}
    imported = import_file(replay, source, "all_results_deduplicated.csv", dimitrov.deduplicated())
    assert (imported["state"], imported["tally"]["read"], imported["tally"]["not_read"]) == ("completed", 1498, 0)
    assert imported["tally"]["duplicates"] == len(dimitrov.SAME_REPORT)

    keys = {record.ordinal: key(record.title, record.doi) for record in read(dimitrov.deduplicated()).records}
    listed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for report in replay.third.every(f"{replay.root}/reports/"):
        listed[key(report["title"], report["doi"])].append(report["id"])
    for later, earlier in dimitrov.SAME_REPORT.items():
        part(replay, later, earlier, listed[keys[earlier]].pop())
    for n in keys.keys() - replay.reports.keys():
        # Rows alike in everything (repositories without a DOI) are alike in their answers too: any one will do.
        replay.reports[n] = listed[keys[n]].pop()
    assert not any(listed.values())
    assert len(set(replay.reports.values())) == 1498


def part(replay: Replay, later: int, earlier: int, report: str) -> None:
    records = {record["ordinal"]: record for record in replay.third.get(f"{replay.root}/reports/{report}/")["records"]}
    assert set(records) == {later, earlier}
    assert records[later]["certainty"] == "certain"
    new = replay.third.post(f"{replay.root}/records/{records[later]['id']}/split/", {"reason": "Screened apart by the published team."})
    assert [record["ordinal"] for record in new["records"]] == [later]
    replay.reports[earlier], replay.reports[later] = report, new["id"]


def decide(account: Account, replay: Replay, report: str, stage: str, answer: str, **more: Any) -> dict[str, Any]:
    sent = {"id": str(uuid4()), "report": report, "stage": stage, "answer": answer, **more}
    return account.post(f"{replay.root}/decisions/", sent, expect=201)["decision"]


def screen_titles(replay: Replay) -> None:
    """Both at the same time, as people do; one from the first row down, the other from the last row up."""
    with ThreadPoolExecutor(len(dimitrov.REVIEWERS)) as both:
        list(both.map(lambda reviewer: screen_as(replay, reviewer), dimitrov.REVIEWERS))


def screen_as(replay: Replay, reviewer: str) -> None:
    account, notes = replay.reviewers[reviewer], dimitrov.notes(reviewer)
    answers = list(dimitrov.answers(reviewer).items())
    for n, answer in answers if reviewer == "LB" else reversed(answers):
        decide(account, replay, replay.reports[n], TITLES, answer, note=notes.get(n, ""))
    waiting = account.get(f"{replay.root}/queue/{TITLES}/")
    assert (waiting["results"], waiting["left"]) == ([], 0)


def rule(replay: Replay, report: str, stage: str, outcome: str) -> None:
    """Be shown the two answers, then settle on exactly those."""
    shown = replay.third.post(f"{replay.root}/conflicts/{stage}/{report}/reveal/")["decisions"]
    assert Counter(decision["answer"] for decision in shown) == {"include": 1, "exclude": 1}
    ruling = {"report": report, "stage": stage, "outcome": outcome, "why": "As published.", "on": [decision["id"] for decision in shown]}
    assert replay.third.post(f"{replay.root}/resolutions/", {"id": str(uuid4()), **ruling})["outcome"] == outcome


def conflicts(replay: Replay) -> set[int]:
    return replay.ids([conflict["report"] for conflict in replay.third.every(f"{replay.root}/conflicts/")])


def rule_on_titles(replay: Replay) -> None:
    """Six stand beside the boxes until they are ruled on; then sixteen go on."""
    before = replay.third.get(f"{replay.root}/flow/")["boxes"]
    assert (before["title_open"], before["records_excluded"], before["dbr_sought_reports"]) == (6, 1478, 14)
    assert conflicts(replay) == {16, 43, 59, 82, 159, 365}
    for n, outcome in dimitrov.rulings().items():
        rule(replay, replay.reports[n], TITLES, outcome)
    assert conflicts(replay) == set()
    after = replay.third.get(f"{replay.root}/flow/")["boxes"]
    assert (after["title_open"], after["records_excluded"], after["dbr_sought_reports"]) == (0, 1482, 16)


def check_agreement(replay: Replay) -> None:
    """17 includes each and the published kappa, from what each reviewer reads back of their own decisions."""
    said = {}
    for reviewer, account in replay.reviewers.items():
        said[reviewer] = {decision["report"]: decision["answer"] for decision in account.every(f"{replay.root}/decisions/", stage=TITLES)}
    first, second = said.values()
    assert set(first) == set(second) == set(replay.reports.values())
    published = dimitrov.expected()
    assert [list(answers.values()).count("include") for answers in (first, second)] == published["reviewer_includes"]
    assert round(dimitrov.kappa((first[report], second[report]) for report in first), 4) == published["kappa_published_and_reproduced"]
    settled = replay.third.get(f"{replay.root}/decisions/", report=replay.reports[82], stage=TITLES)["results"]
    assert {decision["who"]: decision["answer"] for decision in settled} == {"Reviewer LB": "include", "Reviewer LD": "exclude"}


def add_those_from_elsewhere(replay: Replay) -> None:
    source = {"name": "Reference lists", "kind": "citation"}
    imported = import_file(replay, source, "from_elsewhere.csv", dimitrov.from_elsewhere())
    assert (imported["tally"]["read"], imported["tally"]["duplicates"]) == (3, 0)
    listed = replay.third.every(f"{replay.root}/reports/", source=imported["source"])
    replay.elsewhere = {report["title"]: report["id"] for report in listed}
    assert set(replay.elsewhere) == {text.title for text in dimitrov.full_texts() if text.id is None}


def assess_full_texts(replay: Replay) -> None:
    first = replay.reviewers["LB"]
    missing = {"reports": [replay.reports[43]], "status": "not_retrieved", "detail": "Not among the published full texts."}
    assert first.post(f"{replay.root}/retrievals/", missing)["recorded"] == 1
    obtained = {"reports": [replay.report_of(text) for text in dimitrov.full_texts()], "status": "retrieved"}
    assert first.post(f"{replay.root}/retrievals/", obtained) == {"recorded": 18, "refusals": []}
    for text in dimitrov.full_texts():
        report = replay.report_of(text)
        for reviewer, account in replay.reviewers.items():
            failed = [replay.reasons[reason] for reason in text.failed(reviewer)]
            decide(account, replay, report, TEXTS, text.decisions[reviewer], failed=failed, note=text.comments[reviewer])
        if text.is_conflict:
            assert conflicts(replay) == {3} == {text.id}
            rule(replay, report, TEXTS, text.final)
    assert conflicts(replay) == set()


def check_boxes(replay: Replay) -> None:
    flow = replay.third.get(f"{replay.root}/flow/")
    assert {box: n for box, n in flow["boxes"].items() if n} == BOXES
    reasons = {column: {reason["label"]: reason["n"] for reason in found} for column, found in flow["reasons"].items()}
    assert reasons == REASONS
    assert flow["included_reviews"] == 7
    assert len(flow["identities"]) >= 10
    assert all(equation["holds"] for equation in flow["identities"])
    assert json.loads(replay.third.page(f"{page_of(replay)}/flow/prisma.json"))["boxes"] == flow["boxes"]


def page_of(replay: Replay) -> str:
    return f"/p/{replay.root.partition('/')[2]}"


def lists_of(replay: Replay) -> dict[str, set[str]]:
    """What must stand behind each box: the reports themselves, from the published files. A box that is not here is empty."""
    everything, elsewhere = set(replay.reports.values()), set(replay.elsewhere.values())
    went_on = {replay.reports[text.id] for text in dimitrov.full_texts() if text.id} | {replay.reports[43]}
    found: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for text in dimitrov.full_texts():
        found[bool(text.id), text.final].add(replay.report_of(text))
    included = found[True, "include"] | found[False, "include"]
    return {
        "records_identified": everything, "database_results": everything, "records_screened": everything,
        "records_excluded": everything - went_on, "dbr_sought_reports": went_on, "dbr_notretrieved_reports": {replay.reports[43]},
        "dbr_assessed": went_on - {replay.reports[43]}, "dbr_excluded": found[True, "exclude"], "dbr_included": found[True, "include"],
        "other_identified": elsewhere, "citations_results": elsewhere, "other_sought_reports": elsewhere, "other_assessed": elsewhere,
        "other_excluded": found[False, "exclude"], "other_included": found[False, "include"],
        "new_reports": included, "new_studies": included,
    }  # fmt: skip


def check_lists(replay: Replay) -> None:
    """Behind each number exactly those reports, read to the end; and each full text excluded for its published reason."""
    wanted = lists_of(replay)
    boxes = replay.third.get(f"{replay.root}/flow/")["boxes"]
    for box in boxes.keys() - WITHOUT_LIST:
        entries = replay.third.every(f"{replay.root}/flow/{box}/")
        assert len(entries) == len({entry["id"] for entry in entries}) == boxes[box], box
        assert {entry["report"] for entry in entries} == wanted.get(box, set()), box
    for text in dimitrov.full_texts():
        stands = replay.third.get(f"{replay.root}/reports/{replay.report_of(text)}/")["stands"]
        assert (stands["key"], stands["reason"]) == (f"{text.final}d", text.reason)


def check_the_prisma_file(replay: Replay) -> None:
    """The file of the PRISMA2020 package: every row's number, and the reasons in its own notation."""
    written = replay.third.page(f"{page_of(replay)}/flow/prisma.csv")
    rows = {row["data"]: row["n"] for row in csv.DictReader(io.StringIO(written)) if row["data"] != "NA"}
    assert rows["dbr_excluded"] == "Not SNHL only, 7; Wrong age cohort, 2"
    assert rows["other_excluded"] == "Not SNHL only, 2"
    assert rows["database_specific_results"] == "Eight searches deduplicated, 1498"
    counted = {name: int(n) for name, n in rows.items() if n.isdecimal() and int(n)}
    assert counted == {name: n for name, n in BOXES.items() if name in rows and name not in ("dbr_excluded", "other_excluded")}
    assert len(counted) == 13


def check_the_commands(replay: Replay) -> None:
    """The counts on the command line are the API's, and no cache differs from the facts after all of it."""
    slug = replay.root.partition("/")[2]
    counted = json.loads(printed("prisma_counts", slug))
    assert {box: n for box, n in counted["boxes"].items() if n} == BOXES
    assert json.loads(printed("verify")) == {"projects": [{"project": slug, "differences": [], "broken": [], "lost_files": []}]}


def printed(command: str, *arguments: str) -> str:
    written = io.StringIO()
    call_command(command, *arguments, stdout=written)
    return written.getvalue()

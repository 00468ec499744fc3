"""Eight databases' own result files, imported through the API as eight sources: 2,695 records, none lost.

What was read is compared row by row with the columns that a person would take for title, authors and year.
"""

import csv
import io
import re
import time
from collections import Counter
from typing import Any

import pytest

from screening.references.dedupe.compare import Says, compare_dois
from screening.references.models import Join, Placement, Record, Report
from screening.references.rules import doi_key
from tests.corpus import dimitrov
from tests.corpus.accounts import Account
from tests.shared import needs_shared
from tests.worker import PATIENCE

pytestmark = [needs_shared, pytest.mark.corpus, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

FOLDER = dimitrov.FOLDER / "search_returns"
# File -> records as its authors report them, and the columns of title, authors and year.
RETURNS = {
    "medline": (859, "Title", "Authors", "Publication Year"),
    "psychinfo": (58, "TI", "AU", "YR"),
    "embase": (568, "TI", "AU", "SO"),
    "cinahl": (168, "artinfo/tig/atl", "artinfo/aug/au/0", "pubinfo/dt/_year"),
    "ieee": (93, "Document Title", "Authors", "Publication Year"),
    "scopus": (709, "Title", "Authors", "Year"),
    "github": (155, "title", "author", "date"),
    "base": (85, "title", "author", "year"),
}
REPEATED = {"base": 8}
# Certain by all else: one database gives a data set without its version.
JOINED_THOUGH_DOIS_DIFFER = {("10.17632/6mh8mpnbgv", "10.17632/6mh8mpnbgv.2")}


def rows(name: str) -> list[dict[str, str]]:
    """The file's rows by csv alone."""
    text = (FOLDER / f"{name}.csv").read_bytes().decode("utf-8-sig", "replace")
    return list(csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True))


def test_the_files_have_as_many_rows_as_reported():
    assert {name: len(rows(name)) for name in RETURNS} == {name: n for name, (n, *_) in RETURNS.items()}
    assert sum(n for n, *_ in RETURNS.values()) == dimitrov.expected()["raw_returns"] == 2695


@pytest.fixture
def coordinator(site, worker):
    account = Account(site, "Third Reviewer")
    yield account
    account.close()


def test_eight_sources_give_every_record(coordinator):
    root = f"projects/{coordinator.post('projects/', {'title': 'Eight searches'})['slug']}"
    imports = {name: upload(coordinator, root, name) for name in RETURNS}
    ended = {name: wait(coordinator, f"{root}/imports/{pk}/") for name, pk in imports.items()}

    for name, (n, *_) in RETURNS.items():
        tally = ended[name]["tally"]
        assert (name, ended[name]["state"], tally["read"], tally["not_read"]) == (name, "completed", n, 0)
        assert tally["new_reports"] + tally["duplicates"] == n
    given = {source["slug"]: source["records"] for source in coordinator.get(f"{root}/sources/")}
    # base.csv gives eight of its records twice, under one number: within one search each counts once.
    assert given == {name: n - REPEATED.get(name, 0) for name, (n, *_) in RETURNS.items()}
    count = coordinator.get(f"{root}/reports/")["count"]
    check_reports(count, {imports[name]: one["tally"]["new_reports"] for name, one in ended.items()})
    # Fewer than all: the same papers come from several databases. More than their own 1,498: what is likely waits.
    assert 1498 < count < 2695

    again = coordinator.upload(f"{root}/imports/", {"source": "medline"}, "once more.csv", (FOLDER / "medline.csv").read_bytes())
    assert [(one["id"], one["is_new"]) for one in again["results"]] == [(imports["medline"], False)]
    for name, pk in imports.items():
        check_fields(name, pk)
    check_joins()


def upload(coordinator: Account, root: str, name: str) -> str:
    """A source of this name and its file; the worker reads it meanwhile. Gives the import's id."""
    source = coordinator.post(f"{root}/sources/", {"name": name, "kind": "database", "hits": RETURNS[name][0]})
    assert source["slug"] == name
    (sent,) = coordinator.upload(f"{root}/imports/", {"source": name}, f"{name}.csv", (FOLDER / f"{name}.csv").read_bytes())["results"]
    assert (sent["is_new"], sent["refusal"]) == (True, "")
    return sent["id"]


def wait(coordinator: Account, path: str) -> dict[str, Any]:
    until = time.monotonic() + PATIENCE
    while (imported := coordinator.get(path))["state"] == "reading":
        assert time.monotonic() < until, imported
        time.sleep(0.3)
    return imported


def check_fields(name: str, import_id: str) -> None:
    """Row by row: the title is the title column's, there are authors where that column has any, the year stands in its column."""
    _, title, authors, year = RETURNS[name]
    records = list(Record.objects.filter(import_run=import_id).order_by("ordinal"))
    for row, record in zip(rows(name), records, strict=True):
        parsed, where = record.parsed, f"{name}, record {record.ordinal}"
        assert read_as(parsed["title"], row[title]), (where, parsed["title"], row[title])
        assert bool(parsed["authors"]) >= bool(row[authors].strip("{} ")), (where, row[authors])
        if parsed["year"] is not None:
            assert str(parsed["year"]) in row[year], (where, parsed["year"], row[year])
        else:
            assert not re.search(r"\b(19|20)\d\d\b", row[year]), (where, row[year])
        assert dimitrov.letters(parsed["title"])[:40] in plain(record.raw), where


def check_reports(count: int, new: dict[str, int]) -> None:
    """The reports of the list are those the imports founded, and those parted off later, less those left without a record.

    A later file may show that two reports of earlier ones are one, or that one is two: each such move is a fact of its own.
    """
    firsts = Join.objects.filter(certainty=Join.Certainty.FIRST)
    founded = Counter(str(pk) for pk in firsts.filter(replaces=None).values_list("record__import_run", flat=True))
    assert dict(founded) == new
    parted = firsts.exclude(replaces=None).count()
    made = set(firsts.values_list("report", flat=True))
    assert len(made) == firsts.count() == founded.total() + parted == Report.objects.count()
    standing = set(Placement.objects.values_list("report", flat=True))
    left = made - standing
    # Whatever stood behind a report that nothing stands behind any more was moved by a later fact.
    assert all(Join.objects.filter(replaces=join).exists() for join in Join.objects.filter(report__in=left))
    assert count == len(standing) == founded.total() + parted - len(left)


def plain(text: str) -> str:
    return dimitrov.letters(re.sub(r"\\\w+", "", text))


def read_as(title: str, cell: str) -> bool:
    """Whether a title is what its cell holds, apart from typesetting commands; one source adds "[References]" at the end."""
    mine, theirs = dimitrov.letters(title), plain(cell)
    return bool(mine) == bool(theirs) and theirs.startswith(mine) and len(theirs) - len(mine) <= len("references")


def check_joins() -> None:
    """Every record stands behind one report; each that was joined says why, and none has another DOI, save the one that is known."""
    assert Join.objects.filter(replaces=None).count() == Record.objects.count() == 2695
    differing = set()
    for join in Join.objects.filter(certainty=Join.Certainty.CERTAIN).select_related("record", "report"):
        assert join.reason
        mine, theirs = doi_key(join.record.parsed["doi"]), doi_key(join.report.doi)
        assert theirs == join.report.doi_key
        if compare_dois(mine, theirs) is Says.DIFFER:
            differing.add(tuple(sorted((mine, theirs))))
    assert differing == JOINED_THOUGH_DOIS_DIFFER

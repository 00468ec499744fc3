"""Eight databases' own result files, imported through the API as eight sources: 2,695 records, none lost.

What was read is compared row by row with the columns that a person would take for title, authors and year.
"""

import csv
import io
import re
import time
from typing import Any
from urllib.parse import unquote

import pytest

from screening.references.models import Join, Placement, Record
from tests.corpus import dimitrov
from tests.corpus.accounts import Account
from tests.shared import needs_shared

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
    new = sum(one["tally"]["new_reports"] for one in ended.values())
    # A later file may show that two reports of earlier ones are one, or that one is two: what counts stands in the placements.
    count = coordinator.get(f"{root}/reports/")["count"]
    assert count == Placement.objects.values("report").distinct().count() and abs(count - new) < 5
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
    until = time.monotonic() + 90
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


def plain(text: str) -> str:
    return dimitrov.letters(re.sub(r"\\\w+", "", text))


def read_as(title: str, cell: str) -> bool:
    """Whether a title is what its cell holds, apart from typesetting commands; one source adds "[References]" at the end."""
    mine, theirs = dimitrov.letters(title), plain(cell)
    return bool(mine) == bool(theirs) and theirs.startswith(mine) and len(theirs) - len(mine) <= len("references")


def check_joins() -> None:
    """Every record stands behind one report; each that was joined says why, and no two of them have different DOIs."""
    assert Join.objects.filter(replaces=None).count() == Record.objects.count() == 2695
    for join in Join.objects.filter(certainty=Join.Certainty.CERTAIN).select_related("record", "report"):
        assert join.reason
        mine, theirs = unquote(join.record.parsed["doi"]).lower(), unquote(join.report.doi_key)
        # One database cuts an old DOI short at its angle bracket.
        assert not mine or not theirs or mine.startswith(theirs) or theirs.startswith(mine), (mine, theirs)

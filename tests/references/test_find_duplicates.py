"""`manage.py find_duplicates`, as a person at a shell meets it: no database, JSON out, one sentence for a bad file."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.shell import said_by

HEADER = "id,title,author,year,journal,volume,number,pages,doi,abstract\n"
FIRST = 'a,Walking groups led by neighbours for loneliness,"Harrowgate, I and Quill, T",2018,Imaginary Health,12,3,241-256,,\n'
SECOND = 'b,WALKING GROUPS LED BY NEIGHBOURS FOR LONELINESS.,"Harrowgate I; Quill T",2018,Imag Health,12,,241-56,,\n'
ERRATUM = 'c,Erratum: Walking groups led by neighbours for loneliness,"Harrowgate, I",2019,Imaginary Health,13,1,2,,\n'
RIS = (
    "TY  - JOUR\nTI  - Walking groups led by neighbours for loneliness\nAU  - Quill, T\nAU  - Harrowgate, I\n"
    "PY  - 2018\nSP  - 241\nVL  - 12\nER  - \n"
)


def found_in(*files: Path) -> dict[str, Any]:
    """The same answer without a process of its own."""
    answer = io.StringIO()
    call_command("find_duplicates", *map(str, files), stdout=answer)
    return json.loads(answer.getvalue())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + FIRST + SECOND + ERRATUM, encoding="utf-8")
    return path


def test_groups_pairs_and_reasons_of_one_file(table: Path) -> None:
    done = said_by("find_duplicates", table)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert [sorted(group) for group in found["certain"]] == [["a", "b"]]
    assert found["likely"] == []
    assert [set(pair) & {"c"} for pair in found["versions"]] == [{"c"}]
    assert {reason["verdict"]: reason["reasons"] for reason in found["reasons"]} == {
        "certain": ["Same title. Authors, journal, volume, pages and year agree."],
        "versions": ["One is a correction of the other."],
    }
    assert found["files"] == [{"file": str(table), "read": 3, "not_read": 0}]
    assert found["records"] == 3


def test_records_without_an_id_of_their_own_are_named_by_file_and_place(table: Path, tmp_path: Path) -> None:
    ris = tmp_path / "other.ris"
    ris.write_text(RIS, encoding="utf-8")
    found = found_in(table, ris)
    assert [sorted(group) for group in found["certain"]] == [["a", "b", "other.ris:1"]]


def test_an_id_that_stands_twice_names_nothing(table: Path, tmp_path: Path) -> None:
    twice = tmp_path / "twice.csv"
    twice.write_text(HEADER + FIRST + SECOND.replace("b,", "a,", 1), encoding="utf-8")
    assert [sorted(group) for group in found_in(twice)["certain"]] == [["twice.csv:1", "twice.csv:2"]]
    assert ["mine.csv#2:1", "mine.csv#2:2", "mine.csv:1", "mine.csv:2"] in [sorted(group) for group in found_in(table, table)["certain"]]


def test_the_order_of_files_does_not_matter(table: Path, tmp_path: Path) -> None:
    ris = tmp_path / "other.ris"
    ris.write_text(RIS, encoding="utf-8")
    one, other = found_in(table, ris), found_in(ris, table)
    assert {**one, "files": 0} == {**other, "files": 0}


def test_seconds_and_memory_are_told_on_standard_error(table: Path) -> None:
    done = said_by("find_duplicates", "--stats", table)
    assert re.fullmatch(r"records=3 seconds=\d+\.\d{3} with_reading=\d+\.\d{3} peak_memory_mb=\d+\.\d\n", done.stderr)
    assert json.loads(done.stdout)["records"] == 3


@pytest.mark.parametrize("content", [b"", b"<html><body>Session expired</body></html>", b"%PDF-1.4", b"nothing to see here"])
def test_a_bad_file_is_refused_in_one_sentence(table: Path, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.ris"
    bad.write_bytes(content)
    with pytest.raises(CommandError, match=r"^bad\.ris: [^\n]+$"):
        found_in(table, bad)


def test_a_bad_file_ends_in_exit_code_1(table: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.ris"
    bad.write_bytes(b"")
    done = said_by("find_duplicates", table, bad)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("bad.ris: ")
    assert done.stderr.count("\n") == 1


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="cannot be opened"):
        found_in(Path("no such file.ris"))

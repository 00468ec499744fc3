"""`manage.py read_references`, as a person at a shell meets it: no database, JSON out, one sentence for a bad file."""

import json
import zipfile

import pytest

from tests.shell import said_by


@pytest.fixture
def ris(tmp_path):
    path = tmp_path / "mine.txt"
    text = "TY  - JOUR\nTI  - Étude &amp; suite\nAU  - Müller, Jürgen\nPY  - 2019\nZZ  - kept\nER  - \n\nTY  - JOUR\nER  - \n"
    path.write_text(text, encoding="utf-8")
    return path


def test_json_of_one_file(ris):
    done = said_by("read_references", str(ris))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Étude & suite" in done.stdout
    (entry,) = json.loads(done.stdout)["files"]
    assert (entry["file"], entry["format"], entry["encoding"], entry["read"]) == (str(ris), "RIS", "utf-8", 1)
    assert entry["not_read"] == [{"line": 8, "cause": "An empty record: no field between its first and last line."}]
    assert entry["warnings"] == []
    (record,) = entry["records"]
    assert (record["title"], record["authors"], record["year"]) == ("Étude & suite", ["Müller, Jürgen"], 2019)
    fields = {"journal", "volume", "issue", "pages", "doi", "pmid", "abstract", "keywords", "extra", "warnings", "line"}
    assert fields <= set(record)
    assert "raw" not in record
    assert json.loads(said_by("read_references", "--raw", str(ris)).stdout)["files"][0]["records"][0]["raw"].startswith("TY  - JOUR")


def test_one_bad_file_does_not_stop_the_others(ris, tmp_path):
    page = tmp_path / "page.ris"
    page.write_bytes(b"<!DOCTYPE html><html></html>")
    done = said_by("read_references", str(page), str(ris))
    bad, good = json.loads(done.stdout)["files"]
    assert (bad["read"], bad["records"], good["read"]) == (0, [], 1)
    assert bad["error"].startswith("page.ris: The file seems to be a web page (HTML)")
    assert done.stderr.strip() == bad["error"]
    assert done.returncode == 1


def test_files_that_are_not_there(ris, tmp_path):
    done = said_by("read_references", str(tmp_path / "none.ris"), str(tmp_path), str(ris))
    entries = json.loads(done.stdout)["files"]
    assert ["error" in entry for entry in entries] == [True, True, False]
    assert "cannot be opened (No such file or directory)" in entries[0]["error"]
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stderr.strip().endswith("(and 1 more of 3 files)")
    assert done.returncode == 1


def test_every_file_of_a_zip(ris, tmp_path):
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.write(ris, "a/mine.ris")
        made.writestr("page.ris", "<html><body>")
        made.writestr("inner.zip", b"PK\x03\x04")
    done = said_by("read_references", str(archive))
    assert done.returncode == 1
    read, page, inner = json.loads(done.stdout)["files"]
    assert (read["file"], read["read"]) == (f"{archive}/a/mine.ris", 1)
    assert page["error"].startswith("page.ris: The file seems to be a web page")
    assert inner["error"].startswith("inner.zip: an archive inside the archive")

"""Zips of exports: what comes out, and a sentence for each thing that must not."""

import io
import stat
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from screening.references.formats import Limits, ReadError, is_archive, read, unpack

RIS = b"TY  - JOUR\nTI  - One\nER  - \n"


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as caught:
        unpack(data, "all.zip", limits)
    assert str(caught.value).startswith("all.zip: ")
    return str(caught.value)


def test_the_files_in_their_order():
    data = zipped(("b/medline.ris", RIS), ("a.csv", b"title,year\nOne,2001\n"), ("folder/", b""))
    assert is_archive(data)
    found = unpack(data)
    assert found == [("b/medline.ris", RIS), ("a.csv", b"title,year\nOne,2001\n")]
    assert found.refused == []
    assert [read(content, name).records[0].title for name, content in found] == ["One", "One"]


def test_what_operating_systems_leave_behind_is_passed_over():
    litter = ["__MACOSX/._a.ris", "__MACOSX/x/._b", ".DS_Store", "x/Thumbs.db", "x/desktop.ini", "._a.ris"]
    found = unpack(zipped(("a.ris", RIS), *[(name, b"\0\1") for name in litter]))
    assert [name for name, _ in found] == ["a.ris"]
    assert found.refused == []


def test_names_in_other_scripts():
    mac = zipfile.ZipInfo("PLACEHOLDR.ris")
    data = zipped(("поиск.ris", RIS), (mac, RIS)).replace(b"PLACEHOLDR", "résultats".encode())
    assert [name for name, _ in unpack(data)] == ["поиск.ris", "résultats.ris"]


def test_workbooks_and_documents_are_not_archives():
    out = io.BytesIO()
    Workbook().save(out)
    assert not is_archive(out.getvalue())
    assert not is_archive(zipped(("[Content_Types].xml", b""), ("word/document.xml", b"")))
    assert not is_archive(zipped(("mimetype", b"x"), ("content.xml", b"")))
    assert not is_archive(RIS)
    found = unpack(zipped(("table.xlsx", out.getvalue()), ("a.ris", RIS)))
    assert [name for name, _ in found] == ["table.xlsx", "a.ris"]


@pytest.mark.parametrize("name", ["/etc/a.ris", "../a.ris", "x/../../a.ris", "C:\\x\\a.ris", "..\\a.ris"])
def test_paths_that_lead_out_are_left_out(name):
    found = unpack(zipped((name, RIS), ("good.ris", RIS)))
    assert [other for other, _ in found] == ["good.ris"]
    assert "its path leads out of the archive" in found.refused[0]
    assert "Nothing in the zip archive could be taken." in refusal(zipped((name, RIS)))


def test_nested_archives_are_left_out():
    inner = zipped(("a.ris", RIS))
    found = unpack(
        zipped(("inner.zip", inner), ("unnamed", inner), ("x.7z", b"7z\xbc\xaf\x27\x1c"), ("x.ris.gz", b"\x1f\x8b"), ("good.ris", RIS))
    )
    assert [name for name, _ in found] == ["good.ris"]
    assert len(found.refused) == 4
    assert found.refused[0] == "inner.zip: an archive inside the archive. Unpack it and upload the files in it."


def test_a_locked_member_is_left_out():
    data = bytearray(zipped(("locked.ris", RIS), ("good.ris", RIS), method=zipfile.ZIP_STORED))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = unpack(bytes(data))
    assert [name for name, _ in found] == ["good.ris"]
    assert found.refused == ["locked.ris: locked with a password. Make the archive without one."]


def test_a_link_is_left_out():
    link = zipfile.ZipInfo("link.ris")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = unpack(zipped((link, b"/etc/passwd"), ("good.ris", RIS)))
    assert [name for name, _ in found] == ["good.ris"]
    assert "a link to another file" in found.refused[0]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packing_is_left_out(method):
    assert "packed by a method that is not read here" in refusal(zipped(("a.ris", RIS), method=method))


def test_a_bomb_is_refused_before_it_is_unpacked():
    data = zipped(*[(f"{n}.ris", b"\0" * 30_000_000) for n in range(2)])
    assert len(data) < 100_000
    tracemalloc.start()
    try:
        sentence = refusal(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "would unpack to 57 MB: more than 200 times its size" in sentence
    assert peak < 2_000_000


def test_a_bomb_that_declares_itself_small_is_cut_off():
    data = bytearray(zipped(("a.ris", b"\0" * 30_000_000)))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark) + at
        data[place : place + 4] = (1000).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(data))


def test_more_than_may_be_unpacked():
    text = bytes(range(32, 127)) * 40_000
    assert "unpacks to more than 3 MB" in refusal(zipped(("a.ris", text)), Limits(unpacked=3 * 1024 * 1024))
    assert len(unpack(zipped(("a.ris", text)), limits=Limits(unpacked=4 * 1024 * 1024))) == 1


def test_too_many_files():
    data = zipped(*[(f"{n}.ris", RIS) for n in range(5)])
    assert "holds 5 files; at most 4 are taken at once" in refusal(data, Limits(files=4))
    assert len(unpack(data, limits=Limits(files=5))) == 5


def test_an_archive_without_a_file():
    assert "holds no file" in refusal(zipped())
    assert "holds no file" in refusal(zipped(("folder/", b""), ("__MACOSX/x", b"")))


@pytest.mark.parametrize("keep", [4, 30, 60])
def test_an_archive_cut_short(keep):
    data = zipped(("a.ris", RIS * 20))[:keep]
    assert is_archive(data)
    assert "damaged or was cut off" in refusal(data)


def test_a_member_with_a_wrong_checksum():
    data = bytearray(zipped(("a.ris", RIS), method=zipfile.ZIP_STORED))
    data[data.index(b"JOUR")] ^= 1
    assert "damaged" in refusal(bytes(data))


@given(st.data())
def test_mutated_archives_are_unpacked_or_refused(data):
    archive = bytearray(zipped(("a.ris", RIS), ("b/c.csv", b"title,year\nOne,2001\n")))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(archive) - 1))
        archive[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    try:
        is_archive(bytes(archive))
        for name, _content in unpack(bytes(archive)):
            assert name
    except ReadError as error:
        assert str(error).endswith(".")

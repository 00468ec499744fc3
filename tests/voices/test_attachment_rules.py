"""What a file is by what it holds, what it may be called, and what is taken out of a picture."""

import base64
import struct
import zlib

import pytest
import resvg_py

from screening.voices.attachments.rules import JPEG, PDF, PNG, TEXT, Damaged, bare, clean_name, kind_of

SECRET = b"51.5007 N, 0.1246 W, taken by Hazel"
# Sixteen by eight: the left half red, the right half blue.
PICTURE = base64.b64decode(
    "/9j/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6jq62rZ4C8ybqmx5moq6T/2wBDARweHigjKE4rK06kbl1upKSkpKSkpKSk"
    "pKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKSkpKT/wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAAAAAAAAAAAA"
    "AAAAAAAA/8QAFAEBAAAAAAAAAAAAAAAAAAAABP/EABgRAAMBAQAAAAAAAAAAAAAAAAAEQoHB/9oADAMBAAIRAxEAPwCJKBCNZ0W5On//2Q=="
)
WORDS = b"Words of my own.\n"
PAPER = b"%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\n%%EOF"


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*more):
    lines = b"".join(b"\0" + bytes([208, 32, 32]) * 4 for _line in range(4))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def noted(order="<", turned=6):
    """What a camera notes: how it was held, and where."""
    sign = b"II" if order == "<" else b"MM"
    tags = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 38)
    return b"Exif\0\0" + sign + struct.pack(f"{order}HIH", 42, 8, 2) + tags + bytes(4) + SECRET


def photograph(*more, after=b""):
    return PICTURE[:2] + b"".join(more) + PICTURE[2:] + after


def drawn(picture, media):
    """What a picture shows, drawn anew from its bytes."""
    href = f"data:{media};base64,{base64.b64encode(picture).decode()}"
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><image width="32" height="32" href="{href}"/></svg>'
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (png(), PNG),
        (PICTURE, JPEG),
        (PAPER, PDF),
        (b"\n\n" + PAPER, PDF),
        (WORDS, TEXT),
        (b"\xef\xbb\xbfNaive, na\xc3\xafve", TEXT),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b'  <svg xmlns="http://www.w3.org/2000/svg"/>', None),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", None),
        (b"PK\x03\x04word/", None),
        (b"\xd0\xcf\x11\xe0", None),
        (b"GIF89a\x01\x00\x01\x00\x80", None),
        (b"MZ\x90\x00", None),
        (b"caf\xe9", None),
        (b"a\x00b", None),
        (b"\x1b[31mred", None),
        (b"", None),
        (b" \n ", None),
    ],
)
def test_a_file_is_what_it_holds(content, kind):
    assert kind_of(content, is_pdf=b"%PDF-" in content[:1029]) is kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("letter.txt", "letter.txt"),
        ("letter.html", "letter.html.txt"),
        ("letter", "letter.txt"),
        ("C:\\Users\\Hazel\\note.TXT", "note.txt"),
        ("../../etc/passwd", "passwd.txt"),
        ("", "file.txt"),
        (".txt", "file.txt"),
        ("...", "file.txt"),
        ('a"b\r\nX: y.txt', "a b X y.txt"),
        ("ab\u202egpj.exe", "abgpj.exe.txt"),
        ("n" * 300, "n" * 96 + ".txt"),
        ("naïve façade.txt", "naïve façade.txt"),
    ],
)
def test_a_name_is_cleaned_and_ends_as_its_content_does(given, kept):
    assert clean_name(given, TEXT) == kept


def test_of_a_photograph_only_what_draws_it_and_how_it_is_held_stays():
    whole = photograph(
        segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        segment(0xE1, noted()),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + SECRET),
        segment(0xE2, b"ICC_PROFILE\0" + SECRET),
        segment(0xED, SECRET),
        segment(0xFE, SECRET),
        after=PICTURE + SECRET,
    )
    kept = bare(whole, JPEG)
    assert SECRET not in kept and b"xap" not in kept and kept.startswith(b"\xff\xd8\xff\xe1") and kept.endswith(b"\xff\xd9")
    # Of what the camera noted, that it was held upright (6) and nothing else; what is drawn is drawn as before.
    assert kept == photograph(segment(0xE1, b"Exif\0\0MM" + struct.pack(">HIHHHIHHI", 42, 8, 1, 0x0112, 3, 1, 6, 0, 0)))
    assert drawn(kept, "image/jpeg") == drawn(whole, "image/jpeg")
    assert bare(kept, JPEG) == kept and bare(PICTURE, JPEG) == PICTURE


@pytest.mark.parametrize("order", ["<", ">"])
def test_how_a_photograph_is_held_is_read_in_both_orders_of_bytes_and_nonsense_is_left_out(order):
    assert bare(photograph(segment(0xE1, noted(order, 8))), JPEG)[2:4] == b"\xff\xe1"
    for nothing in (noted(order, 1), noted(order, 9), b"Exif\0\0II", b"Exif\0\0" + b"MM\0*\xff\xff\xff\xff", b"Exif\0\0XX"):
        assert bare(photograph(segment(0xE1, nothing)), JPEG) == PICTURE


def test_of_a_drawing_only_what_draws_it_stays():
    whole = png(chunk(b"tEXt", b"Author\0" + SECRET), chunk(b"eXIf", SECRET), chunk(b"pHYs", bytes(9)), chunk(b"iTXt", SECRET)) + SECRET
    kept = bare(whole, PNG)
    assert SECRET not in kept and kept == png(chunk(b"pHYs", bytes(9))) and drawn(kept, "image/png") == drawn(whole, "image/png")


@pytest.mark.parametrize("cut", [3, 20, 60, len(PICTURE) - 2])
def test_a_picture_that_ends_too_early_is_damaged(cut):
    for content, kind in ((PICTURE[:cut], JPEG), (png()[: min(cut, len(png()) - 2)], PNG)):
        with pytest.raises(Damaged):
            bare(content, kind)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xd9", JPEG),
        (b"\xff\xd8\xff\xe1\x00\x01\xff\xd9", JPEG),
        (b"\xff\xd8\xff\xff\xff", JPEG),
        (b"\xff\xd8\xffab", JPEG),
        (png().replace(b"IDAT", b"IDAX"), PNG),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), PNG),
        (b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xff" + b"IHDR", PNG),
    ],
)
def test_made_up_pictures_are_damaged_and_end(content, kind):
    with pytest.raises(Damaged):
        bare(content, kind)

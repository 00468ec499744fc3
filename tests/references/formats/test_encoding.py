"""Bytes to text, whatever was declared."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.references.formats.encoding import decode

TEXT = "TY  - JOUR\nTI  - Étude sur les pairs à l’hôpital\nAU  - Müller, Jürgen\nER  - \n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_same_text_from_every_encoding(codec):
    decoded = decode(TEXT.encode(codec))
    assert decoded.text == TEXT
    assert decoded.warnings == []


def test_names_of_encodings():
    assert decode(b"plain").encoding == "ascii"
    assert decode("é".encode()).encoding == "utf-8"
    assert decode(codecs.BOM_UTF8 + b"x").encoding == "utf-8-sig"
    assert decode("Müller".encode("latin-1")).encoding == "latin-1"
    assert decode("‘Müller’".encode("cp1252")).encoding == "cp1252"
    assert decode("plain text".encode("utf-16-be")).encoding == "utf-16-be"


def test_chinese():
    text = "TI  - 同伴支持对精神健康的影响：系统评价\nAU  - 余敏\n" * 3
    decoded = decode(text.encode("gb18030"))
    assert (decoded.text, decoded.encoding) == (text, "gb18030")


def test_a_wrong_mark_is_survived():
    decoded = decode(codecs.BOM_UTF8 + "Müller und Jürgen".encode("cp1252"))
    assert decoded.text == "Müller und Jürgen"
    assert "says it is UTF-8" in decoded.warnings[0]


def test_stray_bytes_in_utf8_are_told_with_their_line():
    decoded = decode("é è ü ö\nà ï ô\n".encode() + b"Jos\xe9 Atrav\x8es\n")
    assert decoded.text == "é è ü ö\nà ï ô\nJosé Atrav\ufffds\n"
    assert decoded.warnings == ["The file is UTF-8 save for 2 stray bytes (first on line 3)."]


def test_nul_characters_are_taken_out_and_told():
    decoded = decode(b"TI  - a\x00b")
    assert decoded.text == "TI  - ab"
    assert decoded.warnings == ["1 NUL character was removed."]


def test_utf16_cut_in_the_middle():
    decoded = decode(TEXT.encode("utf-16")[:-1])
    assert decoded.text.startswith("TY  - JOUR")
    assert decoded.warnings


@given(st.binary(max_size=300))
def test_no_bytes_fail(data):
    text = decode(data).text
    assert "\0" not in text
    text.encode("utf-8")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_is_never_changed(text):
    assert decode(text.encode()).text == text or len(text) < 300
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text

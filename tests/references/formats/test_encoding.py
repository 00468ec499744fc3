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


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\x1a")))
def test_utf8_is_never_changed(text):
    assert decode(text.encode()).text == text or len(text) < 300
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text


OTHERS = [
    ("cp1251", "TI  - Поддержка равных: систематический обзор"),
    ("cp1256", "TI  - دعم الأقران: مراجعة منهجية شاملة"),
    ("cp932", "TI  - ピアサポートの系統的レビューとメタ分析"),
    ("big5", "TI  - 同儕支持的系統性回顧與統合分析研究"),
    ("cp949", "TI  - 동료 지지의 체계적 문헌고찰과 메타분석에 관한 종합적인 연구"),
]


@pytest.mark.parametrize(("codec", "text"), OTHERS)
def test_an_encoding_that_is_not_known_is_told_and_not_guessed(codec, text):
    decoded = decode(f"TY  - JOUR\n{text}\n".encode(codec))
    assert decoded.encoding in ("cp1252", "latin-1")
    assert decoded.warnings[0].startswith("The file is not UTF-8, and its letters are hardly Western ones")


FEW = [
    ("cp1250", "AU  - Dvořák, Jiří"),
    ("cp1250", "JO  - Przegląd Lekarski"),
    ("cp1254", "AU  - Şahin, Gülşen"),
    ("euc-kr", "AU  - 김, 영희"),
    ("shift-jis", "JO  - 医学雑誌"),
    ("big5", "AU  - 王, 小明"),
    ("cp1251", "JO  - Журнал"),
]


@pytest.mark.parametrize(("codec", "line"), FEW)
def test_a_file_with_one_word_in_such_an_encoding_is_told_too(codec, line):
    (warning,) = decode(f"TY  - JOUR\nTI  - One\n{line}\nER  - \n".encode(codec)).warnings
    assert warning.startswith("The file is not UTF-8")


@pytest.mark.parametrize(
    "text", ["£5 ± 2 ¢ or ¥ 7 ® § 2", "Føroya Muñoz, Þórðarson, Ægir", "L’col·laboració, o £bn 3", "prescrições próprias"]
)
def test_a_few_western_letters_are_no_cause_for_a_warning(text):
    assert decode(text.encode("cp1252")).warnings == []


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
def test_western_letters_are_no_cause_for_a_warning(codec):
    text = "Müller, Göran Åsström, François Lœffler – “naïve” 5 µg ± 2 °C, ¿qué?, São João, créée, Île, Ærø, 10 m²".replace("œ", "oe")
    plain = text if codec == "cp1252" else text.replace("–", "-").replace("“", '"').replace("”", '"')
    assert decode(plain.encode(codec)).warnings == []


def test_chinese_with_one_broken_letter_is_chinese():
    data = "TI  - 同伴支持对精神疾病患者影响的系统评价".encode("gb18030")
    assert decode(data[:-1]).encoding == "gb18030"


def test_files_put_one_behind_the_other_bring_their_marks():
    once = "\ufeffTY  - JOUR\nTI  - Ünï\n"
    assert decode((once * 3).encode()).text == once[1:] * 3
    assert decode(once.encode("utf-16") * 2).text == once[1:] * 2
    assert decode((once * 2).encode()).mark is None  # for not all of it stands where it stood
    assert decode(((once + "\x1a") * 2).encode()).text == once[1:] * 2

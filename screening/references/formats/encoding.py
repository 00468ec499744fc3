"""Bytes to text, whatever the file says or omits about its encoding.

The order of trust: a byte order mark, the pattern of zero bytes (UTF-16 without a mark), valid UTF-8,
mostly valid UTF-8 with strays, GB18030, and at last the Western single-byte sets. A declaration inside the
file is never trusted over the bytes.
"""

import codecs
import re
from dataclasses import dataclass, field
from itertools import islice

SAMPLE = 64_000
WEIGHED = 4_000_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Half of a surrogate pair written as three bytes, which stands for no character.
_HALF_PAIR = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")
_STRAY = re.compile(_HALF_PAIR.pattern + "|[\udc80-\udcff]")
_SURE = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99"
# A stray byte is most often cp1252; the rarer half of its C1 range would be a guess, so it is shown as U+FFFD.
_AS_MEANT = {0xDC00 + byte: bytes([byte]).decode("cp1252") if byte >= 0xA0 or byte in _SURE else "\ufffd" for byte in range(0x80, 0x100)}
_END_OF_FILE = "\x1a"  # as DOS has it
_MARK_AT_LINE = re.compile("(?:^|(?<=\r))[\ufeff\x1a]+", re.MULTILINE)
_SIGNS = rb"[\xa2\xa4-\xa6\xa8\xac\xaf\xb6\xb8]"
_HARDLY_WESTERN = tuple(
    re.compile(pattern)
    for pattern in (
        rb"[\xc0-\xff]{3,}",
        rb"[\x81-\x83\x8d\x8f\x90\x9d]",
        rb"(?<=[A-Za-z\x80-\xff])" + _SIGNS + rb"|" + _SIGNS + rb"(?=[A-Za-z\x80-\xff])",
        rb"[a-z][\xb9\xb3\xbf\xa3\xaf]+[a-z]|\b\xa3[a-z]{3}",
        # Czech, Hungarian and Turkish words: letters that no Western language has side by side.
        rb"[\xe1\xe9\xed\xfa\xfd][a-z]{0,6}[\xf8\xf9]|[\xf8\xf9][a-z]{0,6}[\xe1\xe9\xed\xfa\xfd]|[\xe8\xec][a-z]{0,6}\xfd",
        rb"[\xe1\xed\xfa][a-z]{0,6}[\xf5\xfb]|[\xf5\xfb][a-z]{0,6}[\xe1\xed\xfa]",
        rb"[\xe7\xfc][a-z]{0,6}[\xf0\xfd\xfe]|[\xf0\xfd\xfe][a-z]{0,6}[\xe7\xfc]",
    )
)
BEFORE = 10  # letters before the first that is not ASCII: its word
MOST_ODD = 5
FEW = 20
_OTHER_SCRIPT = (
    "The file is not UTF-8, and its letters are hardly Western ones: names and titles may be garbled. Export it as UTF-8 and import that."
)
_FEW_CHINESE = (
    "The file is not UTF-8; its few letters were read as Chinese (GB18030). Where titles or names look wrong, export it as UTF-8 instead."
)
_C1_BYTE = re.compile(rb"[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding it was read in, and what had to be mended.

    `mark`: how many bytes stand before the text, where all the others are the text in UTF-8 to the letter; else None.
    """

    text: str
    encoding: str
    warnings: list[str] = field(default_factory=list)
    mark: int | None = None


def decode(data: bytes) -> Decoded:
    """Read `data` as text; never fails. NUL characters, which no database stores, are taken out and told."""
    text, encoding, warnings = _by_bytes(data)
    text = text.lstrip("\ufeff")
    letters = len(text)
    if "\ufeff" in text or _END_OF_FILE in text:  # files put one behind the other
        text = _MARK_AT_LINE.sub("", text)
    if "\0" in text:
        nulls = text.count("\0")
        text = text.replace("\0", "")
        warnings.append(f"{nulls} NUL character{'s were' if nulls > 1 else ' was'} removed.")
    whole = not warnings and len(text) == letters and encoding in ("ascii", "utf-8", "utf-8-sig")
    return Decoded(text, encoding, warnings, len(data) - (len(text) if text.isascii() else len(text.encode())) if whole else None)


def _by_bytes(data: bytes) -> tuple[str, str, list[str]]:
    for mark, codec, name in _BOMS:
        if data.startswith(mark):
            return _after_mark(data, mark, codec, name)
    wide = utf16_without_mark(data)
    if wide:
        return _replacing(data, wide, wide)
    try:
        return data.decode("utf-8"), "ascii" if data.isascii() else "utf-8", []
    except UnicodeDecodeError:
        return _not_utf8(data)


def _after_mark(data: bytes, mark: bytes, codec: str, name: str) -> tuple[str, str, list[str]]:
    if codec == "utf-8":
        try:
            return data[3:].decode("utf-8"), name, []
        except UnicodeDecodeError:
            text, _encoding, warnings = _not_utf8(data[3:])
            return text, name, ["The file says it is UTF-8, but parts of it are not.", *warnings]
    return _replacing(data[len(mark) :], name, name)


def _replacing(data: bytes, codec: str, name: str) -> tuple[str, str, list[str]]:
    try:
        return data.decode(codec), name, []
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
        return text, name, [f"Some bytes are not valid {name}; they are shown as \ufffd."]


def utf16_without_mark(data: bytes) -> str:
    """ASCII (tags, commas, line ends) has a zero in every second byte of UTF-16: which of the two tells the byte order.

    Text in other scripts has few such zeros, so a file counts as UTF-16 too when its line ends are two bytes wide.
    """
    sample = data[: SAMPLE // 2 * 2]
    pairs = len(sample) // 2
    if pairs < 4:
        return ""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    codec, many, few = ("utf-16-le", odd, even) if odd > even else ("utf-16-be", even, odd)
    if few > 0.05 * pairs or few * 3 > many or many < 0.02 * pairs:
        return ""
    if many > 0.6 * pairs:
        return codec
    ends = sum(sample.decode(codec, "replace").count(end) for end in "\r\n")
    return codec if ends and ends > 0.5 * sum(sample.count(end) for end in b"\r\n") else ""


def _not_utf8(data: bytes) -> tuple[str, str, list[str]]:
    first = next(_HIGH_RUN.finditer(data)).start()
    weighed = data[max(first - BEFORE, 0) : first + WEIGHED]
    good = _MULTIBYTE.findall(weighed)
    high = sum(len(run) for run in _HIGH_RUN.findall(weighed))
    stray = high - sum(len(sequence) for sequence in good)
    if good and stray <= len(good):
        return _mostly_utf8(data)
    if _looks_gb18030(weighed):
        text, name, warnings = _replacing(data, "gb18030", "gb18030")
        return text, name, [*warnings, _FEW_CHINESE] if len(_leads(weighed)) < FEW else warnings
    warnings = [_OTHER_SCRIPT] if _looks_of_another_script(weighed) else []
    if _C1_BYTE.search(data):
        return data.decode("cp1252", "brolly_latin1"), "cp1252", warnings
    return data.decode("latin-1"), "latin-1", warnings


def _looks_of_another_script(data: bytes) -> bool:
    """Whether bytes that are read as Western letters are hardly those: three and more in a row, signs at or inside words."""
    odd = sum(len(found) for pattern in _HARDLY_WESTERN for found in pattern.findall(data))
    return odd > (0.1 if odd >= MOST_ODD else 0.3) * sum(len(run) for run in _HIGH_RUN.findall(data))


def _looks_gb18030(data: bytes) -> bool:
    """Chinese text comes in runs of byte pairs; Western accents stand alone between ASCII letters."""
    runs = [len(run) for run in _HIGH_RUN.findall(data[: SAMPLE * 4])]
    if sum(length for length in runs if length >= 2) < 0.8 * sum(runs):
        return False
    text = data[: SAMPLE * 4].decode("gb18030", "replace")
    foreign = [c for c in text if c > "\x7f"]
    if text.count("\ufffd") > 1 + 0.02 * len(foreign) or _looks_korean(data[: SAMPLE * 4]):
        return False
    return len(_CJK.findall(text)) > 0.8 * len(foreign)


def _looks_korean(data: bytes) -> bool:
    """EUC-KR keeps its syllables in the first 25 rows; of Chinese characters nearly half stand in the rows behind."""
    leads = _leads(data)
    return len(leads) >= FEW and max(leads) <= 0xC8


def _leads(data: bytes) -> list[int]:
    """The first bytes of letters of two."""
    return [lead for run in _HIGH_RUN.findall(data) if len(run) % 2 == 0 for lead in run[::2]]


def _mostly_utf8(data: bytes) -> tuple[str, str, list[str]]:
    text = data.decode("utf-8", "surrogateescape")
    first = list(islice(_STRAY.finditer(text), 5))
    where = ", ".join(dict.fromkeys(str(text.count("\n", 0, stray.start()) + 1) for stray in first))
    count = sum(1 for _ in _STRAY.finditer(text))
    text = _HALF_PAIR.sub("\ufffd", text).translate(_AS_MEANT)
    return text, "utf-8", [f"The file is UTF-8 save for {count} stray byte{'s' if count > 1 else ''} (first on line {where})."]


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("brolly_latin1", _as_latin1)

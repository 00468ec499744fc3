"""What a file is, told by what it holds; what it may be called; and pictures without what says where they were taken. Pure."""

import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from screening.voices.rules import clean_line


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: how its name ends, and how it is served."""

    key: str
    suffix: str
    media: str


PDF = Kind("pdf", ".pdf", "application/pdf")
PNG = Kind("png", ".png", "image/png")
JPEG = Kind("jpeg", ".jpg", "image/jpeg")
TEXT = Kind("text", ".txt", "text/plain; charset=utf-8")
KINDS = {kind.key: kind for kind in (PDF, PNG, JPEG, TEXT)}

LONGEST_NAME = 100
_ENDINGS = re.compile(r"\.(pdf|png|jpe?g|txt|text)$", re.IGNORECASE)
# What some file system takes for something else than a letter of a name.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]')


class Damaged(ValueError):
    """A picture that cannot be followed to its end."""


def kind_of(content: bytes, *, is_pdf: bool) -> Kind | None:
    """What a file is by its content, whatever its name says; None: nothing that is taken. `is_pdf`: the sign of a PDF stands in it."""
    if content.startswith(_PNG_SIGN):
        return PNG
    if content.startswith(_JPEG_SIGN):
        return JPEG
    if is_pdf:
        return PDF
    return TEXT if _is_plain(content) else None


def _is_plain(content: bytes) -> bool:
    """Words in UTF-8 and nothing else: no page, no drawing (both begin with "<"), no control characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    if not text.strip() or text.lstrip().startswith("<"):
        return False
    return not any(unicodedata.category(letter) == "Cc" for letter in set(text) - set("\n\r\t\f"))


def clean_name(name: str, kind: Kind) -> str:
    """The name without folders and odd characters, ending as its content does: a name can then pass for nothing else."""
    last = PurePosixPath(name.replace("\\", "/")).name
    stem = _ENDINGS.sub("", _NOT_IN_NAMES.sub(" ", clean_line(last, 255)).strip())
    stem = " ".join(stem.split()).strip(". ")[: LONGEST_NAME - len(kind.suffix)].rstrip(". ")
    return f"{stem or 'file'}{kind.suffix}"


def bare(content: bytes, kind: Kind) -> bytes:
    """A picture with nothing but what draws it: no place, time, camera or maker, no small copy, nothing behind its end.

    What draws it stays byte for byte; a photograph stays turned as it was. Other kinds stay as they are. Raises Damaged.
    """
    try:
        return {"png": _bare_png, "jpeg": _bare_jpeg}.get(kind.key, bytes)(content)
    except (IndexError, struct.error) as error:
        raise Damaged from error


# PNG (W3C, Portable Network Graphics, third edition): chunks of length, name, data and check ------------------

_PNG_SIGN = b"\x89PNG\r\n\x1a\n"
# Size and colours; all else is words about the picture, or a film of it.
_DRAWS = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"))


def _bare_png(content: bytes) -> bytes:
    kept, at, first = [_PNG_SIGN], len(_PNG_SIGN), True
    while True:
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content) or (first and name != b"IHDR"):
            raise Damaged
        if struct.unpack_from(">I", content, end - 4)[0] != zlib.crc32(content[at + 4 : end - 4]):
            raise Damaged
        if name in _DRAWS:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at, first = end, False


# JPEG (ITU-T T.81, annex B): segments of a marker, a length and data; after a scan's header come coded bytes --

_JPEG_SIGN = b"\xff\xd8\xff"
_END, _SCAN, _EXIF, _ADOBE = 0xD9, 0xDA, 0xE1, 0xEE
# Frames, tables, how often to start anew.
_TABLES = frozenset((*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF)) - {0xC8}
_ALONE = frozenset((0x01, *range(0xD0, 0xD8)))
# What a camera notes of how it was held: a number from 1 to 8 (Exif 2.32, tag 0x0112).
_TURNED = 0x0112


def _bare_jpeg(content: bytes) -> bytes:
    kept, at, turned, drawn = [], 2, 1, False
    while True:
        if content[at] != 0xFF:
            raise Damaged
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker == _END:
            if not drawn:
                raise Damaged
            return b"".join((b"\xff\xd8", *_turning(turned), *kept, b"\xff\xd9"))
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if end < at + 4 or end > len(content):
            raise Damaged
        segment = content[at:end]
        if marker == _SCAN:
            end, drawn = _end_of_scan(content, end), True
            kept.append(content[at:end])
        elif marker in _TABLES:
            kept.append(segment)
        elif marker == _ADOBE and segment[4:9] == b"Adobe" and len(segment) >= 16:
            # Whether colours are stored as red, green and blue: twelve bytes, and no more of it.
            kept.append(b"\xff\xee\x00\x0e" + segment[4:16])
        elif marker == _EXIF and segment[4:10] == b"Exif\0\0":
            turned = _turned(segment[10:]) or turned
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the coded bytes end: at the next marker that is neither a stuffed byte nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise Damaged
        if content[at + 1] not in (0x00, 0xFF) and content[at + 1] not in _ALONE:
            return at
        at += 1 if content[at + 1] == 0xFF else 2


def _turned(tiff: bytes) -> int:
    """How the camera was held, by the first directory of what it noted; 0 where it did not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, at)
        for n in range(entries):
            tag, form, many, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * n)
            if (tag, form, many) == (_TURNED, 3, 1):
                return value if 1 <= value <= 8 else 0
    except struct.error:
        return 0
    return 0


def _turning(turned: int) -> list[bytes]:
    """A segment that says nothing but how the picture is held up; none where it stands as it lies."""
    if turned == 1:
        return []
    noted = b"Exif\0\0" + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _TURNED, 3, 1, turned, 0, 0)
    return [b"\xff\xe1" + struct.pack(">H", len(noted) + 2) + noted]

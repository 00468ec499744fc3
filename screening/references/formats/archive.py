"""Zip archives: a bundle of exports unpacked within stated bounds, and the bounds themselves for workbooks, which are zips too.

Nothing is written to disk, so a member's path can lead nowhere; odd paths are refused all the same, as no export has them.
"""

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass, field

from .model import MEGABYTE, Limits, ReadError

ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_READ_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 1 << 20
# What the zip module raises on damaged or hostile bytes.
FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, IndexError, OverflowError, RuntimeError, OSError)
_SMALL = 10 * MEGABYTE
_ARCHIVES = (ZIP, _EMPTY_ZIP, b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh", b"\xfd7zXZ")
_ARCHIVE_NAMES = (".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz")
_DOCUMENTS = ("xl/", "word/", "ppt/", "Index/", "content.xml")
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")
_ENCRYPTED = 0x1
_DAMAGED = "The zip archive is damaged or was cut off while it was copied. Make it again and upload it once more."


class Unpacked(list[tuple[str, bytes]]):
    """The files of an archive as (name, content). `refused` has a sentence for each member that could not be taken."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked, in bytes."""

    left: int
    limits: Limits = field(default_factory=Limits)

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise ReadError(
                f"The zip archive unpacks to more than {self.limits.unpacked // MEGABYTE} MB. Upload its files a few at a time instead."
            )


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip of files; office documents, which are zips inside, are not."""
    if not data.startswith((ZIP, _EMPTY_ZIP)):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except FAULTS:
        return True
    office = "[Content_Types].xml" in names or "mimetype" in names
    return not (office and any(name.startswith(_DOCUMENTS) for name in names))


def unpack(data: bytes, filename: str = "", limits: Limits | None = None) -> Unpacked:
    """The files inside a zip archive, in its order; folders and the litter of operating systems are passed over.

    A member that is locked, an archive itself or of an odd path is left out, with its sentence in `refused`. Raises
    ReadError for what is no zip, is damaged, holds nothing to take, holds too many files, or unpacks to too much.
    """
    try:
        return _unpack(data, limits or Limits())
    except ReadError as error:
        raise ReadError(f"{filename}: {error}" if filename else str(error)) from None


def _unpack(data: bytes, limits: Limits) -> Unpacked:
    found = Unpacked()
    with open_zip(data, limits) as archive:
        members = [info for info in archive.infolist() if not info.filename.endswith("/") and not _litter(info.filename)]
        if not members:
            raise ReadError("The zip archive holds no file. Put the exports into it and upload it again.")
        if len(members) > limits.files:
            raise ReadError(f"The zip archive holds {len(members):,} files; at most {limits.files} are taken at once. Split it in parts.")
        budget = _Budget(limits.unpacked, limits)
        for info in members:
            name = _name(info)
            refusal = _refusal(info, name)
            content = b"" if refusal else member(archive, info, budget)
            if not refusal and _is_nested(name, content):
                refusal = f"{name}: an archive inside the archive. Unpack it and upload the files in it."
            if refusal:
                found.refused.append(refusal)
            else:
                found.append((name, content))
    if not found:
        raise ReadError(f"Nothing in the zip archive could be taken. {found.refused[0]}")
    return found


def open_zip(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """A zip whose declared sizes are within the limits. Raises ReadError otherwise, before anything is unpacked."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except FAULTS as error:
        raise ReadError(_DAMAGED) from error
    total = sum(info.file_size for info in archive.infolist())
    if total > _SMALL and total > limits.ratio * len(data):
        raise ReadError(
            f"The zip archive of {_size(len(data))} would unpack to {_size(total)}: more than {limits.ratio} times its size, "
            "which no export does. It was not unpacked. Upload the files themselves."
        )
    _Budget(limits.unpacked, limits).spend(total)
    return archive


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: "_Budget") -> bytes:
    """One member's content, never more than it declares or the budget allows. Raises ReadError when it is damaged."""
    parts = []
    try:
        with archive.open(info) as file:
            while part := file.read(_CHUNK):
                budget.spend(len(part))
                parts.append(part)
    except FAULTS as error:
        raise ReadError(_DAMAGED) from error
    return b"".join(parts)


def _refusal(info: zipfile.ZipInfo, name: str) -> str:
    """Why a member is not even opened, or an empty string."""
    if not name:
        return "A file without a name was left out. Make the archive again."
    if info.flag_bits & _ENCRYPTED:
        return f"{name}: locked with a password. Make the archive without one."
    if name.startswith("/") or name[1:3] == ":/" or ".." in name.split("/"):
        return f"{name[:100]}: its path leads out of the archive. Make the archive from the files alone."
    if stat.S_ISLNK(info.external_attr >> 16):
        return f"{name}: a link to another file, not a file. Put the file itself into the archive."
    if info.compress_type not in _READ_METHODS:
        return f"{name}: packed by a method that is not read here. Make the archive with ordinary zip compression."
    return ""


def _is_nested(name: str, content: bytes) -> bool:
    if content.startswith((ZIP, _EMPTY_ZIP)):
        return is_archive(content)
    return content.startswith(_ARCHIVES) or (name.lower().endswith(_ARCHIVE_NAMES) and not content[:200].isascii())


def _litter(name: str) -> bool:
    lower = name.replace("\\", "/").lower()
    last = lower.rpartition("/")[2]
    return "__macosx/" in lower or last in _LITTER or last.startswith("._")


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path with forward slashes; names a Mac wrote as UTF-8 without saying so are read as such."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return "".join(c if c.isprintable() else "\ufffd" for c in name.replace("\\", "/"))


def _size(size: int) -> str:
    return f"{size / MEGABYTE:,.0f} MB" if size >= MEGABYTE else f"{max(1, size // 1024)} kB"

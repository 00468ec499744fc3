"""What a file that cannot be read seems to be, and what to do instead: one sentence each."""

import io
import re
import zipfile

from .encoding import utf16_without_mark
from .lines import lines_of

_REMEDY = "Export the search again as RIS, PubMed (nbib) or CSV and import that."
_AS_TABLE = "Save it in the spreadsheet program as XLSX or CSV and import that."
_AS_RIS = "Choose RIS, EndNote or BibTeX there instead, and import that."
_INSIDE = "Unpack it and import the files in it; a zip is unpacked here."

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF document", _REMEDY + " A full text is added on the page of its report."),
    (b"\x89PNG", "a picture (PNG)", _REMEDY),
    (b"\xff\xd8\xff", "a picture (JPEG)", _REMEDY),
    (b"GIF8", "a picture (GIF)", _REMEDY),
    (b"\x1f\x8b", "a compressed file (gzip)", _INSIDE),
    (b"BZh", "a compressed file (bzip2)", _INSIDE),
    (b"\xfd7zXZ", "a compressed file (xz)", _INSIDE),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _INSIDE),
    (b"Rar!", "a RAR archive", _INSIDE),
    (b"{\\rtf", "an RTF document", _REMEDY),
    (b"SQLite format 3", "a database file", _REMEDY),
    (b"\x7fELF", "a program", _REMEDY),
    (b"MZ\x90", "a program", _REMEDY),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ZIPPED: tuple[tuple[str, str, str], ...] = (
    ("xl/workbook.bin", "a binary Excel workbook (XLSB)", _AS_TABLE),
    ("xl/", "a damaged Excel workbook (XLSX)", _AS_TABLE),
    ("word/", "a Word document", _REMEDY),
    ("ppt/", "a PowerPoint presentation", _REMEDY),
    ("Index/", "an Apple Numbers or Pages document", _AS_TABLE),
    ("content.xml", "an OpenDocument spreadsheet or text (ODS, ODT)", _AS_TABLE),
    ("META-INF/", "an e-book or a program's archive", _REMEDY),
)
_TEXT_KINDS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\A\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body|script|meta)\b", re.I | re.S),
        "a web page (HTML)",
        f"The session with the database may have ended. {_REMEDY}",
    ),
    (re.compile(r"marcxml|<controlfield\b", re.I), "MARC XML, a library catalogue's format", f"Export from the catalogue again. {_AS_RIS}"),
    (
        re.compile(r"officeDocument/2006/bibliography", re.I),
        "a Microsoft Word source list",
        f"Export from the reference manager it came from. {_AS_RIS}",
    ),
    (re.compile(r"\A\s*<\?xml|\A\s*<[A-Za-z][\w:.-]*[\s>/]"), "XML of another kind", _REMEDY),
    (re.compile(r"^cff-version:|^# YAML|^---\s*$\s*^\w+:", re.M), "a citation (CITATION.cff) or settings file in YAML", _REMEDY),
    (re.compile(r"^\s{0,8}@[A-Za-z]+\s{0,8}[{(]", re.M), "BibTeX without an entry, only macros or comments", _REMEDY),
    (re.compile(r"^PT [A-Z]\s*$\s*^AU ", re.M), "a piece of Web of Science tagged text (CIW)", _REMEDY),
    (re.compile(r"^%[0A-Z@] \S", re.M), "a piece of EndNote's Refer format (ENW) without a title", _REMEDY),
    (re.compile(r"^<\d+\.?\s*>", re.M), "Ovid tagged text", _REMEDY),
    (re.compile(r"\A\s*[\[{]"), "JSON", _REMEDY),
    (re.compile(r"^[A-Z]{2}- \S", re.M), "a library catalogue's own tagged text", f"Export from the catalogue again. {_AS_RIS}"),
    (
        re.compile(r"\A\s*1\. .{20,}?^(?:Author information|PMID: ?\d|DOI: ?10\.)", re.M | re.S),
        "PubMed's abstract view saved as text",
        _REMEDY,
    ),
    (re.compile(r"\A\s*+(?:(?:PMID:? ?)?\d{1,9}[\s,;]++){3,}+(?:\d{1,9}\s*+)?\Z", re.I), "a list of numbers, PubMed's perhaps", _REMEDY),
)


def refuse_bytes(data: bytes) -> str:
    """The sentence for bytes that are no text at all, or an empty string."""
    head = data[:1024].lstrip()
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            return _sentence(what, remedy)
    if data.startswith(_OLD_OFFICE):
        return _old_office(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside_zip(data)
    sample = data[:64_000]
    text_like = data[:2] in (b"\xff\xfe", b"\xfe\xff") or utf16_without_mark(data)
    odd = sum(sample.count(byte) for byte in range(32) if byte not in (9, 10, 11, 12, 13, 27))
    if not text_like and odd > 0.1 * len(sample) and len(sample) > 16:
        return _sentence("a binary file")
    return ""


def refuse_text(text: str, columns: list[str]) -> str:
    """The sentence for text of no known format. `columns` are its column names if it looks like a table."""
    head = text[:200_000]
    if not head.strip():
        return "The file is empty. Export the search again and import that file."
    for pattern, what, remedy in _TEXT_KINDS:
        if pattern.search(head):
            return _sentence(what, remedy)
    if columns and columns[0] == "column 1":
        return (
            "The file seems to be a table without names above its columns. "
            "Put names above them (title, authors, year, journal, doi, abstract) and import it again."
        )
    if columns:
        shown = ", ".join(f"“{name[:40]}”" for name in columns[:12] if name) + (" and more" if len(columns) > 12 else "")
        return (
            f"The file seems to be a table, but none of its columns holds titles (found: {shown}). "
            "Name the column of titles “title” and import it again."
        )
    lines = len(lines_of(head))
    what = "a short note" if lines <= 3 and len(head) < 400 else "plain text without references in a known format"
    return _sentence(what)


def looks_like_table(text: str) -> bool:
    """Whether text of no known format may still be a table whose columns a person could name."""
    head = text[:200_000].replace("\r", "\n")
    return bool(head.strip()) and not any(pattern.search(head) for pattern, _what, _remedy in _TEXT_KINDS)


def _sentence(what: str, remedy: str = _REMEDY) -> str:
    return f"The file seems to be {what}, which cannot be read as references. {remedy}"


def _old_office(data: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return _sentence(
            "an Excel or Word document locked with a password", "Save it without the password, as XLSX or CSV, and import that."
        )
    if holds("Workbook") or holds("Book"):
        return _sentence("an old Excel workbook (XLS)", _AS_TABLE)
    return _sentence("an old Word or Excel document")


def _inside_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, IndexError, RuntimeError, OSError):
        return _sentence("a zip archive that is damaged", "Make it again, or import the files in it one by one.")
    for start, what, remedy in _ZIPPED:
        if any(name.startswith(start) for name in names):
            return _sentence(what, remedy)
    return _sentence("a zip archive", "Import the files in it one by one.")

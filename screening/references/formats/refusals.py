"""What a file that cannot be read seems to be, and what to do instead: one sentence each."""

import re

from .lines import lines_of

_REMEDY = "Export the search again as RIS, PubMed (nbib) or CSV and import that."

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel document"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "a database file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_TEXT_KINDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\A\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype html|html|head|body)\b", re.I | re.S), "a web page (HTML)"),
    (re.compile(r"marcxml|<controlfield\b", re.I), "MARC XML, a library catalogue's format"),
    (re.compile(r"officeDocument/2006/bibliography", re.I), "a Microsoft Word source list"),
    (re.compile(r"\A\s*<\?xml|\A\s*<[A-Za-z][\w:.-]*[\s>/]"), "XML of another kind"),
    (re.compile(r"^cff-version:|^# YAML|^---\s*$\s*^\w+:", re.M), "a citation or settings file in YAML"),
    (re.compile(r"^\s{0,8}@[A-Za-z]+\s{0,8}[{(]", re.M), "BibTeX without an entry, only macros or comments"),
    (re.compile(r"^PT [A-Z]\s*$\s*^AU ", re.M), "a piece of Web of Science tagged text (CIW)"),
    (re.compile(r"^%[0A-Z@] \S", re.M), "a piece of EndNote's Refer format (ENW) without a title"),
    (re.compile(r"^<\d+\.?\s*>", re.M), "Ovid tagged text"),
    (re.compile(r"\A\s*[\[{]"), "JSON"),
    (re.compile(r"^[A-Z]{2}- \S", re.M), "a library catalogue's own tagged text"),
    (re.compile(r"\A\s*1\. .{20,}?^(?:Author information|PMID: ?\d|DOI: ?10\.)", re.M | re.S), "PubMed's abstract view saved as text"),
)


def refuse_bytes(data: bytes) -> str:
    """The sentence for bytes that are no text at all, or an empty string."""
    for magic, what in _MAGIC:
        if data.startswith(magic):
            return _sentence(what)
    if data.startswith(b"PK\x03\x04"):
        return _sentence(_inside_zip(data))
    sample = data[:64_000]
    text_like = data[:2] in (b"\xff\xfe", b"\xfe\xff") or _zeros_in_step(sample)
    odd = sum(sample.count(byte) for byte in range(32) if byte not in (9, 10, 11, 12, 13, 27))
    if not text_like and odd > 0.1 * len(sample) and len(sample) > 16:
        return _sentence("a binary file")
    return ""


def refuse_text(text: str, columns: list[str]) -> str:
    """The sentence for text of no known format. `columns` are its column names if it looks like a table."""
    head = text[:200_000]
    if not head.strip():
        return "The file is empty. Export the search again and import that file."
    for pattern, what in _TEXT_KINDS:
        if pattern.search(head):
            return _sentence(what)
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
    return bool(head.strip()) and not any(pattern.search(head) for pattern, _what in _TEXT_KINDS)


def _sentence(what: str) -> str:
    return f"The file seems to be {what}, which cannot be read as references. {_REMEDY}"


def _inside_zip(data: bytes) -> str:
    if b"xl/" in data[:200_000] or b"xl/workbook" in data:
        return "an Excel workbook (XLSX)"
    if b"word/" in data[:200_000]:
        return "a Word document"
    return "a zip archive"


def _zeros_in_step(sample: bytes) -> bool:
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return max(even, odd) > 0.3 * len(sample) // 2 and min(even, odd) < 0.05 * max(even, odd)

"""Full texts for the demonstration: PDFs of pages of lines, written out here, so that nobody's paper is handed on."""

import io
import textwrap
from collections.abc import Sequence

WIDTH, HEIGHT, SIZE, LEADING = 612, 792, 12, 16
LINE, LINES = 78, 40


def pdf_of(*pages: Sequence[str], title: str = "") -> bytes:
    """A PDF with one page for each list of lines (Latin letters), in Helvetica."""
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for lines in pages:
        words = b"BT /F1 %d Tf 72 %d Td %d TL " % (SIZE, HEIGHT - 72, LEADING)
        words += b" ".join(b"(" + _escaped(line) + b") Tj T*" for line in lines) + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>"
            % (WIDTH, HEIGHT, len(objects))
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    info = b""
    if title:
        objects.append(b"<< /Title (%s) >>" % _escaped(title))
        info = b" /Info %d 0 R" % len(objects)
    return written(objects, info)


def written(objects: Sequence[bytes], info: bytes = b"") -> bytes:
    """The file of these numbered objects, the first of them its catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for n, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (n, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, info, start))
    return out.getvalue()


def _escaped(line: str) -> bytes:
    return line.encode("latin-1", "replace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


METHODS = (
    "Methods. Two reviewers screened titles, abstracts and full texts independently and settled differences by discussion. "
    "The included primary studies were appraised with a published tool, and no study was left out for its rating."
)
SHARES = (
    "Results. Of the {n} studies included, {paid} evaluated peer support by workers who were paid for it; in {unclear} "
    "it was not reported whether they were. Comparators were usual care or the same service without peer workers."
)


def paper(title: str, abstract: str, *, n: int, paid: int, unclear: int) -> bytes:
    """A made-up paper of two pages that says what a reviewer looks for: how it was done, and how many of its studies count."""
    first = [*_lines(title), "", "Made for the demonstration of Brolly; not a publication.", "", "Abstract", *_lines(abstract)]
    second = [*_lines(METHODS), "", *_lines(SHARES.format(n=n, paid=paid, unclear=unclear))]
    return pdf_of(first[:LINES], second[:LINES], title=title)


def _lines(words: str) -> list[str]:
    return textwrap.wrap(words, LINE)

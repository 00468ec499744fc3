"""Small PDFs written by hand: pages of lines in Helvetica, and files that only look like one."""

import io
import zlib
from collections.abc import Sequence

WIDTH, HEIGHT, SIZE, LEADING = 612, 792, 12, 16


def pdf_of(*pages: Sequence[str], title: str = "") -> bytes:
    """A PDF with one page for each list of lines (Latin letters)."""
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
    return _written(objects, info)


def bomb(megabytes: int) -> bytes:
    """One page whose contents unpack to so many megabytes."""
    packed = zlib.compress(b"0 0 m " * (megabytes * 1024 * 1024 // 6), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R >>"
    return _written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>", stream, page], b"")


def _escaped(line: str) -> bytes:
    return line.encode("latin-1", "replace").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _written(objects: Sequence[bytes], info: bytes) -> bytes:
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

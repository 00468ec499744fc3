"""Small PDFs for the tests: pages of lines, as the demonstration's are written, and files that only look like one."""

import zlib

from config.demonstration.papers import pdf_of, written

__all__ = ["bomb", "pdf_of"]


def bomb(megabytes: int) -> bytes:
    """One page whose contents unpack to so many megabytes."""
    packed = zlib.compress(b"0 0 m " * (megabytes * 1024 * 1024 // 6), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 3 0 R >>"
    return written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>", stream, page])

"""Lines of a text by any line end: LF, CRLF, CR, mixed; nothing else ends a line."""

import io


def lines_of(text: str) -> list[str]:
    """Every line with its own line end kept, so that joining them gives the text back."""
    return list(io.StringIO(text, newline=""))

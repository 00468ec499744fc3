"""Where in its file the text of a record stands, so that it need not be kept a second time."""

from collections.abc import Iterator

from .model import ParsedRecord

# Between two records stands little: blank lines, a number, a banner. What is further away is not looked for.
NEAR = 4096
FIRST = 80


def placed(records: Iterator[ParsedRecord], text: str, mark: int) -> Iterator[ParsedRecord]:
    """The same records, with the place of each in bytes, where its text stands in that of the file to the letter.

    `mark`: how many bytes stand before the text, which is UTF-8. A record made anew by its reader (of a table, say) has no place.
    """
    plain = text.isascii()
    at, byte = 0, mark  # the end of the record before, in letters and in bytes
    for record in records:
        raw = record.raw
        begin = text.find(raw[:FIRST], at, at + NEAR + FIRST)
        if raw and begin >= 0 and text.startswith(raw, begin):
            byte += begin - at if plain else len(text[at:begin].encode())
            end = byte + (len(raw) if plain else len(raw.encode()))
            record.place = (byte, end)
            at, byte = begin + len(raw), end
        yield record

"""Reads the words of one PDF. A program of its own, run by `reading`: `python -I child.py FILE PAGES CHARACTERS SECONDS MEGABYTES`.

A PDF comes from anywhere, so it is opened only here: with a bounded memory, time and number of open files, and nothing of
the product loaded. Writes one JSON line per page to standard output, `{"n": 1, "text": …}`, after `{"pages": …, "title": …}`.
Ends with 3 where the file asks for a password, 4 where it is no PDF that can be read.
"""

import json
import resource
import sys

PASSWORD, DAMAGED = 3, 4


def _bounded(seconds: int, megabytes: int, characters: int) -> None:
    for what, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, megabytes * 1024 * 1024),
        (resource.RLIMIT_FSIZE, characters * 8),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _title(document: object) -> str:
    try:
        return str(document.get_metadata_value("Title"))[:500]
    except (UnicodeError, ValueError, RuntimeError):
        return ""


def main(path: str, pages: int, characters: int) -> int:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        return PASSWORD if "password" in str(error).lower() else DAMAGED
    n, left = len(document), characters
    print(json.dumps({"pages": n, "title": _title(document)}), flush=True)  # noqa: T201 (its answer)
    for number in range(min(n, pages)):
        try:
            text = document[number].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            text = ""
        text = text.encode("utf-8", "replace").decode()[:left]
        left -= len(text)
        print(json.dumps({"n": number + 1, "text": text}), flush=True)  # noqa: T201
        if left <= 0:
            break
    return 0


if __name__ == "__main__":
    path, pages, characters, seconds, megabytes = sys.argv[1], *map(int, sys.argv[2:])
    _bounded(seconds, megabytes, characters)
    sys.exit(main(path, pages, characters))

"""Damaged files of every format, the same ones for the same seed: bytes flipped, cut, repeated, moved between formats.

`python -m tests.references.formats.mutants 50000` reads that many and fails on the first that brings anything but a
reading or a sentence; `make fuzz` runs it, and `huge` files with it.
"""

import json
import multiprocessing
import random
import resource
import sys
import time
from collections.abc import Iterator
from operator import itemgetter

from screening.references.formats import ReadError, read

CSL = {
    "id": "a",
    "type": "book",
    "title": "One",
    "author": [{"family": "A", "given": "B"}],
    "issued": {"date-parts": [[2001, 2]]},
    "DOI": "10.1000/x",
}
SEEDS: dict[str, bytes] = {
    "ris": b"TY  - JOUR\nAU  - A, B\nTI  - One <sup>2</sup> &amp;\nPY  - 2001///\nSP  - 1\nEP  - 9\nDO  - 10.1000/x\n"
    b'N1  - RAYYAN-INCLUSION: {"A"=>"Included"}\nKW  - a;b\nAB  - long\n  wrapped\nER  - \n\n',
    "ovid ris": b"1. \r\nTY  - JOUR\r\nID  - 7\r\nT1  - One\r\nY1  - 2020//\r\nER  - \r\n\r\nLink to the Ovid Full Text: http://x\r\n\r\n",
    "nbib": b"PMID- 1\nOWN - NLM\nTI  - One\n      more\nFAU - A, B\nAU  - A B\nDP  - 2001 Jan\nPG  - 132-42\nAID - 10.1000/x [doi]\n\n",
    "wos": b"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU A, B\n   C, D\nTI One\nPY 2001\nBP 1\nEP 9\nDI 10.1000/x\nER\n\nEF\n",
    "enw": b"%0 Journal Article\n%A A, B\n%T One\n%D 2001\n%P 1-9\n%R 10.1000/x\n%K a\nb\n\n",
    "bibtex": rb"""@string{j = "Journal"}
@article{key, title = {One {\'e} $10^{-3}$}, author = "A, B and C, D", year = 2001, journal = j # { of X}, doi={10.1000/x}}
""",
    "ovid text": b"<1. >\nVN  - Ovid Technologies\nTI  - One. [Review]\nAU  - A, Bea MD\nSO  - Journal. 12(3):45-52, 2019 Mar.\n\n",
    "ovid names": b"<1>\nAuthor\n  A, Bea MD 1;  C, Dee PhD 2\nTitle\n  One.[Review]\nSource\n  Journal.   28(2):103-106, April 2015.\n\n",
    "endnote xml": b"<?xml version='1.0'?><xml><records><record><ref-type name='Book'>6</ref-type><contributors><authors>"
    b"<author>A, B</author></authors></contributors><titles><title><style>One</style></title></titles><dates>"
    b"<year>2001</year></dates></record></records></xml>",
    "pubmed xml": b"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><JournalIssue><PubDate>"
    b"<Year>2001</Year></PubDate></JournalIssue></Journal><ArticleTitle>One<sup>2</sup>&lt;</ArticleTitle><AuthorList><Author><LastName>A</LastName>"
    b"</Author></AuthorList></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>",
    "csl": json.dumps([CSL, CSL | {"id": "b", "editor": [], "note": "PMID: 7"}], indent=1).encode(),
    "refworks": b"RT Journal Article\nSR 1\nA1 A,B;C,D\nT1 One\nJF J\nYR 2001\nSP 1\nOP 9\nK1 a;b\nDO 10.1000/x\n\n",
    "cochrane text": b"Record #1 of 2\nID: CN-1\nAU: A B\nTI: One\nYR: 2001\nPG: 1-9\nPM: PUBMED 7\nKY: a; b\nDOI: 10.1000/x\nAB: long\n\n",
    "proquest text": b"Document 1 of 2\n\nOne\n\nAuthor: A, B; C, D\n\nPublication year: 2001\n\nProQuest document ID: 7\n____________\n\n",
    "json": json.dumps({"References": [{"Title": "One", "Authors": "A B ; ", "Year": "2001", "Codes": [1]}] * 2}, indent=1).encode(),
    "csv": b'title,author,year,abstract\n"One, two","A, B; C, D",2001,"x\ny"\nThree,"[\'A\']",2002,\n',
    "tsv": b"Title\tAuthors\tPublication Year\tDOI\nOne\tA B, C D\t2001\t10.1000/x\n",
    "utf-16": "TY  - JOUR\nTI  - Ünï\nER  - \n".encode("utf-16"),
    "gb18030": "%0 Journal Article\n%A 作者\n%T 一个标题的文字\n%D 2001\n".encode("gb18030"),
    "cp1252": "title,author\n“Ein Weg”,Müller\n".encode("cp1252"),
}
_SPLICES = (
    *(bytes([byte]) for byte in b'"\n\r\0,<>&{}\\$@%[]\x85\x0c\xc3'),
    *(b"\r\n", b"ER  - \n", b"TY  - ", b"&#0;", b"&#x110000;", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\\ud800", b"PMID- "),
    *(b"<1>\n", b"9" * 5000),
)


def mutants(count: int, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """(what it was made from, the damaged file) in turn through every format."""
    chance = random.Random(seed)
    names = list(SEEDS)
    for n in range(count):
        name = names[n % len(names)]
        data = bytearray(SEEDS[name] * chance.randint(1, 3))
        for _ in range(chance.randint(1, 8)):
            _damage(data, chance)
        yield name, bytes(data)


def _damage(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) + 1)
    match chance.randrange(6):
        case 0 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at:at] = chance.choice(_SPLICES)
        case 2:
            del data[at : at + chance.randint(1, 30)]
        case 3:
            data[at:at] = data[at : at + chance.randint(1, 60)] * chance.randint(1, 4)
        case 4:
            other = SEEDS[chance.choice(list(SEEDS))]
            begin = chance.randrange(len(other))
            data[at:at] = other[begin : begin + 80]
        case 5 if chance.random() < 0.3:
            del data[at:]


def wrong_with(data: bytes) -> str:
    """What is wrong with how `data` was read, or an empty string: a refusal must be a sentence, a reading must hold together."""
    try:
        reading = read(data)
    except ReadError as error:
        return "" if str(error).endswith((".", "?")) else f"no sentence: {error}"
    lines = [record.line for record in reading.records]
    if not lines or lines != sorted(lines):
        return f"no record, or out of order: {lines[:20]}"
    if [record.ordinal for record in reading.records] != list(range(1, len(lines) + 1)):
        return "ordinals do not count from one"
    for record in reading.records:
        kept = [record.raw, record.title, record.abstract, *record.authors, *(text for values in record.extra.values() for text in values)]
        if not record.raw or any("\0" in text for text in kept):
            return "an empty record, or a character no database stores"
        "".join(kept).encode()
    return ""


HEADS = {
    "ris": ("TY  - JOUR\nTI  - x\nAB  - ", "\nER  - \n"),
    "ris authors": ("TY  - JOUR\nTI  - x\nAU  - ", "\nER  - \n"),
    "nbib": ("PMID- 1\nOWN - NLM\nTI  - ", "\n"),
    "wos": ("FN Clarivate\nVR 1.0\nPT J\nTI x\nAU ", "\nER\n\nEF\n"),
    "enw": ("%0 Book\n%A A, B\n%T x\n%X ", "\n"),
    "bibtex value": ("@article{k,\n title={x},\n author={", "}}\n"),
    "bibtex body": ("@article{k,\n title={x},\n", "}\n"),
    "ovid": ("<1. >\nVN  - Ovid Technologies\nTI  - x\nAU  - ", "\n"),
    "ovid source": ("<1>\nTitle\n  x\nSource\n  ", "\n"),
    "pubmed xml": ("<PubmedArticle><PMID>1</PMID><ArticleTitle>", "</ArticleTitle></PubmedArticle>"),
    "endnote xml": ("<xml><record><ref-type>1</ref-type><title>", "</title></record></xml>"),
    "refworks": ("RT Book\nT1 x\nA1 ", "\n"),
    "cochrane text": ("Record #1 of 1\nID: 1\nTI: x\nAB: ", "\n"),
    "proquest text": ("Document 1 of 1\nx\nDatabase: y\nAuthor: ", "\n"),
    "json": ('{"items": [{"title":"x","year":1,"authors":"', '"}]}'),
    "csl": ('[{"id":"1","type":"book","issued":{"raw":"1"},"title":"', '"}]'),
    "csl body": ('[{"id":"1","type":"book","issued":{"raw":"1"},"title":"x"},', "]"),
}
FILLS = (
    *(" ", "a", "a ", ", ", "A, ", "<", "</", "<p ", "&", "&amp;", "{", "}", "[", "(", "\\", "\\'", "$", "$^{", "\t", "\u2028", "é"),
    *("\u200b", "\ufffd", "10.1000/", "10.1", "2001 ", "1,", "and ", "-", "#", "=", "= ,", "@a{", "KW  - a\n", "\n  x", "\n\n  x", "\na"),
    "<AuthorList><Author><LastName>a</LastName></Author></AuthorList>",
)
# Lines, cells and records of next to nothing; with them tables, and text of no format.
TINY = (
    *("\n", "a\n", " \r\n", "a\r", '"a,', "a,", '"",', '"a\nb",c,d\n', ",[]", ',"a":1', "a=b#", " a = {b},\n", "<a></a>", "&#65;", "漢\n"),
    *("%A a\n", "AU a\n", "TI  - a\n", "ID: a\n", "TY  - JOUR\n", "PT J\n", "<1>\n", "PMID- 1\n", "RT Book\n", "\u00e9\ufeff\n\x1a"),
    *("TY  - JOUR\nTI  - x\nER  - \n", "ty- JOUR\nti- x\n", "@a{k,t=1}\n", "%0 B\n%T x\n%A A\n\n", "PT J\nTI x\nER\n\n", "1,2,3\n"),
    *("<PubmedArticle><ArticleTitle>x</ArticleTitle></PubmedArticle>", "<record><ref-type/><title>x</title></record>"),
)
TABLES = {"csv": ("title,author,year\n", "\n"), "tsv": ("title\tauthor\tyear\n", "\n"), "nothing": ("", "")}


def huge(size: int, only: str = "") -> Iterator[tuple[str, bytes]]:
    """(format and filling, a file of `size` characters): filled with one thing over and over; the values of `only` one format."""
    for name, (head, tail) in ({only: HEADS[only]} if only else HEADS | TABLES).items():
        for fill in FILLS if only else FILLS + TINY:
            yield f"{name} of {fill!r}", (head + fill * ((size - len(head) - len(tail)) // len(fill)) + tail).encode()


def timed(data: bytes) -> float:
    """Processor seconds one file takes; whether it can be read is all the same."""
    start = time.process_time()
    try:
        read(data)
    except ReadError:
        pass
    return time.process_time() - start


def main(count: int) -> int:
    """Read `count` mutants and every huge file; say what failed, or how long the slowest took."""
    for name, data in mutants(count, seed=int(time.time())):
        wrong = wrong_with(data)
        if wrong:
            sys.stdout.write(f"{name}: {wrong}\n{data!r}\n")
            return 1
    slowest, largest = ("", 0.0), ("", 0.0)
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as alone:  # a process each: memory is that file's own
        for name, data in huge(5_000_000):
            seconds, megabytes = alone.apply(measured, (data,))
            slowest, largest = max(slowest, (name, seconds), key=itemgetter(1)), max(largest, (name, megabytes), key=itemgetter(1))
            if seconds > 2 or megabytes > 200:
                sys.stdout.write(f"{name}: {seconds:.1f} s, {megabytes:.0f} MB for 5 MB\n")
    most = f"at most {slowest[1]:.2f} s ({slowest[0]}), {largest[1]:.0f} MB ({largest[0]})"
    sys.stdout.write(f"{count} damaged files read or refused; 5 MB files: {most}\n")
    return int(slowest[1] > 2 or largest[1] > 200)


def measured(data: bytes) -> tuple[float, float]:
    """Processor seconds and additional megabytes of one file."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = timed(data)
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))

"""Rows in by COPY: many at once, in the order given. Only actions call what stands here."""

import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

import orjson
from django.db import connection, models
from django.db.models.expressions import DatabaseDefault

from screening.references.rules import without_nul


def copy_in(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert plain rows, with their values in the order of `columns`; the database fills the columns left out.

    A row that breaks a constraint ends the whole transaction, as COPY has no way of passing it over.
    """
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_statement(model, columns)) as copy:
        for row in rows:
            copy.write_row(row)


def copy_lines(model: type[models.Model], columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """Insert rows that are lines of COPY's text format already (`escaped`, `array`, NULL), in pieces of whole lines."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(_statement(model, columns)) as copy:
        for piece in lines:
            copy.write(piece)


def copy_packed(model: type[models.Model], columns: Sequence[str], rows: bytes) -> None:
    """Insert rows of COPY's binary format, one after the other: nothing to be escaped here, or found again there."""
    statement = f"{_statement(model, columns)} (FORMAT binary)"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in (_PACKED_BEGIN, rows, _PACKED_END):
            copy.write(piece)


_PACKED_BEGIN, _PACKED_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def _statement(model: type[models.Model], columns: Sequence[str]) -> str:
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    return f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"


def new_ids(n: int) -> Iterator[str]:
    """So many new ids as texts, in the order of time (RFC 9562, version 7): each stands beside the one before it in every index.

    Ids all over the place made writing a record, its join and its report take half as long again.
    """
    now, chance = time.time_ns() // 1_000_000, os.urandom(8 * n).hex()
    for at in range(n):
        if at % 4096 == 0:
            time_hex = f"{now + at // 4096:012x}"
            when = f"{time_hex[:8]}-{time_hex[8:]}-7"
        rest = chance[16 * at : 16 * at + 16]
        yield f"{when}{at % 4096:03x}-{_VARIANT[rest[0]]}{rest[1:4]}-{rest[4:]}"


_VARIANT = {letter: "89ab"[int(letter, 16) % 4] for letter in "0123456789abcdef"}
NULL = "\\N"


def escaped(texts: Sequence[str]) -> str:
    """Short texts as the fields of a line of COPY's text format, with tabs between. All at once, because most need nothing done."""
    line = "\t".join(texts)
    if line.count("\t") != len(texts) - 1 or "\\" in line or "\n" in line or "\r" in line:
        return "\t".join(as_field(text) for text in texts)
    return line


def as_field(text: str) -> str:
    """One text as a field of a line of COPY's text format."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    for letter, said in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        if letter in text:
            text = text.replace(letter, said)
    return text


def array(texts: Sequence[str]) -> str:
    """Texts as the value of an array of texts, as PostgreSQL writes it."""
    if not texts:
        return "{}"
    together = '","'.join(texts)
    if "\\" in together or together.count('"') != 2 * len(texts) - 2:
        together = '","'.join([text.replace("\\", "\\\\").replace('"', '\\"') for text in texts])
    return f'{{"{together}"}}'


def copy_objects(objects: Sequence[models.Model]) -> None:
    """Insert new objects of one model. What only the database knows (numbers of facts, their time) is not read back."""
    if not objects:
        return
    model = type(objects[0])
    fields = [field for field in model._meta.concrete_fields if not isinstance(getattr(objects[0], field.attname), DatabaseDefault)]
    # Texts, numbers, ids and arrays go as they are; what Django fills or wraps (times, JSON) it is asked for.
    asked = [n for n, field in enumerate(fields) if isinstance(field, models.JSONField) or getattr(field, "auto_now_add", False)]
    plain = attrgetter(*(field.attname for field in fields))

    def row(thing: models.Model) -> list[Any]:
        values = list(plain(thing))
        for n in asked:
            values[n] = fields[n].get_db_prep_save(fields[n].pre_save(thing, True), connection)
        return values

    copy_in(model, [field.column for field in fields], map(row, objects))


def as_json(value: Any) -> tuple[bytes, Any]:
    """A value as the text of a JSON column, without what such a column cannot hold; and the value as it then is."""
    try:
        text = orjson.dumps(value)
    except orjson.JSONEncodeError:
        text = b"\\u0000"
    if b"\\" not in text or b"\\u0000" not in text:
        return text, value
    value = without_nul(value)
    # As Python says it, where it is a number of no end.
    return json.dumps(value, ensure_ascii=False).encode(), value


def as_text(text: str) -> str:
    """A text as a column can hold it."""
    return text if "\x00" not in text and _encodable(text) else without_nul(text)


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

"""Rows of one project copied into another by the database itself: one statement a table.

The id of a copy is worked out from the id it was copied from, so rows that point at each other still do, and copying
twice gives nothing new. Where a row says who made it, the copy says who makes the sandbox: nobody else comes along.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from screening.projects.models import Membership, Project

# What the server gives each row by itself.
SERVERS = {"seq", "recorded_at"}


@dataclass(frozen=True)
class Copying:
    """From where to where, for whom, and how many reports at most."""

    origin: Project
    sandbox: Project
    maker: Membership
    reports: int

    def mapped(self, expression: str) -> str:
        """SQL for the id of the copy of the row with this id (NULL stays NULL).

        It says that it was made from a name (RFC 9562, version 3): one that looked like version 7 would be read as a moment.
        """
        digest = f"md5('{self.sandbox.pk.hex}' || ({expression})::text)"
        return f"overlay(overlay({digest} placing '3' from 13) placing 'a' from 17)::uuid"

    def rows(self, model: type[models.Model], where: str, params: list[Any], **instead: str) -> int:
        """Copy the rows of a table (as `t`) that meet a condition; gives how many. `instead`: SQL for single columns.

        A foreign key to another project's row is mapped like any other id, so its table must be copied first.
        """
        own = {field.column: instead.get(field.name) or self._value(field) for field in model._meta.concrete_fields if not _given(field)}
        columns = ", ".join(connection.ops.quote_name(column) for column in own)
        order = "t.seq" if any(field.name == "seq" for field in model._meta.concrete_fields) else "1"
        statement = (
            f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(own.values())} FROM {model._meta.db_table} t "  # noqa: S608 (names of our own)
            f"WHERE {where} ORDER BY {order} ON CONFLICT DO NOTHING"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, params)
            return cursor.rowcount

    def _value(self, field: models.Field) -> str:
        column = f"t.{connection.ops.quote_name(field.column)}"
        if field.related_model is Project:
            return f"'{self.sandbox.pk}'::uuid"
        if field.related_model is Membership:
            return f"CASE WHEN {column} IS NULL THEN NULL ELSE '{self.maker.pk}'::uuid END"
        if field.is_relation or (field.primary_key and isinstance(field, models.UUIDField)):
            return self.mapped(column)
        return column


def _given(field: models.Field) -> bool:
    return field.name in SERVERS or isinstance(field, models.AutoField)


_copied: list[tuple[int, Callable[[Copying], int]]] = []


def copied(order: int) -> Callable[[Callable[[Copying], int]], Callable[[Copying], int]]:
    """Register what a room copies into a sandbox, in the order of the rooms; it gives how many rows it copied."""

    def register(copy: Callable[[Copying], int]) -> Callable[[Copying], int]:
        _copied.append((order, copy))
        return copy

    return register


def copy_all(copying: Copying) -> int:
    return sum(copy(copying) for _, copy in sorted(_copied, key=lambda pair: pair[0]))

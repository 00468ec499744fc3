"""The database after a test that committed: emptied where there is something, not made anew.

Django truncates every table, which writes a new file for each table and index, and then makes permissions and kinds of
content again: half a second and more each time. Nearly all tables are empty, and the others hold a few rows.
"""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
"""What stands in a database nobody has used yet."""
SMALL = 4 * 1024 * 1024

TABLES = """
SELECT relname, pg_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND NOT relname = ANY(%s) ORDER BY relname
"""
MAY = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"


def emptied() -> bool:
    """Whether every table but those kept was emptied. Where one has grown, or the role may not, it is left to Django.

    As with TRUNCATE, whoever still writes is waited for. Facts refuse to be deleted and foreign keys ask about each row:
    neither is asked here.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MAY)
        (allowed,) = cursor.fetchone()
        cursor.execute(TABLES, [list(KEPT)])
        sizes = dict(cursor.fetchall())
        if not allowed or max(sizes.values()) > SMALL:
            return False
        tables = [connection.ops.quote_name(name) for name in sizes]
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute(TABLES, [list(KEPT)])
        # A table without a page has never had a row, or lost them all to TRUNCATE.
        used = [connection.ops.quote_name(name) for name, size in cursor.fetchall() if size]
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(";".join(f"DELETE FROM {name}" for name in used) or "SELECT")
    return True


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> Iterator[None]:
    anew = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        if not emptied():
            anew(case)

    with patch.object(TransactionTestCase, "_fixture_teardown", teardown):
        yield

"""The database as the hot statements use it: prepared once per connection, and several in one journey."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db


def prepared() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [row[0] for row in cursor.fetchall()]


def test_a_prepared_statement_is_kept_and_takes_other_values_each_time():
    for n in (1, 2, None):
        with connection.prepared_cursor() as cursor:
            cursor.execute("SELECT %(n)s::int AS kept_by_the_server", {"n": n})
            assert cursor.fetchone() == (n,)
    # One for numbers, one for what has no type of its own.
    assert sum("kept_by_the_server" in statement for statement in prepared()) == 2


def test_an_ordinary_statement_is_not_kept():
    with connection.cursor() as cursor:
        for n in range(8):
            cursor.execute("SELECT %s::int AS sent_each_time", [n])
    assert not any("sent_each_time" in statement for statement in prepared())


def test_statements_that_travel_together_run_in_their_order():
    with connection.prepared_cursor() as first, connection.prepared_cursor() as second:
        with connection.together():
            first.execute("CREATE TEMP TABLE travelled ON COMMIT DROP AS SELECT %s::int AS n", [7])
            second.execute("SELECT n FROM travelled")
        assert second.fetchone() == (7,)


def test_what_is_wrong_in_one_of_them_is_djangos_error_and_the_connection_goes_on():
    first, second = connection.prepared_cursor(), connection.prepared_cursor()
    with pytest.raises(DataError), transaction.atomic(), connection.together():
        first.execute("SELECT 1 / %s::int", [0])
        second.execute("SELECT 2")
    with connection.prepared_cursor() as cursor:
        cursor.execute("SELECT 3")
        assert cursor.fetchone() == (3,)


def test_a_broken_rule_is_an_integrity_error_as_elsewhere(team):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.prepared_cursor() as cursor, connection.together():
        cursor.execute(
            "INSERT INTO screening_project SELECT gen_random_uuid(), slug, title, summary, is_demonstration, created_at "
            "FROM screening_project WHERE id = %s",
            [team.project.pk],
        )


def test_a_wrapper_that_adds_a_statement_of_its_own_still_works():
    def beside(execute, sql, params, many, context):
        return execute(f"SELECT 0; {sql}", params, many, context)

    with connection.execute_wrapper(beside), connection.together(), connection.prepared_cursor() as cursor:
        cursor.execute("SELECT %s::int", [5])
        assert cursor.nextset()
        assert cursor.fetchone() == (5,)

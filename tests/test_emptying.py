"""After a test that committed nothing of it is left, and what a new database has is still there."""

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction

from screening.decisions.models import Decision
from screening.projects.models import Project, User
from screening.references.models import Record
from tests import emptying
from tests.cast import decide, import_titles, make_team

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            found[name] = cursor.fetchone()[0]
    return {name: n for name, n in found.items() if n}


@pytest.fixture
def decided():
    team = make_team()
    (report,) = import_titles(team, "Peers on wards")
    decide(team.ana, report, "include")
    assert Decision.objects.exists() and Record.objects.exists()
    return team


def test_facts_and_what_they_point_at_are_gone_and_the_rest_stands(decided):
    before = rows()
    assert emptying.emptied() is True
    assert rows() == {name: before[name] for name in emptying.KEPT}
    assert Permission.objects.filter(content_type__app_label="screening").exists()


def test_afterwards_facts_still_refuse_to_be_changed_and_foreign_keys_are_asked(decided):
    assert emptying.emptied() is True
    team = make_team()
    (report,) = import_titles(team, "Peers on wards")
    fact = decide(team.ana, report, "include")
    with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
        Decision.objects.filter(pk=fact.pk).update(note="Another.")
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM screening_user WHERE id = %s", [team.ana.user_id])


def test_tables_that_have_grown_are_left_to_django(decided, monkeypatch):
    monkeypatch.setattr(emptying, "SMALL", 0)
    assert emptying.emptied() is False
    assert Project.objects.exists() and User.objects.exists()

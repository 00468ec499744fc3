"""Nothing points at a report, record or join that is not there, though no foreign key asks about each row."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from screening.references.copying import copy_lines, new_ids
from screening.references.models import Join, Placement, Record

JOIN = ("id", "project_id", "payload_hash", "record_id", "report_id", "certainty", "reason")
NOWHERE = "00000000-0000-4000-8000-000000000000"


def refused(statement: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the commit
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("lost", ["record", "report"])
def test_one_row_of_many_that_points_nowhere_refuses_them_all(team, reports, lost):
    first = Join.objects.filter(project=team.project).first()
    line = "{}\t{}\t\t{}\t{}\tcertain\t\n"
    rows = [line.format(uuid.uuid4(), team.project.pk, uuid.uuid4(), first.report_id) for _ in range(1)]
    given = {"record": (NOWHERE, first.report_id), "report": (first.record_id, NOWHERE)}[lost]
    rows.append(line.format(uuid.uuid4(), team.project.pk, *given))
    before = Join.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_lines(Join, JOIN, ["".join(rows).encode()])
    assert Join.objects.count() == before


def test_places_and_stages_point_at_what_is_there(team, reports):
    placement = Placement.objects.filter(report=reports[0]).get()
    assert refused("UPDATE screening_placement SET join_id = %s WHERE record_id = %s", NOWHERE, placement.pk)
    assert refused("UPDATE screening_reportstage SET report_id = %s WHERE report_id = %s", NOWHERE, reports[0].pk)
    copied = "SELECT %s, stage, project_id, status, suspended, retrieval, n, requests, random_key, since FROM screening_reportstage LIMIT 1"
    into = "INSERT INTO screening_reportstage (report_id, stage, project_id, status, suspended, retrieval, n, requests, random_key, since) "
    assert refused(into + copied, NOWHERE)
    assert refused("INSERT INTO screening_placement (record_id, report_id, join_id) VALUES (%s, %s, %s)", NOWHERE, reports[0].pk, NOWHERE)


def test_a_report_stays_while_something_points_at_it(team, reports):
    assert refused("DELETE FROM screening_report WHERE id = %s", reports[0].pk)
    assert refused("UPDATE screening_report SET id = %s WHERE id = %s", NOWHERE, reports[0].pk)


def test_a_record_has_one_first_join(team, reports):
    first = Join.objects.filter(project=team.project).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_lines(Join, JOIN, [f"{uuid.uuid4()}\t{team.project.pk}\t\t{first.record_id}\t{first.report_id}\tcertain\t\n".encode()])


def test_new_ids_stand_in_the_order_of_time_and_are_never_the_same(team, reports):
    made = [*new_ids(9000), *new_ids(10)]
    assert made[:9000] == sorted(made[:9000]) and len(set(made)) == 9010
    assert {(uuid.UUID(one).version, uuid.UUID(one).variant, str(uuid.UUID(one)) == one) for one in made} == {(7, uuid.RFC_4122, True)}
    # A record's own id, too: it stands at the end of its index, not anywhere.
    assert all(key.version == 7 for key in Record.objects.values_list("pk", flat=True))

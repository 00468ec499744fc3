"""What a person said holds at the next import, with the real matching: not asked again, not joined, and not parted by the machine."""

from screening.flow.checks import check_project
from screening.references import actions
from screening.references.models import Placement, ProposedPair, Record, Report
from screening.references.queries import n_waiting, next_question
from tests.cast import add_source, import_file

ONE = "Peer support for people leaving psychiatric hospital: findings of a trial"


def entry(year=2020, place="VL  - 12\nIS  - 3\nSP  - 100-110\n"):
    return f"TY  - JOUR\nTI  - {ONE}\nAU  - Alder, J.\nPY  - {year}\nJO  - Journal of Made-up Peers\n{place}ER  - \n"


LATER = entry(2022, place="")


def two_likely(team):
    import_file(team, add_source(team), (entry() + LATER).encode())
    return next_question(team.project, "likely")


def say(team, question, verdict):
    from uuid import uuid4

    return actions.judge(by=team.coordinator, act=uuid4(), verdict=verdict, records=[column.record for column in question.columns]).act


def test_two_reports_kept_apart_are_not_asked_about_again_when_one_comes_in_anew(team):
    question = two_likely(team)
    assert question is not None and len(question.columns) == 2, list(ProposedPair.objects.values("kind", "score", "reasons"))
    say(team, question, "different")
    import_file(team, add_source(team, "PsycINFO"), (LATER + "\n").encode(), name="again.ris")
    assert Report.objects.filter(placements__isnull=False).distinct().count() == 2
    assert n_waiting(team.project, "likely") == 0 and check_project(team.project) == []


def test_a_record_a_person_parted_is_not_joined_again_by_the_machine(team):
    import_file(team, add_source(team), entry().encode())
    import_file(team, add_source(team, "PsycINFO"), (entry() + "\n").encode(), name="again.ris")
    record = Record.objects.order_by("seq").last()
    assert Placement.objects.get(record=record).report.placements.count() == 2
    parted = actions.split_record(by=team.coordinator, record=record, reason="Another paper of that name.")
    import_file(team, add_source(team, "Embase"), (entry() + "\n\n").encode(), name="third.ris")
    assert Placement.objects.get(record=record).report == parted and check_project(team.project) == []

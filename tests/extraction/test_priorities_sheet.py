"""Whose outcomes, in the summary: only figures that may be shown."""

from screening.protocol.actions import add_outcome
from screening.voices.priorities import actions
from tests.extraction.exporting import make, opened


def test_the_summary_holds_the_priorities_of_groups_that_may_be_shown(team):
    hope, work = (add_outcome(by=team.coordinator, label=label) for label in ("Hope", "=Work"))
    asked = actions.ask(by=team.coordinator, method="rating", smallest=3)
    for n, member in enumerate((team.ana, team.ben, team.working_group)):
        actions.answer(by=member, round_=asked, group="carers", values={hope.pk: 9 - n, work.pk: 5})
    actions.answer(by=team.observer, round_=asked, group="clinicians", values={hope.pk: 1, work.pk: 1})
    workbook, tables = opened(team.ana, make(team))
    assert len(tables["priorities.csv"]) == 1
    actions.close(by=team.coordinator, round_=asked)
    workbook, tables = opened(team.ana, make(team))
    header, *rows = tables["priorities.csv"]
    shown = [dict(zip(header, row, strict=True)) for row in rows if row[header.index("Median")]]
    assert [(row["Outcome"], row["Group"], row["People"], row["Median"]) for row in shown] == [
        ("Hope", "Carers and family", "3", "8"),
        ("'=Work", "Carers and family", "3", "5"),
    ]
    assert len(rows) == 2 * 6 and "Priorities" in workbook.sheetnames

"""A report of a withdrawn file that counts again is found by what it shows then, whatever changed in between."""

import pytest
from django.http import QueryDict

from screening.flow.checks import check_project
from screening.references import actions
from screening.references.models import Report
from screening.references.queries.finding import Asked
from screening.references.views.reports import list_context
from tests.cast import add_source, import_file

BARE = "TY  - JOUR\nTI  - {title}\nAU  - Sørensen, Å.\nPY  - 2019\nDO  - {doi}\n{more}ER  - \n"
TITLE = "Peer support in crisis teams"


def entry(title=TITLE, doi="10.1234/a", more=""):
    return BARE.format(title=title, doi=doi, more=more).encode()


def titles(member, words=""):
    return [row["report"].title for row in list_context(member, Asked.of(QueryDict(words)))["rows"]]


@pytest.fixture
def gone(team) -> Report:
    """A report whose only import was withdrawn, after the list had shown it."""
    wrong = import_file(team, add_source(team), entry(), "wrong.ris")
    assert titles(team.ana) == [TITLE]
    actions.withdraw(by=team.coordinator, import_run=wrong, reason="Exported without abstracts.")
    assert titles(team.ana) == []
    return Report.objects.get()


def found_again(team) -> bool:
    return titles(team.ana, "q=kaleidoscopes") == [TITLE] and check_project(team.project) == []


def test_by_a_file_that_has_its_abstract(team, gone):
    import_file(team, add_source(team, "Embase"), entry(more="AB  - With kaleidoscopes.\n"), "right.ris")
    assert Report.objects.count() == 1 and found_again(team)


def test_by_a_join(team, gone):
    import_file(team, add_source(team, "Embase"), entry("Bots as listeners", "10.1234/b", "AB  - With kaleidoscopes.\n"), "other.ris")
    other = Report.objects.exclude(pk=gone.pk).get()
    actions.join_reports(by=team.coordinator, keep=gone, other=other, reason="One report.")
    assert found_again(team)


def test_after_a_correction(team, gone):
    actions.correct(by=team.coordinator, report=gone, field="abstract", value="With kaleidoscopes.", reason="It was missing.")
    assert check_project(team.project) == [] and titles(team.ana) == []
    import_file(team, add_source(team, "Embase"), entry(more="VL  - 3\n"), "right.ris")
    assert found_again(team)

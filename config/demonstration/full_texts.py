"""Full texts of the demonstration: obtained, and read with a worksheet by both, by one, or by nobody yet."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any
from uuid import UUID

from config.demonstration.deciding import Team, decide, decision_id, is_made_up, number_of
from config.demonstration.papers import paper
from config.demonstration.worksheets import Read, excluding, including, told_by
from screening.decisions.models import ReportStage, Stage
from screening.fulltext.actions import record_retrieval
from screening.fulltext.documents.actions import keep_documents
from screening.fulltext.worksheet.actions import assess
from screening.fulltext.worksheet.queries import body_held_against
from screening.fulltext.worksheet.rules import Figures
from screening.projects import jobs
from screening.references.models import Report

PAPERS = 5  # full texts that come with a PDF


def read_full_texts(team: Team) -> None:
    """Most full texts were obtained; some are assessed by both, some by one, one pair differs."""
    desk = _Desk(team, body_held_against(team["alder"].project))
    for n, report in enumerate(_in_turn(team)):
        if not is_made_up(report):
            _read_real(team, report)
        elif _obtain(team, report, n):
            desk.read(report, n)
    for n, (report_id, content) in enumerate(islice(desk.papers.items(), PAPERS), start=1):
        file = (f"demonstration-{n}.pdf", io.BytesIO(content), len(content))
        _kept, job = keep_documents(by=team["birch"], files=[file], report_id=report_id)
        if job is not None:
            jobs.run(str(job.pk))


def _in_turn(team: Team) -> list[Report]:
    project = team["alder"].project
    rows = ReportStage.objects.filter(project=project, stage=Stage.FULL_TEXT, suspended=False).select_related("report")
    return sorted((row.report for row in rows), key=lambda report: (is_made_up(report), number_of(report.title)))


def _read_real(team: Team, report: Report) -> None:
    """The ten real reviews are included without answers: what a real paper holds is not for us to make up."""
    record_retrieval(by=team["birch"], report_id=report.pk, status="retrieved", detail="Through the library.")
    for name in ("birch", "cedar"):
        decide(team[name], report, "include", Stage.FULL_TEXT)


def _obtain(team: Team, report: Report, n: int) -> bool:
    if n % 6 == 1:
        return False
    held = n % 11 != 5
    detail = "Through the library." if held else "Not held by the library; the authors were written to twice."
    record_retrieval(by=team["birch"], report_id=report.pk, status="retrieved" if held else "not_retrieved", detail=detail)
    return held


@dataclass
class _Desk:
    """Who has read what, and the papers made for it."""

    team: Team
    body: Mapping[str, Any]
    papers: dict[UUID, bytes] = field(default_factory=dict)
    included: Iterator[int] = field(default_factory=count)
    excluded: Iterator[int] = field(default_factory=count)

    def read(self, report: Report, n: int) -> None:
        if n % 5 > 2:
            figures = Figures(3 + n % 9, 9 + n % 13, unclear=n % 3)
            self.papers[report.pk] = paper(report.title, report.abstract, n=figures.total, paid=figures.met, unclear=figures.unclear)
            # Of these most wait for somebody still.
            if n % 5 == 3:
                self._say(report, told_by(self.body, figures), *(("birch", "cedar") if n % 10 == 3 else ("birch",)))
        elif n % 9 == 7:
            self._say(report, including(self.body, n), "birch")
            self._say(report, excluding(self.body, 0), "cedar")
        else:
            said = including(self.body, next(self.included)) if n % 3 else excluding(self.body, next(self.excluded))
            self._say(report, said, "birch", "cedar")

    def _say(self, report: Report, said: Read, *names: str) -> None:
        for name in names:
            by = self.team[name]
            made = decision_id(by, report, Stage.FULL_TEXT)
            assess(by=by, report_id=report.pk, answer=said.answer, answered=said.answered, decision_id=made)

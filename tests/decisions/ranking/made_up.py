"""Made-up titles of two sorts, so that a ranking has something to learn."""

from typing import Any
from uuid import UUID, uuid4

from screening.decisions.models import ReportStage
from screening.decisions.ranking import actions
from screening.projects import jobs
from screening.projects.models import Job, Membership
from screening.references.models import Report
from tests.cast import Team, decide, import_titles

STAGE = "title_abstract"
WANTED = "Peer support and recovery by peer workers, review {}"
OTHER = "Gravel roads and drainage in cold places, survey {}"


def titles(wanted: int, other: int) -> list[str]:
    return [WANTED.format(n) for n in range(wanted)] + [OTHER.format(n) for n in range(other)]


def with_titles(team: Team, wanted: int, other: int) -> tuple[list[Report], list[Report]]:
    """Reports to screen: those that are wanted, and the others."""
    found = import_titles(team, *titles(wanted, other))
    return found[:wanted], found[wanted:]


def settle(team: Team, report: Report, answer: str) -> None:
    decide(team.ana, report, answer)
    decide(team.ben, report, answer)


def fit_now(team: Team) -> Job:
    """What beat and a worker do: a job where a fit is due, run to its end."""
    (job,) = [one for one in actions.start_due() if one.project_id == team.project.pk]
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    return job


def order_of(team: Team) -> list[Any]:
    """The reports of the latest order, the first first."""
    from screening.decisions.ranking.models import Rank

    return list(Rank.objects.filter(project=team.project).order_by("fit", "position").values_list("report", flat=True))


def open_reports(team: Team) -> set[Any]:
    rows = ReportStage.objects.filter(project=team.project, stage=STAGE, suspended=False, status="open")
    return set(rows.values_list("report", flat=True))


def lead_of(team: Team) -> Membership:
    """The coordinator, who screens no titles."""
    return team.coordinator


def walked(member: Membership, order: str, *, n: int, screen: bool = False) -> list[Any]:
    """All that a queue gives, n at a time, held by the client and never asked for again; decided on with `screen`."""
    from screening.decisions.actions import decide_and_offer, offer

    found = [UUID(report["id"]) for report in offer(by=member, stage=STAGE, limit=n, order=order)]
    place = 0
    while place < len(found):
        if screen:
            _, more = decide_and_offer(
                by=member,
                report_id=found[place],
                stage=STAGE,
                answer="exclude",
                decision_id=uuid4(),
                limit=n,
                without=found[place + 1 :],
                order=order,
            )
        else:
            more = offer(by=member, stage=STAGE, limit=n, without=found, order=order)
        found += [UUID(report["id"]) for report in more]
        place += 1
    return found

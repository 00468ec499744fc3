"""The small named cast: a coordinator, two blinded reviewers, an adjudicator, a working-group member, an outsider.

They are made up. `team` is a project with all of them in it; `found` gives it reports to screen.
"""

import io
from dataclasses import dataclass
from uuid import uuid4
from zlib import crc32

import pytest
from django.contrib.auth.hashers import make_password

from screening.projects import actions as projects
from screening.projects.models import Membership, Project, Role, RoleGrant, User
from screening.protocol import actions as protocol
from screening.references import actions as references
from screening.references.models import Report

PASSWORD = "umbrella-for-tests"


@dataclass
class Team:
    """A project and its people; each is a Membership, save the outsider, who is a User."""

    project: Project
    coordinator: Membership
    ana: Membership
    ben: Membership
    adjudicator: Membership
    working_group: Membership
    observer: Membership
    outsider: User

    @property
    def members(self) -> dict[str, Membership]:
        return {name: getattr(self, name) for name in ("coordinator", "ana", "ben", "adjudicator", "working_group", "observer")}


def make_user(name: str) -> User:
    return User.objects.create_user(f"{name}@example.org", PASSWORD, name=name.replace("_", " ").title())


ROLES = {
    "ana": Role.REVIEWER,
    "ben": Role.REVIEWER,
    "adjudicator": Role.ADJUDICATOR,
    "working_group": Role.WORKING_GROUP,
    "observer": Role.OBSERVER,
}


def make_team(title: str = "Peer support") -> Team:
    """As if the coordinator had invited everybody and given each a role; nearly every test begins so, and it is written at once."""
    made = User.objects.bulk_create(_unsaved(name) for name in ("coordinator", *ROLES, "outsider"))
    users = dict(zip(("coordinator", *ROLES, "outsider"), made, strict=True))
    coordinator = projects.create_project(user=users["coordinator"], title=title)
    project = coordinator.project
    joined = Membership.objects.bulk_create(
        Membership(project=project, user=users[name], shown_name=name.title(), roles=[role]) for name, role in ROLES.items()
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(project=project, by=coordinator, member=member, role=member.roles[0], granted=True) for member in joined
    )
    return Team(project=project, coordinator=coordinator, outsider=users["outsider"], **dict(zip(ROLES, joined, strict=True)))


def _unsaved(name: str) -> User:
    return User(email=f"{name}@example.org", name=name.replace("_", " ").title(), password=make_password(PASSWORD))


def add_source(team: Team, name: str = "MEDLINE", kind: str = "database"):
    return protocol.save_source(by=team.coordinator, name=name, kind=kind).source


def ris(*titles: str, start: int = 1) -> bytes:
    """A small RIS file with one report per title; each has its own author, DOI and abstract."""
    entries = [
        (
            f"TY  - JOUR\nTI  - {title}\nAU  - Author{n}, A.\nPY  - 2020\nDO  - "
            f"10.1234/test.{n}.{crc32(title.encode()) % 10**8}\nAB  - Abstract of {title}.\nER  - \n"
        )
        for n, title in enumerate(titles, start=start)
    ]
    return "\n".join(entries).encode()


def import_file(team: Team, source, content: bytes, name: str = "search.ris"):
    """Upload a file and read it to the end, as the worker would."""
    from screening.projects import jobs
    from screening.projects.models import Job

    imported, _ = references.upload(by=team.coordinator, source=source, name=name, content=io.BytesIO(content), size=len(content))
    job = Job.objects.filter(args__import=str(imported.pk)).latest("created_at")
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.failure_sentence
    return imported


def import_titles(team: Team, *titles: str, source=None) -> list[Report]:
    """Reports to screen, in the order of the titles."""
    import_file(team, source or add_source(team), ris(*titles))
    by_title = {report.title: report for report in Report.objects.filter(project=team.project)}
    return [by_title[title] for title in titles]


def decide(member: Membership, report: Report, answer: str | None, stage: str = "title_abstract", **more):
    from screening.decisions.actions import decide as write

    return write(by=member, report_id=report.pk, stage=stage, answer=answer, decision_id=uuid4(), **more)


@pytest.fixture
def team(db) -> Team:
    return make_team()


@pytest.fixture
def reports(team) -> list[Report]:
    return import_titles(
        team, "Peer support in crisis teams", "Family peer work in wards", "Bots as listeners", "Recovery colleges reviewed"
    )

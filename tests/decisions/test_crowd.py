"""Several reviewers at once over HTTP, as bench/crowd.py does it for longer and with more: nothing lost, nothing doubled."""

from urllib.parse import urlsplit

import pytest

from bench import crowd
from screening.decisions.models import Seat, Standing
from tests.cast import import_titles, make_team

REVIEWERS, SECONDS = 5, 5.0


@pytest.fixture
def desks(live_server, transactional_db):
    team = make_team()
    import_titles(team, *(f"Paid peer workers, part {n:03}" for n in range(150)))
    members = crowd._members(team.project, REVIEWERS)
    port = urlsplit(live_server.url).port
    return {
        member: crowd.Reviewer(port, team.project.slug, crowd.headers_of(member) | {"Host": urlsplit(live_server.url).netloc}, n)
        for n, member in enumerate(members)
    }


def test_what_five_reviewers_wrote_down_is_what_the_database_has(desks, monkeypatch):
    monkeypatch.setattr(crowd, "PACE", 0.05)
    monkeypatch.setattr(crowd, "TWICE", 0.3)
    crowd.at_work(list(desks.values()), SECONDS)
    logs = {member.pk: desk.log for member, desk in desks.items()}
    assert [error for desk in desks.values() for error in desk.errors] == []
    assert crowd.differences(logs) == []
    assert sum(map(len, logs.values())) > 20 and all(logs.values())
    # Two decide on each title, and no third was given a seat at it.
    per_report = list(Standing.objects.values_list("report_id", flat=True))  # who took theirs back made room for another
    assert max(per_report.count(report) for report in set(per_report)) <= 2
    assert Seat.objects.exists()


def test_the_comparison_sees_what_is_lost_doubled_or_changed(desks):
    desk = next(iter(desks.values()))
    member = next(iter(desks))
    desk.fetch()
    first, second = desk.held[:2]
    desk.send(first, "include")
    desk.send(second, "exclude")
    desk.connection.close()
    assert crowd.differences({member.pk: desk.log}) == []
    kept, other = desk.log
    assert any("nobody sent" in line for line in crowd.differences({member.pk: [kept]}))
    assert any("lost" in line for line in crowd.differences({member.pk: [kept, (other[0], second, "include")]}))
    assert any("stands otherwise" in line for line in crowd.differences({member.pk: [other, (kept[0], first, None)]}))
    assert any("3 sent, 2 in" in line for line in crowd.differences({member.pk: [kept, other, other]}))

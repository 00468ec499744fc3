"""An invitation holds only as long as whoever sent it may invite."""

import pytest
from django.urls import reverse

from screening.projects.actions import Refused, accept_invitation, invite, set_roles
from screening.projects.models import Membership


def test_a_coordinator_who_is_shown_out_keeps_no_way_back_in(client, team):
    set_roles(by=team.coordinator, member=team.observer, roles={"coordinator"})
    team.observer.refresh_from_db()
    _, secret = invite(by=team.observer, email="back@example.org", roles={"coordinator"})
    set_roles(by=team.coordinator, member=team.observer, roles=set())
    with pytest.raises(Refused, match="not a coordinator of the project any more"):
        accept_invitation(user=team.outsider, secret=secret)
    client.force_login(team.observer.user)
    page = client.get(reverse("join", args=[secret]))
    assert page.status_code == 410 and "not a coordinator of the project any more" in page.content.decode()
    assert client.post(reverse("join", args=[secret])).status_code == 410
    assert not Membership.objects.filter(project=team.project, user=team.outsider).exists()


def test_an_invitation_of_somebody_who_coordinates_still_holds(team):
    _, secret = invite(by=team.coordinator, email="new@example.org", roles={"reviewer"})
    assert accept_invitation(user=team.outsider, secret=secret).roles == ["reviewer"]

"""Every page of the URL table in a real browser: accessible, quiet on the console, and no wider than a phone, in both themes."""

import pytest
from django.test import Client

from screening.projects.actions import set_roles
from screening.projects.models import Role
from tests.browser.visitor import NARROW, Visitor, axe_findings, settled, too_wide
from tests.samples import everything
from tests.walk import routes

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def world(transactional_db):
    """The coordinator reviews and adjudicates too, so that every form of every page is met."""
    made = everything()
    set_roles(by=made.team.coordinator, member=made.team.coordinator, roles={Role.COORDINATOR, Role.REVIEWER, Role.ADJUDICATOR})
    return made


def pages_of(world, client: Client) -> list[str]:
    """The addresses of pages this person may open: one per route, two where a route has several kinds of thing."""
    found = []
    for route in routes():
        if route.is_api or "GET" not in route.rules:
            continue
        for address in dict.fromkeys([world.urls(route)[0], world.urls(route)[-1]]):
            answer = client.get(address)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                found.append(address)
            answer.close()
    return found


@pytest.mark.parametrize("who", ["coordinator", "working_group"])
def test_every_page_is_accessible_quiet_and_narrow_in_both_themes(world, visitor, who):
    """In the dark everything that can be folded open is open."""
    member = world.team.members[who]
    client = Client()
    client.force_login(member.user)
    addresses = pages_of(world, client)
    assert len(addresses) > 20
    one: Visitor = visitor(member.user, viewport={"width": NARROW, "height": 740})
    faults = []
    for address in addresses:
        for scheme in ("light", "dark"):
            one.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            if scheme == "light":
                one.go(address)
            else:
                one.page.evaluate("for (const part of document.querySelectorAll('main details:not(.menu)')) part.open = true")
            settled(one.page)
            faults += [f"{address} ({scheme}): {fault}" for fault in [*axe_findings(one.page), *too_wide(one.page)]]
    assert not faults, "\n".join(faults)


def test_what_every_page_is_held_to_can_find_fault(visitor):
    one: Visitor = visitor(viewport={"width": NARROW, "height": 740})
    page = one.go("/accounts/login/")
    assert axe_findings(page) == [] and too_wide(page) == []
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/static/img/brolly.svg\">')")
    page.evaluate("Object.assign(document.querySelector('main img').style, {maxWidth: 'none', width: '900px'})")
    assert any("image-alt" in fault for fault in axe_findings(page))
    assert any("IMG" in fault for fault in too_wide(page))
    with one.expecting(404):
        one.go("/nothing/here/")
    assert one.troubles == []
    one.page.evaluate("fetch('/nothing/either/')")
    one.page.wait_for_load_state("networkidle")
    assert len(one.troubles) == 1
    one.troubles.clear()

"""The whole URL table, the API included, with every role, an outsider and nobody signed in."""

import pytest
from django.test import Client

from screening.projects.access import ACTIONS, reason_against
from tests.samples import everything
from tests.walk import Route, routes

ROLES = ("coordinator", "ana", "ben", "adjudicator", "working_group", "observer")
EVERY_DAY = ("coordinator", "observer")
"""Whoever may do most and least, and whoever screens; the others where everything is checked."""


def test_every_route_of_ours_declares_who_may_use_it():
    undeclared = [route.route for route in routes() if not route.rules]
    assert undeclared == []


def test_every_declared_rule_is_in_the_table():
    known = {*ACTIONS, "signed in", "anyone"}
    unknown = [(route.route, rule) for route in routes() for rule in route.rules.values() if rule not in known]
    assert unknown == []


@pytest.fixture
def world(db):
    return everything()


def answers(client: Client, world, route: Route) -> list[tuple[str, str, int]]:
    """(method, action, status) of each method that a route takes. One that takes none would prove nothing."""
    found = []
    for method, action in route.rules.items():
        accept = {"accept": "application/json"} if route.is_api else {}
        got = getattr(client, method.lower())(world.url(route), headers=accept).status_code
        if got != 405 or route.is_api:
            found.append((method, action, got))
    assert found, route.route
    return found


def project_routes() -> list[Route]:
    return [route for route in routes() if route.in_project]


def test_nobody_signed_in_is_sent_to_sign_in_or_refused(world):
    client = Client()
    for route in project_routes():
        for method, _, got in answers(client, world, route):
            assert got in ((401, 403) if route.is_api else (302,)), (method, route.route, got)


def test_an_outsider_learns_nothing(world):
    client = Client()
    client.force_login(world.team.outsider)
    for route in project_routes():
        for method, _, got in answers(client, world, route):
            assert got == 404, (method, route.route, got)


@pytest.mark.parametrize("role", [*EVERY_DAY, *(pytest.param(name, marks=pytest.mark.slow) for name in ROLES if name not in EVERY_DAY)])
def test_members_reach_what_their_roles_allow_and_nothing_else(world, role):
    member = world.team.members[role]
    client = Client()
    client.force_login(member.user)
    for route in project_routes():
        for method, action, got in answers(client, world, route):
            where = (role, method, route.route, action, got)
            if reason_against(member, action):
                assert got == 403, where
            else:
                # What rests on the thing itself (a conflict one is part of, an export of another's) may still be refused in words.
                assert got in (200, 201, 202, 204, 302, 400, 403, 404, 409, 422), where

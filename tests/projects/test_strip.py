"""The strip says where one is, also on a room's page among another room's pages."""

import pytest
from django.urls import reverse

from tests.cast import add_source, import_file, ris

pytestmark = pytest.mark.django_db


def places(client, address):
    return [place["label"] for place in client.get(address).context["strip"] if place["current"]]


def test_every_page_is_at_one_place(client, team):
    run = import_file(team, add_source(team), ris("Peer support in crisis teams"))
    client.force_login(team.coordinator.user)
    at = {
        reverse("references:imports", args=[team.project.slug]): "Identified",
        reverse("references:import", args=[team.project.slug, run.pk]): "Identified",
        reverse("decisions:bring-import", args=[team.project.slug, run.pk]): "Identified",
        reverse("references:reports", args=[team.project.slug]): "Identified",
        reverse("protocol:sources", args=[team.project.slug]): "Protocol",
        reverse("decisions:desk", args=[team.project.slug]): "Titles",
        reverse("fulltext:list", args=[team.project.slug]): "Full texts",
        reverse("flow:project", args=[team.project.slug]): "Project",
    }
    assert {address: places(client, address) for address in at} == {address: [label] for address, label in at.items()}

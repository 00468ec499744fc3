"""Looking at pages as a member."""

import pytest


@pytest.fixture
def browse(client, team):
    """Sign in as a member and give back the client."""

    def as_member(member):
        client.force_login(member.user if hasattr(member, "user") else member)
        return client

    return as_member

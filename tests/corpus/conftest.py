"""The web server of the replays."""

import pytest
from django.core.servers.basehttp import WSGIRequestHandler


@pytest.fixture
def site(live_server, monkeypatch) -> str:
    """The address of the test's web server, told to send small answers at once on kept connections (else 40 ms each)."""
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    return live_server.url

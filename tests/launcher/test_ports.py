"""Which port the web server gets."""

import socket
from collections.abc import Iterator

import pytest

from config.dev import ports
from config.dev.processes import LaunchProblem


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_the_first_free_port_is_taken(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setattr(ports, "FIRST", taken)
    monkeypatch.setattr(ports, "LAST", taken + 20)
    with ports.listen(None) as listener:
        assert taken < listener.getsockname()[1] <= taken + 20


def test_any_port_does_when_the_usual_ones_are_all_taken(monkeypatch: pytest.MonkeyPatch, taken: int) -> None:
    monkeypatch.setattr(ports, "FIRST", taken)
    monkeypatch.setattr(ports, "LAST", taken)
    with ports.listen(None) as listener:
        assert listener.getsockname()[1] != taken


def test_a_free_port_that_is_asked_for_is_taken(taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    with ports.listen(str(free)) as listener:
        assert listener.getsockname()[1] == free


def test_two_launchers_can_never_hold_the_same_port() -> None:
    with ports.listen(None) as first, ports.listen(None) as second:
        assert first.getsockname() != second.getsockname()


def test_the_socket_listens_before_the_web_server_is_there() -> None:
    with ports.listen(None) as listener:
        socket.create_connection(listener.getsockname(), timeout=2).close()


def test_a_taken_port_that_was_asked_for_is_refused_with_the_remedy(taken: int) -> None:
    with pytest.raises(LaunchProblem, match=f"Port {taken} is in use by another program. Leave PORT out"):
        ports.listen(str(taken))


@pytest.mark.parametrize("wanted", ["http", "0", "-1", "65536", "80 80", "８０００", "8000.5"])
def test_what_is_no_port_is_refused(wanted: str) -> None:
    with pytest.raises(LaunchProblem, match="write a whole number from 1 to 65535"):
        ports.listen(wanted)

"""The container's health check, asked of a server that is well, one that is not, and none."""

import importlib.util
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.shared import ROOT

spec = importlib.util.spec_from_file_location("web_is_well", ROOT / "deploy" / "web_is_well.py")
web_is_well = importlib.util.module_from_spec(spec)
spec.loader.exec_module(web_is_well)


class OnlyUnderItsName(BaseHTTPRequestHandler):
    """Answers as Django does: 400 to a host name that is not allowed."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"] == "brolly.example.org" else 400)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), OnlyUnderItsName)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/healthz"
    server.shutdown()
    server.server_close()


def test_a_server_that_answers_under_its_own_name_is_well(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "brolly.example.org,other.example.org")
    assert web_is_well.main(address) == 0


def test_a_refusal_is_not_well(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "elsewhere.example.org")
    assert web_is_well.main(address) == 1


def test_silence_is_not_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert web_is_well.main("http://127.0.0.1:9/healthz") == 1
    assert "127.0.0.1:9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("allowed", "host"),
    [("a.example,b.example", "a.example"), (" a.example ", "a.example"), (".b.example", "b.example"), ("*", "localhost")],
)
def test_the_name_it_asks_under_is_one_that_is_allowed(allowed: str, host: str) -> None:
    assert web_is_well.own_host(allowed) == host

"""The real thing, from a copy of the project as a person has it: one command, one address, nothing left."""

import re
import shutil
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest

from config.setup import assets
from tests.launcher.copies import launch, left_after, processes_of, remove_traces
from tests.shared import ROOT

pytestmark = pytest.mark.slow

# What a fresh clone does not have, or a set-up would make again.
NOT_CLONED = (".git", ".venv", "var", "node_modules", "staticfiles", "__pycache__", ".pytest_cache", ".hypothesis", "tests", ".env")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    assets.ensure(with_tests=False)
    made = tmp_path / "a fresh clone" / "brolly"
    shutil.copytree(ROOT, made, ignore=shutil.ignore_patterns(*NOT_CLONED))
    yield made
    remove_traces(made)


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert answer.status == 200
        return answer.read().decode(errors="replace")


def test_the_demonstration_starts_from_nothing_serves_its_pages_and_leaves_nothing(project: Path) -> None:
    launched = launch(project).wait_for_address()
    front = read(launched.url)
    assert "Brolly" in front
    sheets = re.findall(r'href="(/static/[^"]+\.css)"', front)
    assert sheets
    for sheet in sheets:
        fonts = re.findall(r'url\("?([^")]+\.woff2)', read(launched.url.rstrip("/") + sheet))
        for font in fonts:
            read(urljoin(launched.url.rstrip("/") + sheet, font))
    running = processes_of(project)
    launched.end(signal.SIGKILL)
    assert left_after(running, 60) == {}

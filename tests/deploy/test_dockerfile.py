"""The Dockerfile: clean by hadolint, from lock files alone, nobody's root in its last stage."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shared import ROOT

TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STAGES = re.split(r"(?m)^(?=FROM )", TEXT)[1:]


def lint(path: Path) -> "subprocess.CompletedProcess[str]":
    linter = Path(sys.executable).with_name("hadolint")
    return subprocess.run([linter, "--no-color", "--failure-threshold", "style", path], capture_output=True, text=True, check=False)


def test_the_linter_has_nothing_to_say() -> None:
    said = lint(ROOT / "Dockerfile")
    assert said.returncode == 0, said.stdout
    assert "hadolint ignore" not in TEXT


def test_the_linter_is_really_asked(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\nRUN apt-get install curl\n")
    said = lint(tmp_path / "Dockerfile")
    assert said.returncode == 1
    assert "DL3006" in said.stdout


def test_packages_come_from_lock_files_alone() -> None:
    installs = re.findall(r"(?:pip|npm) (?:install|ci)[^&\n\\]*", TEXT)
    assert [line.strip() for line in installs] == [
        "npm ci --omit=dev --ignore-scripts",
        "pip install --no-cache-dir --require-hashes -r requirements/base.txt",
    ]


def test_every_base_image_has_a_version() -> None:
    named = set()
    for stage in STAGES:
        image, name = re.match(r"FROM (\S+) AS (\w+)", stage).groups()
        assert image in named or re.search(r":\d+\.?\d*-", image), image
        named.add(name)


def test_the_last_stage_runs_unprivileged_and_carries_no_installer() -> None:
    last = STAGES[-1]
    assert re.search(r"(?m)^USER 10001:10001$", last)
    assert not re.search(r"\b(npm|pip|apt-get)\b", last)
    assert last.index("USER ") < last.index("CMD ")


def test_no_secret_stays_in_the_image() -> None:
    assert not re.search(r"(?m)^(ENV|ARG) .*(SECRET|PASSWORD|DATABASE_URL)", TEXT)


def test_secrets_and_data_of_this_machine_are_never_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".env", ".git", "var", ".venv", "node_modules"} <= set(ignored)


@pytest.mark.parametrize("path", re.findall(r"(?m)^COPY (?!--from)(.+) \S+$", TEXT))
def test_everything_copied_is_in_the_project(path: str) -> None:
    for part in path.split():
        assert (ROOT / part).exists(), part

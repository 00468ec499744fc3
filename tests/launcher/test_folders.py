"""`var/`: one launcher at a time, one secret key for good."""

import fcntl
import os
import stat
import threading
from pathlib import Path

import pytest

from config.dev import folders
from config.dev.processes import LaunchProblem

GONE = 2**22 - 3  # above the highest id a kernel gives out by default


def test_the_first_launcher_gets_the_folder(tmp_path: Path) -> None:
    var = folders.lock(tmp_path / "var")
    assert var.folder.is_dir()
    os.close(var.lock)


def test_a_second_is_told_where_the_first_answers(tmp_path: Path) -> None:
    first = folders.lock(tmp_path)
    first.note(folders.Running(os.getpid(), "http://127.0.0.1:8123/", "/nowhere"))
    with pytest.raises(LaunchProblem, match=r"already runs in this folder: http://127\.0\.0\.1:8123/"):
        folders.lock(tmp_path)
    os.close(first.lock)


def test_a_second_is_told_when_the_first_is_still_starting(tmp_path: Path) -> None:
    first = folders.lock(tmp_path)
    first.note(folders.Running(os.getpid(), "", "/nowhere"))
    with pytest.raises(LaunchProblem, match="it is starting"):
        folders.lock(tmp_path)
    os.close(first.lock)


def test_the_lock_is_awaited_while_a_killed_launchers_processes_end(tmp_path: Path) -> None:
    left = os.open(tmp_path / ".lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(left, fcntl.LOCK_EX)
    threading.Timer(0.5, os.close, [left]).start()
    os.close(folders.lock(tmp_path).lock)


def test_processes_that_never_end_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LINGER_SECONDS", 0.3)
    first = folders.lock(tmp_path)
    first.note(folders.Running(GONE, "http://127.0.0.1:8000/", "/nowhere"))
    with pytest.raises(LaunchProblem, match="Processes of an earlier start still hold"):
        folders.lock(tmp_path)
    os.close(first.lock)


def test_sockets_of_a_killed_launcher_are_swept_away_and_nothing_else(tmp_path: Path) -> None:
    stale = folders.make_sockets()
    (stale / "valkey.sock").touch()
    first = folders.lock(tmp_path / "var")
    first.note(folders.Running(GONE, "http://127.0.0.1:8000/", str(stale)))
    os.close(first.lock)
    os.close(folders.lock(tmp_path / "var").lock)
    assert not stale.exists()

    precious = tmp_path / "precious"
    precious.mkdir()
    second = folders.lock(tmp_path / "var")
    second.note(folders.Running(GONE, "", str(precious)))
    os.close(second.lock)
    os.close(folders.lock(tmp_path / "var").lock)
    assert precious.is_dir()


def test_a_note_that_cannot_be_read_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text("{ half a no")
    os.close(folders.lock(tmp_path).lock)


def test_a_folder_of_someone_else_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(folders.os, "open", refuse)
    with pytest.raises(LaunchProblem, match="belongs to another user"):
        folders.lock(tmp_path)


def test_the_secret_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    var = folders.Var(tmp_path, -1)
    key = var.secret_key()
    assert len(key) >= 64
    assert var.secret_key() == key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert folders.Var(tmp_path.parent, -1).secret_key() != key


def test_a_key_file_without_a_key_is_reported(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short\n")
    with pytest.raises(LaunchProblem, match="holds no usable key"):
        folders.Var(tmp_path, -1).secret_key()


def test_socket_paths_stay_short_enough_for_the_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / ("long" * 30)))
    made = folders.make_sockets()
    assert len(os.fsencode(made / "postgresql" / ".s.PGSQL.5432.lock")) <= 107
    made.rmdir()

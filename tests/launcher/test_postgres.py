"""Where PostgreSQL's programs and data go, and what is said of data it cannot use."""

import os
from pathlib import Path

import pytest

from config.dev import postgres
from config.dev.processes import Family, LaunchProblem

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives PostgreSQL another uid")
as_anyone_else = pytest.mark.skipif(os.geteuid() == 0, reason="root gives PostgreSQL another uid")


@as_anyone_else
def test_an_ordinary_user_runs_it_in_place(tmp_path: Path) -> None:
    place = postgres.find_place(tmp_path / "postgresql", tmp_path / "spare")
    assert place == postgres.Place(postgres.wheel_programs(), tmp_path / "postgresql", None)


@as_root
def test_root_copies_it_to_where_nobody_can_reach_it(tmp_path: Path) -> None:
    hidden, spare = tmp_path / "hidden", tmp_path / "spare"
    hidden.mkdir(mode=0o700)
    spare.mkdir()
    place = postgres.find_place(hidden / "postgresql", spare)
    assert place.uid == postgres.NOBODY
    assert place.data.is_relative_to(spare)
    assert (place.programs / "postgres").exists()
    assert str(place.data.parent) in (hidden / postgres.NOTE).read_text()
    assert postgres.find_place(hidden / "postgresql", spare) == place


@as_root
def test_data_of_a_removed_copy_at_the_same_path_is_left_alone(tmp_path: Path) -> None:
    hidden, spare = tmp_path / "hidden", tmp_path / "spare"
    hidden.mkdir(mode=0o700)
    spare.mkdir()
    before = postgres.find_place(hidden / "postgresql", spare)
    before.data.mkdir()
    (hidden / postgres.NOTE).unlink()
    after = postgres.find_place(hidden / "postgresql", spare)
    assert after.data != before.data
    assert before.data.is_dir()


@as_root
def test_a_vanished_database_is_never_silently_replaced(tmp_path: Path) -> None:
    hidden, spare = tmp_path / "hidden", tmp_path / "spare"
    hidden.mkdir(mode=0o700)
    spare.mkdir()
    place = postgres.find_place(hidden / "postgresql", spare)
    place.data.parent.rename(spare / "moved")
    with pytest.raises(LaunchProblem, match="there is none of ours"):
        postgres.find_place(hidden / "postgresql", spare)


@as_root
def test_a_copied_folder_does_not_share_the_originals_database(tmp_path: Path) -> None:
    spare = tmp_path / "spare"
    spare.mkdir()
    for name in ("original", "duplicate"):
        (tmp_path / name).mkdir(mode=0o700)
    original = postgres.find_place(tmp_path / "original" / "postgresql", spare)
    note = (tmp_path / "original" / postgres.NOTE).read_text()
    (tmp_path / "duplicate" / postgres.NOTE).write_text(note)
    assert postgres.find_place(tmp_path / "duplicate" / "postgresql", spare).data != original.data


def test_data_of_another_major_version_is_refused_with_the_remedy(tmp_path: Path) -> None:
    data = tmp_path / "postgresql"
    data.mkdir()
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(LaunchProblem, match=r"made by PostgreSQL 17 and this is 18\. Dump it"):
        postgres.start(Family(), postgres.Place(tmp_path, data, None), tmp_path, tmp_path)


def test_a_folder_that_is_no_database_is_not_overwritten(tmp_path: Path) -> None:
    data = tmp_path / "postgresql"
    data.mkdir()
    (data / "thesis.docx").write_text("years of work")
    with pytest.raises(LaunchProblem, match="holds no PostgreSQL data"):
        postgres.start(Family(), postgres.Place(tmp_path, data, None), tmp_path, tmp_path)
    assert (data / "thesis.docx").read_text() == "years of work"


def test_a_wheel_that_is_not_installed_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "find_spec", lambda _: None)
    with pytest.raises(LaunchProblem, match="run make setup"):
        postgres.wheel_programs()

"""Every command refuses bad input in one sentence and exit code 1, whoever calls it and with whatever environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.dev import folders
from tests.shared import ROOT
from tests.shell import Said, said_by

NOWHERE = "postgresql://postgres@127.0.0.1:1/none"


def ask(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py as a person would, with nothing in the environment but what is given."""
    return subprocess.run(
        [sys.executable, str(folder / "manage.py"), *words],
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def assert_refused(answer: subprocess.CompletedProcess[str] | Said, words: str) -> None:
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert words in answer.stderr
    assert answer.stderr.count("\n") == 1, answer.stderr


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with manage.py alone: no copy runs in it."""
    (tmp_path / "manage.py").write_text((ROOT / "manage.py").read_text())
    return tmp_path


@pytest.mark.parametrize("command", ["read_references", "find_duplicates", "compute_overlap", "agreement"])
def test_a_file_command_without_a_file_says_what_is_missing(command: str) -> None:
    assert_refused(said_by(command), "The following arguments are required: ")


REFERENCE = "TY  - JOUR\nTI  - Étude\nAU  - Müller, J\nER  - \n"


@pytest.mark.parametrize(
    ("command", "content", "printed"),
    [
        ("read_references", REFERENCE, '"title": "Étude"'),
        ("find_duplicates", REFERENCE, '"records": 1'),
        ("compute_overlap", "Study,Étude,B\nS,1,1\n", '"cca": 1.0'),
        ("agreement", "report,Étude,B\n1,include,include\n2,exclude,exclude\n", '"kappa": 1.0'),
    ],
)
def test_a_file_command_needs_nothing_but_its_file(tmp_path: Path, command: str, content: str, printed: str) -> None:
    file = tmp_path / "mine.csv"
    file.write_text(content, encoding="utf-8")
    answer = ask(command, str(file))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert printed in answer.stdout


def test_a_refusal_is_the_sentence_alone() -> None:
    answer = ask("compute_overlap", "no such file.csv")
    assert_refused(answer, "no such file.csv")
    assert "CommandError" not in answer.stderr


@pytest.mark.parametrize("words", [["prisma_counts", "any"], ["verify"]])
def test_a_command_that_needs_a_database_says_so(bare: Path, words: list[str]) -> None:
    assert_refused(ask(*words, folder=bare), "Set SECRET_KEY")


def test_a_database_that_does_not_answer_is_named_in_words(bare: Path) -> None:
    answer = ask("prisma_counts", "any", folder=bare, BROLLY_DEBUG="1", DATABASE_URL=NOWHERE, REDIS_URL="redis://127.0.0.1:1/0")
    assert_refused(answer, "The database does not answer: ")


def test_commands_speak_to_the_copy_that_runs_in_the_folder(bare: Path) -> None:
    var = folders.lock(bare / "var")
    environment = {"DATABASE_URL": NOWHERE, "REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": var.secret_key(), "BROLLY_DEMO": "1"}
    var.note_environment({**environment, "HOME": "not its business"})
    noted = bare / "var" / folders.RUN_ENV
    assert noted.stat().st_mode & 0o077 == 0
    assert "HOME" not in noted.read_text()
    assert_refused(ask("prisma_counts", "any", folder=bare), "The database does not answer: ")
    assert_refused(ask("prisma_counts", "any", folder=bare, DATABASE_URL=NOWHERE), "Set SECRET_KEY")
    var.forget()
    os.close(var.lock)
    assert_refused(ask("prisma_counts", "any", folder=bare), "Set SECRET_KEY")

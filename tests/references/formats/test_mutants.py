"""Two thousand damaged files, and values filled with one thing: read or refused in a sentence, in linear time."""

import pytest

from screening.references.formats import read
from tests.references.formats.mutants import HEADS, SEEDS, huge, mutants, timed, wrong_with


@pytest.mark.parametrize("name", SEEDS)
def test_the_seeds_are_whole(name):
    """Damage only means something to a file that was read before."""
    reading = read(SEEDS[name])
    assert reading.records[0].title
    assert not reading.not_read


def test_the_seeds_are_of_every_format():
    assert {read(data).format for data in SEEDS.values()} == {
        "RIS", "PubMed tagged (nbib)", "Web of Science (CIW)", "EndNote Refer (ENW)", "BibTeX", "Ovid text", "EndNote XML",
        "PubMed XML", "CSL-JSON", "CSV", "TSV", "RefWorks tagged", "Cochrane text", "ProQuest text", "JSON",
    }  # fmt: skip


def test_damaged_files_are_read_or_refused_with_a_sentence():
    damaged = list(mutants(2_000))
    assert {name for name, _ in damaged} == set(SEEDS)
    assert [(name, wrong, data) for name, data in damaged if (wrong := wrong_with(data))] == []


@pytest.mark.parametrize("name", HEADS)
def test_a_value_filled_with_one_thing_takes_linear_time(name):
    """50 kB in at most 0.5 s; what grows with the square takes minutes there. `make fuzz` reads the same at 5 MB."""
    slow = {what: seconds for what, data in huge(50_000, name) if (seconds := timed(data)) > 0.5}
    assert slow == {}

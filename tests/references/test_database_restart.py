"""The whole database goes down in the middle of an import, twice, and comes back: nothing is lost, nothing is there twice."""

import json
import os
import subprocess
import sys

import pytest

from tests.shared import ROOT


@pytest.mark.slow
def test_an_import_outlives_two_crashes_of_the_whole_database(tmp_path):
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL", "BROLLY_QUEUE", "BROLLY_DATA")}
    with (tmp_path / "said.log").open("wb") as log:
        found = subprocess.run(
            [sys.executable, "-m", "tests.references.restarting"],
            cwd=ROOT,
            env=kept | {"BROLLY_DEBUG": "1"},
            stdout=subprocess.PIPE,
            stderr=log,
            timeout=280,
            check=False,
        )
    assert found.returncode == 0, (tmp_path / "said.log").read_text(errors="replace")[-3000:]
    end = json.loads(found.stdout.decode().splitlines()[-1])
    assert 0 < end["seen"]["reading"] <= end["seen"]["matching"] == 6000
    assert end["tally"] == [6000, 5400, 600]
    assert end["counts"] == [6000, 6000, 6000, 5400]
    assert (end["twice"], end["wrong"]) == (0, [])

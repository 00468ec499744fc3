"""Where other people's real files lie: beside the project, never inside it.

Tests that need them skip with a clear reason where the folder is absent, so the project stands alone.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real files (../shared) is not beside the project")

"""With two screens the notes are on the one that the audience does not see."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_panels_and_notes_are_on_different_screens_and_can_be_exchanged(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ui.presentation.two_screens", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    before = ["laptop", 1200, 700, ""]
    on_laptop, on_projector = ["laptop", 1440, 900, "projector"], ["projector", 1280, 720, "laptop"]
    assert json.loads(done.stdout) == [before, on_laptop, on_projector, on_laptop, on_projector, before]

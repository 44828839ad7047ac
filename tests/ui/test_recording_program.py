"""A recording in the real program, beside the session."""

from __future__ import annotations

from pathlib import Path

from bpviz.ui.own_numbers.number_table import FIRST
from bpviz.ui.own_numbers.recording_panel import RecordingPanel
from tests.session.recording.loops import layers, recorded, train_layers
from tests.ui.conftest import OpenProgram


def test_an_opened_recording_shows_its_first_wrong_number_and_leaves_the_session(
    open_program: OpenProgram, tmp_path: Path
) -> None:
    driver = open_program()
    driver.wait_until_ready()
    driver.step("step_into")
    before, title = driver.position, driver.window.windowTitle()
    network = layers("no slope")
    with recorded(network, tmp_path) as recorder:
        train_layers(network, 5)
    driver.window.files.open(str(recorder.path))
    driver.wait_until(lambda: driver.model.own_numbers.recording.is_surveyed)
    panel = driver.window.docks.recording.panel
    assert isinstance(panel, RecordingPanel)
    driver.wait_until(lambda: panel.is_seen and "slope f&#x27;(z) is left out" in panel.verdict.text())
    assert (panel.recording.index, panel.choice.key()) == (0, ("delta", 2))
    assert panel.numbers.text(0, 0).startswith(FIRST)
    assert (driver.position, driver.window.windowTitle()) == (before, title)

"""Recordings, opened and compared by a session at work."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.session.engine.commands import CheckRecordedUpdate, OpenRecording, Reset, Run, SurveyRecording
from bpviz.session.engine.events import EpochsDone, Failed, RecordingOpened
from bpviz.session.recording.survey import Survey
from bpviz.session.recording.verdict import RecordedUpdateChecked
from tests.session.helpers import SMALL, Driver
from tests.session.recording.loops import layers, recorded, train_layers


def recording_of(folder: Path, bug: str | None = "no slope", epochs: int = 1) -> Path:
    network = layers(bug)
    with recorded(network, folder) as recorder:
        train_layers(network, epochs)
    return recorder.path


def is_last(survey: Survey) -> bool:
    return survey.start + len(survey.rows) == 60


def test_a_recording_is_opened_and_compared_beside_a_session_that_trains(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(Run())
        driver.expect(EpochsDone)
        driver.runner.post(OpenRecording(recording_of(tmp_path, epochs=5)))
        opened = driver.expect(RecordingOpened)
        driver.runner.post(SurveyRecording(opened.understood))
        driver.runner.post(CheckRecordedUpdate(opened.understood, 2))
        found = driver.expect(RecordedUpdateChecked)
        assert (found.index, found.checked.first) == (2, (("delta", 2), (0, 0)))
        rows = driver.expect(Survey, is_last).rows
        assert len(rows) == 28
        assert not any(row.is_right for row in rows)


@pytest.mark.slow
def test_another_session_does_not_end_the_comparison(tmp_path: Path) -> None:
    with Driver(SMALL) as driver:
        driver.runner.post(OpenRecording(recording_of(tmp_path, epochs=5)))
        opened = driver.expect(RecordingOpened)
        driver.runner.post(SurveyRecording(opened.understood))
        driver.runner.post(Reset())
        driver.expect(Survey, is_last)


def test_a_file_that_is_no_recording_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "mine.bpviz"
    path.write_text("nothing")
    with Driver(SMALL) as driver:
        driver.runner.post(OpenRecording(path))
        sentence = driver.expect(Failed).sentence
    assert sentence == f"{path} cannot be opened: it is not a recording; choose another file"

"""The window that a report opens gets the numbers of the report, and shows the same first wrong one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpviz
from bpviz.core.diagnosis.report import Report
from bpviz.session.recording.recording import Recording
from bpviz.session.recording.recording_file import read_recording
from bpviz.session.recording.understanding import understand
from tests.core.checking.programs import functions
from tests.session.recording.loops import X3, X4, Y1, Y4, classifier, layers, parameters, surveyed, verdicts


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Recording]:
    """Read the file of each window in place of opening it."""
    found: list[Recording] = []

    def read(command: list[str], **_: Any) -> None:
        assert command[:3] == [sys.executable, "-m", "bpviz"]
        found.append(read_recording(Path(command[3])))

    monkeypatch.setattr(subprocess, "run", read)
    monkeypatch.setattr(subprocess, "Popen", read)
    return found


def of_functions() -> Report:
    return bpviz.check(
        parameters(),
        X3.T,
        Y1.T,
        forward=functions.forward_propagation,
        backward=functions.backward_propagation,
        update=functions.update_parameters,
    )


@pytest.mark.slow
@pytest.mark.parametrize("wait", [True, False])
def test_the_window_shows_the_first_wrong_number_of_the_report(
    wait: bool, opened: list[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions, "BUG", "z for a")
    accumulated = bpviz.check(classifier("accumulated"), X3, np.eye(3)[np.arange(len(X3)) % 3])
    for report in (bpviz.check(layers("no slope"), X4, Y4), accumulated, of_functions()):
        report.open(wait=wait)
        assert report.first is not None
        understood = understand(opened[-1])
        index = next(index for index, row in enumerate(surveyed(understood)) if not row.is_right)
        checked = verdicts(understood, index)[-1].checked
        assert (index, checked.first and checked.first[0]) == (report.sample, report.first[:2])
        assert checked.causes[0] == report.causes[0]


def test_a_right_report_and_its_tolerance_go_with_it(opened: list[Recording]) -> None:
    report = bpviz.check(layers(), X4, Y4, tolerance=1e-3)
    report.open()
    assert opened[0].tolerance == 1e-3
    assert all(row.is_right for row in surveyed(understand(opened[0]), 1e-3))


def test_numbers_of_few_digits_are_as_right_in_the_window(opened: list[Recording]) -> None:
    rng = np.random.RandomState(0)
    W, b = rng.randn(4, 4), rng.randn(4)
    a = np.tanh(X4 @ W + b)
    numbers: dict[str, Any] = {"a": [np.round(a, 3)], "delta": [np.round((a - Y4) * (1 - a**2), 4)]}
    report = bpviz.check(W=[W], b=[b], X=X4, y=Y4, activations="tanh", loss="mse", **numbers)
    assert report.ok
    report.open()
    assert all(row.is_right for row in surveyed(understand(opened[0])))


def test_the_file_of_a_window_that_was_closed_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    paths: list[Path] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: paths.append(Path(command[3])))
    bpviz.check(layers(), X4, Y4).open()
    assert not paths[0].parent.exists()

"""Training loops of three students' programs, run as they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

import bpviz
from bpviz.session.recording.recorder import Recorder
from bpviz.session.recording.recording import Recording
from bpviz.session.recording.recording_file import read_recording
from bpviz.session.recording.survey import ComparedUpdate, survey_in_pieces
from bpviz.session.recording.understanding import Understood, understand
from bpviz.session.recording.verdict import RecordedUpdateChecked, check_update_in_pieces
from tests.core.checking.programs import dictionary, functions, layer_list

RNG = np.random.RandomState(8)
X4, X3 = RNG.randn(12, 4), RNG.randn(20, 3)
Y4, Y3 = np.eye(4)[RNG.randint(4, size=12)], np.eye(3)[RNG.randint(3, size=20)]
Y1 = RNG.randint(2, size=(20, 1)) * 1.0
RATE = 0.2


def layers(bug: str | None = None) -> Any:
    np.random.seed(1)
    return layer_list.Network([4, 4, 4, 4], "sigmoid", bug)  # type: ignore[no-untyped-call]


def train_layers(network: Any, epochs: int = 1) -> None:
    """Train one sample at a time, and look at all of them after each epoch."""
    for _ in range(epochs):
        for x, y in zip(X4, Y4, strict=True):
            network.backpropagation(x, y, RATE)
        network.feed_forward(X4)


def classifier(bug: str | None = None, dtype: Any = np.float64) -> Any:
    return dictionary.Classifier(3, 5, 3, dtype=dtype, bug=bug)  # type: ignore[no-untyped-call]


def train_classifier(network: Any, dtype: Any = np.float64) -> None:
    """Train on batches, of which the last is smaller, and look at all samples after each."""
    for start in range(0, len(X3), 6):
        x, y = X3[start : start + 6].astype(dtype), Y3[start : start + 6].astype(dtype)
        network.forward(x)
        network.backward(x, y)
        network.update(RATE)
        network.forward(X3.astype(dtype))


def parameters() -> Any:
    return functions.initialize(3, 4, 1)  # type: ignore[no-untyped-call]


def train_functions(given: Any, note: Callable[..., None] | None = None) -> Any:
    """Train on the whole data; return the new parameters."""
    for _ in range(4):
        _, cache = functions.forward_propagation(X3.T, given)  # type: ignore[no-untyped-call]
        gradients = functions.backward_propagation(given, cache, X3.T, Y1.T)  # type: ignore[no-untyped-call]
        if note:
            note(X3.T, Y1.T, given, cache, gradients, learning_rate=RATE)
        given = functions.update_parameters(given, gradients, RATE)  # type: ignore[no-untyped-call]
    return given


@contextmanager
def recorded(network: Any, folder: Path, **settings: Any) -> Iterator[Recorder]:
    with bpviz.record(network, folder / "mine.bpviz", **settings) as recorder:
        yield recorder


def recording_in(folder: Path) -> Recording:
    return read_recording(folder / "mine.bpviz")


def understood_in(folder: Path) -> Understood:
    return understand(recording_in(folder))


def surveyed(understood: Understood, tolerance: float | None = None) -> list[ComparedUpdate]:
    parts = [part for part in survey_in_pieces(understood, tolerance) if part]
    rows = [row for part in parts for row in part.rows]
    assert [part.start for part in parts] == list(range(0, len(rows), 32))
    return rows


def verdicts(understood: Understood, index: int, tolerance: float | None = None) -> list[RecordedUpdateChecked]:
    return [found for found in check_update_in_pieces(understood, index, tolerance) if found]

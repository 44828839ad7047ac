"""Three programs as students write them, recorded while they train: mistakes are found, and right ones are right."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.checking.programs import functions
from tests.core.checking.test_programs import same
from tests.session.recording.loops import (
    RATE,
    classifier,
    layers,
    parameters,
    recorded,
    recording_in,
    surveyed,
    train_classifier,
    train_functions,
    train_layers,
    understood_in,
    verdicts,
)


def found(folder: Path, index: int = 0) -> tuple[Any, Any]:
    """Return the first wrong array of an update, and the likeliest cause."""
    understood = understood_in(folder)
    checked = verdicts(understood, index)[-1].checked
    assert checked.first is not None
    assert surveyed(understood)[index].first == checked.first[0]
    return checked.first[0], checked.causes[0]


def test_the_list_of_layers_is_right_and_trains_as_without_recording(tmp_path: Path) -> None:
    network, alone = layers(), layers()
    train_layers(alone, 2)
    with recorded(network, tmp_path) as recorder:
        train_layers(network, 2)
    assert same(network, alone)
    assert str(recorder).endswith("mine.bpviz: 24 updates, all of them recorded.")
    understood = understood_in(tmp_path)
    assert all(row.is_right for row in surveyed(understood))
    raw = understood.recording.updates[-1].raw
    assert (raw.learning_rate, understood.activations) == (RATE, ("sigmoid",) * 3)
    assert {key[0] for key in raw.numbers} == {"a", "error", "delta", "W_after", "b_after"}
    assert [update.number for update in understood.recording.updates] == list(range(1, 25))


@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        ("transpose", ("error", 2), "weights_not_transposed"),
        ("raw error", ("error", 2), "error_instead_of_delta"),
        ("no slope", ("delta", 2), "slope_left_out"),
        ("too early", ("error", 2), "weights_already_updated"),
        ("descent", ("W_after", 3), "sign_flipped"),
        ("no bias", ("b_after", 3), "bias_not_updated"),
    ],
)
def test_a_mistake_in_the_list_of_layers_is_found_at_the_first_update(
    bug: str, first: object, cause: str, tmp_path: Path
) -> None:
    network, alone = layers(bug), layers(bug)
    train_layers(alone)
    with recorded(network, tmp_path):
        train_layers(network)
    assert same(network, alone)
    assert found(tmp_path) == (first, cause)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_dictionary_is_right_and_trains_as_without_recording(dtype: Any, tmp_path: Path) -> None:
    network, alone = classifier(dtype=dtype), classifier(dtype=dtype)
    train_classifier(alone, dtype)
    with recorded(network, tmp_path):
        train_classifier(network, dtype)
    assert same(network, alone)
    understood = understood_in(tmp_path)
    assert all(row.is_right for row in surveyed(understood)), surveyed(understood)
    raws = [update.raw for update in understood.recording.updates]
    assert [len(raw.x) for raw in raws] == [6, 6, 6, 2]
    assert all({"z", "a", "dW", "db", "W_after", "b_after"} == {key[0] for key in raw.numbers} for raw in raws)
    assert {array.dtype for raw in raws for array in raw.numbers.values()} == {np.dtype(dtype)}
    assert {raw.learning_rate for raw in raws} == {RATE}


@pytest.mark.parametrize("dtype", [np.float64, pytest.param(np.float32, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        ("slope of output", ("dW", 3), "mse_delta_with_cross_entropy"),
        ("no weights", ("dW", 2), "weights_left_out"),
        ("tanh for relu", ("dW", 2), "slope_of_wrong_activation"),
        ("1/m twice", ("dW", 2), "divided_by_samples_twice"),
        ("slope of z", ("dW", 1), "slope_of_z"),
        ("no rate", ("W_after", 1), "learning_rate_left_out"),
    ],
)
def test_a_mistake_in_the_dictionary_is_found_at_the_first_update(
    bug: str, first: object, cause: str, dtype: Any, tmp_path: Path
) -> None:
    network = classifier(bug, dtype)
    with recorded(network, tmp_path):
        train_classifier(network, dtype)
    assert found(tmp_path) == (first, cause)


@pytest.mark.slow
def test_gradients_that_are_accumulated_are_wrong_from_the_second_update_on(tmp_path: Path) -> None:
    network = classifier("accumulated")
    with recorded(network, tmp_path):
        train_classifier(network)
    assert [row.is_right for row in surveyed(understood_in(tmp_path))] == [True, False, False, False]
    assert found(tmp_path, 1) == (("dW", 1), "gradients_accumulated")
    sentence = verdicts(understood_in(tmp_path), 1)[-1].checked.sentence
    assert sentence.startswith("The first wrong number is dW of layer 1 at (0, 0) of update 2: it is ")


@pytest.mark.parametrize("way", ["noted", pytest.param("as a module", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("bug", "first", "cause"),
    [
        (None, None, None),
        ("no bias", ("z", 1), "bias_left_out"),
        ("z for a", ("dW", 2), "z_instead_of_a"),
        ("db not averaged", ("db", 2), "sum_instead_of_mean"),
        ("no slope", ("dW", 1), "slope_left_out"),
        ("sign", ("dW", 1), "sign_flipped"),
        ("no bias update", ("b_after", 2), "bias_not_updated"),
    ],
)
def test_the_file_of_functions_is_recorded(
    bug: str | None, first: object, cause: str, way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(functions, "BUG", bug)
    start, before = parameters(), copy.copy(vars(functions))
    alone = train_functions(copy.deepcopy(start))
    if way == "noted":
        with recorded(None, tmp_path) as recorder:
            trained = train_functions(start, recorder.note)
    else:
        with recorded(functions, tmp_path):
            trained = train_functions(start)
    assert vars(functions) == before
    assert same(trained, alone)
    assert len(recording_in(tmp_path).updates) == 4
    if bug is None:
        assert all(row.is_right for row in surveyed(understood_in(tmp_path)))
    else:
        assert found(tmp_path) == (first, cause)

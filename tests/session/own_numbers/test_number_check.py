"""Own numbers, as numpy prints them, against the current update."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.core.mistakes.planted import PlantedTraining, plant
from bpviz.core.mistakes.program import Key
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.own_numbers.fitting import fitted
from bpviz.session.own_numbers.number_check import NumbersChecked, check_numbers_in_pieces
from bpviz.session.own_numbers.number_text import read_numbers
from bpviz.session.own_numbers.operand_keys import keys_of, name_of, right_numbers
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, network_of
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

WIDE = dataclasses.replace(SMALL, hidden=(5, 4), activations=("sigmoid", "tanh", "sigmoid"))


def update_of(experiment: Experiment, samples: int = 4) -> TracedUpdate:
    """Return an update with some samples, with biases that are not zero."""
    training = Training(experiment)
    training.run_epoch()
    return trace_update(training, np.arange(samples), UpdateKind.INSPECTED)


def printed(values: Array, digits: int = 3) -> str:
    """Return an array as numpy prints it with some significant digits."""
    return np.array2string(values, formatter={"float_kind": lambda value: f"{value:.{digits - 1}e}"}, threshold=10**6)


def pasted(numbers: OwnNumbers, update: TracedUpdate, key: Key, text: str) -> OwnNumbers:
    shape = right_numbers(update, key).shape
    fit = fitted(read_numbers(text), (shape[0], shape[1]), name_of(key))
    return numbers.with_block(key, (shape[0], shape[1]), fit.at, fit.values)


def program_of(update: TracedUpdate, *mistakes: tuple[str, int | None]) -> dict[Key, Array]:
    """Return the numbers of a program with mistakes, in the shapes of bpviz."""
    network = network_of(update)
    planted = [plant(network, name, layer) for name, layer in mistakes]
    program = PlantedTraining(network, planted).numbers(update.trace.x, update.trace.y, update.learning_rate)
    return {key: np.atleast_2d(program.value(*key)) for key in keys_of(update)}


def checked(update: TracedUpdate, numbers: OwnNumbers, tolerance: float | None = None) -> list[NumbersChecked]:
    results: Iterator[NumbersChecked | None] = check_numbers_in_pieces(update, numbers, tolerance)
    return [result for result in results if result]


def paste_all(update: TracedUpdate, numbers: dict[Key, Array], digits: int = 3) -> OwnNumbers:
    own = OwnNumbers()
    for key, values in numbers.items():
        own = pasted(own, update, key, printed(values, digits))
    return own


@pytest.mark.parametrize("samples", [1, 4])
@pytest.mark.parametrize("digits", [3, 5, 17])
def test_right_numbers_are_right_however_many_digits_are_printed(samples: int, digits: int) -> None:
    update = update_of(WIDE, samples)
    (result,) = checked(update, paste_all(update, program_of(update), digits))
    assert result.first is None
    assert result.sentence.startswith("Right: all ")
    assert set(result.wrong) == set(keys_of(update))
    assert not any(mask.any() for mask in result.wrong.values())


@pytest.mark.parametrize(
    ("mistake", "layer", "first"),
    [
        ("slope_left_out", 1, ("delta", 1)),
        ("slope_left_out", 2, ("delta", 2)),
        ("gradient_transposed", 2, ("dW", 2)),
        ("weights_already_updated", 1, ("error", 1)),
        ("sum_instead_of_mean", None, None),
        ("bias_left_out", 2, ("z", 2)),
        ("learning_rate_left_out", None, ("W_after", 3)),
        ("bias_not_updated", None, ("b_after", 3)),
    ],
)
def test_the_cause_of_a_planted_mistake_is_named(mistake: str, layer: int | None, first: Key | None) -> None:
    experiment = dataclasses.replace(WIDE, hidden=(4, 4)) if mistake == "gradient_transposed" else WIDE
    update = update_of(experiment)
    *before, result = checked(update, paste_all(update, program_of(update, (mistake, layer))))
    if first is None:
        assert result.first is None
        return
    assert result.first is not None
    assert result.first[0] == first
    assert mistake in result.causes
    assert result.wrong[first][result.first[1]]
    assert name_of(first) in result.sentence
    assert [each.is_searching for each in (*before, result)] == [True] * len(before) + [False]

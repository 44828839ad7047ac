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


def test_arrays_of_one_quantity_may_be_printed_with_different_digits() -> None:
    update = update_of(WIDE)
    own = OwnNumbers()
    for key, values in program_of(update).items():
        own = pasted(own, update, key, printed(values, 3 + 2 * key[1]))
    (result,) = checked(update, own)
    assert result.first is None


def test_numbers_of_float32_are_right_to_their_precision() -> None:
    update = update_of(WIDE)
    own = OwnNumbers()
    for key, values in program_of(update).items():
        single = values.astype(np.float32)
        noisy = np.nextafter(single, np.float32(1)) if key[0] in ("delta", "dW") else single
        own = pasted(own, update, key, np.array2string(noisy, floatmode="unique", threshold=10**6))
    (result,) = checked(update, own)
    assert result.first is None
    assert any("float32" in note for note in result.conventions)


def test_opposite_signs_as_in_the_articles_program_are_a_convention() -> None:
    update = update_of(WIDE)
    flipped = {("delta", layer): -program_of(update)["delta", layer] for layer in (1, 2, 3)}
    (result,) = checked(update, paste_all(update, flipped))
    assert result.first is None
    assert "Opposite in sign" in " ".join(result.conventions)
    np.testing.assert_allclose(result.right["delta", 1], flipped["delta", 1])


@pytest.mark.slow
def test_a_mistake_is_named_although_later_numbers_are_wrong_in_another_way() -> None:
    update = update_of(WIDE)
    numbers = program_of(update, ("slope_left_out", 2))
    numbers["b_after", 1] = numbers["b_after", 1] + [[0.0, 0.3, -0.2, 0.1, 0.5]]
    *_, result = checked(update, paste_all(update, {key: numbers[key] for key in (("delta", 2), ("b_after", 1))}))
    assert result.first is not None
    assert result.first[0] == ("delta", 2)
    assert "slope_left_out" in result.causes
    assert "after delta of layer 2 are wrong in another way" in result.sentence


def test_of_two_wrong_arrays_the_earlier_is_first_also_if_it_is_given_in_part() -> None:
    update = update_of(WIDE)
    numbers = program_of(update, ("slope_left_out", 2))
    own = paste_all(update, {("delta", 2): numbers["delta", 2]})
    own = own.with_block(("z", 1), (4, 5), (2, 3), np.array([[0.123]]))
    *_, result = checked(update, own)
    assert result.first == (("z", 1), (2, 3))
    assert "Give all numbers of z of layer 1" in result.sentence
    assert result.causes == ()
    assert int(result.wrong["z", 1].sum()) == 1


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_numbers_given_in_part_are_right_up_to_the_sign(sign: float) -> None:
    update = update_of(WIDE, 1)
    block = np.array([[float(f"{value:.3e}") for value in sign * program_of(update)["delta", 1][0, 1:4]]])
    (result,) = checked(update, OwnNumbers().with_block(("delta", 1), (1, 5), (0, 1), block))
    assert result.first is None
    assert result.sentence.startswith("Right so far: 3 of the numbers")


@pytest.mark.slow
def test_biases_that_bpviz_does_not_train_are_said() -> None:
    update = update_of(dataclasses.replace(WIDE, train_biases=False))
    numbers = program_of(update)  # of a program that trains them
    *_, result = checked(update, paste_all(update, numbers))
    assert result.first is not None
    assert result.first[0] == ("b_after", 3)
    assert any("biases are not trained" in note for note in result.conventions)


def test_arrays_of_another_shape_are_left_out() -> None:
    update = update_of(WIDE)
    (result,) = checked(update, OwnNumbers().with_block(("z", 1), (1, 2), (0, 0), np.ones((1, 2))))
    assert result.wrong == {}
    assert "shape" in result.sentence


def test_a_wider_tolerance_is_used() -> None:
    update = update_of(SMALL)
    near = {("dW", 1): program_of(update)["dW", 1] * (1 + 1e-5)}
    assert checked(update, paste_all(update, near, 15))[-1].first is not None
    assert checked(update, paste_all(update, near, 15), 1e-4)[-1].first is None


def test_new_parameters_of_another_optimiser_are_not_compared_with_plain_sgd() -> None:
    update = update_of(dataclasses.replace(SMALL, optimiser="adam"))
    after = OwnNumbers({("W_after", 1): update.layers[0].W_after + 1})
    *_, checked = (each for each in check_numbers_in_pieces(update, after) if each)
    assert checked.first is None
    assert checked.sentence.startswith("New weights and biases are compared for plain SGD only")
    right = OwnNumbers({("dW", 2): update.trace.layers[1].dW, **after.arrays})
    *_, checked = (each for each in check_numbers_in_pieces(update, right) if each)
    assert checked.first is None

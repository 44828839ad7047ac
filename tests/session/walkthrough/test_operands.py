"""Each operation is computed with plain numpy from its operands, in the order of the screen."""

import dataclasses
import math
import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operands import Operand, operands
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import EXPLOSIVE, SMALL

FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "gelu": lambda z: z * (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2,
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "sin": np.sin,
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(),
}
SLOPES: dict[str, Callable[[Array], Array]] = {
    "none": np.ones_like,
    "relu": lambda a: np.where(a > 0, 1, 0),
    "leaky_relu": lambda a: np.where(a > 0, 1, 0.01),
    "elu": lambda a: np.where(a > 0, 1, a + 1),
    # Of z, since a does not tell them.
    "gelu": lambda z: (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2 + z * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi),
    "silu": lambda z: (1 + np.exp(-z) * (1 + z)) / (1 + np.exp(-z)) ** 2,
    "softplus": lambda a: 1 - np.exp(-a),
    "sin": np.cos,
    "tanh": lambda a: 1 - a**2,
    "sigmoid": lambda a: a - a**2,
    "softmax": lambda a: a - a**2,
}
OPERATORS: dict[str, Callable[[Array, Array], Array]] = {
    "@": lambda left, right: left @ right,
    "+": lambda left, right: left + right,
    "−": lambda left, right: left - right,
    "∘": lambda left, right: left * right,
    "⊗": lambda column, row: column * row,
}


def network(*activations: str, **others: object) -> Experiment:
    return dataclasses.replace(SMALL, activations=activations, **others)  # type: ignore[arg-type]


EXPERIMENTS = {
    "sigmoid": SMALL,
    "identity": network("none", "none", "none"),
    "relu": network("relu", "leaky_relu", "sigmoid", initializer="he"),
    "tanh": network("tanh", "tanh", "tanh"),
    "softmax": network("relu", "tanh", "softmax"),
    "softmax, cross-entropy": network("tanh", "sigmoid", "softmax", loss="cross_entropy", classes=3, dataset="blobs"),
    "sigmoid, cross-entropy": network("tanh", "relu", "sigmoid", loss="cross_entropy"),
    "batch": dataclasses.replace(SMALL, batch_size=4),
    "batch, softmax": network("tanh", "tanh", "softmax", loss="cross_entropy", batch_size=5),
    "one layer": dataclasses.replace(SMALL, hidden=(), activations=("sigmoid",)),
}


@cache
def traced_update(experiment: Experiment) -> TracedUpdate:
    training = Training(experiment)
    training.run_epoch()
    return trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)


def at(update: TracedUpdate, operation: Operation) -> TracedUpdate:
    return dataclasses.replace(update, index=update.operations.index(operation) + 1)


def joined(value: Array, operand: Operand) -> Array:
    """Apply the sign before an operand."""
    other, sign = operand.values, operand.joined_by
    if sign in OPERATORS:
        return OPERATORS[sign](value, other)
    times = re.fullmatch(r"− (\S+) ×", sign)
    assert times, sign
    return value - float(times[1]) * other


def before_the_equals_sign(value: Array, sign: str) -> Array:
    if found := re.fullmatch(r"÷ (\d+) =", sign):
        return value / int(found[1])
    return value.mean(axis=0, keepdims=True) if sign == "mean =" else value


def recalculate(made: tuple[Operand, ...]) -> int:
    """Assert that both sides of every equals sign agree; return the number of equals signs."""
    count, value = 0, np.zeros((0, 0))
    for operand in made:
        if operand.joined_by in ("", ",", "→"):  # what an arrow leads to is held to a formula of its own below
            value = operand.values
        elif operand.joined_by in FUNCTIONS:
            value = FUNCTIONS[operand.joined_by](operand.values)
        elif operand.joined_by.endswith("="):
            result = before_the_equals_sign(value, operand.joined_by)
            np.testing.assert_allclose(result, operand.values, rtol=1e-10, atol=1e-14)
            count, value = count + 1, operand.values
        else:
            value = joined(value, operand)
    return count


@pytest.mark.parametrize("row", [0, -1])
@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_every_equation_holds(experiment: Experiment, row: int) -> None:
    update = traced_update(experiment)
    row %= len(update.samples)
    for operation in update.operations:
        made = operands(at(update, operation), row)
        is_calculated = all(operand.joined_by not in ("→", ",") for operand in made)
        assert recalculate(made) > 0 or not is_calculated, operation


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_the_last_operand_is_what_the_operation_computed(experiment: Experiment) -> None:
    update = traced_update(experiment)
    for operation in update.operations:
        last = operands(at(update, operation), 0)[-1].values
        if operation.quantity in ("z", "a", "error", "slope", "delta"):
            np.testing.assert_array_equal(last[0], update.value(operation)[0])
        elif operation.quantity in ("dW", "db"):
            np.testing.assert_array_equal(last.squeeze(), update.value(operation).squeeze())
        elif operation.quantity == "update":
            np.testing.assert_array_equal(last[0], update.layers[operation.layer - 1].b_after)


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_a_slope_follows_from_the_activation_beside_it(experiment: Experiment) -> None:
    update = traced_update(experiment)
    for layer, activation in enumerate(experiment.activations, start=1):
        a, slope = operands(at(update, Operation("slope", layer)), 0)
        np.testing.assert_allclose(slope.values, SLOPES[activation](a.values), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("row", [0, 2])
def test_the_loss_is_that_of_the_sample_and_follows_from_the_difference(row: int) -> None:
    update = traced_update(EXPERIMENTS["batch"])
    *_, difference, loss = operands(at(update, Operation("loss", 3)), row)
    assert loss.values.shape == (1, 1)
    assert loss.values[0, 0] == pytest.approx(0.5 * np.sum(difference.values**2), rel=1e-12)


def test_cross_entropy_follows_from_outputs_and_targets() -> None:
    z, y, loss = operands(at(traced_update(EXPERIMENTS["softmax, cross-entropy"]), Operation("loss", 3)), 0)
    shares = np.exp(z.values) / np.exp(z.values).sum()
    assert loss.values[0, 0] == pytest.approx(-np.log(shares[y.values == 1]).sum(), rel=1e-12)
    z, y, loss = operands(at(traced_update(EXPERIMENTS["sigmoid, cross-entropy"]), Operation("loss", 3)), 0)
    assert loss.values[0, 0] == pytest.approx((np.log(1 + np.exp(z.values)) - y.values * z.values).sum(), rel=1e-12)


def test_the_error_of_cross_entropy_follows_from_outputs_and_targets() -> None:
    a, y, error = operands(at(traced_update(EXPERIMENTS["sigmoid, cross-entropy"]), Operation("error", 3)), 0)
    np.testing.assert_allclose(error.values, (1 - y.values) / (1 - a.values) - y.values / a.values, rtol=1e-9)
    a, y, error = operands(at(traced_update(EXPERIMENTS["softmax, cross-entropy"]), Operation("error", 3)), 0)
    np.testing.assert_allclose(error.values, -y.values / a.values, rtol=1e-9)


# In which shape, and under which name


def signs(made: tuple[Operand, ...]) -> list[str]:
    return [operand.joined_by for operand in made]


def shapes(made: tuple[Operand, ...]) -> list[tuple[int, ...]]:
    return [operand.values.shape for operand in made]


def test_an_inner_delta_shows_where_its_error_came_from() -> None:
    made = operands(at(traced_update(SMALL), Operation("delta", 1)), 0)
    names = ["delta of layer 2", "Wᵀ of layer 2", "error of layer 1", "slope of layer 1", "delta of layer 1"]
    assert [operand.name for operand in made] == names
    assert signs(made) == ["", "@", "=", "∘", "="]
    assert shapes(made) == [(1, 3), (3, 4), (1, 4), (1, 4), (1, 4)]


def test_an_output_delta_shows_the_rule_of_its_loss() -> None:
    shown = {
        name: [operand.what for operand in operands(at(traced_update(EXPERIMENTS[name]), Operation("delta", 3)), 0)]
        for name in ("sigmoid", "sigmoid, cross-entropy", "softmax, cross-entropy", "softmax")
    }
    assert shown["sigmoid"] == ["error", "slope", "delta"]
    assert shown["sigmoid, cross-entropy"] == shown["softmax, cross-entropy"] == ["a", "y", "delta"]
    assert shown["softmax"] == ["error", "Σ error × a", "error − Σ", "a", "delta"]


def test_the_first_layer_reads_x() -> None:
    update = traced_update(SMALL)
    made = operands(at(update, Operation("z", 1)), 0)
    assert [operand.short_name for operand in made] == ["x", "W 1", "b 1", "z 1"]
    assert shapes(made) == [(1, 2), (2, 4), (1, 4), (1, 4)]
    gradient = operands(at(update, Operation("dW", 1)), 0)
    assert [operand.name for operand in gradient] == ["xᵀ", "delta of layer 1", "dW of layer 1"]
    assert shapes(gradient) == [(2, 1), (1, 4), (2, 4)]


def test_before_the_first_operation_there_are_inputs_and_targets() -> None:
    update = traced_update(dataclasses.replace(SMALL, batch_size=3))
    x, y = operands(update, 1)
    np.testing.assert_array_equal(x.values, update.trace.x[1:2])
    np.testing.assert_array_equal(y.values, update.trace.y[1:2])
    assert (x.column_layer, y.column_layer) == (0, 3)


def test_the_gradient_of_a_batch_reads_all_its_samples() -> None:
    update = traced_update(EXPERIMENTS["batch"])
    left, deltas, dW = operands(at(update, Operation("dW", 2)), 1)
    assert [left.values.shape, deltas.values.shape, dW.values.shape] == [(4, 4), (4, 3), (4, 3)]
    assert signs((left, deltas, dW)) == ["", "@", "÷ 4 ="]
    assert signs(operands(at(update, Operation("db", 2)), 1)) == ["", "mean ="]


def test_an_update_has_no_biases_if_they_are_not_trained() -> None:
    update = traced_update(dataclasses.replace(SMALL, train_biases=False))
    made = operands(at(update, Operation("update", 2)), 0)
    assert [operand.what for operand in made] == ["W", "dW", "new W"]
    trained = operands(at(traced_update(SMALL), Operation("update", 2)), 0)
    assert [operand.what for operand in trained] == ["W", "dW", "new W", "b", "db", "new b"]
    assert signs(trained) == ["", "− 0.1 ×", "=", "", "− 0.1 ×", "="]


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_rows_and_columns_are_as_many_as_the_neurons_they_stand_for(experiment: Experiment) -> None:
    update = traced_update(experiment)
    for operation in update.operations:
        for operand in operands(at(update, operation), 0):
            for axis, layer in enumerate((operand.row_layer, operand.column_layer)):
                if layer is not None:
                    assert operand.values.shape[axis] == experiment.sizes[layer], operand.name


@pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)
def test_what_a_product_sums_over_is_one_layer_on_both_sides(experiment: Experiment) -> None:
    update = traced_update(experiment)
    for operation in update.operations:
        for left, right in pairwise(operands(at(update, operation), 0)):
            if right.joined_by == "@":
                assert left.column_layer == right.row_layer


def test_a_cell_belongs_to_the_neuron_of_its_column_else_of_its_row() -> None:
    update = traced_update(SMALL)
    weights = operands(at(update, Operation("z", 2)), 0)[1]
    assert weights.neuron_at(3, 1) == (2, 1)
    taken = operands(at(update, Operation("dW", 2)), 0)[0]
    assert taken.neuron_at(3, 0) == (1, 3)
    assert operands(update, 0)[0].neuron_at(0, 1) is None  # an input is no neuron
    assert operands(at(update, Operation("loss", 3)), 0)[-1].neuron_at(0, 0) is None


def test_numbers_that_are_not_finite_are_shown_as_they_are() -> None:
    training = Training(EXPLOSIVE)
    training.network.parameters[:] = 1e200
    index = len(operations(3))
    update = trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN, index=index)
    found = [operands(at(update, operation), 0)[-1].values for operation in update.operations]
    assert not all(np.isfinite(values).all() for values in found)

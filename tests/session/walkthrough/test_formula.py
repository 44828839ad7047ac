"""Every line of numbers is evaluated, and its result compared with the trace."""

from __future__ import annotations

import dataclasses
import math
import re

import numpy as np
import pytest

from bpviz import Layer, NeuralNetwork
from bpviz.core import backprop
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.backprop import LayerTrace
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.arithmetic import Sum, difference, product, write
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.cross_entropy_numbers import binary, categorical
from bpviz.session.walkthrough.formula import Formula, formula
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.operations import Operation
from bpviz.session.walkthrough.traced_update import LayerChange, TracedUpdate, UpdateKind
from tests.combinations import combinations
from tests.session.walkthrough.calculator import Calculation, calculations, plain, worked_out
from tests.session.walkthrough.updates import ALL, HIDDEN, OUTPUTS, SMALL, at, traced_update


def shown(update: TracedUpdate, operation: Operation, row: int = 0, neuron: int = 0) -> Formula:
    return formula(at(update, operation), row, neuron)


def last(update: TracedUpdate, operation: Operation, row: int = 0, neuron: int = 0) -> Calculation:
    return calculations(shown(update, operation, row, neuron).numbers)[-1]


def values(done: LayerTrace, quantity: str, row: int, neuron: int) -> Array:
    """Return what may be shown of an operation: of dW any weight into the neuron."""
    value: Array = getattr(done, quantity)
    if quantity in ("dW", "db"):
        return np.atleast_1d(value[..., neuron])
    return np.atleast_1d(value[row, neuron])


def check(update: TracedUpdate, row: int, neuron: int) -> None:
    for operation in ALL:
        lines = shown(update, operation, row, neuron).numbers
        for calculation in calculations(lines):
            for step in calculation.worked_out():
                assert step == pytest.approx(calculation.result, rel=2e-5, abs=1e-12), (operation, lines)
        if operation.quantity in ("loss", "update"):
            continue
        traced = values(update.trace.layers[operation.layer - 1], operation.quantity, row, neuron)
        result = calculations(lines)[-1].result
        assert np.isclose(result, traced, rtol=1e-5, atol=1e-12).any(), (operation, lines)


# The arithmetic


@pytest.mark.parametrize(("hidden", "output", "loss"), combinations(HIDDEN, OUTPUTS, every=3))
@pytest.mark.parametrize("samples", [1, 3])
def test_every_line_evaluates_to_the_value_in_the_trace(hidden: str, output: str, loss: str, samples: int) -> None:
    experiment = dataclasses.replace(SMALL, activations=(hidden, output), loss=loss)
    update = traced_update(experiment, samples)
    for neuron in (0, 1):
        check(update, samples - 1, neuron)


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
@pytest.mark.parametrize("samples", [1, 20])
def test_long_sums_evaluate_to_the_value_in_the_trace(output: str, loss: str, samples: int) -> None:
    experiment = dataclasses.replace(SMALL, hidden=(30,), activations=("tanh", output), loss=loss)
    check(traced_update(experiment, samples), samples - 1, 1)


@pytest.mark.parametrize("samples", [1, 3, 20])
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_the_loss_is_that_of_the_trace_and_its_sample(output: str, loss: str, samples: int) -> None:
    update = traced_update(dataclasses.replace(SMALL, activations=("tanh", output), loss=loss), samples)
    lines = shown(update, Operation("loss", 2), samples - 1).numbers
    found = [each for each in calculations(lines) if each.name != "r"]
    assert found[0].result == pytest.approx(update.losses_before[samples - 1], rel=1e-8)
    assert found[-1].result == pytest.approx(update.trace.loss, rel=1e-5)
    assert len(found) == (1 if samples == 1 else 2)


@pytest.mark.parametrize("rate", [0.5, 1e-9])
def test_an_update_leads_from_the_weight_before_to_the_weight_after(rate: float) -> None:
    update = traced_update(dataclasses.replace(SMALL, learning_rate=rate))
    for layer in (1, 2):
        change, done = update.layers[layer - 1], update.trace.layers[layer - 1]
        source = int(np.argmax(np.abs(done.dW[:, 1])))
        lines = shown(update, Operation("update", layer), neuron=1).numbers
        weight, bias = calculations(lines)
        assert weight.name == f"W{source},1"
        assert weight.worked_out()[0] == pytest.approx(change.W_after[source, 1], rel=1e-8)
        assert weight.result == pytest.approx(change.W_after[source, 1], rel=1e-8)
        assert bias.result == pytest.approx(change.b_after[1], rel=1e-8)
        assert weight.steps[0].split(" − ")[0] != weight.steps[1]


def test_held_biases_are_said_to_be_held() -> None:
    update = traced_update(dataclasses.replace(SMALL, train_biases=False))
    lines = shown(update, Operation("update", 1)).numbers
    assert lines[1] == f"b<sub>0</sub> stays {write(float(update.layers[0].b[0]))}: biases are not trained."
    assert "b^" not in shown(update, Operation("update", 1)).latex
    assert "biases" not in caption(at(update, Operation("update", 1)), 0)


def test_a_gradient_is_of_the_weight_with_the_largest() -> None:
    update = traced_update(dataclasses.replace(SMALL, hidden=(12,)))
    source = int(np.argmax(np.abs(update.trace.layers[1].dW[:, 0])))
    found = last(update, Operation("dW", 2))
    assert found.name == f"dW{source},0"
    assert found.result == pytest.approx(update.trace.layers[1].dW[source, 0], rel=1e-8)
    assert f"from neuron {source} of layer 1" in shown(update, Operation("dW", 2)).numbers[-1]


# Long and short sums


def sum_of(values: list[float]) -> list[str]:
    numbers = np.array(values)
    return Sum(
        "S", numbers, lambda k, n: write(values[k], n), float(numbers.sum()), sources="neurons {numbers}"
    ).lines()


def test_six_terms_are_all_written() -> None:
    assert sum_of([1, 2, 3, 4, 5, 6]) == ["S = 1 + 2 + 3 + 4 + 5 + 6", "= 21"]


def test_of_seven_terms_the_four_largest_in_size_are_written_and_the_rest_is_one() -> None:
    assert sum_of([1, -7, 3, 4, 0.5, 6, 0.25]) == [
        "S = −7 + 6 + 4 + 3 + 3 smaller terms",
        "= −7 + 6 + 4 + 3 + 1.75 (3 smaller terms)",
        "= 7.75",
        "The 4 largest of 7 terms come from neurons 1, 5, 3, 2.",
    ]


def test_terms_that_nearly_cancel_are_written_longer() -> None:
    lines = sum_of([0.123456789012, -0.123456780000])
    assert worked_out(lines[0].partition("= ")[2]) == pytest.approx(9.012e-9, rel=1e-4)


def test_numbers_are_written_as_on_a_calculator() -> None:
    assert [write(value) for value in (0.15, -0.0, 1 / 3, 1.5e-5, 1.5e-6, -1.5e-9, 2e12)] == [
        "0.15",
        "0",
        "0.333333333",
        "0.000015",
        "1.5·10<sup>−6</sup>",
        "−1.5·10<sup>−9</sup>",
        "2·10<sup>12</sup>",
    ]
    assert product(-2.0, -3.0) == "(−2) × (−3)"
    assert difference(1.0, -0.5) == "1 − (−0.5)"


# Mazur's example, as published


def mazur() -> TracedUpdate:
    """Matt Mazur, "A Step by Step Backpropagation Example" (2015): his biases stay fixed."""
    network = NeuralNetwork(train_biases=False)
    network.add_layer(Layer(2, 2, "sigmoid", [[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35]))
    network.add_layer(Layer(2, 2, "sigmoid", [[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60]))
    done, after = backprop.trace(network, [[0.05, 0.10]], [[0.01, 0.99]]), network.copy()
    backprop.update(after, done, 0.5)
    layers = tuple(
        LayerChange("sigmoid", old.weights, old.bias, new.weights, new.bias)
        for old, new in zip(network.layers, after.layers, strict=True)
    )
    losses = np.array([done.loss])
    samples = np.array([0])
    return TracedUpdate(
        Position(), 0, UpdateKind.IN_TURN, samples, done, layers, 0.5, "mse", losses, losses, None, None
    )


@pytest.mark.parametrize(
    ("operation", "neuron", "published"),
    [
        (Operation("z", 1), 0, ["0.05 × 0.15 + 0.1 × 0.2 + 0.35", "0.3775"]),
        (Operation("a", 1), 0, ["0.593269992"]),
        (Operation("a", 1), 1, ["0.596884378"]),
        (Operation("z", 2), 0, ["0.593269992 × 0.4 + 0.596884378 × 0.45 + 0.6", "1.10590597"]),
        (Operation("a", 2), 0, ["0.75136507"]),
        (Operation("loss", 2), 0, ["0.274811083", "0.023560026", "0.298371109"]),
        (Operation("error", 2), 0, ["0.75136507 − 0.01", "0.74136507"]),
        (Operation("slope", 2), 0, ["0.186815602"]),
        (Operation("dW", 2), 0, ["0.138498562"]),
        (Operation("error", 1), 0, ["0.4", "0.0363503064"]),
        (Operation("slope", 1), 0, ["0.241300709"]),
    ],
)
def test_the_numbers_of_mazurs_example_are_the_published_ones(
    operation: Operation, neuron: int, published: list[str]
) -> None:
    lines = "\n".join(shown(mazur(), operation, neuron=neuron).numbers)
    assert [number for number in published if number not in lines] == [], lines


def test_w5_of_mazurs_example_becomes_the_published_one() -> None:
    # The largest gradient into o1 is that of w6, so the weight is chosen.
    update = mazur()
    lines = formula(at(update, Operation("dW", 2)), 0, 0, source=0).numbers
    assert plain("".join(lines)) == "dW0,0 = 0.593269992 × 0.138498562= 0.0821670406"
    line = formula(at(update, Operation("update", 2)), 0, 0, source=0).numbers[0]
    assert plain(line) == "W0,0 ← 0.4 − 0.5 × 0.0821670406 = 0.35891648"


AFTER = {
    1: [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
    2: [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
}


@pytest.mark.parametrize("layer", [1, 2])
@pytest.mark.parametrize("neuron", [0, 1])
@pytest.mark.parametrize("source", [0, 1])
def test_each_new_weight_of_mazurs_example_can_be_read(layer: int, neuron: int, source: int) -> None:
    lines = formula(at(mazur(), Operation("update", layer)), 0, neuron, source).numbers
    found = calculations(lines)[0]
    assert found.name == f"W{source},{neuron}"
    assert found.result == pytest.approx(AFTER[layer][neuron][source], abs=5e-9)
    assert not any("largest gradient" in line for line in lines)


# The ends of what numbers can be


@pytest.mark.parametrize("size", [math.nan, math.inf, -math.inf, 1e200, 1e-200, 0.0])
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_numbers_that_are_none_are_written_and_nothing_breaks(size: float, output: str, loss: str) -> None:
    update = traced_update(dataclasses.replace(SMALL, hidden=(9,), activations=("tanh", output), loss=loss), 3)
    layers = tuple(
        dataclasses.replace(done, **{name: np.full_like(getattr(done, name), size) for name in vars(done)})
        for done in update.trace.layers
    )
    broken = dataclasses.replace(update, trace=dataclasses.replace(update.trace, layers=layers, loss=size))
    for operation in ALL:
        assert all(shown(broken, operation).numbers)


def test_both_infinities_have_their_sign() -> None:
    assert [write(math.inf), write(-math.inf), write(math.nan)] == ["∞", "−∞", "not a number"]


def with_output(update: TracedUpdate, **quantities: float) -> TracedUpdate:
    """Return an update with some quantities of layer 2 set to a number, and its loss as it then is."""
    layer = update.trace.layers[1]
    layer = dataclasses.replace(layer, **{name: np.full_like(layer.z, value) for name, value in quantities.items()})
    loss = float(update.loss.value(layer.z, layer.a, update.trace.y).mean())
    return dataclasses.replace(
        update, trace=dataclasses.replace(update.trace, layers=(update.trace.layers[0], layer), loss=loss)
    )


@pytest.mark.parametrize(
    ("z", "words"), [(-0.5, "not above 0"), (0.0, "not above 0"), (0.5, "is above 0"), (1.0, "is above 0")]
)
def test_a_kink_is_at_0(z: float, words: str) -> None:
    update = with_output(traced_update(dataclasses.replace(SMALL, activations=("tanh", "relu"))), z=z)
    assert words in shown(update, Operation("slope", 2)).numbers[-1]


def test_an_ordinary_output_has_no_remark_on_its_error() -> None:
    update = traced_update(dataclasses.replace(SMALL, loss="cross_entropy"))
    assert len(shown(update, Operation("error", 2)).numbers) == 2


@pytest.mark.parametrize("z", [-300.0, -12.345678912, -0.123456789, 0.987654321, 12.345678912, 300.0])
@pytest.mark.parametrize(("output", "loss"), [("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")])
def test_cross_entropy_is_written_with_enough_digits(output: str, loss: str, z: float) -> None:
    update = traced_update(dataclasses.replace(SMALL, activations=("tanh", output), loss=loss))
    layer = update.trace.layers[1]
    zs = np.where(np.arange(2) == 0, z, 0.0)[None]
    layer = dataclasses.replace(layer, z=zs, a=ACTIVATIONS[output].f(zs, None))
    total = float(update.loss.value(layer.z, layer.a, update.trace.y)[0])
    trace = dataclasses.replace(update.trace, layers=(update.trace.layers[0], layer), loss=total)
    update = dataclasses.replace(update, trace=trace)
    for calculation in calculations(shown(update, Operation("loss", 2)).numbers):
        for step in calculation.worked_out():
            assert step == pytest.approx(calculation.result, rel=8e-9, abs=1e-15)


def test_targets_between_0_and_1_are_factors_of_their_terms() -> None:
    lines = "\n".join(categorical("L", np.array([0.5, 0.0]), np.array([0.25, 0.75]), 0.8490770))
    assert lines.count("0.25 × (") == lines.count("0.75 × (") == 1
    assert " × (" not in "\n".join(categorical("L", np.array([0.5, 0.0]), np.array([1.0, 0.0]), 0.4740770))


@pytest.mark.parametrize(("targets", "said"), [([0.0, 1.0], 1), ([0.0, 0.0], 0), ([1.0, 1.0], 1)])
def test_a_target_of_1_is_explained_where_there_is_one(targets: list[float], said: int) -> None:
    lines = binary("L", np.array([0.5, -0.5]), np.array(targets), 1.0)
    assert sum("Where the target is 1" in line for line in lines) == said


def test_a_saturated_output_is_explained_with_the_value_used_instead() -> None:
    update = traced_update(dataclasses.replace(SMALL, loss="cross_entropy"))
    off = dataclasses.replace(update.trace.layers[1], a=1.0 - update.trace.y)
    error = update.loss.error(off.a, update.trace.y)
    off = dataclasses.replace(off, error=error)
    trace = dataclasses.replace(update.trace, layers=(update.trace.layers[0], off), loss=1381.55)
    update = dataclasses.replace(update, trace=trace)
    for neuron, distance in enumerate((off.a - update.trace.y)[0].tolist()):
        *_, value_used, cancelled = shown(update, Operation("error", 2), 0, neuron).numbers
        assert "nearest number between 0 and 1" in value_used
        assert cancelled.startswith("The slope, ")
        assert cancelled.endswith(f", cancels it: delta is a − y, {write(distance)}.")


# The formula itself

SOFTMAX = {"activations": ("tanh", "softmax"), "loss_name": "cross_entropy"}


@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
def test_k_is_always_a_neuron_of_the_next_layer(output: str, loss: str) -> None:
    setting = FormulaContext((2, 25, 2), ("tanh", output), loss, 1, True)
    for operation in ALL:
        text = latex(operation, setting)
        assert ("_{k" in text or "{k}" in text) == (operation == Operation("error", 1)), text


@pytest.mark.parametrize("batch", [1, 32])
@pytest.mark.parametrize(("hidden", "output", "loss"), combinations(HIDDEN, OUTPUTS, every=3))
def test_formulas_name_the_layers_and_have_balanced_braces(hidden: str, output: str, loss: str, batch: int) -> None:
    setting = FormulaContext((2, 25, 2), (hidden, output), loss, batch, True)
    for operation in ALL:
        text = latex(operation, setting)
        assert "@" not in text
        assert text.count("{") == text.count("}")
        assert len(re.findall(r"\\left", text)) - text.count(r"\leftarrow") == len(
            re.findall(r"\\right(?!arrow)", text)
        )


@pytest.mark.parametrize(
    ("operation", "changes", "part"),
    [
        (Operation("z", 1), {}, r"\sum_{i=0}^{1} x_{i} W^{(1)}_{i,j} + b^{(1)}_{j}"),
        (Operation("z", 2), {}, r"\sum_{i=0}^{24} a^{(1)}_{i} W^{(2)}_{i,j}"),
        (Operation("a", 2), {}, r"\frac{1}{1 + e^{-z_{j}}}"),
        (Operation("error", 1), {}, r"\sum_{k=0}^{1} \delta^{(2)}_{k} W^{(2)}_{j,k}"),
        (Operation("delta", 1), {}, r"\odot f'"),
        (Operation("loss", 2), {}, r"\frac{1}{2} \sum_{j=0}^{1} \left(a^{(2)}_{j} - y_{j}\right)^{2}"),
        (Operation("delta", 2), {"loss_name": "cross_entropy"}, "= a^{(2)} - y"),
        (Operation("loss", 2), {"loss_name": "cross_entropy"}, r"\ln\left(1 + e^{z_{j}}\right) - y_{j} z^{(2)}_{j}"),
        (Operation("loss", 2), SOFTMAX, r"\ln \sum_{m=0}^{1} e^{z_{m}} - z^{(2)}_{j}"),
        (Operation("loss", 2), {}, "L = L_{s} = "),
        (Operation("loss", 2), {"samples": 32}, r"L = \frac{1}{32} \sum_{s=0}^{31} L_{s}, \quad L_{s} = "),
        (Operation("error", 2), {}, r"\frac{\partial L_{s}}{\partial a^{(2)}_{j}}"),
        (Operation("delta", 2), SOFTMAX, r"\mathrm{error}^{(2)}_{m} \frac{\partial a^{(2)}_{m}}{\partial z^{(2)}_{j}}"),
        (Operation("db", 2), {}, r"\frac{\partial L}{\partial b^{(2)}_{j}} = \delta^{(2)}_{j}"),
        (Operation("db", 2), {"samples": 32}, r" = \frac{1}{32} \sum_{s=0}^{31} \delta^{(2)}_{s,j}"),
        (Operation("dW", 2), {}, r"\frac{\partial L}{\partial W^{(2)}_{i,j}} = a^{(1)}_{i} \delta^{(2)}_{j}"),
        (Operation("dW", 2), {"samples": 32}, r"\frac{1}{32} \sum_{s=0}^{31} a^{(1)}_{s,i} \delta^{(2)}_{s,j}"),
    ],
)
def test_the_formula_is_that_of_this_network(operation: Operation, changes: dict[str, object], part: str) -> None:
    setting = FormulaContext((2, 25, 2), ("tanh", "sigmoid"), "mse", 1, True)
    assert part in latex(operation, dataclasses.replace(setting, **changes))  # type: ignore[arg-type]


def test_before_the_first_operation_the_input_is_written() -> None:
    update = traced_update(SMALL)
    x = ", ".join(write(value) for value in update.trace.x[0])
    assert formula(update, 0).numbers[0] == f"x = ({x})"


def test_an_update_has_the_formula_context_of_its_experiment() -> None:
    for trains in (True, False):
        experiment = dataclasses.replace(SMALL, batch_size=3, train_biases=trains)
        assert FormulaContext.of_update(traced_update(experiment, 3)) == FormulaContext.of_experiment(experiment)

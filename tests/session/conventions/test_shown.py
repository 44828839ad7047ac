"""In every combination of conventions each shown result is recomputed from the shown operands."""

import dataclasses
import itertools
import re

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.session.conventions.conventions import OWN, Conventions
from bpviz.session.diagnostics.causes import explain
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.walkthrough.captions import caption
from bpviz.session.walkthrough.formula import formula
from bpviz.session.walkthrough.formula_context import FormulaContext
from bpviz.session.walkthrough.latex import latex
from bpviz.session.walkthrough.operands import Operand, operands
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, as_shown
from tests.session.walkthrough.calculator import Calculation, calculations, worked_out
from tests.session.walkthrough.updates import OUTPUTS, SMALL, at, traced_update

#: Every combination of sign, half, rows or columns, and counting.
ALL = [Conventions(*chosen) for chosen in itertools.product((False, True), repeat=4)]
NAMED = [each.to_text() or "own" for each in ALL]


def experiment_of(output: str, loss: str) -> Experiment:
    return dataclasses.replace(SMALL, activations=("tanh", output), loss=loss)


def parameter(update: TracedUpdate, name: str) -> tuple[Array, Array, tuple[int, ...]]:
    """Return the parameters before and after, and the index of the one with a name like W1,2 or b1."""
    numbers = [int(each) - update.conventions.first for each in re.findall(r"\d+", name)]
    layer = update.layers[update.operation.layer - 1] if update.operation else update.layers[0]
    if name.startswith("b"):
        return layer.b, layer.b_after, tuple(numbers)
    if update.conventions.columns:
        numbers.reverse()
    return layer.W, layer.W_after, tuple(numbers)


def check_lines(update: TracedUpdate, row: int, neuron: int) -> None:
    for number in range(1, len(update.operations) + 1):
        here = dataclasses.replace(update, index=number)
        lines = formula(here, row, neuron).numbers
        for calculation in calculations(lines):
            check_calculation(here, calculation)
        check_result(here, row, neuron, calculations(lines))


def check_calculation(update: TracedUpdate, calculation: Calculation) -> None:
    for step in calculation.worked_out():
        assert step == pytest.approx(calculation.result, rel=2e-5, abs=1e-12), (update.operation, calculation)
    assert update.operation is not None
    if update.operation.quantity == "update":
        before, after, index = parameter(update, calculation.name)
        assert calculation.result == pytest.approx(after[index], rel=1e-8)
        assert worked_out(re.split(" [+−] ", calculation.steps[0])[0]) == pytest.approx(before[index], rel=1e-8)


def check_result(update: TracedUpdate, row: int, neuron: int, found: list[Calculation]) -> None:
    """Compare the last line with the number that the other panels show."""
    operation = update.operation
    assert operation is not None
    if operation.quantity in ("update", "loss"):
        return
    value = getattr(update.trace.layers[operation.layer - 1], operation.quantity)
    if operation.quantity in ("dW", "db"):
        shown = np.atleast_1d(value[..., neuron])
    else:
        shown = np.atleast_1d(value[row, neuron])
    assert np.isclose(found[-1].result, shown, rtol=1e-5, atol=1e-12).any(), operation


@pytest.mark.parametrize("conventions", ALL, ids=NAMED)
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
@pytest.mark.parametrize("samples", [1, 3])
def test_every_line_evaluates_to_the_number_that_is_shown(
    conventions: Conventions, output: str, loss: str, samples: int
) -> None:
    update = as_shown(traced_update(experiment_of(output, loss), samples), conventions)
    check_lines(update, samples - 1, 1)


@pytest.mark.parametrize("conventions", ALL, ids=NAMED)
def test_a_loss_is_worked_out_with_or_without_the_half(conventions: Conventions) -> None:
    raw = traced_update(experiment_of("sigmoid", "mse"), 3)
    update = as_shown(raw, conventions)
    lines = formula(at(update, Operation("loss", 2)), 0).numbers
    factor = 2.0 if conventions.whole else 1.0
    assert calculations(lines)[-1].result == pytest.approx(factor * raw.trace.loss, rel=1e-5)
    assert ("½" in lines[0]) != conventions.whole


# Operands


def recalculate(made: tuple[Operand, ...], conventions: Conventions) -> int:
    """Assert that both sides of every equals sign agree; return the number of equals signs."""
    count, value = 0, np.zeros((0, 0))
    for operand in made:
        sign, other = operand.joined_by, operand.values
        if sign.endswith("=") and sign != "=":
            found = re.fullmatch(r"([÷×]) (\d+) =", sign)
            by = 1.0 if not found else float(found[2]) if found[1] == "×" else 1 / float(found[2])
            value = by * value if found else value.mean(axis=int(conventions.columns), keepdims=True)
        if sign.endswith("="):
            np.testing.assert_allclose(value, other, rtol=1e-10, atol=1e-14)
            count += 1
        value = joined(value, sign, other)
    return count


def joined(value: Array, sign: str, other: Array) -> Array:
    match sign:
        case "@":
            return value @ other
        case "⊗" | "∘":
            return value * other
        case "+":
            return value + other
        case "−":
            return value - other
    step = re.fullmatch(r"([+−]) (\S+) ×", sign)
    if step is None:
        return other
    return value + (1 if step[1] == "+" else -1) * float(step[2]) * other


@pytest.mark.parametrize("conventions", ALL, ids=NAMED)
@pytest.mark.parametrize(("output", "loss"), OUTPUTS)
@pytest.mark.parametrize("samples", [1, 4])
def test_every_equation_of_arrays_holds(conventions: Conventions, output: str, loss: str, samples: int) -> None:
    update = as_shown(traced_update(experiment_of(output, loss), samples), conventions)
    for number, operation in enumerate(update.operations, start=1):
        made = operands(dataclasses.replace(update, index=number), samples - 1)
        is_calculated = all(each.joined_by in ("", "=") or each.joined_by[0] in "@⊗∘+−÷×m" for each in made)
        if operation.quantity in ("z", "error", "delta", "dW", "db", "update") and is_calculated:
            assert recalculate(made, conventions) > 0, operation


def test_columns_are_transposed_and_products_turned_round() -> None:
    update = as_shown(traced_update(SMALL), Conventions(columns=True))
    made = operands(at(update, Operation("z", 1)), 0)
    assert [(each.what, each.joined_by, each.values.shape) for each in made] == [
        *(("W", "", (3, 2)), ("x", "@", (2, 1)), ("b", "+", (3, 1)), ("z", "=", (3, 1))),
    ]
    assert made[0].neuron_at(2, 1) == (1, 2)  # a cell still leads to the neuron of its row
    gradient = operands(at(update, Operation("dW", 2)), 0)
    assert [(each.what, each.joined_by) for each in gradient] == [("delta", ""), ("aᵀ", "⊗"), ("dW", "=")]


# What is shown and what is trained


@pytest.mark.parametrize("conventions", ALL, ids=NAMED)
def test_showing_rounds_nothing_and_changes_no_parameter(conventions: Conventions) -> None:
    raw = traced_update(SMALL)
    shown = as_shown(raw, conventions)
    for before, after in zip(raw.layers, shown.layers, strict=True):
        assert before is after
    for ours, theirs in zip(raw.trace.layers, shown.trace.layers, strict=True):
        step, other = raw.learning_rate * ours.dW, shown.learning_rate * theirs.dW
        np.testing.assert_array_equal(step, other)
        np.testing.assert_array_equal(theirs.delta, conventions.factor * ours.delta)
        np.testing.assert_array_equal(theirs.z, ours.z)
    assert as_shown(raw, OWN).trace is raw.trace


@pytest.mark.parametrize("conventions", ALL, ids=NAMED)
def test_the_causes_of_a_delta_add_up(conventions: Conventions) -> None:
    update = as_shown(traced_update(SMALL), conventions)
    cause = explain(update, 0, 1, 1)
    assert cause.delta == pytest.approx(cause.error * cause.slope, rel=1e-12)
    assert cause.error == pytest.approx(sum(term.product for term in cause.terms), rel=1e-12)
    assert all(term.product == pytest.approx(term.weight * term.delta, rel=1e-12) for term in cause.terms)


# Symbols and words


def written(quantity: str, layer: int, conventions: Conventions, loss: str = "mse") -> str:
    context = FormulaContext.of_experiment(experiment_of("sigmoid", loss), conventions)
    return latex(Operation(quantity, layer), context)


def test_formulas_follow_each_convention() -> None:
    negative, whole = Conventions(negative=True), Conventions(whole=True)
    columns, from_one = Conventions(columns=True), Conventions(from_one=True)
    assert written("error", 2, negative).endswith(r"-\frac{\partial L_{s}}{\partial a^{(2)}_{j}} = y_{j} - a^{(2)}_{j}")
    assert written("error", 2, whole).endswith(r"= 2 \left(a^{(2)}_{j} - y_{j}\right)")
    assert r"\frac{1}{2}" not in written("loss", 2, whole)
    assert r"\frac{1}{2}" in written("loss", 2, OWN)
    assert written("update", 1, negative).startswith(r"W^{(1)} \leftarrow W^{(1)} + \eta\, ")
    assert written("update", 1, whole).startswith(r"W^{(1)} \leftarrow W^{(1)} - \frac{\eta}{2}\, ")
    assert r"W^{(1)}_{j,i} x_{i}" in written("z", 1, columns)
    assert r"W^{(2)}_{k,j} \delta^{(2)}_{k}" in written("error", 1, columns)
    assert r"\sum_{i=1}^{2}" in written("z", 1, from_one)
    assert r"\mathrm{d}W^{(2)}_{i,j} = -\frac{\partial L}" in written("dW", 2, negative)
    assert written("delta", 2, negative, "cross_entropy").endswith("= y - a^{(2)}")


def test_the_order_of_operations_and_its_symbols_are_the_same_for_those_of_bpviz() -> None:
    context = FormulaContext.of_experiment(SMALL)
    for operation in operations(2):
        assert latex(operation, context) == latex(operation, FormulaContext.of_experiment(SMALL, OWN))


@pytest.mark.parametrize(
    ("operation", "conventions", "sentence"),
    [
        (Operation("loss", 2), Conventions(whole=True), "from its target, squared."),
        (Operation("error", 2), Conventions(negative=True), "how far its target is above or below it."),
        (Operation("error", 2), Conventions(whole=True), "twice how far it is above"),
        (Operation("delta", 1), Conventions(signal=True), "is the error signal of layer 1"),
        (Operation("delta", 1), Conventions(negative=True), "would fall with each sum"),
        (Operation("update", 1), Conventions(negative=True), "each along its negative gradient"),
    ],
)
def test_sentences_follow_each_convention(operation: Operation, conventions: Conventions, sentence: str) -> None:
    raw = at(traced_update(SMALL), operation)
    assert sentence in caption(as_shown(raw, conventions), 0)
    assert sentence not in caption(raw, 0)


def test_a_number_too_large_to_be_doubled_is_shown_as_infinite() -> None:
    update = traced_update(SMALL)
    last = update.trace.layers[-1]
    huge = dataclasses.replace(last, delta=np.full_like(last.delta, 1.5e308))
    trace = dataclasses.replace(update.trace, layers=(*update.trace.layers[:-1], huge))
    shown = as_shown(dataclasses.replace(update, trace=trace), Conventions(whole=True))
    assert np.isposinf(shown.trace.layers[-1].delta).all()

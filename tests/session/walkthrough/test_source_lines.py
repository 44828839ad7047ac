"""Source lines and variables of each operation, compared with those of a traced run in Python."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator
from itertools import product
from types import FrameType
from typing import Any

import numpy as np
import pytest

from bpviz.core import backprop
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.source_lines import FUNCTIONS, Source, SourceError, backprop_source
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from bpviz.session.walkthrough.variables import (
    Variable,
    frames_at,
    function_at,
    is_defined_later,
    lines_at,
    variable_names_of_line,
    variables_at,
    was_defined,
)
from tests.session.helpers import SMALL


def error_line(is_output: bool) -> int:
    return backprop_source().lines(Operation("error", 1), lambda test: is_output)[0]


TARGETS = {quantity: f"{quantity} = " for quantity in FUNCTIONS} | {"update": "layer.weights[...] -= "}
CROSS_ENTROPY = dataclasses.replace(SMALL, activations=("relu", "tanh", "softmax"), loss="cross_entropy")
EXPERIMENTS = pytest.mark.parametrize(
    "experiment",
    [SMALL, CROSS_ENTROPY, dataclasses.replace(SMALL, batch_size=4), dataclasses.replace(SMALL, train_biases=False)],
    ids=["one sample", "cross-entropy", "a batch", "biases left alone"],
)


def traced_update(experiment: Experiment, index: int = 0) -> TracedUpdate:
    training = Training(experiment)
    return trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN, index=index)


def at(update: TracedUpdate, quantity: str, layer: int) -> TracedUpdate:
    return dataclasses.replace(update, index=update.operations.index(Operation(quantity, layer)) + 1)


# Lines


@pytest.mark.parametrize("operation", operations(3), ids=str)
def test_the_line_of_an_operation_is_its_assignment(operation: Operation) -> None:
    source = backprop_source()
    lines = [source.text.splitlines()[line - 1].strip() for line in source.lines(operation)]
    assert lines[0].startswith(TARGETS[operation.quantity])
    assert lines[1:] == (["layer.bias[...] -= learning_rate * layer_trace.db"] if lines[0].startswith("layer") else [])


@pytest.mark.parametrize("quantity", FUNCTIONS)
def test_the_line_stands_in_the_function_that_computes_it(quantity: str) -> None:
    line = backprop_source().lines(Operation(quantity, 1))[0]
    first = getattr(backprop, FUNCTIONS[quantity]).__code__
    assert line in {line for _, _, line in first.co_lines()}


def test_the_activation_is_not_taken_for_the_input_that_it_starts_as() -> None:
    source = backprop_source()
    line = source.lines(Operation("a", 1))[0]
    assert source.text.splitlines()[line - 1].strip() == "a = layer.rule.f(z, None)"


def test_biases_that_are_not_trained_are_not_lit() -> None:
    operation = Operation("update", 1)
    assert len(backprop_source().lines(operation, train_biases=False)) == 1


def test_lines_are_found_again_after_an_edit() -> None:
    moved = Source("import this\n\n\n" + backprop_source().text)
    for operation in operations(2):
        assert moved.lines(operation) == tuple(line + 3 for line in backprop_source().lines(operation))


def test_an_assignment_over_several_lines_is_lit_whole() -> None:
    text = backprop_source().text.replace("db = columns.mean(axis=0)", "db = columns.mean(\n        axis=0\n    )")
    assert len(Source(text).lines(Operation("db", 1))) == 3


@pytest.mark.parametrize("quantity", FUNCTIONS)
def test_an_operation_without_a_line_is_named(quantity: str) -> None:
    target = TARGETS[quantity]
    text = backprop_source().text.replace(f"    {target}", f"    nothing {target.split()[1]} ")
    expected = rf"'{FUNCTIONS[quantity]}' .* no line that assigns '{quantity if quantity != 'update' else 'layer'}"
    with pytest.raises(SourceError, match=expected):
        Source(text).lines(Operation(quantity, 1))


def test_a_missing_function_is_named() -> None:
    with pytest.raises(SourceError, match="no function 'backward'"):
        Source(backprop_source().text.replace("def backward", "def backwards")).lines(Operation("delta", 1))


def test_a_text_that_is_not_python_is_refused() -> None:
    with pytest.raises(SourceError, match="not Python"):
        Source("def forward(")


# Expressions


def texts_at(line: int, part: str, *, offset: int = 0) -> list[str]:
    source = backprop_source()
    column = source.text.splitlines()[line - 1].index(part) + offset
    return [expression.text for expression in source.expressions_at(line, column)]


def test_the_expressions_at_a_place_come_widest_first() -> None:
    line = error_line(is_output=False)
    assert texts_at(line, "layer_next.weights.T") == ["layer_next.weights.T", "layer_next.weights", "layer_next"]
    assert texts_at(line, "weights.T") == ["layer_next.weights.T", "layer_next.weights"]
    assert texts_at(line, "deltas[0]") == ["deltas[0]", "deltas"]


def test_no_expression_is_found_outside_of_one() -> None:
    line = error_line(is_output=True)
    assert texts_at(line, " = ") == []
    assert backprop_source().expressions_at(1, 5) == []


def test_columns_count_characters_and_not_bytes() -> None:
    source = Source('def forward(a):\n    z = "→→" + a\n')
    found = source.expressions_at(2, 15)
    assert [(expression.text, expression.start, expression.end) for expression in found] == [("a", 15, 16)]


# Branches


def lines_where(quantity: str, outcomes: tuple[bool, ...], train_biases: bool = True) -> tuple[int, ...]:
    """Return the lines of a quantity where the conditions on the way come out so, one after another."""
    coming = iter(outcomes)
    return backprop_source().lines(Operation(quantity, 1), lambda test: next(coming), train_biases=train_biases)


@pytest.mark.parametrize(
    ("experiment", "quantity", "layer", "expected"),
    [
        (SMALL, "error", 3, "error = network.loss.error(a, y)"),
        (SMALL, "error", 2, "error = deltas[0] @ layer_next.weights.T"),
        (SMALL, "delta", 3, "delta = error * slope"),
        (SMALL, "delta", 1, "delta = error * slope"),
        (CROSS_ENTROPY, "delta", 3, "delta = a - y"),
        (CROSS_ENTROPY, "delta", 2, "delta = error * slope"),
        (dataclasses.replace(CROSS_ENTROPY, loss="mse"), "delta", 3, "delta = layer.rule.delta(error, slope, a)"),
    ],
)
def test_the_line_is_that_of_the_branch_that_is_taken(
    experiment: Experiment, quantity: str, layer: int, expected: str
) -> None:
    update, source = at(traced_update(experiment), quantity, layer), backprop_source()
    (line,) = lines_at(source, update, train_biases=True)
    assert source.text.splitlines()[line - 1].strip() == expected


# Names


class Witness:
    """Runs one update and records the locals of all functions right after each operation's line."""

    def __init__(self, training: Training, update: TracedUpdate) -> None:
        self._update_of, self._lr = update, training.trainer.learning_rate
        self._network = training.network
        self._last: dict[FrameType, int] = {}
        self.seen: list[tuple[Operation, dict[str, dict[str, Any]]]] = []
        biases = training.network.train_biases
        self._ends = {
            line: quantity
            for quantity in FUNCTIONS
            for outcomes in product((True, False), repeat=3)
            for line in lines_where(quantity, outcomes, biases)[-1:]
        }

    def run(self) -> None:
        before, done = sys.gettrace(), self._update_of.trace
        sys.settrace(self._enter)
        try:
            again = backprop.trace(self._network, done.x, done.y)
            backprop.update(self._network, again, self._lr)
        finally:
            sys.settrace(before)

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        return self._line if frame.f_code.co_filename == backprop.__file__ else None

    def _line(self, frame: FrameType, event: str, argument: object) -> Any:
        if (quantity := self._ends.get(self._last.get(frame, 0))) is not None:
            operation = self._update_of.operations[len(self.seen)]
            assert operation.quantity == quantity
            self.seen.append((operation, self._evaluated(frame)))
        self._last[frame] = frame.f_lineno if event == "line" else 0
        return self._line

    def _evaluated(self, frame: FrameType) -> dict[str, dict[str, Any]]:
        """Return the value of every name that `frames_at` knows, and of every local."""
        update = dataclasses.replace(self._update_of, index=len(self.seen) + 1)
        return {
            function: {name: self._value(name, variables) for name in {*names, *plain(variables)}}
            for function, names in frames_at(update).items()
            for variables in [locals_of(frame, function)]
        }

    @staticmethod
    def _value(name: str, variables: dict[str, Any]) -> Any:
        value = eval(name, {}, variables)
        if isinstance(value, list):
            return tuple(each.copy() for each in value)
        return value.copy() if isinstance(value, np.ndarray) else value


def locals_of(frame: FrameType, function: str) -> dict[str, Any]:
    """Return the locals of a function on the stack, with those of its comprehension in progress."""
    inner: dict[str, Any] = {}
    walker: FrameType | None = frame
    while walker is not None and walker.f_code.co_name != function:
        inner = dict(walker.f_locals) if walker.f_code.co_name == "<listcomp>" else {}
        walker = walker.f_back
    assert walker is not None
    return {**inner, **walker.f_locals}


def plain(variables: dict[str, Any]) -> Iterator[str]:
    """Yield the names of arrays, lists of arrays and numbers."""
    for name, value in variables.items():
        is_list = isinstance(value, list) and all(isinstance(each, np.ndarray) for each in value)
        if name.isidentifier() and (is_list or isinstance(value, np.ndarray | float)):
            yield name


@EXPERIMENTS
def test_every_variable_has_the_value_that_it_has_in_python(experiment: Experiment) -> None:
    training = Training(experiment)
    update = trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)
    witness = Witness(training, update)
    witness.run()
    assert [operation for operation, _ in witness.seen] == list(update.operations)
    for index, (operation, frames) in enumerate(witness.seen, start=1):
        told = frames_at(dataclasses.replace(update, index=index))
        for function, values in frames.items():
            assert set(values) == set(told[function]), (operation, function)
            for name, value in values.items():
                agree(told[function][name], value, f"{name} in {function} at {operation}")


def agree(known: Variable, value: Any, where: str) -> None:
    if isinstance(known.value, str):
        assert f"{value.n_input} → {value.n_neurons}, {value.activation}" in known.value, where
    elif isinstance(known.value, tuple):
        assert [each.shape for each in known.value] == [each.shape for each in value], where
        for ours, true in zip(known.value, value, strict=True):
            np.testing.assert_allclose(ours, true, rtol=1e-12, atol=0, err_msg=where)
    elif isinstance(known.value, np.ndarray):
        assert known.value.shape == value.shape, where
        np.testing.assert_allclose(known.value, value, rtol=1e-12, atol=1e-300, err_msg=where)
    else:
        assert known.value == value, where


def test_before_the_first_operation_only_sample_and_target_are_known() -> None:
    update = traced_update(SMALL)
    assert function_at(update) == "trace"
    assert set(variables_at(update)) == {"x", "y"}
    assert variable_names_of_line(backprop_source(), update) == []


def test_the_deltas_of_the_layer_after_are_said_to_be_its_own() -> None:
    assert variables_at(at(traced_update(SMALL), "error", 2))["deltas[0]"].layer == 3


def test_before_an_activation_is_computed_it_is_that_of_the_layer_before() -> None:
    update = traced_update(SMALL)
    assert (variables_at(at(update, "z", 2))["a"].layer, variables_at(at(update, "a", 2))["a"].layer) == (1, 2)
    assert variables_at(at(update, "z", 1))["a"].layer == 0
    assert (
        variables_at(at(update, "error", 2))["slope"].layer,
        variables_at(at(update, "slope", 2))["slope"].layer,
    ) == (3, 2)


@pytest.mark.parametrize(
    ("quantity", "layer", "expected"),
    [
        ("z", 2, ["z", "a", "layer.weights", "layer.bias"]),
        ("a", 2, ["a", "z"]),
        ("loss", 3, ["loss", "zs[-1]", "activations[-1]", "y"]),
        ("error", 3, ["error", "a", "y"]),
        ("error", 2, ["error", "deltas[0]", "layer_next.weights.T"]),
        ("slope", 2, ["slope", "z", "a"]),
        ("delta", 3, ["delta", "error", "slope"]),
        ("dW", 1, ["dW", "rows", "columns"]),
        ("db", 1, ["db", "columns"]),
        ("update", 1, ["layer.weights", "learning_rate", "layer_trace.dW"]),
    ],
)
def test_a_line_names_what_it_reads_and_writes(quantity: str, layer: int, expected: list[str]) -> None:
    names = variable_names_of_line(backprop_source(), at(traced_update(SMALL), quantity, layer))
    assert [name for name, _ in names] == expected


def test_where_error_and_slope_cancel_the_line_names_the_difference() -> None:
    names = variable_names_of_line(backprop_source(), at(traced_update(CROSS_ENTROPY), "delta", 3))
    assert [name for name, _ in names] == ["delta", "a", "y"]


def test_a_name_is_known_later_before_it_is_computed_and_was_known_after() -> None:
    update = at(traced_update(SMALL), "error", 3)
    assert is_defined_later(update, "backward", "delta")
    assert not is_defined_later(update, "forward", "z")
    assert not is_defined_later(update, "backward", "network")
    assert was_defined(update, "forward", "z")
    assert not was_defined(update, "backward", "delta")

"""The variables of the functions in `bpviz.core.backprop` at an operation, as a debugger shows them."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.language import _
from bpviz.session.walkthrough.operations import BACKWARD
from bpviz.session.walkthrough.rule_code import is_of_rule, rule_function, rule_targets, rule_values
from bpviz.session.walkthrough.source_lines import FUNCTIONS, Source
from bpviz.session.walkthrough.traced_update import TracedUpdate

Value = Array | float | bool | str | tuple[Array, ...] | None


@dataclass(frozen=True)
class Variable:
    """The value of a name.

    Attributes
    ----------
    value : ndarray, number, tuple of ndarray, str or None
        A tuple stands for a list with an array for each layer, a str describes an object.
    layer : int or None
        The layer it belongs to, counted from 1; 0 for the input, None for no single layer.
    """

    value: Value
    layer: int | None = None


Names = dict[str, Variable]
_UNKNOWN = Variable(False)


def variables_at(update: TracedUpdate) -> Names:
    """Return the variables of the function of the current operation, right after that operation's line has run.

    Until `a` of a layer is computed, `a` is that of the previous layer. Arrays are those of the batch, of shape
    (n_samples, n_neurons). Before the first operation the function is `trace`.
    """
    return frames_at(update)[function_at(update)]


def function_at(update: TracedUpdate) -> str:
    """Return the name of the function that contains the current operation."""
    operation = update.operation
    if operation is None:
        return "trace"
    return (
        rule_function(operation, update.rule) if is_of_rule(operation, update.rule) else FUNCTIONS[operation.quantity]
    )


def frames_at(update: TracedUpdate) -> dict[str, Names]:
    """Return the variables of each function on the call stack; see `variables_at`."""
    function = function_at(update)
    if function == "update":
        return {function: _in_update(update)}
    if update.operation and is_of_rule(update.operation, update.rule):
        called = [function, *(name for name, _ in rule_targets(update.operation, update.rule))]
        return {name: _in_rule(update, name) for name in called}
    within = {"forward": _in_forward, "backward": _in_backward, "gradients": _in_gradients}
    frames = {"trace": _in_trace(update)}
    return {**frames, function: within[function](update)} if function in within else frames


def is_defined_later(update: TracedUpdate, function: str, text: str) -> bool:
    """Return whether a name of a function gets a value at a later operation."""
    return _has_name(update, range(update.index + 1, len(update.operations) + 1), function, text)


def was_defined(update: TracedUpdate, function: str, text: str) -> bool:
    """Return whether a name of a function had a value at an earlier operation."""
    return _has_name(update, range(update.index), function, text)


def _has_name(update: TracedUpdate, indices: range, function: str, text: str) -> bool:
    updates = (dataclasses.replace(update, index=index) for index in indices)
    return any(text in frames_at(each).get(function, {}) for each in updates)


def lines_at(source: Source, update: TracedUpdate, *, train_biases: bool) -> tuple[int, ...]:
    """Return the numbers, from 1, of the source lines of the current operation.

    Raises
    ------
    SourceError
        If there are none.
    """
    if update.operation is None:
        return ()
    return source.lines(update.operation, partial(_holds, names=variables_at(update)), train_biases=train_biases)


def operations_of_line(source: Source, update: TracedUpdate, line: int, *, train_biases: bool) -> list[int]:
    """Return the numbers, from 1, of the operations of an update that a line of the source computes."""
    every = range(1, len(update.operations) + 1)
    at = ((index, dataclasses.replace(update, index=index)) for index in every)
    return [index for index, there in at if line in lines_at(source, there, train_biases=train_biases)]


def variable_names_of_line(source: Source, update: TracedUpdate) -> list[tuple[str, Variable]]:
    """Return the variables that the current operation's line reads and writes, its result first."""
    if update.operation is None:
        return []
    names = variables_at(update)
    statement = source.statement(update.operation, partial(_holds, names=names))
    found = dict.fromkeys(text for text in _known_expressions(statement, names) if text in names)
    return [(text, names[text]) for text in found if not isinstance(names[text].value, str)]


# Variables of each function


def _in_trace(update: TracedUpdate) -> Names:
    layers = update.trace.layers
    names = {"x": Variable(update.trace.x, 0), "y": Variable(update.trace.y, len(layers))}
    phase = update.operation.phase if update.operation else ""
    if phase in ("loss", "backward", "gradients"):
        names |= {
            "zs": Variable(tuple(layer.z for layer in layers)),
            "activations": Variable(tuple(layer.a for layer in layers)),
            "zs[-1]": Variable(layers[-1].z, len(layers)),
            "activations[-1]": Variable(layers[-1].a, len(layers)),
            "loss": Variable(update.trace.loss),
        }
    if phase == "gradients":
        names |= {f"{quantity}s": Variable(_lists(update, quantity)) for quantity in BACKWARD}
        names |= _inputs_of_gradients(update)
    return names


def _in_forward(update: TracedUpdate) -> Names:
    operation, trace = update.operation, update.trace
    assert operation is not None
    done, number = trace.layers[: operation.layer - 1], operation.layer
    has_a = operation.quantity == "a"
    return {
        "x": Variable(trace.x, 0),
        **_parameters(update, "layer", number),
        "z": Variable(trace.layers[number - 1].z, number),
        "a": Variable(trace.layers[number - 1].a if has_a else trace.inputs_of(number - 1), number - (not has_a)),
        "zs": Variable(tuple(layer.z for layer in done)),
        "activations": Variable(tuple(layer.a for layer in done)),
    }


def _in_backward(update: TracedUpdate) -> Names:
    operation, trace = update.operation, update.trace
    assert operation is not None
    number, last = operation.layer, len(trace.layers)
    names = {
        "zs": Variable(_lists(update, "z")),
        "activations": Variable(_lists(update, "a")),
        "y": Variable(trace.y, last),
        "network.loss.cancels_slope": Variable(update.loss.cancels_slope),
        "layer.rule.output_only": Variable(ACTIVATIONS[update.layers[number - 1].activation].output_only, number),
        **_parameters(update, "layer", number),
        "z": Variable(trace.layers[number - 1].z, number),
        "a": Variable(trace.layers[number - 1].a, number),
        **{f"{quantity}s": Variable(_lists(update, quantity)[number:]) for quantity in BACKWARD},
        "layer_next": Variable(None),
    }
    if number < last:
        names |= _parameters(update, "layer_next", number + 1)
        names["deltas[0]"] = Variable(trace.layers[number].delta, number + 1)
    for place, quantity in enumerate(BACKWARD):
        holder = number if place <= BACKWARD.index(operation.quantity) else number + 1
        if holder <= last:  # until it is computed, a variable keeps the value of the layer after
            names[quantity] = Variable(getattr(trace.layers[holder - 1], quantity), holder)
    return names


def _in_gradients(update: TracedUpdate) -> Names:
    operation = update.operation
    assert operation is not None
    layer, names = update.trace.layers[operation.layer - 1], _inputs_of_gradients(update)
    names |= {"rows": names["a_prev"], "columns": names["delta"], "dW": Variable(layer.dW, operation.layer)}
    return names | ({"db": Variable(layer.db, operation.layer)} if operation.quantity == "db" else {})


def _in_update(update: TracedUpdate) -> Names:
    operation = update.operation
    assert operation is not None
    number = operation.layer
    layer, change = update.trace.layers[number - 1], update.layers[number - 1]
    return {
        "learning_rate": Variable(update.learning_rate),
        "layer": Variable(_described(update, number), number),
        "layer.weights": Variable(change.W_after, number),
        "layer.bias": Variable(change.b_after, number),
        "layer_trace.dW": Variable(layer.dW, number),
        "layer_trace.db": Variable(layer.db, number),
    }


def _in_rule(update: TracedUpdate, function: str) -> Names:
    assert update.operation is not None
    number = update.operation.layer
    return {name: Variable(value, number) for name, value in rule_values(update, function).items()}


def _inputs_of_gradients(update: TracedUpdate) -> Names:
    assert update.operation is not None
    number = update.operation.layer
    a_prev, delta = update.trace.inputs_of(number - 1), update.trace.layers[number - 1].delta
    return {"a_prev": Variable(a_prev, number - 1), "delta": Variable(delta, number)}


def _parameters(update: TracedUpdate, name: str, number: int) -> Names:
    layer = update.layers[number - 1]
    return {
        name: Variable(_described(update, number), number),
        f"{name}.weights": Variable(layer.W, number),
        f"{name}.weights.T": Variable(layer.W.T, number),
        f"{name}.bias": Variable(layer.b, number),
    }


def _described(update: TracedUpdate, number: int) -> str:
    layer = update.layers[number - 1]
    n_in, n_out = layer.W.shape
    return _("layer {number}: {n_in} → {n_out}, {activation}").format(
        number=number, n_in=n_in, n_out=n_out, activation=layer.activation
    )


def _lists(update: TracedUpdate, quantity: str) -> tuple[Array, ...]:
    return tuple(getattr(layer, quantity) for layer in update.trace.layers)


# Names in a line


def _known_expressions(node: ast.AST, names: Names) -> Iterator[str]:
    """Yield the expressions of a statement that have a value, in order, each as long as possible."""
    if isinstance(node, ast.expr) and ast.unparse(node) in names:
        yield ast.unparse(node)
        return
    for part in ast.iter_child_nodes(node):
        yield from _known_expressions(part, names)


def _holds(test: ast.expr, names: Names) -> bool:
    """Evaluate a condition made of names and of comparisons of a name with None."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return all(_holds(part, names) for part in test.values)
    if isinstance(test, ast.Compare):
        return names.get(ast.unparse(test.left), _UNKNOWN).value is None
    return bool(names.get(ast.unparse(test), _UNKNOWN).value)

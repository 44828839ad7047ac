"""What each name in the source of `bpviz.core.backprop` means at an operation, as a debugger would say it."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.session.walkthrough.operations import BACKWARD
from bpviz.session.walkthrough.source_lines import FUNCTIONS, Source
from bpviz.session.walkthrough.traced_update import Moment

Value = Array | float | bool | str | tuple[Array, ...] | None


@dataclass(frozen=True)
class Known:
    """What a name means.

    Attributes
    ----------
    value : ndarray, number, tuple of ndarray, str or None
        A tuple is a list of the program, an array for each layer; a str describes an object.
    layer : int or None
        Whose it is, counted from 1; 0 is the input, None no single layer's.
    """

    value: Value
    layer: int | None = None


Names = dict[str, Known]
_UNKNOWN = Known(False)


def names_at(moment: Moment) -> Names:
    """Return the names in the function that computes the present operation, right after its line has run.

    Before `a` is computed in a layer, `a` is the previous layer's. Arrays are the batch's, in their true shapes:
    (n_samples, n_neurons). Before the first operation it is `trace` that stands at its beginning.
    """
    return frames_at(moment)[function_at(moment)]


def function_at(moment: Moment) -> str:
    """Return the name of the function that the present operation stands in."""
    return FUNCTIONS[moment.operation.quantity] if moment.operation else "trace"


def frames_at(moment: Moment) -> dict[str, Names]:
    """Return the names in each function that has begun and not returned; see `names_at`."""
    function = function_at(moment)
    if function == "update":
        return {function: _in_update(moment)}
    within = {"forward": _in_forward, "backward": _in_backward, "gradients": _in_gradients}
    frames = {"trace": _in_trace(moment)}
    return {**frames, function: within[function](moment)} if function in within else frames


def is_known_later(moment: Moment, function: str, text: str) -> bool:
    """Say whether a name of a function gets a value at an operation that is still to come."""
    return _is_known(moment, range(moment.index + 1, len(moment.operations) + 1), function, text)


def was_known(moment: Moment, function: str, text: str) -> bool:
    """Say whether a name of a function had a value at an operation before."""
    return _is_known(moment, range(moment.index), function, text)


def _is_known(moment: Moment, indices: range, function: str, text: str) -> bool:
    moments = (dataclasses.replace(moment, index=index) for index in indices)
    return any(text in frames_at(each).get(function, {}) for each in moments)


def lines_at(source: Source, moment: Moment, *, train_biases: bool) -> tuple[int, ...]:
    """Return the numbers, from 1, of the lines that compute the present operation.

    Raises
    ------
    SourceError
        If there are none.
    """
    if moment.operation is None:
        return ()
    return source.lines(moment.operation, partial(_holds, names=names_at(moment)), train_biases=train_biases)


def names_of_line(source: Source, moment: Moment) -> list[tuple[str, Known]]:
    """Return the names with values that the present operation's line reads and writes, what it computes first."""
    if moment.operation is None:
        return []
    names = names_at(moment)
    statement = source.statement(moment.operation, partial(_holds, names=names))
    found = dict.fromkeys(text for text in _texts(statement, names) if text in names)
    return [(text, names[text]) for text in found if not isinstance(names[text].value, str)]


# What the functions hold


def _in_trace(moment: Moment) -> Names:
    layers = moment.trace.layers
    names = {"x": Known(moment.trace.x, 0), "y": Known(moment.trace.y, len(layers))}
    phase = moment.operation.phase if moment.operation else ""
    if phase in ("loss", "backward", "gradients"):
        names |= {
            "zs": Known(tuple(layer.z for layer in layers)),
            "activations": Known(tuple(layer.a for layer in layers)),
            "activations[-1]": Known(layers[-1].a, len(layers)),
            "loss": Known(moment.trace.loss),
        }
    if phase == "gradients":
        names |= {f"{quantity}s": Known(_lists(moment, quantity)) for quantity in BACKWARD}
        names |= _inputs_of_gradients(moment)
    return names


def _in_forward(moment: Moment) -> Names:
    operation, trace = moment.operation, moment.trace
    assert operation is not None
    done, number = trace.layers[: operation.layer - 1], operation.layer
    has_a = operation.quantity == "a"
    return {
        "x": Known(trace.x, 0),
        **_parameters(moment, "layer", number),
        "z": Known(trace.layers[number - 1].z, number),
        "a": Known(trace.layers[number - 1].a if has_a else trace.inputs_of(number - 1), number - (not has_a)),
        "zs": Known(tuple(layer.z for layer in done)),
        "activations": Known(tuple(layer.a for layer in done)),
    }


def _in_backward(moment: Moment) -> Names:
    operation, trace = moment.operation, moment.trace
    assert operation is not None
    number, last = operation.layer, len(trace.layers)
    names = {
        "activations": Known(tuple(layer.a for layer in trace.layers)),
        "y": Known(trace.y, last),
        "network.loss.cancels_slope": Known(moment.loss.cancels_slope),
        "layer.rule.output_only": Known(ACTIVATIONS[moment.layers[number - 1].activation].output_only, number),
        **_parameters(moment, "layer", number),
        "a": Known(trace.layers[number - 1].a, number),
        **{f"{quantity}s": Known(_lists(moment, quantity)[number:]) for quantity in BACKWARD},
        "layer_next": Known(None),
    }
    if number < last:
        names |= _parameters(moment, "layer_next", number + 1)
        names["deltas[0]"] = Known(trace.layers[number].delta, number + 1)
    for place, quantity in enumerate(BACKWARD):
        holder = number if place <= BACKWARD.index(operation.quantity) else number + 1
        if holder <= last:  # what is not computed yet still holds what the layer above left there
            names[quantity] = Known(getattr(trace.layers[holder - 1], quantity), holder)
    return names


def _in_gradients(moment: Moment) -> Names:
    operation = moment.operation
    assert operation is not None
    layer, names = moment.trace.layers[operation.layer - 1], _inputs_of_gradients(moment)
    names |= {"rows": names["a_prev"], "columns": names["delta"], "dW": Known(layer.dW, operation.layer)}
    return names | ({"db": Known(layer.db, operation.layer)} if operation.quantity == "db" else {})


def _in_update(moment: Moment) -> Names:
    operation = moment.operation
    assert operation is not None
    number = operation.layer
    layer, change = moment.trace.layers[number - 1], moment.layers[number - 1]
    return {
        "learning_rate": Known(moment.learning_rate),
        "layer": Known(_described(moment, number), number),
        "layer.weights": Known(change.W_after, number),
        "layer.bias": Known(change.b_after, number),
        "layer_trace.dW": Known(layer.dW, number),
        "layer_trace.db": Known(layer.db, number),
    }


def _inputs_of_gradients(moment: Moment) -> Names:
    assert moment.operation is not None
    number = moment.operation.layer
    a_prev, delta = moment.trace.inputs_of(number - 1), moment.trace.layers[number - 1].delta
    return {"a_prev": Known(a_prev, number - 1), "delta": Known(delta, number)}


def _parameters(moment: Moment, name: str, number: int) -> Names:
    layer = moment.layers[number - 1]
    return {
        name: Known(_described(moment, number), number),
        f"{name}.weights": Known(layer.W, number),
        f"{name}.weights.T": Known(layer.W.T, number),
        f"{name}.bias": Known(layer.b, number),
    }


def _described(moment: Moment, number: int) -> str:
    layer = moment.layers[number - 1]
    return f"layer {number}: {layer.W.shape[0]} → {layer.W.shape[1]}, {layer.activation}"


def _lists(moment: Moment, quantity: str) -> tuple[Array, ...]:
    return tuple(getattr(layer, quantity) for layer in moment.trace.layers)


# What a line reads


def _texts(node: ast.AST, names: Names) -> Iterator[str]:
    """Yield the names and dotted names of a statement, in their order, the widest that are known."""
    if isinstance(node, ast.expr) and ast.unparse(node) in names:
        yield ast.unparse(node)
        return
    for part in ast.iter_child_nodes(node):
        yield from _texts(part, names)


def _holds(test: ast.expr, names: Names) -> bool:
    """Tell how a condition comes out whose parts are known names, or comparisons of one with None."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return all(_holds(part, names) for part in test.values)
    if isinstance(test, ast.Compare):
        return names.get(ast.unparse(test.left), _UNKNOWN).value is None
    return bool(names.get(ast.unparse(test), _UNKNOWN).value)

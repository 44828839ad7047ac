"""Tasks and positions as JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

from bpviz.language import _
from bpviz.session.experiment.json_fields import AnyValue, Nullable, read_members
from bpviz.session.experiment.validation import Boolean, Integer, ListOf, OneOf, Real, Rule, Text
from bpviz.session.lessons.measures import COLUMNS
from bpviz.session.lessons.tasks import (
    ColumnBelow,
    Condition,
    NeuronSelected,
    OperationDone,
    PositionReached,
    SampleSelected,
    Task,
)
from bpviz.session.training.position import Position
from bpviz.session.walkthrough.operations import BACKWARD, FORWARD, GRADIENTS, RULE, Operation

_QUANTITIES = (*FORWARD, "loss", *BACKWARD, *GRADIENTS, *RULE, "update")
_NUMBER, _LAYER = Integer(0, 10_000_000), Integer(1, 100)
_TASK: dict[str, Rule] = {"text": Text(1000), "until": AnyValue()}
# The members of each kind of condition, with those that it must have first.
_CONDITIONS: dict[str, tuple[dict[str, Rule], tuple[str, ...]]] = {
    "operation": ({"operation": OneOf(_QUANTITIES), "layer": _LAYER, "just": Boolean()}, ("operation", "layer")),
    "position": ({"position": AnyValue()}, ("position",)),
    "neuron_of_layer": ({"neuron_of_layer": _LAYER, "neuron": Nullable(_NUMBER)}, ("neuron_of_layer",)),
    "sample": ({"sample": _NUMBER}, ("sample",)),
    "column": ({"column": OneOf(COLUMNS), "below": Real(-1e300, 1e300)}, ("column", "below")),
}


def read_position(values: Any, what: str) -> Position:
    """Return the position of a list [epoch], [epoch, sample] or [epoch, sample, operation].

    Raises
    ------
    ValueError
        If it is no such list.
    """
    if problem := ListOf(_NUMBER, 3).problem(values):
        raise ValueError(_("{what}: position {problem}").format(what=what, problem=problem))
    return Position(*values)


def read_task(values: Any, what: str) -> Task:
    """Return the task of a JSON object; raises ValueError with a sentence."""
    members = read_members(values, what, _TASK, ("text", "until"))
    return Task(members["text"], _read_condition(members["until"], _("{what}, until").format(what=what)))


def _read_condition(values: Any, what: str) -> Condition:
    kind = next((name for name in _CONDITIONS if isinstance(values, dict) and name in values), None)
    if kind is None:
        text = _("{what}: it needs one of the members {names}")
        raise ValueError(text.format(what=what, names=", ".join(_CONDITIONS)))
    members = read_members(values, what, *_CONDITIONS[kind])
    match kind:
        case "operation":
            return OperationDone(Operation(members["operation"], members["layer"]), members.get("just", False))
        case "position":
            return PositionReached(read_position(members["position"], what))
        case "neuron_of_layer":
            return NeuronSelected(members["neuron_of_layer"], members.get("neuron"))
        case "sample":
            return SampleSelected(members["sample"])
        case _:
            return ColumnBelow(members["column"], members["below"])


def task_values(task: Task) -> dict[str, Any]:
    """Return the JSON members of a task."""
    return {"text": task.text, "until": _condition_values(task.until)}


def _condition_values(until: Condition) -> dict[str, Any]:
    match until:
        case OperationDone(operation, just):
            return {"operation": operation.quantity, "layer": operation.layer, "just": just}
        case PositionReached(position):
            return {"position": list(dataclasses.astuple(position))}
        case NeuronSelected(layer, neuron):
            return {"neuron_of_layer": layer, "neuron": neuron}
        case SampleSelected(sample):
            return {"sample": sample}
        case ColumnBelow(column, below):
            return {"column": column, "below": below}

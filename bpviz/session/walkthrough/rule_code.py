"""The code of a rule of learning that is not plain SGD: its functions, their lines and their variables."""

from __future__ import annotations

import inspect

from bpviz.core.arrays import Array
from bpviz.core.optimisers import steps
from bpviz.core.optimisers.rule import LearningRule
from bpviz.session.walkthrough.operations import RULE, Operation
from bpviz.session.walkthrough.traced_update import TracedUpdate

MODULE = steps.__name__
_COEFFICIENTS = ("momentum", "beta1", "beta2", "epsilon")


def is_of_rule(operation: Operation, rule: LearningRule) -> bool:
    """Return whether an operation is computed by a function of `bpviz.core.optimisers.steps`."""
    return operation.quantity in RULE or (operation.quantity == "update" and not rule.is_plain)


def rule_function(operation: Operation, rule: LearningRule) -> str:
    """Return the name of the function that computes an operation of a rule."""
    named = {"penalty": steps.penalised.__name__, "clip": steps.clipped.__name__}
    return named.get(operation.quantity, steps.STEPS[rule.optimiser].__name__)


def rule_targets(operation: Operation, rule: LearningRule) -> list[tuple[str, str]]:
    """Return function and assigned name of each statement of an operation of a rule."""
    function = rule_function(operation, rule)
    if operation.quantity in ("penalty", "clip"):
        return [(function, "g")]
    if operation.quantity == "moment":
        return [(function, f"{name}[...]") for name in rule.slots]
    corrected = ["m_hat", "v_hat"] if function == steps.adam.__name__ else []
    decay = [(steps.decay.__name__, "W")] if rule.weight_decay else []
    return [*decay, *((function, name) for name in [*corrected, "w"])]


def rule_source(rule: LearningRule) -> str:
    """Return the source of the functions that a rule uses; "" for plain SGD.

    Raises
    ------
    OSError
        If the source is not installed.
    """
    if rule.is_plain:
        return ""
    needed = {steps.penalised: rule.has_penalty, steps.clipped: rule.clip_norm > 0, steps.decay: rule.weight_decay > 0}
    used = [each for each, is_used in needed.items() if is_used]
    code = [each.__code__ for each in (*used, steps.STEPS[rule.optimiser])]
    functions = "\n\n".join(inspect.getsource(each) for each in code)
    return f"# {MODULE}\n\n\n{functions}"


def rule_values(update: TracedUpdate, function: str) -> dict[str, Array | float]:
    """Return the values of the names of a rule's function, of the weights of the current operation's layer."""
    learning, operation = update.learning, update.operation
    assert learning is not None
    assert operation is not None
    rule, layer = learning.rule, operation.layer
    change = update.layers[layer - 1]
    penalised, taken = (update.weights_of(each, layer) for each in (learning.penalised, learning.taken))
    if function == steps.penalised.__name__:
        dW = update.trace.layers[layer - 1].dW
        return {"W": change.W, "dW": dW, "g": penalised, "rule.l1": rule.l1, "rule.l2": rule.l2}
    if function == steps.clipped.__name__:
        return {"g": taken, "norm": learning.norm, "rule.clip_norm": rule.clip_norm}
    rate = {"rate": update.learning_rate}
    if function == steps.decay.__name__:
        W = change.W * (1.0 - update.learning_rate * rule.weight_decay)
        return {"W": W, "rule.weight_decay": rule.weight_decay, **rate}
    is_done = operation.quantity == "update"
    slots = {name: update.weights_of(slot, layer) for name, slot in zip(rule.slots, learning.slots, strict=True)}
    coefficients = {f"rule.{name}": getattr(rule, name) for name in _COEFFICIENTS}
    corrected = _corrected(slots, learning.number, rule) if is_done and len(slots) == 2 else {}
    w = change.W_after if is_done else change.W
    return {"w": w, "g": taken, "t": float(learning.number), **rate, **slots, **coefficients, **corrected}


def _corrected(slots: dict[str, Array], t: int, rule: LearningRule) -> dict[str, Array | float]:
    m, v = slots["m"], slots["v"]
    return {"m_hat": m / (1.0 - rule.beta1**t), "v_hat": v / (1.0 - rule.beta2**t)}

"""Calling somebody's functions: what each parameter stands for is told by its name, or else by its place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from bpviz.core.checking.collecting import meaning
from bpviz.core.diagnosis.input_error import InputError
from bpviz.language import _

_ROLES: dict[str, tuple[str, ...]] = {
    "x": ("x", "inputs", "input", "data", "sample", "samples", "features", "x_train", "batch"),
    "y": ("y", "targets", "target", "labels", "label", "expected", "t", "y_true", "y_train", "desired"),
    "learning_rate": ("learning_rate", "lr", "alpha", "eta", "rate", "step_size", "learningrate"),
    "cache": ("cache", "caches", "memory", "mem", "forward_cache", "activations", "saved"),
    "network": ("parameters", "params", "network", "model", "net", "nn", "p", "theta", "weights_and_biases", "layers"),
    "output": ("output", "out", "outputs", "a_out", "al", "y_hat", "yhat", "y_pred", "prediction", "pred", "probs"),
    "gradients": ("grads", "gradients", "grad", "derivatives"),
    "weights": ("w", "weights", "ws"),
    "biases": ("b", "biases", "bias", "bs"),
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}
#: What parameters of other names stand for, in this order.
_BY_PLACE = ("x", "y", "learning_rate")


def roles_of(function: Callable[..., Any]) -> dict[str, str] | None:
    """Return what each required parameter of a function stands for; None if its signature is not known."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    found: dict[str, str] = {}
    for each in parameters:
        if each.kind in kinds:
            continue
        role = _ROLE_OF.get(each.name.lower().strip("_")) or _numbered(each.name)
        if role is not None:
            found[each.name] = role
        elif each.default is inspect.Parameter.empty:
            left = [name for name in _BY_PLACE if name not in found.values()]
            found[each.name] = left[0] if left else ""
    return found


def _numbered(name: str) -> str | None:
    """Return "W1" for a parameter of the first layer's weights, however it is written."""
    known = meaning(name)
    return f"{known[0]}{known[1]}" if known and known[1] is not None else None


def call(function: Callable[..., Any], what: str, values: Mapping[str, Any]) -> Any:
    """Call a function with what its parameters stand for.

    Parameters
    ----------
    function : callable
    what : str
        Its name in messages.
    values : mapping
        By role.

    Raises
    ------
    ValueError
        If a parameter stands for nothing that is known.
    """
    roles = roles_of(function)
    if roles is None:
        return function(*(values[role] for role in _BY_PLACE if role in values))
    parameters = inspect.signature(function).parameters
    positional, named = [], {}
    for name, role in roles.items():
        if role not in values:
            if parameters[name].default is not inspect.Parameter.empty:
                continue
            raise InputError(
                _("the parameter {name!r} of {what} means nothing to bpviz; wrap it: {what}=lambda x, y: ...").format(
                    name=name, what=what
                )
            )
        if parameters[name].kind is inspect.Parameter.POSITIONAL_ONLY:
            positional.append(values[role])
        else:
            named[name] = values[role]
    return function(*positional, **named)


def takes(function: Callable[..., Any] | None, role: str) -> bool:
    """Return whether a function has a parameter of some role."""
    return function is not None and role in (roles_of(function) or {}).values()

"""All ways to understand what was given: layouts, losses, activation functions, the learning rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, activation_rule
from bpviz.core.arrays import Array
from bpviz.core.checking.naming import activation_names, loss_names
from bpviz.core.diagnosis.agreement import Comparison
from bpviz.core.diagnosis.diagnose import Reading
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.layouts import RawUpdate, fitting_layouts
from bpviz.core.diagnosis.numbers import CheckedUpdate
from bpviz.core.losses import fits
from bpviz.core.mistakes.program import Program
from bpviz.language import _

# Components of a gradient below this share of the largest say little about the learning rate.
_LARGE = 0.01
_NEAR = 1e-3


def readings_of(updates: Sequence[RawUpdate], activations: object, loss: str | None) -> list[Reading]:
    """Return the ways to understand some updates, the likeliest first.

    Parameters
    ----------
    updates : sequence of RawUpdate
    activations : list of str, or what `activation_names` takes; "?" where they are to be inferred
    loss : str or None
        None if it is to be inferred.

    Raises
    ------
    ValueError
        If nothing fits together.
    """
    n_layers = len(updates[0].weights)
    if not (isinstance(activations, str) and activations == "?"):
        return _readings(updates, activation_names(activations, n_layers, updates[0].leak), loss)
    if named := _inferred(updates):
        return _readings(updates, named, loss, _told(named))
    for named in _possible(n_layers):
        if loss is not None and not fits(loss_names(loss, "sigmoid")[0], named[-1]):
            continue
        for reading in _readings(updates, named, loss, _told(named)):
            comparison = Comparison(reading.updates)
            if comparison.compare(comparison.true_program).is_whole:
                return [reading]
    raise InputError(_("the activation functions are not known; name them: activations=['sigmoid', ...], one a layer"))


def _told(activations: Sequence[str]) -> tuple[str]:
    return (_("The activation functions, inferred, are {activations}.").format(activations=", ".join(activations)),)


def _readings(
    updates: Sequence[RawUpdate], activations: Sequence[str], loss: str | None, notes: tuple[str, ...] = ()
) -> list[Reading]:
    found, losses = [], loss_names(loss, activations[-1])
    for name in losses:
        said = (_("The loss, inferred, is {name}.").format(name=name),) if loss is None and name != losses[0] else ()
        for layout in fitting_layouts(updates, activations, name):
            more, read = with_rate([update.read(layout, activations, name) for update in updates])
            found.append(Reading(read, layout, (*notes, *said, *more)))
    return found


def with_rate(updates: Sequence[CheckedUpdate]) -> tuple[tuple[str, ...], list[CheckedUpdate]]:
    """Return the updates with a learning rate inferred from the parameters after them, if they have none."""
    without = [update for update in updates if update.setup.learning_rate is None]
    stepped = [update for update in without if any(key[0].endswith("_after") for key in update.numbers)]
    if not stepped:
        return (), list(updates)
    rate = _rate(stepped[0])
    sentence = _("The learning rate, inferred, is {rate:.4g}.").format(rate=rate)
    return (sentence,), [_stepping(update, rate) for update in updates]


def _stepping(update: CheckedUpdate, rate: float) -> CheckedUpdate:
    """Return an update with a learning rate, unless it has one."""
    if update.setup.learning_rate is not None:
        return update
    return replace(update, setup=replace(update.setup, learning_rate=rate))


def _rate(update: CheckedUpdate) -> float:
    """Return the step over the gradient, theirs where it is given: the median, since some may be wrong."""
    truth: Program = update.truth()
    ratios = []
    for (quantity, layer), given in update.numbers.items():
        if quantity.endswith("_after"):
            name = {"W_after": "dW", "b_after": "db"}[quantity]
            before = truth.W(layer) if name == "dW" else truth.b(layer)
            theirs = update.numbers.get((name, layer))
            gradient = np.abs(truth.value(name, layer) if theirs is None else theirs.values)
            large = gradient > _LARGE * gradient.max()
            ratios.append((np.abs(before - given.values)[large] / gradient[large]).ravel())
    every = np.concatenate(ratios)
    rate = float(np.median(every)) if every.size else 0.0
    return float(f"{rate:.6g}") if rate > 0.0 else 1.0


def _inferred(updates: Sequence[RawUpdate]) -> list[str] | None:
    """Return activation functions that give the a that were given, from the z before them; None if none is sure."""
    first, n_layers = updates[0], len(updates[0].weights)
    known = replace(first, numbers={key: raw for key, raw in first.numbers.items() if key[0] in ("z", "a")})
    if not any(key[0] == "a" for key in known.numbers):
        return None
    identities = ["none"] * n_layers
    for layout in fitting_layouts([known], identities, "mse"):
        update = known.read(layout, identities, "mse")
        found = [_activation_of(update, layer) for layer in range(1, n_layers + 1)]
        if None not in found:
            return [name for name in found if name is not None]
    for named in _possible(n_layers):
        for layout in fitting_layouts([known], named, "mse"):
            update = known.read(layout, named, "mse")
            truth = update.truth()
            if all(_is_near(given.values, truth.value(*key)) for key, given in update.numbers.items()):
                return named
    return None


def _activation_of(update: CheckedUpdate, layer: int) -> str | None:
    """Return the activation function between z and a of a layer, both theirs; None if they are not given."""
    numbers, setup = update.numbers, update.setup
    if ("a", layer) not in numbers:
        return None
    if ("z", layer) in numbers:
        z = numbers["z", layer].values
    elif layer == 1:
        z = setup.x @ setup.layer(1).weights + setup.layer(1).bias
    elif ("a", layer - 1) in numbers:
        z = numbers["a", layer - 1].values @ setup.layer(layer).weights + setup.layer(layer).bias
    else:
        return None
    names = ACTIVATIONS if layer == setup.n_layers else HIDDEN_ACTIVATIONS
    theirs, leak = numbers["a", layer].values, setup.layer(layer).leak
    with np.errstate(all="ignore"):
        return next(
            (name for name in names if _is_near(theirs, activation_rule(name, leak).f(np.array(z), None))), None
        )


def _is_near(theirs: Array, ours: Array) -> bool:
    return bool(np.allclose(theirs, ours, rtol=_NEAR, atol=_NEAR * float(np.max(np.abs(ours), initial=0.0))))


def _possible(n_layers: int) -> Iterator[list[str]]:
    hidden = HIDDEN_ACTIVATIONS if n_layers > 1 else ("none",)
    for name, output in product(hidden, ACTIVATIONS):
        yield [name] * (n_layers - 1) + [output]

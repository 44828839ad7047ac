"""The update of `bpviz.core.optimisers` as compiled code."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import OPTIMISERS, LearningRule
from bpviz.core.training.jit import FAST_SUMS, inlined
from bpviz.core.training.numba_passes import NetworkLayout

SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW = range(7)


class RuleTable(NamedTuple):
    """The values of a `LearningRule`; `optimiser` is its place in `OPTIMISERS`, the slots are -1 if there is none."""

    optimiser: int
    momentum: float
    beta1: float
    beta2: float
    epsilon: float
    l1: float
    l2: float
    weight_decay: float
    clip_norm: float
    m_slot: int
    v_slot: int


def table_of(rule: LearningRule) -> RuleTable:
    """Return the table of a rule."""
    numbers = {name: float(getattr(rule, name)) for name in RuleTable._fields[1:-2]}
    m_slot, v_slot = (-1 if (slot := rule.slot_of(name)) is None else slot for name in ("m", "v"))
    return RuleTable(list(OPTIMISERS).index(rule.optimiser), **numbers, m_slot=m_slot, v_slot=v_slot)


@inlined(FAST_SUMS)
def make_update(
    parameters: Array,
    gradient: Array,
    slots: Array,
    t: int,
    rate: float,
    train_biases: bool,
    net: NetworkLayout,
    rule: RuleTable,
) -> None:
    """Change the parameters and the optimiser's numbers, as `bpviz.core.optimisers.update.update` does.

    Parameters
    ----------
    gradient : ndarray of shape (n_parameters,)
        Overwritten.
    slots : ndarray of shape (n_slots, n_parameters)
    t : int
        The number of this update, counted from 1.
    """
    starts, widths = net.parameter_starts, net.widths
    squares = 0.0
    for layer in range(len(net.codes)):
        first = starts[layer]
        n_weights = widths[layer] * widths[layer + 1]
        trained = starts[layer + 1] if train_biases else first + n_weights
        if rule.l1 > 0.0 or rule.l2 > 0.0:
            for k in range(first, first + n_weights):
                gradient[k] += rule.l2 * parameters[k] + rule.l1 * np.sign(parameters[k])
        if rule.clip_norm > 0.0:
            for k in range(first, trained):
                squares += gradient[k] * gradient[k]
    norm = np.sqrt(squares)
    shorten = rule.clip_norm / norm if rule.clip_norm > 0.0 and norm > rule.clip_norm else 1.0
    keep = 1.0 - rate * rule.weight_decay
    for layer in range(len(net.codes)):
        first = starts[layer]
        after_weights = first + widths[layer] * widths[layer + 1]
        trained = starts[layer + 1] if train_biases else after_weights
        if shorten != 1.0:
            for k in range(first, trained):
                gradient[k] *= shorten
        if rule.weight_decay > 0.0:
            for k in range(first, after_weights):
                parameters[k] *= keep
        _step(parameters, gradient, slots, first, trained, t, rate, rule)


@inlined(FAST_SUMS)
def _step(
    parameters: Array, gradient: Array, slots: Array, first: int, end: int, t: int, rate: float, rule: RuleTable
) -> None:
    """Take the optimiser's step with the parameters from `first` to before `end`."""
    w, g = parameters[first:end], gradient[first:end]
    if rule.optimiser == SGD:
        for k in range(len(w)):
            w[k] -= rate * g[k]
    elif rule.optimiser in (MOMENTUM, NESTEROV):
        _momentum(w, g, slots[0, first:end], rate, rule)
    elif rule.optimiser in (ADAGRAD, RMSPROP):
        _scaled(w, g, slots[0, first:end], rate, rule)
    else:
        _adam(w, g, slots[0, first:end], slots[1, first:end], t, rate, rule)


@inlined(FAST_SUMS)
def _momentum(w: Array, g: Array, velocity: Array, rate: float, rule: RuleTable) -> None:
    mu = rule.momentum
    if rule.optimiser == MOMENTUM:
        for k in range(len(w)):
            velocity[k] = mu * velocity[k] + g[k]
            w[k] -= rate * velocity[k]
    else:
        for k in range(len(w)):
            velocity[k] = mu * velocity[k] + g[k]
            w[k] -= rate * (g[k] + mu * velocity[k])


@inlined(FAST_SUMS)
def _scaled(w: Array, g: Array, v: Array, rate: float, rule: RuleTable) -> None:
    """Take a step of Adagrad or RMSprop: they differ in what they keep of v and how much of a square they add."""
    kept, added = (1.0, 1.0) if rule.optimiser == ADAGRAD else (rule.beta2, 1.0 - rule.beta2)
    for k in range(len(w)):
        v[k] = kept * v[k] + added * g[k] * g[k]
        w[k] -= rate * g[k] / (np.sqrt(v[k]) + rule.epsilon)


@inlined(FAST_SUMS)
def _adam(w: Array, g: Array, m: Array, v: Array, t: int, rate: float, rule: RuleTable) -> None:
    beta1, beta2 = rule.beta1, rule.beta2
    # One division a parameter in place of three: the corrections of m and v are the same for all.
    length, root = rate / (1.0 - beta1**t), 1.0 / np.sqrt(1.0 - beta2**t)
    for k in range(len(w)):
        m[k] = beta1 * m[k] + (1.0 - beta1) * g[k]
        v[k] = beta2 * v[k] + (1.0 - beta2) * g[k] * g[k]
        w[k] -= length * m[k] / (np.sqrt(v[k]) * root + rule.epsilon)

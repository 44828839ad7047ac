"""One update of some parameters by each optimiser, in its plainest form.

This is the code that the window steps through where the optimiser is not plain SGD. It is also what trains where
nothing is compiled; `bpviz.core.training.numba_rules` is the same in compiled loops.

w are some parameters and g their gradient, of the same shape: those of a layer, or of the whole network. State arrays
of that shape are kept from one update to the next. All functions change w and the state in place.

The definitions are those of `torch.optim`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import LearningRule


def penalised(W: Array, dW: Array, rule: LearningRule) -> Array:
    """Return the gradient of L + l1 * sum |W| + l2 / 2 * sum W**2."""
    g = dW + rule.l2 * W + rule.l1 * np.sign(W)
    return np.asarray(g)


def penalty_terms(W: Array, rule: LearningRule) -> Array:
    """Return l1 * |W| + l2 / 2 * W**2 of every weight."""
    return np.asarray(rule.l1 * np.abs(W) + 0.5 * rule.l2 * np.square(W))


def penalty(weights: Iterable[Array], rule: LearningRule) -> float:
    """Return l1 * sum |W| + l2 / 2 * sum W**2 over all layers: what is minimised beside L."""
    if not rule.has_penalty:
        return 0.0
    return float(sum(np.sum(penalty_terms(W, rule)) for W in weights))


def clipped(g: Array, norm: float, rule: LearningRule) -> Array:
    """Return a gradient, shortened if the norm of the whole network's gradient is above the limit."""
    g = g * (rule.clip_norm / max(norm, rule.clip_norm))
    return g


def decay(W: Array, rate: float, rule: LearningRule) -> None:
    """Make weights smaller, apart from the gradient."""
    W *= 1.0 - rate * rule.weight_decay


def sgd(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Take a step against the gradient."""
    w -= rate * g


def momentum(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Take a step along the velocity: Polyak (1964)."""
    (velocity,) = state
    velocity[...] = rule.momentum * velocity + g
    w -= rate * velocity


def nesterov(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Take a step along the gradient and the new velocity: Nesterov (1983), as Sutskever et al. (2013)."""
    (velocity,) = state
    velocity[...] = rule.momentum * velocity + g
    w -= rate * (g + rule.momentum * velocity)


def adagrad(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Divide the step by the root of the sum of squared gradients: Duchi, Hazan and Singer (2011)."""
    (v,) = state
    v[...] = v + g * g
    w -= rate * g / (np.sqrt(v) + rule.epsilon)


def rmsprop(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Divide the step by the root of the mean of recent squared gradients: Tieleman and Hinton (2012)."""
    (v,) = state
    v[...] = rule.beta2 * v + (1.0 - rule.beta2) * g * g
    w -= rate * g / (np.sqrt(v) + rule.epsilon)


def adam(w: Array, g: Array, state: list[Array], t: int, rate: float, rule: LearningRule) -> None:
    """Divide the mean of recent gradients by the root of the mean of their squares: Kingma and Ba (2015).

    m and v begin at 0; the quotients with 1 - beta**t, in the t-th update, make up for that.
    """
    m, v = state
    m[...] = rule.beta1 * m + (1.0 - rule.beta1) * g
    v[...] = rule.beta2 * v + (1.0 - rule.beta2) * g * g
    m_hat = m / (1.0 - rule.beta1**t)
    v_hat = v / (1.0 - rule.beta2**t)
    w -= rate * m_hat / (np.sqrt(v_hat) + rule.epsilon)


Step = Callable[[Array, Array, list[Array], int, float, LearningRule], None]
#: Name of an optimiser -> its step. AdamW is Adam; the weight decay, `decay`, is made before it.
STEPS: dict[str, Step] = {
    "sgd": sgd,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,
}

"""Factors that are conventions: numbers that differ from ours by one of them everywhere are right.

Such a factor belongs to a group of quantities: the loss, the error of the output, all other errors and deltas, the
gradients, the update.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bpviz.core.mistakes.program import Key, Setup

LOSS, OUTPUT_ERROR, DELTA, GRADIENT, UPDATE = "loss", "output error", "delta", "gradient", "update"
_GROUPS = {"loss": LOSS, "error": DELTA, "delta": DELTA, "dW": GRADIENT, "db": GRADIENT}
_GROUPS |= {"W_after": UPDATE, "b_after": UPDATE}


def group_of(key: Key, n_layers: int) -> str | None:
    """Return the group of quantities that share a factor; None for those that have none."""
    return OUTPUT_ERROR if key == ("error", n_layers) else _GROUPS.get(key[0])


def bases(n_outputs: int) -> tuple[float, ...]:
    """Return the factors of the loss: half the sum of squares, the sum, the mean over outputs, half of it."""
    return _unique((1.0, 2.0, 2.0 / n_outputs, 1.0 / n_outputs, 0.5))


def allowed(group: str | None, setup: Setup, found: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    """Return the factors that a group may have, the most likely first.

    Parameters
    ----------
    group : str or None
    setup : Setup
    found : mapping
        The factors that the groups before this one may have: the update must have that of the gradients.
    """
    count, loss_factors = float(len(setup.x)), bases(setup.width(setup.n_layers))
    if group is None:
        return (1.0,)
    if group == UPDATE:
        return _allowed_in_update(loss_factors, count, found)
    if group == LOSS:
        return _products(loss_factors, (1.0, count))
    signed = tuple(sign * factor for factor in loss_factors for sign in (1.0, -1.0))
    return _products(signed, (1.0, count if group == GRADIENT else 1.0 / count))


def _allowed_in_update(
    loss_factors: tuple[float, ...], count: float, found: Mapping[str, tuple[float, ...]]
) -> tuple[float, ...]:
    if gradient := found.get(GRADIENT):
        return _unique(map(abs, gradient))
    if delta := found.get(DELTA):
        of_sample = [abs(factor) for factor in delta if abs(factor) in loss_factors]
        of_batch = [abs(factor) * count for factor in delta if abs(factor) * count in loss_factors]
        return _products(_unique((*of_sample, *of_batch)), (1.0, count))
    return _products(loss_factors, (1.0, count))


def _products(first: Iterable[float], second: Iterable[float]) -> tuple[float, ...]:
    first = tuple(first)
    return _unique(one * other for other in second for one in first)


def _unique(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(dict.fromkeys(values))

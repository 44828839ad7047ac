"""The causes of a neuron's delta: its error and slope, and the terms whose sum is the error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpviz.session.walkthrough.operations import BACKWARD, FORWARD
from bpviz.session.walkthrough.traced_update import TracedUpdate


@dataclass(frozen=True)
class Term:
    """The contribution of one neuron of the next layer to an error: its delta times one weight.

    Attributes
    ----------
    neuron : int
        The neuron of the next layer, counted from 0.
    weight, delta, product : float
        W_next[neuron of the cause, neuron], delta of the next neuron, and weight * delta.
    share : float
        |product| over the sum of all |products|, 0 to 1; NaN if that sum is 0 or not finite.
    """

    neuron: int
    weight: float
    delta: float
    product: float
    share: float


@dataclass(frozen=True)
class Cause:
    """A neuron's delta and what it was computed from.

    Attributes
    ----------
    layer, neuron : int
        Counted from 1 and from 0.
    activation : str
        The layer's.
    z, a, error, slope, delta : float
        The neuron's values, as in `bpviz.core.backprop.LayerTrace`.
    y : float or None
        The target, for an output neuron.
    is_difference : bool
        Whether it is an output whose error and slope cancel, so that delta = a - y.
    terms : tuple of Term
        Ordered by |product|, the largest first; the products add up to `error`. Empty for an output neuron.
    """

    layer: int
    neuron: int
    activation: str
    z: float
    a: float
    error: float
    slope: float
    delta: float
    y: float | None
    is_difference: bool
    terms: tuple[Term, ...]


def explain(update: TracedUpdate, row: int, layer: int, neuron: int) -> Cause:
    """Return the causes of one delta. Call it for the terms' neurons to follow the causes through the next layer.

    Parameters
    ----------
    update : TracedUpdate
    row : int
        Which sample of the batch.
    layer, neuron : int
        Counted from 1 and from 0.
    """
    trace, is_output = update.trace.layers[layer - 1], layer == len(update.layers)
    return Cause(
        layer=layer,
        neuron=neuron,
        activation=update.layers[layer - 1].activation,
        **{name: float(getattr(trace, name)[row, neuron]) for name in (*FORWARD, *BACKWARD)},
        y=float(update.trace.y[row, neuron]) if is_output else None,
        is_difference=is_output and update.loss.cancels_slope,
        terms=() if is_output else _terms(update, row, layer, neuron),
    )


def _terms(update: TracedUpdate, row: int, layer: int, neuron: int) -> tuple[Term, ...]:
    weights, deltas = update.layers[layer].W[neuron], update.trace.layers[layer].delta[row]
    with np.errstate(all="ignore"):
        products = weights * deltas
        sizes = np.abs(products)
        shares = sizes / sizes.sum()
    # NaN first: it is why the sum is NaN.
    order = np.argsort(-np.nan_to_num(sizes, nan=np.inf), kind="stable")
    columns = (order, weights[order], deltas[order], products[order], shares[order])
    return tuple(Term(*each) for each in zip(*(column.tolist() for column in columns), strict=True))

"""Mistakes in the backward pass: error, slope and delta."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.mistakes.mistake import Mistake, Way
from bpviz.core.mistakes.program import Program, Setup
from bpviz.language import N_


def _is_hidden(setup: Setup, layer: int) -> bool:
    return layer < setup.n_layers


def _next_is_square(setup: Setup, layer: int) -> bool:
    return _is_hidden(setup, layer) and setup.width(layer) == setup.width(layer + 1)


def _without_weights(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.delta(layer + 1)


def _sum_without_weights(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    total = p.delta(layer + 1).sum(axis=1, keepdims=True)
    return np.repeat(total, p.setup.width(layer), axis=1)


def _untransposed(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.delta(layer + 1) @ p.W(layer + 1)


def _elementwise(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return np.asarray(p.delta(layer + 1) * p.W(layer + 1).sum(axis=0))


def _with_updated_weights(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.delta(layer + 1) @ p.value("W_after", layer + 1).T


def _with_stale_weights(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return right() if p.before is None else p.delta(layer + 1) @ p.before.W(layer + 1).T


def _error_sent_back(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.error(layer + 1) @ p.W(layer + 1).T


def _weights_from(offset: int, *, transposed: bool) -> Way:
    """Return the way to send delta back through the W that lies `offset` layers from the right one."""

    def matrix(setup: Setup, layer: int) -> Array:
        W = setup.layer(layer + 1 + offset).weights
        return W.T if transposed else W

    def applies(setup: Setup, layer: int) -> bool:
        shape = (setup.width(layer + 1), setup.width(layer)) if _is_hidden(setup, layer) else None
        return 1 <= layer + 1 + offset <= setup.n_layers and matrix(setup, layer).shape == shape

    def rule(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.delta(layer + 1) @ matrix(p.setup, layer)

    return Way({"error": rule}, applies)


def _delta_too_far(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.delta(layer + 2) @ p.W(layer + 1).T


def _delta_and_weights_too_far(p: Program, layer: int, right: Callable[[], Array]) -> Array:
    return p.delta(layer + 2) @ p.W(layer + 2).T


def _two_ahead_is_as_wide(of: int) -> Callable[[Setup, int], bool]:
    def applies(setup: Setup, layer: int) -> bool:
        return layer + 2 <= setup.n_layers and setup.width(layer + 1) == setup.width(layer + of)

    return applies


def _gradient_from(offset: int) -> Way:
    def applies(setup: Setup, layer: int) -> bool:
        return 1 <= layer + offset <= setup.n_layers and setup.width(layer + offset) == setup.width(layer)

    def dW(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return p.a(layer - 1).T @ p.delta(layer + offset) / p.n_samples

    def db(p: Program, layer: int, right: Callable[[], Array]) -> Array:
        return np.asarray(p.delta(layer + offset).mean(axis=0))

    return Way({"dW": dW, "db": db}, applies)


IN_BACKWARD = (
    Mistake(
        "error_instead_of_delta",
        N_("the error, not delta, is used: the slope of the layer that it comes from is missing"),
        N_("Send delta back, and build dW and db from delta: error = delta_next @ W_next.T, dW = a_prev.T @ delta."),
        (
            Way({"error": _error_sent_back}, _is_hidden),
            Way(
                {
                    "dW": lambda p, layer, right: p.a(layer - 1).T @ p.error(layer) / p.n_samples,
                    "db": lambda p, layer, right: p.error(layer).mean(axis=0),
                }
            ),
            Way({"dW": lambda p, layer, right: p.a(layer - 1).T @ p.error(layer) / p.n_samples}),
            Way({"db": lambda p, layer, right: p.error(layer).mean(axis=0)}),
        ),
    ),
    Mistake(
        "weights_not_transposed",
        N_("the weights of the next layer are not transposed when delta is sent back"),
        N_("Compute error = delta_next @ W_next.T. Only a square W hides this by its shape."),
        (Way({"error": _untransposed}, _next_is_square),),
    ),
    Mistake(
        "weights_left_out",
        N_("the weights of the next layer are left out when delta is sent back"),
        N_("Compute error = delta_next @ W_next.T."),
        (Way({"error": _without_weights}, _next_is_square), Way({"error": _sum_without_weights}, _is_hidden)),
    ),
    Mistake(
        "weights_already_updated",
        N_("delta is sent back through weights that were already updated"),
        N_("Compute all deltas first, and only then update any weights."),
        (Way({"error": _with_updated_weights}, _is_hidden, needs_rate=True),),
    ),
    Mistake(
        "weights_stale",
        N_("delta is sent back through the weights from before the last update"),
        N_("Use the present weights, not a copy that was taken before an update."),
        (Way({"error": _with_stale_weights}, _is_hidden, needs_before=True),),
    ),
    Mistake(
        "weights_of_wrong_layer",
        N_("delta is sent back through the weights of another layer"),
        N_("The error of a layer comes through the weights of the layer after it: delta[l + 1] @ W[l + 1].T."),
        tuple(
            _weights_from(offset, transposed=transposed) for offset in (-1, 1, -2, 2) for transposed in (True, False)
        ),
    ),
    Mistake(
        "delta_of_wrong_layer",
        N_("the delta of another layer is used"),
        N_(
            "Check the index: error of layer l comes from delta of layer l + 1, dW and db of layer l from its own "
            "delta."
        ),
        (
            Way({"error": _delta_too_far}, _two_ahead_is_as_wide(2)),
            Way({"error": _delta_and_weights_too_far}, _two_ahead_is_as_wide(0)),
            *(_gradient_from(offset) for offset in (1, -1)),
        ),
    ),
)

"""Why the loss stands still: what the samples look like in every layer, and what is left of their gradients."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array, rms
from bpviz.core.network import Layer, Network
from bpviz.session.diagnostics.delta_flow import DeltaFlow
from bpviz.session.training.position import Position

#: Over so many epochs the change of the loss is looked at.
WINDOW = 20
# The passes are done in pieces of some milliseconds; a singular value decomposition of more rows takes longer.
_PIECE_MULTIPLICATIONS, _LEAST_ROWS, _MOST_ROWS = 10_000_000, 64, 256


@dataclass(frozen=True)
class LayerState:
    """What one layer makes of the samples, and what of their gradients is left.

    Attributes
    ----------
    layer : int
        Counted from 1.
    n_neurons : int
    spread : float
        Root mean square over samples and neurons of how far a is from its mean over the samples.
    difference : float
        `spread` over the root mean square of a: 0 if the layer sends the same for every sample.
    rank : float
        The effective rank of the activations, less their mean: exp of the entropy of their singular values, after
        they are divided by their sum. From 1 to `n_neurons`; NaN if all samples are alike or not all finite.
    main_share : float
        The part of the variance that lies along the first singular vector, 0 to 1; NaN as `rank`.
    slope, steepest : float
        Mean size of the slopes over samples and neurons, and the largest that the activation function has.
    saturated : float
        The part of the slopes that is below a tenth of the steepest, 0 to 1.
    cancelled : float
        How much of the single samples' gradients of W cancels in their sum, 0 to 1: 1 less the sum of |sum of the
        gradients|, over all weights, divided by the sum of |gradient| over all weights and samples.

    References
    ----------
    Roy and Vetterli (2007), The effective rank: a measure of effective dimensionality.
    """

    layer: int
    n_neurons: int
    spread: float
    difference: float
    rank: float
    main_share: float
    slope: float
    steepest: float
    saturated: float
    cancelled: float


@dataclass(frozen=True)
class PlateauReport:
    """The state of a network over the training samples, and how the loss has changed of late.

    Attributes
    ----------
    position : Position
    n_samples, n_training : int
        How many training samples were looked at, and how many there are.
    first_epoch, last_epoch : int
        Numbers of epochs complete at both ends of the last epochs; equal if fewer than two are complete.
    mse_before, mse_after : float
        The training MSE at these ends, from the epoch records; NaN without records.
    mse, mse_of_constant : float
        MSE over the samples now, and that of the best answer that is the same for all of them: the mean target.
    accuracy : float
        The part of the samples that is classified rightly, 0 to 1.
    layers : tuple of LayerState
        Layers 1..L.
    flow : DeltaFlow
        Errors and deltas over the samples.
    """

    position: Position
    n_samples: int
    n_training: int
    first_epoch: int
    last_epoch: int
    mse_before: float
    mse_after: float
    mse: float
    mse_of_constant: float
    accuracy: float
    layers: tuple[LayerState, ...]
    flow: DeltaFlow

    @property
    def change(self) -> float:
        """The relative change of the training MSE over the last epochs; NaN if it cannot be told."""
        if self.first_epoch == self.last_epoch:
            return np.nan
        with np.errstate(all="ignore"):
            return float(np.float64(self.mse_after - self.mse_before) / np.float64(self.mse_before))


@dataclass(frozen=True)
class _Passes:
    """a, error, slope and delta of every layer, each of shape (n_samples, n_neurons)."""

    a: list[Array]
    error: list[Array]
    slope: list[Array]
    delta: list[Array]


def report_in_pieces(
    network: Network, x: Array, y: Array, losses: Array, position: Position, n_training: int
) -> Iterator[PlateauReport | None]:
    """Look at a network over some samples.

    Parameters
    ----------
    network : Network
        It must not change until the generator is exhausted: pass a copy.
    x : ndarray of shape (n_samples, n_inputs)
    y : ndarray of shape (n_samples, n_outputs)
    losses : ndarray of shape (n_epochs,)
        The training MSE of every epoch that is complete.
    position : Position
    n_training : int
        The number of training samples, of which x may be a part.

    Yields
    ------
    PlateauReport or None
        None after each piece of some milliseconds; the report last.
    """
    passes = yield from _passes(network, x, y)
    layers = []
    for index, layer in enumerate(network.layers):
        layers.append(_state(index, layer, x if index == 0 else passes.a[index - 1], passes))
        yield None
    yield _report(passes, y, losses, position, n_training, tuple(layers))


def _report(
    passes: _Passes, y: Array, losses: Array, position: Position, n_training: int, layers: tuple[LayerState, ...]
) -> PlateauReport:
    first, outputs = max(len(losses) - WINDOW, min(len(losses), 1)), passes.a[-1]
    with np.errstate(all="ignore"):  # never around a `yield`: the setting belongs to the thread's context
        return PlateauReport(
            position,
            len(y),
            n_training,
            first,
            len(losses),
            float(losses[first - 1]) if len(losses) else np.nan,
            float(losses[-1]) if len(losses) else np.nan,
            float(np.mean(np.square(outputs - y))),
            float(np.mean(np.square(y - y.mean(axis=0)))),
            float(np.mean(outputs.argmax(axis=1) == y.argmax(axis=1))),
            layers,
            DeltaFlow(tuple(map(rms, passes.error)), tuple(map(rms, passes.delta))),
        )


def _passes(network: Network, x: Array, y: Array) -> Generator[None, None, _Passes]:
    rows = max(_LEAST_ROWS, _PIECE_MULTIPLICATIONS // len(network.parameters))
    pieces: list[tuple[list[Array], ...]] = []
    for start in range(0, len(x), rows):
        with np.errstate(all="ignore"):
            zs, activations = backprop.forward(network, x[start : start + rows])
            pieces.append((activations, *backprop.backward(network, zs, activations, y[start : start + rows])))
        yield None
    quantities = zip(*pieces, strict=True)
    return _Passes(*([np.concatenate(layer) for layer in zip(*parts, strict=True)] for parts in quantities))


def _state(index: int, layer: Layer, a_prev: Array, passes: _Passes) -> LayerState:
    a, slope, delta = passes.a[index], passes.slope[index], passes.delta[index]
    rule = layer.rule
    with np.errstate(all="ignore"):
        centred = a - a.mean(axis=0)
        rank, main_share = _rank(centred)
        left, all_sizes = np.abs(a_prev.T @ delta).sum(), (np.abs(a_prev).T @ np.abs(delta)).sum()
        return LayerState(
            index + 1,
            a.shape[1],
            rms(centred),
            float(np.float64(rms(centred)) / np.float64(rms(a))),
            rank,
            main_share,
            float(np.abs(slope).mean()),
            rule.max_slope,
            float((np.abs(slope) < rule.saturated_slope).mean()),
            float(1 - left / all_sizes),
        )


def _rank(centred: Array) -> tuple[float, float]:
    """Return the effective rank of some rows, and the part of their squares that lies along the first direction."""
    rows = centred[:: -(-len(centred) // _MOST_ROWS)] if min(centred.shape) > _MOST_ROWS else centred
    if not np.isfinite(rows).all() or not rows.any():
        return np.nan, np.nan
    values = np.linalg.svd(rows, compute_uv=False)
    values /= values[0]  # so that no square underflows
    shares = values / values.sum()
    known = shares[shares > 0]
    return float(np.exp(-np.sum(known * np.log(known)))), float(1 / np.sum(values**2))

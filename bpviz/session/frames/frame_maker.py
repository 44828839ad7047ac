"""Makes frames, and chooses the samples that are drawn as points."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices, frozen, rms
from bpviz.core.datasets import Split
from bpviz.core.surface import Grid, Outputs, activations_at, maps_over
from bpviz.session.diagnostics.neuron_health import neuron_health
from bpviz.session.frames.frame import Frame, FrameOptions, ShownSamples
from bpviz.session.frames.predictions import Predictions, predict_in_pieces
from bpviz.session.training.training import Training

MOST_SHOWN = 2000
_MIN_SHOWN, _FRAME_MULTIPLICATIONS = 200, 60_000_000
# Predictions need a forward pass alone. Of each set at most so many samples are predicted in a frame.
_MIN_PREDICTED, _MOST_PREDICTED, _PREDICTION_MULTIPLICATIONS = 1000, 50_000, 100_000_000
# A frame is made in pieces of some milliseconds, so that commands are handled in between.
_PIECE_MULTIPLICATIONS = 10_000_000
# While training runs, making frames may take this share of the time, so that large networks still train.
_SHARE = 0.25

Scalar = TypeVar("Scalar", bound=np.generic)


def choose_shown_samples(split: Split, n_parameters: int = 1) -> ShownSamples:
    """Return the samples to draw as points: all, or evenly spaced ones; training samples ordered by class.

    At most `MOST_SHOWN` training and test samples each, and fewer for a large network.
    """
    most = min(max(_FRAME_MULTIPLICATIONS // n_parameters, _MIN_SHOWN), MOST_SHOWN)
    by_class = np.argsort(split.labels_train, kind="stable")
    return ShownSamples(_thinned(by_class, most), _thinned(np.arange(len(split.X_test)), most))


class FrameMaker:
    """Makes one frame for each request, in pieces, and limits the share of time that frames take from training.

    Parameters
    ----------
    training : Training
    shown : ShownSamples
        The samples whose deltas a frame contains; of samples that are drawn later, those of `choose_shown_samples`.
    clock : callable
        Returns seconds of a monotonic clock.

    Attributes
    ----------
    options : FrameOptions
        The optional arrays of frames started from now on.
    """

    def __init__(self, training: Training, shown: ShownSamples, clock: Callable[[], float] = time.perf_counter) -> None:
        self._training, self._shown, self._clock = training, shown, clock
        self._split = training.split
        self.options = FrameOptions()
        self._wanted: Grid | None = None
        self._pieces_left: Iterator[Frame | None] | None = None
        self._cost, self._not_before = 0.0, 0.0

    def request(self, grid: Grid) -> None:
        """Request a frame; a request that has not been started is replaced.

        A grid for another number of inputs was meant for the network before, and is dropped.
        """
        if grid.n_inputs == self._training.split.n_inputs:
            self._wanted = grid

    def restart(self) -> None:
        """Discard an unfinished frame, because the network has changed, and start it again."""
        self._pieces_left = None

    def forget(self) -> None:
        """Discard an unfinished frame and the request."""
        self._pieces_left, self._wanted = None, None

    def seconds_until_due(self, running: bool) -> float | None:
        """Return the seconds until the next piece of work is due; None if nothing is requested."""
        if self._pieces_left is None and self._wanted is None:
            return None
        return max(0.0, self._not_before - self._clock()) if running else 0.0

    def make_piece(self) -> Frame | None:
        """Do one piece of work; return the frame after the last piece, else None."""
        started = self._clock()
        if self._pieces_left is None:
            self._begin()
        assert self._pieces_left is not None
        frame = next(self._pieces_left)
        self._cost += self._clock() - started
        if frame:
            self._end(frame)
        return frame

    def _begin(self) -> None:
        assert self._wanted is not None
        if self._split is not self._training.split:
            self._split = self._training.split
            self._shown = choose_shown_samples(self._split, len(self._training.network.parameters))
        self._cost, self._pieces_left = 0.0, self._pieces(self._wanted)

    def _end(self, frame: Frame) -> None:
        self._pieces_left = None
        # A pause in proportion to the frame's cost: the next one starts only when training has had its share.
        self._not_before = self._clock() + self._cost * (1 / _SHARE - 1)
        if self._wanted is frame.grid:  # else another one has been requested in the meantime
            self._wanted = None

    def _pieces(self, grid: Grid) -> Iterator[Frame | None]:
        options = self.options
        if options.maps and options.maps.n_inputs != grid.n_inputs:  # meant for the network before
            options = dataclasses.replace(options, maps=None)
        over = yield from self._over(grid, maps=options.maps == grid)
        outputs = over[-1].reshape(grid.rows, grid.columns, -1)
        maps: list[Outputs] = []
        if options.maps:
            points = over if options.maps == grid else (yield from self._over(options.maps, maps=True))
            maps = maps_over(points, options.maps)
        predicted = (yield from self._predictions()) if options.predictions else (None, None)
        zs, activations, errors, deltas = yield from self._passes()
        yield dataclasses.replace(
            self._frame(grid, outputs, activations[-1], deltas),
            maps=tuple(map(_read_only, maps)),
            maps_grid=options.maps,
            activations=_in_float32(activations) if options.activations else (),
            error_rms=tuple(map(rms, errors)),
            delta_rms=tuple(map(rms, deltas)),
            neuron_health=self._neuron_health(zs, activations) if options.activations else (),
            predicted_train=predicted[0],
            predicted_test=predicted[1],
        )

    def _neuron_health(self, zs: list[Array], activations: list[Array]) -> tuple[npt.NDArray[np.uint8], ...]:
        layers = zip(zs, activations, self._training.experiment.activations, strict=True)
        with np.errstate(all="ignore"):
            return tuple(_read_only(neuron_health(*layer)) for layer in layers)

    def _predictions(self) -> Generator[None, None, tuple[Predictions | None, Predictions | None]]:
        """Predict training and test samples, as the scores do: without mistakes that are planted in training."""
        network, split = self._training.network, self._training.split
        if not split.is_classification:
            return None, None
        size = len(network.parameters)
        most = min(max(_PREDICTION_MULTIPLICATIONS // size, _MIN_PREDICTED), _MOST_PREDICTED)
        train, test = (_in_pieces(_thinned(np.arange(len(X)), most), size) for X in (split.X_train, split.X_test))
        return (
            (yield from predict_in_pieces(network, (split.X_train, split.y_train), split.labels_train, train)),
            (yield from predict_in_pieces(network, (split.X_test, split.y_test), split.labels_test, test)),
        )

    def _over(self, grid: Grid, *, maps: bool) -> Generator[None, None, list[Outputs]]:
        """Return activations over a grid, of all layers if `maps`, else of the output layer only."""
        network, kept = self._training.network, slice(None) if maps else slice(-1, None)
        pieces = []
        for points in _in_pieces(grid.points(), len(network.parameters)):
            pieces.append(activations_at(network, points)[kept])
            yield None
        return _joined(pieces)

    def _passes(self) -> Generator[None, None, tuple[list[Array], ...]]:
        """Return z, a, error and delta of every layer for the shown training samples."""
        pieces = []
        for chosen in _in_pieces(self._shown.train, len(self._training.network.parameters)):
            pieces.append(self._forward_and_back(chosen))
            yield None
        return tuple(_joined(list(quantity)) for quantity in zip(*pieces, strict=True))

    def _forward_and_back(self, chosen: Indices) -> tuple[list[Array], ...]:
        network, split = self._training.network, self._split
        with np.errstate(all="ignore"):
            if self._training.experiment.mistakes:
                layers = self._training.trainer.trace(chosen).layers
                return tuple([getattr(each, name) for each in layers] for name in ("z", "a", "error", "delta"))
            zs, activations = backprop.forward(network, split.X_train[chosen])
            errors, _, deltas = backprop.backward(network, zs, activations, split.y_train[chosen])
        return zs, activations, errors, deltas

    def _frame(self, grid: Grid, outputs: Outputs, a: Array, deltas: list[Array]) -> Frame:
        """Return a frame without optional arrays; `a` is that of the output layer."""
        network, split, shown = self._training.network, self._split, self._shown
        with np.errstate(all="ignore"):
            wrong_test = network.predict(split.X_test[shown.test]) != split.labels_test[shown.test]
        return Frame(
            self._training.position,
            grid,
            _read_only(outputs),
            _in_float32(deltas),
            _read_only((a.argmax(axis=1) != split.labels_train[shown.train]) & split.is_classification),
            _read_only(wrong_test & split.is_classification),
            parameters=frozen(network.parameters),
        )


def _joined(pieces: list[list[npt.NDArray[Scalar]]]) -> list[npt.NDArray[Scalar]]:
    """Concatenate the pieces of each layer."""
    return [np.concatenate(layer) for layer in zip(*pieces, strict=True)]


def _in_float32(layers: list[Array]) -> tuple[npt.NDArray[np.float32], ...]:
    with np.errstate(all="ignore"):
        return tuple(_read_only(layer.astype(np.float32)) for layer in layers)


def _read_only(array: npt.NDArray[Scalar]) -> npt.NDArray[Scalar]:
    array.flags.writeable = False
    return array


def _in_pieces(rows: npt.NDArray[Scalar], multiplications: int) -> list[npt.NDArray[Scalar]]:
    most = max(64, _PIECE_MULTIPLICATIONS // multiplications)
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def _thinned(samples: Indices, most: int) -> Indices:
    if len(samples) > most:
        samples = samples[np.linspace(0, len(samples) - 1, most).astype(np.intp)]
    samples.flags.writeable = False
    return samples

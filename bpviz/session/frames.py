"""Makes what the screen draws of one moment, and chooses which samples it can show one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices
from bpviz.core.datasets import Split
from bpviz.core.surface import Grid, outputs_at
from bpviz.session.records import Frame, Shown, Wishes
from bpviz.session.training import Training

MOST_SHOWN = 2000
_LEAST_SHOWN, _FRAME_MULTIPLICATIONS = 200, 60_000_000
# Some milliseconds of work between two looks at the commands.
_PIECE_MULTIPLICATIONS = 10_000_000
# While training runs, frames may take this share of the time.
_SHARE = 0.25

Scalar = TypeVar("Scalar", bound=np.generic)


def choose_shown(split: Split, n_parameters: int = 1) -> Shown:
    """Return the samples to be shown one by one: all, or evenly spaced ones; training ordered by class.

    At most `MOST_SHOWN` of training and of test each, and fewer for a network so large that a frame would take long.
    """
    most = min(max(_FRAME_MULTIPLICATIONS // n_parameters, _LEAST_SHOWN), MOST_SHOWN)
    by_class = np.argsort(split.labels_train, kind="stable")
    return Shown(_thinned(by_class, most), _thinned(np.arange(len(split.X_test)), most))


class FrameMaker:
    """Makes one frame for each that was asked for, in pieces, and not more often than training can bear.

    Parameters
    ----------
    training : Training
    shown : Shown
        The samples whose deltas a frame holds.
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, training: Training, shown: Shown, clock: Callable[[], float] = time.perf_counter) -> None:
        self._training, self._shown, self._clock = training, shown, clock
        self.wishes = Wishes()
        self._wanted: Grid | None = None
        self._in_work: Iterator[Frame | None] | None = None
        self._cost, self._not_before = 0.0, 0.0

    def want(self, grid: Grid) -> None:
        """Ask for a frame; an earlier one that has not been begun is replaced."""
        self._wanted = grid

    def start_again(self) -> None:
        """Drop what is half made, since the network has changed; the frame is still wanted."""
        self._in_work = None

    def forget(self) -> None:
        """Drop what is half made and what was asked for."""
        self._in_work, self._wanted = None, None

    def patience(self, running: bool) -> float | None:
        """Return how many seconds there are until the next piece is due, None where nothing is asked for."""
        if self._in_work is None and self._wanted is None:
            return None
        return max(0.0, self._not_before - self._clock()) if running else 0.0

    def make_piece(self) -> Frame | None:
        """Make one piece; returns the frame with the last."""
        started = self._clock()
        if self._in_work is None:
            self._begin()
        assert self._in_work is not None
        frame = next(self._in_work)
        self._cost += self._clock() - started
        if frame:
            self._end(frame)
        return frame

    def _begin(self) -> None:
        assert self._wanted is not None
        self._cost, self._in_work = 0.0, self._pieces(self._wanted)

    def _end(self, frame: Frame) -> None:
        self._in_work = None
        self._not_before = self._clock() + self._cost * (1 / _SHARE - 1)
        if self._wanted is frame.grid:
            self._wanted = None

    def _pieces(self, grid: Grid) -> Iterator[Frame | None]:
        network, split, shown = self._training.network, self._training.split, self._shown
        surface = []
        for points in _in_pieces(grid.points(), len(network.parameters)):
            surface.append(outputs_at(network, points))
            yield None
        outputs = np.concatenate(surface).reshape(grid.rows, grid.columns, -1)
        pieces = []
        for chosen in _in_pieces(shown.train, len(network.parameters)):
            pieces.append(self._deltas_and_outputs(chosen))
            yield None
        *exact, a = (np.concatenate(layer) for layer in zip(*pieces, strict=True))
        with np.errstate(all="ignore"):
            deltas = [delta.astype(np.float32) for delta in exact]
            wrong_test = network.predict(split.X_test[shown.test]) != split.labels_test[shown.test]
        wrong_train = a.argmax(axis=1) != split.labels_train[shown.train]
        for array in (outputs, *deltas, wrong_train, wrong_test):
            array.flags.writeable = False
        yield Frame(self._training.position, grid, outputs, tuple(deltas), wrong_train, wrong_test)

    def _deltas_and_outputs(self, chosen: Indices) -> list[Array]:
        network, split = self._training.network, self._training.split
        with np.errstate(all="ignore"):
            _, activations = backprop.forward(network, split.X_train[chosen])
            _, _, deltas = backprop.backward(network, activations, split.y_train[chosen])
        return [*deltas, activations[-1]]


def _in_pieces(rows: npt.NDArray[Scalar], multiplications: int) -> list[npt.NDArray[Scalar]]:
    most = max(64, _PIECE_MULTIPLICATIONS // multiplications)
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def _thinned(samples: Indices, most: int) -> Indices:
    if len(samples) > most:
        samples = samples[np.linspace(0, len(samples) - 1, most).astype(np.intp)]
    samples.flags.writeable = False
    return samples

"""The algorithm of `backprop` over many samples at full speed, without keeping a trace.

One interface to two implementations ("paths"): compiled loops where numba is installed (the extra `fast`), numpy
otherwise and for large mini-batches. The first compilation takes seconds: it runs on a background thread while training
starts in numpy.
"""

from __future__ import annotations

import importlib.util
from threading import Lock, Thread
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.scores import score_sums
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.optimisers.learning import Learning
from bpviz.core.training.numpy_path import NumpyPath
from bpviz.language import _

if TYPE_CHECKING:
    from bpviz.core.backprop import Trace
    from bpviz.core.mistakes.mistake import Planted
    from bpviz.core.network import Network
    from bpviz.core.training.numba_path import CompiledPath
    from bpviz.core.training.planted_path import PlantedPath

# Numpy needs 20 to 30 microseconds a batch for its calls, but less than the compiled loops for each product of a sample
# and a parameter. From this number of products on it is the faster one, by measurement.
_CALLS = 80_000
HAS_NUMBA = importlib.util.find_spec("numba") is not None


class _Compiler:
    """Compiles the numba path once per process, on a background thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self.path: type[CompiledPath] | None = None
        self.fault = ""

    def start(self) -> None:
        """Start compiling if numba is installed and compiling has not started yet."""
        with self._lock:  # several trainings may be made at once; numba is to compile only once
            if HAS_NUMBA and self._thread is None:
                self._thread = Thread(target=self._compile, name="bpviz compiler")
                self._thread.start()

    def wait(self) -> None:
        """Block until compiling has finished."""
        if self._thread is not None:
            self._thread.join()

    def _compile(self) -> None:
        try:
            from bpviz.core.training import numba_path as compiled

            compiled.warm_up()
            self.path = compiled.CompiledPath
        except (
            Exception
        ) as fault:  # numba and LLVM fail in many ways; training continues in numpy, and the window says why
            self.fault = f"{type(fault).__name__}: {fault}"


_compiler = _Compiler()
start_compiling, wait_until_compiled = _compiler.start, _compiler.wait


def path_name() -> str:
    """Return the name of the path that training with single samples takes from now on."""
    if _compiler.path is not None:
        return "numba"
    if _compiler.fault:
        return _("numpy, numba failed")
    return _("numpy, numba is getting ready") if HAS_NUMBA else "numpy"


def compiler_fault() -> str:
    """Return why compiling failed; "" if it has not failed."""
    return _compiler.fault


class Kernel:
    """Trains one network on many samples at a time.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the kernel is in use.
    planted : tuple of Planted, optional
        Mistakes to train with instead of the algorithm, in numpy.
    learning : Learning, optional
        How a gradient changes the parameters; by default plain SGD.

    Attributes
    ----------
    learning : Learning
        Changed in place.
    statistics : Statistics
        Statistics of the samples trained on since they were last cleared.
    """

    def __init__(self, network: Network, planted: tuple[Planted, ...] = (), learning: Learning | None = None) -> None:
        self.learning = learning or Learning(len(network.parameters))
        self._numpy: NumpyPath | PlantedPath = (
            _planted_path(network, planted) if planted else NumpyPath(network, self.learning)
        )
        self._has_mistakes = bool(planted)
        self._compiled: CompiledPath | None = None
        self._ready: CompiledPath | None = None
        self._network = network
        self.statistics = Statistics(sum(layer.n_neurons for layer in network.layers))
        self.use_compiled()

    def releases_lock(self, batch_size: int) -> bool:
        """Return whether training with batches of a size releases the GIL."""
        return self._compiled is not None and self._suits_compiled(batch_size)

    def _suits_compiled(self, batch_size: int) -> bool:
        """Return whether the compiled path is the faster one for batches of a size.

        It depends on nothing but network and batch size, so that a replay takes the same path.
        """
        if batch_size == 1:
            return True
        return batch_size * len(self._network.parameters) < _CALLS

    def use_compiled(self, wanted: bool = True) -> bool:
        """Use the compiled path from now on if `wanted` and compiled, else numpy; return whether it is used.

        Call it between epochs only. The two paths add up in different orders and differ in the last bits: an epoch is
        reproduced exactly only if all of it takes the path that it took first.
        """
        if self._ready is None and _compiler.path is not None:
            self._ready = _compiler.path(self._network, self.learning)
        self._compiled = self._ready if wanted and not self._has_mistakes else None
        return self._compiled is not None

    def run(
        self,
        X: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        batch_size: int = 1,
        scan: Scan | None = None,
        epoch: int = 0,
    ) -> int:
        """Train on the samples ``X[order]``, one update a batch; the last batch may be smaller.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_inputs)
        y : ndarray of shape (n_samples, n_outputs)
        order : ndarray of int
            Indices of the samples, in training order.
        learning_rate : float
        batch_size : int
        scan : Scan, optional
            Conditions to test for every update; a stop leaves the parameters as they were before that update.
        epoch : int
            The epoch's number, for conditions on it.

        Returns
        -------
        int
            Number of samples trained on: all of them, or those before a stop.
        """
        with np.errstate(all="ignore"):  # the trainer checks for non-finite numbers and reports where
            if self._compiled is not None and self._suits_compiled(batch_size):
                return self._compiled.train(X, y, order, learning_rate, batch_size, self.statistics, scan, epoch)
            return self._numpy.train(X, y, order, learning_rate, batch_size, self.statistics, scan, epoch)

    def trace(self, x: Array, y: Array, learning_rate: float) -> Trace:
        """Return every quantity of the update with a batch; the network is not changed."""
        if isinstance(self._numpy, NumpyPath):
            return backprop.trace(self._network, x, y)
        return self._numpy.trace(x, y, learning_rate)

    def score(self, X: Array, y: Array) -> tuple[float, float, int]:
        """Return what `score_sums` returns."""
        if self._compiled is not None:
            return self._compiled.score(X, y)
        with np.errstate(all="ignore"):
            return score_sums(self._network, X, y)


def _planted_path(network: Network, planted: tuple[Planted, ...]) -> PlantedPath:
    from bpviz.core.training.planted_path import PlantedPath  # hardly ever needed

    return PlantedPath(network, planted)

"""Training at full speed: the algorithm of `backprop` over whole runs of samples, without keeping a trace.

One interface to two paths: one machine-code loop where numba is installed (the extra `fast`), numpy elsewhere, and
for mini-batches. Compiling takes seconds, once for an installation: it happens on a thread of its own
while training has begun in numpy.
"""

from __future__ import annotations

import importlib.util
from threading import Lock, Thread
from typing import TYPE_CHECKING

import numpy as np

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.scores import score_sums
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.training.numpy_path import NumpyPath

if TYPE_CHECKING:
    from bpviz.core.network import Network
    from bpviz.core.training.numba_path import CompiledPath

HAS_NUMBA = importlib.util.find_spec("numba") is not None


class _Compiler:
    """Makes the compiled path once for the whole process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self.path: type[CompiledPath] | None = None
        self.fault = ""

    def start(self) -> None:
        """Begin to compile, where there is numba and it has not begun yet."""
        with self._lock:
            if HAS_NUMBA and self._thread is None:
                self._thread = Thread(target=self._compile, name="bpviz compiler")
                self._thread.start()

    def wait(self) -> None:
        """Return when there is nothing left to compile."""
        if self._thread is not None:
            self._thread.join()

    def _compile(self) -> None:
        try:
            from bpviz.core.training import numba_path as compiled

            compiled.warm_up()
            self.path = compiled.CompiledPath
        except Exception as fault:  # numba may fail in many ways; numpy goes on, and says so
            self.fault = f"{type(fault).__name__}: {fault}"


_compiler = _Compiler()
start_compiling, wait_until_compiled = _compiler.start, _compiler.wait


def path_name() -> str:
    """Say which path epochs of single samples take from now on."""
    if _compiler.path is not None:
        return "numba"
    if _compiler.fault:
        return "numpy, numba failed"
    return "numpy, numba is getting ready" if HAS_NUMBA else "numpy"


def compiler_fault() -> str:
    """Say why there is no compiled path though numba is installed; empty while nothing went wrong."""
    return _compiler.fault


class Kernel:
    """Trains one network over runs of samples.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the kernel is in use.

    Attributes
    ----------
    statistics : Statistics
        Of the samples trained on since it was last cleared.
    """

    def __init__(self, network: Network) -> None:
        self._numpy = NumpyPath(network)
        self._compiled: CompiledPath | None = None
        self._ready: CompiledPath | None = None
        self._network = network
        self.statistics = Statistics(sum(layer.n_neurons for layer in network.layers))
        self.use_compiled()

    @property
    def releases_lock(self) -> bool:
        """Whether single samples are trained on without the interpreter's lock."""
        return self._compiled is not None

    def use_compiled(self, wanted: bool = True) -> bool:
        """Take the compiled path from now on if it is wanted and ready, else numpy's; returns whether it is taken.

        To be called between epochs.
        """
        if self._ready is None and _compiler.path is not None:
            self._ready = _compiler.path(self._network)
        self._compiled = self._ready if wanted else None
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
            Which samples, in which order.
        learning_rate : float
        batch_size : int
        scan : Scan, optional
            What to look for in every update; a stop leaves the parameters as they were before that update.
        epoch : int
            What the scan takes for the number of the epoch.

        Returns
        -------
        int
            On how many samples it trained: all of them, or those before a stop.
        """
        with np.errstate(all="ignore"):  # the trainer looks for what is not finite, and says where
            if self._compiled is not None and batch_size == 1:
                return self._compiled.train(X, y, order, learning_rate, self.statistics, scan, epoch)
            return self._numpy.train(X, y, order, learning_rate, batch_size, self.statistics, scan, epoch)

    def score(self, X: Array, y: Array) -> tuple[float, int]:
        """Return the sum of squared errors over samples and outputs, and how many samples are classified rightly."""
        if self._compiled is not None:
            return self._compiled.score(X, y)
        with np.errstate(all="ignore"):
            return score_sums(self._network, X, y)

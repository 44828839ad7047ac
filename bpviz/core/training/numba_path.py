"""Train and score a network with the compiled loops of `bpviz.core.training.numba_loops`.

Importing this module imports numba, which takes 0.3 to 1.5 s; `kernel` does it on a background thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, Indices
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.training import numba_loops as numba_loops
from bpviz.core.training import numba_passes as machine_passes
from bpviz.core.training.numba_passes import NetworkLayout
from bpviz.core.training.numba_readings import ScanTables

if TYPE_CHECKING:
    from bpviz.core.network import Network

#: Name of the loss -> its code in the compiled loops; for a softmax, cross-entropy has another.
_LOSSES = {
    "mse": machine_passes.HALF_SQUARES,
    "cross_entropy": machine_passes.BINARY,
    "huber": machine_passes.HUBER,
    "mae": machine_passes.DISTANCES,
}
# Samples scored at a time: long enough rows to vectorise, and a block that still fits the processor's cache.
_COLUMNS = 128


def _describe(network: Network) -> NetworkLayout:
    """Return the layout of a network's packed arrays."""
    widths = [network.layers[0].n_input, *(layer.n_neurons for layer in network.layers)]
    starts = np.cumsum([0, *(layer.n_parameters for layer in network.layers)])
    codes = [machine_passes.CODES[layer.activation] for layer in network.layers]
    leaks = np.array([layer.leak for layer in network.layers])
    return NetworkLayout(np.array(widths), starts, np.cumsum([0, *widths]), np.array(codes), leaks)


def _loss_code(network: Network) -> int:
    is_categorical = network.loss_name == "cross_entropy" and network.layers[-1].activation == "softmax"
    return machine_passes.CATEGORICAL if is_categorical else _LOSSES[network.loss_name]


class CompiledPath:
    """Trains a network with compiled loops, one sample at a time.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the path is in use.
    """

    def __init__(self, network: Network) -> None:
        self._network, self._net = network, _describe(network)
        self._block = np.zeros((self._net.neuron_starts[-1], _COLUMNS))
        self._a, self._zs, self._delta = np.zeros((3, self._net.neuron_starts[-1]))
        none = np.zeros(0, dtype=np.intp)
        self._no_tables = ScanTables(
            np.zeros((0, 7)),
            none,
            none,
            none,
            np.zeros((0, 2), dtype=np.intp),
            np.zeros((0, 0)),
            none,
            *(np.zeros(0) for _ in range(4)),
        )

    def train(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        statistics: Statistics,
        scan: Scan | None = None,
        epoch: int = 0,
    ) -> int:
        """Train on the samples of `order` until the scan stops; return the number of samples trained on."""
        network = self._network
        done, mistakes = numba_loops.train(
            network.parameters,
            self._net,
            _loss_code(network),
            network.train_biases,
            _read_only_rows(x, np.float64),
            _read_only_rows(y, np.float64),
            _read_only_rows(order, np.intp),
            float(learning_rate),
            self._a,
            self._zs,
            self._delta,
            statistics.squares,
            statistics.sizes,
            epoch,
            self._tables(scan) if scan else self._no_tables,
        )
        statistics.packed[-1] += mistakes
        return int(done)

    def _tables(self, scan: Scan) -> ScanTables:
        """Return the tables of a scan. The compiled loop writes hits into the scan's own arrays."""
        widths = self._net.widths
        before, scratch = np.empty_like(self._network.parameters), np.empty(max(widths[:-1] * widths[1:]))
        results = scan.stops, scan.counts, scan.log, scan.values, scan.logged
        return ScanTables(scan.table(), scan.starts, *results, before, scratch, *np.empty((2, len(self._a))))

    def score(self, x: Array, y: Array) -> tuple[float, int]:
        """Return the sum of squared errors and the number of correctly classified samples."""
        x, y = _read_only_rows(x, np.float64), _read_only_rows(y, np.float64)
        squares, right = numba_loops.score(self._network.parameters, self._net, x, y, self._block)
        return squares, int(right)


def _read_only_rows(array: Array | Indices, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return a read-only, contiguous view: numba compiles once more for each other memory layout."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view


def warm_up() -> None:
    """Compile all functions, or load them from the cache, by training on one sample."""
    from bpviz.core.network import Network

    network = Network.build((2, 2, 2), ["sigmoid", "sigmoid"])
    path, sample = CompiledPath(network), np.zeros((1, 2))
    path.train(sample, sample, np.zeros(1, dtype=np.intp), 0.0, Statistics(4))
    path.score(sample, sample)

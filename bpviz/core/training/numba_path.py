"""Train and score a network with the compiled loops of `bpviz.core.training.numba_loops`.

Importing this module imports numba, which takes 0.3 to 1.5 s; `kernel` does it on a background thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bpviz.core import backprop
from bpviz.core.arrays import Array, Indices, apart
from bpviz.core.metrics.reading import Reading
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.optimisers.learning import Learning
from bpviz.core.training import numba_batches as numba_batches
from bpviz.core.training import numba_columns as numba_columns
from bpviz.core.training import numba_loops as numba_loops
from bpviz.core.training import numba_passes as machine_passes
from bpviz.core.training.numba_passes import NetworkLayout
from bpviz.core.training.numba_readings import ScanTables
from bpviz.core.training.numba_rules import table_of

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
    """Trains a network with compiled loops.

    Parameters
    ----------
    network : Network
        Its parameters are changed in place; its layers must not change while the path is in use.
    learning : Learning
        Changed in place.
    """

    def __init__(self, network: Network, learning: Learning) -> None:
        self._network, self._net, self._learning = network, _describe(network), learning
        self._block = apart(self._net.neuron_starts[-1], _COLUMNS)
        self._a, self._zs, self._delta = apart(3, self._net.neuron_starts[-1])
        # Made when the first batch needs them.
        self._batch_arrays: tuple[Array, Array, Array, Array, Array, Array] | None = None
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
        batch_size: int,
        statistics: Statistics,
        scan: Scan | None = None,
        epoch: int = 0,
    ) -> int:
        """Train on the samples of `order` until the scan stops; return the number of samples trained on."""
        if batch_size == 1 and self._learning.rule.is_plain:
            return self._train_plain(x, y, order, learning_rate, statistics, scan, epoch)
        if scan and batch_size > 1:
            return self._train_with_readings(x, y, order, learning_rate, batch_size, statistics, scan, epoch)
        return self._train_batches(x, y, order, learning_rate, batch_size, statistics, scan, epoch)

    def _train_plain(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        statistics: Statistics,
        scan: Scan | None,
        epoch: int,
    ) -> int:
        done, mistakes = numba_loops.train(
            self._network.parameters,
            self._net,
            _loss_code(self._network),
            self._network.train_biases,
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
            self._learning.slots,
        )
        statistics.packed[-1] += mistakes
        self._learning.updates += int(done)
        return int(done)

    def _train_batches(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        batch_size: int,
        statistics: Statistics,
        scan: Scan | None,
        epoch: int,
    ) -> int:
        learning = self._learning
        if self._batch_arrays is None:
            blocks = apart(2, len(self._a) * numba_columns.MOST_COLUMNS)
            gradient, slots_before = apart(len(self._network.parameters)), apart(*learning.slots.shape)
            self._batch_arrays = self._a, self._zs, self._delta, blocks, gradient, slots_before
        done, mistakes, updates = numba_batches.train_batches(
            self._network.parameters,
            self._net,
            _loss_code(self._network),
            self._network.train_biases,
            _read_only_rows(x, np.float64),
            _read_only_rows(y, np.float64),
            _read_only_rows(order, np.intp),
            batch_size,
            float(learning_rate),
            table_of(learning.rule),
            learning.slots,
            learning.updates,
            numba_batches.Scratch(*self._batch_arrays, statistics.squares, statistics.sizes),
            epoch,
            self._tables(scan) if scan else self._no_tables,
            learning.rule.is_plain,
        )
        statistics.packed[-1] += mistakes
        learning.updates = int(updates)
        return int(done)

    def _train_with_readings(
        self,
        x: Array,
        y: Array,
        order: Indices,
        learning_rate: float,
        batch_size: int,
        statistics: Statistics,
        scan: Scan,
        epoch: int,
    ) -> int:
        """Train batch by batch, and evaluate the conditions for each in numpy."""
        before = self._network.copy()
        for start in range(0, len(order), batch_size):
            chosen = order[start : start + batch_size]
            before.parameters[:] = self._network.parameters
            learned, counted = self._learning.packed.copy(), statistics.packed.copy()
            self._train_batches(x, y, chosen, learning_rate, batch_size, statistics, None, epoch)
            done = backprop.trace(before, x[chosen], y[chosen])
            reading = Reading.of_trace(
                before,
                done,
                self._network,
                learning_rate=learning_rate,
                samples=chosen,
                epoch=epoch,
                rule=self._learning.rule,
                slots=self._learning.slots,
            )
            if scan.record(start, reading):
                self._network.parameters[:] = before.parameters
                self._learning.packed[:], statistics.packed[:] = learned, counted
                return start
        return len(order)

    def _tables(self, scan: Scan) -> ScanTables:
        """Return the tables of a scan. The compiled loop writes hits into the scan's own arrays."""
        widths = self._net.widths
        before, scratch = apart(len(self._network.parameters)), apart(max(widths[:-1] * widths[1:]))
        results = scan.stops, scan.counts, scan.log, scan.values, scan.logged
        return ScanTables(scan.table(), scan.starts, *results, before, scratch, *apart(2, len(self._a)))

    def score(self, x: Array, y: Array) -> tuple[float, float, int]:
        """Return what `score_sums` returns."""
        x, y = _read_only_rows(x, np.float64), _read_only_rows(y, np.float64)
        code = _loss_code(self._network)
        squares, losses, right = numba_loops.score(self._network.parameters, self._net, code, x, y, self._block)
        return squares, losses, int(right)


def _read_only_rows(array: Array | Indices, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Return a read-only, contiguous view: numba compiles once more for each other memory layout."""
    view = np.ascontiguousarray(array, dtype).view()
    view.flags.writeable = False
    return view


def warm_up() -> None:
    """Compile all functions, or load them from the cache, by training on two samples."""
    from bpviz.core.network import Network

    network = Network.build((2, 2, 2), ["sigmoid", "sigmoid"])
    path, samples = CompiledPath(network, Learning(len(network.parameters))), np.zeros((2, 2))
    for batch_size in (1, 2):
        path.train(samples, samples, np.zeros(2, dtype=np.intp), 0.0, batch_size, Statistics(4))
    path.score(samples, samples)

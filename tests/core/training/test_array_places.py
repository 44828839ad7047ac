"""Where the arrays of a training lie in memory does not change a bit of what it computes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from bpviz.core import arrays
from bpviz.core.arrays import Array, apart
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.network import Network
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.rule import LearningRule
from bpviz.core.training import kernel
from tests.core.helpers import samples_for

SAMPLES = 20
needs_numba = pytest.mark.skipif(not kernel.HAS_NUMBA, reason="numba is not installed")


class Arena:
    """Hands out arrays that touch: each right before or right after all those before it, by the bits of a number."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, order: int) -> None:
        self.order, self.memory = order, np.zeros(100_000)
        self.first = self.end = 50_000
        monkeypatch.setattr(arrays, "np", SimpleNamespace(**{**vars(np), "zeros": self.zeros}))

    def zeros(self, size: int) -> Array:
        is_before, self.order = self.order % 2, self.order // 2
        if is_before:
            self.first -= size
            return self.memory[self.first : self.first + size]
        self.end += size
        return self.memory[self.end - size : self.end]


def trained(optimiser: str, batch_size: int) -> tuple[bytes, bytes]:
    network = Network.build((2, 4, 5, 2), ["tanh", "tanh", "sigmoid"], seed=3)
    learning = Learning(len(network.parameters), LearningRule(optimiser, l2=0.01, clip_norm=0.2))
    made, (X, y) = kernel.Kernel(network, learning=learning), samples_for(network, SAMPLES)
    assert made.use_compiled()
    made.run(X, y, np.arange(SAMPLES), 0.1, batch_size)
    return network.parameters.tobytes(), made.statistics.packed.tobytes()


@needs_numba
@pytest.mark.parametrize("batch_size", [1, 3])
@pytest.mark.parametrize("optimiser", ["sgd", "nesterov", "adagrad", "adam"])
def test_bits_do_not_depend_on_which_array_follows_which(
    optimiser: str, batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {trained(optimiser, batch_size)}
    for order in range(256):
        with monkeypatch.context() as patch:
            Arena(patch, order)
            found.add(trained(optimiser, batch_size))
    assert len(found) == 1


def test_the_numbers_that_an_update_writes_have_unused_memory_behind_them() -> None:
    network = Network.build((2, 4, 2), ["tanh", "sigmoid"], seed=3)
    learning = Learning(len(network.parameters), LearningRule("adam"))
    for array in (network.parameters, network.copy().parameters, learning.packed, Statistics(6).packed, apart(2, 3)):
        assert array.base is not None
        assert array.base.nbytes - array.nbytes >= 8 * 64

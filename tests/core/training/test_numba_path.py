"""Properties of the compiled path beyond agreement with `backprop`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest

import bpviz.core
from bpviz import NeuralNetwork
from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, LEAK
from bpviz.core.arrays import Array, frozen
from bpviz.core.metrics.metric import Metric
from bpviz.core.metrics.scan import Scan
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.optimisers.learning import Learning
from bpviz.session.debugging.breakpoints import Condition
from tests.core.helpers import samples_for

if TYPE_CHECKING:
    from bpviz.core.training import numba_loops as machine
    from bpviz.core.training import numba_passes as machine_passes
    from bpviz.core.training import numba_path as compiled
else:
    pytest.importorskip("numba", reason="numba is not installed")
    from bpviz.core.training import numba_loops as machine
    from bpviz.core.training import numba_passes as machine_passes
    from bpviz.core.training import numba_path as compiled

EPS = np.finfo(np.float64).eps

#: Dense where something happens; in both tails; on both sides of zero down to the least numbers.
GRIDS = {
    "dense": np.linspace(-40, 40, 400_001),
    "tails": np.concatenate([side * np.linspace(20, 690, 100_001) for side in (-1, 1)]),
    "near zero": np.concatenate([side * np.logspace(-307, 0, 100_001) for side in (-1, 1)]),
}
OLDEST = ["none", "relu", "leaky_relu", "tanh", "sigmoid"]
EXTREME = np.array([0.0, -0.0, 5e-324, -5e-324, 700.0, -700.0, 1e6, -1e6, 1e308, -1e308, np.inf, -np.inf, np.nan])


def activated(name: str, z: Array) -> Array:
    a = z.copy()
    machine_passes.activate(a, machine_passes.CODES[name], LEAK)
    return a


def tabled(name: str, z: Array) -> Array:
    with np.errstate(all="ignore"):
        return ACTIVATIONS[name].f(z, None)


def network_of(hidden: str = "tanh", output: str = "sigmoid") -> NeuralNetwork:
    return NeuralNetwork.build((2, 5, 4, 2), [hidden, hidden, output], initializer="uniform", seed=2)


def test_every_activation_of_the_table_has_a_code_of_its_own() -> None:
    assert set(machine_passes.CODES) == set(ACTIVATIONS)
    assert len(set(machine_passes.CODES.values())) == len(ACTIVATIONS)


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
@pytest.mark.parametrize("grid", GRIDS)
def test_activations_are_the_tables_to_the_last_bits(name: str, grid: str) -> None:
    z = GRIDS[grid]
    # The normal distribution far below 0 is off by as many last bits as z squared has digits before the point.
    last_bits = 2000 if name == "gelu" else 4
    np.testing.assert_allclose(activated(name, z), tabled(name, z), rtol=last_bits * EPS, atol=1e-307)


@pytest.mark.parametrize("name", [name for name in HIDDEN_ACTIVATIONS if name not in OLDEST])
@pytest.mark.parametrize("grid", GRIDS)
def test_slopes_are_the_tables(name: str, grid: str) -> None:
    z, a = GRIDS[grid][::10], tabled(name, GRIDS[grid][::10])
    found = [machine_passes.rare_slope(*pair, machine_passes.CODES[name]) for pair in zip(z, a, strict=True)]
    np.testing.assert_allclose(found, ACTIVATIONS[name].slope(z, a, None), rtol=2000 * EPS, atol=1e-15)


@pytest.mark.parametrize("name", OLDEST)
def test_activations_of_extreme_numbers_are_the_tables(name: str) -> None:
    # Sigmoid stops at exp(-700) on its way to 0.
    np.testing.assert_allclose(activated(name, EXTREME), tabled(name, EXTREME), rtol=4 * EPS, atol=1e-303)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 30.0, 1e6])
@pytest.mark.parametrize("width", [1, 2, 10])
def test_softmax_is_the_tables(width: int, scale: float) -> None:
    for z in np.random.default_rng(0).normal(scale=scale, size=(200, width)):
        np.testing.assert_allclose(activated("softmax", z), tabled("softmax", z), rtol=4 * EPS, atol=4 * EPS)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_softmax_hides_no_number_that_is_not_finite_where_the_table_shows_it(value: float) -> None:
    for place in range(3):
        z = np.array([0.5, -1.0, 2.0])
        z[place] = value
        np.testing.assert_allclose(activated("softmax", z), tabled("softmax", z), rtol=4 * EPS, atol=4 * EPS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_no_activation_hides_a_nan(name: str) -> None:
    for place in range(9):  # registers hold some numbers at a time: each place among them
        z = np.linspace(-1, 1, 9)
        z[place] = np.nan
        assert np.isnan(activated(name, z)[place])


def test_other_arrays_and_numbers_are_not_compiled_for_anew() -> None:
    compiled.warm_up()
    known, network = list(machine.train.signatures), network_of()
    X, y = samples_for(network, 8)
    path, sums = compiled.CompiledPath(network, Learning(len(network.parameters))), Statistics(11)
    locked = np.arange(8)
    locked.flags.writeable = False
    for order in (np.arange(8), np.arange(8)[::2], locked):
        path.train(np.asfortranarray(X), frozen(y), order, 1, 1, sums)
        path.train(X[::-1], y, order, 0.5, 1, sums)
    for value in (0, 0.0, np.float64(0)):
        test = Condition(Metric("misclassified"), ">", value)
        path.train(X, y, np.arange(8), 0.5, 1, sums, Scan([[test], [test, test]], [False, True]), epoch=3)
    path.train(X, y, np.arange(8), 0.5, 1, sums, Scan([], []))
    assert machine.train.signatures == known


@pytest.mark.slow
def test_other_threads_run_while_it_trains() -> None:
    """A thread that had to wait for the interpreter's lock would see the first weight and the last, none between."""
    network = network_of()
    X, y = samples_for(network, 20)
    order = np.tile(np.arange(20), 50_000)
    path, sums = compiled.CompiledPath(network, Learning(len(network.parameters))), Statistics(11)
    worker = Thread(target=path.train, args=(X, y, order, 1e-6, 1, sums), name="trains")
    seen: set[float] = set()
    worker.start()
    while worker.is_alive():
        seen.add(float(network.parameters[0]))
    worker.join()
    assert len(seen) > 20


COMPILE_ALL = """
from bpviz.core.training import kernel, numba_loops
kernel.start_compiling()
kernel.wait_until_compiled()
print(kernel.path_name(), kernel.compiler_fault(), numba_loops.train.stats.cache_path)
"""
COMPILE_ONE = """
from bpviz.core.training.jit import STRICT, compiled
double = compiled(STRICT)(lambda x: 2 * x)
print(double(2.0), double.signatures, double.stats.cache_path)
"""


def output_without_a_cache(code: str, folder: Path) -> str:
    """Run code in a process that finds a copy of the sources in a folder, and no place to keep what it compiles."""
    package = Path(bpviz.core.__file__).parents[1]
    shutil.copytree(package, folder / "bpviz", ignore=shutil.ignore_patterns("__pycache__"))
    # A file where a folder is wanted stops the administrator too, who may write in read-only folders.
    blocked = folder / "bpviz" / "core" / "training" / "__pycache__"
    blocked.touch()
    places = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA")
    environment = {**os.environ, **{place: str(blocked / place) for place in places}, "PYTHONPATH": str(folder)}
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_without_a_place_for_the_cache_a_function_is_compiled_all_the_same(tmp_path: Path) -> None:
    assert output_without_a_cache(COMPILE_ONE, tmp_path).split() == ["4.0", "[(float64,)]", "None"]


@pytest.mark.slow  # it compiles from the first line on: some ten seconds
def test_without_a_place_for_the_cache_the_loops_are_compiled_all_the_same(tmp_path: Path) -> None:
    assert output_without_a_cache(COMPILE_ALL, tmp_path).split() == ["numba", "None"]


TRAIN = """
import numpy as np
from bpviz.core.network import Network
from bpviz.core.training import kernel
kernel.start_compiling()
kernel.wait_until_compiled()
network, rng = Network.build((2, 8, 2), ["tanh", "sigmoid"]), np.random.RandomState(1)
made = kernel.Kernel(network)
for batch_size in (1, 3, 45):
    made.run(rng.randn(150, 2), np.eye(2)[rng.randint(0, 2, 150)], np.arange(150), 0.1, batch_size)
print(kernel.path_name(), network.parameters.tobytes().hex(), made.statistics.packed.tobytes().hex())
"""


@pytest.mark.slow  # it compiles
def test_the_process_that_compiles_computes_the_bits_of_those_that_load_from_the_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-c", TRAIN]
    compiles, loads = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout for _ in range(2)
    )
    assert compiles == loads
    assert compiles.startswith("numba ")

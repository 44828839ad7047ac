"""The kernel compared with a plain numpy program, scikit-learn and the same loop in C, in one run."""

from __future__ import annotations

import ctypes
import statistics
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.metrics.statistics import Statistics
from bpviz.core.network import Network
from bpviz.core.optimisers.learning import Learning
from bpviz.core.training import kernel
from bpviz.core.training.numpy_path import NumpyPath
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint
from bpviz.session.debugging.evaluation import scan_of
from tests.benchmarks.plain import PlainNetwork
from tests.benchmarks.row import Row

ARTICLE = (2, 25, 50, 25, 2)
_OTHERS = ((2, 2, 2), (2, 8, 2), (2, 100, 100, 2), (64, 128, 64, 10))
_SAMPLES, _RATE, _ROUNDS = 1400, 0.01, 9

Program = Callable[[], object]


def samples(sizes: tuple[int, ...]) -> tuple[Array, Array]:
    """Return inputs and one-hot targets."""
    rng = np.random.RandomState(1)
    return rng.randn(_SAMPLES, sizes[0]), np.eye(sizes[-1])[rng.randint(0, sizes[-1], _SAMPLES)]


def medians(programs: dict[str, Program]) -> dict[str, float]:
    """Return microseconds per sample; the programs take turns, so that all run under the same load."""
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(_ROUNDS):
        for name, program in programs.items():
            started = time.perf_counter()
            program()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(times) / _SAMPLES * 1e6 for name, times in seconds.items()}


def plain(sizes: tuple[int, ...], batch_size: int = 1) -> Program:
    """Train one epoch of the plain program."""
    x, y = samples(sizes)
    network = PlainNetwork(sizes)

    def epoch() -> None:
        for start in range(0, _SAMPLES, batch_size):
            rows: int | slice = start if batch_size == 1 else slice(start, start + batch_size)
            network.train_batch(x[rows], y[rows], _RATE)

    return epoch


def ours(sizes: tuple[int, ...], batch_size: int = 1) -> Program:
    """Train one epoch of the kernel."""
    x, y = samples(sizes)
    made, order = kernel.Kernel(_sigmoids(sizes)), np.arange(_SAMPLES)
    return lambda: made.run(x, y, order, _RATE, batch_size)


def looking_for(path: str, breakpoints: tuple[Breakpoint, ...]) -> Program:
    """Train one epoch of the article's network with breakpoints, on the named path."""
    x, y = samples(ARTICLE)
    network, order = _sigmoids(ARTICLE), np.arange(_SAMPLES)
    scan = scan_of(breakpoints, stop=False) if breakpoints else None  # measures the whole epoch
    if path == "numpy":
        gathered, in_numpy = Statistics(sum(ARTICLE[1:])), NumpyPath(network, Learning(len(network.parameters)))
        return lambda: in_numpy.train(x, y, order, _RATE, 1, gathered, scan)
    made = kernel.Kernel(network)
    return lambda: made.run(x, y, order, _RATE, scan=scan)


def without_numba(sizes: tuple[int, ...]) -> Program:
    """Train one epoch of the kernel's numpy path."""
    x, y = samples(sizes)
    network = _sigmoids(sizes)
    path = NumpyPath(network, Learning(len(network.parameters)))
    gathered, order = Statistics(sum(sizes[1:])), np.arange(_SAMPLES)
    return lambda: path.train(x, y, order, _RATE, 1, gathered)


def _sigmoids(sizes: tuple[int, ...]) -> Network:
    return Network.build(sizes, ["sigmoid"] * (len(sizes) - 1))


def scikit_learn(sizes: tuple[int, ...]) -> Program:
    """Train one epoch of MLPRegressor, one sample at a time."""
    from sklearn.neural_network import MLPRegressor

    x, y = samples(sizes)
    model = MLPRegressor(
        hidden_layer_sizes=sizes[1:-1],
        activation="logistic",
        solver="sgd",
        batch_size=1,
        learning_rate_init=_RATE,
        momentum=0,
        max_iter=1,
    )

    def epoch() -> None:
        with warnings.catch_warnings(action="ignore"):  # one epoch does not converge, as MLPRegressor would warn
            model.fit(x, y)

    return epoch


@cache
def c_library() -> ctypes.CDLL | None:
    """Return the C loops; None if they cannot be compiled."""
    source = Path(__file__).with_name("loop.c")
    library = Path(tempfile.mkdtemp()) / "loop.so"
    flags = ["-O3", "-march=native", "-ffast-math", "-shared", "-fPIC"]
    try:
        subprocess.run(["gcc", *flags, str(source), "-o", str(library), "-lm"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return ctypes.CDLL(str(library))


def in_c(sizes: tuple[int, ...]) -> Program | None:
    """Train one epoch of the C loop; return None if it cannot be compiled."""
    if (library := c_library()) is None:
        return None
    x, y = samples(sizes)
    parameters = _sigmoids(sizes).parameters
    widths, room = np.array(sizes), np.zeros((2, sum(sizes)))
    train = library.train
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in (parameters, widths, x, y, room[0], room[1])]
    p, w, xs, ys, a, d = pointers
    keep = (parameters, widths, x, y, room)

    def epoch() -> object:
        train(p, w, ctypes.c_long(len(sizes) - 1), xs, ys, ctypes.c_long(_SAMPLES), ctypes.c_double(_RATE), a, d)
        return keep

    return epoch


def rows() -> list[Row]:
    """Run all benchmarks that need no window."""
    kernel.start_compiling()
    kernel.wait_until_compiled()
    programs: dict[str, Program] = {
        "plain": plain(ARTICLE),
        "numpy": without_numba(ARTICLE),
        "scikit-learn": scikit_learn(ARTICLE),
    }
    if kernel.HAS_NUMBA:
        programs["numba"] = ours(ARTICLE)
    c = in_c(ARTICLE)
    if c:
        programs["C"] = c
    times = medians(programs)
    fastest = times.get("numba", times["numpy"])
    found = [
        Row("article's network, plain numpy / numpy path", times["plain"] / times["numpy"], "at least", 1.8),
        Row("article's network, scikit-learn / kernel", times["scikit-learn"] / fastest, "at least", 55),
    ]
    if "numba" in times:
        found.insert(0, Row("article's network, plain numpy / numba", times["plain"] / fastest, "at least", 17))
        ratio = times["numba"] / times["C"] if "C" in times else None
        found.append(Row("article's network, numba / C loop", ratio, "at most", 2, note="" if c else "no gcc here"))
    return (
        found + breakpoint_rows() + [_other(sizes, batch) for sizes in (*_OTHERS, ARTICLE) for batch in (1, 16, 1400)]
    )


def breakpoint_rows() -> list[Row]:
    """Measure the cost of breakpoints: time of an epoch with them / time without."""
    vanishing = "vanishing delta in layer 1"
    found = []
    for path in ("numba", "numpy") if kernel.HAS_NUMBA else ("numpy",):
        programs = {
            "without": looking_for(path, ()),
            f"breakpoint “{vanishing}”": looking_for(path, (READY_MADE[vanishing],)),
            "all ready-made breakpoints, log only": looking_for(path, tuple(READY_MADE.values())),
        }
        plain_time, *others = medians(programs).items()
        found += [
            Row(f"article's network, {path}, with {name} / without", taken / plain_time[1], "at most", 4)
            for name, taken in others
        ]
    return found


def _other(sizes: tuple[int, ...], batch_size: int) -> Row:
    times = medians({"plain": plain(sizes, batch_size), "kernel": ours(sizes, batch_size)})
    name = f"{'-'.join(map(str, sizes))}, batch {batch_size}, plain numpy / kernel"
    return Row(name, times["plain"] / times["kernel"], "at least", 1)

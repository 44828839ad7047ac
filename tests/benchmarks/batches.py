"""Mini-batches compared with a C loop and with numpy's matrix products, and optimisers compared with plain SGD."""

from __future__ import annotations

import ctypes

import numpy as np

from bpviz.core.metrics.statistics import Statistics
from bpviz.core.network import Network
from bpviz.core.optimisers.learning import Learning
from bpviz.core.optimisers.rule import OPTIMISERS, PLAIN_SGD, LearningRule
from bpviz.core.training import kernel
from bpviz.core.training.numpy_path import NumpyPath
from tests.benchmarks.algorithm import ARTICLE, Program, c_library, medians, samples
from tests.benchmarks.row import Row

_NETWORKS = (ARTICLE, (2, 8, 2), (64, 128, 64, 10))
_BATCHES = (4, 16, 32, 128)
_RATE = 0.01


def rows() -> list[Row]:
    """Run the benchmarks of mini-batches and optimisers."""
    kernel.start_compiling()
    kernel.wait_until_compiled()
    found = [_batch_row(sizes, batch) for sizes in _NETWORKS for batch in _BATCHES]
    for sizes in _NETWORKS:
        for batch in (1, *_BATCHES):
            found += _optimiser_rows(sizes, batch)
    return found


def _network(sizes: tuple[int, ...]) -> Network:
    return Network.build(sizes, ["sigmoid"] * (len(sizes) - 1))


def _ours(sizes: tuple[int, ...], batch: int, rule: LearningRule = PLAIN_SGD) -> Program:
    (x, y), network = samples(sizes), _network(sizes)
    made, order = kernel.Kernel(network, learning=Learning(len(network.parameters), rule)), np.arange(len(x))
    return lambda: made.run(x, y, order, _RATE, batch)


def _numpy(sizes: tuple[int, ...], batch: int) -> Program:
    (x, y), network = samples(sizes), _network(sizes)
    path = NumpyPath(network, Learning(len(network.parameters)))
    gathered, order = Statistics(sum(sizes[1:])), np.arange(len(x))
    return lambda: path.train(x, y, order, _RATE, batch, gathered)


def _in_c(sizes: tuple[int, ...], batch: int) -> Program | None:
    library = c_library()
    if library is None:
        return None
    (x, y), parameters = samples(sizes), _network(sizes).parameters
    widths, room, gradient = np.array(sizes), np.zeros((2, sum(sizes))), np.empty_like(parameters)
    keep = (parameters, widths, x, y, room, gradient)
    p, w, xs, ys, g = (array.ctypes.data_as(ctypes.c_void_p) for array in (parameters, widths, x, y, gradient))
    a, d = (row.ctypes.data_as(ctypes.c_void_p) for row in room)
    n_layers, n_samples, size = (ctypes.c_long(number) for number in (len(sizes) - 1, len(x), batch))

    def epoch() -> object:
        library.train_batches(p, w, n_layers, xs, ys, n_samples, size, ctypes.c_double(_RATE), a, d, g)
        return keep

    return epoch


def _batch_row(sizes: tuple[int, ...], batch: int) -> Row:
    programs = {"ours": _ours(sizes, batch), "numpy": _numpy(sizes, batch)}
    if c := _in_c(sizes, batch):
        programs["C"] = c
    times = medians(programs)
    fastest = min(("numpy", *(name for name in times if name == "C")), key=times.__getitem__)
    name = f"{'-'.join(map(str, sizes))}, batch {batch}, kernel / the faster of C loop and numpy ({fastest})"
    return Row(name, times["ours"] / times[fastest], "at most", 1.5)


def _optimiser_rows(sizes: tuple[int, ...], batch: int) -> list[Row]:
    rules = {name: LearningRule(name) for name in OPTIMISERS if name != "adamw"}
    programs = {name: _ours(sizes, batch, rule) for name, rule in rules.items()}
    others = [name for name in rules if name != "sgd"]
    programs |= {f"{name} in C": made for name in others if (made := _updates_in_c(sizes, batch, name))}
    times = medians(programs)
    start, plain = f"{'-'.join(map(str, sizes))}, batch {batch}", times["sgd"]
    found = [Row(f"{start}, {name} / plain SGD", times[name] / plain, "at most", 1.5) for name in others]
    for name in others:
        # The bound for any program: with large networks the update alone takes longer than a sample of plain SGD.
        least = times.get(f"{name} in C")
        ratio, note = times[name] / (plain + least) if least else None, "" if least else "no gcc here"
        found.append(Row(f"{start}, {name} / plain SGD and its update in C", ratio, "at most", 1.5, note))
    return found


def _updates_in_c(sizes: tuple[int, ...], batch: int, optimiser: str) -> Program | None:
    """Make the updates of an epoch, and nothing else."""
    library = c_library()
    if library is None:
        return None
    parameters, count = _network(sizes).parameters, -(-len(samples(sizes)[0]) // batch)
    gradient, (m, v) = np.full_like(parameters, 1e-3), np.zeros((2, len(parameters)))
    keep = (parameters, gradient, m, v)
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in keep]
    numbers = [ctypes.c_long(number) for number in (count, list(OPTIMISERS).index(optimiser))]

    def epoch() -> object:
        library.make_updates(*numbers, *pointers, ctypes.c_long(len(parameters)), ctypes.c_double(_RATE))
        return keep

    return epoch

"""The parts of which both kinds of program are assembled: data, first parameters, learning rate, main loop."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Iterable

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.datasets import Split, make_split
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment

# Of numbers that stand in the text of a program.
_MOST_EMBEDDED, _WIDTH = 100_000, 110

_DRAWN_BY_SKLEARN = {
    "moons": ("make_moons", "make_moons(n_samples={samples}, noise={noise}, random_state={data_seed})"),
    "circles": (
        "make_circles",
        "make_circles(n_samples={samples}, noise={noise}, factor=0.5, random_state={data_seed})",
    ),
    "blobs": (
        "make_blobs",
        "make_blobs(n_samples={samples}, centers=centres, cluster_std={noise}, random_state={data_seed})",
    ),
}
_CENTRES = """\
    angles = 2 * np.pi * np.arange({classes}) / {classes} + np.pi / 2
    centres = np.column_stack((np.cos(angles), np.sin(angles)))
"""
_SPLIT = """\
    X_train, X_test, labels_train, labels_test = train_test_split(
        X, labels, test_size={test_share}, random_state={split_seed}
    )
    targets = np.eye({classes})  # row k is the target for class k
    return X_train, X_test, targets[labels_train], targets[labels_test]
"""
_INITIALIZERS = {
    "article": ("rng.randn(n_in, n_out) * np.sqrt(1 / n_out)", "rng.rand(n_out) * 0.1"),
    "he": ("rng.randn(n_in, n_out) * np.sqrt(2 / n_in)", "np.zeros(n_out)"),
    "lecun": ("rng.randn(n_in, n_out) * np.sqrt(1 / n_in)", "np.zeros(n_out)"),
    "uniform": ("rng.uniform(-0.5, 0.5, (n_in, n_out))", "rng.uniform(-0.5, 0.5, n_out)"),
    "xavier": (
        "rng.uniform(-np.sqrt(6 / (n_in + n_out)), np.sqrt(6 / (n_in + n_out)), (n_in, n_out))",
        "np.zeros(n_out)",
    ),
}
_EMBEDDED = '''
def embedded(text, *shape):
    """Return an array whose numbers, of 8 bytes each, are written as text in base64."""
    return np.frombuffer(base64.b64decode(text), "<f8").reshape(shape).copy()
'''
_UNPACK = '''
def first_parameters():
    """Return weights and biases of every layer."""
    numbers = embedded({text}, -1)
    layers, start = [], 0
    for n_in, n_out in zip(SIZES[:-1], SIZES[1:]):
        W = numbers[start : start + n_in * n_out].reshape(n_in, n_out)
        b = numbers[start + n_in * n_out : start + (n_in + 1) * n_out]
        layers.append((W, b))
        start += (n_in + 1) * n_out
    return layers
'''


class ProgramError(ValueError):
    """An experiment cannot be written as a program. The message says why."""


def joined(sections: Iterable[str]) -> str:
    """Return the sections that are not empty, with two empty lines between them."""
    return "\n\n\n".join(section.strip("\n") for section in sections if section) + "\n"


def _is_drawn(experiment: Experiment, split: Split) -> bool:
    """Return whether one call draws the samples; it does not where the user has drawn or erased some."""
    if experiment.dataset not in _DRAWN_BY_SKLEARN or experiment.scale != "none":
        return False
    drawn = make_split(
        experiment.data,
        samples=experiment.samples,
        noise=experiment.noise,
        seed=experiment.data_seed,
        classes=experiment.classes,
        test_share=experiment.test_share,
        split_seed=experiment.split_seed,
    )
    return all(np.array_equal(getattr(split, name), getattr(drawn, name)) for name in ("X_train", "X_test", "y_train"))


def is_embedded(experiment: Experiment, split: Split) -> bool:
    """Return whether data or first parameters stand in the program as numbers."""
    return not _is_drawn(experiment, split) or experiment.initializer not in _INITIALIZERS


def imports(experiment: Experiment, split: Split, *more: str) -> str:
    """Return the lines that import what the program needs."""
    names = ["base64"] * is_embedded(experiment, split) + ["math"] * ("import math" in more)
    standard = ["\n".join(f"import {name}" for name in names) + "\n"] if names else []
    others = [*(line for line in more if line != "import math"), "import numpy as np"]
    if _is_drawn(experiment, split):
        others.append(f"from sklearn.datasets import {_DRAWN_BY_SKLEARN[experiment.dataset][0]}")
        others.append("from sklearn.model_selection import train_test_split")
    plain = sorted((line for line in others if line.startswith("import")), key=lambda line: line.split()[1])
    return "\n".join([*standard, *plain, *(line for line in others if line.startswith("from"))]) + "\n"


def data(experiment: Experiment, split: Split) -> str:
    """Return the function that makes the samples.

    Raises
    ------
    ProgramError
        If they cannot be drawn by one call, and are too many to stand in the text.
    """
    head = '\ndef load_data():\n    """Return inputs and targets: training and test."""\n'
    values = {each: getattr(experiment, each) for each in ("samples", "noise", "data_seed", "classes", "split_seed")}
    values["test_share"] = experiment.test_share
    if _is_drawn(experiment, split):
        call = _DRAWN_BY_SKLEARN[experiment.dataset][1]
        centres = _CENTRES if "centres" in call else ""
        return head + (f"{centres}    X, labels = {call}\n" + _SPLIT).format(**values)
    arrays = split.X_train, split.X_test, split.y_train, split.y_test
    if sum(each.size for each in arrays) > _MOST_EMBEDDED:
        raise ProgramError(_("the samples are too many to be written into a program: take fewer, or moons or circles"))
    return (
        head
        + "    return (\n"
        + "".join(f"        embedded({_text(each)}, *{each.shape}),\n" for each in arrays)
        + "    )\n"
    )


def parameters(experiment: Experiment, first: Array) -> str:
    """Return the function that makes the first parameters, and what it needs.

    Raises
    ------
    ProgramError
        If they are too many to stand in the text.
    """
    if experiment.initializer in _INITIALIZERS:
        W, b = _INITIALIZERS[experiment.initializer]
        return (
            '\ndef first_parameters():\n    """Return weights and biases of every layer."""\n'
            f"    rng = np.random.RandomState({experiment.seed})\n"
            f"    return [({W}, {b})\n            for n_in, n_out in zip(SIZES[:-1], SIZES[1:])]\n"
        )
    if first.size > _MOST_EMBEDDED:
        raise ProgramError(_("the network has too many parameters to be written into a program"))
    return _UNPACK.format(text=_text(first))


def embedding(experiment: Experiment, split: Split) -> str:
    """Return the function that reads numbers out of the program's text, if it has any."""
    return _EMBEDDED if is_embedded(experiment, split) else ""


def _text(array: Array) -> str:
    """Return the numbers of an array as a literal in brackets, in lines of limited length."""
    coded = base64.b64encode(np.ascontiguousarray(array, dtype="<f8").tobytes()).decode()
    lines = textwrap.wrap(coded, _WIDTH)
    return "\n" + "\n".join(f'    "{line}"' for line in lines) + "\n"


def learning_rate(experiment: Experiment) -> str:
    """Return the function for the learning rate of an epoch; "" if it is always the same."""
    if experiment.schedule == "constant" and not experiment.warm_up:
        return ""
    n, factor = experiment.schedule_epochs, experiment.schedule_factor
    factors = {
        "constant": "1",
        "step": f"{factor} ** (epoch // {n})",
        "exponential": f"{factor} ** epoch",
        "cosine": f"0.5 * (1 + np.cos(np.pi * min(epoch / {n}, 1)))",
        "plateau": "plateau.factor",
    }
    warm_up = f"min((epoch + 1) / {experiment.warm_up}, 1) * " if experiment.warm_up else ""
    head, given = "", "epoch"
    if experiment.schedule == "plateau":
        head, given = _PLATEAU.format(n=n, factor=factor), "epoch, plateau"
    return (
        f'{head}\ndef rate_of({given}):\n    """Return the learning rate of an epoch, counted from 0."""\n'
        f"    return LEARNING_RATE * {warm_up}{factors[experiment.schedule]}\n"
    )


_PLATEAU = '''
class Plateau:
    """Lowers the learning rate when the training loss has not fallen for {n} epochs."""

    factor, best, waited = 1.0, np.inf, 0

    def epoch_ended(self, loss):
        if loss < self.best * (1 - 1e-4):
            self.best, self.waited = loss, 0
        elif self.waited < {n}:
            self.waited += 1
        else:
            self.factor, self.waited = self.factor * {factor}, 0

'''


def rate_call(experiment: Experiment) -> str:
    """Return the expression for the learning rate of an epoch."""
    if not learning_rate(experiment):
        return "LEARNING_RATE"
    return "rate_of(epoch, plateau)" if experiment.schedule == "plateau" else "rate_of(epoch)"


def order(experiment: Experiment) -> str:
    """Return the expression for the order of the samples in an epoch."""
    indices = "np.arange(len(X_train))"
    return (
        f"np.random.default_rng(({experiment.seed}, epoch)).permutation({indices})" if experiment.shuffle else indices
    )

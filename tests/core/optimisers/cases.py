"""What is trained by PyTorch and by bpviz alike: one small network, 100 updates, each rule of learning."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.optimisers.rule import LearningRule
from bpviz.core.optimisers.schedule import Schedule

SIZES, ACTIVATIONS = (2, 5, 3, 2), ("tanh", "sigmoid", "sigmoid")
N_SAMPLES, N_UPDATES = 20, 100


@dataclass(frozen=True)
class Case:
    """One rule of learning, and the size of a batch."""

    rule: LearningRule
    batch_size: int = 4
    learning_rate: float = 0.05


CASES: dict[str, Case] = {
    "sgd": Case(LearningRule()),
    "sgd with single samples": Case(LearningRule(), 1, 0.3),
    "momentum": Case(LearningRule("momentum", momentum=0.8)),
    "momentum with single samples": Case(LearningRule("momentum"), 1),
    "nesterov": Case(LearningRule("nesterov", momentum=0.7)),
    "adagrad": Case(LearningRule("adagrad", epsilon=1e-10)),
    "rmsprop": Case(LearningRule("rmsprop", beta2=0.99), learning_rate=0.01),
    "adam": Case(LearningRule("adam"), learning_rate=0.02),
    "adam with single samples": Case(LearningRule("adam", beta1=0.8, beta2=0.95), 1, 0.02),
    "adamw": Case(LearningRule("adamw", weight_decay=0.3), learning_rate=0.02),
    "l1 and l2": Case(LearningRule(l1=0.002, l2=0.03)),
    "adam with l2": Case(LearningRule("adam", l2=0.05), learning_rate=0.02),
    "weight decay": Case(LearningRule("momentum", weight_decay=0.2)),
    "clipped": Case(LearningRule(clip_norm=0.05), learning_rate=0.5),
    "clipped with a penalty": Case(LearningRule("momentum", l2=0.1, clip_norm=0.2), 1),
}

SCHEDULES: dict[str, Schedule] = {
    "step": Schedule("step", epochs=7, factor=0.3),
    "exponential": Schedule("exponential", factor=0.9),
    "cosine": Schedule("cosine", epochs=30),
    "plateau": Schedule("plateau", epochs=2, factor=0.5),
    "warm-up": Schedule("constant", warm_up=5),
}
N_EPOCHS = 30
#: Training losses of epochs, for "plateau": they fall, stand still and fall again.
LOSSES = [1.0, 0.8, 0.79996, 0.9, 0.8, 0.85, 0.7, *[0.7] * 9, 0.3, *[0.2999999] * 13]


def start() -> Array:
    """Return the packed parameters before training."""
    n_parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(SIZES))
    return np.random.RandomState(4).uniform(-1, 1, n_parameters)


def samples() -> tuple[Array, Array]:
    """Return inputs and targets."""
    rng = np.random.RandomState(5)
    return rng.uniform(-1, 1, (N_SAMPLES, SIZES[0])), rng.uniform(0, 1, (N_SAMPLES, SIZES[-1]))

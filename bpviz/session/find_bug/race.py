"""A race of the true program and one with mistakes, of which nobody is told which is which."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np

from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.find_bug.answers import solution
from bpviz.session.time_travel.timeline import BranchInfo

NAMES = ("A", "B")


def contestants(experiment: Experiment, rng: np.random.Generator) -> tuple[Experiment, Experiment]:
    """Return an experiment with its mistakes and the same without, in random order."""
    pair = experiment, dataclasses.replace(experiment, mistakes=())
    return pair if rng.integers(2) else pair[::-1]


def is_race(branches: Iterable[BranchInfo]) -> bool:
    """Return whether some of the branches have mistakes and others have none."""
    return len({bool(branch.experiment.mistakes) for branch in branches}) == 2


def result(branches: Iterable[BranchInfo]) -> str:
    """Return which branches are right and what is wrong with the others."""
    return " ".join(_of(branch) for branch in branches)


def _of(branch: BranchInfo) -> str:
    if not branch.experiment.mistakes:
        return _("{name} is backpropagation as it should be.").format(name=branch.name)
    return _("{name} is wrong: {solution}").format(name=branch.name, solution=solution(branch.experiment))

"""Write an experiment as a program."""

from __future__ import annotations

from pathlib import Path

from bpviz.core.datasets import Split
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.safe_write import ExportError, write_atomically
from bpviz.session.programs.numpy_program import numpy_program
from bpviz.session.programs.parts import ProgramError
from bpviz.session.programs.torch_program import torch_program

#: What a program can be for -> the function that returns its text.
PROGRAMS = {"numpy": numpy_program, "torch": torch_program}
_HEAD = '''"""Train the network {widths} on {data}: an experiment of bpviz as a program of its own.

It needs {needs}.
It prints what `bpviz train` prints: the mean squared error over the training samples and {score} over the test
samples, every 10 epochs.{note}
"""

'''
_SCALED = " Its inputs and targets are scaled."
_NEEDS = {"numpy": "numpy", "torch": "numpy and PyTorch"}


def program(experiment: Experiment, split: Split, kind: str = "numpy") -> str:
    """Return the text of a program that trains an experiment from the same parameters on the same samples.

    Parameters
    ----------
    experiment : Experiment
    split : Split
        Its samples.
    kind : {"numpy", "torch"}

    Raises
    ------
    ProgramError
        If there is no such program: a mistake is planted, or something is too large to stand in a text.
    """
    if experiment.mistakes:
        raise ProgramError(_("a mistake is planted in this experiment, and a program would not have it"))
    text = PROGRAMS[kind](experiment, split)
    needs = _NEEDS[kind] + (", and scikit-learn for the samples" if "sklearn" in text else "")
    widths = "-".join(map(str, experiment.sizes))
    score = "the accuracy" if experiment.is_classification else "R2"
    note = "" if experiment.is_classification or experiment.scale == "none" else _SCALED
    return _HEAD.format(widths=widths, data=experiment.dataset, needs=needs, score=score, note=note) + text


def write_program(path: Path, experiment: Experiment, split: Split, kind: str = "numpy") -> None:
    """Write a program to a file; see `program`.

    Raises
    ------
    ExportError
        If there is no such program, or the file cannot be written.
    """
    try:
        content = program(experiment, split, kind).encode()
    except ProgramError as fault:
        raise ExportError(_("{path} cannot be written: {fault}").format(path=path, fault=fault)) from fault
    write_atomically(path, lambda file: file.write(content))

"""Experiments with a hidden layer added, removed or resized."""

from __future__ import annotations

import dataclasses

from bpviz.session.experiment.experiment import Experiment

_NEW_WIDTH = 8


def with_width(experiment: Experiment, layer: int, width: int) -> Experiment:
    """Return an experiment with another width of a hidden layer, counted from 1; it is not validated."""
    hidden = list(experiment.hidden)
    hidden[layer - 1] = width
    return dataclasses.replace(experiment, hidden=tuple(hidden))


def with_layer(experiment: Experiment, layer: int) -> Experiment:
    """Return an experiment with a new hidden layer, inserted as layer number `layer`; it is not validated.

    The new layer has the activation of the hidden layer before it.
    """
    at, hidden, names = layer - 1, experiment.hidden, experiment.activations
    like = names[max(at - 1, 0)] if hidden else "sigmoid"
    return dataclasses.replace(
        experiment,
        hidden=(*hidden[:at], _NEW_WIDTH, *hidden[at:]),
        activations=(*names[:at], like, *names[at:]),
    )


def without_layer(experiment: Experiment, layer: int) -> Experiment:
    """Return an experiment without one of its hidden layers, counted from 1; it is not validated."""
    at, hidden, names = layer - 1, experiment.hidden, experiment.activations
    return dataclasses.replace(
        experiment, hidden=hidden[:at] + hidden[at + 1 :], activations=names[:at] + names[at + 1 :]
    )


def shape(experiment: Experiment) -> str:
    """Return the widths of all layers as text, e.g. "2-25-50-25-2"."""
    return "-".join(map(str, experiment.sizes))

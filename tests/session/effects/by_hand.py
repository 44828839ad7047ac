"""The updates of an epoch made by hand, step by step, as a user would: what a replay must equal."""

from __future__ import annotations

import dataclasses

import numpy as np

from bpviz.core.arrays import Array
from bpviz.core.network import Network
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of
from tests.session.helpers import SMALL

SOFTMAX = dataclasses.replace(SMALL, activations=("relu", "tanh", "softmax"), loss="cross_entropy", classes=2)
#: One sample at a time, batches of which the last is smaller, samples drawn by lot, softmax, and fixed biases.
EXPERIMENTS = {
    "single samples": SMALL,
    "batches": dataclasses.replace(SMALL, batch_size=5),
    "shuffled": dataclasses.replace(SMALL, shuffle=True),
    "softmax": SOFTMAX,
    "biases not trained": dataclasses.replace(SMALL, train_biases=False),
}


def trained(experiment: Experiment = SMALL, epochs: int = 3, samples: int = 0) -> Stepper:
    """Train some epochs, and some samples of the next one."""
    stepper = Stepper(Training(experiment))
    stepper.go_to(Position(epochs, samples))
    return stepper


def change_in_epoch(stepper: Stepper, epoch: int) -> None:
    """Change a weight, a learning rate and the network by an extra sample in the course of an epoch, and train on."""
    stepper.go_to(Position(epoch, 10))
    stepper.edit(Edit(1, 0, 1, 0.75))
    stepper.go_to(Position(epoch, 20))
    stepper.change_hyperparameters(dataclasses.replace(stepper.training.experiment, learning_rate=0.5))
    stepper.apply(3)
    stepper.step("epoch", 2)


def updates_by_hand(stepper: Stepper, epoch: int) -> list[TracedUpdate]:
    """Step through an epoch, sample by sample, and return its updates."""
    stepper.go_to(Position(epoch))
    made = []
    while stepper.training.position < Position(epoch + 1):
        stepper.step("sample", 1)
        assert stepper.current_update is not None
        made.append(stepper.current_update)
    return made


def losses(network: Network, training: Training) -> Array:
    """Return the loss of every training sample."""
    return network.losses(training.split.X_train, training.split.y_train)


def change_by(update: TracedUpdate, training: Training) -> Array:
    """Return by how much an update changes the loss of every training sample."""
    return losses(network_of(update, after=True), training) - losses(network_of(update), training)


def state_of(stepper: Stepper) -> tuple[object, ...]:
    """Return all that a diagnosis must leave as it is."""
    training, history = stepper.training, stepper.history
    return (
        stepper.position,
        history.furthest,
        history.n_applied,
        tuple(history.interventions),
        history.checkpoints,
        training.experiment,
        training.network.parameters.tobytes(),
        training.trainer.statistics.packed.tobytes(),
        training.n_scored,
        np.array(stepper.current_update.samples if stepper.current_update else ()).tobytes(),
    )

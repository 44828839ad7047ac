"""The network of an experiment before the first update."""

from __future__ import annotations

from bpviz.core.initializers import INITIALIZERS
from bpviz.core.network import Network
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.given_parameters import GIVEN


def first_network(experiment: Experiment) -> Network:
    """Return a network whose parameters are drawn, published or given, as the experiment says."""
    is_given = experiment.initializer == GIVEN
    network = Network.build(
        experiment.sizes,
        experiment.activations,
        initializer=next(iter(INITIALIZERS)) if is_given else experiment.initializer,
        seed=experiment.seed,
        loss=experiment.loss,
        leak=experiment.leak,
    )
    if is_given:
        network.parameters[:] = experiment.parameters
    return network

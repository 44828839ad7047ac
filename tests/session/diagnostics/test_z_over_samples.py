import dataclasses

import numpy as np

from bpviz.core import backprop
from bpviz.session.diagnostics.z_over_samples import z_over_samples
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL


def test_z_of_every_layer_is_that_of_the_forward_pass() -> None:
    training = Training(SMALL)
    training.run_epoch()
    update = trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)
    zs, _ = backprop.forward(training.network, training.split.X_train)
    for layer, expected in enumerate(zs, start=1):
        np.testing.assert_allclose(z_over_samples(update, training.split.X_train, layer), expected)


def test_of_many_samples_and_for_large_networks_only_some_are_taken() -> None:
    many, wide = dataclasses.replace(SMALL, samples=2000), dataclasses.replace(SMALL, samples=2000, hidden=(400, 400))
    counts = []
    for experiment in (many, wide):
        training = Training(experiment)
        update = trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)
        counts.append(len(z_over_samples(update, training.split.X_train, 1)))
    assert counts == [400, 24]

"""The neuron whose number stopped being finite is found."""

import numpy as np
import pytest

from bpviz.core.training.trainer import NonFiniteError
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.non_finite import first_non_finite
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, GROWING, SMALL, train_to_the_fault


@pytest.mark.parametrize("experiment", [EXPLOSIVE, GROWING], ids=["at once", "after some epochs"])
def test_its_number_is_not_finite(experiment: Experiment) -> None:
    training = Training(experiment)
    fault = train_to_the_fault(training)
    sample, layer, neuron = first_non_finite(training.trainer, fault)
    assert (sample, layer) == (fault.sample, fault.layer)
    done, _ = training.trainer.preview(np.array([sample]))
    values = getattr(done.layers[layer - 1], fault.quantity, None)
    if values is None:  # the loss is a number of the whole layer
        assert neuron == np.abs(done.layers[layer - 1].delta[0]).argmax()
    else:
        assert not np.isfinite(values.reshape(-1, done.layers[layer - 1].delta.shape[-1])[:, neuron]).all()


def test_where_every_number_is_finite_it_is_the_largest_delta() -> None:
    training = Training(SMALL)
    done, _ = training.trainer.preview(np.array([3]))
    found = first_non_finite(training.trainer, NonFiniteError(0, 3, 1, "the update"))
    assert found == (3, 1, int(np.abs(done.layers[0].delta[0]).argmax()))

"""The preset of Matt Mazur's example (2015): the numbers on screen are those that he published.

His w1 to w8 stand in columns here, see tests/core/test_mazur.py.
"""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update


@pytest.fixture
def training() -> Training:
    return Training(load_preset("mazur").experiment)


@pytest.fixture
def first(training: Training) -> TracedUpdate:
    return trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)


def test_it_is_his_experiment() -> None:
    experiment = load_preset("mazur").experiment
    assert experiment.sizes == (2, 2, 2)
    assert (experiment.loss, experiment.learning_rate, experiment.train_biases) == ("mse", 0.5, False)
    assert experiment.epochs == 10_000


def test_the_forward_pass_has_his_digits(first: TracedUpdate) -> None:
    hidden, output = first.trace.layers
    assert hidden.z[0, 0] == pytest.approx(0.3775)
    assert hidden.a[0] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert output.z[0, 0] == pytest.approx(1.105905967, abs=5e-10)
    assert output.a[0] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert first.trace.loss == pytest.approx(0.298371109, abs=5e-10)


def test_the_losses_of_the_single_outputs_have_his_digits(first: TracedUpdate) -> None:
    o1, o2 = 0.5 * first.trace.layers[-1].error[0] ** 2
    assert o1 == pytest.approx(0.274811083, abs=5e-10)
    assert o2 == pytest.approx(0.023560026, abs=5e-10)


def test_the_backward_pass_has_his_digits(first: TracedUpdate) -> None:
    hidden, output = first.trace.layers
    assert output.error[0, 0] == pytest.approx(0.74136507, abs=5e-9)
    assert output.slope[0, 0] == pytest.approx(0.186815602, abs=5e-10)
    assert output.delta[0] == pytest.approx([0.138498562, -0.038098236], abs=1e-9)
    assert output.dW[0, 0] == pytest.approx(0.082167041, abs=5e-10)  # of w5
    assert hidden.error[0, 0] == pytest.approx(0.036350306, abs=5e-10)
    assert hidden.slope[0, 0] == pytest.approx(0.241300709, abs=5e-10)
    assert hidden.dW[0, 0] == pytest.approx(0.000438568, abs=5e-10)  # of w1


def test_the_first_update_leads_to_his_weights_and_leaves_the_biases(first: TracedUpdate) -> None:
    hidden, output = first.layers
    after_w1_to_w4 = [0.149780716, 0.19956143, 0.24975114, 0.29950229]
    after_w5_to_w8 = [0.35891648, 0.408666186, 0.511301270, 0.561370121]
    assert hidden.W_after.T.ravel() == pytest.approx(after_w1_to_w4, abs=5e-9)
    assert output.W_after.T.ravel() == pytest.approx(after_w5_to_w8, abs=5e-9)
    assert hidden.b_after.tolist() == [0.35, 0.35]
    assert output.b_after.tolist() == [0.60, 0.60]


@pytest.mark.slow
def test_the_ten_thousandth_step_meets_his_error(training: Training) -> None:
    """0.0000351085 is the error with which the 10,000th step begins; after that step it is 0.0000351019.

    The outputs that he gives beside it, 0.015912196 and 0.984065734, are those of another program: one that takes the
    hidden layer's error through output weights that were already updated, as for his 0.291027924 after the first step.
    """
    for _ in range(9_999):
        training.run_epoch()
    last = trace_update(training, training.trainer.next_batch(), UpdateKind.IN_TURN)
    assert last.trace.loss == pytest.approx(0.0000351085, abs=5e-11)
    assert last.losses_after[0] == pytest.approx(0.0000351019, abs=5e-11)
    np.testing.assert_allclose(last.trace.layers[-1].a, [[0.015912196, 0.984065734]], atol=3e-6)


def test_one_sample_is_the_whole_training_set_and_the_whole_test_set(training: Training) -> None:
    record = training.run_epoch()
    # MSE is the mean over outputs of the squared error, his error half its sum.
    assert record.mse_train == record.mse_test == pytest.approx(0.291027774, abs=5e-10)
    assert (record.accuracy_train, record.accuracy_test, record.mistakes) == (1.0, 1.0, 0)

import dataclasses

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, mean_squared_error

from bpviz.core.backprop import Trace
from bpviz.core.training.trainer import NonFiniteError, Trainer
from bpviz.session.experiment.experiment import Experiment, ExperimentError
from bpviz.session.training import training as training_module
from bpviz.session.training.epochs import EpochRecord
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.core.helpers import descend
from tests.session.helpers import EXPLOSIVE, SMALL, train_to_the_fault

pytestmark = pytest.mark.usefixtures("kernel_path")

IN_BATCHES = dataclasses.replace(SMALL, batch_size=8, shuffle=True)


def assert_same_record(record: EpochRecord, other: EpochRecord) -> None:
    """Assert that all numbers of two records agree up to rounding."""
    ours, theirs = dataclasses.asdict(record), dataclasses.asdict(other)
    for deltas in ("delta_rms", "delta_mean", "update_ratio"):
        np.testing.assert_allclose(ours.pop(deltas), theirs.pop(deltas), rtol=1e-6)
    assert ours.pop("regression") == theirs.pop("regression")
    assert ours.pop("losses") == pytest.approx(theirs.pop("losses"), rel=1e-12)
    assert ours == pytest.approx(theirs, rel=1e-12)


def traces_of_an_epoch(training: Training) -> list[Trace]:
    return [training.trainer.step() for _ in range(len(training.split.X_train))]


@pytest.mark.parametrize("experiment", [SMALL, IN_BATCHES])
def test_the_same_experiment_gives_the_same_numbers(experiment: Experiment) -> None:
    one, other = Training(experiment), Training(experiment)
    for _ in range(3):
        one.run_epoch()
        other.run_epoch()
    np.testing.assert_array_equal(one.network.parameters, other.network.parameters)


@pytest.mark.parametrize("experiment", [SMALL, IN_BATCHES])
def test_running_an_epoch_equals_the_trainers_own_epoch(experiment: Experiment) -> None:
    training, reference = Training(experiment), Training(experiment)
    trainer = reference.trainer
    for epoch in range(3):
        training.run_epoch()
        trainer.advance(len(trainer.X))
        trainer.finish_epoch()
        assert training.position == Position(epoch + 1)
    np.testing.assert_array_equal(training.network.parameters, trainer.network.parameters)


@pytest.mark.parametrize("experiment", [SMALL, IN_BATCHES])
@pytest.mark.parametrize("samples", [1, 7, 10_000])
def test_an_epoch_in_slices_equals_an_epoch_at_once(experiment: Experiment, samples: int) -> None:
    sliced, whole = Training(experiment), Training(experiment)
    *between, record = sliced.run_in_slices(samples)
    assert not any(between)
    assert record is not None
    assert_same_record(record, whole.run_epoch())
    np.testing.assert_array_equal(sliced.network.parameters, whole.network.parameters)


def test_an_interrupted_epoch_continues_where_it_stopped() -> None:
    left, whole = Training(SMALL), Training(SMALL)
    next(left.run_in_slices(5))
    assert left.position == Position(0, 5)
    assert_same_record(left.run_epoch(), whole.run_epoch())


@pytest.mark.parametrize("classes", [2, 4])
def test_a_records_numbers_are_scikit_learns(classes: int) -> None:
    experiment = dataclasses.replace(SMALL, dataset="blobs", samples=200, noise=0.5, classes=classes)
    training = Training(experiment)
    record, split, network = training.run_epoch(), training.split, training.network
    train, test = network.feed_forward(split.X_train), network.feed_forward(split.X_test)
    assert record.mse_train == pytest.approx(mean_squared_error(split.y_train, train), rel=1e-12)
    assert record.mse_test == pytest.approx(mean_squared_error(split.y_test, test), rel=1e-12)
    assert record.accuracy_train == accuracy_score(split.labels_train, train.argmax(axis=1))
    assert record.accuracy_test == accuracy_score(split.labels_test, test.argmax(axis=1))


def test_a_records_deltas_are_root_mean_square_and_mean_size_over_the_epochs_samples() -> None:
    record, traces = Training(SMALL).run_epoch(), traces_of_an_epoch(Training(SMALL))
    deltas = np.array([np.concatenate([layer.delta[0] for layer in trace.layers]) for trace in traces])
    np.testing.assert_allclose(record.delta_rms, np.sqrt(np.mean(deltas**2, axis=0)), rtol=1e-5)
    np.testing.assert_allclose(record.delta_mean, np.mean(np.abs(deltas), axis=0), rtol=1e-5)


def test_a_records_mistakes_are_the_samples_misclassified_when_their_turn_came() -> None:
    record, traces = Training(SMALL).run_epoch(), traces_of_an_epoch(Training(SMALL))
    wrong = [trace.layers[-1].a.argmax() != trace.y.argmax() for trace in traces]
    assert record.mistakes == sum(wrong)
    assert 0 < record.mistakes < len(wrong)


def test_a_record_cannot_be_changed_by_who_receives_it() -> None:
    record = Training(SMALL).run_epoch()
    assert not record.delta_rms.flags.writeable
    assert not record.delta_mean.flags.writeable
    assert not record.update_ratio.flags.writeable


@pytest.mark.parametrize("experiment", [SMALL, IN_BATCHES])
def test_a_records_ratios_are_those_of_updates_by_single_samples_at_the_end_of_the_epoch(
    experiment: Experiment,
) -> None:
    training = Training(experiment)
    record, network = training.run_epoch(), training.network
    squares = np.zeros(len(network.layers))
    for x, y in zip(training.split.X_train, training.split.y_train, strict=True):
        after = network.copy()
        descend(after, x, y, experiment.learning_rate)
        moved = [new.weights - old.weights for new, old in zip(after.layers, network.layers, strict=True)]
        squares += [np.mean(np.square(step)) for step in moved]
    sizes = [np.mean(np.square(layer.weights)) for layer in network.layers]
    expected = np.sqrt(squares / len(training.split.X_train) / sizes)
    np.testing.assert_allclose(record.update_ratio, expected, rtol=1e-5)


def test_the_ratios_of_an_epoch_are_of_the_learning_rate_it_ended_with() -> None:
    training, undisturbed = Training(SMALL), Training(SMALL)
    training.trainer.advance(len(training.split.X_train))
    training.finish_epoch()
    scoring = training.take_scoring()
    assert scoring is not None
    training.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    record = next(record for record in scoring if record)
    np.testing.assert_array_equal(record.update_ratio, undisturbed.run_epoch().update_ratio)


def score_by_fives(patch: pytest.MonkeyPatch) -> None:
    """Let scoring pause after every five samples."""
    patch.setattr(training_module, "_PIECE_MULTIPLICATIONS", 0)
    patch.setattr(training_module, "_MIN_ROWS", 5)


def test_scoring_in_pieces_uses_the_parameters_from_the_end_of_the_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    score_by_fives(monkeypatch)
    training, undisturbed = Training(SMALL), Training(SMALL)
    training.trainer.advance(len(training.split.X_train))
    training.finish_epoch()
    scoring = training.take_scoring()
    assert scoring is not None
    pieces = 0
    while (record := next(scoring)) is None:
        training.trainer.step()
        pieces += 1
    assert pieces > len(training.split.X_test) // 5
    assert_same_record(record, undisturbed.run_epoch())


def test_scoring_leaves_how_numpy_warns_to_its_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    score_by_fives(monkeypatch)
    training = Training(SMALL)
    training.trainer.advance(len(training.split.X_train))
    training.finish_epoch()
    before, scoring = np.geterr(), training.take_scoring()
    assert scoring is not None
    assert next(scoring) is None
    assert np.geterr() == before


def test_changing_hyperparameters_affects_only_later_training() -> None:
    training = Training(SMALL)
    training.run_epoch()
    parameters, position = training.network.parameters.copy(), training.position
    other = dataclasses.replace(
        SMALL, learning_rate=0.5, batch_size=4, shuffle=True, train_biases=False, epochs=9, seed=77, hidden=(9,)
    )
    training.change_hyperparameters(other)
    assert training.experiment == dataclasses.replace(other, seed=SMALL.seed, hidden=SMALL.hidden)
    assert training.position == position
    np.testing.assert_array_equal(training.network.parameters, parameters)


def test_retuned_training_equals_a_trainer_with_the_new_values() -> None:
    training = Training(SMALL)
    training.run_epoch()
    network = training.network.copy()
    network.train_biases = False
    trainer = Trainer(
        network,
        training.split.X_train,
        training.split.y_train,
        learning_rate=0.5,
        batch_size=4,
        shuffle_seed=SMALL.seed,
    )
    trainer.finish_epoch()
    trainer.advance(len(trainer.X))
    training.change_hyperparameters(
        dataclasses.replace(SMALL, learning_rate=0.5, batch_size=4, shuffle=True, train_biases=False)
    )
    training.run_epoch()
    np.testing.assert_array_equal(training.network.parameters, network.parameters)


def test_frozen_biases_stay_and_freed_ones_move() -> None:
    training = Training(dataclasses.replace(SMALL, train_biases=False))
    bias = training.network.layers[0].bias.copy()
    training.run_epoch()
    np.testing.assert_array_equal(training.network.layers[0].bias, bias)
    training.change_hyperparameters(SMALL)
    training.run_epoch()
    assert (training.network.layers[0].bias != bias).all()


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), "fast", None])
def test_a_wrong_learning_rate_is_refused_and_the_old_one_stays(rate: float) -> None:
    training = Training(SMALL)
    with pytest.raises(ExperimentError, match="learning rate must be"):
        training.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=rate))
    assert training.experiment == SMALL
    assert training.trainer.learning_rate == SMALL.learning_rate


def test_an_experiment_with_problems_makes_no_training() -> None:
    with pytest.raises(ExperimentError, match="samples must be a whole number"):
        Training(dataclasses.replace(SMALL, samples=0))


def test_data_that_lacks_a_class_makes_no_training() -> None:
    crowded = dataclasses.replace(SMALL, dataset="blobs", samples=10, classes=6, test_share=0.9)
    with pytest.raises(ValueError, match="classes"):
        Training(crowded)


def test_the_loss_of_samples_is_half_the_sum_of_their_squared_errors() -> None:
    training = Training(SMALL)
    chosen = np.array([3, 1])
    for parameters in (training.network.parameters.copy(), training.network.parameters + 0.25):
        training.network.parameters[:] = parameters
        outputs = training.network.feed_forward(training.split.X_train[chosen])
        expected = 0.5 * ((outputs - training.split.y_train[chosen]) ** 2).sum(axis=1)
        training.network.parameters[:] = 0.0  # the losses are those of the parameters that are given
        np.testing.assert_allclose(training.losses(chosen, parameters), expected, rtol=1e-12)


def test_the_mse_of_parameters_is_scikit_learns_and_leaves_the_network_as_it_is() -> None:
    training = Training(SMALL)
    before, other = training.network.parameters.copy(), training.network.parameters + 0.25
    found = training.mse_with(other)
    np.testing.assert_array_equal(training.network.parameters, before)
    training.network.parameters[:] = other
    outputs = training.network.feed_forward(training.split.X_train)
    assert found == pytest.approx(mean_squared_error(training.split.y_train, outputs), rel=1e-12)


def test_a_training_set_that_takes_long_is_not_scored_at_every_step() -> None:
    training = Training(dataclasses.replace(SMALL, samples=2000, hidden=(200, 200), activations=("tanh",) * 3))
    assert training.mse_with(training.network.parameters) is None


def test_an_epoch_that_has_its_record_gets_no_other() -> None:
    training = Training(SMALL)
    start = training.trainer.checkpoint()
    training.run_epoch()
    training.trainer.restore(start)
    training.trainer.advance(len(training.split.X_train))
    training.finish_epoch()
    assert training.take_scoring() is None
    assert (training.position, training.n_scored) == (Position(1), 1)
    assert training.run_epoch().epoch == 1


def test_numbers_that_leave_their_range_stop_training_and_leave_the_last_good_state() -> None:
    training = Training(EXPLOSIVE)
    fault = train_to_the_fault(training)
    assert np.isfinite(training.network.parameters).all()
    assert fault.epoch == training.position.epoch
    assert 1 <= fault.layer <= 3
    assert "Lower the learning rate (now 5)" in training.stop_message(fault)


def test_a_mean_squared_error_that_overflows_is_a_fault_with_its_epoch() -> None:
    training = Training(EXPLOSIVE)
    training.network.parameters *= 1e80
    training.trainer.sample = len(training.split.X_train)
    training.finish_epoch()
    with pytest.raises(NonFiniteError, match="the mean squared error of layer 3 stopped being finite in epoch 0"):
        list(training.take_scoring() or ())

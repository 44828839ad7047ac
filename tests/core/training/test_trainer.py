import numpy as np
import pytest

from bpviz import NeuralNetwork
from bpviz.core.arrays import Indices
from bpviz.core.training.trainer import Trainer
from tests.core.helpers import descend, global_stream_untouched, run_epochs, samples_for

SAMPLES = 23

pytestmark = pytest.mark.usefixtures("kernel_path")


def trainer_of(batch_size: int = 1, shuffle_seed: int | None = None) -> Trainer:
    network = NeuralNetwork.build((2, 5, 3), ["tanh", "softmax"], seed=3, loss="cross_entropy")
    X, y = samples_for(network, SAMPLES)
    return Trainer(network, X, y, learning_rate=0.1, batch_size=batch_size, shuffle_seed=shuffle_seed)


def twins(batch_size: int = 1, shuffle_seed: int | None = None) -> tuple[Trainer, Trainer]:
    return trainer_of(batch_size, shuffle_seed), trainer_of(batch_size, shuffle_seed)


def orders(seed: int | None, epochs: int) -> list[Indices]:
    trainer, seen = trainer_of(shuffle_seed=seed), []
    for _ in range(epochs):
        seen.append(trainer.order)
        trainer.finish_epoch()
    return seen


def assert_same_state(trainer: Trainer, other: Trainer) -> None:
    """Assert that two trainers agree: parameters bit for bit, statistics up to rounding."""
    assert (trainer.epoch, trainer.sample) == (other.epoch, other.sample)
    np.testing.assert_array_equal(trainer.network.parameters, other.network.parameters)
    np.testing.assert_allclose(trainer.statistics.packed, other.statistics.packed, rtol=1e-12)


def test_without_a_seed_the_order_is_the_given_one() -> None:
    for order in orders(None, 3):
        np.testing.assert_array_equal(order, np.arange(SAMPLES))


def test_a_shuffled_order_is_a_permutation_and_another_each_epoch() -> None:
    seen = orders(5, 4)
    for order in seen:
        np.testing.assert_array_equal(np.sort(order), np.arange(SAMPLES))
    assert len({tuple(order) for order in seen}) == 4


def test_the_order_comes_from_seed_and_epoch_alone() -> None:
    with global_stream_untouched():
        walked = orders(5, 4)
    leaper = trainer_of(shuffle_seed=5)
    for epoch in (3, 0, 2, 1):
        leaper.epoch = epoch
        np.testing.assert_array_equal(leaper.order, walked[epoch])
    assert (orders(6, 1)[0] != walked[0]).any()


def test_training_follows_the_order() -> None:
    shuffled, given = trainer_of(shuffle_seed=5), trainer_of()
    given.X, given.y = given.X[shuffled.order], given.y[shuffled.order]
    shuffled.advance(SAMPLES)
    given.advance(SAMPLES)
    np.testing.assert_array_equal(shuffled.network.parameters, given.network.parameters)


@pytest.mark.parametrize("piece", [1, 2, 7, 22, 23, 1000])
@pytest.mark.parametrize("batch_size", [1, 4, 23, 100])
def test_advancing_in_pieces_equals_one_go(batch_size: int, piece: int) -> None:
    whole, pieces = twins(batch_size, shuffle_seed=5)
    for _ in range(3):
        whole.advance(SAMPLES)
        while not pieces.epoch_is_complete:
            pieces.advance(piece)
        assert_same_state(pieces, whole)
        whole.finish_epoch()
        pieces.finish_epoch()
    assert whole.epoch == 3


@pytest.mark.parametrize(("samples", "trained"), [(1, 4), (4, 4), (8, 8), (9, 8), (11, 12), (1000, SAMPLES)])
def test_advance_takes_whole_batches_at_least_one_and_none_beyond_the_end(samples: int, trained: int) -> None:
    trainer = trainer_of(batch_size=4)
    trainer.advance(samples)
    assert trainer.sample == trained


def test_an_epoch_is_complete_after_its_last_sample_and_then_stays() -> None:
    trainer = trainer_of()
    trainer.advance(SAMPLES - 1)
    assert not trainer.epoch_is_complete
    trainer.advance(1)
    assert trainer.epoch_is_complete
    before = trainer.network.parameters.copy()
    trainer.advance(1)
    np.testing.assert_array_equal(trainer.network.parameters, before)
    trainer.finish_epoch()
    assert (trainer.epoch, trainer.sample) == (1, 0)


def test_a_batch_larger_than_the_set_is_the_whole_set() -> None:
    trainer, network = trainer_of(batch_size=100), trainer_of().network
    trainer.advance(1)
    descend(network, trainer.X, trainer.y, 0.1)
    assert trainer.epoch_is_complete
    np.testing.assert_allclose(trainer.network.parameters, network.parameters, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("into_the_epoch", [0, 12, SAMPLES])
def test_restore_brings_everything_back_bit_for_bit(into_the_epoch: int, batch_size: int) -> None:
    trainer, copied = twins(batch_size, shuffle_seed=5)
    for each in (trainer, copied):
        run_epochs(each, 2)
        if into_the_epoch:
            each.advance(into_the_epoch)
    state = trainer.checkpoint()
    trainer.advance(SAMPLES)
    trainer.finish_epoch()
    trainer.advance(8)
    trainer.restore(state)
    assert_same_state(trainer, copied)
    np.testing.assert_array_equal(trainer.statistics.packed, state.statistics)
    for each in (trainer, copied):
        each.advance(SAMPLES)
        each.finish_epoch()
        each.advance(8)
    assert_same_state(trainer, copied)


def test_another_trainer_continues_from_a_checkpoint() -> None:
    trainer, other = twins(shuffle_seed=5)
    run_epochs(trainer, 1)
    trainer.advance(7)
    other.restore(trainer.checkpoint())
    trainer.advance(SAMPLES)
    other.advance(SAMPLES)
    assert_same_state(other, trainer)


def test_a_checkpoint_is_read_only_and_does_not_follow_training() -> None:
    trainer = trainer_of()
    state = trainer.checkpoint()
    before = state.parameters.copy()
    trainer.advance(5)
    np.testing.assert_array_equal(state.parameters, before)
    assert not state.statistics.any()
    assert not state.parameters.flags.writeable
    assert not state.statistics.flags.writeable


@pytest.mark.parametrize("batch_size", [1, 4, 11])  # 23 samples are two batches of 11, and one sample more
def test_step_equals_advancing_by_one_batch(batch_size: int) -> None:
    stepped, advanced = twins(batch_size, shuffle_seed=5)
    while not advanced.epoch_is_complete:
        chosen = stepped.next_batch()
        done = stepped.step()
        advanced.advance(1)
        np.testing.assert_array_equal(done.x, stepped.X[chosen])
        assert stepped.sample == advanced.sample
        np.testing.assert_array_equal(stepped.network.parameters, advanced.network.parameters)
        np.testing.assert_allclose(stepped.delta_rms, advanced.delta_rms, rtol=1e-12)


def test_step_refuses_to_go_beyond_the_epoch() -> None:
    trainer = trainer_of()
    trainer.advance(SAMPLES)
    before = trainer.checkpoint()
    with pytest.raises(ValueError, match=r"at least one sample; .*finish_epoch"):
        trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, before.parameters)


def test_apply_trains_out_of_turn() -> None:
    trainer, network = trainer_of(), trainer_of().network
    trainer.advance(5)
    state = trainer.checkpoint()
    network.parameters[:] = state.parameters
    done = trainer.apply(np.array([20, 2]))
    descend(network, trainer.X[[20, 2]], trainer.y[[20, 2]], 0.1)
    np.testing.assert_array_equal(done.x, trainer.X[[20, 2]])
    np.testing.assert_allclose(trainer.network.parameters, network.parameters, rtol=1e-12)
    after = trainer.checkpoint()
    assert (after.epoch, after.sample) == (0, 5)
    np.testing.assert_array_equal(after.statistics, state.statistics)


@pytest.mark.parametrize("batch_size", [1, 4, 11])
def test_a_preview_shows_every_update_bit_for_bit_and_changes_nothing(batch_size: int) -> None:
    trainer = trainer_of(batch_size, shuffle_seed=5)
    while not trainer.epoch_is_complete:
        state, network = trainer.checkpoint(), trainer.network.copy()
        chosen = trainer.next_batch()
        done, after = trainer.preview(chosen)
        now = trainer.checkpoint()
        np.testing.assert_array_equal(now.parameters, state.parameters)
        np.testing.assert_array_equal(now.statistics, state.statistics)
        trainer.advance(1)
        np.testing.assert_array_equal(trainer.network.parameters, after)
        descend(network, done.x, done.y, 0.1)
        np.testing.assert_allclose(after, network.parameters, rtol=0, atol=1e-14)


def test_a_learning_rate_may_change_between_epochs() -> None:
    trainer, network = trainer_of(), trainer_of().network
    run_epochs(trainer, 1)
    trainer.learning_rate = 0.01
    run_epochs(trainer, 1)
    for rate in (0.1, 0.01):
        for x, y in zip(trainer.X, trainer.y, strict=True):
            descend(network, x, y, rate)
    np.testing.assert_allclose(trainer.network.parameters, network.parameters, rtol=1e-12)


@pytest.mark.parametrize("batch_size", [1, 4])
def test_delta_rms_is_taken_over_the_samples_of_the_epoch_in_progress(batch_size: int) -> None:
    trainer, observer = twins(batch_size)
    np.testing.assert_array_equal(trainer.delta_rms, np.zeros(8))
    for each in (trainer, observer):
        run_epochs(each, 1)
    assert not trainer.delta_rms.any()
    trainer.advance(12)
    squares = np.zeros(8)
    while observer.sample < 12:
        squares += np.concatenate([(layer.delta**2).sum(axis=0) for layer in observer.step().layers])
    np.testing.assert_allclose(trainer.delta_rms, np.sqrt(squares / 12), rtol=1e-10)

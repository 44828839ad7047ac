"""Search for the worst, a random or a misclassified sample."""

import dataclasses

import numpy as np
import pytest

from bpviz.session.training.sample_search import NoSuchSampleError, SampleChoice, find_sample
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

N_TRAIN = 28


@pytest.fixture
def training() -> Training:
    """A training in the middle of the second epoch, with shuffled samples."""
    made = Training(dataclasses.replace(SMALL, shuffle=True))
    made.run_epoch()
    made.trainer.advance(9)
    return made


def find(training: Training, choice: int | SampleChoice, after: int | None = None, seed: int = 0) -> int:
    return find_sample(training, choice, after, np.random.default_rng(seed))


def wrong_in_order(training: Training) -> list[int]:
    """Return the misclassified samples from the present place on, round and round, one sample at a time."""
    order = training.trainer.order.tolist()
    found = []
    for sample in order[training.trainer.sample :] + order[: training.trainer.sample]:
        output = training.network.feed_forward(training.split.X_train[sample])
        if output.argmax() != training.split.y_train[sample].argmax():
            found.append(sample)
    return found


def test_the_worst_has_the_largest_loss(training: Training) -> None:
    outputs = training.network.feed_forward(training.split.X_train)
    errors = ((outputs - training.split.y_train) ** 2).sum(axis=1)
    assert find(training, SampleChoice.WORST) == errors.argmax()


def test_a_loss_that_is_not_a_number_is_the_worst(training: Training) -> None:
    training.split.X_train.flags.writeable = True
    training.split.X_train[13, 0] = np.nan
    assert find(training, SampleChoice.WORST) == 13


def test_a_random_sample_may_be_any_and_comes_from_the_generator(training: Training) -> None:
    seen = {find(training, SampleChoice.RANDOM, seed=seed) for seed in range(400)}
    assert seen == set(range(N_TRAIN))
    assert find(training, SampleChoice.RANDOM, seed=3) == find(training, SampleChoice.RANDOM, seed=3)


def test_misclassified_samples_are_found_cyclically_in_the_order_of_the_epoch(training: Training) -> None:
    expected = wrong_in_order(training)
    assert len(expected) > 3
    found: list[int] = []
    for _ in range(2 * len(expected)):
        found.append(find(training, SampleChoice.MISCLASSIFIED, after=found[-1] if found else None))
    assert found == expected + expected


def test_without_a_misclassified_sample_an_error_is_raised(training: Training) -> None:
    training.split.labels_train.flags.writeable = True
    training.split.labels_train[:] = training.network.predict(training.split.X_train)
    with pytest.raises(NoSuchSampleError, match="No training sample is misclassified"):
        find(training, SampleChoice.MISCLASSIFIED)


def test_a_valid_number_is_returned_unchanged(training: Training) -> None:
    assert [find(training, sample) for sample in (0, N_TRAIN - 1)] == [0, N_TRAIN - 1]
    for sample in (-1, N_TRAIN):
        with pytest.raises(NoSuchSampleError, match=f"There is no training sample {sample}: choose one from 0 to 27"):
            find(training, sample)

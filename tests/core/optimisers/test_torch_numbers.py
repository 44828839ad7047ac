"""Every rule of learning and every schedule against PyTorch's, from a file; see `record_torch`."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from bpviz.core.network import Network
from bpviz.core.optimisers.schedule import CONSTANT, Plateau
from bpviz.core.training.trainer import Trainer
from tests.core.optimisers.cases import (
    ACTIVATIONS,
    CASES,
    LOSSES,
    N_EPOCHS,
    N_SAMPLES,
    N_UPDATES,
    SCHEDULES,
    SIZES,
    samples,
    start,
)

NUMBERS = json.loads(Path(__file__).with_name("torch_numbers.json").read_text(encoding="utf-8"))


def trainer_of(name: str) -> Trainer:
    case, network = CASES[name], Network.build(SIZES, ACTIVATIONS)
    network.parameters[:] = start()
    X, y = samples()
    return Trainer(network, X, y, learning_rate=case.learning_rate, batch_size=case.batch_size, rule=case.rule)


@pytest.mark.usefixtures("kernel_path")
@pytest.mark.parametrize("name", CASES)
def test_a_hundred_updates_are_those_of_pytorch(name: str) -> None:
    trainer = trainer_of(name)
    while trainer.learning.updates < N_UPDATES:
        trainer.advance(3 * trainer.batch_size)
        if trainer.epoch_is_complete:
            trainer.finish_epoch()
    assert trainer.learning.updates == N_UPDATES
    np.testing.assert_allclose(trainer.network.parameters, NUMBERS["parameters"][name], rtol=0, atol=1e-9)


@pytest.mark.usefixtures("kernel_path")
@pytest.mark.parametrize("name", CASES)
def test_any_update_can_be_reached_again_bit_for_bit(name: str) -> None:
    trainer = trainer_of(name)
    trainer.advance(8)
    state = trainer.checkpoint()
    trainer.advance(N_SAMPLES)
    there = trainer.checkpoint()
    trainer.restore(state)
    while not trainer.epoch_is_complete:
        trainer.step()
    np.testing.assert_array_equal(trainer.network.parameters, there.parameters)
    np.testing.assert_array_equal(trainer.learning.packed, there.learning)


@pytest.mark.parametrize("name", sorted(SCHEDULES.keys() - {"plateau"}))
def test_the_learning_rate_of_every_epoch_is_that_of_pytorch(name: str) -> None:
    factors = [SCHEDULES[name].factor_of(epoch, 1.0) for epoch in range(N_EPOCHS)]
    np.testing.assert_allclose(factors, NUMBERS["factors"][name], rtol=1e-9, atol=1e-15)


def test_a_plateau_lowers_the_learning_rate_when_it_does_in_pytorch() -> None:
    plateau, schedule, factors = Plateau(), SCHEDULES["plateau"], []
    for epoch, loss in enumerate(LOSSES):
        factors.append(schedule.factor_of(epoch, plateau.factor))
        plateau = plateau.after(loss, schedule)
    assert factors == NUMBERS["factors"]["plateau"]
    assert len(set(factors)) > 2


def test_a_plateau_is_part_of_a_checkpoint() -> None:
    trainer = trainer_of("sgd")
    trainer.schedule = dataclasses.replace(SCHEDULES["plateau"], epochs=1)
    trainer.learning_rate = 1e-9  # so that the loss stands still
    rates = []
    for _ in range(9):
        rates.append(trainer.rate)
        state = trainer.checkpoint()
        trainer.advance(N_SAMPLES)
        trainer.finish_epoch()
    assert len(set(rates)) > 2
    trainer.restore(state)
    assert trainer.rate == rates[-1]


def test_training_without_a_schedule_keeps_its_rate_and_each_update_counts() -> None:
    trainer = trainer_of("sgd with single samples")
    assert trainer.schedule == CONSTANT
    trainer.advance(5)
    assert (trainer.rate, trainer.learning.updates) == (0.3, 5)

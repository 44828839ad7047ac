"""What updates and epochs did to every sample, measured by replay and compared with steps by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

from bpviz.core.arrays import Array
from bpviz.session.effects.effect import (
    Effect,
    Movers,
    effect_of_epoch,
    effect_of_update,
    movers_in_pieces,
)
from bpviz.session.effects.replay import epoch_of
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from tests.session.effects.by_hand import (
    EXPERIMENTS,
    change_by,
    change_in_epoch,
    losses,
    state_of,
    trained,
    updates_by_hand,
)

ALL = np.arange(28)


def last_of(pieces: Iterator[Effect | Movers | None]) -> Effect | Movers:
    made = list(pieces)[-1]
    assert made is not None
    return made


def of_epoch(stepper: Stepper, epoch: int) -> Effect:
    made = last_of(effect_of_epoch(stepper.copy(), epoch, ALL))
    assert isinstance(made, Effect)
    return made


def movers(stepper: Stepper, epoch: int, sample: int) -> Movers:
    made = last_of(movers_in_pieces(stepper.copy(), epoch, sample))
    assert isinstance(made, Movers)
    return made


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_update_is_measured_on_every_sample(name: str) -> None:
    stepper = trained(EXPERIMENTS[name])
    stepper.step("sample", 1)
    update = stepper.current_update
    assert update is not None
    effect = last_of(effect_of_update(update, stepper.training.split, ALL))
    assert isinstance(effect, Effect)
    np.testing.assert_allclose(effect.change, change_by(update, stepper.training), rtol=1e-9, atol=1e-15)
    # Single rows and all rows differ in the last bits, since BLAS adds them up in another order.
    np.testing.assert_allclose(effect.before[update.samples], update.losses_before, rtol=1e-12)
    np.testing.assert_allclose(effect.after[update.samples], update.losses_after, rtol=1e-12)
    assert (effect.update, effect.n_training) == (update, 28)


def test_some_samples_are_measured_as_in_all() -> None:
    stepper = trained()
    stepper.inspect(4)
    assert stepper.current_update is not None
    few = last_of(effect_of_update(stepper.current_update, stepper.training.split, ALL[3:20:4]))
    assert isinstance(few, Effect)
    np.testing.assert_allclose(few.change, change_by(stepper.current_update, stepper.training)[3:20:4], rtol=1e-9)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_an_epoch_is_measured_from_its_start_to_its_end(name: str) -> None:
    stepper = trained(EXPERIMENTS[name], samples=8)
    before = state_of(stepper)
    effect = of_epoch(stepper, 1)
    assert state_of(stepper) == before
    ends: list[Array] = []
    for epoch in (1, 2):
        stepper.go_to(Position(epoch))
        ends.append(losses(stepper.training.network, stepper.training))
    np.testing.assert_array_equal((effect.before, effect.after), ends)
    assert effect.epoch == 1


def test_what_the_user_changes_at_its_end_is_not_the_epochs_doing() -> None:
    stepper = trained()
    before = of_epoch(stepper, 1)
    stepper.go_to(Position(2))
    stepper.edit(Edit(1, 0, 1, 4.0))
    stepper.step("epoch", 2)
    np.testing.assert_array_equal(of_epoch(stepper, 1).after, before.after)
    assert np.abs(of_epoch(stepper, 2).before - before.after).max() > 1e-3


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_what_moved_a_sample_is_found_in_every_update_of_the_epoch(name: str) -> None:
    stepper = trained(EXPERIMENTS[name], samples=8)
    before = state_of(stepper)
    found = movers(stepper, 1, 6)
    assert state_of(stepper) == before
    updates = updates_by_hand(stepper, 1)
    np.testing.assert_allclose(
        found.change, [change_by(each, stepper.training)[6] for each in updates], rtol=1e-8, atol=1e-14
    )
    assert [each.tolist() for each in found.trained] == [each.samples.tolist() for each in updates]
    assert (found.sample, found.epoch, found.n_updates) == (6, 1, len(updates))
    assert len(found.starts) == len(updates)


def test_the_movers_add_up_to_the_effect_of_the_epoch() -> None:
    stepper = trained()
    total = movers(stepper, 2, 11).change.sum()
    np.testing.assert_allclose(total, of_epoch(stepper, 2).change[11], rtol=1e-9)


def test_the_users_changes_move_a_sample_in_no_row() -> None:
    stepper = trained()
    change_in_epoch(stepper, 1)
    found, updates = movers(stepper, 1, 6), updates_by_hand(stepper, 1)
    np.testing.assert_allclose(
        found.change, [change_by(each, stepper.training)[6] for each in updates], rtol=1e-8, atol=1e-14
    )


def test_batches_of_another_size_within_the_epoch_are_found_where_they_were_made() -> None:
    stepper = trained(epochs=1, samples=10)
    stepper.change_hyperparameters(dataclasses.replace(stepper.training.experiment, batch_size=6))
    stepper.step("epoch", 1)
    assert movers(stepper, 1, 6).starts.tolist() == [*range(10), 10, 16, 22]


@pytest.mark.parametrize(
    ("position", "furthest", "epoch"),
    [
        (Position(), Position(), None),
        (Position(0, 0, 3), Position(), None),
        (Position(0, 4), Position(0, 9), 0),
        (Position(0, 0, 3), Position(0, 9), 0),
        (Position(4), Position(9), 3),
        (Position(4, 0, 2), Position(4), 3),
        (Position(4, 0, 2), Position(4, 1), 4),
        (Position(4, 7), Position(9), 4),
    ],
)
def test_the_epoch_of_a_position_is_the_one_in_progress_or_the_last_complete_one(
    position: Position, furthest: Position, epoch: int | None
) -> None:
    assert epoch_of(position, furthest) == epoch

"""The ledger of an epoch has the numbers that stepping through it by hand has."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bpviz.core.arrays import rms
from bpviz.session.effects import ledger as ledger_module
from bpviz.session.effects import replay
from bpviz.session.effects.ledger import Ledger, LedgerProgress, ledger_in_pieces
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate
from tests.session.effects.by_hand import EXPERIMENTS, change_in_epoch, state_of, trained, updates_by_hand
from tests.session.helpers import SMALL


def ledger_of(stepper: Stepper, epoch: int) -> Ledger:
    *_, made = ledger_in_pieces(stepper.copy(), epoch)
    assert isinstance(made, Ledger)
    return made


def norm_of(update: TracedUpdate) -> float:
    moved = [each.W_after - each.W for each in update.layers] + [each.b_after - each.b for each in update.layers]
    return float(np.sqrt(sum(np.sum(part**2) for part in moved)))


def assert_equal(ledger: Ledger, updates: list[TracedUpdate], training: Training) -> None:
    """Compare every number with those of the updates made by hand."""
    labels = training.split.labels_train
    assert [rows.tolist() for rows in ledger.samples] == [update.samples.tolist() for update in updates]
    assert ledger.sizes.tolist() == [len(update.samples) for update in updates]
    right = [np.sum(each.trace.layers[-1].a.argmax(axis=1) == labels[each.samples]) for each in updates]
    assert ledger.n_right.tolist() == right
    assert ledger.loss_before.tolist() == [update.losses_before.mean() for update in updates]
    assert ledger.loss_after.tolist() == [update.losses_after.mean() for update in updates]
    assert ledger.delta_rms.tolist() == [[rms(layer.delta) for layer in each.trace.layers] for each in updates]
    assert ledger.mse_before.tolist() == [update.mse_before for update in updates]
    assert ledger.mse_after.tolist() == [update.mse_after for update in updates]
    np.testing.assert_allclose(ledger.update_norm, [norm_of(update) for update in updates], rtol=1e-13)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_number_is_that_of_stepping_by_hand(name: str) -> None:
    stepper = trained(EXPERIMENTS[name])
    ledger = ledger_of(stepper, 1)
    assert_equal(ledger, updates_by_hand(stepper, 1), stepper.training)
    assert ledger.epoch == 1
    assert (ledger.n_rows, ledger.n_scored, ledger.n_changes) == (ledger.n_updates, ledger.n_training, 0)


def test_a_row_leads_to_the_position_of_its_update() -> None:
    stepper = trained(EXPERIMENTS["batches"])
    ledger = ledger_of(stepper, 2)
    assert ledger.starts.tolist() == [0, 5, 10, 15, 20, 25]
    stepper.go_to(Position(2, int(ledger.starts[-1]), 5))
    assert stepper.current_update is not None
    assert stepper.current_update.samples.tolist() == ledger.samples[-1].tolist()


def test_changes_by_the_user_are_made_between_rows_and_belong_to_none() -> None:
    stepper = trained()
    change_in_epoch(stepper, 1)
    ledger = ledger_of(stepper, 1)
    assert ledger.n_changes == 3
    assert_equal(ledger, updates_by_hand(stepper, 1), stepper.training)
    assert ledger.mse_after[9] != ledger.mse_before[10]
    assert ledger.mse_after[10] == ledger.mse_before[11]


@pytest.mark.parametrize("operation", [None, 0, 7])
def test_training_is_left_as_it_was(operation: int | None) -> None:
    stepper = trained(samples=4)
    if operation is not None:
        stepper.go_to(Position(3, 4, operation))
    before = state_of(stepper)
    ledger_of(stepper, 1)
    assert state_of(stepper) == before


def test_of_an_epoch_in_progress_it_lists_the_updates_so_far() -> None:
    stepper = trained(samples=7)
    ledger = ledger_of(stepper, 3)
    assert ledger.starts.tolist() == list(range(7))
    assert not ledger.is_complete


def test_from_the_past_it_lists_the_whole_epoch() -> None:
    stepper = trained()
    stepper.go_to(Position(1, 3))
    ledger = ledger_of(stepper, 1)
    assert ledger.n_rows == 28
    assert ledger.is_complete


def test_progress_is_told_on_the_way() -> None:
    told = [each for each in ledger_in_pieces(trained().copy(), 2) if isinstance(each, LedgerProgress)]
    assert told == [LedgerProgress(0, 28), LedgerProgress(20, 28)]


def test_a_long_epoch_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper = trained()
    whole = ledger_of(stepper, 1)
    monkeypatch.setattr(replay, "MOST_UPDATES", 12)
    monkeypatch.setattr(ledger_module, "MOST_UPDATES", 12)
    ledger = ledger_of(stepper, 1)
    assert (ledger.n_rows, ledger.n_updates) == (12, 28)
    assert ledger.mse_after.tolist() == whole.mse_after[:12].tolist()


def test_for_many_samples_the_mse_is_over_fewer_of_them_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper = trained()
    n_parameters = len(stepper.training.network.parameters)
    monkeypatch.setattr(ledger_module, "_MULTIPLICATIONS", 28 * 10 * n_parameters)
    monkeypatch.setattr(ledger_module, "_LEAST_SCORED", 4)
    ledger = ledger_of(stepper, 1)
    assert (ledger.n_rows, ledger.n_scored, ledger.n_training) == (28, 10, 28)
    chosen, split = np.linspace(0, 27, 10).astype(int), stepper.training.split
    stepper.go_to(Position(1))
    outputs = stepper.training.network.feed_forward(split.X_train[chosen])
    np.testing.assert_allclose(ledger.mse_before[0], np.mean((outputs - split.y_train[chosen]) ** 2), rtol=1e-12)


def test_for_a_huge_network_there_are_fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    stepper = trained()
    n_parameters = len(stepper.training.network.parameters)
    monkeypatch.setattr(ledger_module, "_MULTIPLICATIONS", 40 * n_parameters)
    monkeypatch.setattr(ledger_module, "_LEAST_SCORED", 5)
    ledger = ledger_of(stepper, 1)
    assert (ledger.n_rows, ledger.n_updates, ledger.n_scored) == (8, 28, 5)


def test_arrays_cannot_be_changed() -> None:
    ledger = ledger_of(trained(), 1)
    arrays = [getattr(ledger, field.name) for field in dataclasses.fields(ledger)]
    arrays = [each for each in (*arrays, *ledger.samples) if isinstance(each, np.ndarray)]
    assert len(arrays) == 8 + 28
    assert not any(each.flags.writeable for each in arrays)


def test_the_smallest_epoch_has_a_ledger() -> None:
    stepper = trained(dataclasses.replace(SMALL, dataset="xor", classes=2), epochs=1)
    assert ledger_of(stepper, 0).n_rows == len(stepper.training.split.X_train)

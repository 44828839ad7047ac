"""Checkpoints and interventions: every position can be reproduced, within a memory budget."""

import dataclasses
import weakref

import numpy as np
import pytest

from bpviz.core.training.trainer import Checkpoint, NonFiniteError, Trainer
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.time_travel.history import History
from bpviz.session.training.interventions import Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, SMALL, advance

N_TRAIN = 28
N_BYTES = 8 * (len(Training(SMALL).network.parameters) + 2 * 9 + 1)


def go_on(history: History, to: Position) -> None:
    while history.position < to:
        advance(history, N_TRAIN, to)


def go_to(history: History, to: Position) -> None:
    if to < history.position:
        history.restore_nearest(to)
    go_on(history, to)


def bits(history: History) -> bytes:
    return history.training.network.parameters.tobytes()


def bits_of_a_run(experiment: Experiment, to: Position) -> bytes:
    training = Training(experiment)
    for _ in range(to.epoch):
        training.run_epoch()
    if to.sample:
        training.trainer.advance(to.sample)
    return training.network.parameters.tobytes()


class Held:
    """The checkpoints that are still referenced."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._made: list[weakref.ref[Checkpoint]] = []
        take = Trainer.checkpoint

        def noted(trainer: Trainer) -> Checkpoint:
            made = take(trainer)
            self._made.append(weakref.ref(made))
            return made

        patch.setattr(Trainer, "checkpoint", noted)

    @property
    def bytes(self) -> int:
        alive = [made for reference in self._made if (made := reference())]
        return sum(made.parameters.nbytes + made.statistics.nbytes for made in alive)


@pytest.mark.parametrize("n_checkpoints", [2, 3, 7, 40, 101])
def test_checkpoints_never_take_more_than_their_budget(monkeypatch: pytest.MonkeyPatch, n_checkpoints: int) -> None:
    held, budget = Held(monkeypatch), n_checkpoints * N_BYTES
    history, most = History(Training(SMALL), budget), 0
    for epoch in range(1, 251):
        go_on(history, Position(epoch))
        most = max(most, held.bytes)
    assert budget / 3 < most <= budget


@pytest.mark.parametrize("budget", [0, 40 * N_BYTES])
def test_any_place_is_reachable_again_however_many_checkpoints_were_dropped(budget: int) -> None:
    history = History(Training(SMALL), budget)
    places = [Position(199, 27), Position(150, 3), Position(77), Position(2, 14), Position()]
    go_on(history, Position(200))
    for place in places:
        go_to(history, place)
        assert bits(history) == bits_of_a_run(SMALL, place)


def test_within_an_epoch_checkpoints_are_some_samples_apart() -> None:
    """A replay of 50 updates of this network takes milliseconds."""
    history = History(Training(dataclasses.replace(SMALL, samples=240, hidden=(300, 300))))
    while history.position < Position(1, 60):
        advance(history, 10, Position(1, 60))
    places = [checkpoint.position for checkpoint in history.checkpoints]
    assert places == [*(Position(0, sample) for sample in (0, 50, 100, 150)), Position(1), Position(1, 50)]


def test_the_first_checkpoint_is_never_dropped() -> None:
    history = History(Training(SMALL), 0)
    go_on(history, Position(200))
    history.restore_nearest(Position(0, 5))
    assert history.position == Position()


def test_the_latest_checkpoints_stay() -> None:
    history = History(Training(SMALL), 40 * N_BYTES)
    go_on(history, Position(200, 3))
    for epoch in range(200, 190, -1):
        history.restore_nearest(Position(epoch, 2))
        assert history.position == Position(epoch)
        history.rewind_before(history.position)
        assert history.position == Position(epoch - 1)


def test_a_rewind_stops_at_the_start_of_training() -> None:
    history = History(Training(SMALL))
    history.rewind_before(Position())
    assert history.position == Position()


def test_interventions_are_applied_again_in_a_replay() -> None:
    faster = dataclasses.replace(SMALL, learning_rate=0.5, batch_size=3)
    history = History(Training(SMALL))
    go_on(history, Position(1, 4))
    history.intervene(Intervention(history.position, sample=11))
    go_on(history, Position(2, 5))
    history.change_hyperparameters(faster)
    go_on(history, Position(4))
    end = bits(history)
    for place in (Position(0, 3), Position(1, 4), Position(2, 2), Position(3)):
        history.restore_nearest(place)
        go_on(history, Position(4))
        assert bits(history) == end
        assert history.training.experiment == faster


def test_a_change_in_the_past_discards_what_came_after_it() -> None:
    history = History(Training(SMALL))
    go_on(history, Position(1, 4))
    history.intervene(Intervention(history.position, sample=11))
    go_on(history, Position(3))
    history.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    go_on(history, Position(6))
    go_to(history, Position(1, 2))
    change = Intervention(history.position, sample=20)
    history.intervene(change)
    assert history.interventions == [change]
    assert history.training.n_scored == 1
    history.restore_nearest(Position(5))  # from no checkpoint of the time that is no more
    assert history.position == Position(1, 2)
    go_on(history, Position(5))
    other = Training(SMALL)
    other.run_epoch()
    other.trainer.advance(2)
    other.trainer.apply(np.array([20]))
    for _ in range(4):
        other.run_epoch()
    assert bits(history) == other.network.parameters.tobytes()


def test_a_change_that_cannot_be_made_changes_nothing() -> None:
    history = History(Training(EXPLOSIVE))
    history.training.network.parameters *= 1e150
    before, planned = bits(history), [Intervention(Position(9), sample=2)]
    history.interventions += planned
    with pytest.raises(NonFiniteError):
        history.intervene(Intervention(history.position, sample=1))
    assert history.interventions == planned
    assert bits(history) == before


def test_another_limit_of_epochs_is_no_part_of_the_past() -> None:
    history = History(Training(SMALL))
    go_on(history, Position(2))
    history.change_hyperparameters(dataclasses.replace(SMALL, epochs=77))
    assert history.interventions == []
    history.restore_nearest(Position())
    assert history.training.experiment.epochs == 77


def test_updates_of_an_epoch_start_according_to_its_batch_sizes() -> None:
    history = History(Training(dataclasses.replace(SMALL, batch_size=10)))
    go_on(history, Position(1, 10))
    history.change_hyperparameters(dataclasses.replace(SMALL, batch_size=6))
    assert history.starts(0).tolist() == [0, 10, 20]
    assert history.starts(1).tolist() == [0, 10, 16, 22]
    assert history.starts(2).tolist() == [0, 6, 12, 18, 24]

"""Random walks through time, each state compared with a naive replay from the start, on both paths."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from bpviz.core.optimisers.rule import OPTIMISERS
from bpviz.core.optimisers.schedule import SCHEDULES
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.files import snapshot as snapshot_module
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import restored, snapshot
from bpviz.session.time_travel import branches as branches_module
from bpviz.session.time_travel.branches import Branch, BranchError, Branches
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.strokes import Sketch, split_after
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

N_TRAIN = 28
#: Bytes: for two checkpoints, so that nearly all are thinned out, and for all of them.
TINY, NORMAL = 2_000, branches_module.BRANCH_BUDGET
STEPS = 14
NAMES = (
    *(
        "step",
        "step",
        "seek",
        "seek",
        "rate",
        "batch",
        "schedule",
        "edit",
        "sample",
        "draw",
        "erase",
        "fork",
        "show",
        "undo",
        "redo",
    ),
    "save",
)


def experiment_of(rng: np.random.Generator) -> Experiment:
    hidden = tuple(int(width) for width in rng.integers(1, 5, rng.integers(1, 4)))
    return dataclasses.replace(
        SMALL,
        hidden=hidden,
        activations=(*rng.choice(["sigmoid", "tanh", "relu"], len(hidden)).tolist(), "sigmoid"),
        seed=int(rng.integers(100)),
        batch_size=int(rng.choice([1, 1, 3])),
        shuffle=bool(rng.integers(2)),
        train_biases=bool(rng.integers(2)),
        optimiser=str(rng.choice(["sgd", "sgd", *OPTIMISERS])),
        l2=float(rng.choice([0.0, 0.01])),
        clip_norm=float(rng.choice([0.0, 0.2])),
        schedule=str(rng.choice(list(SCHEDULES))),
        schedule_epochs=2,
    )


def replay(first: Experiment, changes: list[Intervention], numpy_epochs: int, to: Position) -> bytes:
    """Train update by update from the start, make each change at its position, and return the parameters at the end."""
    training, waiting = Training(first), list(changes)
    training.trainer.numpy_epochs = numpy_epochs
    while True:
        while waiting and waiting[0].at == training.position:
            make(training, waiting.pop(0))
        if training.position >= to:
            assert (training.position, waiting) == (to, [])
            return bits_of(training)
        training.trainer.advance(1)
        if training.trainer.epoch_is_complete:
            training.finish_epoch()


def bits_of(training: Training) -> bytes:
    """Return the parameters and what the optimiser and the schedule remember."""
    return training.network.parameters.tobytes() + training.trainer.learning.packed.tobytes()


def make(training: Training, change: Intervention) -> None:
    if change.experiment:
        training.change_hyperparameters(change.experiment)
    if change.edit:
        training.edit(change.edit)
    if change.sample is not None:
        training.trainer.apply(np.array([change.sample]))
    if change.stroke:
        training.draw(split_after(training.drawn, change.stroke))


class Walk:
    """Does random things to branches, and knows for each branch which changes it must have.

    `expected` is kept apart from the program's own list: a change that is lost there shows as a difference.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.rng = np.random.default_rng(seed)
        self.branches = Branches.begin(Training(experiment_of(self.rng)))
        self.path = folder / "walk.bpviz"
        self.expected: dict[int, list[Intervention]] = {0: []}
        self.redoable: list[tuple[int, list[Intervention]]] = []
        self.done: list[str] = []

    @property
    def active(self) -> Branch:
        return self.branches.active

    def number(self, below: int) -> int:
        return int(self.rng.integers(below))

    def step(self) -> None:
        name = str(self.rng.choice(NAMES))
        self.done.append(name)
        try:
            getattr(self, f"do_{name}")()
        except BranchError:  # too many branches, or nothing to undo or redo
            return
        self.check()

    def check(self) -> None:
        """Compare the active branch with what it must be."""
        stepper = self.active.stepper
        stepper.leave()
        here, history = stepper.training.position, stepper.history
        expected = self.expected[self.active.number]
        assert history.interventions == expected, self.done
        due = [change for change in expected if change.at <= here]
        assert history.n_applied == len(due), self.done
        bits = replay(history.first, due, stepper.training.trainer.numpy_epochs, here)
        assert bits_of(stepper.training) == bits, self.done

    # What a user does

    def do_step(self) -> None:
        level = str(self.rng.choice(["sample", "sample", "epoch", "operation"]))
        self.active.stepper.step(level, self.number(40) + 1 if level != "epoch" else self.number(3))

    def do_seek(self) -> None:
        furthest = self.active.stepper.history.furthest
        position = Position(self.number(furthest.epoch + 1), self.number(N_TRAIN))
        start = self.active.stepper.history.starts(position.epoch)
        sample = int(start[start <= position.sample][-1])
        self.active.stepper.go_to(min(Position(position.epoch, sample), furthest))

    def change(self, change: Intervention) -> None:
        stepper, before = self.active.stepper, self.active.number
        stepper.leave()
        at = stepper.training.position
        kept = [each for each in self.expected[before] if each.at <= at]
        change = dataclasses.replace(change, at=at)
        if change.experiment:
            experiment = change.experiment
            self.branches.change(stepper, lambda each: each.change_hyperparameters(experiment))
        elif change.edit:
            edit = change.edit
            self.branches.change(stepper, lambda each: each.edit(edit))
        elif change.stroke:
            stroke = change.stroke
            self.branches.change(stepper, lambda each: each.draw(stroke))
        else:
            sample = change.sample or 0
            self.branches.change(stepper, lambda each: each.apply(sample))
            change = dataclasses.replace(change, sample=sample)
        self.expected[self.active.number] = [*kept, change]

    def do_schedule(self) -> None:
        here = self.active.stepper.training.experiment
        schedule, momentum = str(self.rng.choice(list(SCHEDULES))), float(self.rng.choice([0.5, 0.8]))
        if (schedule, momentum) != (here.schedule, here.momentum):
            other = dataclasses.replace(here, schedule=schedule, momentum=momentum)
            self.change(Intervention(Position(), experiment=other))

    def do_rate(self) -> None:
        now = self.active.stepper.training.experiment
        rate = now.learning_rate * (0.5 + self.number(4) / 2)
        if rate != now.learning_rate:
            self.change(Intervention(Position(), experiment=dataclasses.replace(now, learning_rate=rate)))

    def do_batch(self) -> None:
        now = self.active.stepper.training.experiment
        size = 1 + now.batch_size % 4
        self.change(Intervention(Position(), experiment=dataclasses.replace(now, batch_size=size)))

    def do_edit(self) -> None:
        self.change(Intervention(Position(), edit=Edit(1, self.number(2), 0, float(self.rng.normal()))))

    def do_sample(self) -> None:
        self.change(Intervention(Position(), sample=self.number(len(self.active.stepper.training.split.X_train))))

    def do_draw(self) -> None:
        points = self.rng.normal(size=(1 + self.number(5), 2)).tolist()
        marks = tuple((x, y, float(self.number(2))) for x, y in points)
        self.sketch(Sketch(marks, is_test=self.number(4) == 0))

    def do_erase(self) -> None:
        middle = (float(self.rng.normal()), float(self.rng.normal()))
        self.sketch(Sketch(path=(middle,), radii=(1.0, 1.0), erases_all=self.number(3) == 0))

    def sketch(self, sketch: Sketch) -> None:
        stepper = self.active.stepper
        stepper.leave()
        if not (stroke := sketch.stroke_on(stepper.training.drawn)).is_empty:
            self.change(Intervention(Position(), stroke=stroke))

    def do_fork(self) -> None:
        stepper = self.active.stepper
        stepper.leave()
        kept = [each for each in self.expected[self.active.number] if each.at <= stepper.training.position]
        self.branches.fork(stepper.copy(), "fork", by_change=False)
        self.expected[self.active.number] = kept

    def do_show(self) -> None:
        self.branches.show(self.branches.all[self.number(len(self.branches.all))].number)

    def do_undo(self) -> None:
        before, expected = self.active, self.expected[self.active.number]
        position = self.branches.undo()
        if self.active is before:
            self.expected[before.number] = expected[:-1]
        self.redoable.append((before.number, expected))
        self.active.stepper.go_to(position)

    def do_redo(self) -> None:
        position = self.branches.redo()
        number, expected = next(each for each in reversed(self.redoable) if each[0] == self.active.number)
        self.redoable.remove((number, expected))
        self.expected[number] = expected
        self.active.stepper.go_to(position)

    def do_save(self) -> None:
        write_session(self.path, snapshot(self.branches, self.active.stepper))
        n_inherited = {branch.number: branch.n_inherited for branch in self.branches.all}
        self.branches, position = restored(read_session(self.path))
        assert {branch.number: branch.n_inherited for branch in self.branches.all} == n_inherited, self.done
        self.redoable.clear()
        self.active.stepper.go_to(position)


def walk(seed: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = TINY if seed % 2 else NORMAL
    monkeypatch.setattr(branches_module, "BRANCH_BUDGET", budget)
    monkeypatch.setattr(snapshot_module, "BRANCH_BUDGET", budget)
    made = Walk(seed, folder)
    for _ in range(STEPS):
        made.step()


@pytest.mark.usefixtures("kernel_path")
@pytest.mark.parametrize("seed", range(30))
def test_every_state_of_a_walk_is_that_of_a_naive_replay(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(seed, tmp_path, monkeypatch)


@pytest.mark.slow
@pytest.mark.usefixtures("kernel_path")
@pytest.mark.parametrize("seed", range(30, 70))
def test_every_state_of_many_more_walks_is_that_of_a_naive_replay(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(seed, tmp_path, monkeypatch)


@pytest.mark.slow
def test_the_moons_with_early_and_late_changes_reopen_to_the_same_rates_and_bits(tmp_path: Path) -> None:
    branches = Branches.begin(Training(load_preset("moons").experiment))
    stepper = branches.active.stepper
    for number, epoch in enumerate((0, 1, 2, 3, 300, 301)):
        stepper.go_to(Position(epoch))
        experiment = dataclasses.replace(stepper.training.experiment, learning_rate=0.01 + 0.001 * number)
        branches.change(stepper, lambda each, changed=experiment: each.change_hyperparameters(changed))  # type: ignore[misc]
    stepper.go_to(Position(1000))
    bits, rate = stepper.training.network.parameters.tobytes(), stepper.training.experiment.learning_rate
    write_session(tmp_path / "moons.bpviz", snapshot(branches, stepper))
    reopened, position = restored(read_session(tmp_path / "moons.bpviz"))
    for target in (Position(2), Position(300), position):
        reopened.active.stepper.go_to(target)
    training = reopened.active.stepper.training
    assert (training.network.parameters.tobytes(), training.experiment.learning_rate) == (bits, rate)

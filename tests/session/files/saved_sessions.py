"""Saved sessions for tests, random or trained, and their comparison."""

from __future__ import annotations

import dataclasses

import numpy as np
from hypothesis import strategies as st

from bpviz.core.metrics.metric import Metric
from bpviz.core.optimisers.learning import Learning
from bpviz.core.training.trainer import Checkpoint
from bpviz.session.debugging.breakpoints import READY_MADE
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_data import SavedBranch, SavedSession
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.history import History, HistoryCheckpoint
from bpviz.session.training.delta_records import n_rows
from bpviz.session.training.epochs import EpochTable
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL, advance

MARKS = (tuple(READY_MADE.values()), (Watch(Metric("loss"), 3), Watch(Metric("delta", 1, neuron=2))))
#: Numbers that a careless way through text or float32 would change.
DELICATE = np.array([-0.0, 5e-324, 1 / 3, 1e308, -1e-308, np.nextafter(1.0, 2.0)])


def trained(epochs: int, experiment: Experiment = SMALL) -> tuple[History, EpochTable]:
    """Train whole epochs, with their records."""
    history, table = History(Training(experiment)), EpochTable()
    while history.position.epoch < epochs:
        table.extend(advance(history, len(history.training.split.X_train)))
    return history, table


def trained_session(epochs: int = 4) -> SavedSession:
    """Return a session with an intervention of each kind, a fork, a bookmark, breakpoints and watches."""
    history, table = trained(2)
    history.change_hyperparameters(dataclasses.replace(SMALL, learning_rate=0.5))
    history.intervene(Intervention(history.position, sample=7))
    while history.position.epoch < epochs:
        table.extend(advance(history, 28))
    session = single_branch_session(history, SMALL, table)
    own = session.branches[0]
    edit = Intervention(own.furthest, edit=Edit(1, None, 2, -0.25))
    fork = dataclasses.replace(
        own, number=3, name="bigger steps", parent=0, forked_at=own.furthest, interventions=(*own.interventions, edit)
    )
    bookmarks = (Bookmark(Position(1, 3, 2), "plateau — Плато", 3),)
    return dataclasses.replace(
        session,
        branches=(own, fork),
        active=3,
        compared=0,
        bookmarks=bookmarks,
        breakpoints=MARKS[0],
        watches=MARKS[1],
        saved_at="2026-11-28T12:00:00+00:00",  # the same in each, so that two of them can be compared
    )


def same(one: SavedSession, other: SavedSession) -> bool:
    """Say whether two sessions are the same, bit for bit."""
    return _bits_of_session(one) == _bits_of_session(other)


def _bits_of_session(session: SavedSession) -> object:
    return dataclasses.replace(session, branches=()), [_bits_of_branch(branch) for branch in session.branches]


_NO_EPOCHS = EpochTable()


def _bits_of_branch(branch: SavedBranch) -> object:
    table: dict[str, object] = {name: (array.shape, array.tobytes()) for name, array in branch.epochs.arrays().items()}
    table["epochs per row"] = branch.epochs.deltas.epochs_per_row
    checkpoints = [
        (
            each.position,
            each.n_interventions,
            each.checkpoint.parameters.tobytes(),
            each.checkpoint.statistics.tobytes(),
            each.checkpoint.learning.tobytes(),
        )
        for each in branch.checkpoints
    ]
    return dataclasses.replace(branch, epochs=_NO_EPOCHS, checkpoints=()), table, checkpoints


@dataclasses.dataclass
class _Walk:
    """Draws increasing positions at starts of updates."""

    n_samples: int
    size: int
    here: Position = dataclasses.field(default_factory=Position)

    def on(self, draw: st.DrawFn) -> Position:
        """Go on by nothing, by some updates, or by epochs."""
        if epochs := draw(st.integers(0, 2)):
            self.here = Position(self.here.epoch + epochs)
        most = (self.n_samples - 1 - self.here.sample) // self.size
        self.here = Position(self.here.epoch, self.here.sample + self.size * draw(st.integers(0, most)))
        return self.here


EXPERIMENTS = st.builds(
    Experiment,
    samples=st.integers(10, 60),
    noise=st.floats(0, 10),
    classes=st.just(2),
    test_share=st.floats(0.05, 0.8),
    hidden=st.tuples(st.integers(1, 5), st.integers(1, 3)),
    activations=st.just(("relu", "tanh", "softmax")),
    learning_rate=st.floats(0, 1e6, exclude_min=True),
    batch_size=st.integers(1, 7),
    epochs=st.integers(1, 10_000_000),
)
_LETTERS = st.characters(min_codepoint=33, max_codepoint=0x2000, categories=("L", "N", "P"))
NAMES = st.text(_LETTERS, min_size=1, max_size=60)


@st.composite
def branches(draw: st.DrawFn, number: int, first: Experiment, parent: int | None) -> SavedBranch:
    """Draw a consistent branch."""
    n_samples = first.samples - int(np.ceil(first.samples * first.test_share))
    walk, checkpoints = _Walk(n_samples, first.batch_size), [(Position(), 0)]
    changes: list[Intervention] = []
    for _ in range(draw(st.integers(0, 5))):
        here = walk.on(draw)
        if here > checkpoints[-1][0]:
            checkpoints.append((here, len(changes)))
        change = _change(draw, here, first, n_samples)
        changes.append(change)
        walk.size = change.experiment.batch_size if change.experiment else walk.size
    furthest = walk.on(draw)
    place = draw(st.sampled_from([furthest, *(here for here, _ in checkpoints)]))
    return SavedBranch(
        number,
        draw(NAMES),
        parent,
        draw(st.sampled_from([here for here, _ in checkpoints])),
        draw(st.booleans()),
        first,
        tuple(changes),
        furthest,
        dataclasses.replace(place, operation=draw(st.integers(0, 20))),
        draw(st.integers(0, furthest.epoch + 1)),
        _table(draw, draw(st.integers(0, furthest.epoch)), sum(first.sizes[1:]), len(first.sizes) - 1),
        tuple(HistoryCheckpoint(_checkpoint(draw, here, first), n_made) for here, n_made in checkpoints),
    )


def _change(draw: st.DrawFn, at: Position, first: Experiment, n_samples: int) -> Intervention:
    kind = draw(st.sampled_from(["experiment", "sample", "weight", "bias"]))
    if kind == "experiment":
        rate, size, shuffle = draw(st.floats(1e-9, 1e6)), draw(st.integers(1, 7)), draw(st.booleans())
        other = dataclasses.replace(first, learning_rate=rate, batch_size=size, shuffle=shuffle)
        return Intervention(at, experiment=other)
    if kind == "sample":
        return Intervention(at, sample=draw(st.integers(0, n_samples - 1)))
    value = draw(st.floats(allow_nan=False, allow_infinity=False))
    source = draw(st.integers(0, 1)) if kind == "weight" else None
    return Intervention(at, edit=Edit(1, source, draw(st.integers(0, first.hidden[0] - 1)), value))


def _table(draw: st.DrawFn, length: int, neurons: int, layers: int) -> EpochTable:
    if not length:
        return EpochTable()
    rng, per_row = np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.sampled_from([1, 2, 64]))
    numbers = np.column_stack(
        [np.arange(length), rng.choice(DELICATE, (length, 1)), rng.random((length, 3)), np.zeros(length)]
    )
    numbers[:, 2] = draw(st.sampled_from([np.nan, np.inf, 0.5]))
    return EpochTable.from_arrays(
        {
            "numbers": numbers,
            "deltas": rng.normal(size=(n_rows(length, per_row), 2, neurons)).astype(np.float32),
            "updates": rng.random((length, layers)).astype(np.float32),
        },
        per_row,
    )


def _checkpoint(draw: st.DrawFn, here: Position, first: Experiment) -> Checkpoint:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    sizes = first.sizes
    n_parameters = sum((sizes[layer] + 1) * sizes[layer + 1] for layer in range(len(sizes) - 1))
    parameters = rng.normal(size=n_parameters)
    parameters[: len(DELICATE)] = DELICATE[:n_parameters]
    learning = Learning(n_parameters, first.rule)
    learning.updates = draw(st.integers(0, 10**6))
    learning.slots[:] = rng.random(learning.slots.shape)
    return Checkpoint(here.epoch, here.sample, parameters, rng.random(2 * sum(sizes[1:]) + 1), learning.packed)


@st.composite
def sessions(draw: st.DrawFn) -> SavedSession:
    """Draw a session."""
    first = draw(EXPERIMENTS)
    numbers = draw(st.lists(st.integers(0, 2**40), min_size=1, max_size=4, unique=True))
    made: list[SavedBranch] = []
    for number in numbers:
        parent = draw(st.sampled_from([None, *(branch.number for branch in made)]))
        made.append(draw(branches(number, dataclasses.replace(first, seed=draw(st.integers(0, 9))), parent)))
    places = st.builds(Position, st.integers(0, 99), st.integers(0, 9), st.integers(0, 9))
    bookmarks = draw(st.lists(st.builds(Bookmark, places, NAMES, st.sampled_from(numbers)), max_size=3))
    return SavedSession(
        tuple(made),
        draw(st.sampled_from(numbers)),
        draw(st.sampled_from([None, *numbers])),
        tuple(bookmarks),
        *MARKS,
        "numpy, numba is getting ready",
        "2026-11-23T23:41:28+00:00",
        "0.1.0",
    )

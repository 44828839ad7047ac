"""Files that version 0.1.0 wrote, which every later version opens to the same numbers.

Nobody can write them again with the sources beside this test. They were made with a checkout of commit 9b7b28d, by the
commands that its window gives to its session, on a runner of `tests/session/helpers.py`:

    first = dataclasses.replace(SMALL, shuffle=True, epochs=12)
    load(first), set_breakpoints(...), set_watches(...)
    step("epoch", 3), then a learning rate of 0.5
    step("sample", 5), apply(7), edit(Edit(2, 3, 1, -0.25)), step("epoch", 4), set_bookmarks(...)
    travel(Position(5)), then a learning rate of 0.05 and batches of 3, which begin a branch
    step("epoch", 2), step("sample", 4), rename_branch(1, "smaller steps"), compare(0)
    save("session-0.1.0.bpviz"), and the experiment with its breakpoints and watches as "experiment-0.1.0.json"

"session-0.1.0-parameters.json" holds the parameters at which both branches then stood, as that version reached them
again from the file.
"""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.breakpoints import READY_MADE, Breakpoint, Condition
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.commands import OpenSession
from bpviz.session.engine.events import SessionOpened
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import ExperimentFile, read_experiment_file
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import read_session, write_session
from bpviz.session.files.snapshot import restored
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.time_travel.history import History, HistoryState
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.interventions import Edit, Intervention
from bpviz.session.training.position import Position
from bpviz.session.training.training import Training
from tests.session.files.saved_sessions import same
from tests.session.helpers import Driver

DATA = Path(__file__).parent / "data"
SESSION, EXPERIMENT = DATA / "session-0.1.0.bpviz", DATA / "experiment-0.1.0.json"
PARAMETERS = DATA / "session-0.1.0-parameters.json"

FIRST = Experiment(
    samples=40,
    hidden=(4, 3),
    activations=("sigmoid", "tanh", "sigmoid"),
    learning_rate=0.1,
    shuffle=True,
    epochs=12,
)
TWO_CONDITIONS = (
    Condition(Metric("abs_delta", 1, "rms"), "<", 1e-4),
    Condition(Metric("loss"), "≥", 0.25),
)
BREAKPOINTS = (
    READY_MADE["misclassified sample"],
    Breakpoint(TWO_CONDITIONS, log_only=True),
    Breakpoint((Condition(Metric("W", 2, neuron=1, source=3), ">", 0.75),), enabled=False),
)
WATCHES = (Watch(Metric("loss"), 3), Watch(Metric("delta", 1, neuron=2)), Watch(Metric("dW", 3, "smallest"), 11))
BOOKMARKS = (Bookmark(Position(2, 3, 4), "plateau — Плато"), Bookmark(Position(6), "good"))
SHARED = (
    Intervention(Position(3), experiment=dataclasses.replace(FIRST, learning_rate=0.5)),
    Intervention(Position(3, 5), sample=7),
    Intervention(Position(3, 5), edit=Edit(2, 3, 1, -0.25)),
)
OF_THE_BRANCH = Intervention(Position(5), experiment=dataclasses.replace(FIRST, learning_rate=0.05, batch_size=3))


@pytest.fixture(scope="module")
def session() -> SavedSession:
    return read_session(SESSION)


def test_its_session_says_which_version_wrote_it(session: SavedSession) -> None:
    assert (session.version, session.made_with) == ("0.1.0", "numba")


def test_its_session_has_both_branches_with_their_changes(session: SavedSession) -> None:
    main, other = session.branches
    assert (session.active, session.compared) == (1, 0)
    assert (main.name, main.parent, main.interventions) == ("main", None, SHARED)
    assert (other.name, other.parent, other.interventions) == ("smaller steps", 0, (*SHARED, OF_THE_BRANCH))
    assert (other.forked_at, other.by_change) == (Position(5), True)
    assert [branch.first for branch in session.branches] == [FIRST, FIRST]
    assert [branch.furthest for branch in session.branches] == [Position(7), Position(7, 12)]
    assert [branch.place for branch in session.branches] == [Position(7), Position(7, 9, 25)]
    assert [len(branch.epochs) for branch in session.branches] == [7, 7]


def test_its_session_has_its_breakpoints_watches_and_bookmarks(session: SavedSession) -> None:
    assert session.breakpoints == BREAKPOINTS
    assert session.watches == WATCHES
    assert session.bookmarks == BOOKMARKS


def test_its_session_leads_to_the_same_parameters(session: SavedSession) -> None:
    expected = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    branches, place = restored(session)
    assert place == Position(7, 9, 25)
    assert [branch.name for branch in branches.all] == list(expected)
    for branch, saved in zip(branches.all, session.branches, strict=True):
        branch.stepper.go_to(saved.place)
        # What is trained again since the last checkpoint may differ in its last bits on another processor.
        found = branch.stepper.training.network.parameters
        np.testing.assert_allclose(found, expected[branch.name], rtol=1e-9, atol=1e-12)


def test_training_from_the_beginning_leads_to_its_checkpoints(session: SavedSession) -> None:
    for saved in session.branches:
        history = History(Training(saved.first))
        history.restore(HistoryState(saved.interventions, saved.checkpoints[:1], saved.furthest, 0), 0)
        stepper = Stepper(history.training, history=history)
        for at, parameters in {each.position: each.checkpoint.parameters for each in saved.checkpoints}.items():
            stepper.go_to(at)
            np.testing.assert_allclose(stepper.training.network.parameters, parameters, rtol=1e-9, atol=1e-12)


def test_its_session_opens_in_a_runner(session: SavedSession) -> None:
    with Driver() as driver:
        driver.runner.post(OpenSession(SESSION))
        opened = driver.expect(SessionOpened)
        assert (opened.breakpoints, opened.watches, opened.bookmarks) == (BREAKPOINTS, WATCHES, BOOKMARKS)
        assert driver.failures() == []


def test_its_session_written_anew_is_the_same(session: SavedSession, tmp_path: Path) -> None:
    write_session(tmp_path / "a.bpviz", session)
    assert same(read_session(tmp_path / "a.bpviz"), session)


def test_its_experiment_file_holds_the_same_experiment_breakpoints_and_watches() -> None:
    assert read_experiment_file(EXPERIMENT) == ExperimentFile(FIRST, BREAKPOINTS, WATCHES)

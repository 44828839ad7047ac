"""The loop that a worker thread runs, and the commands that may be given to it from any thread. It knows no Qt.

Commands are obeyed between two slices of work, and a slice takes a few milliseconds, so that an answer never waits for
the end of an epoch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Condition

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.branch_commands import BranchCommands
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Event
from bpviz.session.engine.file_commands import FileCommands
from bpviz.session.engine.training_commands import TrainingCommands
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice


class Runner:
    """Hands commands on and lets an `Engine` work, on the thread that runs `loop`.

    Parameters
    ----------
    emit : callable
        Takes each `Event`, on that thread.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        self._wake = Condition()
        self._commands: deque[Callable[[], None]] = deque()
        self._closed = False
        self._engine = Engine(emit)
        self._branch_commands = BranchCommands(self._engine)
        self._training_commands = TrainingCommands(self._engine, self._branch_commands)
        self._file_commands = FileCommands(self._engine, self._branch_commands)

    # Commands, from any thread

    def load(self, experiment: Experiment) -> None:
        """Make the experiment's data and network, and stand ready at its start."""
        self._post(partial(self._training_commands.load, experiment))

    def reset(self) -> None:
        """Go back to the start of the experiment, as if nothing had been changed by hand."""
        self._post(self._training_commands.reset)

    def run(self) -> None:
        """Train until paused, or until a breakpoint holds or the experiment's number of epochs is reached."""
        self._post(self._training_commands.run)

    def run_back(self) -> None:
        """Go back to where a breakpoint held last."""
        self._post(self._training_commands.run_back)

    def pause(self) -> None:
        """Stop where training is, in the middle of an epoch too."""
        self._post(self._training_commands.pause)

    def step(self, level: str = "sample", count: int = 1) -> None:
        """Go forward by so many steps of a level, or back where `count` is negative; see `Stepper.step`."""
        self._post(partial(self._training_commands.step, level, count))

    def go(self, index: int) -> None:
        """Go to where so many operations of the update on the table are done."""
        self._post(partial(self._training_commands.go, index))

    def travel(self, position: Position) -> None:
        """Go to a position that training has been at."""
        self._post(partial(self._branch_commands.travel, position))

    def go_live(self) -> None:
        """Go to where training has come to."""
        self._post(self._branch_commands.go_live)

    def set_trains_on(self, on: bool) -> None:
        """Say whether the live end trains on while one looks at the past."""
        self._post(partial(self._branch_commands.set_trains_on, on))

    def undo(self) -> None:
        """Take back the last change that was made by hand on the active branch."""
        self._post(self._branch_commands.undo)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._post(self._branch_commands.redo)

    def fork(self) -> None:
        """Begin a branch at the moment on screen, and let both go on side by side."""
        self._post(self._branch_commands.fork)

    def show_branch(self, number: int) -> None:
        """Bring a branch to the screen."""
        self._post(partial(self._branch_commands.show_branch, number))

    def compare(self, number: int | None) -> None:
        """Let another branch go beside the active one; None ends that."""
        self._post(partial(self._branch_commands.compare, number))

    def rename_branch(self, number: int, name: str) -> None:
        """Give a branch another name."""
        self._post(partial(self._branch_commands.rename_branch, number, name))

    def delete_branch(self, number: int) -> None:
        """Forget a branch and all that came to pass on it alone."""
        self._post(partial(self._branch_commands.delete_branch, number))

    def load_beside(self, experiment: Experiment, name: str) -> None:
        """Begin a branch with another experiment on the same samples, and compare it with the active one."""
        self._post(partial(self._branch_commands.load_beside, experiment, name))

    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None:
        """Keep these with the session."""
        self._post(partial(self._file_commands.set_bookmarks, bookmarks))

    def save(self, path: Path) -> None:
        """Write the session to a file."""
        self._post(partial(self._file_commands.save, path))

    def open(self, path: Path) -> None:
        """Go on with the session in a file; the present one stays if that cannot be."""
        self._post(partial(self._file_commands.open, path))

    def set_autosave(self, folder: Path | None) -> None:
        """Keep a copy of the session in a folder until the loop ends; None ends that now."""
        self._post(partial(self._file_commands.set_autosave, folder))

    def edit(self, edit: Edit) -> None:
        """Type in a weight or a bias."""
        self._post(partial(self._training_commands.edit, edit))

    def set_frame_options(self, options: FrameOptions) -> None:
        """Put this into frames as well."""
        self._post(partial(self._training_commands.set_frame_options, options))

    def inspect(self, choice: int | SampleChoice) -> None:
        """Lay a training sample on the table without training on it: by its number, or one that fits."""
        self._post(partial(self._training_commands.inspect, choice))

    def apply(self, sample: int) -> None:
        """Make one update with a training sample chosen by hand, out of turn."""
        self._post(partial(self._training_commands.apply, sample))

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Go on with another learning rate, batch size, order or number of epochs."""
        self._post(partial(self._training_commands.change_hyperparameters, experiment))

    def check_gradients(self, epsilon: float) -> None:
        """Compare the gradients of the update on the table with central differences of half-width `epsilon`."""
        self._post(partial(self._training_commands.check_gradients, epsilon))

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        """Stop at these from now on."""
        self._post(partial(self._training_commands.set_breakpoints, breakpoints))

    def set_watches(self, watches: tuple[Watch, ...]) -> None:
        """Tell the values of these from now on, at every step and every end of an epoch."""
        self._post(partial(self._training_commands.set_watches, watches))

    def set_pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None is as many as the machine can."""
        self._post(partial(self._training_commands.set_pace, epochs_per_second))

    def ask_frame(self, grid: Grid) -> None:
        """Ask for one frame, with the surface over `grid`; the latest asked is the one that is made."""
        self._post(partial(self._training_commands.ask_frame, grid))

    def close(self) -> None:
        """End the loop."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def _post(self, command: Callable[[], None]) -> None:
        with self._wake:
            self._commands.append(command)
            self._wake.notify()

    # The loop

    def loop(self) -> None:
        """Obey and work until closed."""
        while not self._closed:
            self._rest(self._engine.seconds_until_due())
            while self._commands and not self._closed:
                self._engine.guard(self._commands.popleft())
            if not self._closed:
                self._engine.guard(self._engine.work)
        self._file_commands.close()

    def _rest(self, seconds_until_due: float | None) -> None:
        if seconds_until_due == 0:
            return
        self._engine.flush()
        with self._wake:
            if not self._commands and not self._closed:
                self._wake.wait(seconds_until_due)

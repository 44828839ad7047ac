"""What a view model asks of a session; `bpviz.session.engine.runner.Runner` is one."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice


class DebugCommands(Protocol):
    """What the debugger asks."""

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None: ...  # noqa: D102
    def set_watches(self, watches: tuple[Watch, ...]) -> None: ...  # noqa: D102


class TimeCommands(Protocol):
    """What is asked of time and branches."""

    def travel(self, position: Position) -> None: ...  # noqa: D102
    def go_live(self) -> None: ...  # noqa: D102
    def set_trains_on(self, on: bool) -> None: ...  # noqa: D102
    def undo(self) -> None: ...  # noqa: D102
    def redo(self) -> None: ...  # noqa: D102
    def fork(self) -> None: ...  # noqa: D102
    def show_branch(self, number: int) -> None: ...  # noqa: D102
    def compare(self, number: int | None) -> None: ...  # noqa: D102
    def rename_branch(self, number: int, name: str) -> None: ...  # noqa: D102
    def delete_branch(self, number: int) -> None: ...  # noqa: D102
    def load_beside(self, experiment: Experiment, name: str) -> None: ...  # noqa: D102
    def set_bookmarks(self, bookmarks: tuple[Bookmark, ...]) -> None: ...  # noqa: D102
    def save(self, path: Path) -> None: ...  # noqa: D102
    def open(self, path: Path) -> None: ...  # noqa: D102
    def set_autosave(self, folder: Path | None) -> None: ...  # noqa: D102


class SessionApi(DebugCommands, TimeCommands, Protocol):
    """All that is asked."""

    def load(self, experiment: Experiment) -> None: ...  # noqa: D102
    def reset(self) -> None: ...  # noqa: D102
    def run(self) -> None: ...  # noqa: D102
    def pause(self) -> None: ...  # noqa: D102
    def step(self, level: str, count: int) -> None: ...  # noqa: D102
    def go(self, index: int) -> None: ...  # noqa: D102
    def edit(self, edit: Edit) -> None: ...  # noqa: D102
    def inspect(self, choice: int | SampleChoice) -> None: ...  # noqa: D102
    def apply(self, sample: int) -> None: ...  # noqa: D102
    def run_back(self) -> None: ...  # noqa: D102
    def check_gradients(self, epsilon: float) -> None: ...  # noqa: D102
    def change_hyperparameters(self, experiment: Experiment) -> None: ...  # noqa: D102
    def set_pace(self, epochs_per_second: float | None) -> None: ...  # noqa: D102
    def ask_frame(self, grid: Grid) -> None: ...  # noqa: D102
    def set_frame_options(self, options: FrameOptions) -> None: ...  # noqa: D102

"""Opening the window or a screenshot from the command line."""

from __future__ import annotations

import dataclasses
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from bpviz.app import open_window
from bpviz.session.engine.events import State
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.experiment_file import ExperimentFile
from bpviz.ui.help.welcome_bar import WelcomeBar
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import EXPLOSIVE, SMALL

Story = Iterator[None]


@pytest.fixture
def visit(qapp: QApplication) -> Iterator[Callable[[Callable[[MainWindow], Story]], None]]:
    """Run a generator in the next window; each `yield` returns to the event loop."""
    timers: list[QTimer] = []

    def begin(story: Callable[[MainWindow], Story]) -> None:
        steps = told_in_the_opened(story)
        timers.append(QTimer(interval=2))
        timers[-1].timeout.connect(lambda: next(steps, None))
        timers[-1].start()

    yield begin
    for timer in timers:
        timer.stop()


def opened(experiment: Experiment, **options: Any) -> int:
    """Open a window, and return the exit code after it is closed."""
    return open_window(ExperimentFile(experiment), preset="moons", **options)


def told_in_the_opened(story: Callable[[MainWindow], Story]) -> Story:
    windows: list[MainWindow] = []
    while not windows:
        yield
        everything = QApplication.topLevelWidgets()
        windows = [widget for widget in everything if isinstance(widget, MainWindow) and widget.isVisible()]
    yield from story(windows[0])
    windows[0].close()


Visit = Callable[[Callable[[MainWindow], Story]], None]


def picture_of(path: Path) -> QImage:
    picture = QImage(str(path))
    assert not picture.isNull()
    return picture


# Window


@pytest.mark.slow
def test_the_window_stays_open_until_it_is_closed(visit: Visit) -> None:
    seen: list[State] = []

    def story(window: MainWindow) -> Story:
        while window.model.frame is None:
            yield
        seen.append(window.model.status.state)

    visit(story)
    assert opened(SMALL) == 0
    assert seen == [State.PAUSED]


@pytest.mark.slow
def test_training_can_start_at_once_but_not_after_a_reset(visit: Visit) -> None:
    counts: list[int] = []

    def story(window: MainWindow) -> Story:
        while window.model.status.state is not State.FINISHED:
            yield
        counts.append(len(window.model.epochs))
        window.actions_["reset"].trigger()
        while len(window.model.epochs) or not window.model.frame_requests.is_up_to_date:
            yield
        counts.append(len(window.model.epochs))

    visit(story)
    assert opened(SMALL, run=True) == 0
    assert counts == [5, 0]


def test_control_c_closes_the_window(visit: Visit) -> None:
    def story(window: MainWindow) -> Story:
        while window.model.frame is None:
            yield
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)  # as PySide6 does with an exception in a slot
        assert not window.isVisible()
        assert not window.notice.isVisible()

    visit(story)
    assert opened(SMALL) == 0


@pytest.mark.slow
def test_the_theme_option_sets_the_theme(visit: Visit) -> None:
    themes: list[str] = []

    def story(window: MainWindow) -> Story:
        yield
        themes.append(window.model.theme.name)

    for theme in ("dark", "light"):
        visit(story)
        opened(SMALL, theme=theme)
    assert themes == ["dark", "light"]


# Welcome


@pytest.mark.slow
def test_only_the_first_start_without_run_or_screenshot_welcomes_the_user(visit: Visit, tmp_path: Path) -> None:
    seen: list[list[bool]] = []

    def story(window: MainWindow) -> Story:
        while window.model.frame is None:
            yield
        seen.append([bar.isVisible() for bar in window.findChildren(WelcomeBar)])

    for options in ({"run": True}, {"screenshot": tmp_path / "a.png"}, {}, {}):
        visit(story)
        opened(SMALL, **options)
    assert seen == [[], [], [True], []]


# Screenshot


@pytest.mark.parametrize("size", [(1440, 900), (1280, 720)])
def test_a_screenshot_has_the_requested_size(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "window.png"
    assert opened(SMALL, screenshot=path, epochs=3, size=size) == 0
    picture = picture_of(path)
    assert (picture.width(), picture.height()) == size


@pytest.mark.slow
def test_a_screenshot_is_taken_after_the_requested_epochs(visit: Visit, tmp_path: Path) -> None:
    epochs: list[int] = []

    def story(window: MainWindow) -> Story:
        while window.isVisible():
            epochs.append(len(window.model.epochs))
            yield

    visit(story)
    assert opened(SMALL, screenshot=tmp_path / "a.png", epochs=600) == 0
    assert epochs[-1] == 600


@pytest.mark.slow
def test_a_screenshot_without_epochs_shows_the_untrained_network(tmp_path: Path) -> None:
    path = tmp_path / "window.png"
    assert opened(SMALL, screenshot=path) == 0
    before = picture_of(path)
    assert opened(SMALL, screenshot=path, epochs=5) == 0
    assert picture_of(path) != before


@pytest.mark.slow
def test_screenshots_are_reproducible(tmp_path: Path) -> None:
    path = tmp_path / "window.png"
    pictures = []
    for _ in range(2):
        assert opened(SMALL, screenshot=path, epochs=5, theme="light") == 0
        pictures.append(picture_of(path))
    assert pictures[0] == pictures[1]


@pytest.mark.slow
def test_a_screenshot_in_the_dark_theme_is_dark(tmp_path: Path) -> None:
    corner = []
    for theme in ("dark", "light"):
        path = tmp_path / f"{theme}.png"
        assert opened(SMALL, screenshot=path, theme=theme) == 0
        corner.append(picture_of(path).pixelColor(3, 3).lightness())
    assert corner[0] < 60 < 200 < corner[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["missing/window.png", "."])
def test_a_screenshot_that_cannot_be_written_shows_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert opened(SMALL, screenshot=tmp_path / name) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("bpviz: ")
    assert "cannot be written" in lines[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (EXPLOSIVE, "Training stopped"),
        (Experiment(dataset="blobs", classes=6, samples=10, test_share=0.9), "cannot be run"),
    ],
    ids=["training fails", "there is nothing to train"],
)
def test_a_screenshot_of_an_invalid_experiment_shows_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], experiment: Experiment, words: str
) -> None:
    assert opened(experiment, screenshot=tmp_path / "a.png", epochs=50) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert words in lines[0]
    assert list(tmp_path.glob("*.png")) == []


# No display


@pytest.fixture
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("_no_display")
def test_without_a_display_there_is_an_error_message(capsys: pytest.CaptureFixture[str]) -> None:
    assert opened(SMALL) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    for word in ("no display", "DISPLAY", "--screenshot", "bpviz train"):
        assert word in lines[0]


@pytest.mark.slow
@pytest.mark.usefixtures("_no_display")
def test_without_a_display_a_screenshot_can_be_taken(tmp_path: Path) -> None:
    path = tmp_path / "window.png"
    assert opened(SMALL, screenshot=path) == 0
    assert picture_of(path).width() == 1440
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.slow
def test_a_network_without_hidden_layers_has_a_screenshot(tmp_path: Path) -> None:
    experiment = dataclasses.replace(SMALL, hidden=(), activations=("sigmoid",))
    assert opened(experiment, screenshot=tmp_path / "a.png", epochs=2) == 0

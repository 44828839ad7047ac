"""One number for one epoch: the same wherever it is shown, exported or printed."""

import csv
import re
from pathlib import Path

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine.commands import SaveSession
from bpviz.session.files.session_file import read_session
from bpviz.session.files.session_summary import describe
from bpviz.session.training.position import Position
from bpviz.ui.branches.branch_table import END
from bpviz.ui.window.status_line import StatusLine
from tests.session.helpers import SMALL
from tests.ui.conftest import OpenProgram
from tests.ui.program_driver import ProgramDriver

EPOCHS, AT = SMALL.epochs, 3


def numbers(driver: ProgramDriver) -> dict[str, int]:
    """Return the number of the epoch on screen, from wherever the window shows it."""
    window = driver.window
    line = window.statusBar()
    assert isinstance(line, StatusLine)
    texts = {
        "header": window.tool_bar.epoch.text(),
        "status line": line.where.text(),
        "curves": re.sub(r"<.*?>|&nbsp;", "", window.docks.curves.panel.readout.text()),
        "position line": f"{window.docks.curves.panel._position_line.value():g}",
        "timeline": str(window.timeline.track.value()),
        "ratios": f"{window.docks.weights.panel.ratios.cursor_line.value():g}",
    }
    return {name: int(re.findall(r"\d+", text)[0]) for name, text in texts.items()}


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    made.model.debugger.set_watches((Watch(Metric("loss")),))
    made.window.docks.weights.show()
    made.window.docks.weights.raise_()
    made.run_to_end()
    return made


def test_every_part_of_the_window_shows_the_same_number(driver: ProgramDriver) -> None:
    window = driver.window
    driver.wait_until(lambda: numbers(driver)["ratios"] == EPOCHS)
    assert set(numbers(driver).values()) == {EPOCHS}
    assert driver.model.epochs.numbers.tolist() == [1, 2, 3, 4, 5]
    panel = window.docks.curves.panel
    curve = panel._items[panel._curves[0]]
    assert curve.getOriginalDataset()[0].tolist() == [1, 2, 3, 4, 5]
    assert [epoch for epoch, _ in driver.model.debugger.logs[Watch(Metric("loss"))].epochs] == [1, 2, 3, 4, 5]
    driver.wait_until(lambda: window.docks.branches.panel.table.text(0, END) == str(EPOCHS))
    window.docks.deltas.panel.view.setCurrentText("Epochs, RMS")
    assert window.docks.deltas.panel._row_name(EPOCHS - 1) == f"epoch {EPOCHS}"


def test_it_is_the_same_in_the_past(driver: ProgramDriver) -> None:
    driver.model.go_to(Position(AT))
    driver.wait_until(lambda: driver.model.position == Position(AT))
    driver.wait_until(lambda: set(numbers(driver).values()) == {AT})
    expected = f"{driver.model.epochs.column('mse_test')[AT - 1]:.6f}"
    assert expected in driver.window.docks.curves.panel.readout.text()


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_it_is_the_same_in_files(driver: ProgramDriver, tmp_path: Path) -> None:
    driver.model.post(SaveSession(tmp_path / "run.bpviz"))
    driver.wait_until((tmp_path / "run.bpviz").exists)
    driver.window.exports.files.save_history(str(tmp_path / "window.csv"))
    assert any(f"trained to epoch {EPOCHS}, " in line for line in describe(read_session(tmp_path / "run.bpviz")))
    assert [int(row["epoch"]) for row in rows_of(tmp_path / "window.csv")] == list(range(1, EPOCHS + 1))


@pytest.mark.slow
def test_a_session_of_an_earlier_version_counts_the_same(open_program: OpenProgram) -> None:
    path = Path(__file__).parents[1] / "session" / "files" / "data"
    (old, *_) = sorted(path.glob("*.bpviz"))
    driver = open_program()
    driver.wait_until_ready()
    before = driver.n_prepared
    driver.window.files.open(str(old))
    driver.wait_until(lambda: driver.n_prepared > before and len(driver.model.epochs) > 0)
    epochs = len(driver.model.epochs)
    assert driver.model.epochs.numbers.tolist() == list(range(1, epochs + 1))
    driver.model.go_to(Position(1))
    driver.wait_until(lambda: driver.model.position == Position(1))
    assert driver.window.tool_bar.epoch.text() == "1"
    assert driver.window.docks.curves.panel.readout.text().startswith("epoch 1 ")

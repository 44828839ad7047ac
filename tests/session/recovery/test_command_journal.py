"""The last commands, in memory and on disk, without the user's names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bpviz.core.metrics.metric import Metric
from bpviz.session.debugging.watches import Watch
from bpviz.session.engine import commands
from bpviz.session.engine.commands import EditParameter, GoTo, Load, RenameBranch, SaveSession, SetBookmarks, Step
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.recovery.command_journal import MOST_COMMANDS, CommandJournal, describe_command, read_lines
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position

SECRET = "Müller's exam"


@pytest.mark.parametrize(
    ("command", "description"),
    [
        (commands.Run(), "Run()"),
        (Step("operation", -3), "Step(level=operation, count=-3)"),
        (GoTo(Position(4, 3, 2)), "GoTo(position=Position(epoch=4, sample=3, operation=2))"),
        (
            EditParameter(Edit(1, None, 2, 0.5)),
            "EditParameter(edit=Edit(layer=1, source=None, neuron=2, value=0.5, goes_on=False))",
        ),
        (Load(Experiment(seed=9, dataset="xor")), "Load(experiment=dataset=xor;seed=9)"),
        (SaveSession(Path(SECRET)), "SaveSession(path=<left out>)"),
        (RenameBranch(2, SECRET), "RenameBranch(number=2, name=<left out>)"),
        (SetBookmarks((Bookmark(Position(), SECRET, 0),)), "SetBookmarks(bookmarks=<1>)"),
        (commands.SetWatches((Watch(Metric("loss"), 3),)), "SetWatches(watches=<1>)"),
    ],
)
def test_a_command_is_described_without_names(command: object, description: str) -> None:
    assert describe_command(command) == description


def test_the_last_commands_are_on_disk_at_once(tmp_path: Path) -> None:
    journal = CommandJournal(tmp_path / "commands")
    for number in range(MOST_COMMANDS + 50):
        journal.note(Position(number), Step("sample", number))
    lines = read_lines(tmp_path / "commands")  # it is still open, as after a crash
    assert lines == journal.lines()
    assert len(lines) == MOST_COMMANDS
    assert lines[0] == "51 at 50/0/0: Step(level=sample, count=50)"
    assert lines[-1] == "250 at 249/0/0: Step(level=sample, count=249)"
    journal.close()


def test_a_command_before_there_is_a_network_has_no_position() -> None:
    journal = CommandJournal()
    journal.note(None, commands.Pause())
    assert journal.lines() == ["1 at -: Pause()"]


def test_a_damaged_file_has_only_its_sound_lines(tmp_path: Path) -> None:
    (tmp_path / "commands").write_bytes(b"\xff\0\n3 at -: Run()\nx\n" + b"9" * 5000)
    assert read_lines(tmp_path / "commands") == ["3 at -: Run()"]
    assert read_lines(tmp_path / "none") == []

"""The line that offers a deleted branch back."""

import dataclasses

import pytest

from bpviz.session.engine.commands import Undo
from bpviz.session.time_travel.timeline import BranchInfo
from bpviz.session.training.position import Position
from bpviz.ui.notices.deleted_bar import DeletedBar
from bpviz.ui.window.main_window import MainWindow
from tests.session.helpers import SMALL
from tests.ui.stage import Stage
from tests.ui.user_input import click

GONE = BranchInfo(3, "faster", SMALL, 0, Position(2), (), Position(4), None)


@pytest.fixture
def bar(main_window: MainWindow, stage: Stage) -> DeletedBar:
    stage.prepare()
    return main_window.notices.deleted


def tell(stage: Stage, deleted: BranchInfo | None) -> None:
    stage.tell(dataclasses.replace(stage.tell_timeline(), deleted=deleted))


def test_a_deleted_branch_is_offered_back(bar: DeletedBar, stage: Stage) -> None:
    tell(stage, None)
    assert not bar.isVisible()
    stage.tell(dataclasses.replace(stage.tell_timeline(), deleted=GONE))
    assert bar.isVisible()
    assert bar.sentence.text() == "Branch “faster” was deleted"
    click(bar.undo)
    assert stage.commands.given[-1] == Undo()
    tell(stage, None)
    assert not bar.isVisible()


def test_a_line_that_was_closed_comes_back_for_another_branch_only(bar: DeletedBar, stage: Stage) -> None:
    timeline = stage.tell_timeline()
    stage.tell(dataclasses.replace(timeline, deleted=GONE))
    bar.hide()
    stage.tell(dataclasses.replace(timeline, deleted=GONE))
    assert not bar.isVisible()
    stage.tell(dataclasses.replace(timeline, deleted=dataclasses.replace(GONE, number=4)))
    assert bar.isVisible()

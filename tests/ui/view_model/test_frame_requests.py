"""What several panels wish frames to hold is one wish."""

from bpviz.core.surface import Grid
from bpviz.session.engine.commands import EditParameter, RequestFrame, SetFrameOptions
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.training.interventions import Edit
from tests.ui.stage import GRID, Stage

COARSE, FINE = Grid(0, 1, 0, 1, 4, 4), Grid(0, 1, 0, 1, 9, 9)


def test_the_wishes_of_all_panels_are_granted_by_one(stage: Stage) -> None:
    stage.model.request_frame_options("one", FrameOptions(activations=True))
    stage.model.request_frame_options("two", FrameOptions(maps=COARSE))
    stage.model.request_frame_options("three", FrameOptions(maps=FINE))
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(FINE, activations=True)
    stage.model.request_frame_options("three", FrameOptions())
    stage.model.request_frame_options("one", FrameOptions())
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(COARSE)


def test_a_wish_that_changes_nothing_is_not_told(stage: Stage) -> None:
    stage.model.request_frame_options("one", FrameOptions(maps=FINE))
    stage.model.request_frame_options("two", FrameOptions(maps=COARSE))
    stage.model.request_frame_options("one", FrameOptions(maps=FINE))
    assert stage.commands.of(SetFrameOptions) == [FrameOptions(maps=FINE)]


def test_a_frame_is_asked_for_when_more_is_wished_and_not_when_less_is(stage: Stage) -> None:
    stage.prepare()
    stage.model.set_grid(GRID)
    stage.frame()
    before = len(stage.commands.of(RequestFrame))
    stage.model.request_frame_options("one", FrameOptions(maps=FINE, activations=True))
    assert len(stage.commands.of(RequestFrame)) == before + 1
    stage.frame()
    stage.model.request_frame_options("two", FrameOptions(predictions=True))
    assert len(stage.commands.of(RequestFrame)) == before + 2
    assert stage.commands.of(SetFrameOptions)[-1] == FrameOptions(FINE, activations=True, predictions=True)
    stage.frame()
    stage.model.request_frame_options("two", FrameOptions())
    stage.model.request_frame_options("one", FrameOptions(maps=FINE))
    stage.model.request_frame_options("one", FrameOptions())
    assert len(stage.commands.of(RequestFrame)) == before + 2


def test_an_edit_is_handed_on(stage: Stage) -> None:
    stage.model.post(EditParameter(Edit(2, None, 1, 0.5)))
    assert stage.commands.of(EditParameter) == [Edit(2, None, 1, 0.5)]

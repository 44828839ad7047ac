import dataclasses

import numpy as np

from bpviz.session.engine.commands import GoTo, InspectSample
from bpviz.session.training.position import Position
from bpviz.ui.pictures.pictures_panel import Mode, PicturesPanel
from tests.ui.pictures.on_panel import answer_walk, begin, draw_a_line, own_commands, shown_outputs, turn_to, values_of
from tests.ui.stage import Stage
from tests.ui.user_input import click, drag_to

# A picture of one's own


def test_the_outputs_follow_the_pen(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    before = shown_outputs(panel, Mode.DRAW).values
    draw_a_line(panel)
    drawing, split = panel.draw.pad.drawing, stage.training.split
    assert drawing is not None
    assert drawing.pixels[4, 4] == 16.0
    expected = stage.training.network.feed_forward(split.scaling.apply(drawing.pixels.ravel()))
    np.testing.assert_allclose(shown_outputs(panel, Mode.DRAW).values, expected)
    assert not np.allclose(expected, before)


def test_loss_and_gradient_are_for_the_class_that_is_meant(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    draw_a_line(panel)
    _, before = values_of(panel, Mode.DRAW)
    panel.draw.target.setCurrentIndex(7)
    assert shown_outputs(panel, Mode.DRAW).target == 7
    assert panel.caption() == "your picture, class 7"
    assert not np.allclose(values_of(panel, Mode.DRAW)[1], before)


def test_a_copy_of_the_chosen_sample_is_read_as_the_sample_itself(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.model.select(sample=23)
    ink, gradient = values_of(panel)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.copy)
    np.testing.assert_allclose(values_of(panel, Mode.DRAW)[0], ink)
    np.testing.assert_allclose(values_of(panel, Mode.DRAW)[1], gradient, atol=1e-12)
    assert panel.draw.target.currentIndex() == stage.training.split.labels_train[23]
    click(panel.draw.clear)
    assert panel.draw.pad.drawing is not None
    assert panel.draw.pad.drawing.is_empty


def test_pixels_unlike_all_training_samples_are_counted(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.copy)
    assert "training sample" not in panel.sentence.text()
    pad = panel.draw.pad
    drag_to(pad, pad.centre_of(0, 0).toPoint(), pad.centre_of(7, 0).toPoint(), press=True, release=True)
    count, _, rest = panel.sentence.text().partition(" ")
    assert int(count) >= 6
    assert rest.startswith("pixels have more or less ink than in any training sample")


def test_the_drawing_outlives_a_reset_and_the_other_pages(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    draw_a_line(panel)
    assert panel.draw.pad.drawing is not None
    before = panel.draw.pad.drawing.pixels
    turn_to(panel, Mode.SAMPLE)
    begin(stage)
    turn_to(panel, Mode.DRAW)
    np.testing.assert_array_equal(panel.draw.pad.drawing.pixels, before)


# The walk through the network


def test_the_drawing_is_traced_with_the_class_that_is_meant(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    draw_a_line(panel)
    panel.draw.target.setCurrentIndex(1)
    assert own_commands(stage) == []
    click(panel.draw.walk)
    (asked,) = own_commands(stage)
    assert panel.draw.pad.drawing is not None
    scaled = stage.training.split.scaling.apply(panel.draw.pad.drawing.pixels.ravel())
    assert asked.inputs == tuple(scaled.tolist())
    assert asked.targets == tuple(np.eye(10)[1].tolist())
    answer_walk(stage)
    assert panel.draw.back.isVisible()
    assert not panel.draw.walk.isVisible()
    assert panel.sentence.text().find("passes through") > 0


def test_the_walk_follows_what_is_drawn_next(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.walk)
    answer_walk(stage, index=4)
    draw_a_line(panel)
    assert len(own_commands(stage)) == 2  # once, at the end of the stroke
    panel.draw.target.setCurrentIndex(3)
    click(panel.draw.clear)
    assert len(own_commands(stage)) == 4


def test_one_click_leads_back_to_where_training_stood(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.show_update(5)
    place = Position(1, 0, 5)
    stage.tell(dataclasses.replace(stage.model.status, position=place))
    turn_to(panel, Mode.DRAW)
    click(panel.draw.walk)
    answer_walk(stage)
    click(panel.draw.back)
    assert stage.commands.of(GoTo) == [place]
    stage.show_update(5)
    assert panel.draw.walk.isVisible()
    assert not panel.draw.back.isVisible()


def test_one_click_leads_back_to_the_sample_that_was_inspected(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.show_update(5, sample=12)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.walk)
    answer_walk(stage)
    click(panel.draw.back)
    assert stage.commands.of(InspectSample) == [12]


def test_while_a_drawing_is_walked_through_the_chosen_sample_stays(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    stage.model.select(sample=12)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.walk)
    answer_walk(stage, index=7)
    assert stage.model.selection.sample == 12
    turn_to(panel, Mode.SAMPLE)
    assert panel.caption().startswith("sample 12, ")


def test_going_elsewhere_in_time_ends_the_walk(panel: PicturesPanel, stage: Stage) -> None:
    begin(stage)
    turn_to(panel, Mode.DRAW)
    click(panel.draw.walk)
    answer_walk(stage)
    stage.train(1)
    stage.frame()
    assert panel.draw.walk.isVisible()
    draw_a_line(panel)
    assert len(own_commands(stage)) == 1

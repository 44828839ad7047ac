"""A moment of the session as a step, and steps in another order."""

import dataclasses

import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons import editing
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.lessons.lesson_json import LessonError, lesson_text, read_draft, read_lesson
from bpviz.session.training.position import Position

MAZUR, NOTHING = load_preset("mazur").experiment, (None, None, None)


@pytest.fixture
def three() -> Lesson:
    scene = editing.scene_here(MAZUR, Position(0, 0, 3), "step", ["formula", "network"], (0, 2, 1))
    steps = tuple(editing.new_step(scene, number, heading) for number, heading in enumerate("abc", start=1))
    return Lesson("Mine", "", steps)


def headings(lesson: Lesson) -> str:
    return "".join(step.heading for step in lesson.steps)


def test_a_moment_has_the_experiment_position_panels_and_selection_and_survives_a_file(three: Lesson) -> None:
    scene = read_lesson(lesson_text(three)).steps[0].scene
    assert (scene.experiment, scene.preset, scene.position) == (MAZUR, "mazur", Position(0, 0, 3))
    assert (scene.workspace, scene.front) == ("step", ("formula", "network"))
    assert (scene.sample, scene.layer, scene.neuron) == (0, 2, 1)


def test_an_experiment_that_is_no_preset_is_kept_in_full() -> None:
    own = dataclasses.replace(MAZUR, learning_rate=0.125)
    scene = editing.scene_here(own, Position(3), "", [], NOTHING)
    lesson = Lesson("Mine", "", (editing.new_step(scene, 1),))
    assert (scene.preset, read_lesson(lesson_text(lesson)).steps[0].scene.experiment) == ("", own)


def test_a_moment_beyond_the_last_epoch_can_be_opened_again() -> None:
    scene = editing.scene_here(dataclasses.replace(MAZUR, epochs=5), Position(7), "", [], NOTHING)
    assert scene.preset == "mazur"
    lesson = Lesson("Mine", "", (editing.new_step(scene, 1),))
    assert read_lesson(lesson_text(lesson)).steps[0].scene.position == Position(7)


def test_a_step_without_a_title_is_named_after_its_position() -> None:
    scene = editing.scene_here(MAZUR, Position(40), "", [], NOTHING)
    assert editing.new_step(scene, 2).heading == "Step 2: epoch 40"


def test_steps_are_added_moved_changed_and_deleted(three: Lesson) -> None:
    assert headings(editing.moved(three, 0, 2)) == "bca"
    assert headings(editing.moved(three, 2, 1)) == "acb"
    assert headings(editing.without_step(three, 1)) == "ac"
    assert headings(editing.with_step(three, 1, three.steps[2])) == "acbc"
    assert headings(editing.with_changed(three, 1, three.steps[0])) == "aac"
    assert headings(three) == "abc"


def test_a_draft_may_have_no_steps_and_a_lesson_may_not() -> None:
    text = lesson_text(editing.EMPTY)
    assert read_draft(text) == editing.EMPTY
    with pytest.raises(LessonError, match="no steps"):
        read_lesson(text)


@pytest.mark.parametrize(
    ("position", "changes", "said"),
    [
        (None, [], "There is no network yet"),
        (Position(4), [Position(3)], "changed by hand"),
        (Position(4), [Position(4)], "changed by hand"),
        (Position(4), [Position(5)], None),
        (Position(4), [], None),
    ],
)
def test_a_moment_that_cannot_be_repeated_is_refused_in_a_sentence(
    position: Position | None, changes: list[Position], said: str | None
) -> None:
    problem = editing.moment_problem(MAZUR, position, changes)
    assert (problem is None) if said is None else (problem is not None and said in problem)

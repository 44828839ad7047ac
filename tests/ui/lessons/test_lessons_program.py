"""Lessons in the real program, walked from the first step to the last."""

import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.lessons.shipped import load_lesson
from bpviz.session.training.position import Position
from tests.ui.conftest import OpenProgram
from tests.ui.lessons.walking import open_lesson, wait_for_scene, walk
from tests.ui.program_driver import ProgramDriver


@pytest.fixture
def driver(open_program: OpenProgram) -> ProgramDriver:
    made = open_program()
    made.wait_until_ready()
    return made


def test_the_chain_rule_is_walked_with_mazurs_numbers(driver: ProgramDriver) -> None:
    answers = [answer.text for answer in walk(driver, "chain-rule") if answer]
    assert answers == ["0.5933", "Positive", "Neuron 1", "0.08217", "It falls"]
    epochs = driver.model.epochs.column("mse_train")
    assert f"{epochs[0]:.4f}" == "0.2910"
    assert epochs[-1] < 0.001


def test_one_key_returns_to_the_step_with_its_panels_and_its_network(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    panel.take(load_lesson("chain-rule"), "chain-rule", 3)
    wait_for_scene(driver, panel)
    driver.window.actions_["train_layout"].trigger()
    driver.model.load(load_preset("xor").experiment)
    driver.wait_until(lambda: driver.model.experiment.dataset == "xor" and driver.model.position == Position())
    assert not driver.window.docks.lesson.isHidden()
    driver.trigger("lesson_return")
    wait_for_scene(driver, panel)
    assert not driver.window.docks.formula.isHidden()
    assert driver.window.docks.operands.is_covered


def test_a_lesson_keeps_the_run_that_it_replaces(driver: ProgramDriver) -> None:
    driver.run_to_end()
    before = driver.model.experiment
    panel = open_lesson(driver, "chain-rule")
    wait_for_scene(driver, panel)
    driver.wait_until(lambda: driver.window.actions_["undo"].isEnabled())
    driver.trigger("undo")
    driver.wait_until(lambda: driver.model.experiment == before and len(driver.model.epochs) == before.epochs)


def test_progress_is_kept_from_one_program_to_the_next(driver: ProgramDriver, open_program: OpenProgram) -> None:
    panel = open_lesson(driver, "chain-rule")
    wait_for_scene(driver, panel)
    panel.page.next.click()
    wait_for_scene(driver, panel)
    panel.page.list.click()
    assert panel.list.states["chain-rule"].text() == "Step 2 of 9"
    assert not driver.window.actions_["lesson_return"].isEnabled()
    driver.close()
    again = open_program()
    again.wait_until_ready()
    panel = open_lesson(again, "chain-rule")
    assert panel.index == 1
    wait_for_scene(again, panel)


def test_hands_are_counted_in_place_of_a_choice(driver: ProgramDriver) -> None:
    panel = open_lesson(driver, "chain-rule")
    panel.take(load_lesson("chain-rule"), "", 3)
    wait_for_scene(driver, panel)
    box = panel.page.question
    box.count_hands.click()
    for hands, count in zip(box.hands, (12, 5), strict=True):
        hands.setValue(count)
    box.reveal.click()
    driver.wait_until(lambda: not box.answer.isHidden())
    assert box.answer.text().startswith("<b>Positive</b>. The output is larger than its target")
    assert box.answer.text().endswith("12 of 17 hands had it right.")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("one-neuron", ["0.25", "z = 0", "Negative", "It falls"]),
        ("xor", ["0.5911", "Yes"]),
        ("plateau", ["Epoch 20 to 30", "Layer 2"]),
        ("vanishing", ["Layer 1", "Layer 1"]),
        ("learning-rate", ["It falls", "It falls", "0.4979", "Single samples"]),
        ("find-the-bug", ["delta of layer 1", "It falls"]),
        ("epoch", ["The test MSE", "It falls"]),
    ],
)
def test_a_lesson_is_walked_to_its_end(driver: ProgramDriver, name: str, right: list[str]) -> None:
    assert [answer.text for answer in walk(driver, name) if answer] == right

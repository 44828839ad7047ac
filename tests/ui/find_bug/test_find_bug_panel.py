"""The panel Find the bug, by replayed events, and the line that says that a mistake is planted."""

import dataclasses

import numpy as np
import pytest

from bpviz.session.engine.commands import CheckGradients, Load, LoadBeside, RenameBranch
from bpviz.session.find_bug.levels import EXPERIMENT, LEVELS
from bpviz.ui.diagnostics.gradient_check_panel import GradientCheckPanel
from bpviz.ui.find_bug.find_bug_panel import FindBugPanel
from bpviz.ui.window.main_window import MainWindow
from tests.ui.conftest import Show
from tests.ui.stage import Stage

PLANTED = dataclasses.replace(EXPERIMENT, mistakes=("slope_left_out@2",))
# Operations of 2-4-4-2: six forward, the loss, then error, slope, delta of layer 3 and of layer 2.
SLOPE_2, DELTA_2, GRADIENT_3 = 12, 13, 17


@pytest.fixture
def panel(stage: Stage, show: Show) -> FindBugPanel:
    made = FindBugPanel(stage.model)
    show(made, 460, 400)
    stage.prepare()
    return made


def point_at(stage: Stage, index: int) -> None:
    stage.show_update(index)


def test_a_level_plants_a_mistake_of_its_own(panel: FindBugPanel, stage: Stage) -> None:
    for index, level in enumerate(LEVELS):
        panel.level.setCurrentIndex(index)
        panel.plant.click()
        experiment = stage.commands.of(Load)[-1]
        assert len(experiment.mistakes) == level.n_mistakes
        assert all(text.partition("@")[0] in level.candidates for text in experiment.mistakes)


def test_without_a_planted_mistake_nothing_can_be_judged(panel: FindBugPanel, stage: Stage) -> None:
    stage.step()
    for button in (panel.wrong, panel.race, panel.tell):
        assert not button.isEnabled()
    assert "Plant" in panel.text.text()


def test_pointing_at_the_wrong_operation_finds_the_bug_and_counts_the_tries(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(PLANTED)
    point_at(stage, SLOPE_2)
    assert "slope of layer 2" in panel.pointed.text()
    panel.wrong.click()
    assert panel.text.text().startswith("This operation is right")
    point_at(stage, DELTA_2)
    panel.wrong.click()
    assert panel.text.text().startswith("Found. In layer 2 the slope f'(z) is left out")
    assert panel.text.text().endswith("That took 2 tries.")


def test_what_only_follows_from_the_mistake_is_told_apart(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(dataclasses.replace(EXPERIMENT, mistakes=("cross_entropy_delta_with_mse@3",)))
    update = stage.show_update(0)
    index = next(n for n, each in enumerate(update.operations, 1) if (each.quantity, each.layer) == ("dW", 3))
    point_at(stage, index)
    panel.wrong.click()
    assert "goes into it is wrong" in panel.text.text()


def test_the_answer_is_shown_when_it_is_asked_for_and_not_before(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(PLANTED)
    assert "slope" not in panel.text.text()
    panel.tell.click()
    assert "In layer 2 the slope f'(z) is left out" in panel.text.text()


def test_a_race_starts_both_programs_in_random_order(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(PLANTED)
    first = set()
    for seed in range(6):
        panel._rng = np.random.default_rng(seed)
        stage.commands.given.clear()
        panel.race.click()
        (one,), ((two, name),) = stage.commands.of(Load), stage.commands.of(LoadBeside)
        assert {one, two} == {PLANTED, EXPERIMENT}
        assert (name, stage.commands.of(RenameBranch)) == ("B", [(0, "A")])
        first.add(one)
    assert first == {PLANTED, EXPERIMENT}


def test_in_a_race_nothing_is_judged_and_the_answer_names_both(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(EXPERIMENT)
    branch = dataclasses.replace(stage.tell_timeline().branches[0], name="A", experiment=EXPERIMENT)
    stage.tell_timeline(branch, dataclasses.replace(branch, number=1, name="B", experiment=PLANTED), compared=1)
    point_at(stage, DELTA_2)
    assert not panel.wrong.isEnabled()
    panel.tell.click()
    assert panel.text.text().startswith("A is backpropagation as it should be. B is wrong: In layer 2 the slope")


def test_a_chosen_mistake_is_planted_and_then_named_nowhere(panel: FindBugPanel, stage: Stage) -> None:
    stage.prepare(EXPERIMENT)
    panel.choose.setChecked(True)
    form = panel.form
    form.mistake.setCurrentIndex(form.mistake.findData("sign_flipped"))
    form.mistake.activated.emit(form.mistake.currentIndex())
    assert [form.layer.itemText(row) for row in range(form.layer.count())] == ["layer 1", "layer 2", "layer 3"]
    form.layer.setCurrentIndex(1)
    form.plant.click()
    assert stage.commands.of(Load)[-1] == dataclasses.replace(EXPERIMENT, mistakes=("sign_flipped@2",))
    assert form.mistake.currentIndex() == 0
    assert not form.plant.isEnabled()


def test_a_line_says_that_it_is_not_backpropagation_as_long_as_a_mistake_is_planted(
    main_window: MainWindow, stage: Stage
) -> None:
    bar = main_window.notices.planted
    stage.prepare(EXPERIMENT)
    branch = dataclasses.replace(stage.tell_timeline().branches[0], experiment=EXPERIMENT)
    stage.tell_timeline(branch)
    assert not bar.isVisible()
    wrong = dataclasses.replace(branch, experiment=PLANTED)
    stage.tell_timeline(wrong)
    assert bar.isVisible()
    assert bar.sentence.text().startswith("A mistake is planted in this program")
    stage.tell_timeline(branch, dataclasses.replace(wrong, number=1))
    assert bar.sentence.text().startswith("A mistake is planted in some of the branches")
    stage.tell_timeline(branch)
    assert not bar.isVisible()


def test_where_a_mistake_is_to_be_found_the_gradient_check_must_be_asked_for_twice(stage: Stage, show: Show) -> None:
    check = GradientCheckPanel(stage.model)
    show(check, 460, 400)
    stage.prepare(PLANTED)
    stage.step()
    check.follow.setChecked(True)
    stage.step()
    check.check()
    assert "Press Check again" in check.verdict.text()
    assert not stage.commands.of(CheckGradients)
    check.check()
    assert len(stage.commands.of(CheckGradients)) == 1

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolButton

from bpviz.session.engine.commands import ChangeHyperparameters, Load
from bpviz.session.experiment.experiment import LIVE, Experiment
from bpviz.ui.training.experiment_panel import ExperimentPanel
from bpviz.ui.training.rule_fields import SCHEDULE
from bpviz.ui.widgets.form_fields import ChoiceField, NumberField, SwitchField, read_number, write_number
from tests.session.helpers import SMALL
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, press, retype

BAD = ["", "many", "-1", "1e999", "9" * 400, "nan", "-inf", "0x10", "1,5", "1_0_", "(1)"]
ZERO = ["samples", "test_share", "learning_rate", "batch_size"]
NUMBERS = ["samples", "noise", "data_seed", "test_share", "split_seed", "seed", "learning_rate", "batch_size"]
BLOBS = dataclasses.replace(SMALL, dataset="blobs", classes=3)


@pytest.fixture
def panel(show: Show, stage: Stage) -> ExperimentPanel:
    made = ExperimentPanel(stage.model)
    show(made, 260, 900)
    stage.prepare()
    stage.commands.given.clear()
    return made


def changed(**values: Any) -> Experiment:
    return dataclasses.replace(SMALL, **values)


def number(panel: ExperimentPanel, name: str) -> NumberField:
    field = panel.fields[name]
    assert isinstance(field, NumberField)
    return field


def enter(panel: ExperimentPanel, name: str, text: str) -> None:
    """Type a value into a field."""
    retype(number(panel, name).editor, text)


def pick(combo: QComboBox, word: str) -> None:
    """Choose an item of a combo box with the keyboard."""
    combo.setFocus()
    combo.setCurrentIndex(0)
    target = combo.findData(word)
    assert target >= 0, word
    for _ in range(target):
        press(combo, Qt.Key.Key_Down)
    if target == 0:
        press(combo, Qt.Key.Key_Down)
        press(combo, Qt.Key.Key_Up)


def choose(panel: ExperimentPanel, name: str, word: str) -> None:
    field = panel.fields[name]
    assert isinstance(field, ChoiceField)
    pick(field.editor, word)


def is_marked(panel: ExperimentPanel, name: str) -> bool:
    return bool(number(panel, name).editor.property("wrong") == "true")


def remover(panel: ExperimentPanel, row: int) -> QToolButton:
    (button,) = panel.layers.rows[row].findChildren(QToolButton)
    return button


def hidden(panel: ExperimentPanel) -> tuple[object, ...]:
    return panel.draft().hidden


# Contents


def test_every_field_shows_the_current_experiment(panel: ExperimentPanel, stage: Stage) -> None:
    other = Experiment(
        samples=123, noise=0.1, hidden=(3, 2), activations=("relu", "tanh", "none"), seed=7, learning_rate=0.125,
        shuffle=True, train_biases=False, batch_size=8, initializer="he", test_share=0.4,
    )  # fmt: skip
    for experiment in (SMALL, other, BLOBS):
        stage.prepare(experiment)
        assert panel.draft() == experiment
        assert not panel.notice.isVisible()


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-12, 123456.75, 5.0, 0, 7, 2**32 - 1, 0.1234567890123456])
def test_a_number_is_parsed_back_to_itself(value: float) -> None:
    assert read_number(write_number(value)) == value


@pytest.mark.parametrize(("value", "text"), [(0.01, "0.01"), (5.0, "5"), (2000, "2000"), (1e-7, "1e-07")])
def test_a_number_has_its_shortest_text(value: float, text: str) -> None:
    assert write_number(value) == text


# Invalid values


@pytest.mark.parametrize("name", NUMBERS)
def test_an_invalid_value_is_marked_with_a_reason_and_the_experiment_stays(
    panel: ExperimentPanel, stage: Stage, name: str
) -> None:
    for text in BAD:
        enter(panel, name, text)
        assert is_marked(panel, name), text
        assert number(panel, name)._reason.isVisible()
        assert "must be" in number(panel, name).problem()
        assert len(number(panel, name).problem()) < 130
    assert stage.commands.given == []
    assert stage.model.experiment == SMALL


@pytest.mark.parametrize("name", ZERO)
def test_zero_is_invalid_where_it_has_no_meaning(panel: ExperimentPanel, stage: Stage, name: str) -> None:
    enter(panel, name, "0")
    assert is_marked(panel, name)
    assert stage.commands.given == []


@pytest.mark.parametrize("name", NUMBERS)
def test_a_corrected_value_is_no_longer_marked(panel: ExperimentPanel, name: str) -> None:
    enter(panel, name, "many")
    enter(panel, name, write_number(getattr(SMALL, name)))
    assert not is_marked(panel, name)
    assert number(panel, name).problem() == ""
    assert not number(panel, name)._reason.isVisible()
    assert not panel.notice.isVisible()


def test_a_value_is_validated_when_its_field_loses_the_focus(panel: ExperimentPanel) -> None:
    editor = number(panel, "samples").editor
    panel.activateWindow()
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "no")
    assert not is_marked(panel, "samples")  # not during typing
    press(editor, Qt.Key.Key_Tab)
    assert is_marked(panel, "samples")


def test_with_an_invalid_value_no_network_can_be_created(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "samples", "50")
    assert panel.apply.isEnabled()
    enter(panel, "noise", "-1")
    assert not panel.apply.isEnabled()
    assert "Correct the marked values" in panel._warning.text()
    click(panel.apply)
    assert stage.commands.given == []


@pytest.mark.parametrize("text", ["", "wide", "0", "-3", "2.5", "99999999", "nan"])
def test_an_invalid_width_is_marked_at_its_layer(panel: ExperimentPanel, stage: Stage, text: str) -> None:
    retype(panel.layers.rows[1].width_editor, text)
    assert [row.width_editor.property("wrong") for row in panel.layers.rows] == ["false", "true"]
    assert "entry 2: must be a whole number" in panel.layers.problem()
    assert not panel.apply.isEnabled()
    assert stage.commands.given == []


def test_a_loss_that_does_not_fit_the_output_is_marked(panel: ExperimentPanel) -> None:
    pick(panel.layers.output.activation, "relu")
    choose(panel, "loss", "cross_entropy")
    assert "cross_entropy needs sigmoid or softmax" in panel.fields["loss"].problem()
    pick(panel.layers.output.activation, "softmax")
    assert panel.fields["loss"].problem() == ""


def test_the_leak_is_asked_for_where_a_layer_is_leaky(panel: ExperimentPanel, stage: Stage) -> None:
    assert not panel.fields["leak"].isVisible()
    pick(panel.layers.rows[0].activation, "leaky_relu")
    assert panel.fields["leak"].isVisible()
    enter(panel, "leak", "0")
    assert "Leak must be a number greater than 0" in panel.fields["leak"].problem()
    enter(panel, "leak", "0.2")
    click(panel.apply)
    assert stage.commands.of(Load)[-1].leak == 0.2


def test_only_the_output_can_be_softmax(panel: ExperimentPanel) -> None:
    assert panel.layers.output.activation.findData("softmax") >= 0
    assert all(row.activation.findData("softmax") < 0 for row in panel.layers.rows)


# Hyperparameters


@pytest.mark.parametrize(("name", "text", "value"), [("learning_rate", "0.5", 0.5), ("batch_size", "4", 4)])
def test_a_hyperparameter_changes_at_once_without_a_new_network(
    panel: ExperimentPanel, stage: Stage, name: str, text: str, value: object
) -> None:
    enter(panel, name, text)
    assert stage.commands.given == [ChangeHyperparameters(changed(**{name: value}))]
    assert not panel.notice.isVisible()


@pytest.mark.parametrize("name", ["shuffle", "train_biases"])
def test_a_check_box_of_a_hyperparameter_changes_it_at_once(panel: ExperimentPanel, stage: Stage, name: str) -> None:
    field = panel.fields[name]
    assert isinstance(field, SwitchField)
    click(field.editor, QPoint(6, field.editor.height() // 2))
    assert stage.commands.given == [ChangeHyperparameters(changed(**{name: not getattr(SMALL, name)}))]


def test_an_unchanged_hyperparameter_sends_no_command(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "learning_rate", "0.10")
    assert stage.commands.given == []


def test_a_hyperparameter_changes_although_other_values_are_invalid(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "samples", "many")
    enter(panel, "seed", "5")
    enter(panel, "learning_rate", "0.5")
    assert stage.commands.given == [ChangeHyperparameters(changed(learning_rate=0.5))]
    assert (number(panel, "samples").editor.text(), number(panel, "seed").editor.text()) == ("many", "5")


def test_an_invalid_hyperparameter_stays_while_another_changes(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "learning_rate", "fast")
    enter(panel, "batch_size", "4")
    assert stage.commands.given == [ChangeHyperparameters(changed(batch_size=4))]
    assert number(panel, "learning_rate").editor.text() == "fast"
    assert is_marked(panel, "learning_rate")


def test_every_hyperparameter_field_is_in_live(panel: ExperimentPanel) -> None:
    at_once = {"learning_rate", "batch_size", "shuffle", "train_biases", "weight_decay"}
    coefficients = {"momentum", "beta1", "beta2", "epsilon"}
    assert panel.fields.keys() & LIVE == at_once | coefficients | set(SCHEDULE)


def test_the_last_epoch_is_set_in_the_tool_bar(panel: ExperimentPanel, stage: Stage) -> None:
    stage.model.stop_after(77)
    enter(panel, "learning_rate", "0.5")
    assert stage.commands.of(ChangeHyperparameters)[-1] == changed(learning_rate=0.5, epochs=77)


# Changes that need a new network


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("samples", "50", 50), ("noise", "0.3", 0.3), ("seed", "9", 9), ("test_share", ".5", 0.5)],
)
def test_a_structural_number_needs_a_new_network(
    panel: ExperimentPanel, stage: Stage, name: str, text: str, value: object
) -> None:
    enter(panel, name, text)
    assert stage.commands.given == []
    assert panel.notice.isVisible()
    assert "needs a new network" in panel._warning.text()
    click(panel.apply)
    assert stage.commands.given == [Load(changed(**{name: value}))]


@pytest.mark.parametrize(
    ("name", "word"), [("dataset", "circles"), ("initializer", "xavier"), ("loss", "cross_entropy")]
)
def test_a_structural_choice_needs_a_new_network(panel: ExperimentPanel, stage: Stage, name: str, word: str) -> None:
    choose(panel, name, word)
    assert stage.commands.given == []
    click(panel.apply)
    assert stage.commands.given == [Load(changed(**{name: word}))]


def test_the_notice_names_the_current_epoch(panel: ExperimentPanel, stage: Stage) -> None:
    stage.train(3)
    enter(panel, "seed", "5")
    assert "the current one at epoch 3 stays in use" in panel._warning.text()


def test_the_notice_disappears_when_the_new_network_is_ready(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "seed", "5")
    click(panel.apply)
    assert panel.notice.isVisible()  # it is being created
    stage.prepare(changed(seed=5))
    assert not panel.notice.isVisible()
    assert number(panel, "seed").editor.text() == "5"


def test_undo_restores_the_current_network(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "seed", "5")
    enter(panel, "samples", "many")
    choose(panel, "dataset", "blobs")
    click(panel.layers.add)
    click(panel.revert)
    assert panel.draft() == SMALL
    assert not panel.notice.isVisible()
    assert not is_marked(panel, "samples")
    assert stage.commands.given == []


def test_typing_the_old_value_hides_the_notice(panel: ExperimentPanel) -> None:
    enter(panel, "seed", "5")
    enter(panel, "seed", "0")
    assert not panel.notice.isVisible()


def test_a_reset_keeps_edited_values(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "seed", "5")
    enter(panel, "samples", "many")
    stage.prepare(SMALL)
    assert (number(panel, "seed").editor.text(), number(panel, "samples").editor.text()) == ("5", "many")
    assert panel.notice.isVisible()
    assert is_marked(panel, "samples")


def test_another_experiment_replaces_edited_values(panel: ExperimentPanel, stage: Stage) -> None:
    enter(panel, "seed", "5")
    stage.prepare(BLOBS)
    assert panel.draft() == BLOBS
    assert not panel.notice.isVisible()


# Layers


def test_a_layer_is_added_before_the_output(panel: ExperimentPanel, stage: Stage) -> None:
    click(panel.layers.add)
    assert hidden(panel) == (4, 3, 8)
    assert panel.draft().activations == ("sigmoid", "tanh", "tanh", "sigmoid")
    click(panel.apply)
    assert stage.commands.of(Load) == [panel.draft()]


def test_any_layer_can_be_removed(panel: ExperimentPanel) -> None:
    click(remover(panel, 0))
    assert hidden(panel) == (3,)
    assert panel.draft().activations == ("tanh", "sigmoid")
    click(remover(panel, 0))
    assert hidden(panel) == ()
    assert panel.draft().problems() == {}
    click(panel.layers.add)
    assert hidden(panel) == (8,)


def test_removing_a_layer_keeps_the_values_of_the_others(panel: ExperimentPanel) -> None:
    retype(panel.layers.rows[1].width_editor, "wide")
    click(remover(panel, 0))
    assert hidden(panel) == ("wide",)
    assert panel.layers.problem()


def test_width_and_activation_of_a_layer_can_be_changed(panel: ExperimentPanel, stage: Stage) -> None:
    retype(panel.layers.rows[0].width_editor, "12")
    pick(panel.layers.rows[0].activation, "relu")
    click(panel.apply)
    expected = changed(hidden=(12, 3), activations=("relu", "tanh", "sigmoid"))
    assert stage.commands.given == [Load(expected)]


def test_too_many_layers_are_refused_with_a_reason(panel: ExperimentPanel) -> None:
    for _ in range(7):
        click(panel.layers.add)
    assert "at most 8" in panel.layers.problem()
    assert not panel.apply.isEnabled()
    click(remover(panel, 0))
    assert panel.layers.problem() == ""
    assert panel.apply.isEnabled()


# Classes


def test_only_blobs_have_classes_to_choose_and_the_output_follows(panel: ExperimentPanel, stage: Stage) -> None:
    output = panel.layers.output.width_editor
    assert not panel.fields["classes"].isVisible()
    choose(panel, "dataset", "blobs")
    assert panel.fields["classes"].isVisible()
    enter(panel, "classes", "5")
    assert output.text() == "5"
    assert not output.isEnabled()
    click(panel.apply)
    assert stage.commands.given == [Load(changed(dataset="blobs", classes=5))]


@pytest.mark.parametrize("text", ["", "1", "7", "some", "nan"])
def test_an_invalid_number_of_classes_is_marked_and_not_used_as_a_width(panel: ExperimentPanel, text: str) -> None:
    choose(panel, "dataset", "blobs")
    enter(panel, "classes", text)
    assert is_marked(panel, "classes")
    assert panel.layers.output.width_editor.text() == "2"
    assert not panel.apply.isEnabled()


def test_a_dataset_of_two_classes_discards_an_invalid_number_of_classes(panel: ExperimentPanel) -> None:
    choose(panel, "dataset", "blobs")
    enter(panel, "classes", "some")
    choose(panel, "dataset", "xor")
    assert panel.draft().classes == 2
    assert panel.layers.output.width_editor.text() == "2"
    assert panel.apply.isEnabled()

"""The form of an experiment says what each of its fields and options does."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.datasets import DATASETS
from bpviz.core.initializers import NAMES
from bpviz.core.losses import LOSSES
from bpviz.core.scaling import SCALES
from bpviz.session.experiment.given_parameters import GIVEN
from bpviz.ui.training import option_lines
from bpviz.ui.training.experiment_panel import ExperimentPanel
from bpviz.ui.widgets.form_fields import FieldLabel
from tests.ui.stage import Stage

LONGEST = 90


@pytest.fixture
def panel(stage: Stage) -> ExperimentPanel:
    return ExperimentPanel(stage.model)


def test_every_option_that_there_is_has_a_line() -> None:
    assert option_lines.DATASETS.keys() == DATASETS.keys()
    assert set(option_lines.INITIALIZERS) == {*NAMES, GIVEN}
    assert set(option_lines.LOSSES) == set(LOSSES)
    assert option_lines.SCALES.keys() == set(SCALES)
    assert option_lines.ACTIVATIONS.keys() == ACTIVATIONS.keys()


def test_every_option_in_the_form_says_what_it_does_in_its_list(panel: ExperimentPanel) -> None:
    combos = panel.findChildren(QComboBox)
    assert len(combos) == 6 + len(panel.layers.rows) + 1
    for combo in combos:
        for index in range(combo.count()):
            line = combo.itemData(index, Qt.ItemDataRole.AccessibleDescriptionRole)
            assert 0 < len(line) <= LONGEST


def test_every_field_says_what_it_is_where_the_pointer_is(panel: ExperimentPanel) -> None:
    labels = [label for label in panel.findChildren(FieldLabel) if label.buddy()]
    assert len(labels) == len(panel.fields)
    for widget in (*labels, *panel.findChildren(QLineEdit), *panel.findChildren(QComboBox)):
        assert isinstance(widget, QLabel | QLineEdit | QComboBox)
        assert len(widget.toolTip()) > 10

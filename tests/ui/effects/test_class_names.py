"""Effects and ledgers name classes as the data do, and leave them out where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from bpviz.session.effects.ledger import Ledger, ledger_in_pieces
from bpviz.session.experiment.presets import load_preset
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.training import Training
from bpviz.ui.effects.effect_panel import EffectPanel
from bpviz.ui.effects.effect_table import CLASS
from bpviz.ui.effects.ledger_columns import ledger_columns
from tests.ui.conftest import Show
from tests.ui.effects.measured import answer
from tests.ui.stage import Stage

IRIS, SINE = load_preset("iris").experiment, load_preset("sine").experiment


@pytest.fixture
def panel(stage: Stage, show: Show) -> EffectPanel:
    made = EffectPanel(stage.model)
    show(made, 900, 400)
    return made


def test_the_lists_have_the_names_of_the_classes(panel: EffectPanel, stage: Stage) -> None:
    stage.prepare(IRIS)
    stage.step()
    effect, split = answer(stage), stage.training.split
    samples = effect.samples[[row.number for row in panel.hurt.rows]]
    names = [split.class_names[label] for label in split.labels_train[samples]]
    assert [panel.hurt.text(row, CLASS) for row in range(panel.hurt.rowCount())] == names
    assert not panel.hurt_view.isColumnHidden(CLASS)
    room = panel.hurt_view.columnWidth(CLASS)
    assert room >= max(map(panel.fontMetrics().horizontalAdvance, split.class_names))
    assert f"sample {samples[0]} of {names[0]}, " in panel.hurt.tip(0, CLASS)
    assert panel.shown.describe(0).startswith(f"Sample {effect.samples[0]} of {split.class_name(effect.samples[0])}: ")


def test_a_regression_has_no_column_of_classes(panel: EffectPanel, stage: Stage) -> None:
    stage.prepare(SINE)
    stage.step()
    effect = answer(stage)
    assert panel.hurt_view.isColumnHidden(CLASS)
    assert panel.helped_view.isColumnHidden(CLASS)
    assert panel.shown.describe(0).startswith(f"Sample {effect.samples[0]}: loss ")
    stage.prepare(IRIS)
    assert not panel.hurt_view.isColumnHidden(CLASS)


def ledger(training: Training) -> Ledger:
    stepper = Stepper(training)
    stepper.step("epoch")
    (*_, made) = ledger_in_pieces(stepper, 0)
    assert isinstance(made, Ledger)
    return made


def test_a_ledger_has_the_names_of_the_classes() -> None:
    training = Training(IRIS)
    made, split = ledger(training), training.split
    (column,) = [each for each in ledger_columns(made, split) if each.title == "Class"]
    labels = [split.labels_train[samples[0]] for samples in made.samples]
    assert [column.text(row) for row in range(made.n_rows)] == [split.class_names[label] for label in labels]
    np.testing.assert_array_equal(column.values, labels)
    assert column.widest == "versicolor"


@pytest.mark.slow
def test_the_ledger_of_a_regression_has_no_column_of_classes() -> None:
    training = Training(SINE)
    assert "Class" not in [each.title for each in ledger_columns(ledger(training), training.split)]

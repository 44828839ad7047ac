"""Effects that are measured for the tests of the panel, and what the panel shows of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF

from bpviz.core.arrays import Array
from bpviz.session.effects.effect import Effect, Movers, effect_of_epoch, effect_of_update, movers_in_pieces
from bpviz.session.walkthrough.operations import operations
from bpviz.ui.effects.effect_panel import EffectPanel, Mode
from bpviz.ui.effects.effect_table import SAMPLE
from tests.session.effects.by_hand import trained
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import lay_out_and_paint

READY = len(operations(3)) - 3


def open_panel(stage: Stage, show: Show) -> EffectPanel:
    """Show the panel after three epochs."""
    made = EffectPanel(stage.model)
    show(made, 640, 340)
    stage.prepare()
    stage.tell_timeline()
    stage.train(3)
    stage.frame()
    return made


def choose(panel: EffectPanel, mode: Mode) -> None:
    panel.mode.setCurrentText(mode)


def answer(stage: Stage) -> Effect:
    """Measure the current update, and tell it."""
    update, prepared = stage.model.current_update, stage.model.prepared
    assert update is not None
    assert prepared is not None
    effect = list(effect_of_update(update, prepared.split, prepared.shown.train))[-1]
    assert effect is not None
    stage.tell(effect)
    return effect


def answer_epoch(stage: Stage, epoch: int) -> Effect:
    assert stage.model.prepared is not None
    made = list(effect_of_epoch(trained().copy(), epoch, stage.model.prepared.shown.train))[-1]
    assert made is not None
    stage.tell(made)
    return made


def answer_movers(stage: Stage, epoch: int, sample: int) -> Movers:
    made = list(movers_in_pieces(trained().copy(), epoch, sample))[-1]
    assert made is not None
    stage.tell(made)
    return made


def shown_samples(panel: EffectPanel) -> list[int]:
    assert panel.model.prepared is not None
    return [int(sample) for sample in panel.model.prepared.shown.train]


def place_of(panel: EffectPanel, sample: int) -> QPointF:
    """Return where a sample is in the scene of the plot."""
    lay_out_and_paint(panel)
    x, y = panel.plot.points.places[shown_samples(panel).index(sample)]
    return QPointF(panel.plot.plot.getPlotItem().vb.mapViewToScene(QPointF(x, y)))


def listed(panel: EffectPanel) -> list[int]:
    """Return the samples in the two lists, those that are hurt first."""
    tables = panel.hurt, panel.helped
    return [int(table.text(row, SAMPLE)) for table in tables for row in range(table.rowCount())]


def largest(changes: Array, samples: list[int]) -> list[int]:
    """Return the ten samples that are hurt most, then the ten that are helped most."""
    order = sorted(range(len(changes)), key=lambda row: -changes[row])
    hurt = [row for row in order if changes[row] > 0][:10]
    helped = [row for row in order[::-1] if changes[row] < 0][:10]
    return [samples[row] for row in (*hurt, *helped)]


def drawn_colours(panel: EffectPanel) -> dict[int, tuple[int, int, int]]:
    """Return the colour in which each sample is drawn."""
    places, samples = panel.plot.points.places, shown_samples(panel)
    found = {}
    for item in panel.plot.points.spots:
        brush = item.opts["brush"].color()
        for x, y in zip(item.data["x"], item.data["y"], strict=True):
            row = int(np.flatnonzero((places[:, 0] == x) & (places[:, 1] == y))[0])
            found[samples[row]] = (brush.red(), brush.green(), brush.blue())
    return found

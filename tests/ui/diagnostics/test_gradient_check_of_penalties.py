"""Gradient check of an experiment whose weights are penalised."""

import dataclasses

from bpviz.session.diagnostics.gradient_check import check_in_pieces
from bpviz.session.walkthrough.traced_update import network_of
from bpviz.ui.diagnostics.gradient_check_panel import GradientCheckPanel
from tests.ui.conftest import Show
from tests.ui.stage import Stage


def test_a_penalty_is_in_the_check_and_the_caption_says_so(show: Show, stage: Stage) -> None:
    panel = GradientCheckPanel(stage.model)
    show(panel, 700, 420)
    stage.prepare(dataclasses.replace(stage.model.experiment, l1=0.01, l2=0.3, clip_norm=1.0, optimiser="adam"))
    update = stage.show_update(4)
    checked = stage.check()
    assert checked.is_of(update)
    assert "✓ Right" in panel.verdict.text()
    assert panel.verdict.text().endswith("Clipping and the moments of Adam are not checked: they are no gradients.")
    assert "gradients of L + 0.01 ∑|W| + 0.3/2 ∑W² · epoch 0" in panel.readout.text()
    bare = check_in_pieces(network_of(update), update.trace, update.samples, update.position, 1e-5)
    assert not next(found for found in bare if found).is_of(update)

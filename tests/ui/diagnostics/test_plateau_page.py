"""The page "Plateau" of the Explain panel, and of which samples the panel speaks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest

from bpviz.session.diagnostics.plateau import PlateauReport, report_in_pieces
from bpviz.session.diagnostics.plateau_words import findings, summary
from bpviz.session.engine.commands import ExplainPlateau
from bpviz.session.engine.events import Failed, State
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.ui.diagnostics.explain_panel import ExplainPanel
from bpviz.ui.network.network_panel import NetworkPanel
from bpviz.ui.style.theme import DARK, LIGHT
from bpviz.ui.window.main_window import MainWindow
from tests.ui.conftest import Show
from tests.ui.stage import Stage
from tests.ui.user_input import click, lay_out_and_paint

BACK = operations(3).index(Operation("delta", 1)) + 1


@pytest.fixture
def panel(show: Show, stage: Stage) -> ExplainPanel:
    made = ExplainPanel(stage.model)
    show(made, 700, 420)
    return made


def tell_report(stage: Stage) -> PlateauReport:
    training, losses = stage.training, stage.model.epochs.column("mse_train").copy()
    x, y = training.split.X_train, training.split.y_train
    pieces = list(report_in_pieces(training.network, x, y, losses, training.position, len(x)))
    report = pieces[-1]
    assert report is not None
    stage.tell(report)
    return report


def asked(stage: Stage) -> int:
    return len(stage.commands.of(ExplainPlateau))


def test_it_shows_the_summary_and_every_finding_with_a_link(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    click(panel.plateau)
    assert asked(stage) == 1
    report = tell_report(stage)
    assert panel.plateau_page.isVisible()
    assert panel.verdict.text() == summary(report)
    assert panel.caption() == "all 28 training samples · epoch 3"
    text, html = panel.plateau_page.toPlainText().replace("\xa0", " "), panel.plateau_page.toHtml()
    for finding in findings(report):
        assert finding.sentence in text
        assert f'href="{finding.panel}' in html


def test_a_click_on_a_link_shows_the_panel(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.train(3)
    docks = main_window.docks
    docks.explain.bring_to_front()
    panel = docks.explain.panel
    panel.plateau.setChecked(True)
    tell_report(stage)
    docks.curves.hide()
    page = panel.plateau_page
    lay_out_and_paint(page)
    page.scrollToAnchor("")
    found = [
        QPoint(x, y)
        for y in range(2, page.viewport().height(), 6)
        for x in range(2, page.viewport().width(), 6)
        if page.anchorAt(QPoint(x, y)) == "curves"
    ]
    QTest.mouseClick(page.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, found[0])
    assert not docks.curves.isHidden()


def test_the_link_to_hidden_space_chooses_the_layer_whose_outputs_differ_least(
    main_window: MainWindow, stage: Stage
) -> None:
    stage.prepare()
    stage.train(3)
    main_window.docks.explain.bring_to_front()
    panel, hidden = main_window.docks.explain.panel, main_window.docks.hidden_space.panel
    panel.plateau.setChecked(True)
    report = tell_report(stage)
    least = min(report.layers, key=lambda state: state.difference).layer
    hidden.layer.setCurrentIndex(0)
    assert f'href="hidden_space {least}"' in panel.plateau_page.toHtml()
    panel.plateau_page.anchorClicked.emit(QUrl(f"hidden_space {least}"))
    assert not main_window.docks.hidden_space.isHidden()
    assert hidden.layer.currentIndex() == least


@pytest.mark.slow
@pytest.mark.parametrize("key", ["curves", "surface", "hidden_space", "network", "deltas", "weights"])
def test_every_link_leads_to_a_panel(main_window: MainWindow, key: str) -> None:
    main_window.docks.bring_to_front(key)
    assert not main_window.docks.all[[dock.objectName() for dock in main_window.docks.all].index(key)].isHidden()


def test_a_report_is_requested_for_every_frame_but_one_at_a_time(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    assert asked(stage) == 0
    click(panel.plateau)
    stage.train(1)
    stage.frame()
    stage.frame()
    assert asked(stage) == 1
    tell_report(stage)
    assert asked(stage) == 2
    tell_report(stage)
    assert asked(stage) == 2


def test_while_training_runs_reports_are_spaced_out(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.plateau)
    tell_report(stage)
    stage.become(State.RUNNING)
    before = asked(stage)
    for _ in range(3):
        stage.frame()
        stage.model.paint_queue.finish()
        tell_report(stage)
    assert asked(stage) == before + 1
    panel._report_timer.timeout.emit()
    panel._report_timer.stop()


def test_after_a_failure_it_can_be_asked_again(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.plateau)
    stage.tell(Failed("There is no network yet."))
    stage.frame()
    assert asked(stage) == 2


def test_a_hidden_page_asks_for_nothing(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.plateau)
    tell_report(stage)
    panel.hide()
    stage.frame()
    assert asked(stage) == 1
    panel.show()
    assert asked(stage) == 2


def test_layers_and_plateau_exclude_each_other(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    stage.frame()
    stage.show_update(BACK)
    stage.model.select(layer=1, neuron=0)
    click(panel.plateau)
    click(panel.layers)
    assert (panel.layers.isChecked(), panel.plateau.isChecked()) == (True, False)
    assert panel.layer_table.isVisible()
    click(panel.plateau)
    assert (panel.layers.isChecked(), panel.plateau.isChecked()) == (False, True)
    click(panel.plateau)
    assert panel.tree.isVisible()


def test_another_network_forgets_the_report(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.plateau)
    tell_report(stage)
    stage.prepare()
    assert panel.plateau_page.toPlainText() == ""
    assert asked(stage) == 2


def test_it_has_the_colours_of_the_theme(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    click(panel.plateau)
    tell_report(stage)
    assert LIGHT.accent.lower() in panel.plateau_page.toHtml().lower()
    stage.model.set_theme(DARK)
    assert DARK.accent.lower() in panel.plateau_page.toHtml().lower()


# Which samples


def sources(explain: ExplainPanel, network: NetworkPanel) -> tuple[str, str]:
    """Return of which samples the two panels say that they speak."""
    return explain.caption().partition(" · ")[2], network.readout.text().partition(":")[0].lower()


def test_the_network_and_the_explanation_speak_of_the_same_samples(
    panel: ExplainPanel, show: Show, stage: Stage
) -> None:
    network = NetworkPanel(stage.model)
    show(network, 700, 400)
    stage.prepare()
    stage.frame()
    assert sources(panel, network) == ("28 samples", "28 samples")
    stage.show_update(0)
    assert sources(panel, network) == ("28 samples", "28 samples")
    sample = f"sample {stage.show_update(BACK).samples[0]}"
    assert sources(panel, network) == (sample, sample)
    stage.show_update(0)
    stage.model.select(layer=1, neuron=0)
    assert sources(panel, network)[1] == sample
    assert sample in panel.caption()


def test_without_an_update_all_samples_are_compared_layer_by_layer(panel: ExplainPanel, stage: Stage) -> None:
    stage.prepare()
    frame = stage.frame()
    assert panel.layer_table.isVisible()
    assert panel.verdict.text().startswith("28 samples: delta ")
    stories = panel.layer_table._table.stories
    assert [story.layer for story in stories] == [3, 2, 1]
    assert [story.rms for story in stories] == list(frame.delta_rms[::-1])

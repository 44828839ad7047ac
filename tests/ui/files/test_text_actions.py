"""Copying formulas and the network for LaTeX."""

from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from bpviz.ui.window.main_window import MainWindow
from tests.ui.stage import Stage


def copied(window: MainWindow, command: str) -> str:
    window.actions_[command].trigger()
    return QApplication.clipboard().text()


def test_the_formula_of_the_selected_neuron_is_copied(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    stage.show_update(1)
    stage.model.select(layer=1, neuron=2)
    text = copied(main_window, "copy_latex")
    assert text.startswith("\\[\n\\begin{aligned}\nz^{(1)}_{j} &= \\sum")
    assert "\nz_{2} &= " in text


def test_all_operations_are_copied_as_a_document(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    update = stage.show_update(3)
    text = copied(main_window, "copy_update_latex")
    assert text.count(r"\subsection*") == len(update.operations)


def test_without_an_update_or_a_network_a_sentence_says_so(main_window: MainWindow) -> None:
    QApplication.clipboard().setText("mine")
    for command, sentence in (("copy_latex", "There is no operation"), ("copy_tikz", "There is no network to draw")):
        assert copied(main_window, command) == "mine"
        assert main_window.notice.sentence.text().startswith(sentence)


def test_the_network_on_screen_is_copied_and_saved(main_window: MainWindow, stage: Stage, tmp_path: Path) -> None:
    stage.prepare()
    stage.frame()
    text = copied(main_window, "copy_tikz")
    weights = stage.training.network.layers[0].weights
    assert text.count(r"\node[neuron]") == sum(stage.training.experiment.sizes)
    assert text.count("positive, line") >= (weights > 0).sum()
    main_window.actions_["save_tikz"].trigger()
    (dialog,) = main_window.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "network.tex"))
    dialog.close()
    assert (tmp_path / "network.tex").read_text(encoding="utf-8") == text


def test_the_menus_of_formula_and_network_have_their_own_entries(main_window: MainWindow, stage: Stage) -> None:
    stage.prepare()
    for dock, name in ((main_window.docks.formula, "copy_latex"), (main_window.docks.network, "copy_tikz")):
        main_window.exports.open_panel_menu(dock, QPoint())
        menu = main_window.findChildren(QMenu, "panel")[-1]
        assert main_window.actions_[name] in menu.actions()
        menu.close()

"""The view of a page: theme, text size, links and code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QFontInfo, QTextFragment
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bpviz.ui.help.page_view import PageView
from bpviz.ui.style import theme
from bpviz.ui.style.theme import DARK, LIGHT, MONOSPACE
from tests.ui.user_input import press

TEXT = "# Title\n\nA [link](help:deltas), and `a = f(z)`.\n\n| Name | Meaning |\n|---|---|\n| slope | f′(z) |\n"


@pytest.fixture
def view(qtbot: QtBot) -> PageView:
    made = PageView(LIGHT)
    qtbot.addWidget(made)
    made.show_page(TEXT)
    made.resize(400, 300)
    made.show()
    return made


def fragments(view: PageView) -> Iterator[QTextFragment]:
    block = view.document().begin()
    while block.isValid():
        piece = block.begin()
        while not piece.atEnd():
            yield piece.fragment()
            piece += 1
        block = block.next()


def colour_of_link(view: PageView) -> QColor:
    (link,) = (each for each in fragments(view) if each.charFormat().isAnchor())
    return link.charFormat().foreground().color()


def test_links_follow_the_theme(view: PageView, qapp: QApplication) -> None:
    assert colour_of_link(view) == QColor(LIGHT.accent)
    theme.apply(qapp, DARK)
    view.set_theme(DARK)
    assert colour_of_link(view) == QColor(DARK.accent)


def test_text_follows_the_text_size(view: PageView, qapp: QApplication) -> None:
    before = view.document().size().height()
    theme.apply(qapp, LIGHT, 1.5)
    assert view.document().size().height() > 1.3 * before


def test_a_link_is_followed_with_the_keyboard(view: PageView, qtbot: QtBot) -> None:
    view.setFocus()
    with qtbot.waitSignal(view.followed) as followed:
        press(view, Qt.Key.Key_Tab)
        press(view, Qt.Key.Key_Return)
    assert followed.args == ["deltas"]


def test_a_link_that_is_clicked_is_followed(view: PageView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.followed) as followed:
        view.anchorClicked.emit(QUrl("help:conventions"))
    assert followed.args == ["conventions"]


def test_code_is_in_the_bundled_font_and_in_one_line(view: PageView) -> None:
    (code,) = (each for each in fragments(view) if each.charFormat().fontFixedPitch())
    assert code.text().split(" ") == [code.text()]
    assert QFontInfo(code.charFormat().font()).family() == MONOSPACE

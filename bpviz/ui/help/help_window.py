"""The help window: contents on the left, and the chosen page on the right."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from bpviz.language import N_, _
from bpviz.ui.help.page_view import PageView
from bpviz.ui.help.pages import SHORTCUTS, TITLES, page_text, panel_text
from bpviz.ui.help.shortcut_sheet import ShortcutSheet
from bpviz.ui.style.theme import Theme

_PANELS = N_("What am I looking at?")
# Size of the window, in characters and lines.
_COLUMNS, _LINES = 112, 36


class HelpWindow(QDialog):
    """A non-modal window, so that a lecture can continue.

    Parameters
    ----------
    parent : QWidget
    panels : mapping of str to str
        Key and title of each panel.
    keys : mapping of str to str
        The shortcut of each action, for the texts.
    theme : Theme
    """

    def __init__(self, parent: QWidget, panels: Mapping[str, str], keys: Mapping[str, str], theme: Theme) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("bpviz help"))
        self._panels, self._keys = panels, keys
        self.contents, self.page, self.sheet = QListWidget(), PageView(theme), ShortcutSheet()
        self.contents.setAccessibleName(_("Contents of the help"))
        self.contents.setStyleSheet("QListView::item { padding: 3px 8px }")
        self.contents.setFrameShape(QFrame.Shape.NoFrame)
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fill_contents()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.page)
        self.pages.addWidget(self.sheet)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.contents)
        row.addWidget(self.pages, 1)
        self.contents.currentItemChanged.connect(self._open)
        self.page.followed.connect(self.show_page)
        self._fit()

    def _fill_contents(self) -> None:
        for name, title in TITLES.items():
            self._add(name, _(title))
        heading = QListWidgetItem(_(_PANELS), self.contents)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        for key, title in self._panels.items():
            self._add(key, title)

    def _add(self, name: str, title: str) -> None:
        QListWidgetItem(title, self.contents).setData(Qt.ItemDataRole.UserRole, name)

    def _fit(self) -> None:
        """Fit the contents and the window to the font."""
        metrics = self.fontMetrics()
        bar = self.contents.verticalScrollBar().sizeHint().width()
        self.contents.setFixedWidth(self.contents.sizeHintForColumn(0) + bar + metrics.averageCharWidth())
        wanted = QSize(_COLUMNS * metrics.averageCharWidth(), _LINES * metrics.lineSpacing())
        parent = self.parentWidget()
        self.resize(wanted.boundedTo(parent.size()) if parent else wanted)

    @Slot(object)
    def set_theme(self, theme: Theme) -> None:
        """Use the colours of a theme; its font may have another size."""
        self.page.set_theme(theme)
        self._fit()

    @Slot(str)
    def show_page(self, name: str) -> None:
        """Show a page: that of a panel by its key, or one of the others by its name."""
        for row in range(self.contents.count()):
            if self.contents.item(row).data(Qt.ItemDataRole.UserRole) == name:
                self.contents.setCurrentRow(row)

    def current_page(self) -> str:
        """Return the name of the page that is shown."""
        return str(self.contents.currentItem().data(Qt.ItemDataRole.UserRole))

    @Slot()
    def _open(self) -> None:
        name = self.current_page()
        if name == SHORTCUTS:
            self.pages.setCurrentWidget(self.sheet)
            return
        title = self._panels.get(name)
        self.page.show_page(page_text(name, self._keys) if title is None else panel_text(name, title, self._keys))
        self.pages.setCurrentWidget(self.page)

"""A bar below the tool bars that welcomes a new user in three steps, without blocking the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolBar, QToolButton

from bpviz.language import _
from bpviz.ui.help.pages import welcome_texts

#: The actions that each step offers as buttons.
STEPS = (("run", "pause"), ("step", "step_into"), ("help", "palette"))


class _Sentence(QLabel):
    """A text that is as high as its lines need: a tool bar asks for no height that depends on the width."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self.setTextFormat(Qt.TextFormat.MarkdownText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Return the height of the text at the present width."""
        return QSize(0, self.heightForWidth(max(self.width(), 1)))

    def minimumSizeHint(self) -> QSize:
        """Return the height of the text at the present width."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height if the width has changed."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class WelcomeBar(QToolBar):
    """Shows one step at a time, with buttons for what it speaks of.

    Parameters
    ----------
    actions : mapping of str to QAction
        All actions of the window.
    keys : mapping of str to str
        The shortcut of each action, for the texts.
    """

    def __init__(self, actions: Mapping[str, QAction], keys: Mapping[str, str]) -> None:
        super().__init__(_("Welcome"))
        self.setObjectName("welcome")
        self.setMovable(False)
        self.setProperty("role", "offer")
        self.setIconSize(QSize(18, 18))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggleViewAction().setVisible(False)
        self._texts, self.step = welcome_texts(keys), 0
        self._count = QLabel()
        self._count.setProperty("role", "caption")
        self.sentence = _Sentence()
        self.addWidget(self._count)
        self.addWidget(self.sentence)
        self.back = self._add(_("Back"), _("Show the step before"))
        self.next = self._add(_("Next"), _("Show the next step"))
        close = self._add(_("Close"), _("Close the welcome; Help shows it again"))
        self._offered = [[actions[name] for name in names] for names in STEPS]
        self.back.clicked.connect(self._go_back)
        self.next.clicked.connect(self._go_on)
        close.clicked.connect(self.hide)
        self._show_step()

    def _add(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        self.addWidget(button)
        return button

    def begin(self) -> None:
        """Show the first step."""
        self.step = 0
        self._show_step()
        self.show()

    @Slot()
    def _go_back(self) -> None:
        self.step -= 1
        self._show_step()

    @Slot()
    def _go_on(self) -> None:
        self.step += 1
        self._show_step()

    def _show_step(self) -> None:
        self._count.setText(_("{step} of {n_STEPS}").format(step=self.step + 1, n_STEPS=len(STEPS)))
        self.sentence.setText(self._texts[self.step])
        self.back.setEnabled(self.step > 0)
        self.next.setEnabled(self.step + 1 < len(STEPS))
        for actions in self._offered:
            self._take_out(actions)
        self.insertActions(self._place_of(self.back), self._offered[self.step])

    def _take_out(self, actions: Sequence[QAction]) -> None:
        for action in actions:
            self.removeAction(action)

    def _place_of(self, button: QToolButton) -> QAction:
        """Return the action that stands for a button in the bar."""
        return next(action for action in self.actions() if self.widgetForAction(action) is button)

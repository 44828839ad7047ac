"""The About dialog: the versions of bpviz and its dependencies, and licences."""

from __future__ import annotations

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.ui.style.icons import program_icon
from bpviz.ui.style.theme import GAP
from bpviz.versions import versions


class About(QDialog):
    """A non-modal dialog, so that a lecture can continue."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("About bpviz"))
        picture = QLabel()
        picture.setPixmap(program_icon().pixmap(48, 48))
        found = versions()
        title = QLabel(f"bpviz {found.pop('bpviz')}")
        title.setProperty("role", "title")
        parts = "\n".join(f"{name} {number}" for name, number in (found | {"Qt": qVersion()}).items())
        words = QLabel(
            _(
                "Shows backpropagation happening: train a small network, stop anywhere, look at any delta.\n\n"
                "{parts}\n\nMIT licence. Icons: Lucide, ISC licence. "
                "Fonts: Inter and Noto Sans SC, SIL Open Font License."
            ).format(parts=parts)
        )
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP)
        for widget in (picture, title, words, buttons):
            column.addWidget(widget)

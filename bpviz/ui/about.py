"""The window that says what bpviz is and which versions of it and of its parts run."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from bpviz import __version__
from bpviz.ui.icons import program_icon
from bpviz.ui.theme import GAP

_PARTS = ("numpy", "scikit-learn", "PySide6-Essentials", "pyqtgraph", "contourpy")


def versions() -> str:
    """Return one line for each part that bpviz stands on."""
    lines = [f"Python {platform.python_version()}, Qt {qVersion()}"]
    for part in _PARTS:
        try:
            lines.append(f"{part} {version(part)}")
        except PackageNotFoundError:
            lines.append(f"{part}, version unknown")
    return "\n".join(lines)


class About(QDialog):
    """Not modal: a lecture can go on behind it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("About bpviz")
        picture = QLabel()
        picture.setPixmap(program_icon().pixmap(48, 48))
        title = QLabel(f"bpviz {__version__}")
        title.setProperty("role", "title")
        words = QLabel(
            "Shows backpropagation happening: train a small network, stop anywhere, look at any delta.\n\n"
            f"{versions()}\n\nMIT licence. Icons: Lucide, ISC licence. Font: Inter, SIL Open Font License."
        )
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GAP, 2 * GAP, 3 * GAP, 2 * GAP)
        for widget in (picture, title, words, buttons):
            column.addWidget(widget)

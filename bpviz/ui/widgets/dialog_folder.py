"""The folder in which file dialogs open: the one used last, or else the user's documents."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths
from PySide6.QtWidgets import QFileDialog

_KEY = "folder"


def start_folder() -> str:
    """Return the folder that a dialog used last if it still exists, or else that of the user's documents."""
    last = QSettings().value(_KEY, "", type=str)
    if isinstance(last, str) and last and Path(last).is_dir():
        return last
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return documents if Path(documents).is_dir() else str(Path.home())


def start_path(name: str) -> str:
    """Return a proposed file name within that folder; a name with a folder of its own stays as it is."""
    return name if Path(name).is_absolute() else str(Path(start_folder(), name))


def remember_folder(dialog: QFileDialog) -> None:
    """Let the next dialog open in the folder of the file that is chosen in this one."""
    dialog.fileSelected.connect(_remember)


def _remember(chosen: str) -> None:
    QSettings().setValue(_KEY, str(Path(chosen).parent))

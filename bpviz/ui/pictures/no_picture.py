"""What the panel shows while the inputs are no picture, and the button that makes them one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.pictures.shape import square_of

_NO_NETWORK = N_("Choose an experiment first.")
_NO_PICTURE = N_("The inputs of these data are no picture: choose the preset Digits.")
_COULD_BE = N_("The inputs of this table may be the pixels of a picture, row after row.")


class NoPicture(QWidget):
    """Says why there is no picture.

    Signals
    -------
    square_wanted
        The inputs are to be shown as a square picture.
    """

    square_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.text = QLabel(_(_NO_NETWORK), wordWrap=True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.text.setProperty("role", "caption")
        self.square = QPushButton()
        self.square.hide()
        self.square.clicked.connect(self.square_wanted)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.text)
        column.addWidget(self.square, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def explain(self, experiment: Experiment) -> None:
        """Say what can be done for the data of an experiment."""
        square = square_of(experiment)
        self.text.setText(_(_COULD_BE) if square else _(_NO_PICTURE))
        self.square.setVisible(square is not None)
        if square:
            self.square.setText(_("Show them as {rows} × {columns} pixels").format(rows=square[0], columns=square[1]))

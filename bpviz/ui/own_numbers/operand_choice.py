"""Choice of a quantity and a layer."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot

from bpviz.core.mistakes.program import Key
from bpviz.language import _
from bpviz.session.own_numbers.operand_keys import TITLES
from bpviz.ui.widgets.compact_editors import CompactComboBox

_LOSS = "loss"


class OperandChoice(QObject):
    """Two combo boxes that choose one array of an update.

    Signals
    -------
    chosen
        The user has chosen another array.
    """

    chosen = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.quantity = CompactComboBox(_("Quantity"), _("The quantity that your numbers are"), TITLES)
        self.layer = CompactComboBox(_("Layer"), _("The layer that your numbers belong to"), {"1": _("layer 1")})
        for combo in (self.quantity, self.layer):
            combo.setProperty("role", "flat")
        self.quantity.currentIndexChanged.connect(self._choose)
        self.layer.currentIndexChanged.connect(self._choose)

    def key(self) -> Key:
        """Return the chosen quantity and layer; the loss belongs to layer 0."""
        quantity = self.quantity.word()
        return (quantity, 0) if quantity == _LOSS else (quantity, int(self.layer.word()))

    def show_key(self, key: Key) -> None:
        """Show a choice without telling of it."""
        with QSignalBlocker(self.quantity), QSignalBlocker(self.layer):
            self.quantity.choose(key[0])
            if key[0] != _LOSS:
                self.layer.choose(str(key[1]))
        self._fit()

    def set_layers(self, count: int) -> None:
        """Offer the layers of a network."""
        if self.layer.count() != count:
            before = self.layer.word()
            with QSignalBlocker(self.layer):
                self.layer.clear()
                for number in range(1, count + 1):
                    self.layer.addItem(_("layer {number}").format(number=number), str(number))
                self.layer.choose(before)
        self._fit()

    def _fit(self) -> None:
        self.layer.setEnabled(self.quantity.word() != _LOSS)
        for combo in (self.quantity, self.layer):
            combo.updateGeometry()

    @Slot()
    def _choose(self) -> None:
        self._fit()
        self.chosen.emit()

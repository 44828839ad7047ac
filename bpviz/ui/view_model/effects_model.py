"""The part of the view model that tells of effects and ledgers."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from bpviz.session.effects.effect import Effect, Movers
from bpviz.session.effects.ledger import Ledger, LedgerProgress


class EffectsModel(QObject):
    """Emits a signal for each effect that was measured, and for each ledger that is being made or ready.

    Signals
    -------
    measured : Effect or Movers
    ledger_progressed : LedgerProgress
    ledger_made : Ledger
    """

    measured = Signal(object)
    ledger_progressed = Signal(object)
    ledger_made = Signal(object)

    def take(self, event: object) -> bool:
        """Emit the signal of an event of the session; return whether it was one of effects."""
        match event:
            case Effect() | Movers():
                self.measured.emit(event)
            case LedgerProgress():
                self.ledger_progressed.emit(event)
            case Ledger():
                self.ledger_made.emit(event)
            case _:
                return False
        return True

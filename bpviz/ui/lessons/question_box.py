"""A question: choices or a number, the hands of an audience, and the answer when it is revealed."""

from __future__ import annotations

import math
from html import escape

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from bpviz.language import _
from bpviz.session.lessons.questions import Answer, Question, is_right
from bpviz.ui.style.theme import GAP

_MOST_HANDS = 9999


class QuestionBox(QWidget):
    """Asks one question.

    Signals
    -------
    reveal_wanted
        The user has predicted, and wants the answer.
    """

    reveal_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._question: Question | None = None
        self.ask, self.answer = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self.choices, self.hands = QButtonGroup(self), list[QSpinBox]()
        self._grid = QWidget()
        self.number = QLineEdit(placeholderText=_("Your number"))
        self.number.setAccessibleName(_("Your number"))
        self.number.setToolTip(_("Type your prediction; within 5 % it is right  (Return)"))
        self.count_hands = QCheckBox(_("Count hands"))
        self.count_hands.setToolTip(_("Type how many hands of an audience are up for each choice"))
        self.reveal = QPushButton(_("Reveal"))
        self.reveal.setToolTip(_("Predict first: then this shows the answer and the reason"))
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GAP)
        for widget in (self.ask, self._grid, self.number, self.count_hands, self.reveal, self.answer):
            self._layout.addWidget(widget)
        self.reveal.clicked.connect(self.reveal_wanted)
        self.number.returnPressed.connect(self.reveal.click)
        self.number.textChanged.connect(self._refresh)
        self.count_hands.toggled.connect(self._refresh)
        self.choices.idClicked.connect(self._refresh)

    def show_question(self, question: Question) -> None:
        """Ask a question that is not yet answered."""
        self._question = question
        self.ask.setText(f"<b>{escape(question.ask)}</b>")
        self.answer.clear()
        self.number.clear()
        self.number.setVisible(not question.choices)
        self.count_hands.setVisible(bool(question.choices))
        self._fill_grid(question.choices)
        self._set_open(True)

    def _fill_grid(self, choices: tuple[str, ...]) -> None:
        for button in self.choices.buttons():
            self.choices.removeButton(button)
        before, self._grid = self._grid, QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        self.hands = []
        for index, choice in enumerate(choices):
            button, hands = QRadioButton(choice), QSpinBox(maximum=_MOST_HANDS)
            button.setToolTip(_("Your prediction"))
            hands.setToolTip(_("Hands up for “{choice}”").format(choice=choice))
            hands.setAccessibleName(_("Hands for {choice}").format(choice=choice))
            hands.valueChanged.connect(self._refresh)
            self.choices.addButton(button, index)
            self.hands.append(hands)
            grid.addWidget(button, index, 0)
            grid.addWidget(hands, index, 1)
        self._layout.replaceWidget(before, self._grid)
        before.hide()
        before.deleteLater()

    def prediction(self) -> int | float | None:
        """Return the chosen choice or the number that was typed; None if there is none."""
        if self._question and self._question.choices:
            chosen = self.choices.checkedId()
            return chosen if chosen >= 0 else None
        try:
            number = float(self.number.text().replace("−", "-").replace(",", "."))
        except ValueError:
            return None
        return number if math.isfinite(number) else None

    def _tally(self) -> list[int]:
        return [hands.value() for hands in self.hands] if self.count_hands.isChecked() else []

    @Slot()
    def _refresh(self) -> None:
        for hands in self.hands:
            hands.setVisible(self.count_hands.isChecked())
        self.reveal.setEnabled(self.prediction() is not None or any(self._tally()))

    def _set_open(self, is_open: bool) -> None:
        for widget in (*self.choices.buttons(), *self.hands, self.number, self.count_hands):
            widget.setEnabled(is_open)
        self.reveal.setVisible(is_open)
        self.answer.setVisible(not is_open)
        self._refresh()

    def show_answer(self, answer: Answer | None) -> None:
        """Show the right answer with its reason; None if the session does not have the numbers."""
        if answer is None:
            self.answer.setText(_("The numbers on screen do not decide this: return to this step, and reveal again."))
            self.answer.show()
            return
        self._set_open(False)
        self.answer.setText(self._with_hands(answer, self._verdict(answer)))

    def _verdict(self, answer: Answer) -> str:
        predicted = self.prediction()
        if predicted is None:
            text = _("<b>{answer}</b>. {why}")
        elif is_right(answer, predicted):
            text = _("Right: <b>{answer}</b>. {why}")
        else:
            text = _("Not so. It is: <b>{answer}</b>. {why}")
        return text.format(answer=escape(answer.text), why=escape(answer.why))

    def _with_hands(self, answer: Answer, verdict: str) -> str:
        tally = self._tally()
        if answer.choice is None or not any(tally):
            return verdict
        text = _("{verdict} {right} of {count} hands had it right.")
        return text.format(verdict=verdict, right=tally[answer.choice], count=sum(tally))

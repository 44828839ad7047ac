"""The form for the question of a step: what is asked, how the answer follows, and what is covered until *Reveal*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtWidgets import QCheckBox, QLabel

from bpviz.language import N_, _
from bpviz.session.lessons.lesson import LessonStep
from bpviz.session.lessons.questions import Question
from bpviz.ui.lessons.forms.form_page import FormPage
from bpviz.ui.lessons.forms.measure_list import MeasureList
from bpviz.ui.lessons.forms.panel_choice import PanelChoice
from bpviz.ui.lessons.forms.place_fields import PositionFields
from bpviz.ui.widgets.editors.lines import ListLines, TextLines
from bpviz.ui.widgets.form_fields import choice

_TITLES = {
    "stated": N_("The choice that I state"),
    "sign": N_("Positive or negative"),
    "above": N_("Which of two is larger"),
    "largest": N_("Which is the largest"),
    "smallest": N_("Which is the smallest"),
    "number": N_("A number"),
}
_LINES = {
    "stated": N_("For what is not about numbers"),
    "sign": N_("The first choice if the measure is positive, else the second"),
    "above": N_("The first choice if the first measure is larger, else the second"),
    "largest": N_("A measure for each choice; the choice with the largest is right"),
    "smallest": N_("A measure for each choice; the choice with the smallest is right"),
    "number": N_("Without choices; a prediction within 5 % is right"),
}


class QuestionForm(FormPage):
    """Edits the question of a step."""

    def __init__(self) -> None:
        super().__init__(_("Question of step {number}"))
        self.ask, self.choices, self.why = TextLines(2), TextLines(3), TextLines(3)
        self.rule, self.stated = choice(_TITLES, _LINES), ListLines(3)
        self.about = QLabel(wordWrap=True)
        self.about.setProperty("role", "caption")
        self.measures, self.hide_ = MeasureList(), PanelChoice()
        self.moves = QCheckBox(_("Go on to another position"))
        self.moves.setToolTip(_("Reveal goes there, so that the panels show the answer"))
        self.reveal_at = PositionFields()
        self._add_fields()
        self.rule.currentIndexChanged.connect(self._adapt)
        self.choices.textChanged.connect(self._offer_choices)
        self.moves.toggled.connect(self.reveal_at.setVisible)

    def _add_fields(self) -> None:
        self.add_field(_("What you ask"), self.ask)
        self.add_field(
            _("The right answer"), self.rule, _("How the right answer follows; measures are read off the session")
        )
        self.column.addWidget(self.about)
        self._choices = self.add_field(_("Choices, one in each line"), self.choices)
        self._stated = self.add_field(_("The right choice"), self.stated)
        self.add_field(_("Measures: numbers read off the session"), self.measures)
        self.add_field(
            _("The reason, shown with the answer"), self.why, _("{0} stands for the value of the first measure")
        )
        self.add_field(
            _("Panels to be covered too"),
            self.hide_,
            _("Panels that show a number which is asked about are covered anyway"),
        )
        self.column.addWidget(self.moves)
        self.column.addWidget(self.reveal_at)
        self.column.addStretch(1)

    def fill(self, step: LessonStep, panels: Mapping[str, str]) -> None:
        """See `FormPage`."""
        question, experiment = step.question or Question("", (), "stated"), step.scene.experiment
        self.ask.setPlainText(question.ask)
        self.rule.setCurrentIndex(self.rule.findData(question.rule))
        self.choices.setPlainText("\n".join(question.choices))
        self._offer_choices()
        self.stated.setCurrentRow(question.stated or 0)
        self.measures.show_measures(experiment, question.measures)
        self.why.setPlainText(question.why)
        self.hide_.show_panels(panels, question.hide)
        self.moves.setChecked(question.reveal_at is not None)
        self.reveal_at.show_position(experiment, question.reveal_at or step.scene.position)
        self._adapt()

    @Slot()
    def _adapt(self) -> None:
        rule = self.rule.currentData()
        self.about.setText(_(_LINES[rule]))
        self._choices.setVisible(rule != "number")
        self._stated.setVisible(rule == "stated")
        self.reveal_at.setVisible(self.moves.isChecked())

    @Slot()
    def _offer_choices(self) -> None:
        """Offer the choices that are written; the right one stays so wherever its line goes, or when it is changed."""
        row, written = max(self.stated.currentRow(), 0), self._written()
        before = self.stated.currentItem().text() if self.stated.currentItem() else ""
        if before in written and written[row : row + 1] != [before]:
            row = written.index(before)
        with QSignalBlocker(self.stated):
            self.stated.clear()
            self.stated.addItems(written)
            self.stated.setCurrentRow(min(row, len(written) - 1))

    def _written(self) -> list[str]:
        return [line.strip() for line in self.choices.toPlainText().splitlines() if line.strip()]

    def with_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        rule = self.rule.currentData()
        question = Question(
            self.ask.toPlainText().strip(),
            tuple(self._written()) if rule != "number" else (),
            rule,
            tuple(self.measures.measures),
            self.stated.currentRow() if rule == "stated" else None,
            self.why.toPlainText().strip(),
            tuple(self.hide_.keys),
            self.reveal_at.position() if self.moves.isChecked() else None,
        )
        return replace(step, question=question)

    def without_part(self, step: LessonStep) -> LessonStep:
        """See `FormPage`."""
        return replace(step, question=None)

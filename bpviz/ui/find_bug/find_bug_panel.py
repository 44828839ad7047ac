"""The panel *Find the bug*: plant a mistake in the algorithm, point at the operation that is wrong, and be told."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

from bpviz.language import N_, _, ngettext
from bpviz.session.engine.commands import LoadBeside, RenameBranch
from bpviz.session.engine.events import NetworkReady
from bpviz.session.find_bug.answers import Verdict, judge, solution
from bpviz.session.find_bug.levels import LEVELS, draw
from bpviz.session.find_bug.race import NAMES, contestants, is_race, result
from bpviz.session.walkthrough.traced_update import TracedUpdate
from bpviz.ui.find_bug.plant_form import PlantForm
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.flow_layout import FlowLayout
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.scrolled_text import ScrolledText

_NOTHING_PLANTED = N_(
    "Choose a level and press Plant. The program that then runs computes something wrong; watch its curve and its "
    "deltas, walk through a sample (F11), and point at the operation that is wrong."
)
_POINT = N_("Walk through a sample (F11), or click an operation: what you point at is the operation just done.")
_BET = N_("A race: one of the two programs has a mistake. Bet first, train both, and then show the answer.")


class FindBugPanel(Panel):
    """Plants mistakes, and judges the operations that the user points at."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("find_bug", _("Find the bug"), model)
        self._rng = np.random.default_rng()
        self._found: set[str] = set()
        self._tries = 0
        self.choose = self.add_toggle(N_("Choose"), _("Plant a mistake of your choice, for others to find"))
        self._add_levels()
        self._add_pointing()
        self.text = ScrolledText()
        self.text.setAccessibleName(_("What is wrong"))
        self.layout_.addWidget(self.text)
        self._add_ends()
        self.layout_.addStretch(1)
        self.choose.toggled.connect(self._show_form)
        model.time.timeline_changed.connect(self._refresh)
        self._refresh()

    # Building

    def _add_levels(self) -> None:
        self.level = QComboBox()
        self.level.setAccessibleName(_("Level"))
        for level in LEVELS:
            self.level.addItem(_(level.name))
            self.level.setItemData(self.level.count() - 1, _(level.task), Qt.ItemDataRole.ToolTipRole)
        self.plant = QPushButton(_("Plant"))
        self.plant.setToolTip(_("Start a small network whose program has a mistake of this level"))
        self.plant.clicked.connect(self._plant)
        self.form = PlantForm()
        self.form.chosen.connect(self.model.load)
        self.form.hide()
        self._add_row(self.level, self.plant)
        self.layout_.addWidget(self.form)

    def _add_pointing(self) -> None:
        self.pointed = QLabel(wordWrap=True)
        self.pointed.setAccessibleName(_("What you point at"))
        self.wrong = QPushButton(_("This is wrong"))
        self.wrong.setToolTip(_("Say that the operation just done is the one with the mistake"))
        self.wrong.clicked.connect(self._judge)
        self.layout_.addWidget(self.pointed)
        self._add_row(self.wrong)

    def _add_ends(self) -> None:
        self.race, self.tell = QPushButton(_("Race")), QPushButton(_("Show the answer"))
        self.race.setToolTip(_("Start this program and the true one side by side, without saying which is which"))
        self.tell.setToolTip(_("Say what is wrong, and where"))
        self.race.clicked.connect(self._race)
        self.tell.clicked.connect(self._tell)
        self._add_row(self.race, self.tell)

    def _add_row(self, *widgets: QWidget) -> None:
        row = QWidget()
        flow = FlowLayout(row, GAP // 2)
        for widget in widgets:
            flow.addWidget(widget)
        self.layout_.addWidget(row)

    # State

    @property
    def _mistakes(self) -> tuple[str, ...]:
        return self.model.prepared.experiment.mistakes if self.model.prepared else ()

    def _is_race(self) -> bool:
        timeline = self.model.time.timeline
        return timeline is not None and is_race(timeline.branches)

    @Slot(object)
    def begin(self, prepared: NetworkReady) -> None:
        """Forget what was found in another network."""
        self._found.clear()
        self._tries = 0
        self._show_form()
        self._refresh()

    @Slot(object)
    def take_samples(self, prepared: NetworkReady) -> None:
        """Keep what was found: the mistakes are the same."""

    @Slot(object)
    def show_update(self, update: TracedUpdate) -> None:
        """Name the operation that the user points at now."""
        self._name_operation()

    @Slot()
    def _refresh(self) -> None:
        is_race, is_planted = self._is_race(), bool(self._mistakes)
        self.text.setText(_(_BET) if is_race else self._progress() if is_planted else _(_NOTHING_PLANTED))
        self.race.setEnabled(is_planted and not is_race)
        self.tell.setEnabled(is_planted or is_race)
        self._name_operation()

    def _progress(self) -> str:
        many = len(self._mistakes)
        what = (
            _("A mistake is planted.")
            if many == 1
            else _("{many} mistakes are planted, {n__found} found.").format(many=many, n__found=len(self._found))
        )
        return f"{what} {_(_POINT)}"

    def _name_operation(self) -> None:
        update = self.model.current_update
        operation = update.operation if update else None
        can_point = operation is not None and bool(self._mistakes) and not self._is_race()
        self.wrong.setEnabled(can_point)
        here = (
            _("{quantity} of layer {layer}").format(quantity=_(operation.quantity), layer=operation.layer)
            if operation
            else _("no operation yet")
        )
        self.pointed.setText(_("You point at: <b>{here}</b>").format(here=here))

    # User actions

    @Slot()
    def _plant(self) -> None:
        self.model.load(draw(LEVELS[self.level.currentIndex()], self._rng))

    @Slot()
    def _show_form(self) -> None:
        self.form.setVisible(self.choose.isChecked())
        if self.choose.isChecked():
            self.form.show_experiment(self.model.experiment)

    @Slot()
    def _judge(self) -> None:
        update = self.model.current_update
        if update is None or update.operation is None:
            return
        self._tries += 1
        answer = judge(update, self._mistakes, update.operation)
        words = answer.sentence
        if answer.verdict is Verdict.WRONG:
            self._found.add(answer.text)
            words = _("Found. {sentence} {rest}").format(sentence=answer.sentence, rest=self._rest())
        self.text.setText(words)

    def _rest(self) -> str:
        left = len(set(self._mistakes)) - len(self._found)
        if left:
            return _("{left} more to find.").format(left=left)
        return ngettext("That took {count} try.", "That took {count} tries.", self._tries).format(count=self._tries)

    @Slot()
    def _race(self) -> None:
        prepared = self.model.prepared
        if prepared is None:
            return
        first, second = contestants(prepared.experiment, self._rng)
        self.model.load(first)
        self.model.post(LoadBeside(second, NAMES[1]))
        self.model.post(RenameBranch(0, NAMES[0]))
        self.other_wanted.emit("comparison")

    @Slot()
    def _tell(self) -> None:
        timeline, prepared = self.model.time.timeline, self.model.prepared
        if timeline is not None and self._is_race():
            self.text.setText(result(timeline.branches))
        elif prepared is not None:
            self.text.setText(solution(prepared.experiment))

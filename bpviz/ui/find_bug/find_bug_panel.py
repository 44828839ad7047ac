"""The panel *Find the bug*: plant a mistake in the algorithm, point at the operation that is wrong, and be told."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget

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

_NOTHING_PLANTED = (
    "Choose a level and press Plant. The program that then runs computes something wrong; watch its curve and its "
    "deltas, walk through a sample (F11), and point at the operation that is wrong."
)
_POINT = "Walk through a sample (F11), or click an operation: what you point at is the operation just done."
_BET = "A race: one of the two programs has a mistake. Bet first, train both, and then show the answer."


class FindBugPanel(Panel):
    """Plants mistakes, and judges the operations that the user points at."""

    def __init__(self, model: ViewModel) -> None:
        super().__init__("find_bug", "Find the bug", model)
        self._rng = np.random.default_rng()
        self._found: set[str] = set()
        self._tries = 0
        self.choose = self.add_toggle("Choose", "Plant a mistake of your choice, for others to find")
        self._add_levels()
        self._add_pointing()
        self.text = ScrolledText()
        self.text.setAccessibleName("What is wrong")
        self.layout_.addWidget(self.text)
        self._add_ends()
        self.layout_.addStretch(1)
        self.choose.toggled.connect(self._show_form)
        model.time.timeline_changed.connect(self._refresh)
        self._refresh()

    # Building

    def _add_levels(self) -> None:
        self.level = QComboBox()
        self.level.setAccessibleName("Level")
        for level in LEVELS:
            self.level.addItem(level.name)
            self.level.setItemData(self.level.count() - 1, level.task, Qt.ItemDataRole.ToolTipRole)
        self.plant = QPushButton("Plant")
        self.plant.setToolTip("Start a small network whose program has a mistake of this level")
        self.plant.clicked.connect(self._plant)
        self.form = PlantForm()
        self.form.chosen.connect(self.model.load)
        self.form.hide()
        self._add_row(self.level, self.plant)
        self.layout_.addWidget(self.form)

    def _add_pointing(self) -> None:
        self.pointed = QLabel(wordWrap=True)
        self.pointed.setAccessibleName("What you point at")
        self.wrong = QPushButton("This is wrong")
        self.wrong.setToolTip("Say that the operation just done is the one with the mistake")
        self.wrong.clicked.connect(self._judge)
        self.layout_.addWidget(self.pointed)
        self._add_row(self.wrong)

    def _add_ends(self) -> None:
        self.race, self.tell = QPushButton("Race"), QPushButton("Show the answer")
        self.race.setToolTip("Start this program and the true one side by side, without saying which is which")
        self.tell.setToolTip("Say what is wrong, and where")
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
        self.text.setText(_BET if is_race else self._progress() if is_planted else _NOTHING_PLANTED)
        self.race.setEnabled(is_planted and not is_race)
        self.tell.setEnabled(is_planted or is_race)
        self._name_operation()

    def _progress(self) -> str:
        many = len(self._mistakes)
        what = "A mistake is planted." if many == 1 else f"{many} mistakes are planted, {len(self._found)} found."
        return f"{what} {_POINT}"

    def _name_operation(self) -> None:
        update = self.model.current_update
        operation = update.operation if update else None
        can_point = operation is not None and bool(self._mistakes) and not self._is_race()
        self.wrong.setEnabled(can_point)
        here = f"{operation.quantity} of layer {operation.layer}" if operation else "no operation yet"
        self.pointed.setText(f"You point at: <b>{here}</b>")

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
            words = f"Found. {answer.sentence} {self._rest()}"
        self.text.setText(words)

    def _rest(self) -> str:
        left = len(set(self._mistakes)) - len(self._found)
        if left:
            return f"{left} more to find."
        return f"That took {self._tries} {'try' if self._tries == 1 else 'tries'}."

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

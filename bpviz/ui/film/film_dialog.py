"""The dialog that asks for a film, and shows how far it is; not modal, the program goes on beside it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from bpviz.session.engine.commands import OpenSnapshot, TakeSnapshot
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.session.film.film_plan import FilmError, FilmPlan, positions_of
from bpviz.session.film.film_writing import check_format
from bpviz.ui.film.film_form import FilmForm
from bpviz.ui.film.film_maker import FilmMaker, MakePanel
from bpviz.ui.offscreen.reach import reach_of
from bpviz.ui.style.theme import GAP, THEMES
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where

_KINDS = "WebP films (*.webp);;GIF films (*.gif);;MP4 videos (*.mp4)"
_NAME = "bpviz-film.webp"


class FilmDialog(QDialog):
    """Makes one film at a time.

    Parameters
    ----------
    parent : QWidget
    model : ViewModel
    titles : dict of str to str
        Keys of the panels that can be chosen, and their titles.
    make_panel : callable
        Makes the panel of a key for a view model.
    """

    def __init__(self, parent: QWidget, model: ViewModel, titles: dict[str, str], make_panel: MakePanel) -> None:
        super().__init__(parent)
        self._model, self._make_panel = model, make_panel
        self.maker: FilmMaker | None = None
        self._plan: FilmPlan | None = None
        self.setWindowTitle("Film")
        self.setObjectName("film")
        self.form, self.about, self.progress = FilmForm(titles), QLabel(wordWrap=True), QProgressBar()
        self.progress.setAccessibleName("Pictures that are written")
        self.progress.setFormat("%v of %m pictures")
        self._lay_out()
        self.form.changed.connect(self._describe)
        model.status_changed.connect(self._describe_if_idle)
        model.time.snapshot_taken.connect(self._start)
        self.form.set_theme(model.theme.name)
        if model.position is not None:
            self.form.begin_at(model.position)
        self._show_idle()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox()
        self.save = buttons.addButton("&Make film…", QDialogButtonBox.ButtonRole.ApplyRole)
        self.save.setProperty("role", "primary")
        self.save.setToolTip("Choose a file; the film is made while the program goes on")
        self.stop = buttons.addButton("&Cancel the film", QDialogButtonBox.ButtonRole.ActionRole)
        self.leave = buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.save.clicked.connect(self._ask)
        self.stop.clicked.connect(self.cancel)
        self.leave.clicked.connect(self.close)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(2 * GAP)
        column.addWidget(self.form, 1)
        column.addWidget(self.about)
        column.addWidget(self.progress)
        column.addWidget(buttons)

    # Before

    def _show_idle(self) -> None:
        self.form.setEnabled(True)
        self.progress.hide()
        self.stop.hide()
        self.save.show()
        self._describe()

    @Slot()
    def _describe_if_idle(self) -> None:
        if self.isVisible() and self._plan is None:
            self._describe()

    @Slot()
    def _describe(self) -> None:
        """Say how long the film is, or why there can be none."""
        try:
            plan = self.form.plan(Path(_NAME))
            count = len(positions_of(plan, reach_of(self._model)))
        except FilmError as fault:
            self._say(_sentence(fault), is_problem=True)
            self.save.setEnabled(False)
            return
        seconds = count / plan.pictures_a_second
        self._say("{count:,} pictures, {seconds:.3g} seconds".format(count=count, seconds=seconds), is_problem=False)
        self.save.setEnabled(self._model.prepared is not None)

    def _say(self, text: str, *, is_problem: bool) -> None:
        self.about.setText(text)
        self.about.setProperty("role", "problem" if is_problem else "caption")
        self.about.style().unpolish(self.about)  # a property is read only when a widget is polished
        self.about.style().polish(self.about)

    @Slot()
    def _ask(self) -> None:
        ask_where(self, "Make film", _NAME, _KINDS, self.make)

    # The film

    def make(self, path: str) -> None:
        """Make the film in a file."""
        if self._plan is not None:
            return
        try:
            plan = self.form.plan(Path(path))
            positions_of(plan, reach_of(self._model))
            plan.check_file()
            check_format(plan.path)
        except (FilmError, ExportError) as fault:
            self._say(_sentence(fault), is_problem=True)
            return
        self._plan = plan
        self.form.setEnabled(False)
        self.save.hide()
        self._say("Making {name}…".format(name=plan.path.name), is_problem=False)
        self.progress.setRange(0, 0)
        self.progress.show()
        self.stop.show()
        self._model.post(TakeSnapshot())

    @Slot(object)
    def _start(self, session: SavedSession | None) -> None:
        if self._plan is None or self.maker is not None or session is None:
            return
        theme = THEMES[self.form.theme.currentData()]
        self.maker = FilmMaker(self._plan, theme, self._make_panel, self)
        self.maker.progressed.connect(self._show_progress)
        self.maker.ended.connect(self._end)
        self.maker.start(OpenSnapshot(session), self._model.selection)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    @Slot(str)
    def _end(self, problem: str) -> None:
        plan = self._forget()
        self._show_idle()
        if problem:
            self._say(problem, is_problem=True)
        elif plan:
            self._say("{path} is written.".format(path=plan.path), is_problem=False)

    @Slot()
    def cancel(self) -> None:
        """End the film in work; no file is left."""
        if self._plan is None:
            return
        if self.maker:
            self.maker.cancel()
        self._forget()
        self._show_idle()
        self._say("The film was cancelled; no file was written.", is_problem=False)

    def _forget(self) -> FilmPlan | None:
        plan, self._plan = self._plan, None
        if self.maker:
            self.maker.deleteLater()
            self.maker = None
        return plan

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel the film in work."""
        self.cancel()
        super().closeEvent(event)

    def reject(self) -> None:
        """Close on Esc, as the button does."""
        self.close()


def _sentence(fault: Exception) -> str:
    text = str(fault)
    return f"{text[:1].upper()}{text[1:]}."

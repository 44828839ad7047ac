"""MakingDialog: asks for something that takes a while to make, and shows how far it is, beside the program."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from bpviz.language import _
from bpviz.session.engine.commands import TakeSnapshot
from bpviz.session.files.safe_write import ExportError
from bpviz.session.files.session_data import SavedSession
from bpviz.ui.offscreen.picture_maker import PictureMaker
from bpviz.ui.style.theme import GAP
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.file_dialogs import ask_where


class MakingDialog(QDialog):
    """Makes one thing at a time, out of a snapshot of the session. Not modal.

    Parameters
    ----------
    parent : QWidget
    model : ViewModel
    title : str
    form : QWidget
        What is asked for.
    name : str
        The name of the file that is offered.
    kinds : str
        The kinds of files, for a dialog.
    """

    def __init__(self, parent: QWidget, model: ViewModel, title: str, form: QWidget, name: str, kinds: str) -> None:
        super().__init__(parent)
        self._model, self._title, self._name, self._kinds = model, title, name, kinds
        self._fields, self.about, self.progress = form, QLabel(wordWrap=True), QProgressBar()
        self.maker: PictureMaker | None = None
        self._path: Path | None = None
        self._tells_the_end = False  # until the user goes on
        self.setWindowTitle(title)
        self.setObjectName(title.lower())
        self._lay_out()
        model.status_changed.connect(self._describe_if_idle)
        model.time.bookmarks_changed.connect(self._describe_if_idle)
        model.time.snapshot_taken.connect(self._take_snapshot)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox()
        self.save = buttons.addButton(_("&Make…"), QDialogButtonBox.ButtonRole.ApplyRole)
        self.save.setProperty("role", "primary")
        self.save.setToolTip(_("Choose a file; it is made while the program goes on"))
        self.stop = buttons.addButton(_("&Cancel"), QDialogButtonBox.ButtonRole.ActionRole)
        self.stop.setToolTip(_("Stop making it; no file is left"))
        self.leave = buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.save.clicked.connect(self._ask)
        self.stop.clicked.connect(self.cancel)
        self.leave.clicked.connect(self.close)
        self.progress.setAccessibleName(_("How much is made"))
        self.progress.setFormat("%v / %m")
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        column.setSpacing(2 * GAP)
        column.addWidget(self._fields, 1)
        column.addWidget(self.about)
        column.addWidget(self.progress)
        column.addWidget(buttons)

    # Hooks

    def description(self) -> str:
        """Return what would be made, or raise a ValueError that says why it cannot."""
        raise NotImplementedError

    def check(self, path: Path) -> None:
        """Check that it can be made in a file; raise a ValueError or an ExportError if not."""
        raise NotImplementedError

    def begin(self, path: Path, session: SavedSession) -> PictureMaker:
        """Return a maker that has been started with a snapshot of the session."""
        raise NotImplementedError

    def renew(self) -> None:
        """Take over what has changed in the program since the dialog was last open."""

    # Before

    def show_idle(self) -> None:
        """Let the user edit the fields."""
        self._fields.setEnabled(True)
        self.progress.hide()
        self.stop.hide()
        self.save.show()
        self.describe()

    @property
    def is_making(self) -> bool:
        """Whether something is being made."""
        return self._path is not None

    @Slot()
    def _describe_if_idle(self) -> None:
        if self.isVisible() and not self.is_making and not self._tells_the_end:
            self.describe()

    @Slot()
    def describe(self) -> None:
        """Say what would be made, or why nothing can."""
        self._tells_the_end = False
        try:
            self._say(self.description(), is_problem=False)
        except ValueError as fault:
            self._say(_sentence(fault), is_problem=True)
            self.save.setEnabled(False)
        else:
            self.save.setEnabled(self._model.prepared is not None)

    def _say(self, text: str, *, is_problem: bool) -> None:
        self.about.setText(text)
        self.about.setProperty("role", "problem" if is_problem else "caption")
        self.about.style().unpolish(self.about)  # a property is read only when a widget is polished
        self.about.style().polish(self.about)

    @Slot()
    def _ask(self) -> None:
        ask_where(self, self._title, self._name, self._kinds, self.make)

    # Making

    def make(self, path: str) -> None:
        """Make it in a file."""
        if self.is_making:
            return
        try:
            self.check(Path(path))
        except (ValueError, ExportError) as fault:
            self._say(_sentence(fault), is_problem=True)
            return
        self._path = Path(path)
        self._fields.setEnabled(False)
        self.save.hide()
        self._say(_("Making {name}…").format(name=self._path.name), is_problem=False)
        self.progress.setRange(0, 0)
        self.progress.show()
        self.stop.show()
        self._model.post(TakeSnapshot())

    @Slot(object)
    def _take_snapshot(self, session: SavedSession | None) -> None:
        if self._path is not None and self.maker is None and session is not None:
            self.maker = self.begin(self._path, session)
            self.maker.progressed.connect(self._show_progress)
            self.maker.ended.connect(self._end)

    @Slot(int, int)
    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    @Slot(str)
    def _end(self, problem: str) -> None:
        path = self._forget()
        self.show_idle()
        self._say(problem or _("{path} is written.").format(path=path), is_problem=bool(problem))
        self._tells_the_end = True

    @Slot()
    def cancel(self) -> None:
        """End what is being made; no file is left."""
        if self.is_making:
            if self.maker:
                self.maker.cancel()
            self._forget()
            self.show_idle()
            self._say(_("It was cancelled; no file was written."), is_problem=False)
            self._tells_the_end = True

    def _forget(self) -> Path | None:
        path, self._path = self._path, None
        if self.maker:
            self.maker.deleteLater()
            self.maker = None
        return path

    def reject(self) -> None:
        """Cancel what is being made, and close: by Esc, the button or the frame of the window."""
        self.cancel()
        super().reject()


class DialogOpener(QObject):
    """Keeps one dialog, and opens it.

    Parameters
    ----------
    parent : QObject
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.dialog: MakingDialog | None = None

    def make_dialog(self) -> MakingDialog:
        """Make the dialog, when it is first asked for."""
        raise NotImplementedError

    @Slot()
    def ask(self) -> None:
        """Show the dialog, with what may be in work."""
        if self.dialog is None:
            self.dialog = self.make_dialog()
        if not self.dialog.is_making:
            self.dialog.renew()
            self.dialog.show_idle()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot()
    def end(self) -> None:
        """Cancel what is in work, since the program ends."""
        if self.dialog:
            self.dialog.close()


def _sentence(fault: Exception) -> str:
    text = str(fault)
    return _("{clause}.").format(clause=f"{text[:1].upper()}{text[1:]}")

"""The dialog that asks for a film."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from bpviz.language import N_, _, ngettext
from bpviz.session.engine.commands import OpenSnapshot
from bpviz.session.files.session_data import SavedSession
from bpviz.session.film.film_plan import FilmPlan, check_panels, positions_of
from bpviz.session.film.film_writing import check_format
from bpviz.ui.film.film_form import FilmForm
from bpviz.ui.film.film_maker import FilmMaker
from bpviz.ui.offscreen.making_dialog import MakingDialog
from bpviz.ui.offscreen.picture_maker import MakePanel
from bpviz.ui.offscreen.reach import reach_of
from bpviz.ui.offscreen.viewpoint import Viewpoint
from bpviz.ui.style.theme import THEMES
from bpviz.ui.view_model.view_model import ViewModel

_KINDS = N_("WebP films (*.webp);;GIF films (*.gif);;MP4 videos (*.mp4)")
_NAME = "bpviz-film.webp"


class FilmDialog(MakingDialog):
    """Asks for what a film shows, and makes it.

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
        self.form = FilmForm(titles)
        super().__init__(parent, model, _("Film"), self.form, _NAME, _(_KINDS))
        self._make_panel = make_panel
        self.form.changed.connect(self.describe)
        self.form.set_theme(model.theme.name)

    def renew(self) -> None:
        """Let films of samples and operations begin at the position on screen."""
        if self._model.position is not None:
            self.form.begin_at(self._model.position)

    def description(self) -> str:
        """Return how long the film would be; raises a FilmError if there can be none."""
        plan = self._plan(Path(_NAME))
        count = len(positions_of(plan, reach_of(self._model)))
        text = ngettext("{count} picture, {seconds:.3g} seconds", "{count:,} pictures, {seconds:.3g} seconds", count)
        return text.format(count=count, seconds=count / plan.pictures_a_second)

    def _plan(self, path: Path) -> FilmPlan:
        """Return what is asked for; raises a FilmError if the session has not what it needs."""
        plan, timeline = self.form.plan(path), self._model.time.timeline
        is_compared = timeline is not None and timeline.compared is not None
        check_panels(plan.shown_panels, has_watches=bool(self._model.debugger.watches), is_compared=is_compared)
        return plan

    def check(self, path: Path) -> None:
        """Check that the film can be made in a file; raises a FilmError or an ExportError if not."""
        plan = self._plan(path)
        positions_of(plan, reach_of(self._model))
        plan.check_file()
        check_format(path)

    def begin(self, path: Path, session: SavedSession) -> FilmMaker:
        """Return a maker that has been started."""
        maker = FilmMaker(self.form.plan(path), THEMES[self.form.theme.currentData()], self._make_panel, self)
        maker.start(OpenSnapshot(session), Viewpoint.of(self._model))
        return maker

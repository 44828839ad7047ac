"""MomentRecorder: makes what is on screen a step of the lesson that is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from bpviz.language import _
from bpviz.session.lessons import editing
from bpviz.session.lessons.lesson import Scene
from bpviz.session.lessons.possible import problem_of_step
from bpviz.ui.lessons.lesson_editor import LessonEditor
from bpviz.ui.view_model.view_model import ViewModel


def _nothing() -> tuple[str, tuple[str, ...]]:
    return "", ()


class MomentRecorder(QObject):
    """Adds moments to the draft in an editor.

    Attributes
    ----------
    arrangement : callable
        Returns the workspace that was laid out last and the keys of the panels that are seen.
    """

    def __init__(self, model: ViewModel, editor: LessonEditor, parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._editor = model, editor
        self.arrangement: Callable[[], tuple[str, tuple[str, ...]]] = _nothing
        editor.add_wanted.connect(self.add)
        editor.again_wanted.connect(self.take_again)

    @Slot()
    def add(self) -> bool:
        """Add what is on screen as a step, or say why it cannot be one; return whether it was added."""
        scene = self._scene()
        return scene is not None and self._editor.add_step(scene)

    @Slot()
    def take_again(self) -> None:
        """Put what is on screen in place of the scene of the chosen step."""
        step, scene = self._editor.step, self._scene()
        if step is None or scene is None:
            return
        changed = replace(step, scene=scene)
        if problem := problem_of_step(changed):
            self._editor.say(_("This scene does not fit the step, {problem}.").format(problem=problem))
        else:
            self._editor.put_step(self._editor.index, changed)

    def _scene(self) -> Scene | None:
        model, timeline = self._model, self._model.time.timeline
        branch = timeline.branch(timeline.active) if timeline else None
        changes = branch.interventions if branch else ()
        experiment, position = model.experiment, model.position
        problem = editing.moment_problem(experiment, position, [at for at, _ in changes])
        if problem or position is None:
            self._editor.say(problem or "")
            return None
        chosen = model.selection
        return editing.scene_here(
            experiment, position, *self.arrangement(), (chosen.sample, chosen.layer, chosen.neuron)
        )

"""The docks of all panels.

The module of a panel is imported when the panel is first seen, so that the window opens soon.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bpviz.core.datasets import Dataset
from bpviz.language import _
from bpviz.session.engine.events import NetworkReady
from bpviz.ui.view_model.view_model import ViewModel
from bpviz.ui.widgets.panel import Panel
from bpviz.ui.widgets.panel_dock import PanelDock

if TYPE_CHECKING:
    from bpviz.ui.branches.branches_panel import BranchesPanel
    from bpviz.ui.branches.comparison_panel import ComparisonPanel
    from bpviz.ui.confusion.confusion_panel import ConfusionPanel
    from bpviz.ui.debugging.breakpoints_panel import BreakpointsPanel
    from bpviz.ui.debugging.watch_panel import WatchPanel
    from bpviz.ui.diagnostics.explain_panel import ExplainPanel
    from bpviz.ui.diagnostics.gradient_check_panel import GradientCheckPanel
    from bpviz.ui.diagnostics.hidden_space_panel import HiddenSpacePanel
    from bpviz.ui.diagnostics.weights_panel import WeightsPanel
    from bpviz.ui.effects.effect_panel import EffectPanel
    from bpviz.ui.effects.ledger_panel import LedgerPanel
    from bpviz.ui.find_bug.find_bug_panel import FindBugPanel
    from bpviz.ui.lessons.lesson_panel import LessonPanel
    from bpviz.ui.network.network_panel import NetworkPanel
    from bpviz.ui.own_numbers.mine_panel import MinePanel
    from bpviz.ui.own_numbers.recording_panel import RecordingPanel
    from bpviz.ui.pictures.pictures_panel import PicturesPanel
    from bpviz.ui.training.curves_panel import CurvesPanel
    from bpviz.ui.training.deltas_panel import DeltasPanel
    from bpviz.ui.training.experiment_panel import ExperimentPanel
    from bpviz.ui.training.surface_panel import SurfacePanel
    from bpviz.ui.walkthrough.code_panel import CodePanel
    from bpviz.ui.walkthrough.formula_panel import FormulaPanel
    from bpviz.ui.walkthrough.operands_panel import OperandsPanel
    from bpviz.ui.walkthrough.operations_panel import OperationsPanel
    from bpviz.ui.walkthrough.sample_panel import SamplePanel


class PanelDocks:
    """One dock for each panel.

    Parameters
    ----------
    model : ViewModel

    Attributes
    ----------
    all : tuple of PanelDock
        In the order of the menu.
    """

    def __init__(self, model: ViewModel) -> None:
        queue = model.paint_queue
        self.experiment = PanelDock("experiment", "Experiment", partial(_experiment, model), queue)
        self.surface = PanelDock("surface", "Decision surface", partial(_surface, model), queue)
        self.curves = PanelDock("curves", "Loss and accuracy", partial(_curves, model), queue)
        self.deltas = PanelDock("deltas", "Deltas", partial(_deltas, model), queue)
        self.step = PanelDock("step", "Step", partial(_step, model), queue)
        self.operations = PanelDock("operations", "Operations", partial(_operations, model), queue)
        self.formula = PanelDock("formula", "Formula", partial(_formula, model), queue)
        self.operands = PanelDock("operands", "Operands", partial(_operands, model), queue)
        self.code = PanelDock("code", "Code", partial(_code, model), queue)
        self.explain = PanelDock("explain", "Explain", partial(_explain, model), queue)
        self.breakpoints = PanelDock("breakpoints", "Breakpoints", partial(_breakpoints, model), queue)
        self.watch = PanelDock("watch", "Watch", partial(_watch, model), queue)
        self.check = PanelDock("check", "Gradient check", partial(_check, model), queue)
        self.mine = PanelDock("mine", "Mine", partial(_mine, model), queue)
        self.recording = PanelDock("recording", "Recording", partial(_recording, model), queue)
        self.network = PanelDock("network", "Network", partial(_network, model), queue)
        self.comparison = PanelDock("comparison", "Side by side", partial(_comparison, model), queue)
        self.branches = PanelDock("branches", "Branches", partial(_branches, model), queue)
        self.hidden_space = PanelDock("hidden_space", "Hidden space", partial(_hidden_space, model), queue)
        self.confusion = PanelDock("confusion", "Confusion matrix", partial(_confusion, model), queue)
        self.pictures = PanelDock("pictures", "Pictures", partial(_pictures, model), queue)
        self.weights = PanelDock("weights", "Weights and gradients", partial(_weights, model), queue)
        self.effect = PanelDock("effect", "Effect of a step", partial(_effect, model), queue)
        self.ledger = PanelDock("ledger", "Ledger of an epoch", partial(_ledger, model), queue)
        self.find_bug = PanelDock("find_bug", "Find the bug", partial(_find_bug, model), queue)
        self.lesson = PanelDock("lesson", "Lesson", partial(_lesson, model), queue)
        self.all: tuple[PanelDock[Panel], ...] = tuple(vars(self).values())  # in the order of the lines above
        self._pictured: Dataset | None = None
        self._connect_all()
        model.experiment_prepared.connect(self._show_pictures)
        model.own_numbers.recording.opened.connect(self.recording.bring_to_front)

    def _connect_all(self) -> None:
        for dock in self.all:
            dock.made.connect(self._connect)

    def _connect(self, dock: PanelDock[Panel]) -> None:
        dock.panel.other_wanted.connect(self.bring_to_front)

    def _show_pictures(self, prepared: NetworkReady) -> None:
        """Show the pictures of data that are pictures, when they come in place of other data."""
        before, self._pictured = self._pictured, prepared.experiment.data
        if self._pictured.picture and self._pictured is not before:
            self.pictures.bring_to_front()

    def bring_to_front(self, wanted: str) -> None:
        """Show the panel of a key, before the other tabs of its place; after a space may stand a layer to show."""
        key, _space, layer = wanted.partition(" ")
        dock = next(dock for dock in self.all if dock.objectName() == key)
        dock.bring_to_front()
        if layer:
            dock.panel.show_layer(int(layer))


def _experiment(model: ViewModel) -> ExperimentPanel:
    from bpviz.ui.training.experiment_panel import ExperimentPanel

    return ExperimentPanel(model)


def _surface(model: ViewModel) -> SurfacePanel:
    from bpviz.ui.training.surface_panel import SurfacePanel

    return SurfacePanel(model)


def _curves(model: ViewModel) -> CurvesPanel:
    from bpviz.ui.training.curves_panel import CurvesPanel

    return CurvesPanel(model)


def _deltas(model: ViewModel) -> DeltasPanel:
    from bpviz.ui.training.deltas_panel import DeltasPanel

    return DeltasPanel(model)


def _step(model: ViewModel) -> SamplePanel:
    from bpviz.ui.walkthrough.sample_panel import SamplePanel

    return SamplePanel(model)


def _operations(model: ViewModel) -> OperationsPanel:
    from bpviz.ui.walkthrough.operations_panel import OperationsPanel

    return OperationsPanel(model)


def _formula(model: ViewModel) -> FormulaPanel:
    from bpviz.ui.walkthrough.formula_panel import FormulaPanel

    return FormulaPanel(model)


def _operands(model: ViewModel) -> OperandsPanel:
    from bpviz.ui.walkthrough.operands_panel import OperandsPanel

    return OperandsPanel(model)


def _code(model: ViewModel) -> CodePanel:
    from bpviz.ui.walkthrough.code_panel import CodePanel

    return CodePanel(model)


def _explain(model: ViewModel) -> ExplainPanel:
    from bpviz.ui.diagnostics.explain_panel import ExplainPanel

    return ExplainPanel(model)


def _breakpoints(model: ViewModel) -> BreakpointsPanel:
    from bpviz.ui.debugging.breakpoints_panel import BreakpointsPanel

    return BreakpointsPanel(model)


def _watch(model: ViewModel) -> WatchPanel:
    from bpviz.ui.debugging.watch_panel import WatchPanel

    return WatchPanel(model)


def _check(model: ViewModel) -> GradientCheckPanel:
    from bpviz.ui.diagnostics.gradient_check_panel import GradientCheckPanel

    return GradientCheckPanel(model)


def _mine(model: ViewModel) -> MinePanel:
    from bpviz.ui.own_numbers.mine_panel import MinePanel

    return MinePanel(model)


def _recording(model: ViewModel) -> RecordingPanel:
    from bpviz.ui.own_numbers.recording_panel import RecordingPanel

    return RecordingPanel(model)


def _network(model: ViewModel) -> NetworkPanel:
    from bpviz.ui.network.network_panel import NetworkPanel

    return NetworkPanel(model)


def _comparison(model: ViewModel) -> ComparisonPanel:
    from bpviz.ui.branches.comparison_panel import ComparisonPanel

    return ComparisonPanel(model)


def _branches(model: ViewModel) -> BranchesPanel:
    from bpviz.ui.branches.branches_panel import BranchesPanel

    return BranchesPanel(model)


def _hidden_space(model: ViewModel) -> HiddenSpacePanel:
    from bpviz.ui.diagnostics.hidden_space_panel import HiddenSpacePanel

    return HiddenSpacePanel(model)


def _confusion(model: ViewModel) -> ConfusionPanel:
    from bpviz.ui.confusion.confusion_panel import ConfusionPanel

    return ConfusionPanel(model)


def _weights(model: ViewModel) -> WeightsPanel:
    from bpviz.ui.diagnostics.weights_panel import WeightsPanel

    return WeightsPanel(model)


def _pictures(model: ViewModel) -> PicturesPanel:
    from bpviz.ui.pictures.pictures_panel import PicturesPanel

    return PicturesPanel(model)


def _effect(model: ViewModel) -> EffectPanel:
    from bpviz.ui.effects.effect_panel import EffectPanel

    return EffectPanel(model)


def _ledger(model: ViewModel) -> LedgerPanel:
    from bpviz.ui.effects.ledger_panel import LedgerPanel

    return LedgerPanel(model)


def _find_bug(model: ViewModel) -> FindBugPanel:
    from bpviz.ui.find_bug.find_bug_panel import FindBugPanel

    return FindBugPanel(model)


def _lesson(model: ViewModel) -> LessonPanel:
    from bpviz.ui.lessons.lesson_panel import LessonPanel

    return LessonPanel(model)


#: The panels of `PANELS` for films and handouts: key -> what makes one by itself.
OF_A_POSITION: dict[str, Callable[[ViewModel], Panel]] = {
    "surface": _surface,
    "network": _network,
    "curves": _curves,
    "deltas": _deltas,
    "operations": _operations,
    "formula": _formula,
    "operands": _operands,
    "code": _code,
    "explain": _explain,
    "hidden_space": _hidden_space,
    "confusion": _confusion,
    "weights": _weights,
    "pictures": _pictures,
    "effect": _effect,
    "ledger": _ledger,
    "comparison": _comparison,
    "watch": _watch,
}


def panel_titles() -> dict[str, str]:
    """Return the titles of these panels, by their keys."""
    return {
        "surface": _("Decision surface"),
        "network": _("Network"),
        "curves": _("Loss and accuracy"),
        "deltas": _("Deltas"),
        "operations": _("Operations"),
        "formula": _("Formula"),
        "operands": _("Operands"),
        "code": _("Code"),
        "explain": _("Explain"),
        "hidden_space": _("Hidden space"),
        "confusion": _("Confusion matrix"),
        "weights": _("Weights and gradients"),
        "pictures": _("Pictures"),
        "effect": _("Effect of a step"),
        "ledger": _("Ledger of an epoch"),
        "comparison": _("Side by side"),
        "watch": _("Watch"),
    }

"""The fields of an experiment about its optimiser, penalties and schedule, and which of them have an effect."""

from __future__ import annotations

from bpviz.core.optimisers.rule import OPTIMISERS
from bpviz.core.optimisers.schedule import SCHEDULES
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment
from bpviz.ui.widgets.form_fields import ChoiceField, NumberField

OPTIMISER = ("optimiser", "momentum", "beta1", "beta2", "epsilon", "l1", "l2", "weight_decay", "clip_norm")
SCHEDULE = ("schedule", "schedule_epochs", "schedule_factor", "warm_up", "patience")
_ADAPTIVE = ("adagrad", "rmsprop", "adam", "adamw")
#: Field -> the choices with which it has an effect; a field that is not here always has one.
_NEEDED_BY: dict[str, tuple[str, ...]] = {
    "momentum": ("momentum", "nesterov"),
    "beta1": ("adam", "adamw"),
    "beta2": ("rmsprop", "adam", "adamw"),
    "epsilon": _ADAPTIVE,
    "schedule_epochs": ("step", "cosine", "plateau"),
    "schedule_factor": ("step", "exponential", "plateau"),
}
_SCHEDULE_TITLES = {"plateau": N_("on plateau")}


def rule_fields() -> dict[str, ChoiceField | NumberField]:
    """Return a field for each of `OPTIMISER` and `SCHEDULE`."""
    titles = {name: each.title for name, each in OPTIMISERS.items()}
    lines = {name: each.about for name, each in OPTIMISERS.items()}
    schedules = {name: _SCHEDULE_TITLES.get(name, name) for name in SCHEDULES}
    return {
        "optimiser": ChoiceField(_("Optimiser"), _("How an update is made of the gradient"), titles, lines),
        "momentum": NumberField(_("Momentum"), _("Share of the velocity that an update keeps, below 1")),
        "beta1": NumberField(_("Beta 1"), _("Share of the mean gradient that an update keeps, below 1")),
        "beta2": NumberField(_("Beta 2"), _("Share of the mean squared gradient that an update keeps, below 1")),
        "epsilon": NumberField(_("Epsilon"), _("Added to the root by which a step is divided")),
        "l1": NumberField(_("L1 penalty"), _("The loss also has this times the sum of |W|: small weights go to 0")),
        "l2": NumberField(
            _("L2 penalty"), _("The loss also has half of this times the sum of W²: large weights shrink")
        ),
        "weight_decay": NumberField(
            _("Weight decay"),
            _("Each update also shrinks W by learning rate × this, whatever the optimiser does with it"),
        ),
        "clip_norm": NumberField(_("Clip norm"), _("The longest gradient, over all parameters; 0 for no limit")),
        "schedule": ChoiceField(
            _("Schedule"), _("How the learning rate changes from epoch to epoch"), schedules, SCHEDULES
        ),
        "schedule_epochs": NumberField(_("Epochs"), _("After how many epochs the schedule acts; see its line")),
        "schedule_factor": NumberField(_("Factor"), _("By what the schedule multiplies the learning rate")),
        "warm_up": NumberField(_("Warm-up"), _("Epochs in which the learning rate rises to its value; 0 for none")),
        "patience": NumberField(
            _("Patience"), _("Training stops when the test loss has not fallen for so many epochs; 0 for never")
        ),
    }


def has_effect(name: str, experiment: Experiment) -> bool:
    """Return whether a field of `OPTIMISER` or `SCHEDULE` has an effect on an experiment."""
    chosen = experiment.schedule if name in SCHEDULE else experiment.optimiser
    return chosen in _NEEDED_BY.get(name, (chosen,))

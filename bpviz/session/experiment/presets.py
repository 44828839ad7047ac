"""Presets: predefined experiments, one JSON file each in resources/presets."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from bpviz.assets import resource
from bpviz.language import N_, _
from bpviz.session.experiment.experiment import Experiment, ExperimentError

DEFAULT = "moons"
#: The presets as they are listed: group -> names.
GROUPS = {
    N_("The article"): ("moons", "article"),
    N_("Other data"): ("linear", "xor", "circles", "spirals", "blobs"),
    N_("Tables"): ("iris", "wine", "breast-cancer", "digits"),
    N_("Regression"): ("line", "sine", "plane", "gauss", "diabetes"),
    N_("To look into"): ("mazur", "vanishing"),
    N_("Two networks side by side"): (
        "sigmoid-relu",
        "mse-cross-entropy",
        "xavier-article",
        "learning-rates",
        "sgd-adam",
    ),
}


@dataclass(frozen=True)
class Preset:
    """A named experiment, or a pair of experiments to compare.

    Attributes
    ----------
    name : str
        The file's name without its suffix; the value of the option `--preset`.
    title, line, about : str
        Its name on screen, what it shows in a few words, and a sentence about it.
    experiment : Experiment
    called : str
        The name of its branch in a comparison; "" for a single experiment.
    against : (str, Experiment) or None
        In a comparison, the name and the experiment of the other branch, which trains on the same samples.
    is_to_step : bool
        Whether it is meant to be walked through operation by operation, rather than trained.
    """

    name: str
    title: str
    line: str
    about: str
    experiment: Experiment
    called: str = ""
    against: tuple[str, Experiment] | None = None
    is_to_step: bool = False

    def trains(self, experiment: Experiment) -> bool:
        """Return whether an experiment is one of this preset's, apart from the number of epochs."""
        own = (self.experiment, self.against[1]) if self.against else (self.experiment,)
        return any(dataclasses.replace(each, epochs=experiment.epochs) == experiment for each in own)


@cache
def preset_names() -> tuple[str, ...]:
    """Return the names of all presets, the default first."""
    names = sorted(path.stem for path in resource("presets").glob("*.json"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT))


@cache
def load_preset(name: str) -> Preset:
    """Read one preset.

    Raises
    ------
    ExperimentError
        If there is no such preset.
    """
    if name not in preset_names():
        raise ExperimentError(
            {
                "": _("no preset is called {name}; choose one of {preset_names}").format(
                    name=name, preset_names=", ".join(preset_names())
                )
            }
        )
    content = json.loads(resource("presets", f"{name}.json").read_text(encoding="utf-8"))
    experiment = Experiment.from_values(content["experiment"])
    against = _against(content["experiment"], content.get("against"))
    texts = content["title"], content["line"], content["about"]
    is_to_step = content.get("is_to_step", False)
    return Preset(name, *texts, experiment, content.get("called", ""), against, is_to_step)


def _against(values: dict[str, Any], other: dict[str, Any] | None) -> tuple[str, Experiment] | None:
    return (other["called"], Experiment.from_values(values | other["changes"])) if other else None

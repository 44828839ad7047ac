"""Ready-made experiments, one JSON file each under resources/presets."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bpviz.assets import resource
from bpviz.session.experiment import Experiment, ExperimentError

DEFAULT = "moons"


@dataclass(frozen=True)
class Preset:
    """A named experiment with what it is there to show."""

    name: str
    title: str
    about: str
    experiment: Experiment


def preset_names() -> list[str]:
    """Return the names of all presets, the default first."""
    names = sorted(path.stem for path in resource("presets").glob("*.json"))
    return sorted(names, key=lambda name: name != DEFAULT)


def load_preset(name: str) -> Preset:
    """Read one preset.

    Raises
    ------
    ExperimentError
        If there is no such preset.
    """
    if name not in preset_names():
        raise ExperimentError({"": f"no preset is called {name}; there are {', '.join(preset_names())}"})
    content = json.loads(resource("presets", f"{name}.json").read_text(encoding="utf-8"))
    return Preset(name, content["title"], content["about"], Experiment.from_values(content["experiment"]))

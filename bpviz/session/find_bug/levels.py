"""The levels of *Find the bug*, and which mistakes may be planted at each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bpviz.core import backprop
from bpviz.core.mistakes.catalogue import MISTAKES
from bpviz.core.mistakes.planted import PlantedTraining, plant_all
from bpviz.core.network import Network
from bpviz.language import N_
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.training.first_network import first_network

#: What is trained: small enough to read every number, with a square W, in which a transpose fits.
EXPERIMENT = Experiment(
    samples=400,
    hidden=(4, 4),
    activations=("sigmoid",) * 3,
    initializer="xavier",
    learning_rate=0.5,
    epochs=100,
)
# A change of a parameter by less than this part of its usual change is not seen on screen.
_VISIBLE = 1e-4


@dataclass(frozen=True)
class Level:
    """A level.

    Attributes
    ----------
    name, task : str
    candidates : tuple of str
        Names of `bpviz.MISTAKES`.
    n_mistakes : int
        How many are planted at once.
    """

    name: str
    task: str
    candidates: tuple[str, ...]
    n_mistakes: int = 1


_UPDATE = ("sign_flipped", "learning_rate_left_out", "learning_rate_squared", "layer_not_updated", "bias_not_updated")
_SLOPE = ("slope_left_out", "slope_applied_twice", "slope_of_z", "slope_of_a")
_WAY_BACK = ("weights_not_transposed", "weights_left_out", "error_instead_of_delta", "cross_entropy_delta_with_mse")
_GRADIENT = ("gradient_transposed", "z_instead_of_a", "weights_instead_of_inputs", "averaged_over_neurons")
_LAYER = ("slope_of_wrong_layer", "delta_of_wrong_layer", "inputs_of_wrong_layer", "weights_of_wrong_layer")
_ALL = (*_UPDATE, *_SLOPE, *_WAY_BACK, *_GRADIENT, *_LAYER)
_STILL_LEARNS = ("slope_of_a", "slope_applied_twice", "factor_of_two", "weights_already_updated", "bias_not_updated")

LEVELS = (
    Level(N_("1. The update"), N_("One line of the update is wrong."), _UPDATE),
    Level(N_("2. The slope"), N_("Something is wrong with the slope of a layer."), _SLOPE),
    Level(N_("3. The way back"), N_("An error or a delta is wrong."), _WAY_BACK),
    Level(N_("4. The gradients"), N_("A dW or a db is wrong."), _GRADIENT),
    Level(N_("5. Layers mixed up"), N_("One layer uses what belongs to another."), _LAYER),
    Level(N_("6. Anything"), N_("One line is wrong, anywhere on the way back or in the update."), _ALL),
    Level(N_("7. Two at once"), N_("Two lines are wrong."), _ALL, n_mistakes=2),
    Level(N_("8. It still learns"), N_("One line is wrong, and the network learns all the same."), _STILL_LEARNS),
)


def draw(level: Level, rng: np.random.Generator) -> Experiment:
    """Return the experiment with mistakes of a level, drawn at random among those that can be seen."""
    chosen = list(_choices(level))
    return dataclasses.replace(EXPERIMENT, mistakes=chosen[int(rng.integers(len(chosen)))])


def _choices(level: Level) -> Iterator[tuple[str, ...]]:
    single = [text for name in level.candidates for text in plantable_texts(EXPERIMENT, name)]
    for texts in combinations(single, level.n_mistakes):
        if len({text.partition("@")[2] for text in texts}) == level.n_mistakes:  # two in one layer could cancel
            yield texts


def plantable_texts(experiment: Experiment, name: str) -> tuple[str, ...]:
    """Return a mistake in each layer of an experiment's network where it can be made and changes something."""
    network, texts = first_network(experiment), []
    for layer in range(1, len(network.layers) + 1):
        text = f"{name}@{layer}"
        try:
            planted = plant_all(network, [text])
        except ValueError:
            continue  # it cannot be made in this layer
        looks_back = planted[0].way.needs_before or "previous" in name
        if not looks_back and planted[0].first_effect != "forward" and _is_visible(network, text, experiment):
            texts.append(text)
    return tuple(texts)


def plantable_names(experiment: Experiment) -> tuple[str, ...]:
    """Return the names of all mistakes that can be planted in an experiment's network."""
    return tuple(name for name in MISTAKES if plantable_texts(experiment, name))


def _is_visible(network: Network, text: str, experiment: Experiment) -> bool:
    """Return whether an update with a mistake differs from one without."""
    n_inputs, *_, n_outputs = experiment.sizes
    x, y = np.resize([0.7, -0.4], (1, n_inputs)), np.eye(n_outputs)[:1]
    right, wrong, rate = network.copy(), network.copy(), experiment.learning_rate
    backprop.update(right, backprop.trace(right, x, y), rate)
    PlantedTraining(wrong, plant_all(wrong, [text])).update(x, y, rate)
    usual = np.abs(right.parameters - network.parameters).max()
    return bool(np.abs(right.parameters - wrong.parameters).max() > _VISIBLE * usual)

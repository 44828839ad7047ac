"""Multilayer perceptrons of scikit-learn, which is imported only to make one."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from bpviz.core.interchange.activation_names import SKLEARN
from bpviz.core.interchange.chain import Chain
from bpviz.core.network import Network
from bpviz.core.training.article import NeuralNetwork
from bpviz.language import _

_NAMES = {ours: theirs for theirs, ours in SKLEARN.items()}


def from_sklearn(model: Any) -> NeuralNetwork:
    """Return the network of a fitted MLPClassifier or MLPRegressor, whose outputs are exactly the model's.

    A classifier gets the loss cross_entropy, a regressor mse. For two classes scikit-learn has only one output, a
    sigmoid that is the probability of the second class, and so has the network: compare it with 0.5, as `predict`,
    which looks for the largest output, always finds the only one.

    Raises
    ------
    ValueError
        If the model is not fitted, is another kind of model, or has an activation that bpviz does not have.
    """
    kind = type(model).__name__
    if not hasattr(model, "coefs_"):
        raise ValueError(
            _("{kind}: not a multilayer perceptron of scikit-learn that has been fitted").format(kind=kind)
        )
    chain, last = Chain(), len(model.coefs_)
    for number, (W, b) in enumerate(zip(model.coefs_, model.intercepts_, strict=True), start=1):
        where, theirs = (
            _("layer {number}").format(number=number),
            model.out_activation_ if number == last else model.activation,
        )
        if theirs not in SKLEARN:
            raise ValueError(_("{where}: bpviz has no activation {theirs}").format(where=where, theirs=theirs))
        chain.add_dense(where, W, b)
        chain.add_activation(where, SKLEARN[theirs])
    return chain.network("cross_entropy" if hasattr(model, "classes_") else "mse")


def to_sklearn(network: Network, classes: npt.ArrayLike | None = None) -> Any:
    """Return a fitted model of scikit-learn whose predictions are those of a network.

    An output layer of sigmoid or softmax gives an MLPClassifier, whose `predict_proba` are the outputs; a single output
    is the probability of the second of two classes. Any other output layer gives an MLPRegressor.

    Parameters
    ----------
    network : Network
    classes : array_like, optional
        Labels of the classes, by default 0, 1, ...

    Raises
    ------
    ValueError
        If scikit-learn has no such activation, or the hidden layers have different ones, of which it has only one.
    """
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    hidden, output = _hidden_activation(network), _theirs(network, len(network.layers))
    is_classifier = output in ("logistic", "softmax")
    widths = [layer.n_neurons for layer in network.layers[:-1]]
    model = (MLPClassifier if is_classifier else MLPRegressor)(hidden_layer_sizes=tuple(widths), activation=hidden)
    model.coefs_ = [layer.weights.copy() for layer in network.layers]
    model.intercepts_ = [layer.bias.copy() for layer in network.layers]
    model.n_features_in_, model.n_outputs_ = network.layers[0].n_input, network.layers[-1].n_neurons
    model.n_layers_, model.out_activation_ = len(network.layers) + 1, output
    if is_classifier:
        _set_classes(model, classes)
    return model


def _set_classes(model: Any, classes: npt.ArrayLike | None) -> None:
    from sklearn.preprocessing import LabelBinarizer

    needed = max(model.n_outputs_, 2)
    labels = np.arange(needed) if classes is None else np.asarray(classes)
    if len(np.unique(labels)) != needed or labels.shape != (needed,) or (np.sort(labels) != labels).any():
        raise ValueError(
            _("the network has {needed} classes: give as many different labels, in ascending order").format(
                needed=needed
            )
        )
    # Two outputs for two classes are compared with each other, as three would be; fitted to two, it expects one.
    binarizer = LabelBinarizer().fit(labels)
    binarizer.y_type_ = "binary" if model.n_outputs_ == 1 else "multiclass"
    model._label_binarizer, model.classes_ = binarizer, labels


def _hidden_activation(network: Network) -> str:
    numbers = range(1, len(network.layers))
    for before, number in pairwise(numbers):
        if _theirs(network, before) != _theirs(network, number):
            raise ValueError(
                _("layer {number}: scikit-learn has one activation for all hidden layers").format(number=number)
            )
    return _theirs(network, 1) if numbers else "relu"


def _theirs(network: Network, number: int) -> str:
    name = network.layers[number - 1].activation
    if name not in _NAMES:
        raise ValueError(_("layer {number}: scikit-learn has no activation {name}").format(number=number, name=name))
    return _NAMES[name]

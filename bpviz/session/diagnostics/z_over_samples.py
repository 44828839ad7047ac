"""z of one layer for many training samples: where on its activation function they lie."""

from __future__ import annotations

import numpy as np

from bpviz.core.arrays import Array
from bpviz.session.walkthrough.traced_update import TracedUpdate, network_of

# Computed in the window between two steps: so many samples at most, and so many multiplications.
_MOST, _LEAST, _MULTIPLICATIONS = 400, 20, 4_000_000


def z_over_samples(update: TracedUpdate, X: Array, layer: int) -> Array:
    """Return z of a layer with the parameters before an update, shape (n_chosen, n_neurons).

    Parameters
    ----------
    update : TracedUpdate
    X : ndarray of shape (n_samples, n_inputs)
        Of these, evenly spaced ones are taken: all if there are few, fewer for a large network.
    layer : int
        Counted from 1.
    """
    network = network_of(update)
    most = min(max(_MULTIPLICATIONS // len(network.parameters), _LEAST), _MOST)
    a = z = X[np.linspace(0, len(X) - 1, min(most, len(X))).astype(np.intp)]
    with np.errstate(all="ignore"):
        for each in network.layers[:layer]:
            z = a @ each.weights + each.bias
            a = each.rule.f(z, None)
    return np.asarray(z)

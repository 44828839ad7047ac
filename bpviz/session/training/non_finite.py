"""Which neuron it was whose number stopped being finite."""

from __future__ import annotations

import numpy as np

from bpviz.core.training.trainer import NonFiniteError, Trainer


def first_non_finite(trainer: Trainer, fault: NonFiniteError) -> tuple[int, int, int]:
    """Return sample, layer and neuron of a fault: the first neuron with a number that is not finite.

    Where all of them are finite, as those of a layer of which only an update is not, it is the one with the largest
    delta.

    Parameters
    ----------
    trainer : Trainer
        As the fault has left it: before the update in which it occurred.
    fault : NonFiniteError
    """
    done, _ = trainer.preview(np.array([fault.sample]))
    layer = done.layers[fault.layer - 1]
    values = getattr(layer, fault.quantity, layer.delta)  # the loss and an update are quantities of no layer
    is_bad = ~np.isfinite(values).reshape(-1, layer.delta.shape[-1]).all(axis=0)
    worst = np.where(is_bad, np.inf, np.abs(np.nan_to_num(layer.delta[0])))
    return fault.sample, fault.layer, int(worst.argmax())

"""`bpviz.check`: is somebody's backpropagation right and, if not, where does it go wrong first, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bpviz.core.activations import LEAK
from bpviz.core.checking.collecting import Collected, array_of, collect
from bpviz.core.checking.readings import readings_of
from bpviz.core.checking.running import DEFAULT_RATE, Theirs, run, ways_to_call
from bpviz.core.checking.snapshot import snapshot
from bpviz.core.diagnosis.diagnose import diagnose
from bpviz.core.diagnosis.input_error import InputError
from bpviz.core.diagnosis.layouts import RawUpdate
from bpviz.core.diagnosis.report import Report
from bpviz.language import _

Arrays = Sequence[Any] | None
Function = Callable[..., Any] | None


def check(
    network: Any = None,
    x: Any = None,
    y: Any = None,
    *,
    forward: Function = None,
    backward: Function = None,
    update: Function = None,
    names: Mapping[str, str | None] | None = None,
    X: Any = None,
    Y: Any = None,
    W: Arrays = None,
    b: Arrays = None,
    activations: Any = None,
    leak: float | None = None,
    loss: str | None = None,
    learning_rate: float | None = None,
    train_biases: bool | None = None,
    tolerance: float | None = None,
    **numbers: Any,
) -> Report:
    """Compare somebody's backpropagation with bpviz's, and name the mistake if they differ.

    Parameters
    ----------
    network : object or dict, optional
        A network in the article's shape: `layers` or `_layers`, each with `weights`, `bias`, `activation` and, as far
        as it has them, `error` and `delta`; methods like `feed_forward(X)` and `backpropagation(X, y, learning_rate)`.
        Or lists `weights` and `biases`, or W1, b1, ... on the object or in a dict. It is copied, and not changed.
    x, y : array_like
        One sample, or a batch with samples as rows or columns; y are targets or class numbers. Also X and Y.
    forward, backward, update : callable, optional
        Functions in place of methods. Their parameters are recognised by name: X, y, params, cache, ...
    names : dict, optional
        Other names of attributes and methods, e.g. ``{"weights": "w", "backpropagation": "learn"}``; None as a name
        leaves a quantity out.
    W, b : list of array_like, optional
        The parameters, where no network is given. Then the numbers to check are given by keyword.
    activations : list of str, optional
        One for each layer, or one for all: names of bpviz, or functions of z. Inferred where a is given.
    leak : float, optional
        The slope of leaky_relu where z is negative, above 0 and at most 1; by default 0.01.
    loss : {"mse", "cross_entropy", "huber", "mae"}, optional
        By default what fits.
    learning_rate : float, optional
        That of the update; by default 0.1 for a network that is run, and inferred from numbers.
    train_biases : bool, optional
        Whether the biases should be updated.
    tolerance : float, optional
        The largest difference that does not count, relative to the largest number of an array. By default it follows
        from the arithmetic.
    **numbers
        Lists of one array a layer, None where there is none: z, a, error, slope, delta, dW, db, W_after, b_after; and
        loss_value.

    Returns
    -------
    Report

    Raises
    ------
    ValueError
        If something is missing or does not fit; the sentence says what, where, and what to do.
    """
    x, y = (X if x is None else x), (Y if y is None else y)
    settings = {"activations": activations, "loss": loss, "learning_rate": learning_rate, "leak": leak}
    settings = {name: value for name, value in settings.items() if value is not None}
    is_run = forward is not None or backward is not None or not (network is None or isinstance(network, Mapping))
    if is_run:
        target = {"W": W, "b": b} if network is None and W is not None else network
        theirs = Theirs(target, forward, backward, update, names or {})
        return _check_program(theirs, x, y, settings, train_biases=train_biases, tolerance=tolerance)
    given = {"W": W, "b": b, "x": x, "y": y, **numbers}
    found = collect({**_renamed(network or {}, names or {}), **{k: v for k, v in given.items() if v is not None}})
    found.settings |= settings
    return check_collected(found, train_biases=train_biases is not False, tolerance=tolerance)


def _renamed(arrays: Mapping[str, Any], names: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the arrays under the names of bpviz; those whose name is None are left out."""
    ours = {theirs: name for name, theirs in names.items() if theirs}
    return {ours.get(key, key): value for key, value in arrays.items() if names.get(key, key) is not None}


def check_collected(found: Collected, *, train_biases: bool = True, tolerance: float | None = None) -> Report:
    """Return the report on arrays that were collected.

    Raises
    ------
    ValueError
        If something is missing or does not fit.
    """
    weights, biases = found.parameters()
    if found.x is None or found.y is None:
        what = "x" if found.x is None else "y"
        raise InputError(_("{what} is missing: give the samples and their targets, x=... and y=...").format(what=what))
    if not found.numbers:
        raise InputError(
            _("there is nothing to check: give some of z, a, error, slope, delta, dW, db, loss, W_after, b_after")
        )
    rate = _rate(found.settings.get("learning_rate"))
    update = RawUpdate(found.x, found.y, weights, biases, found.numbers, rate, train_biases)
    return _report([update], found.settings, tolerance)


def _rate(given: Any) -> float | None:
    if given is None:
        return None
    rate = float(array_of(given, _("the learning rate")).ravel()[0])
    if not rate > 0.0:
        raise InputError(_("the learning rate is {rate:g}; it must be greater than 0").format(rate=rate))
    return rate


def _check_program(
    theirs: Theirs, x: Any, y: Any, settings: dict[str, Any], *, train_biases: bool | None, tolerance: float | None
) -> Report:
    """Run somebody's program in every way in which it can be called; return the report on the way that says most."""
    if x is None or y is None:
        raise InputError(
            _("{what} is missing: bpviz.check(network, x, y) needs samples and targets").format(
                what="x" if x is None else "y"
            )
        )
    x, y = array_of(x, "x"), array_of(y, "y")
    known = snapshot(theirs.network, theirs.names).settings
    settings = {**known, **settings}
    rate = _rate(settings.get("learning_rate")) or DEFAULT_RATE
    if train_biases is None:
        train_biases = bool(getattr(theirs.network, "train_biases", True))
    reports, faults = dict[str, Report](), dict[str, Exception]()
    for way, samples in ways_to_call(x, y):
        try:
            with np.errstate(all="ignore"):
                updates = run(theirs, samples, rate, train_biases=train_biases)
            reports[way] = _diagnosed(updates, settings, tolerance)
        except Exception as fault:  # of their program, or of arrays that do not fit when it is called this way
            faults[way] = fault
            continue
        if reports[way].ok or reports[way].causes:
            return reports[way]
    if not reports:
        raise _unusable(faults) from next(iter(faults.values()))
    return next(iter(reports.values()))


def _diagnosed(updates: list[RawUpdate], settings: dict[str, Any], tolerance: float | None) -> Report:
    if not any(update.numbers for update in updates):
        raise InputError(
            _(
                "the network gave nothing to check: it needs a method such as backpropagation(X, y, learning_rate); "
                "another name is given by names={'backpropagation': 'their_name'}, a function by backward=..."
            )
        )
    return _report(updates, settings, tolerance)


def _report(updates: list[RawUpdate], settings: Mapping[str, Any], tolerance: float | None) -> Report:
    leak = _leak(settings.get("leak"))
    updates = [replace(update, leak=leak) for update in updates]
    return diagnose(readings_of(updates, settings.get("activations", "?"), settings.get("loss")), tolerance)


def _leak(given: Any) -> float:
    if given is None:
        return LEAK
    leak = float(array_of(given, _("the leak")).ravel()[0])
    if not 0.0 < leak <= 1.0:
        raise InputError(_("the leak is {leak:g}; it must be greater than 0 and at most 1").format(leak=leak))
    return leak


def _unusable(faults: Mapping[str, Exception]) -> InputError:
    """Return what to raise where a program could be run in no way: our own sentence, or what the program raised."""
    ours = next((fault for fault in faults.values() if isinstance(fault, InputError)), None)
    if ours is not None:
        return ours
    told = "; ".join(
        _("given a {way}, {name}: {fault}").format(way=way, name=type(fault).__name__, fault=fault)
        for way, fault in list(faults.items())[:2]
    )
    return InputError(
        _(
            "the program could not be run on these samples ({told}): "
            "check the shapes of x and y, or give its functions by forward=... and backward=..."
        ).format(told=told)
    )

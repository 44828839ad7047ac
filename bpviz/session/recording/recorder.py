"""`bpviz.record`: note the numbers of somebody's own training loop while it runs, and write them to a file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from bpviz.core.checking.naming import activation_name, activation_names, loss_names
from bpviz.core.checking.observing import Observer
from bpviz.core.checking.running import Theirs
from bpviz.core.checking.sighting import Sighting
from bpviz.core.checking.snapshot import snapshot
from bpviz.core.diagnosis.input_error import InputError
from bpviz.language import _
from bpviz.session.files.safe_write import SUFFIX, ExportError, check_target
from bpviz.session.recording.recording import RecordedUpdate, Recording
from bpviz.session.recording.recording_file import MOST_RECORDED_BYTES, write_recording
from bpviz.session.recording.understanding import understand

_DEFAULT_BYTES = 64 * 2**20


def record(
    network: Any = None,
    path: str | Path = "mine.bpviz",
    *,
    names: Mapping[str, str | None] | None = None,
    activations: Any = None,
    loss: str | None = None,
    learning_rate: float | None = None,
    train_biases: bool | None = None,
    most_bytes: int = _DEFAULT_BYTES,
) -> Recorder:
    """Record every update of a training loop of yours, for `bpviz mine.bpviz`: ``with bpviz.record(net, path): ...``.

    The calls of the network's own methods are observed: `feed_forward` or `forward`, `backpropagation`, `backward` or
    `train_step`, and `update`, by whatever name `bpviz.check` knows them. Of each update x, y and the parameters before
    it are copied, and all that the network stores or its methods return: activations, errors, deltas, gradients, and
    the parameters after it. Nothing in the program is called or changed, and it computes the same numbers.

    Parameters
    ----------
    network : object, dict or module
        As for `bpviz.check`; also a module of functions, if it is called as ``module.backward(...)``.
    path : str or Path
        Of the file, whose name ends in .bpviz. It is written at the end, also if the loop ends with an exception.
    names : dict, optional
        Other names of attributes and methods, as in `bpviz.check`; None as a name leaves a quantity out, for example
        ``{"W_after": None, "b_after": None}`` for steps that are more than the learning rate times the gradient.
    activations : list of str or str, optional
        By default those of the network, or what fits.
    loss : {"mse", "cross_entropy"}, optional
        By default what fits.
    learning_rate : float, optional
        By default that which the methods are given, or what fits.
    train_biases : bool, optional
        Whether the biases should be updated.
    most_bytes : int
        The size of the arrays kept: when it is full, only every second update is kept, then every fourth, ...

    Returns
    -------
    Recorder
        A context manager; `str` of it says what was recorded. A program without such methods calls its `note`.

    Raises
    ------
    ValueError
        If a setting has no meaning or, at the end, if there was no update that could be read.
    OSError
        If the file cannot be written.
    """
    return Recorder(
        Theirs(network, names=names or {}),
        Path(path),
        {"activations": activations, "loss": loss, "learning_rate": learning_rate, "train_biases": train_biases},
        most_bytes,
    )


class Recorder:
    """Keeps the updates of a training loop, every one or as many as there is room for; see `record`.

    Parameters
    ----------
    theirs : Theirs
    path : Path
    settings : mapping
        What was given in place of what is read or inferred; None for what was not.
    most_bytes : int
    """

    def __init__(self, theirs: Theirs, path: Path, settings: Mapping[str, Any], most_bytes: int) -> None:
        _check(settings, most_bytes)
        self.path = path
        self._theirs, self._settings, self._most_bytes = theirs, settings, most_bytes
        self._observer = Observer(theirs, self._is_wanted, self._take)
        self._kept: list[RecordedUpdate] = []
        self._stride, self._n_bytes = 1, 0
        self._ended_by = ""
        self._train_biases = settings["train_biases"]
        if self._train_biases is None:
            self._train_biases = getattr(theirs.network, "train_biases", True) is not False

    def __enter__(self) -> Recorder:
        check_target(self.path, (SUFFIX,))  # before a training that may take hours
        self._observer.attach()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._observer.detach()
        self._ended_by = kind.__name__ if kind else ""
        try:
            write_recording(self.path, self.recording())
        except (ValueError, ExportError) as problem:
            if fault is None:
                raise
            fault.add_note(_("bpviz.record: {problem}").format(problem=problem))  # what ended their loop matters more

    def note(
        self, x: Any = None, y: Any = None, *found: Any, learning_rate: float | None = None, **numbers: Any
    ) -> None:
        """Note an update of a program of functions; call it after the backward pass, and before the step.

        Where a method is observed, it adds numbers to the update seen last: x and y can be left out.

        Parameters
        ----------
        x, y : array_like
            The samples and targets of this update.
        *found : dict or object
            Whatever holds numbers by names such as W1, b1, Z1, A1, dW1: the parameters as they are now, a cache,
            gradients.
        learning_rate : float, optional
        **numbers
            Lists of one array a layer, as in `bpviz.check`: z, a, error, slope, delta, dW, db; also W and b.

        Raises
        ------
        ValueError
            If something is missing or has no meaning.
        """
        self._observer.note(x, y, found, learning_rate, numbers)

    # What was recorded

    def recording(self) -> Recording:
        """Return what was recorded so far.

        Raises
        ------
        ValueError
            If that is nothing.
        """
        faults, total = self._observer.faults, self._observer.count
        if not self._kept:
            raise InputError(
                _("nothing was recorded: {reason}").format(reason=faults[0] if faults else self._why_nothing())
            )
        return Recording(
            tuple(self._kept),
            max(total, len(self._kept)),
            self._stride,
            self._activations(),
            self._loss(),
            unread=min(len(faults), total),
            fault=faults[0] if faults else "",
            ended_by=self._ended_by,
        )

    def __str__(self) -> str:
        """Return what was recorded, in plain words."""
        try:
            return f"{self.path}: {' '.join(self.recording().sentences())}"
        except ValueError as fault:
            return f"{self.path}: {fault}"

    def _why_nothing(self) -> str:
        if self._observer.count:
            return _("no update was complete when the loop ended")
        if self._observer.has_method:
            return _("its backward pass was not called in the with block")
        return _(
            "the network has no method such as backpropagation(X, y, learning_rate); another name is given by "
            "names={'backpropagation': 'their_name'}, and functions call recorder.note(x, y, parameters, gradients)"
        )

    # Keeping

    def _is_wanted(self, number: int) -> bool:
        return number % self._stride == 0

    def _take(self, seen: Sighting) -> None:
        if not self._is_wanted(seen.number):
            return  # there was less room when it ended than when it began
        if self._settings["learning_rate"] is not None:
            seen.learning_rate = float(self._settings["learning_rate"])
        update = RecordedUpdate(seen.number + 1, seen.update(self._theirs.names, train_biases=bool(self._train_biases)))
        self._kept.append(update)
        self._n_bytes += update.n_bytes
        if len(self._kept) == 1 and self._stride == 1:
            self._warn_if_not_understood()
        while self._n_bytes > self._most_bytes and len(self._kept) > 1:
            self._stride *= 2
            self._kept = [each for each in self._kept if self._is_wanted(each.number - 1)]
            self._n_bytes = sum(each.n_bytes for each in self._kept)

    def _warn_if_not_understood(self) -> None:
        """Warn at the first update, not after hours of training, if a setting is missing."""
        try:
            if (given := self._settings["activations"]) is not None:
                activation_names(given, len(self._kept[0].raw.weights))
            understand(self.recording())
        except ValueError as fault:
            warnings.warn(
                _("bpviz.record: the numbers cannot be compared: {fault}").format(fault=fault),
                UserWarning,
                stacklevel=2,
            )

    def _activations(self) -> tuple[str, ...] | None:
        """Return the names that were given or that the network has; None if they have to be inferred."""
        given = self._settings["activations"]
        try:
            if given is None:
                given = snapshot(self._theirs.network, self._theirs.names, finite=False).settings.get("activations")
            return None if given is None else tuple(activation_names(given, len(self._kept[0].raw.weights)))
        except Exception:  # theirs may be anything, and what it is can still be inferred
            return None

    def _loss(self) -> str | None:
        given = self._settings["loss"] or getattr(self._theirs.network, "loss_name", None)
        return given if isinstance(given, str) else None


def _check(settings: Mapping[str, Any], most_bytes: int) -> None:
    """Refuse settings that have no meaning at once, not at the end of a long training."""
    activations, rate = settings["activations"], settings["learning_rate"]
    if activations is not None:
        each = activations if isinstance(activations, Sequence) and not isinstance(activations, str) else [activations]
        for layer, given in enumerate(each, start=1):
            activation_name(given, layer)
    if settings["loss"] is not None:
        loss_names(settings["loss"], "sigmoid")
    if rate is not None and not rate > 0.0:
        raise InputError(_("the learning rate is {rate:g}; it must be greater than 0").format(rate=rate))
    if not 0 < most_bytes <= MOST_RECORDED_BYTES:
        raise InputError(
            _("most_bytes is {most_bytes:,}; it must be from 1 to {most_recorded_bytes:,}").format(
                most_bytes=most_bytes, most_recorded_bytes=MOST_RECORDED_BYTES
            )
        )

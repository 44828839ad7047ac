"""`bpviz gradcheck`: compare the gradients of backpropagation with central differences."""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from typing import TYPE_CHECKING, NoReturn

from bpviz.commands.interrupt import INTERRUPTED, Interrupt
from bpviz.commands.options import DATA, NETWORK, PENALTIES, add_options, experiment_from
from bpviz.commands.own_table import add_own_table
from bpviz.commands.parser import Parser, add_preset, checked_by, number, presets_text
from bpviz.commands.progress import about, progress_bar
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import EPSILON, LayerCheck, check_in_pieces, count_pieces
from bpviz.core.gradcheck_report import no_gradients, penalty_text, verdict
from bpviz.language import N_, _
from bpviz.session.experiment.validation import Integer, Real
from bpviz.session.training.training import Training

if TYPE_CHECKING:
    from tqdm import tqdm

PROG = "bpviz gradcheck"
_DESCRIPTION = N_("""\
Compares the gradient computed by backpropagation with central differences,
(loss(p + epsilon) - loss(p - epsilon)) / (2 epsilon) for every weight and bias p, before any training.
With --l1 or --l2 the penalty of the weights is part of the loss, and of the gradient.
It prints the largest relative error of each layer. If the gradients differ by more than 1e-5, and by more than the
central difference's own error, it names the layer to look at. Where that error (a kink of relu, rounding) is as large
as the gradient, it says that it cannot tell. It exits with 1 if a gradient is wrong, else with 0. A check of millions
of parameters takes hours: it says how long, and Ctrl-C ends it without a result.""")
_EXAMPLES = N_("""\
examples:
  bpviz gradcheck
  bpviz gradcheck --preset blobs --samples-checked 20
  bpviz gradcheck --layers 8,8 --activation tanh --loss cross_entropy
  bpviz gradcheck --l2 0.01

""")
_SAMPLES = 5
# When to say how long the check will take, and from which duration on.
_TELL_AFTER_SECONDS, _LONG_SECONDS = 1.5, 10.0


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    try:
        training = _prepare(given)
    except ValueError as fault:  # of the experiment, its data, or the number of samples
        parser.error(str(fault))
    chosen = slice(given.samples_checked or _SAMPLES)
    x, y = training.split.X_train[chosen], training.split.y_train[chosen]
    with Interrupt() as interrupt:
        checks = _check(training, x, y, given.epsilon, interrupt)
    if checks is None:
        return INTERRUPTED
    found = verdict(checks)
    _report(training, checks, found.sentence)
    return 0 if found.layer is None else 1


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} [options]", _(_DESCRIPTION), _(_EXAMPLES) + presets_text())
    add_preset(parser)
    parser.add_argument(
        "--samples-checked",
        metavar="N",
        type=number,
        help=_("the first N training samples, as one batch [{samples}, or as many as there are]").format(
            samples=_SAMPLES
        ),
    )
    parser.add_argument(
        "--epsilon",
        metavar="X",
        type=checked_by(Real(0.0, 1.0, above=True), number),
        default=EPSILON,
        help=_("step of the central difference [{epsilon:g}]").format(epsilon=EPSILON),
    )
    add_options(parser, _("network (in brackets the values of the preset moons)"), NETWORK)
    add_options(parser, _("penalty"), PENALTIES)
    add_options(parser, _("data"), DATA)
    add_own_table(parser)
    return parser


def _prepare(given: Namespace) -> Training:
    training = Training(experiment_from(given))
    asked = given.samples_checked
    if asked is not None and (problem := Integer(1, len(training.split.X_train)).problem(asked)):
        raise ValueError(_("samples checked {problem} (--samples-checked)").format(problem=problem))
    return training


def _check(training: Training, x: Array, y: Array, epsilon: float, interrupt: Interrupt) -> list[LayerCheck] | None:
    """Return the checks of all layers, or None after Ctrl-C."""
    network = training.network
    pieces = check_in_pieces(network, x, y, epsilon, rule=training.experiment.rule)
    total = count_pieces(network, len(x))
    with progress_bar(total, _("piece")) as bar:
        progress = _Progress(bar, total, _("{n_parameters:,} parameters").format(n_parameters=len(network.parameters)))
        while not interrupt.requested:
            try:
                next(pieces)
            except StopIteration as end:
                return list(end.value)
            progress.advance()
    _say(_("Stopped after {share:.0%} of the check, which has a result only at its end.").format(share=progress.share))
    return None


class _Progress:
    """Advances the progress bar, and says once how long the check will take, if that is long."""

    def __init__(self, bar: tqdm[NoReturn], total: int, what: str) -> None:
        self._bar, self._total, self._what = bar, total, what
        self._done, self._began, self._is_told = 0, time.monotonic(), False

    @property
    def share(self) -> float:
        """How much of the check is done, 0 to 1."""
        return self._done / self._total

    def advance(self) -> None:
        """Note that one more piece is done."""
        self._done += 1
        self._bar.update()
        elapsed = time.monotonic() - self._began
        if not self._is_told and elapsed > _TELL_AFTER_SECONDS:
            self._is_told = True
            if (whole := elapsed / self.share) > _LONG_SECONDS:
                self._bar.write(
                    _("{prog}: {what} take {about}; Ctrl-C stops.").format(
                        prog=PROG, what=self._what, about=about(whole)
                    ),
                    file=sys.stderr,
                )


def _report(training: Training, checks: list[LayerCheck], sentence: str) -> None:
    for layer, found in zip(training.network.layers, checks, strict=True):
        print(
            _(
                "layer {layer} ({n_input} to {n_neurons}, {activation}): "
                "largest relative error {largest:.2e} over {n_parameters:,} parameters"
            ).format(
                layer=found.layer,
                n_input=layer.n_input,
                n_neurons=layer.n_neurons,
                activation=layer.activation,
                largest=found.largest,
                n_parameters=layer.n_parameters,
            )
        )
    rule = training.experiment.rule
    if loss := penalty_text(rule):
        print(_("The penalty is in both gradients: they are those of {loss}.").format(loss=loss))
    print(" ".join(filter(None, (sentence, no_gradients(rule)))))
    sys.stdout.flush()


def _say(sentence: str) -> None:
    print(f"{PROG}: {sentence}", file=sys.stderr)

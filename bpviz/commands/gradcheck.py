"""`bpviz gradcheck`: compare the gradients of backpropagation with central differences."""

from __future__ import annotations

import sys
from argparse import Namespace

from bpviz.commands.options import DATA, NETWORK, add_options, experiment_from
from bpviz.commands.parser import Parser, add_preset, checked_by, number, presets_text
from bpviz.core.gradcheck import EPSILON, LayerCheck, check
from bpviz.core.gradcheck_report import verdict
from bpviz.session.experiment.validation import Integer, Real
from bpviz.session.training.training import Training

PROG = "bpviz gradcheck"
_DESCRIPTION = """\
Compares the gradient computed by backpropagation with central differences,
(loss(p + epsilon) - loss(p - epsilon)) / (2 epsilon) for every weight and bias p, before any training.
It prints the largest relative error of each layer. If the gradients differ by more than 1e-5, and by more than the
central difference's own error, it names the layer to look at. Where that error (a kink of relu, rounding) is as large
as the gradient, it says that it cannot tell. It exits with 1 if a gradient is wrong, else with 0."""
_EXAMPLES = """\
examples:
  bpviz gradcheck
  bpviz gradcheck --preset blobs --samples-checked 20
  bpviz gradcheck --layers 8,8 --activation tanh --loss cross_entropy

"""
_SAMPLES = 5


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse_args(argv)
    try:
        training = _prepare(given)
    except ValueError as fault:  # of the experiment, its data, or the number of samples
        parser.error(str(fault))
    chosen = slice(given.samples_checked or _SAMPLES)
    checks = check(training.network, training.split.X_train[chosen], training.split.y_train[chosen], given.epsilon)
    found = verdict(checks)
    _report(training, checks, found.sentence)
    return 0 if found.layer is None else 1


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} [options]", _DESCRIPTION, _EXAMPLES + presets_text())
    add_preset(parser)
    parser.add_argument(
        "--samples-checked",
        metavar="N",
        type=number,
        help=f"the first N training samples, as one batch [{_SAMPLES}, or as many as there are]",
    )
    parser.add_argument(
        "--epsilon",
        metavar="X",
        type=checked_by(Real(0.0, 1.0, above=True), number),
        default=EPSILON,
        help=f"step of the central difference [{EPSILON:g}]",
    )
    add_options(parser, "network (in brackets the values of the preset moons)", NETWORK)
    add_options(parser, "data", DATA)
    return parser


def _prepare(given: Namespace) -> Training:
    training = Training(experiment_from(given))
    asked = given.samples_checked
    if asked is not None and (problem := Integer(1, len(training.split.X_train)).problem(asked)):
        raise ValueError(f"samples checked {problem} (--samples-checked)")
    return training


def _report(training: Training, checks: list[LayerCheck], sentence: str) -> None:
    for layer, found in zip(training.network.layers, checks, strict=True):
        print(
            f"layer {found.layer} ({layer.n_input} to {layer.n_neurons}, {layer.activation}): "
            f"largest relative error {found.largest:.2e} over {layer.n_parameters:,} parameters"
        )
    print(sentence)
    sys.stdout.flush()

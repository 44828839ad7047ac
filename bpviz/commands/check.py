"""`bpviz check`: compare somebody's numbers with those of backpropagation, and name the mistake in them."""

from __future__ import annotations

import json
import os
import runpy
import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np

from bpviz.assets import resource
from bpviz.commands.number_files import read_numbers
from bpviz.commands.parser import Parser, checked_by, file, number, words
from bpviz.core.activations import ACTIVATIONS, LEAK
from bpviz.core.losses import LOSSES
from bpviz.language import N_, _
from bpviz.session.experiment.validation import Real
from bpviz.session.files.safe_write import ExportError, check_target

PROG = "bpviz check"
_DESCRIPTION = N_("""\
Compares numbers that you computed yourself with those of backpropagation, in the order in which they are computed, and
says which is the first to be wrong, and which mistake gives exactly these numbers.

The file holds the weights and biases W1, b1, W2, b2, ..., the samples x (one a row) and their targets y, and what is to
be checked, as far as you have it: z1, a1, error1, slope1, delta1, dW1, db1, and W1_after, b1_after, the parameters
after the update; also activations, loss and learning_rate. A folder holds the same as W1.csv, b1.csv, x.csv, ...
A sign, a factor of 2 or 1/n in everything, rows or columns are conventions, and never wrong.

It exits with 0 if all is right, with 1 if a number is wrong, and with 2 if there is nothing that can be checked.""")
_EXAMPLES = N_("""\
examples:
  bpviz check --example
  bpviz check mine.npz
  bpviz check folder --activation sigmoid --json""")
_EXAMPLE_FILES = ("mine.py", "mine.npz")


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    if (given.numbers is None) == (given.example is None):
        parser.error(_("give a file or folder of numbers, or --example"))
    try:
        if given.example is not None:
            return _write_example(given.example)
        return _check(given)
    except (ValueError, ExportError) as fault:  # of the files, or of numbers that do not fit together
        parser.error(str(fault))


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} FILE.npz | FOLDER [options]", _(_DESCRIPTION), _(_EXAMPLES))
    numbers = _("the numbers, or a folder of CSV files")
    parser.add_argument("numbers", metavar="FILE.npz", nargs="?", type=file, help=numbers)
    parser.add_argument(
        "--example",
        metavar="FOLDER",
        nargs="?",
        const=Path(),
        type=file,
        help=_("write an example to start from [here]"),
    )
    _add_what_numbers_are_of(parser)
    parser.add_argument(
        "--tolerance",
        metavar="X",
        type=checked_by(Real(0.0, 1.0, above=True), number),
        help=_("largest relative difference that does not count [from the arithmetic]"),
    )
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON, for graders"))
    return parser


def _add_what_numbers_are_of(parser: Parser) -> None:
    parser.add_argument(
        "--activation",
        metavar="NAME[,NAME...]",
        type=words,
        help=_("{activations}: one for all layers, or one per layer [that of the file, or what fits]").format(
            activations=" | ".join(ACTIVATIONS)
        ),
    )
    parser.add_argument(
        "--leak",
        metavar="X",
        type=checked_by(Real(0.0, 1.0, above=True), number),
        help=_("slope of leaky_relu where z is negative [{leak}]").format(leak=LEAK),
    )
    parser.add_argument(
        "--loss",
        metavar="NAME",
        choices=LOSSES,
        help=_("{losses} [that of the file, or what fits]").format(losses=" | ".join(LOSSES)),
    )
    parser.add_argument(
        "--learning-rate",
        metavar="X",
        type=checked_by(Real(0.0, 1000.0, above=True), number),
        help=_("that of the update [that of the file, or what fits]"),
    )


def _check(given: Namespace) -> int:
    from bpviz.core.checking.check import check

    arrays = read_numbers(given.numbers)
    activations = given.activation[0] if given.activation and len(given.activation) == 1 else given.activation
    settings: dict[str, Any] = {name: getattr(given, name) for name in ("learning_rate", "loss", "leak")}
    settings["activations"] = activations
    report = check(arrays, tolerance=given.tolerance, **settings)
    print(json.dumps(report.as_dict(), indent=2, ensure_ascii=False) if given.json else report)
    return 0 if report.ok else 1


def _write_example(folder: Path) -> int:
    program, numbers = (folder / name for name in _EXAMPLE_FILES)
    for path in (program, numbers):
        if os.path.exists(path):  # unlike Path.exists, False for a name that is too long
            raise ExportError(_("{path} exists already: choose another folder, --example FOLDER").format(path=path))
        check_target(path, (path.suffix,))
    source = resource("check", "mine.py")
    shutil.copyfile(source, program)
    np.savez(numbers, **runpy.run_path(str(source))["numbers"]())
    print(
        _("wrote {program} and {numbers}, what it computes; try “{prog} {numbers}”").format(
            program=program, numbers=numbers, prog=PROG
        )
    )
    return 0

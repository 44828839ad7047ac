"""`bpviz train`: train without a window."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from bpviz.commands.interrupt import INTERRUPTED, Interrupt
from bpviz.commands.options import DATA, NETWORK, OPTIMISER, TRAINING, add_options, add_switches, experiment_from
from bpviz.commands.own_table import add_own_table
from bpviz.commands.parser import Parser, add_network, add_source, file, presets_text, source_name
from bpviz.commands.progress import progress_bar
from bpviz.core.training.article import REPORT_EVERY, regression_line, report_line
from bpviz.core.training.trainer import NonFiniteError
from bpviz.language import N_, _
from bpviz.session.figures import figure
from bpviz.session.files.csv_export import write_history
from bpviz.session.files.safe_write import SUFFIX, ExportError, check_target
from bpviz.session.files.session_data import SavedSession
from bpviz.session.files.session_file import write_session
from bpviz.session.files.snapshot import single_branch_session
from bpviz.session.network_files.writing import SUFFIXES, write_network
from bpviz.session.programs.export import PROGRAMS, write_program
from bpviz.session.time_travel.history import History
from bpviz.session.training.early_stopping import EarlyStopping, early_stop_text
from bpviz.session.training.epochs import EpochRecord, EpochTable
from bpviz.session.training.training import Training

if TYPE_CHECKING:
    from tqdm import tqdm

PROG = "bpviz train"
_DESCRIPTION = N_("""\
Trains a network without a window. Every 10 epochs it prints the mean squared error over the training samples and
the accuracy over the test samples, for a regression their mean absolute error (MAE) and R2. The same options and seed
give the same numbers.
Ctrl-C stops after the current update; the requested files are then written with the results so far.""")
_EXAMPLES = N_("""\
examples:
  bpviz train --preset article                     reproduce the article's numbers
  bpviz train --epochs 100 --save run.bpviz        then: bpviz run.bpviz
  bpviz train --layers 8,8 --activation relu --learning-rate 0.05
  bpviz train --preset blobs --epochs 50 --figure blobs.svg --history blobs.csv
  bpviz train --dataset spirals --layers 32,32 --activation tanh,tanh,softmax --loss cross_entropy
  bpviz train --data flowers.csv --target species --scale standard

""")
_SUFFIXES = {
    "history": (".csv",),
    "weights": SUFFIXES,
    "program": (".py",),
    "figure": figure.SUFFIXES,
    "save": (SUFFIX,),
}
# Training is done in slices of some milliseconds; Ctrl-C is checked in between.
_SLICE_MULTIPLICATIONS, _MAX_SLICE_SAMPLES = 2_000_000, 1000


def run(argv: list[str]) -> int:
    """Run the command; return the exit code."""
    parser = _parser()
    given = parser.parse(argv)
    try:
        training = _prepare(given)
    except (ValueError, ExportError) as fault:  # of the experiment, its data, or a file asked for
        parser.error(str(fault))
    table = EpochTable()
    history = History(training)
    with Interrupt() as interrupt:
        code = _train(history, table, interrupt)
    return max(code, _write_files(given, history, table))


def _parser() -> Parser:
    parser = Parser(PROG, f"{PROG} [options]", _(_DESCRIPTION), _(_EXAMPLES) + presets_text())
    add_source(parser)
    add_network(parser)
    add_options(parser, _("training (in brackets the values of the preset moons)"), TRAINING)
    add_options(parser, _("optimiser and schedule"), OPTIMISER)
    add_options(parser, _("network"), NETWORK)
    add_options(parser, _("data"), DATA)
    add_own_table(parser)
    add_switches(parser)
    group = parser.add_argument_group(_("files, written when training ends"))
    group.add_argument(
        "--history",
        metavar="FILE.csv",
        type=file,
        help=_("MSE and accuracy (0 to 1), or MSE, R2 and MAE, of every epoch"),
    )
    group.add_argument(
        "--weights",
        metavar="FILE.npz|safetensors|onnx",
        type=file,
        help=_("W1, b1, W2, ... and the experiment, for numpy.load; or PyTorch's tensors; or an ONNX model"),
    )
    group.add_argument(
        "--figure",
        metavar="FILE.svg|png|pdf",
        type=file,
        help=_("the decision surface, the height map or the curves, with the points"),
    )
    group.add_argument(
        "--program", metavar="FILE.py", type=file, help=_("this experiment as a program of its own, written at once")
    )
    group.add_argument(
        "--program-for", metavar="NAME", choices=tuple(PROGRAMS), default="numpy", help=_("numpy | torch [numpy]")
    )
    group.add_argument("--save", metavar="FILE.bpviz", type=file, help=_("the session, to be continued in the window"))
    return parser


def _prepare(given: Namespace) -> Training:
    experiment = experiment_from(given)
    for name, suffixes in _SUFFIXES.items():
        if path := getattr(given, name):
            check_target(path, suffixes)
    training = Training(experiment)
    if given.program:
        write_program(given.program, training.experiment, training.split, given.program_for)
        _say(_("wrote {program}").format(program=given.program))
    return training


def _train(history: History, table: EpochTable, interrupt: Interrupt) -> int:
    training, epochs = history.training, history.training.experiment.epochs
    try:
        with progress_bar(epochs, _("epoch")) as bar:
            while training.position.epoch < epochs and not interrupt.requested:
                if record := _run_epoch(history, interrupt):
                    table.extend([record])
                    _report(record, bar)
                    if EarlyStopping().is_due(table.column("mse_test"), training.experiment.patience):
                        break
    except NonFiniteError as fault:
        _say(_("{clause}.").format(clause=training.stop_message(fault)))
        return 1
    if interrupt.requested and training.position.epoch < epochs:
        _say(_where_it_stopped(training))
        return INTERRUPTED
    if training.position.epoch < epochs:
        _say(f"{early_stop_text(table.column('mse_test'), training.experiment.patience)}.")
    return 0


def _run_epoch(history: History, interrupt: Interrupt) -> EpochRecord | None:
    """Train to the end of an epoch and return its record; return None after Ctrl-C."""
    n_parameters = len(history.training.network.parameters)
    samples = max(1, min(_SLICE_MULTIPLICATIONS // n_parameters, _MAX_SLICE_SAMPLES))
    while True:
        history.advance(samples)
        if scoring := history.training.take_scoring():
            return next(record for record in scoring if record)
        if interrupt.requested:
            return None


def _report(record: EpochRecord, bar: tqdm[NoReturn]) -> None:
    if record.epoch % REPORT_EVERY == 0:
        bar.write(_line(record), file=sys.stdout)
        sys.stdout.flush()
    bar.update()


def _line(record: EpochRecord) -> str:
    if scores := record.regression:
        return regression_line(record.epoch, record.mse_train, scores.mae_test, scores.r2_test)
    return report_line(record.epoch, record.mse_train, record.accuracy_test)


def _where_it_stopped(training: Training) -> str:
    epoch, sample = training.position.epoch, training.position.sample
    if not sample:
        return _("Stopped before epoch {epoch:,}.").format(epoch=epoch)
    return _("Stopped in epoch {epoch:,}, after {sample:,} of {count:,} samples.").format(
        epoch=epoch, sample=sample, count=len(training.split.X_train)
    )


def _write_files(given: Namespace, history: History, table: EpochTable) -> int:
    """Write the requested files, also the others if one fails; return the exit code."""
    training = history.training
    writers: dict[str, Callable[[Path], None]] = {
        "history": lambda path: write_history(table, path, n_planted=len(training.experiment.mistakes)),
        "weights": lambda path: write_network(training, path),
        "figure": lambda path: figure.write_figure(training, path, source_name(given)),
        "save": lambda path: _save(path, single_branch_session(history, training.experiment, table)),
    }
    code = 0
    for name, write in writers.items():
        if path := getattr(given, name):
            code = max(code, _written(path, write))
    return code


def _save(path: Path, session: SavedSession) -> None:
    for note in write_session(path, session):
        _say(f"{path}: {note}")


def _written(path: Path, write: Callable[[Path], None]) -> int:
    try:
        write(path)
    except ExportError as fault:
        _say(_("error: {fault}").format(fault=fault))
        return 1
    _say(_("wrote {path}").format(path=path))
    return 0


def _say(sentence: str) -> None:
    print(f"{PROG}: {sentence}", file=sys.stderr)

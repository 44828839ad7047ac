"""The handlers of commands that train, step, inspect and diagnose."""

from __future__ import annotations

import numpy as np

from bpviz.language import _
from bpviz.session.diagnostics.gradient_check import check_in_pieces
from bpviz.session.diagnostics.plateau import report_in_pieces
from bpviz.session.effects.effect import effect_of_epoch, effect_of_update, movers_in_pieces
from bpviz.session.effects.ledger import ledger_in_pieces
from bpviz.session.engine.branch_commands import BranchCommands
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Cause, Failed, State
from bpviz.session.engine.session_view import NotMeasurableError, NotReadyError
from bpviz.session.experiment.difference import differing_sample_fields
from bpviz.session.experiment.experiment import Experiment, refusal
from bpviz.session.own_numbers.number_check import check_numbers_in_pieces
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.time_travel.backward_search import BackwardSearch
from bpviz.session.time_travel.branches import Branches
from bpviz.session.time_travel.stepper import Stepper
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import NoSuchSampleError, SampleChoice, find_sample
from bpviz.session.training.strokes import Sketch, Stroke
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind, network_of


class TrainingCommands:
    """Handles what `commands.TrainingCommand`, `DebuggingCommand` and `EffectCommand` ask for.

    Parameters
    ----------
    engine : Engine
    branch_commands : BranchCommands
        Makes changes, and goes to positions.
    """

    def __init__(self, engine: Engine, branch_commands: BranchCommands) -> None:
        self._engine, self._branch_commands = engine, branch_commands
        self._rng = np.random.default_rng()

    # Training

    def load(self, experiment: Experiment, *, keeps_points: bool = False) -> None:
        """Replace the session by a new one; it stays if the experiment cannot be run."""
        engine = self._engine
        drawn = self._kept_strokes(experiment) if keeps_points else ()
        before = State.STOPPED if engine.view.is_empty else engine.state
        engine.become(State.PREPARING)
        try:
            training = Training(experiment)
        except ValueError as fault:
            engine.event_sender.send(Failed(refusal(fault)))
            engine.become(before)
            return
        self._begin(training, drawn)

    def _kept_strokes(self, experiment: Experiment) -> tuple[Stroke, ...]:
        """Return what was drawn on screen, if another experiment has the same samples without that."""
        view = self._engine.view
        if view.is_empty or differing_sample_fields(view.live.training.experiment, experiment):
            return ()
        return view.stepper.history.net_strokes()

    def _begin(self, training: Training, drawn: tuple[Stroke, ...]) -> None:
        branches = Branches.begin(training)
        branches.active.begin_with(drawn)
        self._engine.start_session(branches)

    def reset(self) -> None:
        """Start the experiment again, with the points that were drawn."""
        live = self._engine.view.live
        again = Training(live.training.experiment, live.training.samples.first)
        self._begin(again, live.history.net_strokes())

    def run(self) -> None:
        """Train on, unless a breakpoint holds in the rest of the current update."""
        engine = self._engine
        stepper = engine.view.stepper
        if engine.view.past_stepper:
            self._branch_commands.go_live()
            return
        if stepper.position.epoch >= (epochs := stepper.training.experiment.epochs):
            raise NotReadyError(
                _("Epoch {epochs:,} is reached: raise “stop after”, or reset to train again.").format(epochs=epochs)
            )
        engine.halt()
        if ahead := stepper.hits_ahead(engine.breakpoint_monitor.armed):
            engine.stop_at_hit(ahead)
            return
        stepper.pass_by()
        engine.after_update()
        engine.early_stopping.begin(stepper.position.epoch)
        engine.run()

    def pause(self) -> None:
        """Stop training where it is; a search goes back to where it began."""
        engine = self._engine
        if engine.search:
            origin = engine.search.origin
            engine.halt()
            engine.go_to(origin)
        elif engine.state is State.RUNNING:
            engine.halt()
            engine.view.stepper.trace_next()
            engine.open_update(Cause.PAUSE)
        elif engine.view.past_stepper:
            engine.keep_past()
            engine.become(engine.state)

    def change_hyperparameters(self, experiment: Experiment) -> None:
        """Continue with other hyperparameters; the limit of epochs alone is no change to be undone."""
        engine = self._engine
        if engine.view.stepper.history.is_changed_by(experiment):
            self._branch_commands.change(lambda stepper: stepper.change_hyperparameters(experiment))
            engine.restart_slices()  # one sample at a time takes many times longer than a large batch
        else:
            for stepper in {engine.view.stepper, engine.view.live}:
                stepper.change_hyperparameters(experiment)
        engine.reporter.know_experiment(engine.view.stepper.training.experiment)
        engine.after_change()

    def edit(self, edit: Edit) -> None:
        """Set one weight or bias."""
        self._branch_commands.change(lambda stepper: stepper.edit(edit))
        self._engine.after_change()

    def apply(self, sample: int) -> None:
        """Train on a sample out of turn."""
        engine = self._engine
        find_sample(engine.view.stepper.training, sample, None, self._rng)
        engine.halt()
        self._branch_commands.change(lambda stepper: stepper.apply(sample))
        engine.after_update()
        engine.open_update()

    def draw(self, sketch: Sketch) -> None:
        """Draw samples, or erase them."""
        stroke = sketch.stroke_on(self._engine.view.stepper.training.drawn)
        if not stroke.is_empty:
            self._branch_commands.change(lambda stepper: stepper.draw(stroke))
            self._engine.after_change()

    # Stepping

    def step(self, level: str, count: int) -> None:
        """Step; the past trains nothing, so a step from there ends at the live end at the latest."""
        engine = self._engine
        stepper = engine.view.stepper
        engine.halt()
        if stepper.step_through_other_sample(level, count):
            engine.open_update(Cause.STEP)
            return
        target = stepper.target(level, count)
        if engine.view.past_stepper:
            target = min(target, engine.view.live.history.furthest)
        engine.start_seek(stepper.seek(target, forward=count > 0), Cause.STEP)

    def go_to_operation(self, index: int) -> None:
        """Go to where the first `index` operations of the current update are done."""
        update, place = self._current_update(), self._engine.view.stepper.place
        if update.kind is UpdateKind.IN_TURN:
            self._branch_commands.go_to(Position(place.epoch, place.sample, index))
        else:
            self.step("operation", index - update.index)

    def inspect(self, choice: int | SampleChoice) -> None:
        """Trace a sample without training on it."""
        engine = self._engine
        stepper = engine.view.stepper
        update = stepper.current_update
        was_inspected = update is not None and update.kind is UpdateKind.INSPECTED and not update.is_own
        before = int(update.samples[0]) if update and was_inspected else None
        sample = find_sample(stepper.training, choice, before, self._rng)
        engine.halt()
        stepper.inspect(sample)
        engine.open_update()

    def inspect_own(self, inputs: tuple[float, ...], targets: tuple[float, ...]) -> None:
        """Trace a sample that is not in the training set."""
        engine = self._engine
        stepper = engine.view.stepper
        x, y, sizes = np.array(inputs), np.array(targets), stepper.training.experiment.sizes
        if (len(x), len(y)) != (sizes[0], sizes[-1]) or not (np.isfinite(x).all() and np.isfinite(y).all()):
            raise NoSuchSampleError(
                _(
                    "This sample does not fit the network: it needs {inputs} inputs and {targets} targets, all finite."
                ).format(inputs=sizes[0], targets=sizes[-1])
            )
        engine.halt()
        stepper.inspect_own(x, y)
        engine.open_update()

    def run_back(self) -> None:
        """Search backward for the latest hit before the position on screen."""
        engine = self._engine
        stepper = engine.view.stepper
        wanted = tuple(each for each in engine.breakpoint_monitor.armed if not each.log_only)
        if not wanted:
            raise NotReadyError(_("There is no breakpoint to go back to: add one, or enable it (F9)."))
        engine.start_search(BackwardSearch(stepper, wanted))

    # Diagnoses, beside other work

    def check_gradients(self, epsilon: float) -> None:
        """Check the gradients of the current update."""
        update = self._current_update()
        network, trace = network_of(update), update.trace
        pieces = check_in_pieces(network, trace, update.samples, update.position, epsilon, update.rule)
        self._engine.gradient_check_job.begin(pieces)

    def explain_plateau(self) -> None:
        """Report on the network on screen over the samples that are shown."""
        view = self._engine.view
        training, shown = view.stepper.training, view.shown_samples.train
        position, split = view.stepper.position, training.split
        losses = view.branches.active.epochs.column("mse_train")[: position.epoch].copy()
        x, y = split.X_train[shown], split.y_train[shown]
        pieces = report_in_pieces(training.network.copy(), x, y, losses, position, len(split.X_train))
        self._engine.plateau_job.begin(pieces)

    def check_numbers(self, numbers: OwnNumbers, tolerance: float | None) -> None:
        """Compare somebody's numbers with the current update; without either, only end the search before."""
        update, job = self._engine.view.stepper.current_update, self._engine.numbers_job
        job.forget()
        if update is not None and numbers:
            job.begin(check_numbers_in_pieces(update, numbers, tolerance))

    def measure_update(self) -> None:
        """Measure the effect of the current update on the samples that are shown."""
        update, view = self._current_update(), self._engine.view
        pieces = effect_of_update(update, view.stepper.training.split, view.shown_samples.train)
        self._engine.effect_job.begin(pieces)

    def measure_epoch(self, epoch: int) -> None:
        """Measure the effect of an epoch on the samples that are shown."""
        stepper = self._stepper_for(epoch, whole=True)
        self._engine.effect_job.begin(effect_of_epoch(stepper, epoch, self._engine.view.shown_samples.train))

    def find_movers(self, epoch: int, sample: int) -> None:
        """Measure how each update of an epoch changed the loss of a sample."""
        find_sample(self._engine.view.live.training, sample, None, self._rng)
        self._engine.effect_job.begin(movers_in_pieces(self._stepper_for(epoch), epoch, sample))

    def make_ledger(self, epoch: int) -> None:
        """List the updates of an epoch of the active branch."""
        self._engine.ledger_job.begin(ledger_in_pieces(self._stepper_for(epoch), epoch))

    def cancel_ledger(self) -> None:
        """Drop the ledger that is being made."""
        self._engine.ledger_job.forget()

    def _stepper_for(self, epoch: int, *, whole: bool = False) -> Stepper:
        """Return a copy of the live stepper, to replay an epoch that has begun, or one that is complete."""
        live = self._engine.view.live
        furthest = live.history.furthest
        has_come = Position(epoch + 1) <= furthest if whole else Position(epoch) < furthest
        if epoch < 0 or not has_come:
            text = _("The epoch after epoch {epoch:,} has no updates yet: train first (F5), or step (F10).")
            if whole:
                text = _("The epoch after epoch {epoch:,} is not complete yet: train first (F5), or step (F10).")
            raise NotMeasurableError(text.format(epoch=epoch))
        shown = self._engine.view.stepper
        if live.history.samples_in(epoch)[0] != shown.history.samples_in(shown.training.position.epoch)[0]:
            raise NotMeasurableError(
                _("Points were drawn or erased since epoch {epoch:,}: train on, or go back to it.").format(epoch=epoch)
            )
        return live.copy()

    def _current_update(self) -> TracedUpdate:
        if (update := self._engine.view.stepper.current_update) is None:
            raise NotReadyError(_("No sample has been traced yet: take a step first (F11)."))
        return update

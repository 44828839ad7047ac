"""The loop of the worker thread, and the one place that matches commands with their handlers. It knows no Qt.

Commands are handled between two pieces of work, and a piece takes a few milliseconds, so that an answer never waits for
the end of an epoch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Condition
from typing import assert_never

from bpviz.session.engine import commands
from bpviz.session.engine.branch_commands import BranchCommands
from bpviz.session.engine.engine import Engine
from bpviz.session.engine.events import Event
from bpviz.session.engine.file_commands import FileCommands
from bpviz.session.engine.scheduler import Scheduler
from bpviz.session.engine.training_commands import TrainingCommands
from bpviz.session.recording.survey import survey_in_pieces
from bpviz.session.recording.verdict import check_update_in_pieces
from bpviz.session.recovery.command_journal import CommandJournal


class Runner:
    """Handles commands and works in between, on the thread that calls `loop`.

    Parameters
    ----------
    emit : callable
        Takes each `Event`, on that thread.
    journal : CommandJournal, optional
        Keeps the last commands with their positions, for the report of a crash.
    """

    def __init__(self, emit: Callable[[Event], None], journal: CommandJournal | None = None) -> None:
        # A Condition, not a queued slot: a slot would wait until the loop returns to Qt, which it never does.
        self._wake = Condition()
        self._commands: deque[commands.Command] = deque()
        self._closed, self._journal = False, journal or CommandJournal()
        self._engine = Engine(emit)
        self._scheduler = Scheduler(self._engine)
        self._branches = BranchCommands(self._engine)
        self._training = TrainingCommands(self._engine, self._branches)
        self._files = FileCommands(self._engine)

    def post(self, command: commands.Command) -> None:
        """Have a command handled soon; may be called from any thread."""
        with self._wake:
            self._commands.append(command)
            self._wake.notify()

    def close(self) -> None:
        """End the loop; may be called from any thread."""
        with self._wake:
            self._closed = True
            self._wake.notify()

    def loop(self) -> None:
        """Handle commands and work until closed."""
        while not self._closed:
            self._wait(self._scheduler.seconds_until_due())
            while self._commands and not self._closed:
                command = self._commands.popleft()
                self._note(command)
                self._engine.guard(partial(self._handle, command))
            if not self._closed:
                self._engine.guard(self._scheduler.work)
        self._files.close()

    def _wait(self, seconds: float | None) -> None:
        """Wait until work is due or a command comes; 0 does not wait, None waits for a command alone."""
        if seconds == 0:
            return
        self._engine.flush()
        with self._wake:
            if not self._commands and not self._closed:
                self._wake.wait(seconds)

    # Commands

    def _note(self, command: commands.Command) -> None:
        if not isinstance(command, commands.RequestFrame):  # of which there are many a second
            view = self._engine.view
            self._journal.note(None if view.is_empty else view.stepper.position, command)

    def _handle(self, command: commands.Command) -> None:
        if isinstance(command, commands.TrainingCommand):
            self._handle_training(command)
        elif isinstance(command, commands.DebuggingCommand):
            self._handle_debugging(command)
        elif isinstance(command, commands.EffectCommand):
            self._handle_effects(command)
        elif isinstance(command, commands.RecordingCommand):
            self._handle_recordings(command)
        elif isinstance(command, commands.BranchCommand):
            self._handle_branches(command)
        elif isinstance(command, commands.FileCommand):
            self._handle_files(command)
        else:
            self._handle_screen(command)

    def _handle_training(self, command: commands.TrainingCommand) -> None:
        match command:
            case commands.Load(experiment):
                self._training.load(experiment)
            case commands.LoadWithPoints(experiment):
                self._training.load(experiment, keeps_points=True)
            case commands.Reset():
                self._training.reset()
            case commands.Run():
                self._training.run()
            case commands.Pause():
                self._training.pause()
            case commands.SetSpeed(epochs_per_second):
                self._engine.rate_limit.limit(epochs_per_second)
            case commands.ChangeHyperparameters(experiment):
                self._training.change_hyperparameters(experiment)
            case commands.EditParameter(edit):
                self._training.edit(edit)
            case commands.ApplySample(sample):
                self._training.apply(sample)
            case commands.Draw(sketch):
                self._training.draw(sketch)
            case _:
                assert_never(command)

    def _handle_debugging(self, command: commands.DebuggingCommand) -> None:
        match command:
            case commands.Step(level, count):
                self._training.step(level, count)
            case commands.GoToOperation(index):
                self._training.go_to_operation(index)
            case commands.InspectSample(choice):
                self._training.inspect(choice)
            case commands.InspectOwn(inputs, targets):
                self._training.inspect_own(inputs, targets)
            case commands.RunBack():
                self._training.run_back()
            case commands.SetBreakpoints(breakpoints):
                self._engine.set_breakpoints(breakpoints)
            case commands.SetWatches(watches):
                self._engine.set_watches(watches)
            case commands.CheckGradients(epsilon):
                self._training.check_gradients(epsilon)
            case commands.ExplainPlateau():
                self._training.explain_plateau()
            case commands.CheckNumbers(numbers, tolerance):
                self._training.check_numbers(numbers, tolerance)
            case _:
                assert_never(command)

    def _handle_effects(self, command: commands.EffectCommand) -> None:
        match command:
            case commands.MeasureUpdate():
                self._training.measure_update()
            case commands.MeasureEpoch(epoch):
                self._training.measure_epoch(epoch)
            case commands.FindMovers(epoch, sample):
                self._training.find_movers(epoch, sample)
            case commands.MakeLedger(epoch):
                self._training.make_ledger(epoch)
            case commands.CancelLedger():
                self._training.cancel_ledger()
            case _:
                assert_never(command)

    def _handle_recordings(self, command: commands.RecordingCommand) -> None:
        match command:
            case commands.OpenRecording(path):
                self._files.open_recording(path)
            case commands.SurveyRecording(understood, tolerance):
                self._engine.survey_job.begin(survey_in_pieces(understood, tolerance))
            case commands.CheckRecordedUpdate(understood, index, tolerance):
                self._engine.recorded_job.begin(check_update_in_pieces(understood, index, tolerance))
            case _:
                assert_never(command)

    def _handle_branches(self, command: commands.BranchCommand) -> None:
        branches = self._branches
        match command:
            case commands.GoTo(position):
                branches.go_to(position)
            case commands.GoLive():
                branches.go_live()
            case commands.SetTrainOn(on):
                branches.set_train_on(on)
            case commands.Undo():
                if not self._files.undo():
                    branches.undo()
            case commands.Redo():
                if not self._files.redo():
                    branches.redo()
            case commands.Fork():
                branches.fork()
            case commands.ShowBranch(number):
                branches.show(number)
            case commands.CompareBranch(number):
                branches.compare(number)
            case commands.RenameBranch(number, name):
                branches.rename(number, name)
            case commands.DeleteBranch(number):
                branches.delete(number)
            case commands.LoadBeside(experiment, name):
                branches.load_beside(experiment, name)
            case _:
                assert_never(command)

    def _handle_files(self, command: commands.FileCommand) -> None:
        match command:
            case commands.SetBookmarks(bookmarks):
                self._files.set_bookmarks(bookmarks)
            case commands.SetLesson(lesson):
                self._files.set_lesson(lesson)
            case commands.SaveSession(path):
                self._files.save(path)
            case commands.ExportWeights(path):
                self._files.export_weights(path)
            case commands.ExportFigure(path, at):
                self._files.export_figure(path, at)
            case commands.OpenSession(path):
                self._files.open(path)
            case commands.TakeSnapshot():
                self._files.send_snapshot()
            case commands.OpenSnapshot(session):
                self._files.open_snapshot(session)
            case commands.SetAutosave(folder):
                self._files.set_autosave(folder)
            case commands.KeepSessions(folder):
                self._files.keep_sessions(folder)
            case _:
                assert_never(command)

    def _handle_screen(self, command: commands.ScreenCommand) -> None:
        match command:
            case commands.SetFrameOptions(options):
                self._engine.view.set_frame_options(options)
            case commands.RequestFrame(grid):
                self._engine.view.request_frame(grid)
            case _:
                assert_never(command)

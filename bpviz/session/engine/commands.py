"""The commands that a window gives to a session. Frozen: they can be kept, replayed and written to a log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bpviz.core.surface import Grid
from bpviz.session.debugging.breakpoints import Breakpoint
from bpviz.session.debugging.watches import Watch
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.figures.figure_plane import FigurePlane
from bpviz.session.files.session_data import SavedSession
from bpviz.session.frames.frame import FrameOptions
from bpviz.session.lessons.lesson import Lesson
from bpviz.session.own_numbers.own_numbers import OwnNumbers
from bpviz.session.recording.understanding import Understood
from bpviz.session.time_travel.bookmarks import Bookmark
from bpviz.session.training.interventions import Edit
from bpviz.session.training.position import Position
from bpviz.session.training.sample_search import SampleChoice
from bpviz.session.training.strokes import Sketch

# Training


@dataclass(frozen=True)
class Load:
    """Make the data and the network of an experiment, in place of the present session."""

    experiment: Experiment


@dataclass(frozen=True)
class LoadWithPoints:
    """As `Load`, but what was drawn and erased stays if the experiment has the same samples apart from that."""

    experiment: Experiment


@dataclass(frozen=True)
class Reset:
    """Start the experiment again from its initial parameters, without the changes made by the user but the strokes."""


@dataclass(frozen=True)
class Run:
    """Train until paused, or until a breakpoint holds or the experiment's number of epochs is reached."""


@dataclass(frozen=True)
class Pause:
    """Stop training, in the middle of an epoch too."""


@dataclass(frozen=True)
class SetSpeed:
    """Train at most this many epochs a second; None is unlimited."""

    epochs_per_second: float | None


@dataclass(frozen=True)
class ChangeHyperparameters:
    """Continue with another learning rate, batch size, order or number of epochs."""

    experiment: Experiment


@dataclass(frozen=True)
class EditParameter:
    """Set one weight or bias."""

    edit: Edit


@dataclass(frozen=True)
class ApplySample:
    """Make one update with a training sample chosen by the user, out of turn."""

    sample: int


@dataclass(frozen=True)
class Draw:
    """Draw training or test samples, or erase some of both."""

    sketch: Sketch


# Stepping and debugging


@dataclass(frozen=True)
class Step:
    """Step `count` times at a level; a negative count steps back. See `Stepper.step`."""

    level: str = "sample"
    count: int = 1


@dataclass(frozen=True)
class GoToOperation:
    """Go to where the first `index` operations of the current update are done."""

    index: int


@dataclass(frozen=True)
class InspectSample:
    """Trace a training sample without training on it: by its number, or the one that fits a choice."""

    choice: int | SampleChoice


@dataclass(frozen=True)
class InspectOwn:
    """Trace a sample of the user's own, scaled as the training samples are, without training on it."""

    inputs: tuple[float, ...]
    targets: tuple[float, ...]


@dataclass(frozen=True)
class RunBack:
    """Go back to the latest position at which a breakpoint held."""


@dataclass(frozen=True)
class SetBreakpoints:
    """Replace all breakpoints."""

    breakpoints: tuple[Breakpoint, ...]


@dataclass(frozen=True)
class SetWatches:
    """Replace all watches; their values are sent at every step and at the end of every epoch."""

    watches: tuple[Watch, ...]


@dataclass(frozen=True)
class CheckGradients:
    """Compare the gradients of the current update with central differences of half-width `epsilon`."""

    epsilon: float


@dataclass(frozen=True)
class ExplainPlateau:
    """Report why the loss stands still, or that it does not, over the training samples and the last epochs."""


@dataclass(frozen=True)
class CheckNumbers:
    """Compare numbers of the user's own program with the current update, and search for the cause of a difference.

    None of the earlier search goes on; without numbers none begins.
    """

    numbers: OwnNumbers
    tolerance: float | None = None


@dataclass(frozen=True)
class OpenRecording:
    """Read a recording of somebody's training; the session stays as it is."""

    path: Path


@dataclass(frozen=True)
class SurveyRecording:
    """Compare all updates of a recording with bpviz, in place of the comparison in work."""

    understood: Understood
    tolerance: float | None = None


@dataclass(frozen=True)
class CheckRecordedUpdate:
    """Compare one update of a recording, and search for the cause of a difference, in place of the search in work."""

    understood: Understood
    index: int
    tolerance: float | None = None


@dataclass(frozen=True)
class MeasureUpdate:
    """Measure what the current update does to the loss of every training sample that is shown."""


@dataclass(frozen=True)
class MeasureEpoch:
    """Measure what an epoch, that after `epoch` complete ones, did to the loss of every training sample shown."""

    epoch: int


@dataclass(frozen=True)
class FindMovers:
    """Measure how each update of an epoch, counted as in `MeasureEpoch`, changed the loss of one training sample."""

    epoch: int
    sample: int


@dataclass(frozen=True)
class MakeLedger:
    """List all updates of an epoch, counted as in `MeasureEpoch`, with what each of them did."""

    epoch: int


@dataclass(frozen=True)
class CancelLedger:
    """Drop the ledger that is being made."""


# Time and branches


@dataclass(frozen=True)
class GoTo:
    """Go to a position, at most to the furthest that training has reached."""

    position: Position


@dataclass(frozen=True)
class GoLive:
    """Go to the furthest position that training has reached."""


@dataclass(frozen=True)
class SetTrainOn:
    """Choose whether the live end continues to train while the past is on screen."""

    on: bool


@dataclass(frozen=True)
class Undo:
    """Take back the latest change that the user made on the active branch."""


@dataclass(frozen=True)
class Redo:
    """Make again the change that was taken back last."""


@dataclass(frozen=True)
class Fork:
    """Start a branch at the position on screen, and compare it with the one that it came from."""


@dataclass(frozen=True)
class ShowBranch:
    """Make a branch the active one."""

    number: int


@dataclass(frozen=True)
class CompareBranch:
    """Compare a branch with the active one; None ends the comparison."""

    number: int | None


@dataclass(frozen=True)
class RenameBranch:
    """Give a branch another name."""

    number: int
    name: str


@dataclass(frozen=True)
class DeleteBranch:
    """Delete a branch; branches that were forked from it stay."""

    number: int


@dataclass(frozen=True)
class LoadBeside:
    """Start a branch with another experiment on the same samples, and compare it with the active one."""

    experiment: Experiment
    name: str


# Files


@dataclass(frozen=True)
class SetBookmarks:
    """Replace all bookmarks."""

    bookmarks: tuple[Bookmark, ...]


@dataclass(frozen=True)
class SetLesson:
    """Replace the lesson that is kept in the session's file; None for none."""

    lesson: Lesson | None


@dataclass(frozen=True)
class SaveSession:
    """Write the session to a file."""

    path: Path


@dataclass(frozen=True)
class ExportWeights:
    """Write weights and biases at the position on screen to a file."""

    path: Path


@dataclass(frozen=True)
class ExportFigure:
    """Write a figure of the network at the position on screen to a file, over a plane of more than two inputs."""

    path: Path
    at: FigurePlane | None = None


@dataclass(frozen=True)
class OpenSession:
    """Replace the present session by the one in a file; it stays if the file cannot be read."""

    path: Path


@dataclass(frozen=True)
class TakeSnapshot:
    """Send the session as it is now, for a second session that shows its past."""


@dataclass(frozen=True)
class OpenSnapshot:
    """Replace the present session by one of which a snapshot was taken."""

    session: SavedSession


@dataclass(frozen=True)
class SetAutosave:
    """Keep a copy of the session in a folder until the loop ends; None ends that now."""

    folder: Path | None


@dataclass(frozen=True)
class KeepSessions:
    """Write sessions that are replaced to a folder, and the last one when the loop ends; None ends that."""

    folder: Path | None


# The screen


@dataclass(frozen=True)
class SetFrameOptions:
    """Choose what frames hold in addition to the surface and the deltas."""

    options: FrameOptions


@dataclass(frozen=True)
class RequestFrame:
    """Request one frame with the surface over `grid`; it replaces a request that is not yet answered."""

    grid: Grid


TrainingCommand = (
    Load | LoadWithPoints | Reset | Run | Pause | SetSpeed | ChangeHyperparameters | EditParameter | ApplySample | Draw
)
SteppingCommand = Step | GoToOperation | InspectSample | InspectOwn | RunBack
DebuggingCommand = SteppingCommand | SetBreakpoints | SetWatches | CheckGradients | ExplainPlateau | CheckNumbers
EffectCommand = MeasureUpdate | MeasureEpoch | FindMovers | MakeLedger | CancelLedger
TimeCommand = GoTo | GoLive | SetTrainOn | Undo | Redo
BranchCommand = TimeCommand | Fork | ShowBranch | CompareBranch | RenameBranch | DeleteBranch | LoadBeside
RecordingCommand = OpenRecording | SurveyRecording | CheckRecordedUpdate
SessionFileCommand = SetBookmarks | SetLesson | SaveSession | OpenSession | TakeSnapshot | OpenSnapshot
FileCommand = SessionFileCommand | ExportWeights | ExportFigure | SetAutosave | KeepSessions
ScreenCommand = SetFrameOptions | RequestFrame
Command = (
    TrainingCommand | DebuggingCommand | EffectCommand | RecordingCommand | BranchCommand | FileCommand | ScreenCommand
)

"""What is on screen of a session: the active branch or its past, the branch compared with it, and their frames."""

from __future__ import annotations

from bpviz.core.surface import Grid
from bpviz.language import _
from bpviz.session.engine.event_sender import EventSender
from bpviz.session.engine.lockstep import LockstepBranch
from bpviz.session.frames.frame import FrameOptions, ShownSamples
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.frames.frame_pair import FramePair
from bpviz.session.time_travel.branches import Branches
from bpviz.session.time_travel.stepper import Stepper

# The stepper that shows the past makes no epoch records: each epoch has its record, or the live stepper makes it.
_ALL_SCORED = 2**62


class NotReadyError(RuntimeError):
    """A command needs a network or an update, and there is none."""


class NotMeasurableError(NotReadyError):
    """What an effect or a ledger would be measured of is not there."""


class SessionView:
    """Holds the branches of a session, and what shows them.

    Parameters
    ----------
    compared_sender : EventSender
        Sends the epoch records of the branch that is compared.

    Attributes
    ----------
    past_stepper : Stepper or None
        Shows the past while the stepper of the active branch continues to train; None otherwise.
    lockstep : LockstepBranch or None
        Keeps the compared branch at the position of the active one.
    frames : FramePair or None
        Makes frames of what is on screen; None until there is a network.
    """

    def __init__(self, compared_sender: EventSender) -> None:
        self._compared_sender = compared_sender
        self._branches: Branches | None = None
        self._frame_options = FrameOptions()
        self.past_stepper: Stepper | None = None
        self.lockstep: LockstepBranch | None = None
        self.frames: FramePair | None = None

    # What is on screen

    @property
    def is_empty(self) -> bool:
        """Whether there is no network yet."""
        return self._branches is None

    @property
    def branches(self) -> Branches:
        """The branches of the session; raises a NotReadyError if there is no network."""
        if self._branches is None:
            raise NotReadyError(_("There is no network yet: choose an experiment that can be run."))
        return self._branches

    @property
    def live(self) -> Stepper:
        """The stepper of the active branch; raises as `branches`."""
        return self.branches.active.stepper

    @property
    def stepper(self) -> Stepper:
        """The stepper that is on screen, live or past; raises as `branches`."""
        return self.past_stepper or self.live

    @property
    def shown_samples(self) -> ShownSamples:
        """The samples that a screen shows one by one."""
        training = self.stepper.training
        return choose_shown_samples(training.split, len(training.network.parameters))

    # Changes of it

    def open(self, branches: Branches) -> None:
        """Show other branches in place of those that were there."""
        self._branches = branches
        self.past_stepper = self.lockstep = None
        self.refresh()

    def refresh(self) -> None:
        """Make frames and the lockstep anew, for the steppers that are on screen now."""
        compared, shown = self.branches.compared, self.shown_samples
        if compared is None or self.lockstep is None or self.lockstep.branch is not compared:
            self.lockstep = LockstepBranch(compared, self._compared_sender) if compared else None
        beside = FrameMaker(compared.stepper.training, shown) if compared else None
        maker = FrameMaker(self.stepper.training, shown)
        maker.options = self._frame_options
        latest = self.frames.latest if self.frames else None
        self.frames = FramePair(maker, beside, latest)

    def enter_past(self) -> None:
        """Show a copy of the live stepper, which can go to the past while the live one continues to train."""
        self.past_stepper = self.live.copy()
        self.past_stepper.training.n_scored = _ALL_SCORED
        self.refresh()

    def return_to_live(self) -> None:
        """Show the stepper of the active branch; what showed the past is dropped."""
        self.past_stepper = None
        self.refresh()

    def keep_past(self) -> None:
        """Make the stepper that shows the past the active branch's own; the live one is dropped."""
        if self.past_stepper:
            live, past, self.past_stepper = self.live, self.past_stepper, None
            past.history.copy_state_from(live.history)
            past.training.n_scored = live.training.n_scored
            self.branches.active.stepper = past

    def settle(self) -> None:
        """Score the latest epoch of the compared branch to its end."""
        if self.lockstep:
            self.lockstep.settle()

    # Frames

    def set_frame_options(self, options: FrameOptions) -> None:
        """Choose what frames hold from now on."""
        self._frame_options = options
        if self.frames:
            self.frames.set_frame_options(options)

    def request_frame(self, grid: Grid) -> None:
        """Make a frame with the surface over a grid."""
        if self.frames:
            self.frames.request(grid)

    def restart_frame(self) -> None:
        """Drop the frame in work, since a network has changed; it is made again."""
        if self.frames:
            self.frames.restart()

    def repeat_frame(self) -> None:
        """Make the latest frame again, since something changed that the screen cannot know of."""
        if self.frames:
            self.frames.restart()
            self.frames.request_again()

    def drop_work(self) -> None:
        """Drop the past stepper and the frame in work, after a fault that they may have caused."""
        self.past_stepper = None
        if self.frames:
            self.frames.forget()

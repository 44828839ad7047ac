import numpy as np
import pytest

from bpviz.core.surface import Grid
from bpviz.session.diagnostics.delta_flow import flow_of_update
from bpviz.session.frames.frame import Frame
from bpviz.session.frames.frame_maker import FrameMaker, choose_shown_samples
from bpviz.session.frames.spoken_deltas import spoken_deltas
from bpviz.session.training.training import Training
from bpviz.session.walkthrough.operations import Operation, operations
from bpviz.session.walkthrough.traced_update import TracedUpdate, UpdateKind
from bpviz.session.walkthrough.tracing import trace_update
from tests.session.helpers import SMALL

BACK = operations(3).index(Operation("delta", 1)) + 1


@pytest.fixture(scope="module")
def training() -> Training:
    return Training(SMALL)


@pytest.fixture(scope="module")
def frame(training: Training) -> Frame:
    maker = FrameMaker(training, choose_shown_samples(training.split))
    maker.request(Grid(0.0, 1.0, 0.0, 1.0, 2, 2))
    made = None
    while made is None:
        made = maker.make_piece()
    return made


def update_at(training: Training, index: int) -> TracedUpdate:
    return trace_update(training, np.array([5]), UpdateKind.INSPECTED, index=index)


def test_before_the_backward_pass_is_done_they_are_those_of_all_samples(training: Training, frame: Frame) -> None:
    for update in (None, update_at(training, 0), update_at(training, BACK - 1)):
        spoken = spoken_deltas(update, 0, frame, neuron_is_selected=False)
        assert spoken is not None
        assert (spoken.samples, spoken.is_of_update) == (f"{len(training.split.X_train)} samples", False)
        assert spoken.flow.deltas == frame.delta_rms
        assert spoken.largest == tuple(np.abs(deltas).max() for deltas in frame.deltas)


@pytest.mark.parametrize(("index", "selected"), [(BACK, False), (0, True), (BACK, True)])
def test_after_it_or_for_a_selected_neuron_they_are_those_of_the_sample(
    training: Training, frame: Frame, index: int, selected: bool
) -> None:
    update = update_at(training, index)
    spoken = spoken_deltas(update, 0, frame, neuron_is_selected=selected)
    assert spoken is not None
    assert (spoken.samples, spoken.is_of_update) == ("Sample 5", True)
    assert spoken.flow == flow_of_update(update, 0)
    assert spoken.largest == tuple(np.abs(layer.delta[0]).max() for layer in update.trace.layers)


def test_before_the_first_frame_there_is_only_the_update(training: Training) -> None:
    assert spoken_deltas(None, 0, None, neuron_is_selected=False) is None
    spoken = spoken_deltas(update_at(training, 0), 0, None, neuron_is_selected=False)
    assert spoken is not None
    assert spoken.is_of_update

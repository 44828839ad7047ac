"""What is drawn with the brush looks to the trained preset like what others wrote."""

from itertools import pairwise

import pytest

from bpviz.session.experiment.presets import load_preset
from bpviz.session.pictures.drawing import Drawing, Point
from bpviz.session.pictures.ink_range import InkRange
from bpviz.session.training.training import Training

STROKES: dict[int, list[Point]] = {
    0: [(1, 4), (2, 2.2), (5, 2.2), (6.8, 4), (5, 5.8), (2, 5.8), (1, 4)],
    1: [(2, 3), (1, 4.2), (7, 4.2)],
    2: [(2, 2), (1, 4), (2.5, 5.5), (6.8, 2.2), (6.8, 6)],
    3: [(1.2, 2.6), (1, 4.5), (3.2, 5), (3.7, 3.6), (5.5, 5.2), (7, 3.8), (6.5, 2.4)],
    5: [(1, 5.5), (1, 2.6), (3.5, 2.6), (3.5, 4.6), (5.5, 5.2), (7, 4), (6.8, 2.2)],
    6: [(1, 4.5), (4, 2.3), (6.8, 3.5), (5.8, 5.5), (4.2, 4.5), (4.8, 2.6)],
    7: [(1.2, 2), (1.2, 5.8), (7, 3.2)],
    8: [(3.8, 4), (2, 2.6), (1, 4), (2, 5.4), (3.8, 4), (5.5, 2.5), (6.9, 4), (5.5, 5.5), (3.8, 4)],
    9: [(3.5, 5.2), (3.8, 3), (2, 2.4), (1, 4), (2, 5.4), (4, 5.2), (7, 4.4)],
}


@pytest.mark.slow
def test_digits_drawn_with_the_brush_are_recognised_by_the_trained_preset() -> None:
    training = Training(load_preset("digits").experiment)
    for _ in range(training.experiment.epochs):
        training.run_epoch()
    split, ink = training.split, InkRange.of(training.split)
    found = []
    for points in STROKES.values():
        drawing = Drawing((8, 8), ink.low, ink.high)
        for start, end in pairwise(points):
            drawing.stroke(start, end)
        found.append(int(training.network.predict(split.scaling.apply(drawing.pixels.ravel()))))
    right = sum(one == other for one, other in zip(found, STROKES, strict=True))
    assert right >= 8, found

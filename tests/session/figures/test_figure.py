import dataclasses
import re
import zlib
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest

from bpviz.core.metrics import scores
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.figures import sheet
from bpviz.session.figures.figure import SUFFIXES, write_figure
from bpviz.session.files.safe_write import ExportError
from bpviz.session.frames.class_colours import CLASSES
from bpviz.session.frames.frame_maker import MOST_SHOWN
from bpviz.session.training.training import Training
from tests.session.helpers import EXPLOSIVE, SMALL

SVG = "{http://www.w3.org/2000/svg}"


def blobs(classes: int) -> Experiment:
    return dataclasses.replace(SMALL, dataset="blobs", noise=0.1, samples=120, classes=classes)


def trained(experiment: Experiment, epochs: int = 2) -> Training:
    training = Training(experiment)
    for _ in range(epochs):
        training.run_epoch()
    return training


@pytest.fixture(autouse=True)
def _coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "CELLS", 30)


@pytest.fixture(scope="module")
def small() -> Training:
    return trained(SMALL)


def drawn(training: Training, path: Path) -> str:
    """Write an SVG and return its text, which must be XML."""
    write_figure(training, path, "small")
    text = path.read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag == f"{SVG}svg"
    return text


def texts(svg: str) -> str:
    """Return what is written in the figure; matplotlib leaves each text as a comment beside its outlines."""
    return "\n".join(re.findall(r"<!-- (.*?) -->", svg, re.DOTALL))


@pytest.mark.parametrize(
    ("suffix", "beginning"),
    [(".svg", b"<?xml"), (".png", b"\x89PNG\r\n\x1a\n"), (".pdf", b"%PDF-"), (".PNG", b"\x89PNG")],
)
def test_the_ending_of_the_name_chooses_the_format(
    small: Training, tmp_path: Path, suffix: str, beginning: bytes
) -> None:
    path = tmp_path / f"figure{suffix}"
    write_figure(small, path, "small")
    assert path.read_bytes().startswith(beginning)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_training_makes_the_same_file(small: Training, tmp_path: Path, suffix: str) -> None:
    one, other = tmp_path / f"one{suffix}", tmp_path / f"other{suffix}"
    write_figure(small, one, "small")
    write_figure(small, other, "small")
    assert one.read_bytes() == other.read_bytes()


def test_title_axes_and_legend_say_what_is_shown(small: Training, tmp_path: Path) -> None:
    written = texts(drawn(small, tmp_path / "f.svg"))
    accuracy = scores.accuracy(small.network.predict(small.split.X_test), small.split.labels_test)
    assert f"small, epoch 2, test accuracy {100 * accuracy:.2f}%" in written
    for label in ("$x_1$", "$x_2$", "class 0", "class 1", "training, 28", "test, 12", "classes tie"):
        assert label in written


@pytest.mark.slow
@pytest.mark.parametrize("classes", [2, 3, 4, 5, 6])
def test_every_number_of_classes_is_drawn_in_its_colours(tmp_path: Path, classes: int) -> None:
    svg = drawn(trained(blobs(classes), epochs=10), tmp_path / "f.svg")
    for number, colour in enumerate(CLASSES):
        assert (colour.lower() in svg) == (number < classes)
        assert (f"class {number}" in texts(svg)) == (number < classes)


def test_the_boundary_runs_where_the_network_ties(tmp_path: Path) -> None:
    training = Training(dataclasses.replace(SMALL, hidden=(), activations=("none",)))
    layer = training.network.layers[0]
    layer.weights, layer.bias = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([0.0, -0.5])
    x = _x_of_the_boundary(drawn(training, tmp_path / "f.svg"))
    assert len(x) >= 2
    assert np.ptp(x) < 0.01  # upright, at x1 = 0.5: outputs are 0 and x1 - 0.5


def _x_of_the_boundary(svg: str) -> list[float]:
    root = ElementTree.fromstring(svg)
    group = next(group for group in root.iter(f"{SVG}g") if group.get("id", "").startswith("QuadContourSet"))
    path = next(group.iter(f"{SVG}path"))
    return [float(x) for x, _ in re.findall(r"[ML] ([-\d.]+) ([-\d.]+)", path.get("d", ""))]


@pytest.mark.slow
def test_a_network_that_is_sure_of_one_class_everywhere_has_no_boundary(tmp_path: Path) -> None:
    training = Training(SMALL)
    training.network.layers[-1].bias = np.array([50.0, -50.0])
    assert "QuadContourSet" not in drawn(training, tmp_path / "f.svg")


@pytest.mark.slow
def test_of_many_samples_some_are_drawn_and_the_legend_says_so(tmp_path: Path) -> None:
    training = Training(dataclasses.replace(SMALL, samples=4 * MOST_SHOWN))
    written = texts(drawn(training, tmp_path / "f.svg"))
    assert "training, 2,000 of 5,600" in written
    assert "test, 2,000 of 2,400" in written


@pytest.mark.slow
def test_a_network_out_of_range_is_still_drawn(tmp_path: Path) -> None:
    training = Training(EXPLOSIVE)
    training.network.parameters *= 1e60
    assert "class 1" in texts(drawn(training, tmp_path / "f.svg"))


@pytest.mark.slow
def test_drawing_leaves_matplotlibs_settings_as_they_were(small: Training, tmp_path: Path) -> None:
    before = _settings()
    write_figure(small, tmp_path / "f.svg", "small")
    assert _settings() == before


def _settings() -> dict[str, object]:
    # To read the backend is to choose one.
    return {name: mpl.rcParams[name] for name in mpl.rcParams if name != "backend"}


def test_the_file_holds_no_date(small: Training, tmp_path: Path) -> None:
    assert "<dc:date>" not in drawn(small, tmp_path / "f.svg")
    write_figure(small, tmp_path / "f.pdf", "small")
    assert b"CreationDate" not in _inflated((tmp_path / "f.pdf").read_bytes())


def _inflated(pdf: bytes) -> bytes:
    parts = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"".join(zlib.decompressobj().decompress(part) for part in parts if part[:1] == b"x")


def test_a_failed_write_raises_an_error_with_a_message(small: Training, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"f\.png cannot be written"):
        write_figure(small, tmp_path / "nowhere" / "f.png", "small")

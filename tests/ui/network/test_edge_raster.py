"""Edges as pixels."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bpviz.session.frames.class_colours import rgb
from bpviz.ui.network.edge_raster import EdgeRaster, edge_keys
from bpviz.ui.style.theme import DARK, LIGHT, Theme

WIDTH, HEIGHT = 60, 40


def some_lines(count: int = 30) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.uniform((0, 0, 0, 0), (WIDTH, HEIGHT, WIDTH, HEIGHT), (count, 4))


def pixels_of(line: np.ndarray, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """Return x and y of the centres of a line's pixels."""
    rows, columns = np.nonzero(EdgeRaster(line[None], width, height).strongest(np.array([1], dtype=np.uint8)))
    return np.column_stack((columns, rows)) + 0.5


def test_a_line_is_a_connected_chain_of_pixels_along_its_course() -> None:
    for line in some_lines():
        start, way = line[:2], line[2:] - line[:2]
        places = pixels_of(line)
        along = np.clip((places - start) @ way / (way @ way), 0, 1)
        assert np.hypot(*(places - start - along[:, None] * way).T).max() <= 1
        longer = int(np.abs(way).argmax())
        steps = np.sort(places[:, longer])
        assert (np.diff(np.unique(steps)) == 1).all()
        assert np.ptp(steps) >= np.abs(way).max() - 1


def test_a_pixel_has_the_strongest_of_its_lines() -> None:
    lines = some_lines()
    keys = np.random.default_rng(4).integers(1, 255, len(lines)).astype(np.uint8)
    alone = [EdgeRaster(line[None], WIDTH, HEIGHT).strongest(key[None]) for line, key in zip(lines, keys, strict=True)]
    together = EdgeRaster(lines, WIDTH, HEIGHT)
    for _ in range(2):  # the second time uses the buffer of the first
        np.testing.assert_array_equal(together.strongest(keys), np.max(alone, axis=0))
        assert not together.strongest(np.zeros_like(keys)).any()


def test_a_line_that_leaves_the_image_is_clipped() -> None:
    size = np.array((WIDTH, HEIGHT, WIDTH, HEIGHT))
    for line in 3 * some_lines() - size:
        whole = pixels_of(line + size, 3 * WIDTH, 3 * HEIGHT) - (WIDTH, HEIGHT)
        well_within = whole[((whole > 2) & (whole < (WIDTH - 2, HEIGHT - 2))).all(axis=1)]
        drawn = pixels_of(line)
        assert len(well_within) <= len(drawn)
        for place in well_within:
            assert np.abs(drawn - place).max(axis=1).min() <= 1


@pytest.mark.parametrize("line", [(-5, -5, -1, -1), (10, 50, 50, 50), (-3, 3, -3, 30), (70, -10, 70, 50)], ids=str)
def test_a_line_outside_the_image_has_no_pixels(line: tuple[float, ...]) -> None:
    assert not len(pixels_of(np.array(line, dtype=np.float64)))


def test_a_line_without_length_is_one_pixel_and_no_lines_are_none() -> None:
    assert pixels_of(np.array([3.2, 4.7, 3.2, 4.7])).tolist() == [[3.5, 4.5]]
    assert not EdgeRaster(np.empty((0, 4)), WIDTH, HEIGHT).strongest(np.empty(0, dtype=np.uint8)).any()


def test_keys_grow_with_magnitude_and_encode_the_sign() -> None:
    keys = edge_keys(np.array([0.0, 1e-9, -1e-9, 0.5, -0.5, 1.0, -1.0, 7.0, np.nan, np.inf]), 1.0).tolist()
    assert keys == [2, 2, 1, 128, 127, 254, 253, 254, 255, 255]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_differ_by_sign_and_magnitude(theme: Theme, qtbot: QtBot) -> None:
    lines = np.array([[0, row, WIDTH - 1, row] for row in (5.5, 15.5, 25.5, 35.5)])
    raster = EdgeRaster(lines, WIDTH, HEIGHT)
    picture = raster.paint(edge_keys(np.array([1.0, -1.0, 1e-6, np.nan]), 1.0), theme)
    found = [picture.pixelColor(30, row).name() for row in (5, 15, 25, 35)]
    assert [found[0], found[1], found[3]] == [c.lower() for c in (theme.positive, theme.negative, theme.danger)]
    assert np.abs(255 * (rgb(found[2]) - rgb(theme.paper))).max() < 5
    assert picture.pixelColor(30, 0).alpha() == 0

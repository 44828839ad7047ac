import numpy as np
import pytest

from bpviz.core.plane import plane_of_inputs, telling_inputs
from bpviz.core.surface import Grid

SAMPLE = np.array([1.0, 2.0, 3.0, 4.0])


def test_a_plane_of_two_inputs_holds_the_others() -> None:
    plane = plane_of_inputs([3, 1], SAMPLE)
    np.testing.assert_array_equal(plane.inputs(np.array([[7.0, 8.0]])), [[1, 8, 3, 7]])
    np.testing.assert_array_equal(plane.places(SAMPLE[None]), [[4, 2]])


def test_samples_are_as_far_from_a_plane_as_their_other_inputs_are_from_those_held() -> None:
    plane = plane_of_inputs([0, 1], SAMPLE)
    assert plane.distances(SAMPLE + np.array([[9, 9, 3, 4]])) == pytest.approx([5.0])
    assert plane.distances(SAMPLE[None]) == pytest.approx([0.0])


def test_a_grid_on_a_plane_has_its_points_in_the_space_of_inputs() -> None:
    grid = Grid(0.0, 2.0, 0.0, 2.0, 2, 2, plane_of_inputs([0, 2], SAMPLE))
    np.testing.assert_allclose(grid.points()[:, [0, 2]], Grid(0.0, 2.0, 0.0, 2.0, 2, 2).points())
    np.testing.assert_array_equal(grid.points()[:, [1, 3]], [[2, 4]] * 4)
    assert grid.n_inputs == 4


def test_a_grid_on_a_line_has_one_input() -> None:
    line = plane_of_inputs([0], np.zeros(1))
    grid = Grid(-1.0, 1.0, 0.0, 1.0, 4, 1, line)
    np.testing.assert_allclose(grid.points(), [[-0.75], [-0.25], [0.25], [0.75]])
    assert grid.coarser().rows == 1
    np.testing.assert_array_equal(line.places(np.array([[5.0]])), [[5, 0]])


def test_the_most_telling_inputs_are_those_correlated_with_a_target_and_never_constant_ones() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 5))
    X[:, 0] = 3.0
    y = np.column_stack((X[:, 3], X[:, 1] + 0.1 * rng.normal(size=200)))
    assert telling_inputs(X, y) == (1, 3)

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect

from bpviz.ui.walkthrough.operand_layout import Place, Room, Wanted, arrange

SIZES = [(404, 165), (884, 365), (250, 400), (1600, 120)]


def wanted(*shapes: tuple[int, int], text: int = 50) -> list[Wanted]:
    return [Wanted(rows, columns, text, 0 if number == 0 else 24) for number, (rows, columns) in enumerate(shapes)]


OPERATIONS = {
    "z": wanted((1, 2), (2, 25), (1, 25), (1, 25)),
    "a wide z": wanted((1, 25), (25, 50), (1, 50), (1, 50)),
    "inner delta": wanted((1, 50), (50, 25), (1, 25), (1, 25), (1, 25)),
    "dW": wanted((50, 1), (1, 25), (50, 25)),
    "update": [*wanted((25, 50), (25, 50), (25, 50)), *wanted((1, 50), (1, 50), (1, 50))],
    "huge": wanted((1, 1024), (1024, 1024), (1, 1024), (1, 1024)),
    "tiny": wanted((1, 2), (2, 2), (1, 2), (1, 2)),
}


@pytest.fixture(params=list(OPERATIONS))
def operation(request: pytest.FixtureRequest) -> list[Wanted]:
    return OPERATIONS[request.param]


def placed(operation: list[Wanted], width: int, height: int) -> tuple[Place, ...]:
    return arrange(tuple(operation), Room(width, height, above=32, below=16))


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_off_and_nothing_overlaps(operation: list[Wanted], size: tuple[int, int]) -> None:
    places = placed(operation, *size)
    for place in places:
        assert QRect(0, 0, *size).contains(place.column)
        assert place.column.contains(place.cells)
    boxes = [place.column for place in places] + [place.sign for place in places if not place.sign.isEmpty()]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("size", SIZES)
def test_matrices_are_in_proportion(operation: list[Wanted], size: tuple[int, int]) -> None:
    for one, place in zip(operation, placed(operation, *size), strict=True):
        if min(place.cells.width(), place.cells.height()) > 16:
            assert place.cells.width() / one.columns == pytest.approx(place.cells.height() / one.rows, rel=0.15)


@pytest.mark.parametrize("name", OPERATIONS)
def test_more_space_never_makes_cells_smaller(name: str) -> None:
    small, large = placed(OPERATIONS[name], 404, 165), placed(OPERATIONS[name], 884, 365)
    assert all(b.cells.height() >= a.cells.height() for a, b in zip(small, large, strict=True))


def test_texts_are_omitted_if_there_is_no_room_for_them() -> None:
    places = placed(OPERATIONS["inner delta"], 120, 40)
    assert all(place.cells.top() == place.column.top() for place in places)
    assert all(place.cells.left() >= 0 for place in places)


def test_operands_are_on_one_line_unless_two_make_them_much_larger() -> None:
    assert {place.column.top() for place in placed(OPERATIONS["a wide z"], 404, 165)} == {0}
    assert len({place.column.top() for place in placed(OPERATIONS["z"], 404, 365)}) > 1


def test_each_equation_starts_a_line_if_there_is_room() -> None:
    places = placed(OPERATIONS["update"], 700, 400)
    assert [place.column.left() == 0 for place in places] == [True, False, False] * 2


def test_vectors_are_strips_of_visible_height() -> None:
    column, row, _ = placed(OPERATIONS["dW"], 884, 365)
    assert 10 <= column.cells.width() < column.cells.height()
    assert 10 <= row.cells.height() < row.cells.width()


@pytest.mark.parametrize("shape", [(1, 2), (3, 7), (25, 50), (50, 1), (1, 300)])
@pytest.mark.parametrize("box", [QRect(3, 5, 16, 16), QRect(0, 0, 101, 53), QRect(7, 1, 300, 500)])
def test_each_pixel_belongs_to_the_cell_that_is_painted_there(box: QRect, shape: tuple[int, int]) -> None:
    place = Place(box, box, QRect())
    for x in range(box.left(), box.right() + 1, 3):
        for y in range(box.top(), box.bottom() + 1, 7):
            found = place.cell_at(QPoint(x, y), *shape)
            assert found
            assert place.cell(*found, *shape).contains(x, y)


def test_outside_the_cells_there_is_none() -> None:
    box = QRect(10, 10, 20, 20)
    assert Place(box, box, QRect()).cell_at(QPoint(9, 15), 2, 2) is None

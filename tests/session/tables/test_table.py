"""A table as a value, the roles of its columns, and the samples that they make."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bpviz.session.tables.reading import read_table_text
from bpviz.session.tables.roles import guess_roles
from bpviz.session.tables.selection import select
from bpviz.session.tables.table import Table
from bpviz.session.tables.table_error import TableError

FLOWERS = (
    "id,size,colour,species\n1,5.5,red,rose\n2,4.5,blue,iris\n3,3.5,red,iris\n4,,red,rose\n5,x,,rose\n6,1,red,iris\n"
)


def table(text: str, name: str = "mine.csv") -> Table:
    return read_table_text(text, name).table


def test_tables_are_compared_by_names_and_values() -> None:
    same = table(FLOWERS.replace(",", ";"), "other.csv")
    assert table(FLOWERS) == same
    assert hash(table(FLOWERS)) == hash(same)
    assert table(FLOWERS).digest == same.digest
    assert len(same.digest) == 64
    others = [FLOWERS.replace("5.5", "5.6"), FLOWERS.replace("id", "no"), FLOWERS.replace("blue", "red")]
    assert len({same, *map(table, others)}) == 4
    assert same != "mine.csv"


def test_a_number_and_its_text_are_not_the_same() -> None:
    assert table("a,b\n1,x\n2,x\n") != table("a,b\n1x,x\n2x,x\n")
    assert table("a,bc\nx,y\nz,y\n") != table("ab,c\nx,y\nz,y\n")


def test_rows_can_be_left_out() -> None:
    whole = table(FLOWERS)
    left = whole.without_rows(whole.faulty_rows(("size", "colour"), "species"))
    assert left.row_numbers.tolist() == [2, 3, 4, 7]
    assert left.problems(("size", "colour"), "species") == ()
    assert left == table("id,size,colour,species\n1,5.5,red,rose\n2,4.5,blue,iris\n3,3.5,red,iris\n6,1,red,iris\n")
    assert [str(each) for each in whole.without_rows([2, 3, 4]).problems(("size",), "species")] == [
        "Row 5, column “size”: the cell is empty.",
        "Row 6, column “size”: “x” is no finite number.",
    ]
    with pytest.raises(TableError, match="No row is left"):
        whole.without_rows(range(10))


def test_classes_that_no_longer_occur_are_gone() -> None:
    column = table(FLOWERS).without_rows([3]).column("colour")
    assert [column.text_at(n) for n in range(5)] == ["red", "red", "red", "", "red"]
    assert select(table(FLOWERS).without_rows([3, 6]), ("colour",), "species", "classification").X.shape == (4, 1)


def test_classes_and_one_hot_inputs_are_selected() -> None:
    found = select(table(FLOWERS).without_rows([5, 6]), ("size", "colour"), "species", "classification")
    assert found.input_names == ("size", "colour=blue", "colour=red")
    assert found.X.tolist() == [[5.5, 0, 1], [4.5, 1, 0], [3.5, 0, 1], [1, 0, 1]]
    assert found.target_names == ("iris", "rose")
    assert found.labels is not None
    assert found.labels.tolist() == [1, 0, 0, 0]
    assert found.y.tolist() == [[0, 1], [1, 0], [1, 0], [1, 0]]
    assert found.row_numbers.tolist() == [2, 3, 4, 7]
    assert not any(array.flags.writeable for array in (found.X, found.y, found.labels))


def test_numbers_are_selected_as_classes_or_as_targets() -> None:
    numbers = table("a,b\n1,10\n2,9.5\n3,10\n")
    classes = select(numbers, ("a",), "b", "classification")
    assert (classes.target_names, classes.y.tolist()) == (("9.5", "10"), [[0, 1], [1, 0], [0, 1]])
    values = select(numbers, ("a",), "b", "regression")
    assert (values.target_names, values.y.tolist(), values.labels) == (("b",), [[10], [9.5], [10]], None)
    assert not values.X.flags.writeable


MANY = "a,b,c\n" + "".join(f"{n % 7},text {n},{n / 3}\n" for n in range(101)) + "1,text 1,2\n"


@pytest.mark.parametrize(
    ("text", "inputs", "target", "task", "sentence"),
    [
        (FLOWERS, ("weight",), "species", "classification", "There is no column “weight”: choose from “id”, “size”"),
        (FLOWERS, (), "species", "classification", "No input is chosen"),
        (FLOWERS, ("id", "species"), "species", "classification", "“species” is chosen twice"),
        (FLOWERS, ("id", "id"), "species", "classification", "“id” is chosen twice"),
        (FLOWERS, ("id",), "species", "regression", "holds texts such as “iris”, which no regression can learn"),
        (FLOWERS, ("size",), "species", "classification", "Row 5, column “size”: the cell is empty: correct "
         "the file, or leave out the 2 rows with such cells."),
        (FLOWERS, ("id",), "colour", "classification", "Row 6, column “colour”: the cell is empty: correct "
         "the file, or leave out this row."),
        (MANY, ("b",), "a", "classification", "“b” has 101 different texts, and an input can have at most 20"),
        (MANY, ("a",), "c", "classification", "“c” has more than 100 different values, too many for classes"),
        (MANY, ("a",), "b", "classification", "“b” has more than 100 different values, too many for classes"),
        ("a,b\n1,2\n2,2\n", ("a",), "b", "classification", "“b” has the same value in every row"),
    ],
)  # fmt: skip
def test_a_choice_that_cannot_be_trained_is_refused(
    text: str, inputs: tuple[str, ...], target: str, task: Any, sentence: str
) -> None:
    with pytest.raises(TableError) as caught:
        select(table(text), inputs, target, task)
    assert sentence in str(caught.value)


ROWS = range(30)
# name: text, inputs, target, task
ROLES: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "the last column": ("a,b\n1,x\n2,y\n", ("a",), "b", "classification"),
    "a named target": ("label,a,b\n1,2.5,3\n0,2,1\n1,3,1\n0,1,0\n", ("a", "b"), "label", "classification"),
    "a Chinese target": ("类别,长\nx,1\ny,2\n", ("长",), "类别", "classification"),
    "real numbers": ("a,b\n1,2.5\n2,3\n4,1\n7,2\n", ("a",), "b", "regression"),
    "many whole numbers": ("a,b\n" + "".join(f"{n * n},{n * 7}\n" for n in ROWS), ("a",), "b", "regression"),
    "a running number": ("n,a,b\n" + "".join(f"{n},{n % 4},{n % 2}\n" for n in ROWS), ("a",), "b", "classification"),
    "a named id": (
        "x,a,id\n" + "".join(f"{n % 3},{n % 4},{97 * n % 101}\n" for n in ROWS),
        ("x",),
        "a",
        "classification",
    ),
    "names": ("s,a,y\n" + "".join(f"name {n},{n % 4},{n % 2}\n" for n in ROWS), ("a",), "y", "classification"),
    "an empty column": ("a,e,b\n1,,x\n2,,y\n", ("a",), "b", "classification"),
    "a running number alone": ("t,b\n" + "".join(f"{n},{n * n / 7}\n" for n in ROWS), ("t",), "b", "regression"),
    "one column": ("a\n1\n2\n", (), "a", "regression"),
}


@pytest.mark.parametrize("name", ROLES)
def test_roles_are_guessed(name: str) -> None:
    text, *expected = ROLES[name]
    roles = guess_roles(table(text))
    assert [roles.inputs, roles.target, roles.task] == expected
    others = {*table(text).names} - {*roles.inputs, roles.target}
    assert {column for column, _ in roles.left_out} == others
    assert all(reason.endswith(".") for _, reason in roles.left_out)


def test_a_column_of_many_texts_is_left_out_with_a_sentence() -> None:
    rows = "".join(f"town {n % 25},{n},{n % 3}\n" for n in range(3, 60))
    roles = guess_roles(table("town,a,b\n" + rows))
    assert roles.inputs == ("a",)
    assert "25 different texts" in dict(roles.left_out)["town"]


def test_what_is_guessed_can_be_selected() -> None:
    for text, *_ in ROLES.values():
        found = table(text)
        roles = guess_roles(found)
        if roles.inputs:
            assert np.isfinite(select(found, roles.inputs, roles.target, roles.task).X).all()

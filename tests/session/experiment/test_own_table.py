import dataclasses
from typing import Any

import pytest

from bpviz.session.engine.commands import Load
from bpviz.session.experiment.difference import differences, differing_sample_fields
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.table_experiment import column_named, guess_inputs, on_table
from bpviz.session.recovery.command_journal import describe_command
from bpviz.session.tables.read_options import ReadOptions
from bpviz.session.tables.reading import read_table_text
from bpviz.session.training.training import Training
from tests.session.own_table import classes, regression, table


def test_a_table_says_the_width_of_the_first_and_the_last_layer() -> None:
    assert classes().sizes == (4, 4, 3)  # colour is two inputs
    assert regression().sizes == (2, 4, 1)
    assert not classes().problems() | regression().problems()


def test_the_split_has_the_names_and_numbers_of_the_table() -> None:
    split = Training(classes()).split
    assert split.input_names == ("a", "b", "colour=blue", "colour=red")
    assert split.class_names == ("c", "märz", "冬")
    assert (len(split.X_train), len(split.X_test)) == (21, 9)


def test_a_regression_scales_its_target_by_the_training_rows_alone() -> None:
    split = Training(dataclasses.replace(regression(), scale="standard")).split
    assert not split.is_classification
    assert split.output_names == ("height",)
    assert split.y_train.mean() == pytest.approx(0, abs=1e-12)
    assert split.y_train.std() == pytest.approx(1)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"table": None}, "table", "table is missing: give a file"),
        ({"task": ""}, "task", "task must be classification or regression"),
        ({"target": "size"}, "target", "There is no column “size”: choose from “a”"),
        ({"inputs": ("a", "z")}, "inputs", "There is no column “z”: choose from “a”"),
        ({"inputs": ()}, "table", "No input is chosen"),
        ({"inputs": ("a", "kind")}, "table", "The column “kind” is chosen twice"),
        ({"task": "regression"}, "table", "The column “kind” holds texts such as"),
        ({"inputs": (3,)}, "inputs", "inputs entry 1: must be a text"),
        ({"dataset": "moons"}, "table", "table has no effect for moons: leave it out"),
        ({"table": 3}, "table", "table must be a table"),
        ({"task": "sorting"}, "task", "task must be one of"),
    ],
)
def test_a_wrong_choice_of_columns_is_one_clear_sentence(changes: dict[str, Any], field: str, sentence: str) -> None:
    problems = dataclasses.replace(classes(), **changes).problems()
    assert list(problems) == [field]
    assert problems[field].startswith(sentence)


def test_a_missing_cell_is_named_by_row_and_column() -> None:
    holed = read_table_text("a,b,c\n1,2,x\n3,,y\n5,6,x\n7,oh,y\n8,9,y\n", "holed.csv").table
    experiment = on_table(Experiment(), holed, ("a", "b"), "c", "classification")
    (sentence,) = experiment.problems().values()
    assert sentence == (
        "Row 3, column “b”: the cell is empty: correct the file, or leave out the 2 rows with such cells"
    )
    left = holed.without_rows(holed.faulty_rows(("a", "b"), "c"))
    assert on_table(Experiment(), left, ("a", "b"), "c", "classification").sizes[0] == 2


def test_a_text_with_too_many_values_is_no_input() -> None:
    rows = "\n".join(f"word{n},{n % 2}" for n in range(30))
    wordy = read_table_text(f"name,y\n{rows}\n").table
    (sentence,) = on_table(Experiment(), wordy, ("name",), "y", "classification").problems().values()
    assert sentence.startswith("The column “name” has 30 different texts")


def test_more_classes_than_colours_are_refused() -> None:
    rows = "\n".join(f"{n},kind {n % 11}" for n in range(44))
    many = read_table_text(f"a,y\n{rows}\n").table
    (sentence,) = on_table(Experiment(), many, ("a",), "y", "classification").problems().values()
    assert sentence.startswith("The column “y” has 11 different values, and a classification has at most 10 classes")


def test_a_split_without_a_row_to_train_on_is_refused() -> None:
    short = on_table(Experiment(), table(rows=6), ("a",), "kind", "classification")
    problems = dataclasses.replace(short, test_share=0.95).problems()
    assert problems == {"test_share": "test share leaves none of the 6 rows to train on: make it smaller, or add rows"}


def test_equal_tables_are_the_same_samples_and_others_are_not() -> None:
    again = dataclasses.replace(classes(), table=table("copy.csv"))
    assert again == classes()
    assert not differing_sample_fields(classes(), again)
    other = dataclasses.replace(classes(), table=table(rows=27))
    assert classes().needs_new_network(other)
    assert differing_sample_fields(classes(), other) == ("table",)


def test_a_difference_of_tables_is_described_by_their_names() -> None:
    other = dataclasses.replace(classes(), table=table("new_data.csv", 27), inputs=("a",))
    assert [each.describe() for each in differences(classes(), other)] == [
        "table mine.csv | new_data.csv",
        "inputs a, b, colour | a",
    ]


def test_json_has_the_digest_of_the_table_and_finds_it_again() -> None:
    own = classes()
    assert own.table is not None
    values = own.to_values()
    assert values["table"] == own.table.digest
    assert Experiment.from_values(values, {own.table.digest: own.table}) == own


def test_the_log_of_commands_has_nothing_that_the_user_has_named() -> None:
    line = describe_command(Load(classes()))
    assert not [name for name in ("mine", "colour", "kind") if name in line]


def test_columns_are_found_by_name_before_they_are_by_number() -> None:
    named = read_table_text("x,1,y\n4,5,a\n3,4,b\n", "t", ReadOptions(has_header=True)).table
    assert column_named(table(), "4") == "kind"
    assert column_named(named, "1") == "1"
    assert column_named(named, "2") == "1"


def test_all_columns_but_the_target_are_probable_inputs() -> None:
    assert guess_inputs(table(), "height") == ("a", "b", "colour", "kind")
    assert guess_inputs(table(), "a") == ("b", "colour", "kind", "height")


@pytest.mark.parametrize(
    ("task", "output", "loss"), [("regression", "none", "mse"), ("classification", "softmax", "cross_entropy")]
)
def test_the_output_fits_the_task(task: str, output: str, loss: str) -> None:
    like = Experiment(hidden=(3,), activations=("relu", "softmax"), loss="cross_entropy", initializer="he")
    target = "height" if task == "regression" else "kind"
    made = on_table(like, table(), ("a", "b"), target, task)
    assert (made.activations, made.loss) == (("relu", output), loss)
    assert not made.problems()


def test_classes_get_a_sigmoid_in_place_of_a_linear_output() -> None:
    like = Experiment(hidden=(3,), activations=("relu", "none"))
    assert on_table(like, table(), ("a",), "kind", "classification").activations == ("relu", "sigmoid")

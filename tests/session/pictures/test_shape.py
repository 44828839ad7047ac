import dataclasses

from bpviz.session.experiment.experiment import Experiment
from bpviz.session.experiment.presets import load_preset
from bpviz.session.experiment.table_experiment import on_table
from bpviz.session.pictures.shape import picture_shape, square_of
from bpviz.session.tables.reading import read_table_text


def own_table(inputs: int) -> Experiment:
    """Return an experiment on a table of random pixels in two classes."""
    names = [f"p{number}" for number in range(inputs)]
    rows = [",".join([*(str((row * 7 + n) % 5) for n in range(inputs)), "ab"[row % 2]]) for row in range(20)]
    table = read_table_text("\n".join([",".join([*names, "kind"]), *rows]) + "\n", "pixels.csv").table
    like = Experiment(hidden=(4,), activations=("tanh", "softmax"))
    return on_table(like, table, tuple(names), "kind", "classification")


def test_digits_are_pictures_of_their_own() -> None:
    assert picture_shape(load_preset("digits").experiment) == (8, 8)


def test_points_and_measures_are_no_pictures_even_where_their_number_is_a_square() -> None:
    iris = load_preset("iris").experiment
    assert iris.data.n_inputs == 4
    assert picture_shape(iris, as_square=True) is None
    assert picture_shape(Experiment(), as_square=True) is None


def test_a_square_number_of_columns_of_an_own_table_is_a_picture_only_where_that_is_asked_for() -> None:
    pixels = own_table(9)
    assert square_of(pixels) == (3, 3)
    assert picture_shape(pixels) is None
    assert picture_shape(pixels, as_square=True) == (3, 3)


def test_other_numbers_of_columns_are_no_picture() -> None:
    assert picture_shape(own_table(8), as_square=True) is None
    assert picture_shape(own_table(1), as_square=True) is None
    assert picture_shape(dataclasses.replace(Experiment(), dataset="wine"), as_square=True) is None

import numpy as np
import pytest

from bpviz.session.training.epochs import COLUMNS, EpochRecord, EpochTable, layout


def record(epoch: int, neurons: int = 3) -> EpochRecord:
    rms = np.full(neurons, epoch, dtype=np.float32)
    scores = epoch + 0.1, epoch + 0.2, epoch / 7, epoch / 9
    return EpochRecord(
        epoch, *scores, rms, rms * np.float32(0.25), 3 * epoch, np.array([epoch, epoch / 2], dtype=np.float32)
    )


@pytest.mark.parametrize("length", [0, 1, 255, 256, 257, 1000])
def test_every_epoch_stays_as_the_table_grows(length: int) -> None:
    table = EpochTable()
    table.extend(record(epoch) for epoch in range(length))
    assert len(table) == length
    assert list(table.rows()) == [(n, n + 0.1, n + 0.2, n / 7, n / 9) for n in range(length)]
    np.testing.assert_array_equal(table.column("epoch"), np.arange(length))
    np.testing.assert_array_equal(table.column("mistakes"), 3 * np.arange(length))


def test_each_column_holds_its_own_numbers() -> None:
    table = EpochTable()
    table.extend([record(4)])
    assert [float(table.column(name)[0]) for name in COLUMNS] == [4, 4.1, 4.2, 4 / 7, 4 / 9]
    assert table.row(0) == (4, 4.1, 4.2, 4 / 7, 4 / 9)


def test_deltas_are_kept_neuron_by_neuron() -> None:
    table = EpochTable()
    for start in (0, 200, 400):
        table.extend(record(epoch, neurons=5) for epoch in range(start, start + 200))
    expected = np.repeat(np.arange(600), 5).reshape(600, 5)
    np.testing.assert_array_equal(table.deltas.rows[:, 0], expected)
    np.testing.assert_array_equal(table.deltas.rows[:, 1], expected / 4)


def test_ratios_of_updates_are_kept_layer_by_layer() -> None:
    table = EpochTable()
    for start in (0, 200, 400):
        table.extend(record(epoch) for epoch in range(start, start + 200))
    np.testing.assert_array_equal(table.update_ratio, np.outer(np.arange(600), [1.0, 0.5]))


def test_a_copy_of_the_first_epochs_is_independent() -> None:
    table = EpochTable()
    table.extend(record(epoch) for epoch in range(5))
    copied = table.copy(3)
    table.extend([record(5)])
    copied.extend([record(9)])
    np.testing.assert_array_equal(copied.update_ratio[:, 0], [0, 1, 2, 9])
    np.testing.assert_array_equal(copied.deltas.rows[:, 0, 0], [0, 1, 2, 9])
    np.testing.assert_array_equal(table.update_ratio[:, 0], np.arange(6))


def test_an_empty_table_has_empty_columns() -> None:
    table = EpochTable()
    assert all(len(table.column(name)) == 0 for name in COLUMNS)
    assert len(table.column("mistakes")) == len(table.deltas.rows) == len(table.update_ratio) == 0


def test_a_row_beyond_the_last_is_an_error() -> None:
    table = EpochTable()
    table.extend([record(0)])
    with pytest.raises(IndexError):
        table.row(1)


@pytest.mark.parametrize("length", [0, 1, 255, 256, 300])
def test_a_table_made_from_the_arrays_of_another_is_equal_and_can_grow(length: int) -> None:
    table = EpochTable()
    table.extend(record(epoch) for epoch in range(length))
    arrays = {name: array.copy() for name, array in table.arrays().items()}
    assert {name: (array.dtype.str, array.shape) for name, array in arrays.items()} == layout(length, (2, 2, 1))
    copied = EpochTable.from_arrays(arrays)
    copied.extend(record(epoch) for epoch in range(length, length + 3))
    table.extend(record(epoch) for epoch in range(length, length + 3))
    assert list(copied.rows()) == list(table.rows())
    np.testing.assert_array_equal(copied.deltas.rows[:, 0], table.deltas.rows[:, 0])
    np.testing.assert_array_equal(copied.deltas.rows[:, 1], table.deltas.rows[:, 1])
    np.testing.assert_array_equal(copied.update_ratio, table.update_ratio)

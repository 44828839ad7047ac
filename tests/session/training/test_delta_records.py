import numpy as np
import pytest

from bpviz.session.training import delta_records
from bpviz.session.training.delta_records import MOST_ROWS, DeltaRecords

N_NEURONS = 3


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delta_records, "MOST_ROWS", 8)


def epochs(n_epochs: int) -> np.ndarray:
    """Return RMS and mean of each epoch, shape (n_epochs, 2, N_NEURONS)."""
    return np.random.default_rng(0).uniform(1e-25, 1.0, (n_epochs, 2, N_NEURONS))


def filled(values: np.ndarray) -> DeltaRecords:
    records = DeltaRecords()
    for rms, mean in values:
        records.append(rms, mean)
    return records


def by_hand(values: np.ndarray, per_row: int) -> np.ndarray:
    groups = [values[start : start + per_row] for start in range(0, len(values), per_row)]
    return np.array([[np.sqrt((each[:, 0] ** 2).mean(0)), each[:, 1].mean(0)] for each in groups])


@pytest.mark.parametrize("n_epochs", [1, 7, 8, 9, 15, 16, 17, 33, 1000])
def test_a_row_stands_for_the_average_of_its_epochs(n_epochs: int) -> None:
    records = filled(epochs(n_epochs))
    assert len(records.rows) <= 8
    np.testing.assert_allclose(records.rows, by_hand(epochs(n_epochs), records.epochs_per_row), rtol=1e-5)


def test_memory_stops_growing() -> None:
    values = epochs(1)[0]
    records = filled(epochs(100))
    before = records.n_bytes
    for _ in range(10_000):
        records.append(*values)
    assert records.n_bytes == before


@pytest.mark.parametrize("most", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("n_epochs", [1, 8, 13, 29])
def test_rows_are_combined_by_their_epochs(n_epochs: int, most: int) -> None:
    records = filled(epochs(n_epochs))
    assert len(records.at_most(most)) <= most
    expected = by_hand(epochs(n_epochs), records.epochs_per_row_at_most(most))
    np.testing.assert_allclose(records.at_most(most), expected, rtol=1e-5)


def test_deltas_whose_square_is_below_the_range_of_float32_are_averaged() -> None:
    records = filled(np.full((20, 2, N_NEURONS), 1e-30))
    np.testing.assert_allclose(records.rows, 1e-30, rtol=1e-5)


def test_a_copy_goes_on_by_itself() -> None:
    records = filled(epochs(13))
    copied = records.copy(8)
    copied.append(*epochs(1)[0])
    np.testing.assert_allclose(records.rows, by_hand(epochs(13), 2), rtol=1e-5)
    assert len(copied.rows) == 5


def test_a_thousand_epochs_of_the_article_are_kept_one_by_one() -> None:
    assert MOST_ROWS >= 1000

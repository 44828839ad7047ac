"""The confusion matrix, precision and recall, against scikit-learn's."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

from bpviz.core.metrics.confusion import ConfusionMatrix


@pytest.mark.parametrize(("n_classes", "n_samples"), [(2, 5), (3, 150), (10, 1257), (26, 800), (100, 300)])
def test_counts_and_scores_are_those_of_scikit_learn(n_classes: int, n_samples: int) -> None:
    rng = np.random.RandomState(n_classes)
    labels = rng.randint(n_classes, size=n_samples)
    predicted = np.where(rng.rand(n_samples) < 0.6, labels, rng.randint(n_classes, size=n_samples))
    matrix, classes = ConfusionMatrix.of(labels, predicted, n_classes), list(range(n_classes))
    np.testing.assert_array_equal(matrix.counts, confusion_matrix(labels, predicted, labels=classes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        scores = {"labels": classes, "average": None, "zero_division": np.nan}
        np.testing.assert_allclose(matrix.recall, recall_score(labels, predicted, **scores))
        np.testing.assert_allclose(matrix.precision, precision_score(labels, predicted, **scores))
    assert matrix.accuracy == pytest.approx(accuracy_score(labels, predicted))
    assert matrix.n_samples == n_samples
    assert matrix.n_classes == n_classes


def test_what_is_0_of_0_is_not_a_number() -> None:
    matrix = ConfusionMatrix.of(np.array([0, 0, 1]), np.array([0, 1, 1]), 3)
    np.testing.assert_array_equal(matrix.recall, [0.5, 1.0, np.nan])
    np.testing.assert_array_equal(matrix.precision, [1.0, 0.5, np.nan])


def test_without_samples_there_are_counts_but_no_accuracy() -> None:
    nothing = np.empty(0, dtype=np.intp)
    matrix = ConfusionMatrix.of(nothing, nothing, 2)
    np.testing.assert_array_equal(matrix.counts, np.zeros((2, 2)))
    assert np.isnan(matrix.accuracy)


def test_counts_cannot_be_changed_by_who_receives_them() -> None:
    matrix = ConfusionMatrix.of(np.array([0, 1]), np.array([1, 1]), 2)
    assert not matrix.counts.flags.writeable

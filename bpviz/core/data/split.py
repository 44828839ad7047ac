"""Split: the training and the test samples of a task, and what their columns are called."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import Array, frozen
from bpviz.core.scaling import Scaling
from bpviz.language import _

Labels = npt.NDArray[np.intp]
CLASSIFICATION, REGRESSION = TASKS = ("classification", "regression")


@dataclass(frozen=True, eq=False)
class Split:
    """Training and test samples. Read-only arrays.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n_samples, n_inputs)
        As the network sees them: scaled.
    labels_train, labels_test : ndarray of int, shape (n_samples,)
        Class numbers; 0 for every sample of a regression, which has no classes.
    y_train, y_test : ndarray of shape (n_samples, n_outputs)
        Targets: one-hot for the classes of drawn points and tables, numbers for a regression, scaled as well.
    task : {"classification", "regression"}
    input_names, output_names : tuple of str
        A name for each input, and for each class or target. They default to x₁, x₂, ... and to 0, 1, ... or y₁, y₂, ...
    scaling, target_scaling : Scaling
        From original units to those of X and, for a regression, of y. They default to none.
    """

    X_train: Array
    X_test: Array
    labels_train: Labels
    labels_test: Labels
    y_train: Array
    y_test: Array
    task: str = CLASSIFICATION
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    scaling: Scaling = field(default_factory=lambda: Scaling.none(0))
    target_scaling: Scaling = field(default_factory=lambda: Scaling.none(0))

    def __post_init__(self) -> None:
        """Fill in the names that were not given."""
        if not self.input_names:
            object.__setattr__(self, "input_names", tuple(f"x{subscript(i + 1)}" for i in range(self.n_inputs)))
        if not self.output_names:
            names = (str(k) if self.is_classification else f"y{subscript(k + 1)}" for k in range(self.n_outputs))
            object.__setattr__(self, "output_names", tuple(names))

    @property
    def is_classification(self) -> bool:
        """Whether the targets are classes."""
        return self.task == CLASSIFICATION

    @property
    def n_inputs(self) -> int:
        """Number of inputs."""
        return int(self.X_train.shape[1])

    @property
    def n_outputs(self) -> int:
        """Number of targets: of a classification, the number of classes."""
        return int(self.y_train.shape[1])

    @property
    def n_classes(self) -> int:
        """Number of classes; 1 for a regression, all of whose labels are 0."""
        return self.n_outputs if self.is_classification else 1

    @property
    def class_names(self) -> tuple[str, ...]:
        """The names of the classes; empty for a regression."""
        return self.output_names if self.is_classification else ()

    def class_name(self, sample: int) -> str:
        """Return the name of the class of a training sample; "" for a regression."""
        return self.output_names[self.labels_train[sample]] if self.is_classification else ""

    def class_title(self, number: int) -> str:
        """Return the name of a class for screen texts: "class 0", or the name alone if it is no number."""
        return titled(self.output_names[number])


def titled(class_name: str) -> str:
    """Return the name of a class for screen texts: "class 0", or the name alone if it is no number."""
    return _("class {name}").format(name=class_name) if class_name.isdecimal() else class_name


def subscript(number: int) -> str:
    """Return a number in subscript digits."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def frozen_labels(labels: npt.ArrayLike) -> Labels:
    """Return a read-only copy of class numbers."""
    copy = np.array(labels, dtype=np.intp)
    copy.flags.writeable = False
    return copy


def one_hot(y: npt.ArrayLike, n_classes: int) -> Array:
    """Return one-hot targets (n_samples, n_classes) for class numbers (n_samples,); targets are returned as they are.

    Raises
    ------
    ValueError
        If a class number is not in 0..n_classes-1, or targets have another number of columns.
    """
    given = np.asarray(y)
    if given.ndim == 2:
        if given.shape[1] != n_classes:
            raise ValueError(
                _("targets have {shape} columns, but the network has {n_classes} outputs").format(
                    shape=given.shape[1], n_classes=n_classes
                )
            )
        return given.astype(np.float64)
    labels = given.astype(np.intp)
    if labels.size and (labels.min() < 0 or labels.max() >= n_classes):
        raise ValueError(
            _("class numbers must be in 0..{last}, but they are in {least}..{most}").format(
                last=n_classes - 1, least=labels.min(), most=labels.max()
            )
        )
    return np.eye(n_classes)[labels]


def classes_split(
    train: tuple[Array, npt.ArrayLike],
    test: tuple[Array, npt.ArrayLike],
    classes: int,
    *,
    scale: str = "none",
    input_names: tuple[str, ...] = (),
    class_names: tuple[str, ...] = (),
) -> Split:
    """Return the split of a classification, from points and class numbers; inputs are scaled by the training points."""
    (X_train, labels_train), (X_test, labels_test) = train, test
    scaling = Scaling.fit(scale, X_train)
    return Split(
        frozen(scaling.apply(X_train)),
        frozen(scaling.apply(X_test)),
        frozen_labels(labels_train),
        frozen_labels(labels_test),
        frozen(one_hot(labels_train, classes)),
        frozen(one_hot(labels_test, classes)),
        CLASSIFICATION,
        input_names,
        class_names,
        scaling,
    )


def regression_split(
    train: tuple[Array, Array],
    test: tuple[Array, Array],
    *,
    scale: str = "none",
    input_names: tuple[str, ...] = (),
    target_names: tuple[str, ...] = (),
) -> Split:
    """Return the split of a regression, from inputs and targets; both are scaled by the training samples."""
    (X_train, y_train), (X_test, y_test) = train, test
    scaling, of_targets = Scaling.fit(scale, X_train), Scaling.fit(scale, y_train)
    return Split(
        frozen(scaling.apply(X_train)),
        frozen(scaling.apply(X_test)),
        frozen_labels(np.zeros(len(X_train))),
        frozen_labels(np.zeros(len(X_test))),
        frozen(of_targets.apply(y_train)),
        frozen(of_targets.apply(y_test)),
        REGRESSION,
        input_names,
        target_names,
        scaling,
        of_targets,
    )

"""The arrays of a branch, epoch records and checkpoints, as an npz archive without pickled objects."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from typing import IO, Any
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt

from bpviz.core.arrays import frozen
from bpviz.core.optimisers.learning import Learning, packed_size
from bpviz.core.training.trainer import Checkpoint
from bpviz.language import _
from bpviz.session.experiment.experiment import Experiment
from bpviz.session.files.session_data import SavedBranch
from bpviz.session.files.zip_archive import Archive, NotAnArchiveError, new_member
from bpviz.session.time_travel.history import HistoryCheckpoint
from bpviz.session.training import epochs as epoch_table
from bpviz.session.training.epochs import EpochTable

Arrays = dict[str, npt.NDArray[Any]]
Layout = dict[str, tuple[str, tuple[int, ...]]]
_MAGIC, _LENGTH_BYTES = b"\x93NUMPY\x01\x00", 2
# Upper bound for an array's header and its zip entries.
MAX_EXTRA_BYTES = 2000


def layout(
    first: Experiment,
    n_epochs: int,
    n_checkpoints: int,
    epochs_per_delta_row: int,
    n_learning: int,
    has_losses: bool = True,
) -> Layout:
    """Return name -> (dtype, shape) of a branch's arrays.

    Parameters
    ----------
    first : Experiment
        That of the branch at its start.
    n_epochs, n_checkpoints : int
    epochs_per_delta_row : int
        See `bpviz.session.training.epochs.layout`.
    n_learning : int
        Length of `Learning.packed`; 0 for files of formats 1 to 3, which do not have it.
    has_losses : bool
        See `bpviz.session.training.epochs.layout`.
    """
    sizes = first.sizes
    parameters = sum((before + 1) * width for before, width in pairwise(sizes))
    statistics = 2 * sum(sizes[1:]) + 1
    one_each = dict.fromkeys(("epochs", "samples", "n_made"), ("<i8", (n_checkpoints,)))
    is_regression = not first.is_classification
    table = epoch_table.layout(
        n_epochs, sizes, epochs_per_delta_row, is_regression=is_regression, has_losses=has_losses
    )
    learning = {"learning": ("<f8", (n_checkpoints, n_learning))} if n_learning else {}
    return {
        **table,
        **one_each,
        "parameters": ("<f8", (n_checkpoints, parameters)),
        "statistics": ("<f8", (n_checkpoints, statistics)),
        **learning,
    }


def learning_size(experiment: Experiment) -> int:
    """Return the length of `Learning.packed` in the training of an experiment."""
    n_parameters = sum((before + 1) * width for before, width in pairwise(experiment.sizes))
    return packed_size(experiment.optimiser, n_parameters)


def most_bytes(wanted: Layout) -> int:
    """Return the largest possible size of an archive with such arrays, in bytes."""
    return sum(np.dtype(dtype).itemsize * math.prod(shape) + MAX_EXTRA_BYTES for dtype, shape in wanted.values())


def write_arrays(branch: SavedBranch, file: IO[bytes]) -> None:
    """Write the arrays of a branch in the format of `numpy.savez`."""
    arrays = _arrays(branch)
    per_row = branch.epochs.deltas.epochs_per_row
    lengths = len(branch.epochs), len(branch.checkpoints)
    wanted = layout(branch.first, *lengths, per_row, learning_size(branch.first))
    with ZipFile(file, "w") as archive:
        for name, (dtype, _) in wanted.items():
            array = np.ascontiguousarray(arrays[name], dtype=dtype)
            write_array(archive, name, array)


def write_array(archive: ZipFile, name: str, array: npt.NDArray[Any]) -> None:
    """Write an array as a member of an archive."""
    with new_member(archive, f"{name}.npy") as member:
        np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)


def _arrays(branch: SavedBranch) -> Arrays:
    checkpoints = [checkpoint.checkpoint for checkpoint in branch.checkpoints]
    return {
        **branch.epochs.arrays(),
        "epochs": np.array([each.epoch for each in checkpoints]),
        "samples": np.array([each.sample for each in checkpoints]),
        "n_made": np.array([checkpoint.n_interventions for checkpoint in branch.checkpoints]),
        "parameters": np.array([each.parameters for each in checkpoints]),
        "statistics": np.array([each.statistics for each in checkpoints]),
        "learning": np.array([each.learning for each in checkpoints]),
    }


def read_arrays(
    content: bytes, wanted: Layout, epochs_per_delta_row: int
) -> tuple[EpochTable, tuple[HistoryCheckpoint, ...]]:
    """Return the arrays of an archive made by `write_arrays`.

    Raises
    ------
    ValueError
        If the content is not such an archive, or an array has another dtype or shape.
    """
    try:
        archive = Archive(io.BytesIO(content), len(content))
    except NotAnArchiveError as fault:
        raise ValueError(_("its arrays are not a zip archive")) from fault
    archive.expect([f"{name}.npy" for name in wanted])
    arrays = {name: read_array(archive, name, *form) for name, form in wanted.items()}
    return _table(arrays, wanted, epochs_per_delta_row), _checkpoints(arrays)


def read_array(archive: Archive, name: str, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Return an independent array. Its header must equal the expected one: it is compared, never parsed."""
    size = np.dtype(dtype).itemsize * math.prod(shape)
    content = archive.read(f"{name}.npy", size + MAX_EXTRA_BYTES)
    start = len(_MAGIC) + _LENGTH_BYTES
    end = start + int.from_bytes(content[len(_MAGIC) : start], "little")
    expected = f"{{'descr': {dtype!r}, 'fortran_order': False, 'shape': {shape!r}, }}"
    if not content.startswith(_MAGIC) or content[start:end].rstrip() != expected.encode():
        raise ValueError(_("its array {name} has a wrong type or shape").format(name=name))
    if len(content) != end + size:
        raise ValueError(_("its array {name} is not as long as it claims to be").format(name=name))
    return np.frombuffer(content, dtype, offset=end).reshape(shape).astype(np.dtype(dtype).newbyteorder("="))


def _table(arrays: Arrays, wanted: Layout, epochs_per_delta_row: int) -> EpochTable:
    names = epoch_table.layout(1, (1,), is_regression=True).keys() & wanted.keys()
    return EpochTable.from_arrays({name: arrays[name] for name in names}, epochs_per_delta_row)


def _checkpoints(arrays: Arrays) -> tuple[HistoryCheckpoint, ...]:
    places = zip(*(arrays[name].tolist() for name in ("epochs", "samples", "n_made")), strict=True)
    # Before format 4 there was only plain SGD, which remembers nothing, with a constant learning rate.
    plain = np.tile(Learning(0).packed, (len(arrays["parameters"]), 1))
    states = zip(arrays["parameters"], arrays["statistics"], arrays.get("learning", plain), strict=True)
    return tuple(
        HistoryCheckpoint(Checkpoint(epoch, sample, *map(frozen, state)), n_made)
        for (epoch, sample, n_made), state in zip(places, states, strict=True)
    )

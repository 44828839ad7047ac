"""Write the weights and biases of a network to a file, by the ending of its name."""

from __future__ import annotations

from pathlib import Path

from bpviz.language import _
from bpviz.session.files.csv_export import write_weights
from bpviz.session.files.safe_write import ExportError, write_atomically
from bpviz.session.training.training import Training

#: Endings of names that can be written.
SUFFIXES = (".npz", ".safetensors", ".onnx")


def write_network(training: Training, path: Path) -> None:
    """Write a network: as numpy's W1, b1, ..., with PyTorch's names, or as an ONNX model.

    Raises
    ------
    ExportError
        If the file cannot be written, or the format lacks an activation or needs a package that is not there.
    """
    suffix, network = path.suffix.lower(), training.network
    try:
        if suffix == ".safetensors":
            from bpviz.session.network_files.tensors import write_safetensors

            write_atomically(path, lambda file: write_safetensors(network, file))
        elif suffix == ".onnx":
            from bpviz.session.network_files.onnx_writing import write_onnx

            write_atomically(path, lambda file: write_onnx(network, file))
        else:
            write_weights(training, path)
    except ImportError as fault:
        raise ExportError(
            _("{path} cannot be written: this needs a package, pip install 'bpviz[onnx]'").format(path=path)
        ) from fault
    except ValueError as fault:
        raise ExportError(_("{path} cannot be written: {fault}").format(path=path, fault=fault)) from fault

"""Damaged and malicious files of networks: each gives one sentence, and takes little memory."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bpviz.session.network_files.network_file import MOST_BYTES, NetworkFileError
from bpviz.session.network_files.reading import read_network
from bpviz.session.network_files.writing import write_network
from bpviz.session.training.training import Training
from tests.session.helpers import SMALL

DATA = Path(__file__).with_name("data")
NEEDS = {".onnx": "onnx", ".keras": "h5py"}


def good(suffix: str, folder: Path) -> bytes:
    if suffix in NEEDS:
        pytest.importorskip(NEEDS[suffix])
    if suffix == ".keras":
        return (DATA / "sequential.keras").read_bytes()
    write_network(Training(SMALL), folder / f"good{suffix}")
    return (folder / f"good{suffix}").read_bytes()


def damaged(content: bytes, seed: int) -> Iterator[bytes]:
    rng = np.random.default_rng(seed)
    for _ in range(60):
        yield content[: rng.integers(len(content))]
    for _ in range(120):
        flipped = bytearray(content)
        for place in rng.integers(len(content), size=rng.integers(1, 6)):
            flipped[place] = rng.integers(256)
        yield bytes(flipped)
    yield from (b"", b"\0" * 100, b"PK\3\4", b'{"a": 1}', content + content, b"\xff" * 1000)


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".onnx", ".keras"])
def test_a_damaged_file_gives_a_sentence_or_a_network(suffix: str, tmp_path: Path) -> None:
    path, refused = tmp_path / f"a{suffix}", 0
    for content in damaged(good(suffix, tmp_path), 1):
        path.write_bytes(content)
        try:
            found = read_network(path)
        except NetworkFileError as fault:
            refused += 1
            sentence = str(fault)
            assert sentence.isprintable()
            assert sentence.startswith(f"{path} cannot be opened: ")
            assert len(sentence) < 700
        else:
            assert np.isfinite(found.parameters).all()
    assert refused > 60


def header(claimed: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": claimed})
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("claimed", [(10**9, 10**3), (2**62, 4), (-1, 3), (5,)])
def test_an_array_that_claims_to_be_larger_than_it_is_takes_no_memory(claimed: tuple[int, ...], tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(zipped({"W1.npy": header(claimed)}))
    with pytest.raises(NetworkFileError, match="array W1: it is not as long as it claims to be"):
        read_network(tmp_path / "a.npz")


@pytest.mark.parametrize("suffix", [".npz", ".keras"])
def test_an_archive_that_unpacks_to_much_is_refused(suffix: str, tmp_path: Path) -> None:
    if suffix == ".keras":
        pytest.importorskip("h5py")
    name = "W1.npy" if suffix == ".npz" else "config.json"
    bomb = zipped({name: bytes(MOST_BYTES + 1), "model.weights.h5": b""})
    assert len(bomb) < MOST_BYTES // 100
    (tmp_path / f"a{suffix}").write_bytes(bomb)
    with pytest.raises(NetworkFileError, match=r"than (any network|that of any network)"):
        read_network(tmp_path / f"a{suffix}")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "a.safetensors").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(NetworkFileError, match="it is larger than 64 MB"):
        read_network(tmp_path / "a.safetensors")


def test_a_type_that_numpy_does_not_have_is_named(tmp_path: Path) -> None:
    text = json.dumps({"0.weight": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [0, 4]}}).encode()
    (tmp_path / "a.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(4))
    with pytest.raises(NetworkFileError, match=r"array 0.weight: its type BF16 is not one of"):
        read_network(tmp_path / "a.safetensors")


def test_a_link_to_another_file_is_not_followed(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["secret"] = np.ones((2, 4))
    with zipfile.ZipFile(DATA / "sequential.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(members["model.weights.h5"])
    with h5py.File(weights, "r+") as arrays:
        del arrays["layers/dense/vars/0"]
        arrays["layers/dense/vars/0"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "secret")
    (tmp_path / "a.keras").write_bytes(zipped(members | {"model.weights.h5": weights.getvalue()}))
    with pytest.raises(NetworkFileError, match="has no 0 as Keras 3 writes it"):
        read_network(tmp_path / "a.keras")

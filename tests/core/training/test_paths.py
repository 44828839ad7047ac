"""How the compiled path is made, and when the kernel switches to it."""

import sys
from collections.abc import Callable
from threading import Event

import numpy as np
import pytest

import bpviz.core.training
from bpviz import NeuralNetwork
from bpviz.core.arrays import Array
from bpviz.core.training import kernel
from bpviz.core.training.kernel import Kernel
from bpviz.core.training.numpy_path import NumpyPath
from bpviz.core.training.trainer import Trainer
from tests.core.helpers import run_epochs, samples_for

SAMPLES = 23

needs_numba = pytest.mark.skipif(not kernel.HAS_NUMBA, reason="numba is not installed")


def trainer_of(shuffle_seed: int | None = 5, batch_size: int = 1) -> Trainer:
    network = NeuralNetwork.build((2, 7, 5, 2), ["tanh", "sigmoid", "softmax"], seed=3, loss="cross_entropy")
    X, y = samples_for(network, SAMPLES)
    return Trainer(network, X, y, learning_rate=0.1, batch_size=batch_size, shuffle_seed=shuffle_seed)


def parameters_after(epochs: int) -> Array:
    trainer = trainer_of()
    run_epochs(trainer, epochs)
    return trainer.network.parameters


class Diary:
    """Records which path each call takes."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.taken: list[str] = []
        self.compiled = kernel._compiler.path
        assert self.compiled is not None
        patch.setattr(NumpyPath, "train", self._noting("numpy", NumpyPath.train))
        patch.setattr(self.compiled, "train", self._noting("numba", self.compiled.train))

    def _noting(self, name: str, train: Callable[..., int]) -> Callable[..., int]:
        def noted(*arguments: object) -> int:
            self.taken.append(name)
            return train(*arguments)

        return noted


@needs_numba
def test_an_epoch_started_in_numpy_stays_in_numpy_and_the_next_one_is_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    diary, all_compiled = Diary(monkeypatch), parameters_after(2)
    monkeypatch.setattr(kernel._compiler, "path", None)
    all_numpy = parameters_after(2)

    trainer = trainer_of()
    diary.taken.clear()
    trainer.advance(5)
    monkeypatch.setattr(kernel._compiler, "path", diary.compiled)
    trainer.advance(5)
    run_epochs(trainer, 2)
    assert diary.taken == ["numpy", "numpy", "numpy", "numba"]
    np.testing.assert_allclose(trainer.network.parameters, all_compiled, rtol=0, atol=1e-12)
    np.testing.assert_allclose(trainer.network.parameters, all_numpy, rtol=0, atol=1e-12)


@needs_numba
def test_an_epoch_started_with_steps_in_numpy_stays_in_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    diary = Diary(monkeypatch)
    monkeypatch.setattr(kernel._compiler, "path", None)
    trainer = trainer_of()
    trainer.step()
    monkeypatch.setattr(kernel._compiler, "path", diary.compiled)
    run_epochs(trainer, 2)
    assert diary.taken == ["numpy", "numpy", "numba"]  # the step, the rest of its epoch, the next


@needs_numba
def test_large_batches_are_trained_in_numpy_and_small_ones_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_CALLS", SAMPLES * len(trainer_of().network.parameters))
    diary, trainer = Diary(monkeypatch), trainer_of(batch_size=SAMPLES)
    run_epochs(trainer, 1)
    assert set(diary.taken) == {"numpy"}
    diary.taken.clear()
    trainer.batch_size = SAMPLES // 2
    run_epochs(trainer, 1)
    assert set(diary.taken) == {"numba"}


@pytest.mark.parametrize("batch_size", [1, 4, 2048])
def test_only_compiled_training_releases_the_lock(kernel_path: str, batch_size: int) -> None:
    assert trainer_of(batch_size=batch_size).releases_lock == (kernel_path == "numba" and batch_size < 2048)


@pytest.mark.usefixtures("numpy_only")
def test_without_numba_nothing_compiles_and_the_name_of_the_path_is_numpy() -> None:
    compiler = kernel._Compiler()
    compiler.start()
    compiler.wait()
    assert (compiler.path, compiler.fault) == (None, "")
    assert kernel.path_name() == "numpy"


@pytest.fixture
def fresh_compiler(monkeypatch: pytest.MonkeyPatch) -> kernel._Compiler:
    """A compiler that has not started, in place of the process's own, with numba reported as installed."""
    compiler = kernel._Compiler()
    monkeypatch.setattr(kernel, "_compiler", compiler)
    monkeypatch.setattr(kernel, "HAS_NUMBA", True)
    return compiler


def assert_numpy_goes_on(compiler: kernel._Compiler, reason: str) -> None:
    """Assert that compiling failed, that the reason is kept, and that epochs are trained nevertheless."""
    compiler.start()
    compiler.wait()
    assert kernel.path_name() == "numpy, numba failed"
    assert kernel.compiler_fault().startswith(reason)
    trainer = trainer_of()
    before = trainer.network.parameters.copy()
    run_epochs(trainer, 1)
    assert (trainer.network.parameters != before).any()


def test_a_numba_that_cannot_be_imported_leaves_numpy_in_use(
    monkeypatch: pytest.MonkeyPatch, fresh_compiler: kernel._Compiler
) -> None:
    monkeypatch.delattr(bpviz.core.training, "numba_path", raising=False)
    monkeypatch.setitem(sys.modules, "bpviz.core.training.numba_path", None)
    assert_numpy_goes_on(fresh_compiler, "ModuleNotFoundError: ")


@needs_numba
def test_compiling_that_fails_leaves_numpy_in_use(
    monkeypatch: pytest.MonkeyPatch, fresh_compiler: kernel._Compiler
) -> None:
    from bpviz.core.training import numba_path as compiled

    def fail() -> None:
        raise OSError("no space left")

    monkeypatch.setattr(compiled, "warm_up", fail)
    assert_numpy_goes_on(fresh_compiler, "OSError: no space left")


@needs_numba
def test_training_does_not_wait_for_numba_and_path_name_says_that_it_is_compiling(
    monkeypatch: pytest.MonkeyPatch, fresh_compiler: kernel._Compiler
) -> None:
    from bpviz.core.training import numba_path as compiled

    may_end = Event()
    monkeypatch.setattr(compiled, "warm_up", may_end.wait)
    fresh_compiler.start()
    try:
        assert kernel.path_name() == "numpy, numba is getting ready"
        run_epochs(trainer_of(), 1)
        assert kernel.path_name() == "numpy, numba is getting ready"
    finally:
        may_end.set()
        fresh_compiler.wait()
    assert kernel.path_name() == "numba"


@needs_numba
def test_compiling_begins_once_however_often_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, fresh_compiler: kernel._Compiler
) -> None:
    from bpviz.core.training import numba_path as compiled

    begun: list[None] = []
    monkeypatch.setattr(compiled, "warm_up", lambda: begun.append(None))
    for _ in range(3):
        fresh_compiler.start()
    fresh_compiler.wait()
    assert len(begun) == 1


def test_a_kernel_made_before_compiling_finished_can_use_either_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`Kernel.run` never switches paths by itself: the trainer does so between epochs."""
    if kernel._compiler.path is None:
        pytest.skip("numba is not installed")
    diary = Diary(monkeypatch)
    monkeypatch.setattr(kernel._compiler, "path", None)
    network = trainer_of().network
    made, (X, y) = Kernel(network), samples_for(network, 5)
    monkeypatch.setattr(kernel._compiler, "path", diary.compiled)
    made.run(X, y, np.arange(5), 0.1)
    assert made.use_compiled()
    made.run(X, y, np.arange(5), 0.1)
    assert not made.use_compiled(False)
    made.run(X, y, np.arange(5), 0.1)
    assert diary.taken == ["numpy", "numba", "numpy"]


@needs_numba
def test_an_epoch_that_was_trained_in_numpy_is_trained_there_again(monkeypatch: pytest.MonkeyPatch) -> None:
    diary = Diary(monkeypatch)
    monkeypatch.setattr(kernel._compiler, "path", None)
    trainer = trainer_of()
    start = trainer.checkpoint()
    run_epochs(trainer, 1)
    after_numpy = trainer.network.parameters.copy()
    monkeypatch.setattr(kernel._compiler, "path", diary.compiled)
    run_epochs(trainer, 1)
    trainer.restore(start)
    run_epochs(trainer, 1)
    np.testing.assert_array_equal(trainer.network.parameters, after_numpy)
    run_epochs(trainer, 1)
    assert diary.taken == ["numpy", "numba", "numpy", "numba"]

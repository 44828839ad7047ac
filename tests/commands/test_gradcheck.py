import re
import signal
import sys

import numpy as np
import pytest

from bpviz.commands.progress import about
from bpviz.core import backprop, gradcheck
from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.gradcheck import check_in_pieces, count_pieces
from bpviz.session.experiment.presets import load_preset
from bpviz.session.training.training import Training
from tests.commands.helpers import DEADLINE_SECONDS, exit_code, start

SMALL = ("gradcheck", "--samples", "40", "--layers", "4,3")
Output = pytest.CaptureFixture[str]


def test_the_largest_error_of_every_layer_is_printed_with_a_verdict(capsys: Output) -> None:
    assert exit_code(*SMALL, "--activation", "tanh,sigmoid,softmax") == 0
    *layers, verdict = capsys.readouterr().out.splitlines()
    beginnings = ["layer 1 (2 to 4, tanh)", "layer 2 (4 to 3, sigmoid)", "layer 3 (3 to 2, softmax)"]
    assert [line.partition(":")[0] for line in layers] == beginnings
    errors = [float(re.findall(r"error (\S+) over", line)[0]) for line in layers]
    assert max(errors) < 1e-5
    said = re.fullmatch(
        r"Backpropagation and central differences agree in all 3 layers: the largest relative error is (\S+)\.", verdict
    )
    assert said
    assert float(said[1]) == pytest.approx(max(errors), rel=0.06)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name != "softmax"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
@pytest.mark.parametrize("loss", ["mse", "cross_entropy"])
def test_the_gradients_agree_for_every_activation_and_loss(activation: str, output: str, loss: str) -> None:
    assert exit_code(*SMALL, "--activation", f"{activation},{activation},{output}", "--loss", loss) == 0


def test_a_dataset_of_fewer_samples_is_checked_whole(capsys: Output) -> None:
    assert exit_code("gradcheck", "--preset", "mazur") == 0
    assert "Backpropagation and central differences agree in both layers: " in capsys.readouterr().out


@pytest.mark.parametrize("preset", ["moons", "blobs", "linear"])
def test_a_preset_can_be_checked(preset: str, capsys: Output) -> None:
    assert exit_code("gradcheck", "--preset", preset, "--samples-checked", "2") == 0
    assert "Backpropagation and central differences agree in " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong_by", "sentence"),
    [
        (
            1.01,
            "Layers 1 and 3 agree; the gradients of layer 2 are wrong (relative error 0.0099). "
            "Its db, and so its delta, is right. Look at how dW of layer 2 is computed.",
        ),
        (np.nan, "The gradients of layer 2 are not finite numbers: there is nothing to compare."),
    ],
)
def test_a_wrong_gradient_is_found_in_its_layer(
    wrong_by: float, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    gradients = backprop.gradients

    def wrong(a_prev: Array, delta: Array) -> tuple[Array, Array]:
        dW, db = gradients(a_prev, delta)
        return (dW * wrong_by if dW.shape == (4, 3) else dW), db

    monkeypatch.setattr(backprop, "gradients", wrong)
    assert exit_code(*SMALL) == 1
    first, second, third, verdict = capsys.readouterr().out.splitlines()
    assert re.search(r"error \d\.\d+e-(0[5-9]|1\d)", first)
    assert re.search(r"error \d\.\d+e-(0[5-9]|1\d)", third)
    assert re.search(r"error (9\.90e-03|nan)", second)
    assert verdict == sentence


@pytest.mark.parametrize("value", ["0", "-1", "29", "2.5", "nan", "many", ""])
def test_more_samples_than_there_are_is_refused(value: str, capsys: Output) -> None:
    assert exit_code(*SMALL, "--samples-checked", value) == 2
    err = capsys.readouterr().err
    assert err.startswith("bpviz gradcheck: error: samples checked must be a whole number from 1 to 28, not ")


@pytest.mark.parametrize("value", ["0", "2", "nan", "inf", "small", ""])
def test_a_wrong_epsilon_is_refused(value: str, capsys: Output) -> None:
    assert exit_code(*SMALL, "--epsilon", value) == 2
    assert "argument --epsilon: must be a number greater than 0 up to 1, not " in capsys.readouterr().err


def test_an_impossible_network_is_refused(capsys: Output) -> None:
    assert exit_code("gradcheck", "--activation", "softmax") == 2
    assert "softmax for the output layer only (--activation)" in capsys.readouterr().err


def test_what_does_not_bear_on_a_gradient_is_no_option(capsys: Output) -> None:
    assert exit_code("gradcheck", "--epochs", "5") == 2
    assert "unrecognized arguments: --epochs 5" in capsys.readouterr().err


@pytest.mark.parametrize("preset", ["xor", "moons", "blobs"])
@pytest.mark.parametrize("samples", [1, 5])
def test_the_progress_is_known_before_the_check(preset: str, samples: int) -> None:
    training = Training(load_preset(preset).experiment)
    pieces = check_in_pieces(training.network, training.split.X_train[:samples], training.split.y_train[:samples])
    assert sum(1 for _ in pieces) == count_pieces(training.network, samples)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for another process")
def test_a_check_of_many_hours_says_so_and_ctrl_c_ends_it() -> None:
    process = start("gradcheck", "--layers", ",".join(["1024"] * 8), "--activation", "sigmoid")
    assert process.stderr is not None
    said = process.stderr.readline()
    assert re.fullmatch(r"bpviz gradcheck: 7,352,322 parameters take about [\d,]+ (hours|days); Ctrl-C stops\.\n", said)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, out) == (130, "")
    assert err == "bpviz gradcheck: Stopped after 0% of the check, which has a result only at its end.\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "about 1 second"),
        (59.6, "about 60 seconds"),
        (119, "about 119 seconds"),
        (120, "about 2 minutes"),
        (7200, "about 2 hours"),
        (54_000, "about 15 hours"),
        (10 * 86_400, "about 10 days"),
    ],
)
def test_a_duration_is_said_in_words(seconds: float, words: str) -> None:
    assert about(seconds) == words


def test_a_penalty_is_in_the_check_and_the_output_says_so(capsys: Output) -> None:
    assert exit_code(*SMALL, "--l1", "0.01", "--l2", "0.3") == 0
    *_, said, verdict = capsys.readouterr().out.splitlines()
    assert said == "The penalty is in both gradients: they are those of L + 0.01 ∑|W| + 0.3/2 ∑W²."
    assert verdict.startswith("Backpropagation and central differences agree in all 3 layers: ")


def test_a_wrong_penalty_is_found(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(gradcheck, "penalised", lambda W, dW, rule: dW + rule.l2 / 2 * W)
    assert exit_code(*SMALL, "--l2", "0.3") == 1
    assert "Without the penalty they are right: look at how the penalty of layer 3 " in capsys.readouterr().out

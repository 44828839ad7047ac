import pytest

from bpviz.core.metrics.metric import AGGREGATIONS, QUANTITIES, Metric

SIZES = (2, 4, 3, 2)


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (Metric("abs_delta", 1), "largest |delta| of layer 1"),
        (Metric("delta", 2, "rms"), "RMS delta of layer 2"),
        (Metric("a", 3, "smallest"), "smallest a of layer 3"),
        (Metric("delta", 1, neuron=4), "delta[1][4]"),
        (Metric("W", 2, neuron=7, source=3), "W[2][3, 7]"),
        (Metric("dW", 2, "rms", neuron=7), "RMS dW into neuron 7 of layer 2"),
        (Metric("saturated", 1), "saturated share of layer 1"),
        (Metric("loss"), "loss"),
    ],
)
def test_a_subject_reads_as_people_write_it(metric: Metric, words: str) -> None:
    assert metric.describe() == words


@pytest.mark.parametrize(
    ("metric", "single"),
    [
        (Metric("delta", 1), False),
        (Metric("delta", 1, neuron=0), True),
        (Metric("W", 1, neuron=0), False),
        (Metric("W", 1, neuron=0, source=0), True),
        (Metric("saturated", 1), True),
        (Metric("loss"), True),
    ],
)
def test_no_measure_is_taken_of_a_single_value(metric: Metric, single: bool) -> None:
    assert metric.is_single is single


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("measure", AGGREGATIONS)
def test_every_quantity_can_be_asked_for_in_every_way(quantity: str, measure: str) -> None:
    assert Metric(quantity, 1, measure).problem(SIZES) is None


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric("sigma", 1), "no quantity is called 'sigma'"),
        (Metric("delta", 1, "mean"), "no measure is called 'mean'"),
        (
            Metric("W", 1, source=2),
            "a source is for a single weight only, and needs the neuron that the weight leads into",
        ),
        (Metric("delta", 1, neuron=1, source=2), "a source is for a single weight only"),
        (Metric("loss", neuron=1), "loss has no value of a single neuron"),
        (Metric("saturated", 1, neuron=1), "saturated share has no value of a single neuron"),
        (Metric("delta"), "delta needs the number of a layer, counted from 1"),
        (Metric("W", -1), "W needs the number of a layer, counted from 1"),
    ],
)
def test_a_metric_that_is_invalid_for_every_network_is_refused(metric: Metric, sentence: str) -> None:
    problem = metric.problem()
    assert problem is not None
    assert problem.startswith(sentence)


@pytest.mark.parametrize(
    ("metric", "sentence"),
    [
        (Metric("delta", 4), "there is no layer 4: choose one from 1 to 3"),
        (Metric("delta", 1, neuron=4), "there is no neuron 4 in layer 1: choose one from 0 to 3"),
        (Metric("W", 2, neuron=0, source=4), "there is no neuron 4 in layer 1: choose one from 0 to 3"),
        (Metric("W", 1, neuron=0, source=2), "there is no neuron 2 in layer 0: choose one from 0 to 1"),
    ],
)
def test_a_layer_or_neuron_that_does_not_exist_is_refused(metric: Metric, sentence: str) -> None:
    assert metric.problem() is None
    assert metric.problem(SIZES) == sentence


def test_the_last_neuron_of_the_last_layer_is_there() -> None:
    assert Metric("W", 3, neuron=1, source=2).problem(SIZES) is None

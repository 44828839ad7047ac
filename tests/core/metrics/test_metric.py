import pytest

from bpviz.core.metrics.metric import MEASURES, QUANTITIES, Subject

SIZES = (2, 4, 3, 2)


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (Subject("abs_delta", 1), "largest |delta| of layer 1"),
        (Subject("delta", 2, "rms"), "RMS delta of layer 2"),
        (Subject("a", 3, "smallest"), "smallest a of layer 3"),
        (Subject("delta", 1, neuron=4), "delta[1][4]"),
        (Subject("W", 2, neuron=7, source=3), "W[2][3, 7]"),
        (Subject("dW", 2, "rms", neuron=7), "RMS dW into neuron 7 of layer 2"),
        (Subject("saturated", 1), "saturated share of layer 1"),
        (Subject("loss"), "loss"),
    ],
)
def test_a_subject_reads_as_people_write_it(subject: Subject, words: str) -> None:
    assert subject.words() == words


@pytest.mark.parametrize(
    ("subject", "single"),
    [
        (Subject("delta", 1), False),
        (Subject("delta", 1, neuron=0), True),
        (Subject("W", 1, neuron=0), False),
        (Subject("W", 1, neuron=0, source=0), True),
        (Subject("saturated", 1), True),
        (Subject("loss"), True),
    ],
)
def test_no_measure_is_taken_of_a_single_value(subject: Subject, single: bool) -> None:
    assert subject.is_single is single


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("measure", MEASURES)
def test_every_quantity_can_be_asked_for_in_every_way(quantity: str, measure: str) -> None:
    assert Subject(quantity, 1, measure).problem(SIZES) is None


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (Subject("sigma", 1), "no quantity is called 'sigma'"),
        (Subject("delta", 1, "mean"), "no measure is called 'mean'"),
        (Subject("W", 1, source=2), "only a weight comes from a neuron, and it leads into one as well"),
        (Subject("delta", 1, neuron=1, source=2), "only a weight comes from a neuron"),
        (Subject("loss", neuron=1), "loss is no number of a single neuron"),
        (Subject("saturated", 1, neuron=1), "saturated share is no number of a single neuron"),
        (Subject("delta"), "delta is of a layer, and layers are counted from 1"),
        (Subject("W", -1), "W is of a layer, and layers are counted from 1"),
    ],
)
def test_what_makes_no_sense_in_any_network_is_said(subject: Subject, sentence: str) -> None:
    problem = subject.problem()
    assert problem is not None
    assert problem.startswith(sentence)


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        (Subject("delta", 4), "there is no layer 4: they go from 1 to 3"),
        (Subject("delta", 1, neuron=4), "there is no neuron 4 in layer 1: they go from 0 to 3"),
        (Subject("W", 2, neuron=0, source=4), "there is no neuron 4 in layer 1: they go from 0 to 3"),
        (Subject("W", 1, neuron=0, source=2), "there is no neuron 2 in layer 0: they go from 0 to 1"),
    ],
)
def test_a_place_that_a_network_has_not_is_said(subject: Subject, sentence: str) -> None:
    assert subject.problem() is None
    assert subject.problem(SIZES) == sentence


def test_the_last_neuron_of_the_last_layer_is_there() -> None:
    assert Subject("W", 3, neuron=1, source=2).problem(SIZES) is None

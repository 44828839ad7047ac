import numpy as np
import pytest
from sklearn.metrics import log_loss

from bpviz.core.activations import ACTIVATIONS
from bpviz.core.arrays import Array
from bpviz.core.losses import LOSSES, fits, loss_for
from tests.core.helpers import LOSS_AND_OUTPUT, slopes_by_difference

LABELS = np.array([0, 2, 1, 1, 0])
Y = np.eye(3)[LABELS]
Z = np.random.RandomState(3).randn(5, 3) * 2


def outputs(activation: str) -> Array:
    return ACTIVATIONS[activation].f(Z, None)


@pytest.mark.parametrize("output", ACTIVATIONS)
def test_mse_of_a_sample_is_half_the_sum_of_squares(output: str) -> None:
    loss = loss_for("mse", output)
    assert loss.value(np.zeros(2), np.array([1.0, 5.0]), np.array([0.0, 2.0])) == 5.0
    np.testing.assert_allclose(
        loss.value(np.zeros((5, 3)), Z, Y), [0.5 * sum((z - y) ** 2) for z, y in zip(Z, Y, strict=True)]
    )


def test_error_of_mse_is_the_output_less_the_target() -> None:
    np.testing.assert_array_equal(loss_for("mse", "tanh").error(Z, Y), Z - Y)


@pytest.mark.parametrize(
    ("loss", "expected", "error"),
    [("huber", 0.125 + 2.5 + 0.0 + 0.5, [0.5, -1, 0, 1]), ("mae", 0.5 + 3 + 0 + 1, [1, -1, 0, 1])],
)
def test_huber_and_mae_are_sums_over_outputs_with_their_slopes(loss: str, expected: float, error: list[float]) -> None:
    rule, a, y = loss_for(loss, "none"), np.array([1.5, -3.0, 7.0, 1.0]), np.array([1.0, 0.0, 7.0, 0.0])
    assert rule.value(a, a, y) == expected
    np.testing.assert_array_equal(rule.error(a, y), error)


def test_categorical_cross_entropy_equals_scikit_learn() -> None:
    a = outputs("softmax")
    mean = loss_for("cross_entropy", "softmax").value(Z, a, Y).mean()
    assert mean == pytest.approx(log_loss(LABELS, a), rel=1e-13)


def test_binary_cross_entropy_equals_scikit_learn_summed_over_outputs() -> None:
    a = outputs("sigmoid")
    mean = loss_for("cross_entropy", "sigmoid").value(Z, a, Y).mean()
    assert mean == pytest.approx(sum(log_loss(Y[:, k], a[:, k]) for k in range(3)), rel=1e-13)


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_value_has_one_number_a_sample(loss: str, output: str) -> None:
    rule, a = loss_for(loss, output), outputs(output)
    assert rule.value(Z, a, Y).shape == (5,)
    assert rule.value(Z[0], a[0], Y[0]).shape == ()
    np.testing.assert_allclose(rule.value(Z, a, Y)[0], rule.value(Z[0], a[0], Y[0]), rtol=1e-15)


@pytest.mark.parametrize(("loss", "output"), LOSS_AND_OUTPUT)
def test_error_leads_to_the_derivative_of_the_loss_by_z(loss: str, output: str) -> None:
    rule, activation, a = loss_for(loss, output), ACTIVATIONS[output], outputs(output)
    numerical = slopes_by_difference(lambda z: rule.value(z, activation.f(z, None), Y), Z, epsilon=1e-6)
    delta = activation.delta(rule.error(a, Y), activation.slope(Z, a, None), a)
    np.testing.assert_allclose(delta, numerical, rtol=1e-6, atol=1e-8)


def test_error_of_binary_cross_entropy_is_its_derivative_by_a() -> None:
    rule, a = loss_for("cross_entropy", "sigmoid"), outputs("sigmoid")
    numerical = slopes_by_difference(lambda a: rule.value(np.log(a / (1 - a)), a, Y), a, epsilon=1e-7)
    np.testing.assert_allclose(rule.error(a, Y), numerical, rtol=1e-5, atol=1e-6)


# Values by `decimal` with 60 digits: ln(1 + e^z) - y z and ln(sum of e^z) - z of the target.
BINARY = [
    (0.0, 1.0, 0.6931471805599453),
    (38.56, 0.0, 38.56),
    (38.56, 1.0, 1.7931011034428673e-17),
    (-38.56, 1.0, 38.56),
    (-800.0, 1.0, 800.0),
    (-700.0, 0.0, 9.85967654375977e-305),
    (5.0, 0.25, 3.7567153484891183),
]
CATEGORICAL = [
    ((3.0, 1.0, 0.5), 0, 0.19673409691961707),
    ((40.0, 0.0, 1.0), 0, 1.5796578428307375e-17),
    ((40.0, 0.0, 1.0), 1, 40.0),
    ((-1000.0, 900.0, 899.0), 0, 1900.3132616875182),
]


def test_binary_cross_entropy_has_all_digits_where_the_output_is_rounded_to_0_or_1() -> None:
    rule, f = loss_for("cross_entropy", "sigmoid"), ACTIVATIONS["sigmoid"].f
    for z, y, expected in BINARY:
        found = rule.value(np.array([z]), f(np.array([z]), None), np.array([y]))
        assert found == pytest.approx(expected, rel=1e-14, abs=0), (z, y)


def test_categorical_cross_entropy_has_all_digits_where_an_output_is_rounded_to_0_or_1() -> None:
    rule, f = loss_for("cross_entropy", "softmax"), ACTIVATIONS["softmax"].f
    for zs, target, expected in CATEGORICAL:
        z = np.array(zs)
        found = rule.value(z, f(z, None), np.eye(3)[target])
        assert found == pytest.approx(expected, rel=1e-14, abs=0), (zs, target)
        assert found == pytest.approx(np.logaddexp.reduce(z - z[target]), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_where_cross_entropy_cancels_the_slope_delta_is_a_minus_y(output: str) -> None:
    rule, a, activation = loss_for("cross_entropy", output), outputs(output), ACTIVATIONS[output]
    assert rule.cancels_slope
    delta = activation.delta(rule.error(a, Y), activation.slope(Z, a, None), a)
    np.testing.assert_allclose(delta, a - Y, rtol=1e-9, atol=1e-12)


def test_mse_keeps_the_slope() -> None:
    assert not loss_for("mse", "sigmoid").cancels_slope


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_the_error_of_cross_entropy_is_finite_for_outputs_of_exactly_zero_and_one(output: str) -> None:
    rule, wrong, right = loss_for("cross_entropy", output), np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert np.isfinite(rule.error(wrong, right)).all()


@pytest.mark.parametrize("output", ["relu", "leaky_relu", "tanh", "none"])
def test_cross_entropy_is_refused_after_outputs_beyond_zero_and_one(output: str) -> None:
    assert not fits("cross_entropy", output)
    with pytest.raises(ValueError, match=f"between 0 and 1.*sigmoid or softmax, not {output}"):
        loss_for("cross_entropy", output)


def test_an_unknown_loss_is_refused_with_a_list_of_the_losses() -> None:
    assert not fits("hinge", "sigmoid")
    with pytest.raises(ValueError, match=f"'hinge'.*{', '.join(LOSSES)}"):
        loss_for("hinge", "sigmoid")

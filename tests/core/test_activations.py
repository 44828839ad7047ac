import math
from collections.abc import Callable

import numpy as np
import pytest

from bpviz.core.activations import ACTIVATIONS, HIDDEN_ACTIVATIONS, activation_rule
from bpviz.core.arrays import Array
from tests.core.helpers import slopes_by_difference

FORMULAS: dict[str, Callable[[Array], Array]] = {
    "none": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "gelu": lambda z: z * np.vectorize(lambda one: (1 + math.erf(one / math.sqrt(2))) / 2)(z),
    "silu": lambda z: z / (1 + np.exp(-z)),
    "softplus": lambda z: np.log(1 + np.exp(z)),
    "sin": np.sin,
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}
# Both signs, large and small, and no zero: there relu has no slope.
Z = np.linspace(-4, 4, 24).reshape(4, 6)
DTYPES = ["float64", "float32"]


def test_every_activation_has_a_formula_here() -> None:
    assert set(FORMULAS) == set(ACTIVATIONS)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_f_follows_its_formula(name: str) -> None:
    np.testing.assert_allclose(ACTIVATIONS[name].f(Z, None), FORMULAS[name](Z), rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
def test_slope_is_the_derivative_of_f(name: str) -> None:
    rule = ACTIVATIONS[name]
    numerical = slopes_by_difference(lambda z: rule.f(z, None), Z)
    np.testing.assert_allclose(rule.slope(Z, rule.f(Z, None), None), numerical, rtol=1e-7, atol=1e-9)


def test_softmax_slope_is_the_diagonal_of_its_jacobian() -> None:
    rule, z = ACTIVATIONS["softmax"], Z[1]
    rows = [slopes_by_difference(lambda z, k=k: rule.f(z, None)[k], z) for k in range(len(z))]  # type: ignore[misc]
    np.testing.assert_allclose(rule.slope(z, rule.f(z, None), None), np.diag(rows), rtol=1e-7)


@pytest.mark.parametrize(("name", "at_zero"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_slope_at_the_kink_is_the_left_one(name: str, at_zero: float) -> None:
    assert ACTIVATIONS[name].slope(np.zeros(1), np.zeros(1), None) == at_zero


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", [Z, Z[0]], ids=["batch", "sample"])
def test_delta_pulls_any_error_back_through_f(name: str, z: Array) -> None:
    rule, error = ACTIVATIONS[name], np.cos(np.arange(z.size)).reshape(z.shape)
    a = rule.f(z, None)
    numerical = slopes_by_difference(lambda z: error * rule.f(z, None), z)
    np.testing.assert_allclose(rule.delta(error, rule.slope(z, a, None), a), numerical, rtol=1e-6, atol=1e-9)


def test_softmax_sums_to_one() -> None:
    a = ACTIVATIONS["softmax"].f(Z * 50, None)
    np.testing.assert_allclose(a.sum(axis=-1), 1.0, rtol=1e-15)


def test_softmax_of_a_sample_does_not_depend_on_the_others() -> None:
    softmax = ACTIVATIONS["softmax"].f
    np.testing.assert_allclose(softmax(np.array([[0.0, 0.0], [5000.0, 0.0]]), None), [[0.5, 0.5], [1.0, 0.0]])


def test_softmax_does_not_change_when_all_its_inputs_shift() -> None:
    softmax = ACTIVATIONS["softmax"].f
    np.testing.assert_allclose(softmax(Z + 1000, None), softmax(Z, None), rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("none", (-1000, 1000)),
        ("relu", (0, 1000)),
        ("leaky_relu", (-10, 1000)),
        ("elu", (-1, 1000)),
        ("gelu", (0, 1000)),
        ("silu", (0, 1000)),
        ("softplus", (0, 1000)),
        ("sin", (-math.sin(1000), math.sin(1000))),
        ("tanh", (-1, 1)),
        ("sigmoid", (0, 1)),
        ("softmax", (0, 1)),
    ],
)
def test_at_plus_minus_1000_f_is_at_its_limits_and_gives_no_warning(name: str, limits: tuple[float, float]) -> None:
    rule = ACTIVATIONS[name]
    z = np.array([-1000.0, 1000.0])
    a = rule.f(z, None)
    np.testing.assert_allclose(a, limits, rtol=0, atol=1e-300)
    assert np.isfinite(rule.slope(z, a, None)).all()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_largest_numbers_give_no_warning_and_finite_slopes(name: str) -> None:
    rule, z = ACTIVATIONS[name], np.array([-1e300, -1e155, 1e155, 1e300])
    assert np.isfinite(rule.slope(z, rule.f(z, None), None)).all()


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
def test_no_slope_is_above_the_largest(name: str) -> None:
    rule, z = ACTIVATIONS[name], np.linspace(-8, 8, 160_001)
    assert rule.slope(z, rule.f(z, None), None).max() == pytest.approx(rule.max_slope, rel=1e-3)
    assert rule.slope(z, rule.f(z, None), None).max() <= rule.max_slope * (1 + 1e-12)


@pytest.mark.parametrize("leak", [0.001, 0.2, 1.0])
def test_leaky_relu_has_the_leak_that_was_chosen(leak: float) -> None:
    rule = activation_rule("leaky_relu", leak)
    np.testing.assert_allclose(rule.f(Z, None), np.where(Z > 0, Z, leak * Z), rtol=1e-15)
    np.testing.assert_array_equal(rule.slope(Z, rule.f(Z, None), None), np.where(Z > 0, 1.0, leak))
    assert activation_rule("tanh", leak) is ACTIVATIONS["tanh"]


def test_sigmoid_at_1000_is_one_and_its_slope_zero() -> None:
    sigmoid = ACTIVATIONS["sigmoid"]
    a = sigmoid.f(np.array([1000.0]), None)
    assert a == 1.0
    assert sigmoid.slope(a, a, None) == 0.0


@pytest.mark.parametrize("z", [Z, np.array([-1000.0, 1000.0])], ids=["usual", "saturated"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_in_float32_f_is_the_same_to_its_precision(name: str, z: Array) -> None:
    with np.errstate(over="ignore"):  # as `surface` does: exp overflows a float32 on its way to sigmoid = 0
        a = ACTIVATIONS[name].f(z.astype(np.float32), None)
    assert a.dtype == np.float32
    np.testing.assert_allclose(a, ACTIVATIONS[name].f(z, None), rtol=2e-6, atol=1e-37)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_f_in_place_gives_the_same_numbers(name: str, dtype: str) -> None:
    z, f = Z.astype(dtype), ACTIVATIONS[name].f
    expected = f(z, None)
    np.testing.assert_array_equal(z, Z.astype(dtype))
    assert f(z, z) is z
    np.testing.assert_array_equal(z, expected)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_into_out_gives_the_same_numbers_and_leaves_z_and_a(name: str, dtype: str) -> None:
    rule, z = ACTIVATIONS[name], Z.astype(dtype)
    a = rule.f(z, None)
    kept, out = a.copy(), np.full_like(a, np.nan)
    assert rule.slope(z, a, out) is out
    np.testing.assert_array_equal(out, rule.slope(z, a, None))
    np.testing.assert_array_equal(a, kept)
    np.testing.assert_array_equal(z, Z.astype(dtype))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_slope_reads_z_only_if_it_says_so(name: str) -> None:
    rule = ACTIVATIONS[name]
    a, unknown = rule.f(Z, None), np.full_like(Z, np.nan)
    assert np.isnan(rule.slope(unknown, a, None)).any() == rule.needs_z

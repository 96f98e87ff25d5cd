import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.figure.formula import evaluate, parse, shape
from tongyuan.ledger.finding import FindingError

NOW = {"a": np.array([2.0, 0.0]), "b": np.array([4.0, 5.0])}
THEN = {"a": np.array([4.0, np.nan]), "b": np.array([5.0, 5.0])}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("a + 2*b - 1", 9.0),
        ("a / b", 0.5),
        ("-a ** 2", -4.0),
        ("min(a, b, 3)", 2.0),
        ("max(a, b)", 4.0),
        ("sqrt(b) + abs(-a) + log(1) + exp(0)", 5.0),
        ("reduction(a)", 0.5),
        ("change(b)", -0.2),
        ("base(a) - a", 2.0),
        ("reduction(a / b)", 1 - 0.5 / 0.8),
        ("a < b", 1.0),
        ("a >= b", 0.0),
    ],
)
def test_arithmetic(text: str, first: float) -> None:
    assert evaluate(parse(text), NOW, THEN)[0] == pytest.approx(first)


def test_missing_and_division_by_zero_are_missing() -> None:
    assert np.isnan(evaluate(parse("b / a"), NOW, THEN)[1])
    assert np.isnan(evaluate(parse("reduction(a)"), NOW, THEN)[1])
    assert np.isnan(evaluate(parse("a < base(a)"), NOW, THEN)[1])


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "a.b",
        "a[0]",
        "lambda: 1",
        "a if b else 1",
        "a and b",
        "f(a)",
        "min(a)",
        "a < b < 3",
        "a ** b",
        "'text'",
        "[a]",
        "a := 1",
        "",
        "a +",
        "True",
        "abs(a, b)",
        "min(a, b, key=1)",
        "(" * 300,
        "a" * 501,
        "a == b",
        "a // b",
        "a % b",
        "a @ b",
        "~a",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(FindingError) as error:
        parse(text)
    assert error.value.findings[0].check == "formula_syntax"


def test_unknown_columns_are_named() -> None:
    with pytest.raises(FindingError) as error:
        evaluate(parse("c + 1"), NOW, THEN)
    assert "c" in error.value.findings[0].message("en")
    assert parse("reduction(a) + b").base_columns == ("a",)
    assert parse("reduction(a) + b").columns == ("a", "b")


@pytest.mark.parametrize(
    ("text", "slope"),
    [
        ("a / b", {"a": 1, "b": -1}),
        ("reduction(a)", {"a": -1}),
        ("min(reduction(a), reduction(b))", {"a": -1, "b": -1}),
        ("reduction(a) / reduction(b)", {"a": None, "b": None}),
        ("change(a) / change(b)", {"a": None, "b": None}),
        ("a < base(a)", {"a": -1}),
        ("a - a", {"a": None}),
        ("a / (a + b)", {"a": None, "b": -1}),
        ("-2 * a ** 2", {"a": -1}),
        ("1 / (1 + a)", {"a": -1}),
        ("log(1 + a) * 3", {"a": 1}),
        ("abs(a - b)", {"a": None, "b": None}),
        ("exp(-a)", {"a": -1}),
        ("0 * a", {}),
        ("base(a) - b", {"b": -1}),
    ],
)
def test_slopes(text: str, slope: dict[str, int | None]) -> None:
    assert dict(shape(parse(text)).slope) == slope


EXPRESSIONS = st.recursive(
    st.sampled_from(["a", "b", "1", "2.5", "base(a)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(["abs", "exp", "log", "sqrt", "reduction", "change"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
        st.tuples(inner, st.sampled_from(["<", ">="]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    ),
    max_leaves=6,
)


@given(EXPRESSIONS, st.floats(0, 50), st.floats(0, 50), st.floats(0, 20), st.floats(0.1, 30))
def test_a_proved_slope_and_range_hold_everywhere(
    text: str, a: float, b: float, more: float, a0: float
) -> None:
    formula = parse(text)
    known = shape(formula)
    then = {"a": np.array([a0, a0]), "b": np.array([3.0, 3.0])}
    for name in ("a", "b"):
        now = {"a": np.array([a, a]), "b": np.array([b, b])}
        now[name] = now[name] + np.array([0.0, more])
        value = np.broadcast_to(evaluate(formula, now, then), 2)
        if not np.isfinite(value).all() or np.abs(value).max() > 1e9:
            continue
        slack = 1e-6 * (1 + np.abs(value).max())
        slope = known.slope.get(name, 0)
        step = value[1] - value[0]
        if slope == 0:
            assert abs(step) <= slack
        elif slope is not None:
            assert step * slope >= -slack
        assert known.low - slack <= value.min()
        assert value.max() <= known.high + slack

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.ledger.finding import FindingError
from tongyuan.reference.shelf import shelf
from tongyuan.synergy.method import coupling

LEVELS = arrays(np.float64, (5, 3), elements=st.floats(0, 1))

# Aksu 1990–2015, ChinaXiv-201911.00067: U1, U2, T, C, D with k = 2
AKSU = np.array(
    [
        [0.15, 0.36, 0.26, 0.69, 0.42],
        [0.18, 0.34, 0.26, 0.83, 0.47],
        [0.30, 0.37, 0.34, 0.98, 0.57],
        [0.39, 0.49, 0.44, 0.97, 0.66],
        [0.71, 0.56, 0.63, 0.97, 0.78],
        [0.78, 0.45, 0.61, 0.86, 0.73],
        [0.97, 0.48, 0.72, 0.79, 0.75],
    ]
)

# Zhangye 2005–2017, ChinaXiv-202006.00126 table 7
ZHANGYE_1 = [0.028, 0.070, 0.114, 0.155, 0.183, 0.246, 0.327, 0.412, 0.555, 0.651, 0.758, 0.885, 0.928]
ZHANGYE_2 = [0.487, 0.583, 0.617, 0.597, 0.622, 0.599, 0.397, 0.390, 0.440, 0.513, 0.527, 0.739, 0.794]
ZHANGYE_C = [0.457, 0.619, 0.726, 0.810, 0.838, 0.909, 0.995, 1.000, 0.993, 0.993, 0.984, 0.996, 0.997]

# 王淑佳 et al. 2021, table 7: traditional and modified C of the same pair of levels
PAIRS = [
    (0.9989, 0.9404),
    (0.9935, 0.8660),
    (0.8868, 0.5440),
    (0.9073, 0.5769),
    (0.6821, 0.3006),
    (0.8328, 0.4780),
    (0.6816, 0.3344),
    (0.7789, 0.4171),
    (0.6871, 0.3278),
    (0.6101, 0.2700),
    (0.8017, 0.4374),
    (0.7867, 0.4196),
    (0.7191, 0.3738),
    (0.9984, 0.9238),
    (0.9997, 0.9675),
    (0.9999, 0.9835),
]


def test_power_form_reproduces_aksu() -> None:
    u = AKSU[:, :2]
    t, c = coupling.development(u), coupling.coupling_k_power(u, 2)
    assert np.allclose(t, AKSU[:, 2], atol=0.0101)
    assert np.allclose(c, AKSU[:, 3], atol=0.025)
    assert np.allclose(coupling.coordination(c, t), AKSU[:, 4], atol=0.015)
    assert np.allclose(
        coupling.coordination(c, t), [0.419, 0.462, 0.572, 0.655, 0.786, 0.728, 0.754], atol=0.0006
    )


def test_traditional_form_reproduces_zhangye() -> None:
    c = coupling.coupling_traditional(np.column_stack([ZHANGYE_1, ZHANGYE_2]))
    assert np.allclose(c, ZHANGYE_C, atol=0.005)


@pytest.mark.parametrize(("traditional", "modified"), PAIRS)
def test_modified_form_is_consistent_with_the_published_pairs(traditional: float, modified: float) -> None:
    root = (1 - np.sqrt(1 - traditional**2)) / traditional
    ratio = root**2
    # the greater level implied by the modified form must be a level
    upper = (1 - modified**2 / ratio) / (1 - ratio)
    assert 0 <= upper <= 1
    u = np.array([[upper * ratio, upper]])
    assert coupling.coupling_traditional(u)[0] == pytest.approx(traditional, abs=1e-9)
    assert coupling.coupling_modified(u)[0] == pytest.approx(modified, abs=1e-9)


@given(LEVELS)
def test_forms_lie_between_zero_and_one_whatever_the_order(u: np.ndarray) -> None:
    for function in (coupling.coupling_traditional, coupling.coupling_modified):
        c = function(u)
        assert ((c >= 0) & (c <= 1)).all()
        assert np.allclose(c, function(u[:, ::-1]))
    assert (coupling.coupling_k_power(u[:, :2]) <= coupling.coupling_traditional(u[:, :2]) + 1e-12).all()


@given(st.floats(0.01, 1))
def test_equal_levels_are_fully_coupled(level: float) -> None:
    u = np.full((1, 3), level)
    assert coupling.coupling_traditional(u)[0] == pytest.approx(1)
    assert coupling.coupling_modified(u)[0] == pytest.approx(1)


def test_modified_form_by_its_own_equation_for_three_systems() -> None:
    u = np.array([0.2, 0.5, 0.9])
    spread = (abs(0.5 - 0.2) + abs(0.9 - 0.2) + abs(0.9 - 0.5)) / 3
    expected = np.sqrt((1 - spread) * np.prod(u / 0.9) ** 0.5)
    assert coupling.coupling_modified(u) == pytest.approx(expected)


@given(LEVELS, st.integers(0, 4), st.integers(0, 2), st.floats(0, 1))
def test_traditional_degree_never_falls_when_a_level_rises(
    u: np.ndarray, i: int, j: int, gain: float
) -> None:
    def degree(levels: np.ndarray) -> np.ndarray:
        return coupling.coordination(coupling.coupling_traditional(levels), coupling.development(levels))

    more = u.copy()
    more[i, j] += (1 - more[i, j]) * gain
    assert degree(more)[i] >= degree(u)[i] - 1e-9
    assert np.allclose(degree(u) ** 2, u.prod(axis=1) ** (1 / 3), atol=1e-7)


def test_power_degree_can_fall_when_a_level_rises() -> None:
    u = np.array([[0.2, 0.5], [0.2, 1.0]])
    d = coupling.coordination(coupling.coupling_k_power(u), coupling.development(u))
    assert d[1] < d[0]


def class_titles(scheme: str) -> list[str]:
    rows = shelf("synergy_class")
    return rows.filter(rows["scheme"] == scheme)["title_zh"].to_list()


def test_classes_meet_at_their_published_edges() -> None:
    names = class_titles("coordination")
    d = [0, 0.1, 0.3, 0.42, 0.1 + 0.2, 0.5999, 0.6, 0.95, 1.0]
    assert [names[k] for k in coupling.classify("coordination", d)] == [
        "极度失调",
        "严重失调",
        "轻度失调",
        "濒临失调",
        "轻度失调",
        "勉强协调",
        "初级协调",
        "优质协调",
        "优质协调",
    ]
    c = class_titles("coupling")
    assert [c[k] for k in coupling.classify("coupling", [0.3, 0.31, 0.5, 0.8, 0.81])] == [
        "低水平耦合",
        "拮抗",
        "拮抗",
        "磨合",
        "高水平耦合",
    ]
    with pytest.raises(FindingError):
        coupling.classify("other", [0.5])


def test_lagging_side() -> None:
    u = [[0.5, 0.6], [0.2, 0.6], [0.9, 0.3]]
    assert coupling.lagging(u).tolist() == [coupling.IN_STEP, 0, 1]


def test_bad_levels_are_refused() -> None:
    for bad in ([[0.5]], [[0.5, 1.2]], [[0.5, np.nan]]):
        with pytest.raises(FindingError):
            coupling.coupling_traditional(bad)
    with pytest.raises(FindingError):
        coupling.coupling_k_power([[0.1, 0.2, 0.3]])
    with pytest.raises(FindingError):
        coupling.coupling_k_power([[0.1, 0.2]], k=1)


def test_nothing_at_all_is_not_coupled() -> None:
    u = np.zeros((1, 2))
    assert coupling.coupling_traditional(u)[0] == 0
    assert coupling.coupling_modified(u)[0] == 0


def test_systems_stand_in_the_last_place_whatever_is_before() -> None:
    """2 √(0.2 × 0.8) / (0.2 + 0.8) = 0.8; ∛(0.1 × 0.2 × 0.4) / (0.7 / 3) = 0.2 / 0.2333 = 0.857143."""
    assert coupling.coupling_traditional([0.2, 0.8])[()] == pytest.approx(0.8)
    three = coupling.coupling_traditional(np.full((4, 2, 3), [0.1, 0.2, 0.4]))
    assert three == pytest.approx(np.full((4, 2), 6 / 7))


def test_in_step_is_no_place_of_a_system() -> None:
    assert coupling.lagging([[0.5, 0.6], [0.5, 0.61], [0.61, 0.5]]).tolist() == [-1, 0, 1]

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.facility.order import METHODS, choose, from_months, from_tests, spread

PLACE = {"facility": "F", "month": "2025-01", "outlet": "A", "species": "SO2"}


def rows(*given: tuple[str, float | None, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [{**PLACE, "method": m, "mass": x, "fault": f} for m, x, f in given],
        schema_overrides={"mass": pl.Float64},
    )


def counted(frame: pl.DataFrame) -> list[str]:
    return frame.filter("counted")["method"].to_list()


def test_automatic_goes_first_and_the_others_are_kept() -> None:
    got = choose(rows(("coefficient", 3.0, ""), ("monitored", 1.0, ""), ("manual", 2.0, "")))
    assert counted(got) == ["monitored"]
    assert got.height == 3
    assert got["passed_over"].to_list() == ["", "", ""]


def test_a_fault_hands_over_to_the_next_and_is_recorded() -> None:
    got = choose(rows(("monitored", 1.0, "capture"), ("balance", 2.0, ""), ("coefficient", 3.0, "")))
    assert counted(got) == ["balance"]
    assert got["passed_over"][0] == "monitored:capture manual:none"


def test_nothing_fit_is_nothing_counted() -> None:
    got = choose(rows(("monitored", None, "no_flow"), ("manual", 1.0, "expired")))
    assert counted(got) == []


def test_parts_of_one_figure_stand_or_fall_together() -> None:
    got = choose(
        rows(
            ("balance", 1.0, ""),
            ("balance", 2.0, "expired"),
            ("coefficient", 4.0, ""),
            ("coefficient", 5.0, ""),
        )
    )
    assert counted(got) == ["coefficient", "coefficient"]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="guess"):
        choose(rows(("guess", 1.0, "")))


candidates = st.lists(
    st.tuples(st.sampled_from(METHODS), st.none() | st.floats(0, 100), st.sampled_from(["", "", "capture"])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(candidates)
def test_never_two_methods_at_once_and_always_the_first_fit(
    given_rows: list[tuple[str, float | None, str]],
) -> None:
    frame = choose(rows(*given_rows))
    used = set(counted(frame))
    fit = [
        m
        for m in METHODS
        if (own := [r for r in given_rows if r[0] == m]) and all(x is not None and not f for _, x, f in own)
    ]
    assert used == set(fit[:1])
    assert choose(rows(*reversed(given_rows))).filter("counted")["mass"].sum() == pytest.approx(
        frame.filter("counted")["mass"].sum()
    )


def test_faults_of_months() -> None:
    month = pl.DataFrame(
        {
            **PLACE,
            "mass": [5.0, None, None, None],
            "mass_measured": [4.0, None, 3.0, 3.0],
            "capture": [0.95, None, 0.7, 0.8],
        }
    )
    got = from_months(month)
    assert got["fault"].to_list() == ["", "no_flow", "capture", "unfilled"]
    assert got["mass"].to_list() == [5.0, None, 3.0, 3.0]


def test_manual_monitoring_by_hand() -> None:
    tests = pl.DataFrame(
        {
            **PLACE,
            "concentration": [20.0, 30.0],
            "flow": [1e5, 3e5],
            "hours": [None, None],
            "water": False,
        },
        schema_overrides={"hours": pl.Float64},
    )
    hours = pl.DataFrame({"facility": "F", "outlet": "A", "month": "2025-01", "hours": [700.0]})
    # 25 mg/m3 · 2e5 m3/h · 700 h = 3.5e9 mg
    assert from_tests(tests, hours)["mass"].to_list() == pytest.approx([3.5])
    assert from_tests(tests, hours.clear())["fault"].to_list() == ["no_hours"]
    told = tests.with_columns(hours=pl.lit(350.0))
    assert from_tests(told, hours.clear())["mass"].to_list() == pytest.approx([3.5])
    water = tests.with_columns(water=pl.lit(True), flow=pl.lit(100.0))
    assert from_tests(water, hours)["mass"].to_list() == pytest.approx([25 * 100 * 700 * 1e-6])


known = st.lists(
    st.tuples(
        st.sampled_from(METHODS),
        st.floats(0.1, 100),
        st.none() | st.floats(0.01, 3),
        st.sampled_from(["", "capture"]),
    ),
    min_size=1,
    max_size=8,
)


def joint(given: list[tuple[str, float, float | None, str]]) -> float:
    frame = pl.DataFrame(
        [{**PLACE, "method": m, "mass": x, "uncertainty": u, "fault": f} for m, x, u, f in given],
        schema_overrides={"mass": pl.Float64, "uncertainty": pl.Float64},
    )
    found = spread(frame)["uncertainty_joint"]
    return float("inf") if not len(found) or found[0] is None else float(found[0])


@given(known, st.sampled_from(METHODS))
def test_a_method_taken_away_never_lowers_the_uncertainty(
    rows_of: list[tuple[str, float, float | None, str]], gone: str
) -> None:
    left = [row for row in rows_of if row[0] != gone]
    assert not left or joint(left) >= joint(rows_of) * (1 - 1e-12)


def test_two_methods_together_by_hand() -> None:
    """10 t ± 10 % and 20 t ± 20 %: half widths 1 and 4 t, together 1 / √(1 + 1/16)."""
    assert joint([("monitored", 10.0, 0.1, ""), ("balance", 20.0, 0.2, "")]) == pytest.approx(
        1 / (1 + 1 / 16) ** 0.5
    )
    assert joint([("monitored", 10.0, None, "")]) == float("inf")
    assert joint([("monitored", 10.0, 0.1, "capture")]) == float("inf")

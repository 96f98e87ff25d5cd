from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.check import case, check
from tongyuan.pathway.example_park import FOUR_STREAMS, chemical_park, heat_cascade, intervals, pinches


def targets(streams: pl.DataFrame, difference: float) -> tuple[float, float, list[float]]:
    """Return hot and cold utility [kW] and the pinches of the least-cost plan of a heat cascade."""
    plan = least_cost(case(heat_cascade(streams, difference), Settings(discount_rate=0.0)))
    bought = plan["plan_flow"].filter(pl.col("flow").str.starts_with("steam"))["purchase"].sum()
    cooled = plan["plan_flow"].filter(pl.col("flow") == "warmth")["surplus"].sum()
    return float(bought), float(cooled), pinches(plan.tables, streams, difference)


def streams(*rows: tuple[float, float, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["heat", "supply", "target"], orient="row")
    return frame.with_columns(
        pl.col("heat", "supply", "target").cast(pl.Float64), stream=pl.int_range(pl.len()).cast(pl.String)
    )


def test_the_published_four_streams_have_their_published_targets() -> None:
    """Kemp (2007), p. 4: hot utility 20 kW, cold utility 60 kW, pinch 85 °C."""
    hot, cold, pinch = targets(FOUR_STREAMS, 10.0)
    assert (hot, cold) == (pytest.approx(20.0, abs=1e-9), pytest.approx(60.0, abs=1e-9))
    assert pinch == [85.0]


@pytest.mark.parametrize(
    ("rows", "difference", "hot", "cold", "pinch"),
    [
        # tests/test_pinch_analyzer.py of FitzOReilly/pina
        ([(-180, 20, 200), (180, 150, 50)], 20.0, 70.0, 70.0, [140.0]),
        ([(-225, 20, 95), (267, 95, 6)], 2.0, 6.0, 48.0, [21.0, 94.0]),
        ([(-50, 50, 100), (-40, 100, 100), (-100, 100, 200), (260, 150, 20)], 10.0, 60.0, 130.0,
         [105.0, 145.0]),
        ([(-40, 100, 100)], 10.0, 40.0, 0.0, []),
    ],
)  # fmt: skip
def test_other_published_cases(rows, difference, hot, cold, pinch) -> None:
    found = targets(streams(*rows), difference)
    assert found[:2] == (pytest.approx(hot, abs=1e-9), pytest.approx(cold, abs=1e-9))
    assert found[2] == pinch


def test_cheaper_steam_serves_what_it_is_warm_enough_for() -> None:
    """Hot streams carry the cascade down to 98.3 °C (62.5 kW ÷ 1.5 kW/K below 140): steam of 110 will do."""
    tables = heat_cascade(FOUR_STREAMS, 10.0, {165.0: 1.0, 110.0: 0.5})
    plan = least_cost(case(tables, Settings(discount_rate=0.0)))
    bought = dict(plan["plan_flow"].select("flow", "purchase").iter_rows())
    assert bought["steam_110"] == pytest.approx(20.0, abs=1e-9)
    assert bought["steam_165"] == pytest.approx(0.0, abs=1e-9)
    cool = least_cost(
        case(heat_cascade(FOUR_STREAMS, 10.0, {165.0: 1.0, 90.0: 0.5}), Settings(discount_rate=0.0))
    )
    bought = dict(cool["plan_flow"].select("flow", "purchase").iter_rows())
    assert bought["steam_90"] == pytest.approx(1.5 * 5.0, abs=1e-9)  # from 90 to 85 °C
    assert bought["steam_165"] == pytest.approx(12.5, abs=1e-9)


@settings(deadline=None, max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.floats(5.0, 300.0), st.integers(30, 180), st.integers(5, 100), st.booleans()
        ),
        min_size=1, max_size=6,
    ),
    st.sampled_from([0.0, 10.0, 25.0]),
)  # fmt: skip
def test_the_problem_table_leaves_what_the_streams_bring(rows, difference) -> None:
    made = streams(*((h, t + w, t) if hot else (-h, t, t + w) for h, t, w, hot in rows))
    _, left = intervals(made, difference)
    assert sum(left) == pytest.approx(float(made["heat"].sum()), abs=1e-9 * float(made["heat"].abs().sum()))
    lowest = min(0.0, *(sum(left[: i + 1]) for i in range(len(left))))
    hot, cold, _ = targets(made, difference)
    scale = float(made["heat"].abs().sum())
    assert hot == pytest.approx(-lowest, abs=1e-7 * scale)  # Linnhoff and Flower (1978)
    assert cold - hot == pytest.approx(float(made["heat"].sum()), abs=1e-7 * scale)


def test_a_chemical_park_closes_its_cycles_in_whole_units() -> None:
    park = chemical_park()
    assert not [f for f in check(park) if f.severity == "error"]
    plan = least_cost(park)
    assert plan.status == "optimal"
    late = plan["plan_activity"].filter(pl.col("year") == 2030)
    run = dict(late.group_by("technology").agg(pl.col("value").sum()).iter_rows())
    built = plan["plan_capacity"].group_by("technology").agg(pl.col("built").sum())
    size = {r["technology"]: r["unit_size"] for r in park["technology_option"].to_dicts() if r["unit_size"]}
    for name, total in built.iter_rows():
        if name in size:
            assert total / size[name] == pytest.approx(round(total / size[name]), abs=1e-6)
    # what must be disposed of is: liquor burnt here beats carting off, spent acid goes back to acid
    assert run["incinerator"] == pytest.approx(16_000.0)
    assert run["acid_recovery"] * 1.1 + run["neutralise"] == pytest.approx(22_000.0)
    assert run["acid_recovery"] > 0.0
    assert run["ash_to_kiln"] > 0.0
    assert run["landfill"] == pytest.approx(0.0, abs=1e-6)
    assert run["sewage_upgraded"] > 0.0  # the cap on COD asks for it
    hydrogen = run["reformer"] + run["electrolyser"]
    assert hydrogen >= 5_500.0 - 1e-6
    emitted = (
        plan["plan_emission"].filter(pl.col("year") == 2030).group_by("species").agg(pl.col("value").sum())
    )
    assert dict(emitted.iter_rows())["COD"] <= 0.6 * (6e6 * 6e-5 + 22_000 * 0.002) + 1e-6

import polars as pl
import pytest

from tongyuan.impact.health.case import case_table, unusable

AIR = pl.DataFrame({
    "region": ["370000"] * 2, "year": [2021] * 2, "pollutant": ["PM2.5", "NO2"], "value": [18.8, 14.5],
})  # fmt: skip


def cases(*names: str, number: float = 1000.0) -> pl.DataFrame:
    return pl.DataFrame(
        {"region": "370000", "year": 2021, "function": list(names), "cases": number}
    ).with_columns(pl.col("year").cast(pl.Int64))


def test_ten_micrograms_above_the_counterfactual_by_hand() -> None:
    """Preterm births, 1.15 (1.07–1.16) per 10 above 8.8: at 18.8 a thousand cases have 130.4 (65.4–137.9)."""
    row = case_table(AIR, cases("crea_pm_preterm")).row(0, named=True)
    assert row["cases"] == pytest.approx(1000 * (1 - 1 / 1.15))
    assert row["cases_lower"] == pytest.approx(1000 * (1 - 1 / 1.07))
    assert row["cases_upper"] == pytest.approx(1000 * (1 - 1 / 1.16))
    assert row["share"] == pytest.approx(1 - 1 / 1.15)


def test_every_pollutant_has_its_own_air() -> None:
    row = case_table(AIR, cases("faustini_2014_no2")).row(0, named=True)
    assert row["share"] == pytest.approx(1 - 1 / 1.04)
    assert case_table(AIR.filter(pl.col("pollutant") == "PM2.5"), cases("faustini_2014_no2")).is_empty()


def test_clean_air_is_charged_with_nothing() -> None:
    clean = AIR.with_columns(value=pl.lit(2.0))
    assert case_table(clean, cases("crea_pm_preterm"))["cases"].item() == 0


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody", "unknown"),
        ("chen_2017_pm_nonaccidental", "unverified"),
        ("yin_2017_o3_nonaccidental", "of_days"),
        ("khreis_no2_asthma", "unit"),
        ("jerrett_2009_o3", "unit"),
        ("chen_hoek_2020", "counterfactual"),
    ],
)
def test_functions_that_cannot_act_are_named_with_their_reason(name, reason) -> None:
    given = cases(name, "crea_pm_preterm")
    assert unusable(given) == [(name, reason)]
    assert case_table(AIR, given)["function"].to_list() == ["crea_pm_preterm"]


def test_airq_example_of_copd() -> None:
    """Golden 1: PM2.5 8.85, x0 5, 30,746.999 cases, 1.369 (1.124–1.664): 3,502 (1,353–5,474)."""
    air = AIR.with_columns(value=pl.lit(8.85))
    row = case_table(air, cases("elapse_2022_copd_incidence", number=30_746.999)).row(0, named=True)
    found = [round(row[c]) for c in ("cases", "cases_lower", "cases_upper")]
    assert found == [3502, 1353, 5474]

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.livestock import (
    emission_from_livestock,
    gbt32151_annual_mean_heads,
    gbt32151_biogas_flare_ch4,
    gbt32151_biogas_recovered,
    gbt32151_enteric_ch4,
    gbt32151_gross_energy,
    gbt32151_manure_regional,
    ipcc_enteric_factor,
    ipcc_manure_ch4_factor,
    ipcc_manure_direct_n2o,
    ipcc_manure_indirect_n2o,
)
from tongyuan.ledger.finding import FindingError


def _sum(result: pl.DataFrame, species: str, process: str) -> float:
    return float(
        result.filter((pl.col("species") == species) & (pl.col("process") == process))["value"].sum()
    )


def test_enteric_as_published() -> None:
    assert round(float(ipcc_enteric_factor(300, 0.065)), 2) == 127.90
    assert float(gbt32151_gross_energy(300 / 18.45)) == pytest.approx(300)


def test_pure_functions() -> None:
    assert float(gbt32151_annual_mean_heads(1000, 73)) == 200
    assert float(gbt32151_enteric_ch4(1000, 68)) == 68
    assert float(gbt32151_manure_regional(1000, 8.33)) == pytest.approx(8.33)
    assert float(ipcc_manure_ch4_factor(3.5, 0.24, 0.02)) == pytest.approx(3.5 * 365 * 0.24 * 0.67 * 0.02)
    assert float(ipcc_manure_direct_n2o(72, 0.005)) == pytest.approx(72 * 0.005 * 44 / 28)
    indirect = float(ipcc_manure_indirect_n2o(72, 0.2, 0.05, 0.01, 0.0075))
    assert indirect == pytest.approx(72 * (0.002 + 0.000375) * 44 / 28)


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_flared_biogas_is_burnt_or_left(volume: float, share: float, oxidation: float) -> None:
    all_of_it = float(gbt32151_biogas_recovered(volume, share))
    left = float(gbt32151_biogas_flare_ch4(volume, share, oxidation))
    assert left == pytest.approx(all_of_it * (1 - oxidation), abs=1e-9)
    assert float(gbt32151_biogas_recovered(1000, 0.6)) == pytest.approx(0.402)


def test_dairy_by_the_standard(rows) -> None:
    result = emission_from_livestock(rows({"animal": "奶牛", "stage": "繁殖母畜", "heads": 1000.0}))
    assert _sum(result, "CH4_biogenic", "agriculture.enteric") == pytest.approx(109.9)
    assert _sum(result, "CH4_biogenic", "agriculture.manure") == pytest.approx(8.33)
    assert _sum(result, "N2O", "agriculture.manure") == pytest.approx(2.065)
    assert set(result["activity_id"].explode()) == {"livestock:1"}
    assert "livestock:manure_methane:gbt_32151_22_2024:dairy_cattle:east" in set(
        result["factor_id"].explode()
    )


def test_without_stage_the_ipcc_default(rows) -> None:
    result = emission_from_livestock(rows({"animal": "beef_cattle", "heads": 1000.0}))
    enteric = result.filter(pl.col("process") == "agriculture.enteric")
    assert enteric["value"].to_list() == [47.0]
    assert enteric["factor_id"].to_list() == [["livestock:enteric:ipcc_2006:beef_cattle"]]


def test_gross_energy_calls_tier_2(rows) -> None:
    result = emission_from_livestock(rows({"animal": "奶牛", "heads": 1.0, "gross_energy": 300.0}))
    enteric = result.filter(pl.col("process") == "agriculture.enteric")
    assert enteric["value"][0] * 1000 == pytest.approx(127.90, abs=0.005)
    assert enteric["method"][0] == "ipcc_enteric_factor"


def test_manure_system_by_temperature(rows) -> None:
    cells = {"animal": "生猪", "heads": 1000.0, "manure_system": "氧化塘", "leached_share": 0.05}
    cold = emission_from_livestock(rows({**cells, "temperature": 4.0}))
    warm = emission_from_livestock(rows({**cells, "temperature": 30.0}))
    low, high = (_sum(r, "CH4_biogenic", "agriculture.manure") for r in (cold, warm))
    assert low == pytest.approx(0.3 * 365 * 0.29 * 0.67 * 0.66)
    assert high / low == pytest.approx(80 / 66)


def test_pigs_by_throughput(rows) -> None:
    result = emission_from_livestock(rows({"animal": "生猪", "throughput": 365000.0}))
    assert _sum(result, "CH4_biogenic", "agriculture.enteric") == pytest.approx(122000 * 1.5 / 1000)


def test_water_pollutants_with_treatment(rows) -> None:
    result = emission_from_livestock(rows({"animal": "奶牛", "heads": 100.0, "water_removal": 0.86}))
    cod = result.filter(pl.col("species") == "COD")
    assert cod["value"][0] == pytest.approx(100 * 3.879 * 365 / 1000 * 0.14)
    assert cod["uncontrolled"][0] == pytest.approx(100 * 3.879 * 365 / 1000)
    assert cod["medium"][0] == "water"


def test_horses_yield_enteric_only(rows) -> None:
    result = emission_from_livestock(rows({"animal": "马", "heads": 1000.0}))
    assert result["value"].to_list() == [18.0]


def test_findings_come_together(rows) -> None:
    bad = rows({"animal": "恐龙", "heads": 1.0}, {"animal": "奶牛", "heads": -5.0})
    with pytest.raises(FindingError) as error:
        emission_from_livestock(bad)
    assert [f.check for f in error.value.findings] == ["option-unknown", "cell-out-of-range"]
    assert "奶牛" in error.value.findings[0].message("zh")
    with pytest.raises(FindingError) as error:
        emission_from_livestock(rows({"animal": "奶牛"}))
    assert error.value.findings[0].check == "cell-needed"


def test_unknown_region_needs_the_area(rows) -> None:
    park = {"region": "示例园区", "animal": "奶牛", "heads": 10.0}
    with pytest.raises(FindingError, match="greater region"):
        emission_from_livestock(rows(park))
    assert emission_from_livestock(rows({**park, "area": "华东"})).height > 0


def test_provincial_factors_only_when_asked(rows) -> None:
    frame = rows({"animal": "马", "heads": 1000.0})
    with pytest.raises(FindingError, match="unverified"):
        emission_from_livestock(frame, Settings(livestock="provincial_guideline"))
    allowed = Settings(livestock="provincial_guideline", include_unverified=True)
    assert emission_from_livestock(frame, allowed)["value"].to_list() == [18.0]


@given(st.floats(0, 1e7), st.floats(1, 10))
def test_linear_in_heads(heads: float, times: float) -> None:
    once, more = gbt32151_enteric_ch4(heads, 68), gbt32151_enteric_ch4(heads * times, 68)
    assert float(more) == pytest.approx(float(once) * times)


@pytest.mark.parametrize(
    ("system", "direct", "leached"), [("dry_lot", 0.02, 0.05), ("compost", 0.01, 0.15), ("solid", 0.005, 0.0)]
)
def test_nitrous_oxide_of_a_manure_system(rows, system: str, direct: float, leached: float) -> None:
    """GB/T 32151.22 appendix C for 1,000 dairy cows: Nex 72 kg N (C.8), EF_D of table C.9, Frac_gas 0.2, EF4
    0.01, EF5 0.0075. In a dry lot that is 72 · 0.02 · 44/28 = 2.262857 t of N2O directly, and indirectly
    72 · (0.01 · 0.2 + 0.0075 · 0.05) · 44/28 = 0.268714 t.
    """
    cells = {"animal": "奶牛", "heads": 1000.0, "manure_system": system, "temperature": 14.0}
    result = emission_from_livestock(rows({**cells, "leached_share": leached}))
    n2o = dict(result.filter(pl.col("species") == "N2O").select("method", "value").iter_rows())
    assert n2o["ipcc_manure_direct_n2o"] == pytest.approx(72 * direct * 44 / 28)
    assert n2o["ipcc_manure_indirect_n2o"] == pytest.approx(72 * (0.002 + 0.0075 * leached) * 44 / 28)
    if system == "dry_lot":
        assert n2o["ipcc_manure_direct_n2o"] == pytest.approx(2.262857, abs=1e-6)
        assert n2o["ipcc_manure_indirect_n2o"] == pytest.approx(0.268714, abs=1e-6)


@pytest.mark.parametrize(
    ("degrees", "correction"), [(-3.0, 0.10), (10.0, 0.10), (27.0, 0.48), (28.0, 0.50), (35.0, 0.50)]
)
def test_table_of_temperatures_ends_at_10_and_28(rows, degrees: float, correction: float) -> None:
    """Liquid manure with a crust (table C.6): 10 % up to 10 °C, 48 % at 27 °C, 50 % from 28 °C."""
    cells = {"animal": "奶牛", "heads": 1000.0, "manure_system": "liquid_crust", "leached_share": 0.05}
    result = emission_from_livestock(rows({**cells, "temperature": degrees}))
    assert _sum(result, "CH4_biogenic", "agriculture.manure") == pytest.approx(
        3.5 * 365 * 0.24 * 0.67 * correction
    )


@pytest.mark.parametrize("bird", ["蛋鸡", "肉鸡"])
def test_birds_of_both_kinds_are_poultry(rows, bird: str) -> None:
    """Tables C.7 and C.10, East China: 0.02 kg CH4 and 0.007 kg N2O per bird; no enteric fermentation."""
    result = emission_from_livestock(rows({"animal": bird, "heads": 1e6}))
    assert _sum(result, "CH4_biogenic", "agriculture.manure") == pytest.approx(20.0)
    assert _sum(result, "N2O", "agriculture.manure") == pytest.approx(7.0)
    assert "agriculture.enteric" not in set(result["process"])


def test_mean_herd_in_a_leap_year() -> None:
    assert float(gbt32151_annual_mean_heads(366, 122, 366)) == pytest.approx(122)


def test_a_herd_that_eats_nothing_belches_nothing(rows) -> None:
    fasting = rows({"animal": "奶牛", "heads": 1000.0, "dry_matter_intake": 0.0, "area": "华东"})
    assert _sum(emission_from_livestock(fasting), "CH4_biogenic", "agriculture.enteric") == 0.0

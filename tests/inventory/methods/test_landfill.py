import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.inventory.methods.adaptor import Settings
from tongyuan.inventory.methods.landfill import (
    emission_from_landfill_deposit,
    ipcc_ddocm,
    ipcc_decay_rate,
    ipcc_first_order_decay,
    ipcc_landfill_ch4,
    landfill_co2,
)
from tongyuan.ledger.finding import FindingError

deposits = st.lists(st.floats(0, 1e5), min_size=1, max_size=40)


@given(deposits, st.floats(0.01, 0.9), st.floats(7, 13), st.floats(0, 1e4))
@settings(max_examples=50)
def test_carbon_is_conserved(carbon: list[float], k: float, month: float, initial: float) -> None:
    decay = ipcc_first_order_decay(carbon, k, month, initial)
    into = initial + sum(carbon)
    assert decay.decomposed.sum() + decay.accumulated[-1] == pytest.approx(into, rel=1e-9, abs=1e-9)


def test_one_deposit_follows_the_closed_form() -> None:
    k, years = 0.09, np.arange(1, 31)
    decay = ipcc_first_order_decay([1000.0, *[0.0] * 30], k)
    expected = 1000.0 * (np.exp(-k * (years - 1)) - np.exp(-k * years))
    assert decay.decomposed[0] == 0
    assert decay.decomposed[1:] == pytest.approx(expected)


def test_reaction_from_the_middle_of_the_year_is_half_a_year_ahead() -> None:
    early = ipcc_first_order_decay([100.0], 0.2, start_month=7.0)
    assert early.decomposed[0] == pytest.approx(100 * (1 - np.exp(-0.1)))


def test_constant_deposit_reaches_balance() -> None:
    decay = ipcc_first_order_decay([10.0] * 400, 0.1)
    assert decay.decomposed[-1] == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("rate", "half"), [(0.04, 17), (0.06, 12), (0.02, 35), (0.05, 14), (0.1, 7), (0.185, 4)]
)
def test_printed_rates_and_half_lives_agree(rate: float, half: float) -> None:
    assert float(ipcc_decay_rate(half)) == pytest.approx(rate, rel=0.07)


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_gases_close_the_carbon(carbon: float, f: float, oxidation: float, part: float) -> None:
    recovered = part * carbon * f * 16 / 12
    ch4 = float(ipcc_landfill_ch4(carbon, f, recovered, oxidation))
    co2 = float(landfill_co2(carbon, f, recovered, oxidation))
    assert ch4 * 12 / 16 + co2 * 12 / 44 + recovered * 12 / 16 == pytest.approx(carbon, abs=1e-6)


def test_ddocm() -> None:
    assert float(ipcc_ddocm(1000.0, 0.15, 0.5, 0.8)) == pytest.approx(60.0)


def _site(years: int = 3, **cells: object) -> list[dict[str, object]]:
    base = {
        "site": "一号场",
        "site_kind": "厌氧管理填埋场",
        "waste": "厨余垃圾",
        "climate": "温带湿润",
        "amount": 1e5,
    }
    return [{**base, "year": 2019 + i, **cells} for i in range(years)]


def test_adaptor_two_phases(rows) -> None:
    frame = rows(*_site(), *_site(waste="paper", amount=2e4))
    result = emission_from_landfill_deposit(frame, Settings(landfill="ipcc_2006"))
    assert set(result["species"]) == {"CH4_biogenic", "CO2_biogenic"}
    assert result.height == 2 * 3 * 2
    food = result.filter((pl.col("species") == "CH4_biogenic") & (pl.col("year") == 2020)).sort("value")
    ddocm = 1e5 * 0.15 * 0.5
    assert food["value"][-1] == pytest.approx(ddocm * (1 - np.exp(-0.185)) * 0.5 * 16 / 12)
    assert food["activity_id"][-1].to_list() == ["landfill_deposit:1", "landfill_deposit:2"]
    assert "landfill:decay_rate:ipcc_2006:food:temperate_wet" in food["factor_id"][-1]


def test_refinement_uses_other_shares(rows) -> None:
    old = emission_from_landfill_deposit(rows(*_site()), Settings(landfill="ipcc_2006"))
    new = emission_from_landfill_deposit(rows(*_site()), Settings(landfill="ipcc_2019"))
    ratio = (0.7 * (1 - 0.5 ** (1 / 4))) / (0.5 * (1 - np.exp(-0.185)))
    at = (pl.col("year") == 2020) & (pl.col("species") == "CH4_biogenic")
    assert new.filter(at)["value"][0] / old.filter(at)["value"][0] == pytest.approx(ratio)


def test_recovery_is_taken_off_once(rows) -> None:
    free = emission_from_landfill_deposit(rows(*_site(), *_site(waste="paper")))
    with_gas = _site()
    with_gas[2]["recovered"] = 50.0
    caught = emission_from_landfill_deposit(rows(*with_gas, *_site(waste="paper")))
    ch4 = pl.col("species") == "CH4_biogenic"
    assert free.filter(ch4)["value"].sum() - caught.filter(ch4)["value"].sum() == pytest.approx(50.0)


def test_gap_in_years_and_too_much_recovery(rows) -> None:
    broken = [row for row in _site() if row["year"] != 2020]
    with pytest.raises(FindingError) as error:
        emission_from_landfill_deposit(rows(*broken))
    assert error.value.findings[0].check == "landfill-year-gap"
    greedy = _site()
    greedy[1]["recovered"] = 1e9
    with pytest.raises(FindingError, match="more methane is recovered"):
        emission_from_landfill_deposit(rows(*greedy))


def test_recovery_up_to_what_is_generated(rows) -> None:
    """100,000 t · 0.15 · 0.5 = 7,500 t C: 1 − e^−0.185 = 16.889572 % decays next year: 844.479 t CH4."""
    made = 7500 * (1 - np.exp(-0.185)) * 0.5 * 16 / 12
    assert made == pytest.approx(844.4786, abs=1e-4)
    chosen = Settings(landfill="ipcc_2006")
    site = _site(2)
    site[1]["recovered"] = made
    ch4 = emission_from_landfill_deposit(rows(*site), chosen).filter(pl.col("species") == "CH4_biogenic")
    assert ch4["value"].to_list() == pytest.approx([0.0, 0.0], abs=1e-9)
    site[1]["recovered"] = made * 1.001
    with pytest.raises(FindingError) as error:
        emission_from_landfill_deposit(rows(*site), chosen)
    assert [f.check for f in error.value.findings] == ["landfill-recovered"]


@pytest.mark.parametrize(
    ("cells", "left"),
    [({"covered": True}, 0.9), ({"covered": False}, 1.0), ({}, 1.0), ({"oxidation": 0.25}, 0.75)],
)
def test_cover_oxidises_a_tenth(rows, cells: dict[str, object], left: float) -> None:
    """IPCC 2006 Vol.5 table 3.2: OX 0.1 for managed sites covered with material that oxidises, else 0."""
    result = emission_from_landfill_deposit(rows(*_site(2, **cells)), Settings(landfill="ipcc_2006"))
    at = result.filter(pl.col("year") == 2020).sort("species")
    carbon = 7500 * (1 - np.exp(-0.185))
    assert at["value"].to_list() == pytest.approx(
        [carbon * 0.5 * 16 / 12 * left, carbon * (0.5 + 0.5 * (1 - left)) * 44 / 12]
    )


def test_a_series_must_reach_the_last_year(rows) -> None:
    with pytest.raises(FindingError, match="still decays in 2022"):
        emission_from_landfill_deposit(rows(*_site()), Settings(until=2022))
    assert emission_from_landfill_deposit(rows(*_site()), Settings(until=2021)).height == 6


def test_what_would_escape_without_recovery_stands_beside(rows) -> None:
    """The 844.4786 t above: 100 t recovered and a tenth of the rest oxidised leave 670.0307 t."""
    site = _site(2, covered=True)
    site[1]["recovered"] = 100.0
    result = emission_from_landfill_deposit(rows(*site), Settings(landfill="ipcc_2006"))
    row = result.filter(pl.col("species") == "CH4_biogenic", pl.col("year") == 2020).row(0, named=True)
    assert row["uncontrolled"] == pytest.approx(844.4786, abs=1e-4)
    assert row["value"] == pytest.approx((844.4786 - 100) * 0.9, abs=1e-4)


def test_a_site_may_open_in_the_year_reported(rows) -> None:
    """Decay from the seventh month: 7,500 t C, half a year, 1 − e^−0.0925; by default it starts next year."""
    first = emission_from_landfill_deposit(rows(*_site(1)), Settings(landfill="ipcc_2006"))
    assert first.filter(pl.col("species") == "CH4_biogenic")["value"].to_list() == [0.0]

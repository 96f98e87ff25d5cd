from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tongyuan.inventory.account.account import Result, account
from tongyuan.inventory.account.consumption import from_devices
from tongyuan.ledger.finding import FindingError
from tongyuan.reference.energy import fuels

Make = Callable[..., pl.DataFrame]
Record = Callable[..., dict[str, Any]]


@pytest.fixture
def run(activity: Make, control: Make, factors: pl.DataFrame) -> Callable[..., Result]:
    """Return the account of a million tonnes of coal behind one device, with further records."""

    def make(device: str, *more: dict[str, Any]) -> Result:
        rows = activity(("energy.power", "raw_coal", 1e6, "t"))
        extra = pl.DataFrame(list(more), schema=factors.schema)
        return account(rows, control((device, 1.0)), pl.concat([factors, extra]))

    return make


def caused(result: Result, species: str, scope: str = "direct") -> float:
    rows = result.emission.filter(
        pl.col("origin") == "control", pl.col("species") == species, pl.col("scope") == scope
    )
    return float(rows["value"].sum())


def test_per_removed_mass_and_per_activity(run: Callable[..., Result]) -> None:
    result = run("wet_fgd")
    used = dict(zip(result.consumption["product"], result.consumption["amount"], strict=True))
    assert used == pytest.approx({"electricity": 1e6 * 20 * 3.6e-6, "limestone": 16_000 * 0.95 * 1.6})
    assert result.consumption["unit"].to_list() == ["TJ", "t"]


def test_what_a_device_makes_is_an_emission_not_a_consumption(
    run: Callable[..., Result], record: Record
) -> None:
    made = record("made", "fly_ash", 2.0, "t/t", kind="consumption", control="esp", basis="yields:PM2.5")
    sold = record(
        "sold", "ammonium_sulphate", 2.0, "t/t", kind="consumption", control="esp", basis="yields:PM2.5"
    )
    result = run("esp", made, sold)
    assert caused(result, "fly_ash") == pytest.approx(5_000 * 0.99 * 2)
    assert result.consumption.is_empty()


def test_an_alternative_reagent_does_not_act(run: Callable[..., Result], record: Record) -> None:
    other = record(
        "other", "lime", 1.0, "t/t", kind="consumption", control="wet_fgd", basis="alternative:SO2"
    )
    assert "lime" not in run("wet_fgd", other).consumption["product"].to_list()


def test_slip_per_activity_is_an_emission_of_the_device(run: Callable[..., Result], record: Record) -> None:
    slip = record("slip", "NH3", 0.05, "kg/t", control="scr", process="energy.power", product="coal")
    result = run("scr", slip)
    assert caused(result, "NH3") == pytest.approx(50.0)
    assert caused(run("wet_fgd", slip), "NH3") == 0.0


def test_a_fuel_a_device_burns_emits_all_species_of_that_fuel(
    run: Callable[..., Result], record: Record
) -> None:
    burner = record("burner", "natural_gas", 2.0, "m3/t", kind="consumption", control="rto", basis="activity")
    gas = record("gas", "CO2", 56_100.0, "kg/TJ", product="natural_gas")
    soot = record("soot", "NOx", 89.0, "g/GJ", product="gas", process="energy")
    result = run("rto", burner, gas, soot)
    heat = fuels.heating_value("natural_gas", "C")[0]
    assert caused(result, "CO2") == pytest.approx(2e6 * heat * 56.1)
    assert caused(result, "NOx") == pytest.approx(2e6 * heat * 0.089)
    assert result.emission.filter(pl.col("origin") == "control")["product"].unique().to_list() == [
        "natural_gas"
    ]


def test_own_energy_is_pointed_out_and_not_added(run: Callable[..., Result], record: Record) -> None:
    share = record("share", "energy", 0.02, "fraction", kind="consumption", control="scr", basis="activity")
    bare, result = run("scr"), run("scr", share)
    own = bare.emission.filter(pl.col("species") == "CO2")["value"].sum()
    assert caused(result, "CO2", "indirect") == pytest.approx(0.02 * own)
    assert caused(result, "CO2", "direct") == 0.0
    assert caused(result, "SO2", "indirect") == 0.0


def test_a_reagent_factor_of_the_source_goes_before_the_general_one(
    run: Callable[..., Result], record: Record
) -> None:
    own = record("own", "CO2", 0.4, "t/t", process="energy", product="limestone")
    assert caused(run("wet_fgd", own), "CO2") == pytest.approx(16_000 * 0.95 * 1.6 * 0.4)
    assert caused(run("wet_fgd"), "CO2") == pytest.approx(16_000 * 0.95 * 1.6 * 0.44)


def test_removal_and_its_price_stand_side_by_side(run: Callable[..., Result]) -> None:
    effect = run("wet_fgd").control_effect
    assert effect.filter(pl.col("species") == "SO2")["removed"][0] > 0
    carbon = effect.filter(pl.col("species") == "CO2").row(0, named=True)
    assert carbon["removed"] == 0
    assert carbon["induced"] > 0


KEYS = pl.DataFrame(
    {"key": [0], "process": ["energy.power"], "product": ["raw_coal"], "technology": [""],
     "region": ["370000"], "year": [2021], "unit": ["t"]}
)  # fmt: skip
CO2 = pl.DataFrame(
    {"key": [0], "control": ["wet_fgd"], "product": ["electricity"], "species": ["CO2"], "value": [5.0],
     "unit": ["t"], "scope": ["indirect"], "record_id": ["r"], "tier": ["1"]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "caused", "check"),
    [
        (pl.concat([KEYS, KEYS]), CO2, "join_multiplied"),
        (KEYS.clear(), CO2, "join_lost"),
        (KEYS, CO2.with_columns(species=pl.lit("unobtainium")), "join_lost"),
    ],
)
def test_a_lost_or_doubled_row_is_refused(keys: pl.DataFrame, caused: pl.DataFrame, check: str) -> None:
    assert from_devices(KEYS, CO2)["value"].to_list() == [5.0]
    with pytest.raises(FindingError) as found:
        from_devices(keys, caused)
    assert [f.check for f in found.value.findings] == [check]


def test_two_records_of_one_id_are_refused(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("energy.power", "raw_coal", 1e6, "t"))
    with pytest.raises(FindingError) as found:
        account(rows, None, pl.concat([factors, factors.with_columns(pl.col("value") * 2)]))
    assert {f.check for f in found.value.findings} == {"join_multiplied"}

"""Records that were once misread: typed from their sources, and sampled against the files when present."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference import gwp, units
from tongyuan.reference.factors.library import LibraryError, library, offenders, search
from tongyuan.reference.factors.resolve import resolve
from tongyuan.reference.importers import gains
from tongyuan.reference.shelf import shelf

EVERY = library(include_unverified=True)
BY_ID = {row["record_id"]: row for row in EVERY.iter_rows(named=True)}


def chosen(process: str, product: str, species: str, year: int, region: str = "100000") -> dict[str, object]:
    """Return the record that acts for a key without technology."""
    key = {"process": process, "product": product, "technology": "", "region": region, "year": year}
    factors = resolve(pl.DataFrame([key | {"unit": "t"}]), library(), [species]).factors
    return factors.row(0, named=True)


# ---------------------------------------------------------------- typed: always run


@pytest.mark.parametrize(
    ("year", "record"),
    [
        (2012, "gains6b-Power_Gen_Coal-SO2-2010-power"),
        (2016, "gains6b-Power_Gen_Coal-SO2-2015-power"),
        (2017, "tang2019-cems-SO2-power"),
        (2020, "tang2019-cems-SO2-power"),
        (2030, "tang2019-cems-SO2-power"),
    ],
)
def test_measured_power_stations_go_before_a_projection(year: int, record: str) -> None:
    assert chosen("energy.power", "raw_coal", "SO2", year)["record_id"] == record


@pytest.mark.parametrize(("species", "kilotonnes"), [("SO2", 770.0), ("NOx", 1260.0), ("TSP", 140.0)])
def test_monitored_totals_of_thermal_power_come_back(species: str, kilotonnes: float) -> None:
    """Tang et al. 2019: 0.77, 1.26, 0.14 Mt in 2017; coal of power and heat 1,395.31 + 227.70 Mtce (2020)."""
    for place in ("power", "heat"):
        record = BY_ID[f"tang2019-cems-{species}-{place}"]
        heat = (1395.31 + 227.70) * 29.3076  # PJ
        assert record["value"] * heat / 1000 == pytest.approx(kilotonnes, rel=1e-4)


def test_projections_of_coal_power_end() -> None:
    late = EVERY.filter(
        pl.col("record_id").str.contains(r"^gains6b-Power_Gen_Coal(_Old|_New)?-(SO2|NOx)-2020")
    )
    assert late.height == 8
    assert set(late["valid_to"]) == {2019}


def test_recovery_and_remaining_charge_are_two_parameters() -> None:
    remaining = EVERY.filter(pl.col("species") == "charge_remaining")
    assert remaining.height == 8
    recovery = EVERY.filter(pl.col("record_id").str.contains(r"^ipcc2019-efdb23467[2-9]-"))
    assert set(recovery["species"]) == {"end_of_life"}
    values = dict(zip(remaining["technology"], remaining["value"], strict=True))
    assert (values["chiller"], values["domestic_refrigeration"]) == (0.9, 0.4)


def test_post_mining_of_surface_mines_is_no_mining() -> None:
    for number, value in ((120589, 0.0), (120590, 0.2), (120591, 0.1)):
        record = BY_ID[f"ipcc2006-efdb{number}-CH4_volume"]
        assert (record["process"], record["value"]) == ("energy.coal_mining.post", value)
        assert "surface mine" in record["class"]


@pytest.mark.parametrize(
    ("record", "basis", "value"),
    [
        ("emep2023-2A2-T3.1-TSP-lime", "uncontrolled", 9000),
        ("emep2023-2A2-T3.2-TSP-lime", "uncontrolled", 9000),
        ("emep2023-2A2-T3.3-TSP-lime", "controlled", 400),
        ("emep2023-2C5-T3.2-TSP-lead_metal", "uncontrolled", 560),
        ("emep2023-2C5-T3.4-TSP-lead_metal", "uncontrolled", 14800),
        ("emep2023-2C6-T3.2-TSP-zinc_metal", "uncontrolled", 210),
        ("emep2023-2C6-T3.4-TSP-zinc_metal", "uncontrolled", 425),
        ("emep2023-2C5-T3.1-TSP-lead_metal", "controlled", None),
    ],
)
def test_bases_of_dust_with_their_reason(record: str, basis: str, value: float | None) -> None:
    found = BY_ID[record]
    assert found["basis"] == basis
    assert value is None or found["value"] == value
    assert "basis inferred: " in found["note"]


def test_every_basis_of_the_guidebook_has_a_reason() -> None:
    said = EVERY.filter(
        pl.col("source") == "emep_2023", pl.col("basis").is_in(["controlled", "uncontrolled"])
    )
    assert said.height > 500
    assert said["note"].str.contains(r"basis (inferred|stated): \w").all()


@pytest.mark.parametrize(
    ("process", "product", "unit", "value"),
    [
        (
            "energy.fuel_distribution",
            "gasoline",
            "t",
            4.5e-3,
        ),  # other region; the European Union has 2.2 kg/t
        ("solvent.domestic", "population", "person", 1.2e-3),  # other countries; Western Europe 1.8 kg
        ("energy.refining", "crude_oil", "t", 0.2e-3),  # outside the European Union; inside 0.11 kg/t
    ],
)
def test_china_takes_the_value_for_other_regions(process: str, product: str, unit: str, value: float) -> None:
    key = {"process": process, "product": product, "technology": "", "region": "CN", "year": 2021}
    found = resolve(pl.DataFrame([key | {"unit": unit}]), library(), ["NMVOC"]).factors.row(0, named=True)
    assert found["value"] == pytest.approx(value)


def test_statuses_are_honest() -> None:
    quoted = EVERY.filter(
        pl.col("source").is_in(["cn_nh3_guide_2014", "liao_2017", "sun_2016", "us_epa_cost_cmdb"])
    )
    assert "official" not in set(quoted["status"])
    costs = shelf("technology_cost").filter(
        pl.col("id").str.contains(
            r"^cn_steel_(blast_furnace_h2|blast_furnace_ccs|bof_ccs|coal_h2_ccs)\.cost_(capital|fixed)$"
        )
    )
    assert set(costs["status"]) == {"derived"}
    assert costs.height == 8


def test_no_two_values_of_one_key_and_class() -> None:
    key = ["kind", "process", "product", "technology", "control", "region", "species", "unit"]
    key += ["basis", "class", "valid_from", "valid_to"]
    several = library().group_by(key).agg(pl.col("value").n_unique(), pl.col("record_id"))
    assert several.filter(pl.col("value") > 1)["record_id"].to_list() == []


def test_a_class_is_whole_and_tells_values_apart() -> None:
    assert "(Without natural crust cover)" in BY_ID["ipcc2006-efdb417265-EF3"]["class"]
    assert search("natural crust cover", species="EF3").height == 2
    cut = EVERY.filter(pl.col("basis").str.len_chars() >= 60)
    assert cut.is_empty()
    assert set(EVERY.filter(pl.col("class") != "")["kind"]) == {"parameter"}


def test_a_class_on_a_factor_does_not_load() -> None:
    record = {name: "" if text is None else str(text) for name, text in BY_ID["liu2020-ule-SO2"].items()}
    found = offenders(pl.DataFrame([record | {"class": "cool"}]))
    assert [(r, check, text) for r, check, text in found] == [("liu2020-ule-SO2", "class", "cool")]
    assert "cool" in LibraryError(found).message("zh")


@pytest.mark.parametrize(
    ("process", "product", "highest"),
    [
        ("transport.rail", "diesel", 0.2e-3),  # 78 g/GJ of the group with ships would be 3.3e-3 t/t
        ("transport.nonroad.construction", "diesel", 0.2e-3),
        ("transport.nonroad.agriculture", "diesel", 0.2e-3),
    ],
)
def test_machines_do_not_burn_the_fuel_of_ships(process: str, product: str, highest: float) -> None:
    assert chosen(process, product, "SO2", 2021)["value"] <= highest


@pytest.mark.parametrize("process", ["building.residential.urban", "energy.power", "industry.combustion"])
def test_natural_gas_is_no_works_gas(process: str) -> None:
    key = {"process": process, "product": "natural_gas", "technology": "", "region": "CN", "year": 2021}
    found = resolve(pl.DataFrame([key | {"unit": "TJ"}]), library(), ["SO2"]).factors.row(0, named=True)
    assert found["value"] == pytest.approx(0.29e-3, rel=0.05)  # t/TJ = kg/GJ: 0.28-0.30 g/GJ
    mixed = resolve(pl.DataFrame([key | {"product": "gas", "unit": "TJ"}]), library(), ["SO2"]).factors
    assert mixed["value"][0] > 5e-3


def test_cement_nitrogen_oxides_are_those_of_the_kilns() -> None:
    """1,690 kt (Jiang et al. 2018) over the 2,647 Mt of cement of 2015: 0.64 kg/t, not 1.40."""
    found = chosen("industry.cement", "cement", "NOx", 2014, "370000")
    assert found["value"] == pytest.approx(1690 / 2_647_000, rel=1e-3)


def test_gas_of_mines_does_not_act_by_itself() -> None:
    key = {"process": "energy.coal_mining", "product": "raw_coal", "technology": "", "region": "CN"}
    found = resolve(pl.DataFrame([key | {"year": 2021, "unit": "t"}]), library(), ["NMVOC"]).factors
    assert found.is_empty()


def test_sulphur_of_the_mean_coal_has_no_limits_for_one_use() -> None:
    for use in ("building", "industry", "agriculture.combustion", "transport.rail"):
        record = BY_ID[f"ceds-coal_S-SO2-coal-{use}"]
        assert (record["lower"], record["upper"]) == (None, None)


def test_reagents_say_that_they_are_a_minimum() -> None:
    reagents = EVERY.filter(
        pl.col("record_id").str.starts_with("sto-"), pl.col("basis").str.contains("^(removed|alternative):")
    )
    assert reagents.height >= 24
    assert reagents["note"].str.contains("theoretical minimum").all()


def test_methane_of_one_report_has_one_definition() -> None:
    assert gwp.value("CH4_biogenic", "AR6", 20) == 79.7
    assert gwp.value("CH4_biogenic", "AR6") == 27.0
    with pytest.raises(KeyError):
        gwp.value("CH4_biogenic", "AR6", 500)


# ---------------------------------------------------------------- sampled: with the files beside the checkout

SEED = 20261130


def test_a_sample_of_the_emission_factor_data_base(shared_data: Path) -> None:
    path = shared_data / "factors" / "raw" / "ipcc_efdb" / "IPCC_EFDB_output_20260207.xlsx"
    printed = pl.read_excel(path, engine="calamine", infer_schema_length=0).select("EF ID", "Value", "Unit")
    rows = {row["EF ID"]: row for row in printed.iter_rows(named=True)}
    known = [
        (r, re.search(r"EFDB (\d+)$", r["locator"])) for r in BY_ID.values() if r["status"] == "official"
    ]
    plain = [(r, rows[m[1]]) for r, m in known if m and _number(rows[m[1]]["Value"]) is not None]
    sample = random.Random(SEED).sample(plain, 200)
    same = [r["record_id"] for r, row in sample if _agrees(r["value"], float(row["Value"]))]
    assert len(same) == 200, {r["record_id"] for r, _ in sample} - set(same)


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _agrees(value: float, printed: float) -> bool:
    """Return whether the values are equal up to a power of ten (units) or an element's mass ratio."""
    if value == 0 or printed == 0:
        return value == printed
    for ratio in (1.0, 44 / 28, 44 / 12, 17 / 14, 0.67):
        share = value / printed / ratio
        power = round(math.log10(abs(share)))
        if abs(share / 10.0**power - 1) < 1e-6:
            return True
    return False


def test_a_sample_of_the_scenario(shared_data: Path) -> None:
    frame, _ = gains.read(shared_data / "activity" / "gains_eclipse_v6b" / "gains_v6b_china.csv")
    rows = {row["record_id"]: row for row in frame.iter_rows(named=True)}
    pattern = re.compile(r"^(\w+), region CHIN_PLUS, (\d{4})$")
    kept = [
        r
        for r in BY_ID.values()
        if r["source"] == "gains_eclipse_v6b"
        and pattern.match(r["locator"])
        and r["species"] not in ("BC", "OC")
    ]
    sample = random.Random(SEED).sample(kept, 200)
    for record in sample:
        sector, year = pattern.match(record["locator"]).groups()  # type: ignore[union-attr]
        species = {"NMVOC": "VOC", "CH4_fossil": "CH4", "CH4_biogenic": "CH4"}.get(
            record["species"], record["species"]
        )
        source = rows.get(f"gains:CHIN_PLUS:{sector}:{species}:{year}")
        if source is None:
            continue
        value = units.convert(source["value"], source["unit"], record["unit"])
        assert record["value"] == pytest.approx(value, rel=2e-3), record["record_id"]

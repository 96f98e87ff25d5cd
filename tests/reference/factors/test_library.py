"""The factor library: it loads, every record is cited, and what a province burns and makes is covered."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference import quality, units
from tongyuan.reference.factors import library as module
from tongyuan.reference.factors.library import (
    KINDS,
    LibraryError,
    compare,
    counts,
    library,
    normalised,
    offenders,
    search,
    show,
    topics,
)
from tongyuan.reference.factors.resolve import resolve
from tongyuan.reference.language import catalogue
from tongyuan.reference.record import COLUMNS
from tongyuan.reference.shelf import shelf

EVERY = library(include_unverified=True)
BY_ID = {row["record_id"]: row for row in EVERY.iter_rows(named=True)}
CHECKOUT = Path(__file__).resolve().parents[3]


def text_record(**changes: str) -> pl.DataFrame:
    row = dict.fromkeys(COLUMNS, "") | {
        "record_id": "test-1", "kind": "emission_factor", "process": "energy.power", "product": "raw_coal",
        "region": "CN", "species": "SO2", "value": "1", "unit": "kg/t", "status": "official",
        "source": "emep_2023", "locator": "Table 1",
    }  # fmt: skip
    return pl.DataFrame([row | changes])


# ---------------------------------------------------------------- the whole


def test_size_and_columns() -> None:
    assert EVERY.columns == list(COLUMNS)
    assert EVERY.schema == pl.Schema(COLUMNS)
    assert EVERY.height >= 1500
    assert counts()["values"].sum() >= 1500, "distinct published values, copies for other keys counted once"
    assert len(topics()) >= 20
    assert set(EVERY["kind"]) == set(KINDS)


def test_ids_are_unique_and_readable() -> None:
    assert EVERY["record_id"].is_duplicated().sum() == 0
    assert EVERY["record_id"].str.contains(r"^[A-Za-z0-9._+\-]+$").all()


def test_every_citation_opens() -> None:
    sources = {row["id"]: row for row in shelf("source").to_dicts()}
    for record in EVERY.iter_rows(named=True):
        assert sources[record["source"]]["title"]
        assert record["locator"].strip()


def test_no_record_is_wrong() -> None:
    frame = pl.concat(
        module.read_text_csv(CHECKOUT / "src/tongyuan/reference/factors/library" / f"{t}.csv")
        for t in topics()
    )
    assert offenders(frame) == []


def test_units_split_and_species_have_the_right_dimension() -> None:
    for unit in EVERY["unit"].unique():
        assert not re.search(r"[一-鿿]", unit)
        units.split_ratio(unit)
    acting = library("emission_factor")
    mass = {units.split_ratio(u).numerator_unit for u in acting["unit"].unique()}
    assert mass <= {"t", "fraction"}


def test_limits_enclose_the_value_and_have_a_distribution() -> None:
    limited = EVERY.filter(pl.col("lower").is_not_null())
    assert limited.height > 1500
    assert (limited["lower"] <= limited["value"]).all()
    assert (limited["value"] <= limited["upper"]).all()
    assert (limited["distribution"] != "").all()
    assert limited.filter(pl.col("distribution") == "lognormal", pl.col("lower") <= 0).is_empty()


def test_values_are_not_negative_and_efficiencies_are_shares() -> None:
    assert (EVERY["value"] >= 0).all()
    removal = library("removal_efficiency", include_unverified=True)
    assert removal["value"].is_between(0, 1).all()
    assert (removal["control"] != "").all()
    assert set(removal["unit"]) == {"fraction"}


def test_quality_checks_find_no_error() -> None:
    assert [i for i in quality.check(EVERY) if i.severity == "error"] == []


def test_unverified_is_off_by_default() -> None:
    assert "unverified" not in set(library()["status"])
    assert "unverified" in set(EVERY["status"])
    remembered = EVERY.filter(pl.col("source").is_in(["provincial_guideline", "mee_inventory_guideline"]))
    assert set(remembered["status"]) == {"unverified"}


def test_no_acting_key_has_two_values() -> None:
    key = [
        "kind",
        "process",
        "product",
        "technology",
        "control",
        "region",
        "species",
        "valid_from",
        "valid_to",
    ]
    acting = EVERY.filter(
        pl.col("kind").is_in(["emission_factor", "generation_factor", "removal_efficiency"])
    )
    clash = acting.filter(pl.col("status") != "unverified").group_by(key).agg(pl.col("value").n_unique())
    assert clash.filter(pl.col("value") > 1).is_empty()


def test_no_prose_of_other_languages_in_ids_of_shelves() -> None:
    for column, name in (("process", "process"), ("product", "product"), ("technology", "technology"),
                         ("control", "control"), ("region", "factor_region")):  # fmt: skip
        frame = shelf(name)
        assert set(EVERY[column]) - {""} <= set(frame[frame.columns[0]])


# ---------------------------------------------------------------- single values


def test_cross_check_map_is_consistent() -> None:
    with (CHECKOUT / "tests/reference/cross_check_map.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    agreeing = [row for row in rows if row["verdict"] == "agrees"]
    assert len(agreeing) >= 76
    for row in agreeing:
        records = [BY_ID[record] for record in row["record_id"].split("+")]
        assert sum(r["value"] for r in records) == pytest.approx(float(row["value"]), rel=1e-9)
        assert {r["unit"] for r in records} == {row["unit"]}


def test_stoichiometry_of_reagents() -> None:
    assert BY_ID["sto-wet_fgd-limestone-energy"]["value"] == pytest.approx(100.087 / 64.064, rel=1e-9)
    co2 = BY_ID["sto-wet_fgd-limestone-energy"]["value"] * BY_ID["reagent-CO2-limestone-energy"]["value"]
    assert co2 == pytest.approx(44.0095 / 64.064, rel=1e-3)
    assert BY_ID["reagent-CO2-urea-energy"]["value"] == pytest.approx(44.0095 / 60.056, rel=1e-9)
    gypsum = BY_ID["sto-wet_fgd-gypsum-energy"]
    assert (gypsum["species"], gypsum["basis"]) == ("desulfurisation_gypsum", "yields:SO2")
    assert gypsum["value"] == pytest.approx(172.171 / 64.064, rel=1e-9)


def test_consumption_says_what_it_counts() -> None:
    consumption = library("consumption")
    assert consumption["basis"].str.contains(r"^(activity|(removed|yields|alternative):[A-Za-z0-9]+)$").all()
    assert {"wet_fgd", "scr", "sncr", "dry_fgd"} <= set(consumption["control"])


def test_chinese_guideline_values() -> None:
    assert BY_ID["cn24-msw-incineration-CO2"]["value"] == pytest.approx(0.5573, abs=1e-4)
    assert BY_ID["cn24-hazardous-incineration-CO2"]["value"] == pytest.approx(1.6418, abs=1e-4)
    assert BY_ID["cnets-al-anode-CO2"]["value"] == pytest.approx(1.4708, abs=1e-4)
    assert BY_ID["cnets-cement-CO2-clinker"]["value"] == 0.535


def test_uncontrolled_sulphur_follows_from_the_cited_shares() -> None:
    record = BY_ID["ceds-coal_S-SO2-coal-energy"]
    sulphur, retained = BY_ID["ceds-coal_S-content"]["value"], BY_ID["ceds-coal_S-retention"]["value"]
    assert record["value"] == pytest.approx(sulphur * (1 - retained) * 64.064 / 32.065 * 1000, rel=1e-3)
    assert record["basis"] == "uncontrolled"
    assert record["kind"] == "generation_factor"


def test_derived_black_carbon_stays_within_fine_particles() -> None:
    for record in EVERY.filter(pl.col("note").str.contains("published as .*% of PM2.5")).iter_rows(
        named=True
    ):
        share, whole = re.search(r"as ([\d.]+)% of PM2.5 \(([\d.eE+-]+) ", record["note"]).groups()  # type: ignore[union-attr]
        assert record["value"] == pytest.approx(float(share) / 100 * float(whole), rel=1e-6)
        assert record["status"] == "derived"


# ---------------------------------------------------------------- Shandong

FUELS = [
    "raw_coal",
    "cleaned_coal",
    "washed_coal",
    "briquette",
    "gangue",
    "coke",
    "coke_oven_gas",
    "blast_furnace_gas",
    "converter_gas",
    "other_gas",
    "diesel",
    "gasoline",
    "kerosene",
    "fuel_oil",
    "lpg",
    "refinery_gas",
    "natural_gas",
    "lng",
    "petroleum_coke",
    "other_petroleum",
]
PLACES = [
    "energy.power",
    "energy.heat",
    "industry.combustion",
    "agriculture.combustion",
    "construction.combustion",
    "building.commercial",
    "building.residential.urban",
    "building.residential.rural",
    "building.other",
]
AIR = [
    "SO2",
    "NOx",
    "CO",
    "NMVOC",
    "TSP",
    "PM10",
    "PM2.5",
    "BC",
    "OC",
    "Hg",
    "Cd",
    "As",
    "CO2",
    "CH4_fossil",
    "N2O",
]
DERIVED_GAS = {"coke_oven_gas", "blast_furnace_gas", "converter_gas", "other_gas"}
DERIVED_GAS_GAPS = {"BC", "OC", "Hg", "Cd", "As"}
ENGINE = "SO2 NOx CO NMVOC NH3 TSP PM10 PM2.5 BC OC CO2 CH4_fossil N2O"
MAKING = [
    ("energy.coal_mining", "raw_coal", "t", "CH4_fossil TSP PM10 PM2.5"),
    ("energy.coking", "coke", "t", "SO2 NOx CO NMVOC TSP PM10 PM2.5 BC Hg CH4_fossil"),
    ("energy.refining", "crude_oil", "t", "SO2 NOx CO NMVOC TSP PM10 PM2.5"),
    ("industry.cement.clinker", "clinker", "t", "CO2 SO2 NOx TSP PM10 PM2.5 Hg"),
    ("industry.cement", "cement", "t", "CO2 SO2 NOx CO TSP PM10 PM2.5"),
    ("industry.glass.flat", "flat_glass", "t", "CO2 TSP PM10 PM2.5"),
    ("industry.steel.sinter", "sinter", "t", "SO2 NOx CO TSP PM10 PM2.5 PCDDF CH4_fossil"),
    ("industry.steel.pellet", "pellet", "t", "SO2 NOx PM2.5"),
    ("industry.steel.blast_furnace", "pig_iron", "t", "PM10 PM2.5"),
    ("industry.steel.bof", "crude_steel", "t", "SO2 NOx CO TSP PM10 PM2.5"),
    ("industry.steel.eaf", "crude_steel", "t", "CO2 NOx CO TSP PM10 PM2.5 PCDDF"),
    ("industry.steel", "crude_steel", "t", "SO2 NOx CO TSP PM10 PM2.5 Hg"),
    ("waste.landfill", "municipal_waste", "t", "CH4_biogenic"),
    ("waste.incineration", "municipal_waste", "t", "CO2 CO2_biogenic N2O CH4_biogenic NOx PM2.5 Hg PCDDF"),
    ("waste.wastewater.domestic", "cod_load", "t", "CH4_biogenic"),
    ("waste.wastewater.domestic", "nitrogen_load", "t", "N2O"),
    ("agriculture.fertiliser", "fertiliser", "t", "NH3 NOx N2O"),
    ("agriculture.fertiliser", "urea", "t", "NH3"),
    ("agriculture.manure", "pig", "head", "NH3 N2O CH4_biogenic NMVOC PM10 PM2.5 COD TN TP"),
    ("agriculture.manure", "cattle", "head", "NH3 N2O CH4_biogenic"),
    ("agriculture.manure", "sheep_goat", "head", "NH3 N2O CH4_biogenic"),
    ("agriculture.manure", "poultry", "head", "NH3 N2O CH4_biogenic"),
    ("agriculture.enteric", "pig", "head", "CH4_biogenic"),
    ("agriculture.enteric", "cattle", "head", "CH4_biogenic"),
    ("agriculture.enteric", "sheep_goat", "head", "CH4_biogenic"),
    ("transport.road", "diesel", "t", "SO2 NOx CO NMVOC NH3 TSP PM10 PM2.5 CO2 CH4_fossil N2O"),
    ("transport.road", "gasoline", "t", "SO2 NOx CO NMVOC NH3 TSP PM10 PM2.5 CO2 CH4_fossil N2O"),
    ("transport.nonroad.construction", "diesel", "t", ENGINE),
    ("transport.nonroad.agriculture", "diesel", "t", ENGINE),
    ("transport.rail", "diesel", "t", "SO2 NOx CO NMVOC NH3 TSP PM10 PM2.5 CO2 CH4_fossil N2O"),
    ("transport.rail", "raw_coal", "t", "SO2 NOx CO NMVOC TSP PM10 PM2.5 BC CO2 CH4_fossil N2O"),
    ("transport.ship", "fuel_oil", "t", "SO2 NOx CO NMVOC TSP PM10 PM2.5 Hg Pb CO2 CH4_fossil N2O"),
    ("transport.ship", "diesel", "t", "SO2 NOx CO NMVOC TSP PM10 PM2.5 CO2 CH4_fossil N2O"),
    ("transport.aviation", "kerosene", "t", "NOx CO2 CH4_fossil N2O"),
]  # fmt: skip


@pytest.fixture(scope="module")
def shandong() -> dict[tuple[str, str, int], dict[str, dict[str, object]]]:
    keys = [(p, f, "TJ") for p in PLACES for f in FUELS] + [m[:3] for m in MAKING]
    frame = pl.DataFrame(
        [(p, f, "", "370000", year, unit) for p, f, unit in keys for year in (2014, 2021)],
        schema=["process", "product", "technology", "region", "year", "unit"],
        orient="row",
    )
    resolution = resolve(frame, library())
    assert resolution.issues.filter(pl.col("check") == "ambiguous").is_empty()
    found: dict[tuple[str, str, int], dict[str, dict[str, object]]] = {}
    for row in resolution.factors.iter_rows(named=True):
        found.setdefault((row["process"], row["product"], row["year"]), {})[row["species"]] = row
    return found


@pytest.mark.parametrize("year", [2014, 2021])
@pytest.mark.parametrize("process", PLACES)
def test_every_fuel_of_the_balance_resolves(shandong: dict, process: str, year: int) -> None:
    for fuel in FUELS:
        wanted = set(AIR)
        if fuel in DERIVED_GAS and process in ("energy.power", "energy.heat"):
            wanted -= DERIVED_GAS_GAPS
        if (
            process in ("agriculture.combustion", "building.commercial", "building.other")
            and fuel == "refinery_gas"
        ):
            wanted -= {"OC"}
        assert wanted <= set(shandong[process, fuel, year]), (
            fuel,
            wanted - set(shandong[process, fuel, year]),
        )


@pytest.mark.parametrize("case", MAKING, ids=[f"{m[0]}-{m[1]}" for m in MAKING])
def test_processes_of_the_province_resolve(shandong: dict, case: tuple[str, str, str, str]) -> None:
    process, product, _, species = case
    for year in (2014, 2021):
        assert set(species.split()) <= set(shandong[process, product, year])


def test_resolved_particles_are_in_order(shandong: dict) -> None:
    for key, found in shandong.items():
        values = [found[s]["value"] for s in ("TSP", "PM10", "PM2.5") if s in found]
        assert all(a >= b * (1 - 1e-9) for a, b in pairwise(values)), key
        carbon = sum(found[s]["value"] for s in ("BC", "OC") if s in found)
        if "PM2.5" in found:
            assert carbon <= found["PM2.5"]["value"] * 1.0001, key


def test_resolved_values_are_sensible(shandong: dict) -> None:
    power = shandong["energy.power", "raw_coal", 2021]
    assert 5e-3 < power["SO2"]["value"] < 0.2, "t/TJ under the legislation of 2020"
    assert power["SO2"]["controlled"]
    assert 80 < power["CO2"]["value"] < 110
    earlier = shandong["energy.power", "raw_coal", 2014]
    assert earlier["SO2"]["value"] > power["SO2"]["value"]
    assert earlier["NOx"]["value"] > power["NOx"]["value"]
    assert shandong["industry.cement.clinker", "clinker", 2021]["CO2"]["value"] == pytest.approx(0.535)
    assert shandong["agriculture.manure", "pig", 2021]["CH4_biogenic"]["value"] == pytest.approx(5.08e-3)


def test_whole_route_factors_need_their_name(shandong: dict) -> None:
    """A factor that holds the fuel's carbon must not act beside an energy balance."""
    assert "CO2" not in shandong["industry.steel.blast_furnace", "pig_iron", 2021]
    assert "CO2" not in shandong["energy.coking", "coke", 2021]


# ---------------------------------------------------------------- doors


def test_wrong_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        library("emission")
    assert set(library("parameter")["kind"]) == {"parameter"}


def test_show_opens_the_citation() -> None:
    record = show("emep2023-1A1a-T3.2-SOx-hard_coal")
    assert record["value"] == 820
    assert record["topic"] == "combustion_stationary"
    assert "guidebook" in record["citation"]["title"]
    with pytest.raises(KeyError):
        show("no such record")


def test_search_in_two_languages() -> None:
    chinese, english = search("水泥熟料"), search("cement clinker")
    assert "cnets-cement-CO2-clinker" in set(chinese["record_id"])
    assert "cnets-cement-CO2-clinker" in set(english["record_id"])
    assert set(search("熟料", species="CO2")["species"]) == {"CO2"}
    assert set(search(process="transport")["process"].str.slice(0, 9)) == {"transport"}
    assert set(search(product="pig", kind="emission_factor")["product"]) == {"pig"}
    assert search("ＣＥＭＥＮＴ").height == search("cement").height
    assert search("xyzzy").is_empty()


def test_compare_puts_candidates_in_one_unit() -> None:
    frame = compare("energy.power", "raw_coal", "SO2")
    assert {"CN", "EU"} <= set(frame["region"])
    assert set(frame["species"]) == {"SO2"}
    row = frame.filter(pl.col("record_id") == "emep2023-1A1a-T3.2-SOx-hard_coal").to_dicts()[0]
    assert (row["value_canonical"], row["unit_canonical"]) == (pytest.approx(0.82), "t/TJ")
    assert frame["process_depth"].is_sorted()
    assert compare("land.other", "raw_coal").is_empty()


def test_normalised_keeps_rows() -> None:
    frame = normalised(EVERY)
    assert frame.height == EVERY.height
    assert frame["value_canonical"].is_not_null().all()


# ---------------------------------------------------------------- offenders


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"source": ""}, "missing"),
        ({"locator": ""}, "missing"),
        ({"value": ""}, "missing"),
        ({"source": "hearsay"}, "unknown_source"),
        ({"process": "energy.magic"}, "unknown_process"),
        ({"product": "unobtainium"}, "unknown_product"),
        ({"technology": "wishing"}, "unknown_technology"),
        ({"control": "hope"}, "unknown_control"),
        ({"region": "Mars"}, "unknown_region"),
        ({"species": "SO9"}, "unknown_species"),
        ({"kind": "guess"}, "unknown_kind"),
        ({"status": "sure"}, "unknown_status"),
        ({"unit": "kg per bucket"}, "unit"),
        ({"value": "many"}, "number"),
        ({"value": "nan"}, "number"),
        ({"lower": "2", "upper": "3"}, "limits"),
        ({"kind": "removal_efficiency", "value": "95", "unit": "fraction"}, "efficiency"),
    ],
)
def test_offender_is_named(changes: dict[str, str], check: str) -> None:
    found = offenders(text_record(**changes))
    assert check in {c for _, c, _ in found}
    error = LibraryError(found)
    assert "test-1" in str(error)
    assert error.message("zh") != error.message("en")


def test_good_record_and_duplicate() -> None:
    assert offenders(text_record()) == []
    assert "duplicate" in {c for _, c, _ in offenders(pl.concat([text_record(), text_record()]))}


def test_all_offenders_come_together() -> None:
    frame = pl.concat([text_record(source=""), text_record(record_id="test-2", unit="?")])
    assert {r for r, _, _ in LibraryError(offenders(frame)).offenders} == {"test-1", "test-2"}


def test_messages_have_both_languages() -> None:
    for key, row in catalogue("reference.factors").items():
        assert row["zh"], key
        assert row["en"], key
        assert re.findall(r"{\w+}", row["zh"]).sort() == re.findall(r"{\w+}", row["en"]).sort()
        assert set(re.findall(r"{\w+}", row["zh"])) == set(re.findall(r"{\w+}", row["en"])), key


def test_documentation_takes_the_counts_from_the_library() -> None:
    page = (CHECKOUT / "docs/factors.md").read_text(encoding="utf-8")
    assert "library import counts" in page
    assert not re.search(r"^\| combustion_stationary \|", page, re.MULTILINE)
    assert counts()["records"].sum() == EVERY.height

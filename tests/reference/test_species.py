from __future__ import annotations

import polars as pl
import pytest

from tongyuan.reference import species
from tongyuan.reference.shelf import identify, shelf

CONTRACT = (
    "SO2 NOx CO NMVOC NH3 TSP PM10 PM2.5 BC OC Hg Pb Cd As Cr Ni Cu Zn Se PCDDF BaP CO2 CO2_biogenic "
    "CH4_fossil CH4_biogenic N2O HFC-134a CF4 C2F6 SF6 NF3 CFC-11 HCFC-22 COD BOD5 NH3-N TN TP SS petroleum "
    "Hg_water fly_ash bottom_ash coal_gangue tailings smelting_slag desulfurisation_gypsum red_mud "
    "hazardous_waste sludge municipal_solid_waste energy electricity water_withdrawal"
)


@pytest.mark.parametrize("name", CONTRACT.split())
def test_every_species_of_the_contract_is_there(name: str) -> None:
    found = species.get(name)
    assert found.title_zh
    assert found.title_en


def test_parents_exist_and_dust_is_nested() -> None:
    known = set(species.catalogue())
    assert all(s.parent in known for s in species.catalogue().values() if s.parent)
    assert species.parts("TSP") == ("TSP", "PM10", "PM2.5", "BC", "OC")
    with pytest.raises(KeyError):
        species.parts("dust of nowhere")


def test_one_equivalent_each() -> None:
    assert species.equivalents("SO2", 0.95) == 1
    assert species.equivalents("NOx", 0.95) == 1
    assert species.equivalents("TSP", 2.18) == 1
    with pytest.raises(KeyError, match="no equivalent value"):
        species.equivalents("PM2.5", 1.0)


def tax_equivalents() -> pl.DataFrame:
    return shelf("tax_equivalent").with_columns(pl.col("value").cast(pl.Float64))


def test_the_tables_of_the_tax_law_are_complete() -> None:
    table = tax_equivalents()
    assert table.filter(table["class"] == "air").height == 44
    assert table.filter(table["class"] == "water_1").height == 10
    assert table.filter(table["class"] == "water_2").height == 51
    linked = [row for row in table.to_dicts() if row["species"] and row["unit"] == "kg"]
    for row in linked:
        assert species.get(row["species"]).equivalent_kg == row["value"], row["id"]
    rates = {row["id"]: row for row in shelf("tax_rate").to_dicts()}
    assert rates["solid.hazardous_waste"]["minimum"] == "1000"
    assert rates["noise.16+"]["maximum"] == "11200"


# environmental protection tax law (2018), annex 2, class air: every pollutant's equivalent [kg]
AIR = """
SO2 0.95
NOx 0.95
CO 16.7
Cl2 0.34
HCl 10.75
氟化物 0.87
HCN 0.005
硫酸雾 0.6
铬酸雾 0.0007
Hg 0.0001
一般性粉尘 4.0
石棉尘 0.53
玻璃棉尘 2.13
炭黑尘 0.59
Pb 0.02
Cd 0.03
Be 0.0004
Ni 0.13
Sn 0.27
烟尘 2.18
苯 0.05
甲苯 0.18
二甲苯 0.27
BaP 2e-06
甲醛 0.09
乙醛 0.45
丙烯醛 0.06
甲醇 0.67
酚类 0.35
沥青烟 0.19
苯胺类 0.21
氯苯类 0.72
硝基苯 0.17
丙烯腈 0.22
氯乙烯 0.55
光气 0.04
H2S 0.29
NH3 9.09
三甲胺 0.32
甲硫醇 0.04
甲硫醚 0.28
二甲二硫 0.28
苯乙烯 25.0
CS2 20.0
"""


def test_the_air_table_against_the_printed_one() -> None:
    printed = sorted(float(line.split()[1]) for line in AIR.strip().splitlines())
    table = tax_equivalents()
    assert sorted(table.filter(table["class"] == "air")["value"]) == printed


def test_groups() -> None:
    assert len(species.members("HFC")) == 19
    assert "SF6" in species.members("F-gas")
    assert set(species.members("ODS")) == {
        s.species for s in species.catalogue().values() if s.medium == "ods"
    }
    assert "GHG" in species.groups()
    with pytest.raises(KeyError, match="no species group"):
        species.members("noble gases")


def test_molar_mass_and_odp() -> None:
    assert species.get("CO2").molar_mass == pytest.approx(44.009, abs=1e-3)
    assert species.get("SF6").molar_mass == pytest.approx(146.05, abs=0.01)
    assert species.get("NMVOC").molar_mass is None
    assert species.get("HCFC-22").odp == 0.055
    assert species.get("HCFC-225ca").odp is None


def test_media_and_aliases() -> None:
    assert dict(species.media().iter_rows())["CO2"] == "ghg"
    assert identify("species", "ＶＯＣs") == "NMVOC"
    assert identify("species", "PM25-PRI") == "PM2.5"
    assert species.get("CH4_fossil").fossil is True
    assert species.get("SO2").fossil is None


def test_what_is_shown_first_is_a_species_or_a_sum_of_species() -> None:
    sums = {"CO2e", "AP_equivalent", "WP_equivalent"}
    assert len(set(species.headline())) == len(species.headline())
    assert set(species.headline()) <= {*species.catalogue(), *sums}
    assert species.headline()[:4] == ("CO2e", "CO2", "SO2", "NOx")


def test_pollutants_set_against_carbon_are_ranked_once_and_are_no_greenhouse_gases() -> None:
    chosen = species.against_carbon()
    assert chosen[:5] == ("SO2", "NOx", "NMVOC", "NH3", "PM2.5")
    assert {"COD", "NH3-N", "TN", "TP"} <= set(chosen)
    assert {species.get(s).medium for s in chosen} == {"air", "water"}
    ranks = [rank for rank in shelf("headline")["against_carbon"] if rank]
    assert sorted(map(int, ranks)) == list(range(1, len(ranks) + 1))

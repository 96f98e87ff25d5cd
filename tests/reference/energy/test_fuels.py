from __future__ import annotations

import pytest

from tongyuan.ledger.table import table
from tongyuan.reference import record, units
from tongyuan.reference.energy import fuels
from tongyuan.reference.shelf import shelf


def carbon_per_unit(product: str) -> tuple[float, str]:
    """Return CO2 [t] per unit of a fuel of set C: its factor [kg/TJ] times its heating value."""
    value, unit = fuels.heating_value(product, "C")
    return fuels.carbon_factor(product, "C") * 0.001 * value, unit


@pytest.mark.parametrize(
    ("product", "value"),
    [("diesel", 3.0959), ("bituminous", 1.7418), ("lignite", 1.1729), ("coke", 2.8604)],
)
def test_published_tonnes_of_co2_per_tonne(product: str, value: float) -> None:
    found, unit = carbon_per_unit(product)
    assert unit == "t"
    assert found == pytest.approx(value, abs=1e-4)


def test_published_tonnes_of_co2_per_10000_m3() -> None:
    found, unit = carbon_per_unit("natural_gas")
    assert unit == "m3"
    assert found * 1e4 == pytest.approx(21.6219, abs=1e-4)


def test_anthracite_as_raw_material_of_the_non_ferrous_guide() -> None:
    fuel = fuels.get("anthracite", "A")
    assert fuel.carbon_content is not None
    assert fuel.oxidation is not None
    assert 20.304 * fuel.carbon_content * fuel.oxidation * 44 / 12 / 1000 == pytest.approx(1.924, abs=5e-4)


def test_carbon_content_is_tonnes_per_terajoule() -> None:
    """The header trap: 26.1 means tC/TJ, so the factor is about 89 t CO2/TJ, not ten times as much."""
    assert fuels.carbon_factor("bituminous", "C") == pytest.approx(89001)
    for name in ("A", "B", "C", "ipcc_2006"):
        assert fuels.combustion_factors(name)["value"].is_between(30e3, 320e3).all()


def test_doubtful_values_are_flagged() -> None:
    assert fuels.get("lng", "B").status == "unverified"
    assert fuels.get("bituminous", "B").status == "unverified"
    assert "26.18" in fuels.get("bituminous", "B").note
    assert fuels.get("raw_coal", "C").status == "derived"


def test_coal_gas_differs_between_sets() -> None:
    assert fuels.heating_value("coke_oven_gas", "A")[0] == pytest.approx(173.854e-7)
    assert fuels.heating_value("coke_oven_gas", "C")[0] == pytest.approx(179.81e-7)


def test_balance_factors() -> None:
    value, unit = fuels.heating_value("raw_coal", "balance_2021")
    assert (value, unit) == (pytest.approx(0.714 * 29.3076e-3), "t")
    assert fuels.heating_value("natural_gas", "balance_2021")[0] == pytest.approx(1.33 * 29.3076e-6)
    assert fuels.get("petroleum_coke", "balance_2014").ncv == 1.05
    assert fuels.get("petroleum_coke", "balance_2021").ncv == 1.22
    with pytest.raises(KeyError, match="no carbon content"):
        fuels.carbon_factor("raw_coal", "balance_2021")


def test_a_fuel_that_a_set_lacks_is_an_error() -> None:
    with pytest.raises(KeyError, match="no fuel set"):
        fuels.get("diesel", "D")
    with pytest.raises(KeyError, match="has no"):
        fuels.get("hydrogen", "C")
    with pytest.raises(KeyError, match="no heating value"):
        fuels.heating_value("coal", "ncsc_v2")


def test_ipcc_carbon_contents_give_the_printed_factors() -> None:
    """Table 1.3 x 44/12 gives table 2.2 within its rounding."""
    for product, printed in (
        ("bituminous", 94600),
        ("anthracite", 98300),
        ("natural_gas", 56100),
        ("wood", 112000),
    ):
        assert fuels.carbon_factor(product, "ipcc_2006") == pytest.approx(printed, rel=2e-3)
    frame = fuels.combustion_factors("ipcc_2006")
    species = dict(zip(frame["product"], frame["species"], strict=True))
    assert {species[p] for p in ("wood", "straw", "landfill_gas", "municipal_waste_biogenic")} == {
        "CO2_biogenic"
    }
    assert {species[p] for p in ("coke", "municipal_waste_fossil", "waste_oil")} == {"CO2"}
    assert set(frame["region"]) == {"global"}


def test_biomass_of_set_c_has_heating_values_only() -> None:
    assert fuels.heating_value("wood", "C")[0] == pytest.approx(16.726e-3)
    assert fuels.heating_value("biogas", "C")[1] == "m3"
    with pytest.raises(KeyError, match="no carbon content"):
        fuels.carbon_factor("wood", "C")


@pytest.mark.parametrize("name", ["A", "B", "C", "ncsc_v2", "ipcc_2006"])
def test_combustion_factors_are_records(name: str) -> None:
    frame = fuels.combustion_factors(name)
    assert frame.columns == [column.name for column in table("factor").columns]
    assert frame.height > 0
    assert frame["record_id"].is_unique().all()
    assert set(frame["unit"]) == {"kg/TJ"}
    assert (frame["source"] != "").all()


def test_record_columns_are_those_of_the_ledger() -> None:
    assert list(record.COLUMNS) == [column.name for column in table("factor").columns]


def test_every_fuel_is_a_product_with_a_readable_unit() -> None:
    products = set(shelf("product")["product"])
    for row in shelf("fuel").to_dicts():
        assert row["product"] in products
        assert not row["ncv_unit"] or units.known(row["ncv_unit"])


# net calorific value [GJ/t, GJ/10^4 m3], carbon [tC/TJ] and share oxidised [%] of every fuel as printed
PRINTED = {
    # the guides of 24 branches (2013 to 2015)
    "A": """
        无烟煤 24.515 27.49 94
        烟煤 23.204 26.18 93
        褐煤 14.449 28 96
        洗精煤 26.344 25.4 93
        其它洗煤 15.373 25.4 90
        型煤 17.46 33.6 90
        焦炭 28.446 29.4 93
        原油 42.62 20.1 98
        燃料油 40.19 21.1 98
        汽油 44.8 18.9 98
        柴油 43.33 20.2 98
        一般煤油/喷气煤油 44.75 19.6 98
        石脑油 41.031 20 98
        石油焦 31 27.5 98
        其它石油制品 40.19 20 98
        焦油 33.453 22 98
        粗苯 41.816 22.7 98
        炼厂干气 46.05 18.2 99
        LPG 47.31 17.2 99
        LNG 41.868 15.3 99
        天然气 389.31 15.3 99
        焦炉煤气 173.854 13.6 99
        高炉煤气 37.69 70.8 99
        转炉煤气 79.54 49.6 99
        密闭电石炉气 111.19 39.51 99
        其它煤气 52.34 12.2 99
    """,
    # GB/T 32151.22
    "C": """
        无烟煤 26.7 27.4 94
        烟煤 19.57 26.1 93
        褐煤 11.9 28 96
        洗精煤 26.334 25.41 90
        其他洗煤 12.545 25.41 90
        型煤 17.46 33.6 90
        其他煤制品 17.46 33.6 98
        焦炭 28.435 29.5 93
        石油焦 32.5 27.5 98
        原油 41.816 20.1 98
        燃料油 41.816 21.1 98
        汽油 43.07 18.9 98
        柴油 42.652 20.2 98
        煤油 43.07 19.6 98
        LNG 51.498 15.3 98
        LPG 50.179 17.2 98
        石脑油 44.5 20 98
        焦油 33.453 22 98
        粗苯 41.816 22.7 98
        其他石油制品 41.031 20 98
        NG 389.31 15.3 99
        BFG 33 70.8 99
        LDG 84 49.6 99
        COG 179.81 13.58 99
        炼厂干气(t) 45.998 18.2 99
        其他煤气 52.27 12.2 99
    """,
}


@pytest.mark.parametrize("name", PRINTED)
def test_sets_against_the_printed_tables(name: str) -> None:
    printed = sorted(
        (float(ncv), float(carbon), int(oxidised))
        for _, ncv, carbon, oxidised in (line.split() for line in PRINTED[name].strip().splitlines())
    )
    rows = [fuels.get(product, name) for product in fuels.products(name)]
    ours = [
        (f.ncv, f.carbon_content, round((f.oxidation or 0) * 100))
        for f in rows
        if f.status != "derived" and f.product != "jet_kerosene" and f.carbon_content is not None
    ]
    assert sorted(ours, key=str) == sorted(printed, key=str)

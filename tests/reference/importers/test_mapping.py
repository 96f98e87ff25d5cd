from __future__ import annotations

import pytest

from tongyuan.reference.importers import mapping
from tongyuan.reference.shelf import shelf


def test_codes_lead_to_processes() -> None:
    assert mapping.processes("nfr", "2.C.1") == ("industry.steel",)
    assert "industry.ammonia" in mapping.processes("ipcc_2006", "2.B.1")
    assert mapping.processes("gbt4754", "3011")[0].startswith("industry.cement")
    assert mapping.processes("nfr", "9.Z") == ()
    assert mapping.processes("gbt4754", "") == ()


def test_a_code_falls_back_to_the_code_above() -> None:
    assert mapping.processes("nfr", "2.C.1.z.i") == mapping.processes("nfr", "2.C.1")


def test_names() -> None:
    assert mapping.name("emep", "product", "Hard Coal") == ("bituminous", "")
    assert mapping.name("emep", "product", "Gasoline: two-stroke") == ("gasoline", "two-stroke")
    assert mapping.name("efdb", "species", "CARBON MONOXIDE") == ("CO", "")
    assert mapping.name("emep", "product", "Moon dust") is None
    assert mapping.name("emep", "no such shelf", "x") is None


@pytest.mark.parametrize(
    ("species", "process", "product", "origin"),
    [
        ("CH4", "waste.landfill", "", "CH4_biogenic"),
        ("CH4", "energy.power", "coal", "CH4_fossil"),
        ("CH4", "agriculture.combustion", "diesel", "CH4_fossil"),
        ("CO2", "energy.power", "wood", "CO2_biogenic"),
        ("CO2", "waste.incineration", "", "CO2"),
        ("SO2", "energy.power", "wood", "SO2"),
    ],
)
def test_origin(species: str, process: str, product: str, origin: str) -> None:
    assert mapping.by_origin(species, process, product) == origin


def test_the_names_of_files_lead_to_ids_that_exist() -> None:
    shelves = {
        field: set(shelf(field)[shelf(field).columns[0]])
        for field in ("product", "process", "species", "factor_region")
    }
    for row in shelf("import_name").to_dicts():
        if row["field"] == "sector":
            assert row["id"] in shelves["process"], row
            assert row["extra"].split("|")[0] in shelves["product"] | {""}
        elif row["text"] not in ("METHANE",):
            assert row["id"] in shelves[row["field"]] | {"CH4"}, row


def test_blank() -> None:
    assert [mapping.blank(t) for t in ("NA", "Na", " ", None, "coal")] == ["", "", "", "", "coal"]


def test_unknown_names_are_counted() -> None:
    unknown = mapping.Unknown()
    for _ in range(3):
        unknown.name("Fuel", "Moon dust")
    unknown.species("H2O")
    assert [(i.check, i.values["count"]) for i in unknown.issues()] == [
        ("name_unknown", 3),
        ("species_unknown", 1),
    ]

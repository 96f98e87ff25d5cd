import polars as pl
import pytest

from tongyuan.inventory.exchange.line import FORMS, category, columns, memo, names, placed
from tongyuan.ledger.table import conform
from tongyuan.reference.shelf import shelf

ROWS = [
    ("energy.power", "raw_coal", "combustion", "CO2", 1e6, "direct"),
    ("industry.cement.clinker", "clinker", "process", "CO2", 5e5, "direct"),
    ("industry.cement.clinker", "raw_coal", "combustion", "CO2", 3e5, "direct"),
    ("transport.road", "diesel", "combustion", "NOx", 2e3, "direct"),
    ("waste.wastewater.domestic", "sewage", "process", "COD", 70.0, "direct"),
    ("energy.purchased_electricity", "electricity", "energy_use", "CO2", 9e4, "indirect"),
    ("energy.solar", "", "process", "CO2", -5.0, "avoided"),
]


def emission(*rows):
    frame = pl.DataFrame(
        rows, schema=["process", "product", "origin", "species", "value", "scope"], orient="row"
    ).with_columns(region=pl.lit("370000"), year=pl.lit(2021), unit=pl.lit("t"), method=pl.lit("x"))
    return conform("emission", frame)


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        (("energy.power", "raw_coal", "combustion"),
         ("Energy|Supply|Electricity", "1.A.1.a", "1A1a", "I.4.4")),
        (("industry.cement.clinker", "", "combustion"),
         ("Energy|Demand|Industry", "1.A.2.f", "1A2f", "I.3.1")),
        (("industry.cement.clinker", "", "process"), ("Industrial Processes", "2.A.1", "2A1", "IV.1")),
        (("industry.steel.bof", "", "combustion"), ("Energy|Demand|Industry", "1.A.2.a", "1A2a", "I.3.1")),
        (("energy.coking", "", "fugitive"), ("Energy|Supply|Other", "1.B.1.b", "1B1b", "I.7.1")),
        (("building.residential.rural", "raw_coal", "combustion"),
         ("Energy|Demand|Residential and Commercial", "1.A.4.b", "1A4bi", "I.1.1")),
        (("agriculture.manure.housing", "pig", "agriculture"),
         ("AFOLU|Agriculture|Livestock|Manure Management", "3.B", "3B3", "V.1")),
        (("waste.landfill", "", "waste"), ("Waste", "5.A", "5A", "III.1.1")),
        (("transport.ship.ocean", "", "combustion"),
         ("Energy|Demand|Transportation", "M.Memo.Int", "1A3di(i)", "II.3.1")),
        (("energy.purchased_electricity", "", "energy_use"), ("", "", "", "")),
    ],
)  # fmt: skip
def test_a_source_stands_where_the_form_wants_it(source, codes):
    assert tuple(category(form, *source) for form in FORMS) == codes


def test_every_category_of_the_shelf_is_one_of_the_form_and_every_process_is_one_of_the_tree():
    lines = shelf("exchange_line")
    for form in FORMS:
        assert set(lines[form]) - {""} <= set(names(form))
        assert memo(form) <= set(names(form))
    assert set(lines["process"]) <= set(shelf("process")["process"])
    assert set(lines["product"]) - {""} <= set(shelf("product")["product"])
    assert not lines.select("process", "product", "origin").is_duplicated().any()
    known = set(shelf("species")["species"]) | {"CO2e", "HFCs", "PFCs"}
    for form in FORMS:
        assert set(columns(form)["species"]) <= known
        assert not columns(form)["species"].is_duplicated().any()


@pytest.mark.parametrize("form", FORMS)
def test_what_is_placed_and_what_is_left_is_all_there_is(form):
    made, left = placed(emission(*ROWS), form)
    kilo = {"kt": 1e-3, "t": 1.0, "Mt CO2/yr": 1e-6}
    co2 = made.filter(pl.col("column") == "CO2")
    if form != "nfr":
        told = sum(v / kilo[label] for v, label in co2.select("value", "label").iter_rows())
        assert told == pytest.approx(1.8e6)
    reasons = {(r["process"], r["species"]): r["reason"] for r in left.to_dicts()}
    assert reasons["waste.wastewater.domestic", "COD"] == "species"
    assert reasons["energy.purchased_electricity", "CO2"] == "scope"
    assert ("energy.solar", "CO2") not in reasons


def test_a_category_that_is_no_leaf_is_told_not_guessed():
    _, left = placed(emission(*ROWS), "nfr")
    assert ("transport.road", "category") in left.select("process", "reason").rows()

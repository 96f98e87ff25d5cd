"""The report line by line, and the fields of the tables of allocation."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.carbon.form import carbon_lines

Make = Callable[..., pl.DataFrame]


def tables(make: Make) -> dict[str, pl.DataFrame]:
    own = {"region": "370100"}
    return {
        "facility": make(
            "facility", {"facility": "P", "kind": "power", **own}, {"facility": "S", "kind": "steel", **own},
            {"facility": "C", "kind": "cement", **own},
        ),
        "installation": make(
            "installation",
            {"facility": "P", "installation": "1号机组", "kind": "power_unit", "capacity": 300.0,
             "capacity_unit": "MW"},
            {"facility": "S", "installation": "烧结", "kind": "sinter"},
            {"facility": "S", "installation": "炼铁", "kind": "blast_furnace"},
            {"facility": "C", "installation": "1号窑", "kind": "kiln_line"},
        ),
        "fuel_use": make(
            "fuel_use",
            {"facility": "P", "installation": "1号机组", "product": "bituminous", "value": 60_000.0,
             "unit": "t", "carbon": 55.214},
            {"facility": "S", "installation": "烧结", "product": "coke", "value": 1000.0, "unit": "t"},
            {"facility": "S", "installation": "炼铁", "product": "coke", "value": 9000.0, "unit": "t"},
            {"facility": "C", "installation": "1号窑", "product": "bituminous", "value": 100.0,
             "unit": "t", "ncv": 23.0},
        ),
        "output": make(
            "output",
            {"facility": "P", "installation": "1号机组", "product": "electricity", "value": 15.0,
             "unit": "GWh", "hours": 720.0, "load": 75.0},
            {"facility": "P", "installation": "1号机组", "product": "heat", "value": 5000.0, "unit": "GJ"},
            {"facility": "S", "installation": "炼铁", "product": "pig_iron", "value": 20_000.0, "unit": "t"},
            {"facility": "C", "installation": "1号窑", "product": "clinker", "value": 1000.0, "unit": "t"},
        ),
    }  # fmt: skip


def test_fuel_of_a_power_unit_stands_in_form_c3_with_the_decimals_of_the_guide(make: Make) -> None:
    given = tables(make)
    made = carbon(given)
    lines = carbon_lines(made.fuel, made.lines, made.outputs, made.figures).filter(facility="P")
    text = {(row["form"], row["line"]): row["printed"] for row in lines.to_dicts()}
    assert text["C.3", "A"] == "60000.00"
    assert text["C.3", "B"] == "0.5521"
    assert text["C.3", "E"] == "99"
    assert text["C.3", "F"] == f"{60_000 * 0.55214 * 0.99 * 44 / 12:.2f}"
    assert text["C.4", "Q"] == text["C.3", "F"]
    assert text["C.4", "M"] == "15.000"
    assert text["C.4", "O"] == "720.00"
    assert ("C.3", "C") not in text
    assert set(lines.filter(form="C.3")["item"]) == {"bituminous"}
    origin = {row["line"]: row["origin"] for row in lines.filter(form="C.3").to_dicts()}
    assert origin == {"A": "measured", "B": "measured_carbon", "E": "guide_default", "F": "computed"}
    steel = carbon_lines(made.fuel, made.lines, made.outputs, made.figures).filter(facility="S")
    assert "E" not in steel["line"].to_list()


def test_nothing_accounted_has_no_lines(make: Make) -> None:
    made = carbon({"facility": make("facility", {"kind": "power", "region": "370100"})})
    assert carbon_lines(made.fuel, made.lines, made.outputs, made.figures).is_empty()


def evaluated(formula: str, lines: dict[str, float]) -> float:
    """Return what the right-hand side of a formula of a form is, with the values of its lines."""
    text = formula.split("=")[1]
    for sign, plain in (("×", "*"), ("÷", "/"), ("−", "-")):
        text = text.replace(sign, plain)
    return float(eval(text, {"__builtins__": {}}, lines))


def test_every_formula_yields_its_line_from_the_others_to_the_last_digit(make: Make) -> None:
    """Fuel by tested carbon, heat, given out, half biogenic; materials both ways; clinker; cells; power."""
    given = tables(make)
    extra = {"facility": "A", "kind": "aluminium", "region": "370100", "name": "A"}
    given["facility"] = pl.concat([given["facility"], make("facility", extra)])
    cells = [{"facility": "A", "installation": n, "kind": "cell_series"} for n in "12"]
    given["installation"] = pl.concat([given["installation"], make("installation", *cells)])
    given["cell_series"] = make(
        "cell_series", {"facility": "A", "installation": "1", "liquid": 1000.0},
        {"facility": "A", "installation": "2", "liquid": 500.0, "anode_net": 400.0, "cf4": 0.03},
    )  # fmt: skip
    given["material_use"] = make(
        "material_use",
        {"facility": "S", "installation": "炼铁", "material": "limestone", "direction": "in", "value": 10.0},
        {"facility": "S", "installation": "炼铁", "material": "coal_tar", "direction": "out", "value": 3.0},
        {
            "facility": "C",
            "installation": "1号窑",
            "material": "carbide_slag",
            "direction": "in",
            "value": 7.0,
        },
    )
    given["fuel_use"] = pl.concat([
        given["fuel_use"],
        make("fuel_use", {"facility": "S", "installation": "炼铁", "product": "blast_furnace_gas",
                          "state": "given_out", "value": 5.0, "unit": "10^4 m3"},
             {"facility": "C", "installation": "1号窑", "product": "industrial_waste", "value": 2.0,
              "unit": "t", "biomass_share": 0.5}),
        make("fuel_use", {"facility": "P", "installation": "1号机组", "product": "anthracite", "value": 9.0,
                          "unit": "t", "carbon": 60.0, "biomass_share": 0.5}),
    ])  # fmt: skip
    given["energy_trade"] = make(
        "energy_trade",
        {"facility": "P", "month": "2025-03", "kind": "power_buy", "value": 30.0, "unit": "MWh"},
    )
    given = {
        n: f.with_columns(month=pl.lit("2025-03")) if "month" in f.columns else f for n, f in given.items()
    }
    made = carbon(given)
    rows = carbon_lines(made.fuel, made.lines, made.outputs, made.figures)
    seen = 0
    for _, part in rows.filter(pl.col("form") != "C.4").group_by("facility", "installation", "form", "item"):
        lines = dict(part.select("line", "value").iter_rows())
        for row in part.filter(pl.col("line") == "F", ~pl.col("formula").str.contains("CCW|Q")).to_dicts():
            assert evaluated(row["formula"], {"H": 0.0, **lines}) == pytest.approx(row["value"], rel=1e-12)
            seen += 1
    assert seen >= 15
    for (facility, installation), part in rows.group_by("facility", "installation"):
        total = part.filter(pl.col("line") == "Q")["value"].sum()
        carbon_only = part.filter(
            pl.col("line") == "F", ~pl.col("item").is_in(["CF4", "C2F6"]), pl.col("form") != "power"
        )
        assert carbon_only["value"].sum() == pytest.approx(total, rel=1e-12), (facility, installation)


def test_the_lines_are_the_account(make: Make) -> None:
    given = tables(make)
    made = carbon(given)
    rows = carbon_lines(made.fuel, made.lines, made.outputs, made.figures)
    direct = made.lines.filter("counted", pl.col("scope") == "direct", pl.col("species") == "CO2")
    assert rows.filter(pl.col("line") == "Q")["value"].sum() == pytest.approx(
        direct["emission"].sum(), rel=1e-12
    )
    letters = rows.filter(pl.col("facility") == "C", pl.col("form") == "product")["line"].to_list()
    assert letters == ["A", "G", "F", "P"]

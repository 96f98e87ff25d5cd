from __future__ import annotations

import random

import polars as pl
import pytest

from tongyuan.pathway.case.case import Settings, draft
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.problem.coefficient import emissions


@pytest.fixture
def case():
    tables = {
        "node": {"node": ["a", "b"]},
        "period": {"year": [2025, 2030]},
        "flow": {"flow": ["good"], "unit": ["t"]},
        "technology_option": {"technology": ["k"], "unit": ["t"]},
        "control_option": {"technology": ["k", "k"], "control": ["own", "removal"]},
        "control_removal": {
            "control": ["removal", "removal"], "technology": ["", "k"], "species": ["SO2", "SO2"],
            "efficiency": [0.5, 0.9],
        },
        "emission_coefficient": {
            "technology": ["k"] * 5,
            "control": ["", "", "", "own", ""],
            "species": ["SO2", "SO2", "SO2", "SO2", "CO2"],
            "node": ["", "a", "a", "", ""],
            "year": [None, None, 2030, None, None],
            "value": [10.0, 20.0, 30.0, 1.0, 5.0],
            "unit": ["t/t"] * 5,
        },
    }  # fmt: skip
    return draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))


@pytest.mark.parametrize(
    ("node", "control", "year", "species", "expected"),
    [
        ("b", "", 2025, "SO2", 10.0),
        ("a", "", 2025, "SO2", 20.0),
        ("a", "", 2030, "SO2", 30.0),
        ("a", "own", 2030, "SO2", 1.0),  # a coefficient of the control option goes first
        (
            "b",
            "removal",
            2025,
            "SO2",
            1.0,
        ),  # the removal given for the technology goes before the general one
        ("a", "removal", 2030, "SO2", 3.0),
        ("a", "own", 2030, "CO2", 5.0),  # a device for which no removal is given leaves the species as it is
        ("a", "removal", 2030, "CO2", 5.0),
    ],
)
def test_the_most_specific_coefficient_acts(case, node, control, year, species, expected):
    activity = pl.DataFrame(
        {"node": [node], "technology": ["k"], "control": [control], "year": [year], "value": [2.0]}
    )
    rows = emissions(case, codes(case), activity)
    assert rows.filter(pl.col("species") == species)["value"].item() == pytest.approx(2.0 * expected)
    assert rows.height == 2


SPECIES, TECHNOLOGIES, DEVICES = ("SO2", "NOx", "NH3"), ("k", "m", "z"), ("d", "e")


@pytest.mark.parametrize("seed", range(30))
def test_every_activity_has_what_a_walk_through_its_rows_gives(seed):
    """A device's own coefficient, else the technology's less what is removed; each is given at random."""
    draw = random.Random(seed)
    plain = {(k, s): draw.uniform(1, 9) for k in TECHNOLOGIES for s in SPECIES if draw.random() < 0.6}
    fitted = [(k, d) for k in TECHNOLOGIES[:2] for d in DEVICES]  # the last stands alone
    own = {(*f, s): draw.uniform(1, 9) for f in fitted for s in SPECIES if draw.random() < 0.4}
    removed = {(d, s): draw.random() for d in DEVICES for s in SPECIES if draw.random() < 0.5}
    rows = [(k, "", s, v) for (k, s), v in plain.items()] + [(*key, v) for key, v in own.items()]
    tables = {
        "node": pl.DataFrame({"node": ["a"]}),
        "period": pl.DataFrame({"year": [2025]}),
        "flow": pl.DataFrame({"flow": ["good"], "unit": ["t"]}),
        "technology_option": pl.DataFrame({"technology": TECHNOLOGIES, "unit": ["t"] * 3}),
        "control_option": pl.DataFrame(fitted, schema=["technology", "control"], orient="row"),
        "control_removal": pl.DataFrame(
            [(*key, v) for key, v in removed.items()],
            schema={"control": pl.String, "species": pl.String, "efficiency": pl.Float64}, orient="row",
        ),
        "emission_coefficient": pl.DataFrame(
            rows, schema=["technology", "control", "species", "value"], orient="row"
        ).with_columns(unit=pl.lit("t/t")),
    }  # fmt: skip
    case = draft(tables, Settings(discount_rate=0.0))
    places = [*((k, "") for k in TECHNOLOGIES), *fitted]
    activity = pl.DataFrame(places, schema=["technology", "control"], orient="row").select(
        pl.lit("a").alias("node"), "technology", "control", pl.lit(2025).alias("year"), value=pl.lit(1.0)
    )
    made = emissions(case, codes(case), activity).select("technology", "control", "species", "value")
    expected = {
        (k, d, s): own.get(
            (k, d, s), plain.get((k, s), 0.0) * (1.0 - (removed.get((d, s), 0.0) if d else 0.0))
        )
        for k, d in places
        for s in SPECIES
        if (k, s) in plain or (k, d, s) in own
    }
    assert {row[:3]: row[3] for row in made.iter_rows()} == pytest.approx(expected)
    assert made.height == len(expected)


def test_a_species_that_another_node_alone_gives_hides_none_of_this_node():
    """Node a emits NOx and SO2, node b SO2; the device has a coefficient of its own for NOx, at both."""
    tables = {
        "node": {"node": ["a", "b"]},
        "period": {"year": [2025]},
        "flow": {"flow": ["good"], "unit": ["t"]},
        "technology_option": {"technology": ["k"], "unit": ["t"]},
        "control_option": {"technology": ["k"], "control": ["own"]},
        "emission_coefficient": {
            "technology": ["k"] * 3,
            "control": ["", "", "own"],
            "species": ["SO2", "NOx", "NOx"],
            "node": ["", "a", ""],
            "value": [10.0, 4.0, 1.0],
            "unit": ["t/t"] * 3,
        },
    }  # fmt: skip
    case = draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))
    activity = pl.DataFrame(
        {
            "node": ["a", "b"],
            "technology": ["k"] * 2,
            "control": ["own"] * 2,
            "year": [2025] * 2,
            "value": [1.0] * 2,
        }
    )
    rows = emissions(case, codes(case), activity)
    assert {(r["node"], r["species"]): r["value"] for r in rows.iter_rows(named=True)} == {
        ("a", "SO2"): 10.0,
        ("a", "NOx"): 1.0,
        ("b", "SO2"): 10.0,
        ("b", "NOx"): 1.0,
    }

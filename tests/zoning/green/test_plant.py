"""Which trees where."""

import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows
from tongyuan.zoning.green.plant import greening, values

SPECIES = from_rows(
    "greening_species",
    [
        {"species": "poplar", "native": True, "carbon": 12.0, "deposition": 20.0, "leaf_mass": 4000.0,
         "isoprene": 70.0, "monoterpene": 0.1, "pollen": 2.0},
        {"species": "ginkgo", "native": True, "carbon": 7.0, "deposition": 30.0, "leaf_mass": 4500.0,
         "isoprene": 0.0, "monoterpene": 2.0, "pollen": 1.0},
        {"species": "plane", "native": False, "carbon": 10.0, "deposition": 60.0, "leaf_mass": 5000.0,
         "isoprene": 35.0, "monoterpene": 0.1, "pollen": 3.0},
    ],
)  # fmt: skip
SITE = {"site": "G", "area": 10.0, "most_share": 0.6, "native_share": 0.5, "pollen_most": None}


def plan(site=SITE, **more):
    made = greening(site, SPECIES, **more)
    return {(r["weight"], r["species"]): r["area"] for r in made.iter_rows(named=True)}


def test_ozone_of_a_hectare_of_poplars():
    """4 t of leaves × 70 µg/g/h × 1000 h = 0.28 t of isoprene; × 10.61; and 0.4 kg of terpenes × 4.04."""
    assert values(SPECIES)[2][0] == pytest.approx(0.28 * 10.61 + 0.0004 * 4.04)


def test_without_ozone_poplars_and_with_it_ginkgo_and_planes():
    found = plan(weights=(0.0, 10.0))
    assert found[0.0, "poplar"] == pytest.approx(6)
    assert found[0.0, "plane"] == pytest.approx(4)
    assert found[10.0, "ginkgo"] == pytest.approx(6)
    assert found[10.0, "plane"] == pytest.approx(4)


def test_the_front_falls_in_ozone_as_its_weight_grows():
    made = greening(SITE, SPECIES, (0.0, 0.5, 1.0, 2.0, 5.0, 20.0))
    sums = made.group_by("weight").agg(pl.col("ozone", "carbon", "area").sum()).sort("weight")
    assert sums["area"].to_list() == pytest.approx([10.0] * 6)
    assert (sums["ozone"].diff().drop_nulls() <= 1e-9).all()
    assert (sums["carbon"].diff().drop_nulls() <= 1e-9).all()


def test_natives_and_pollen_bind():
    assert plan(SITE | {"native_share": 0.9}, weights=(0.0,))[0.0, "plane"] == pytest.approx(1)
    low = plan(SITE | {"pollen_most": 1.4}, weights=(0.0,))
    assert low[0.0, "ginkgo"] == pytest.approx(6)
    assert low[0.0, "poplar"] == pytest.approx(4)


@pytest.mark.parametrize("bound", [{"most_share": 0.3}, {"pollen_most": 0.5}])
def test_bounds_that_leave_no_choice_are_told(bound):
    with pytest.raises(FindingError) as told:
        greening(SITE | bound, SPECIES)
    assert [f.check for f in told.value.findings] == ["greening_no_choice"]


def test_no_species_is_told():
    with pytest.raises(FindingError) as told:
        greening(SITE, SPECIES[:0])
    assert [f.check for f in told.value.findings] == ["no_species"]

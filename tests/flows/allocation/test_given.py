"""What is given for allocation, and every way it can be wrong."""

import polars as pl
import pytest
from tests.flows.allocation.worlds import TABLES, WHO, profile, world

from tongyuan.flows.allocation.given import (
    clock_of,
    given,
    grid_of,
    height_shares,
    layers_of,
    named,
    profiles,
    species_shares,
    time_factors,
)
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import from_rows

GRID = TABLES["model_grid"][0]
CONE = {"projection": "lambert", "latitude_1": 25, "latitude_2": 40, "longitude_0": 110, "latitude_0": 34}


@pytest.mark.parametrize(
    ("grids", "setting", "check"),
    [
        ([], "", "grid_absent"),
        ([GRID, GRID | {"grid": "h"}], "", "grid_which"),
        ([GRID], "x", "grid_unknown"),
        ([GRID | {"x_step": 0.0}], "", "grid_step"),
        ([GRID | {"y_origin": 500_000}], "", "grid_degrees"),
        ([GRID | {"columns": 721}], "", "grid_degrees"),
        ([GRID | CONE | {"latitude_0": None}], "", "grid_cone"),
        ([GRID | CONE | {"latitude_1": -40}], "", "grid_cone"),
    ],
)
def test_grids_that_cannot_be(grids: list[dict[str, object]], setting: str, check: str) -> None:
    with pytest.raises(FindingError) as told:
        grid_of(world({"grid": setting}, model_grid=grids))
    assert [f.check for f in told.value.findings] == [check]


def test_the_grid_that_is_named() -> None:
    made = grid_of(world({"grid": "h"}, model_grid=[GRID, GRID | CONE | {"grid": "h", "radius": 6.371e6}]))
    assert (made.name, made.projection, made.latitude_2, made.radius) == ("h", "lambert", 40, 6.371e6)
    assert grid_of(world()).radius == 6_370_000


def test_zones_and_layers() -> None:
    for zone in ("Asia/Atlantis", "Asia/Kolkata", "/etc/passwd"):
        with pytest.raises(FindingError, match="no time zone"):
            clock_of(world({"timezone": zone}), 2021)
    assert clock_of(world({"timezone": "UTC"}), 2020).size == 8784
    assert layers_of(world({"layers": [50, 200]})).tolist() == [50, 200]
    for wrong in ([200, 50], [0, 50], [50, 50]):
        with pytest.raises(FindingError, match="do not rise"):
            layers_of(world({"layers": wrong}))


def test_own_profiles_go_before_those_shipped_and_unverified_ones_are_off() -> None:
    own = world(profile_time=profile("tno_a", month=[1.0] * 12))
    told: list = []
    assert profiles(own, "profile_time", ["tno_a"], told).height == 12
    assert not told
    assert profiles(own, "profile_time", ["tno_b"], told).height == 12 + 7 + 24
    assert [f.check for f in told] == ["profile_default"]
    with pytest.raises(FindingError, match="does not exist"):
        profiles(own, "profile_height", ["tno_a"], told)
    with pytest.raises(FindingError, match="not verified"):
        profiles(own, "profile_species", ["voc_radm2"], told)
    asked = world({"include_unverified": True})
    assert profiles(asked, "profile_species", ["voc_radm2"], told)["share"].sum() == pytest.approx(0.8281)


@pytest.mark.parametrize(
    ("sets", "check"),
    [
        ({"month": [1.0] * 11}, "profile_set"),
        ({"month": [2.0] * 12}, "profile_sum"),
        ({"weekday": [3.0, -2, 1, 1, 1, 1, 2]}, "profile_negative"),
        ({"month": [1.0] * 12, "heating_base": [18.0]}, "profile_heating"),
        ({"holiday": [-1.0]}, "profile_negative"),
    ],
)
def test_factors_that_cannot_be(sets: dict[str, list[float]], check: str) -> None:
    with pytest.raises(FindingError) as told:
        time_factors(from_rows("profile_time", profile("p", **sets)))
    assert [f.check for f in told.value.findings] == [check]


def test_factors_that_sum_to_one_are_as_good_as_those_that_average_one() -> None:
    one = time_factors(from_rows("profile_time", profile("p", month=[1 / 12] * 12, heating_constant=[0.2])))
    assert one["p"]["month"].tolist() == pytest.approx([1.0] * 12)
    assert one["p"]["heating_constant"].tolist() == [0.2]


def test_shipped_profiles_are_whole() -> None:
    asked = world({"include_unverified": True})
    tno = [
        f"tno_{c}" for c in ("a", "b", "c", "d", "e", "f1", "f2", "f3", "f4", "g", "h", "i", "j", "k", "l")
    ]
    assert set(time_factors(profiles(asked, "profile_time", tno, []))) == set(tno)
    gnfr = [f"gnfr_{c}" for c in "abcdefghijkl"]
    shares = height_shares(profiles(asked, "profile_height", gnfr, []))
    assert shares["gnfr_a"][1].tolist() == pytest.approx([0, 0, 0.0025, 0.51, 0.453, 0.0325, 0.002])


def test_shares_of_height_sum_to_one() -> None:
    rows = [{"profile": "p", "top": t, "share": s, "source": WHO} for t, s in ((300, 0.7), (100, 0.2))]
    with pytest.raises(FindingError, match=r"0\.9"):
        height_shares(from_rows("profile_height", rows))


def split(*shares: float) -> pl.DataFrame:
    names = ["NO", "NO2", "HONO"]
    rows = [
        {"profile": "n", "species": "NOx", "model_species": m, "share": s}
        for m, s in zip(names, shares, strict=False)
    ]
    return from_rows("profile_species", rows)


def test_what_a_profile_leaves_out_is_a_row_of_its_own() -> None:
    told: list = []
    made = species_shares(split(0.7, 0.1), told)
    assert made.filter(pl.col("model_species") == "")["share"].to_list() == pytest.approx([0.2])
    assert [f.check for f in told] == ["species_rest"]
    assert "80.00%" in told[0].message("en")
    assert species_shares(split(0.9, 0.1), told)["model_species"].to_list() == ["NO", "NO2"]
    with pytest.raises(FindingError, match=r"1\.1"):
        species_shares(split(0.9, 0.2), told)


def test_small_things() -> None:
    assert given(world(), "calendar_day").is_empty()
    assert named("abcdefg").en == "a, b, c, d, e …"

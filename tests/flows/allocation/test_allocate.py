"""Rules, features and profiles of an inventory: worked by hand, conserved, and refused with a reason."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.flows.allocation.worlds import NONE, SMALL, TABLES, WHO, emissions, profile, temperatures, world

from tongyuan.flows.allocation.allocate import allocate, regions_within
from tongyuan.flows.allocation.tables import balance
from tongyuan.ledger.finding import FindingError

RULES = TABLES["allocation_rule"]
PROXIES = TABLES["proxy"]


def checks(**tables: object) -> list[str]:
    with pytest.raises(FindingError) as told:
        allocate(world(None, **tables), SMALL)
    return [f.check for f in told.value.findings]


def test_the_finest_rule_acts_and_places_are_shared() -> None:
    made = allocate(world(), SMALL)
    chosen = dict(zip(made.group["process"], made.group["proxy"], strict=True))
    assert chosen == {"energy.power": "plants", "transport.road": "road", "industry.cement.clinker": "works"}
    assert made.weights.toarray()[0].tolist() == [0.75, 0, 0, 0.25]
    assert [f.check for f in made.findings] == ["left_outside"]
    assert "road, 25.00%" in made.findings[0].message("en")


def test_a_rule_of_a_species_goes_before_one_of_all_and_a_finer_process_before_both() -> None:
    rules = [
        {"species": "NOx", "proxy": "road", "source": WHO},
        {"process": "energy", "proxy": "works", "source": WHO},
        {"process": "energy", "species": "NOx", "proxy": "plants", "source": WHO},
        {"proxy": "plants", "source": WHO},
    ]
    made = allocate(world(allocation_rule=rules), SMALL).group
    chosen = {(p, s): x for p, s, x in made.select("process", "species", "proxy").iter_rows()}
    assert chosen == {
        ("energy.power", "SO2"): "works",
        ("energy.power", "NOx"): "plants",
        ("transport.road", "NOx"): "road",
        ("industry.cement.clinker", "SO2"): "plants",
    }


def test_regions_take_their_own_features_those_below_them_or_those_of_all() -> None:
    assert regions_within("370100", "370000")
    assert regions_within("某园区", "某园区")
    assert not regions_within("370000", "370100")
    rules = [{"proxy": "works", "source": WHO}]
    made = allocate(world(allocation_rule=rules), SMALL)
    assert made.group["reason"].null_count() == 4  # the works of a city stand for its province too
    south = emissions(("440000", "energy.power", "SO2", 7.0), ("110000", "energy.power", "SO2", 1.0))
    lost = allocate(world(allocation_rule=rules), south)
    assert lost.group["reason"].to_list() == ["no_feature", "no_feature"]
    assert "Guangdong" in lost.findings[0].message("en")
    anyone = allocate(world(allocation_rule=[{"proxy": "road", "source": WHO}]), south)
    assert anyone.group["place"].null_count() == 0


def test_what_has_no_rule_is_told_not_lost() -> None:
    made = allocate(world(allocation_rule=RULES[:1]), SMALL)
    told = balance(made)
    assert told["left"].sum() == 88
    assert set(told["reason"].drop_nulls()) == {"no_rule"}
    assert [f.check for f in made.findings] == ["left_no_rule"]
    assert "Cement clinker" in made.findings[0].message("en")


@pytest.mark.parametrize(
    ("tables", "check"),
    [
        ({"model_grid": []}, "grid_absent"),
        ({"allocation_rule": []}, "no_rules"),
        ({"proxy": PROXIES[:2]}, "proxy_unknown"),
        ({"proxy": [*PROXIES, {"proxy": "road", "longitude": 117.0}]}, "feature_place"),
        ({"proxy": [*PROXIES, {"proxy": "road"}]}, "feature_place"),
        ({"proxy": [*PROXIES, PROXIES[2] | {"longitude": 117.0, "latitude": 36.0}]}, "feature_place"),
        ({"proxy": [*PROXIES, PROXIES[0] | {"width": 1.0}]}, "feature_place"),
        ({"proxy": [*PROXIES, PROXIES[0] | {"width": 0.0, "height": 1.0}]}, "feature_place"),
        ({"proxy": [*PROXIES, {"proxy": "road", "geometry": "LINESTRING (1"}]}, "geometry_unreadable"),
        ({"proxy": [*PROXIES[:3], PROXIES[3] | {"weight": 0.0}]}, "zero_weight"),
        ({"allocation_rule": [RULES[2] | {"profile_time": "x"}]}, "profile_unknown"),
        ({"allocation_rule": [RULES[2] | {"profile_height": "x"}]}, "profile_unknown"),
        ({"allocation_rule": [RULES[2] | {"profile_species": "voc_radm2"}]}, "profile_off"),
    ],
)
def test_what_cannot_be_used_is_refused(tables: dict[str, object], check: str) -> None:
    assert checks(**tables)[0] == check


def test_years_and_species_of_the_settings() -> None:
    several = pl.concat([SMALL, emissions(("370000", "energy.power", "SO2", 9.0), year=2020)])
    made = allocate(world(), several)
    assert (made.year, made.findings[0].check) == (2021, "year_taken")
    assert allocate(world({"year": 2020}), several).group["value"].to_list() == [9.0]
    with pytest.raises(FindingError, match="2019"):
        allocate(world({"year": 2019}), several)
    only = allocate(world({"species": ["二氧化硫", "CO"]}), SMALL)
    assert set(only.group["species"]) == {"SO2"}
    assert [f.check for f in only.findings] == ["species_absent"]
    with pytest.raises(FindingError, match="atlantium"):
        allocate(world({"species": ["atlantium"]}), SMALL)


def test_only_what_goes_directly_to_air_is_allocated_in_whatever_unit() -> None:
    more = [emissions(("370000", "energy.power", "COD", 5.0), medium="water"),
            emissions(("370000", "energy.power", "CO2", 5.0), scope="indirect"),
            emissions(("370000", "energy.power", "SO2", 2e3), unit="kg")]  # fmt: skip
    made = allocate(world(), pl.concat([SMALL, *more]))
    assert made.group["value"].sum() == pytest.approx(230)
    with pytest.raises(FindingError, match="no emissions"):
        allocate(world(), NONE)


def test_heating_follows_the_temperature_of_the_region_or_the_one_around_it() -> None:
    rules = [r | {"profile_time": "heat"} for r in RULES]
    heat = profile("heat", heating_base=[18.0], heating_constant=[0.0])
    given_ = {"allocation_rule": rules, "profile_time": heat}
    made = allocate(world(None, **given_, temperature_day=temperatures(30)), SMALL)
    assert made.shares.shape[0] == 2
    assert made.shares[:, : 30 * 24].sum(axis=1) == pytest.approx([1, 1])
    own = [*temperatures(30), *temperatures(10, "370100")]
    made = allocate(world(None, **given_, temperature_day=own), SMALL)
    assert sorted(np.count_nonzero(made.shares, axis=1) // 24) == [10, 30]
    assert checks(**given_) == ["temperature_none"]
    assert checks(**given_, temperature_day=temperatures(30)[:-2]) == ["temperature_gaps"]
    assert checks(**given_, temperature_day=temperatures(0)) == ["temperature_warm"]


def test_heights_reach_layers() -> None:
    rules = [RULES[0] | {"profile_height": "gnfr_a"}, *RULES[1:]]
    made = allocate(world({"layers": [184, 2000]}, allocation_rule=rules), SMALL)
    lifted = made.heights[made.group.filter(pl.col("process") == "energy.power")["height"][0]]
    assert lifted.tolist() == pytest.approx([0.0025, 0.9975])
    assert made.heights[0].tolist() == [1, 0]
    with pytest.raises(FindingError, match="1106"):
        allocate(world({"layers": [184]}, allocation_rule=rules), SMALL)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_whatever_lies_where_nothing_is_lost(seed: int) -> None:
    draw = np.random.default_rng(seed)
    places = [
        {"proxy": "works", "longitude": float(x), "latitude": float(y), "width": w, "height": w, "weight": v}
        for x, y, w, v in zip(
            draw.uniform(116, 119, 9), draw.uniform(35, 38, 9), draw.choice([None, 0.3, 2.0], 9),
            draw.uniform(0, 5, 9), strict=True,
        )
    ]  # fmt: skip
    rules = [{"proxy": "works", "source": WHO}]
    values = draw.uniform(0, 1e6, 4)
    given_ = SMALL.with_columns(pl.Series("value", values))
    made = balance(allocate(world(allocation_rule=rules, proxy=places), given_))
    assert (made["inside"] + made["outside"] + made["left"]).sum() == pytest.approx(values.sum(), rel=1e-12)
    moved = [places[i] for i in draw.permutation(9)]
    other = balance(
        allocate(world(allocation_rule=rules, proxy=moved), given_.sample(fraction=1, shuffle=True))
    )
    assert other["inside"].to_list() == pytest.approx(made["inside"].to_list(), rel=1e-12)

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.change.change import quadrant_counts
from tongyuan.synergy.change.compare import score_panel
from tongyuan.synergy.change.panel import panel_of


def panel(seed: int = 0, regions: int = 30) -> pl.DataFrame:
    g = np.random.default_rng(seed)
    n = regions * 3
    return pl.DataFrame(
        {
            "region": np.repeat([f"r{k:02d}" for k in range(regions)], 3),
            "year": np.tile([2010, 2015, 2020], regions),
            "SO2": g.lognormal(3, 1, n),
            "NOx": g.lognormal(3, 1, n),
            "CO2": g.lognormal(8, 1, n),
            "gdp": g.lognormal(5, 0.5, n),
        }
    )


def test_every_method_in_one_call() -> None:
    result = score_panel(panel(), pollutants=["SO2", "NOx"], driver="gdp", draws=200, unit="t")
    assert set(result.tables) == {
        "weight",
        "score",
        "rank_band",
        "coupling",
        "synergy_degree",
        "co_control",
        "equivalent",
        "decoupling",
        "lmdi",
    }
    assert result.tables["score"]["score"].is_between(0, 1).all()
    assert result.tables["score"].height == 30 * 3 * 9
    sums = result.tables["weight"].group_by("year", "method").agg(pl.col("weight").sum())
    assert np.allclose(sums["weight"], 1)
    bands = result.tables["rank_band"]
    assert (bands["lower"] <= bands["median"]).all()
    assert (bands["median"] <= bands["upper"]).all()
    assert {"relative_method", "unverified_method", "not_monotone_method"} <= {
        f.check for f in result.findings
    }


def test_order_and_units_do_not_matter() -> None:
    a = score_panel(panel(), pollutants=["SO2", "NOx"], driver="gdp", draws=50)
    shuffled = (
        panel().sample(fraction=1, shuffle=True, seed=1).with_columns(pl.col("SO2") * 1000, pl.col("gdp") * 7)
    )
    b = score_panel(shuffled, pollutants=["SO2", "NOx"], driver="gdp", draws=50)
    assert np.allclose(a.tables["score"]["score"], b.tables["score"]["score"])
    assert (a.tables["rank_band"]["rank"] == b.tables["rank_band"]["rank"]).all()
    assert a.tables["decoupling"]["state"].equals(b.tables["decoupling"]["state"])


def test_without_a_driver_size_is_compared_and_said() -> None:
    result = score_panel(panel(), pollutants=["SO2", "NOx"], draws=20)
    assert "panel_size" in [f.check for f in result.findings]
    assert "lmdi" not in result.tables


def test_bad_requests_are_refused() -> None:
    with pytest.raises(FindingError):
        score_panel(panel(), pollutants=["magic"])
    with pytest.raises(FindingError):
        score_panel(panel().with_columns(pl.lit(0.0).alias("gdp")), pollutants=["SO2"], driver="gdp")
    with pytest.raises(FindingError):
        score_panel(panel(regions=1), pollutants=["SO2"])
    with pytest.raises(FindingError):
        score_panel(panel(), pollutants=["SO2"], deviation={"magic": 0.1})
    with pytest.raises(FindingError):
        score_panel(panel_of(panel(), species=["SO2", "CO2"]), pollutants=["NOx"])


GAINS = """
CENT_EURO 886.272 791.859 2983.629 930.302 2368.736 1521.122
CHIN_PLUS 9294.826 11455.663 25832.939 12184.398 28355.020 21655.590
JAPA_WHOL 1141.840 1075.283 540.423 435.153 1348.910 883.279
USAM_WHOL 5793.224 5220.104 6104.325 2640.734 12824.484 10704.950
WEST_EURO 3327.258 2727.092 2302.468 1214.312 7777.532 5066.009
"""


def test_five_economies_of_2010_and_2020() -> None:
    """GAINS ECLIPSE V6b, row SUM: CO2 [Mt], SO2 and NOx [kt] of 2010 and 2020.

    Industrial economies cut pollution and carbon together; China cleaned its stacks while carbon rose.
    """
    lines = [line.split() for line in GAINS.strip().splitlines()]
    rows = [
        {"region": region, "year": year, "species": species, "value": float(v[2 * s + y]), "unit": unit}
        for region, *v in lines
        for s, (species, unit) in enumerate((("CO2", "Mt"), ("SO2", "kt"), ("NOx", "kt")))
        for y, year in enumerate((2010, 2020))
    ]
    result = score_panel(pl.DataFrame(rows), pollutants=["SO2", "NOx"], base="first", draws=20)
    moves = result.tables["co_control"].filter(pl.col("year") == 2020, pl.col("pollutant") != "CO2")
    told = {(row["region"], row["pollutant"]): row["quadrant"] for row in moves.iter_rows(named=True)}
    assert {where for (region, _), where in told.items() if region == "CHIN_PLUS"} == {"pollution_only"}
    assert {where for (region, _), where in told.items() if region != "CHIN_PLUS"} == {"co_reduction"}


@pytest.mark.shared_data
def test_gains_eclipse_25_regions_2010_to_2020(shared_data: Path) -> None:
    path = shared_data / "activity" / "gains_eclipse_v6b" / "gains_v6b_all_regions.csv.gz"
    if not path.is_file():
        pytest.skip("the GAINS ECLIPSE V6b table in ../shared beside the checkout is absent")
    raw = pl.read_csv(path, infer_schema_length=None)
    species = {"SO2": "SO2", "NOx": "NOx", "NH3": "NH3", "VOC": "NMVOC", "BC": "BC", "CO": "CO", "CO2": "CO2"}
    every = raw.filter(
        pl.col("year").is_in([2010, 2015, 2020]) & pl.col("variable").is_in(list(species))
    ).select(
        "region",
        "sector",
        "year",
        pl.col("variable").replace_strict(species).alias("species"),
        "value",
        pl.when(pl.col("unit").str.starts_with("Mt"))
        .then(pl.lit("Mt"))
        .otherwise(pl.lit("kt"))
        .alias("unit"),
    )
    # the table has its own sums: of a region's sectors (SUM), and of the regions, under no name (ALL SUM)
    rows = every.filter(~pl.col("sector").is_in(["SUM", "ALL SUM"])).drop("sector")
    keys = ["year", "species"]
    world = every.filter(pl.col("sector") == "ALL SUM").select(*keys, pl.col("value").alias("world"))
    both = world.join(rows.group_by(keys).agg(pl.col("value").sum()), on=keys)
    assert both.height == 3 * 7
    assert np.allclose(both["value"], both["world"], rtol=1e-3)
    with pytest.raises(FindingError):
        panel_of(every.drop("sector"))
    pollutants = ["SO2", "NOx", "NH3", "NMVOC", "BC", "CO"]
    result = score_panel(rows, pollutants=pollutants, base="first", draws=300, deviation=0.2)
    bands = result.tables["rank_band"]
    assert bands["region"].n_unique() == 25
    assert ((bands["lower"] <= bands["rank"]) & (bands["rank"] <= bands["upper"])).mean() > 0.9
    moves = result.tables["co_control"].filter(pl.col("year") == 2020)
    assert moves.height == 25 * 7
    counts = quadrant_counts(moves)
    assert set(counts.group_by("year", "pollutant").agg(pl.col("count").sum())["count"]) == {25}
    where = {(r["region"], r["pollutant"]): r for r in moves.iter_rows(named=True)}

    def quadrants(region: str) -> set[str]:
        return {where[region, pollutant]["quadrant"] for pollutant in ("SO2", "NOx")}

    # industrial economies cut pollution and carbon together
    for region in ("WEST_EURO", "CENT_EURO", "USAM_WHOL", "JAPA_WHOL"):
        assert quadrants(region) == {"co_reduction"}, region
    # China cleaned its stacks while its carbon still rose; its SO2 halved
    assert quadrants("CHIN_PLUS") == {"pollution_only"}
    china = rows.filter((pl.col("region") == "CHIN_PLUS") & (pl.col("species") == "SO2"))
    assert 20_000 < china.filter(pl.col("year") == 2010)["value"].sum() < 32_000
    assert -0.60 < where["CHIN_PLUS", "SO2"]["pollution_change"] < -0.45
    assert 0.15 < where["CHIN_PLUS", "SO2"]["carbon_change"] < 0.35
    # South and South-East Asia grew in both
    for region in ("INDI_WHOL", "SOUA_REST", "SOEA_ASIA", "INDO_PLUS"):
        assert quadrants(region) == {"co_increase"}, region
    # ammonia, which comes from farming and not from fuel, rose nearly everywhere whatever carbon did
    rising = moves.filter((pl.col("pollutant") == "NH3") & (pl.col("pollution_change") > 0)).height
    assert rising >= 22
    # the carbon side is the same for every pollutant of a region
    assert set(moves.group_by("region").agg(pl.col("carbon_change").n_unique())["carbon_change"]) == {1}

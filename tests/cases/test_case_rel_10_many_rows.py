"""Many enterprises, many cities: own names are no foreign countries; cost grows with rows, not names²."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.flows.account.gather import grid_records
from tongyuan.flows.source import open_workspace
from tongyuan.reference.factors.match import ELSEWHERE, match, region_ladder

WHAT = pl.DataFrame(
    {
        "process": [
            "energy.power",
            "industry.combustion.boiler",
            "industry.cement.clinker",
            "transport.road",
        ],
        "product": ["bituminous", "natural_gas", "clinker", "diesel"],
        "value": [100.0, 1.0, 50.0, 2.0],
        "unit": ["10^4 t", "10^8 m3", "10^4 t", "10^4 t"],
        "uncertainty": [5.0, 5.0, 2.0, 10.0],
        "source": ["made up"] * 4,
    }
)
LIMITED = """
    import resource, sys
    from pathlib import Path
    resource.setrlimit(resource.RLIMIT_AS, (6 * 2**30, 6 * 2**30))
    from tongyuan.flows.run import run
    made = run(Path(sys.argv[1]), only=("account",))
    # of this program alone: ru_maxrss also keeps what the process that started it held
    (held,) = (line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    peak = int(held.split()[1]) / 2**20
    print(peak < 1.5, made.tables["emission"]["region"].n_unique())
"""


def many(folder: Path, names: list[str], years: list[int]) -> Path:
    """Write a workspace with every activity of ``WHAT`` in every region and year."""
    rows = (
        pl.DataFrame({"region": names})
        .join(pl.DataFrame({"year": years}), how="cross")
        .join(WHAT, how="cross")
    )
    (folder / "tables").mkdir(parents=True)
    (folder / "tongyuan.toml").write_text('name = "many"\nkind = "enterprise"\nregion = "山东省"\n', "utf-8")
    rows.write_parquet(folder / "tables" / "activity.parquet")
    return folder


def test_five_hundred_names_of_ones_own_with_their_report_in_little_memory(tmp_path: Path) -> None:
    path = many(tmp_path / "w", [f"企业{i}" for i in range(500)], [2020])
    done = subprocess.run(
        [sys.executable, "-c", dedent(LIMITED), str(path)],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert done.stdout.split() == ["True", "500"]


def test_every_one_of_many_names_has_the_emissions_of_one_alone(tmp_path: Path) -> None:
    alone = account(open_workspace(many(tmp_path / "one", ["企业7"], [2019, 2020]))).tables["emission"]
    names = [f"企业{i}" for i in range(40)]
    every = account(open_workspace(many(tmp_path / "all", names, [2019, 2020]))).tables["emission"]
    seven = every.filter(pl.col("region") == "企业7").drop("activity_id")
    assert seven.equals(alone.drop("activity_id"))
    by_name = every.group_by("region", "species").agg(pl.col("value").sum())
    spread = by_name.group_by("species").agg((pl.col("value").max() - pl.col("value").min()).alias("spread"))
    assert spread["spread"].max() == pytest.approx(0.0, abs=1e-6)


def test_a_factor_of_one_name_serves_that_name_only(make: Make) -> None:
    """1,000 t of coal at 7 kg/t is 7 t of SO2 where it was measured; the neighbour keeps the library's."""
    path = make(
        activity="""
            region,year,process,product,value,unit,source
            甲厂,2020,energy.power,bituminous,1000,t,made up
            乙厂,2020,energy.power,bituminous,1000,t,made up
        """,
        factor="""
            record_id,kind,process,product,region,species,value,unit,status,source,locator
            own:1,emission_factor,energy.power,bituminous,甲厂,SO2,7,kg/t,measured,made up,p. 1
        """,
    )
    emission = account(open_workspace(path)).tables["emission"].filter(pl.col("species") == "SO2")
    found = {row["region"]: (row["value"], row["factor_id"]) for row in emission.to_dicts()}
    assert found["甲厂"] == (pytest.approx(7.0), ["own:1"])
    assert found["乙厂"][1] != ["own:1"]


def test_cities_draw_the_grid_of_their_province() -> None:
    """Published for 2021: Shandong 0.6838 kg/kWh; two cities and a works of one's own take that record."""
    rows = pl.DataFrame({"region": ["370100", "370200", "甲厂"], "year": [2021] * 3})
    grid = grid_records(rows, "average", {"甲厂": "370100"})
    assert grid.select("region", "value").rows() == [("370000", 0.6838)]


def test_the_ladder_of_a_thousand_names_is_linear() -> None:
    names = [f"企业{i}" for i in range(1000)]
    ladder = region_ladder(names, [*names, "CN", "global", "EU"], dict.fromkeys(names, "370000"))
    assert ladder.height == 4 * len(names)
    assert ladder.filter((pl.col("geography") == ELSEWHERE) & (pl.col("record_region") != "EU")).is_empty()


@given(st.sets(st.sampled_from([f"名{i}" for i in range(9)]), min_size=2, max_size=9), st.data())
def test_no_name_sees_the_record_of_another(names: set[str], data: st.DataObject) -> None:
    owner = data.draw(st.sampled_from(sorted(names)))
    keys = pl.DataFrame({"region": sorted(names)}).with_columns(
        process=pl.lit("energy.power"), product=pl.lit("bituminous"), technology=pl.lit(""), year=2020
    )
    records = pl.DataFrame({"region": [owner, "CN"]}).with_columns(
        process=pl.lit("energy.power"), product=pl.lit("bituminous"), technology=pl.lit(""),
        valid_from=pl.lit(None, dtype=pl.Int64), valid_to=pl.lit(None, dtype=pl.Int64),
    )  # fmt: skip
    found = match(keys, records, parents=dict.fromkeys(names, "370100"))
    pairs = found.classes.join(found.candidates, on="class").select("key", "record").rows()
    place = sorted(names).index(owner)
    assert sorted(pairs) == sorted([(place, 0), *((key, 1) for key in range(len(names)))])

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.change.attribution import decompose

NAMES = ["region", "year", "process", "product", "species", "scope", "value", "uncontrolled", "unit"]


def emission(numbers: list[float]) -> pl.DataFrame:
    """Two years, three fuelled cells and one process; a zero energy leaves the cell out of that year."""
    rows = []
    place = iter(numbers)
    for year in (2014, 2021):
        for process, product in (
            ("power.thermal", "raw_coal"),
            ("power.thermal", "gas"),
            ("industry.boiler", "raw_coal"),
        ):
            energy, factor, passed = next(place), next(place), next(place)
            if energy > 0:
                rows.append(("甲", year, process, product, "energy", "direct", energy, None, "TJ"))
                generated = energy * factor
                rows.append(
                    ("甲", year, process, product, "SO2", "direct", generated * passed, generated, "t")
                )
                rows.append(("甲", year, process, product, "CO2", "direct", energy * 90, None, "t"))
        rows.append(("甲", year, "industry.cement", "", "CO2", "direct", 1000.0 + year, None, "t"))
    return pl.DataFrame(rows, schema=NAMES, orient="row")


BASE = [500.0, 0.8, 0.9, 50.0, 0.01, 1.0, 200.0, 0.9, 1.0]
NOW = [600.0, 0.7, 0.1, 90.0, 0.01, 1.0, 100.0, 0.9, 0.5]


def test_effects_sum_to_the_change_in_total_and_by_sector() -> None:
    frame = emission(BASE + NOW)
    gdp = pl.DataFrame({"region": ["甲", "甲"], "year": [2014, 2021], "value": [100.0, 170.0]})
    for driver in (None, gdp):
        table, found = decompose(frame, driver=driver)
        assert found == []
        for species in ("SO2", "CO2"):
            rows = frame.filter(pl.col("species") == species)
            total = {y: rows.filter(pl.col("year") == y)["value"].sum() for y in (2014, 2021)}
            whole = table.filter((pl.col("species") == species) & (pl.col("group") == ""))
            assert whole["value"].sum() == pytest.approx(total[2021] - total[2014])
            assert whole["ratio"].product() == pytest.approx(total[2021] / total[2014])
            parts = table.filter((pl.col("species") == species) & (pl.col("group") != ""))
            assert parts["value"].sum() == pytest.approx(total[2021] - total[2014])
    control = table.filter(
        (pl.col("species") == "SO2") & (pl.col("group") == "") & (pl.col("effect") == "control")
    )
    assert control["value"][0] < 0
    nothing = table.filter(
        (pl.col("species") == "CO2") & (pl.col("group") == "power") & (pl.col("effect") == "factor")
    )
    assert nothing["value"][0] == pytest.approx(0, abs=1e-6)


@settings(max_examples=40)
@given(st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1.0)), min_size=18, max_size=18))
def test_sums_are_exact_whatever_is_zero(numbers: list[float]) -> None:
    frame = emission(numbers)
    if frame.filter(pl.col("species") == "energy").group_by("year").len().height < 2:
        return
    table, _ = decompose(frame)
    for species in ("SO2", "CO2"):
        rows = frame.filter(pl.col("species") == species)
        change = sum(rows.filter(pl.col("year") == y)["value"].sum() * s for y, s in ((2014, -1), (2021, 1)))
        got = table.filter((pl.col("species") == species) & (pl.col("group") == ""))["value"].sum()
        assert np.isclose(got, change, atol=1e-9)


def test_a_new_fuel_is_energy_mix_and_a_closed_sector_is_structure() -> None:
    now = NOW.copy()
    now[6] = 0.0
    base = BASE.copy()
    base[3] = 0.0
    table, _ = decompose(emission(base + now))
    boiler = table.filter((pl.col("species") == "SO2") & (pl.col("group") == "industry"))
    values = dict(boiler.select("effect", "value").iter_rows())
    assert values["structure"] == pytest.approx(-180)
    assert abs(values["factor"]) + abs(values["intensity"]) + abs(values["energy_mix"]) < 1e-9


def test_without_energy_three_factors_remain() -> None:
    frame = emission(BASE + NOW).filter(pl.col("species") != "energy")
    table, found = decompose(frame)
    assert [f.check for f in found] == ["no_energy"]
    assert set(table.filter(pl.col("value") != 0)["effect"]) <= {"intensity", "control", "activity"}


def test_one_year_is_refused() -> None:
    with pytest.raises(FindingError):
        decompose(emission(BASE + NOW).filter(pl.col("year") == 2021))


def test_energy_may_come_in_a_table_of_its_own() -> None:
    frame = emission(BASE + NOW)
    energy = frame.filter(pl.col("species") == "energy").select(
        "region", "year", "process", "product", "value"
    )
    apart, found = decompose(frame.filter(pl.col("species") != "energy"), energy=energy)
    assert found == []
    same = apart.join(decompose(frame)[0], on=["species", "group", "effect"], how="inner")
    assert same.height == apart.height
    assert np.allclose(same["value"], same["value_right"])


def test_many_cells_add_up_to_the_same_bits_every_time() -> None:
    draw = np.random.default_rng(0)
    cells = [
        (f"r{r}", f"{s}.p{p}", f"f{p % 3}")
        for r in range(9)
        for s in ("power", "industry")
        for p in range(40)
    ]
    rows = [
        (region, year, process, product, species, "direct", float(draw.lognormal(0, 3)), None, unit)
        for region, process, product in cells
        for year in (2014, 2021)
        for species, unit in (("energy", "TJ"), ("CO2", "t"), ("SO2", "t"))
    ]
    frame = pl.DataFrame(rows, schema=NAMES, orient="row")
    first, *others = (decompose(frame)[0] for _ in range(4))
    assert first.height > 100
    assert all(other.equals(first) for other in others)

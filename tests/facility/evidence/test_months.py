import numpy as np
import polars as pl
import pytest

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.evidence.balance import balances
from tongyuan.facility.evidence.months import TYPICAL, unit_months, variables
from tongyuan.facility.simulate.meter import metered
from tongyuan.facility.simulate.tables import tables_of_year


def test_measurements_come_back_from_the_tables() -> None:
    year = metered(seed=4)
    tables = tables_of_year(year, "SIM")
    frame = unit_months(Relations(tables))
    assert frame.height == 12
    for name in ("coal", "power", "heat", "limestone", "gypsum", "ammonia"):
        assert frame[f"v_{name}"].to_list() == pytest.approx(year.month[name].to_list(), rel=1e-5), name
    for name in ("carbon", "hydrogen", "ash", "sulphur", "moisture", "ncv"):
        assert frame[f"v_{name}"].to_list() == pytest.approx(year.month[name].to_list(), rel=0.01), name
    for name in ("volume", "co2_share", "so2", "nox", "air"):
        assert frame[f"v_{name}"].to_list() == pytest.approx(year.month[name].to_list(), rel=0.03), name
    assert frame["v_steam"].null_count() == 12


def test_parameters_are_the_plants_own_where_its_year_says_them() -> None:
    tables = tables_of_year(metered(seed=4), "SIM")
    frame = unit_months(Relations(tables))
    x, names = variables(frame), balances().variables
    assert np.ptp(x[:, names.index("turbine")]) == 0
    assert x[0, names.index("turbine")] == pytest.approx(2.45, rel=0.03)
    assert x[0, names.index("boiler_efficiency")] == TYPICAL["boiler_efficiency"]
    few = variables(frame.head(3))
    assert few[0, names.index("release")] == TYPICAL["release"]


def test_what_two_units_share_is_given_to_neither() -> None:
    tables = tables_of_year(metered(seed=4), "SIM", hours=False)
    second = {
        n: tables[n].with_columns(pl.lit("2").alias("installation")) for n in ("fuel_use", "installation")
    }
    both = tables | {n: pl.concat([tables[n], f]) for n, f in second.items()}
    frame = unit_months(Relations(both))
    assert frame.height == 24
    assert frame["v_ash_out"].null_count() == 24
    assert unit_months(Relations({})).is_empty()

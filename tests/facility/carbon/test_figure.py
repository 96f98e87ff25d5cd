"""What lines are computed from."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from tongyuan.facility.carbon.account import carbon
from tongyuan.facility.carbon.figure import FORMULA, effect_weight

Make = Callable[..., pl.DataFrame]


def test_anodes_are_told_by_net_sulphur_and_ash(make: Make) -> None:
    given = {
        "facility": make("facility", {"facility": "A", "kind": "aluminium", "region": "370100"}),
        "installation": make("installation", {"facility": "A", "installation": "1", "kind": "cell_series"}),
        "cell_series": make(
            "cell_series", {"facility": "A", "installation": "1", "liquid": 10.0, "anode_sulphur": 0.03}
        ),
    }
    rows = carbon(given).figures.filter(pl.col("item") == "anode")
    value = dict(rows.select("line", "value").iter_rows())
    assert (value["A"], value["S"], value["Z"]) == (10.0, 0.03, 0.004)
    assert value["F"] == pytest.approx(10 * 0.411 * (1 - 0.03 - 0.004) * 44 / 12)
    assert rows.filter(pl.col("line") == "F")["formula"].to_list() == [FORMULA["anode"]]


def test_limestone_of_a_power_unit_is_not_among_them(make: Make) -> None:
    at = {"facility": "P", "installation": "U", "material": "limestone", "direction": "in", "value": 5.0}
    given = {
        "facility": make("facility", {"facility": "P", "kind": "power", "region": "370100"}),
        "material_use": make("material_use", at),
    }
    assert carbon(given).figures.is_empty()


def test_effects_weigh_as_in_the_guide() -> None:
    assert effect_weight() == {"CF4": 6630.0, "C2F6": 11100.0}

import math

import pandas as pd
import polars as pl
import pytest
from pydantic import ValidationError

from tongyuan.inventory.methods.adaptor import (
    Settings,
    check,
    emission_frame,
    entries,
    medium,
    product_limits,
)
from tongyuan.inventory.methods.registry import tables
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform, table
from tongyuan.reference.method.parameter import Parameter, ParameterError

LINE = {"line": "一", "output": 1000.0}


def test_settings_are_strict_and_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings(unknown=True)
    with pytest.raises(ValidationError):
        Settings().include_unverified = True


def test_cells_are_checked_together(rows) -> None:
    frame = rows(
        {"line": "一", "output": math.nan}, {"line": None, "output": -1.0}, {"line": "三", "output": math.inf}
    )
    found = check("aluminium_line", conform("aluminium_line", frame))
    assert [(f.check, f.row, f.column) for f in found] == [
        ("cell-not-a-number", 1, "output"),
        ("cell-needed", 2, "line"),
        ("cell-out-of-range", 2, "output"),
        ("cell-not-a-number", 3, "output"),
    ]
    assert "铝液产量" in found[0].message("zh")
    assert "Aluminium" in found[0].message("en")
    with pytest.raises(FindingError):
        entries("aluminium_line", frame)


def test_pandas_is_welcome(rows) -> None:
    frame = pd.DataFrame([{"region": "山东省", "year": 2021, "source": "测试", **LINE}])
    assert tables()["aluminium_line"](frame, None).height == 3


def test_input_is_not_changed(rows) -> None:
    frame = rows(LINE)
    before = frame.clone()
    tables()["aluminium_line"](frame, None)
    assert frame.equals(before)


def test_row_ids(rows) -> None:
    result = tables()["aluminium_line"](rows({**LINE, "activity_id": "A7"}, LINE), None)
    assert result["activity_id"].explode().unique(maintain_order=True).to_list() == [
        "aluminium_line:A7",
        "aluminium_line:2",
    ]


@pytest.mark.parametrize("name", sorted(tables()))
def test_an_empty_table_yields_an_empty_emission_table(name: str) -> None:
    columns = {column.name: [] for column in table(name).columns}
    result = tables()[name](conform(name, pl.DataFrame(columns)), None)
    assert result.is_empty()
    assert result.columns == [column.name for column in table("emission").columns]


def test_medium() -> None:
    assert [medium(s) for s in ("SO2", "CO2", "COD", "sludge")] == ["air", "ghg", "water", "solid"]
    with pytest.raises(ParameterError):
        medium("phlogiston")
    assert emission_frame([]).is_empty()


def test_limits_of_a_product() -> None:
    first = Parameter("a", 10.0, "t", 8.0, 13.0)
    second = Parameter("b", 1.0, "t", 0.6, 1.4)
    assert product_limits(100.0, [first, first, "cell"]) == (pytest.approx(80), pytest.approx(130))
    low, high = product_limits(100.0, [first, second])
    assert low == pytest.approx(100 * (1 - math.hypot(0.2, 0.4)))
    assert high == pytest.approx(150)
    assert product_limits(-100.0, [first]) == (pytest.approx(-130), pytest.approx(-80))
    assert product_limits(1.0, [Parameter("c", 1.0, "t")]) == (None, None)
    # one coefficient without limits is unknown, not certain: the product has no interval
    assert product_limits(100.0, [first, Parameter("c", 1.0, "t")]) == (None, None)
    assert product_limits(100.0, [first, Parameter("d", 1.0, "t", 0.5, None)]) == (None, None)
    assert product_limits(100.0, ["cell"]) == (None, None)


def test_ranges_reach_the_rows(rows) -> None:
    soil = tables()["fertiliser"](rows({"fertiliser": "其他氮肥", "nitrogen": 100.0}), None)
    direct = soil.row(0, named=True)
    assert direct["lower"] == pytest.approx(direct["value"] * 0.3)
    assert direct["upper"] == pytest.approx(direct["value"] * 3)


def test_findings_stand_where_the_user_sees_them(rows) -> None:
    frame = rows({**LINE, "output": -1.0}).with_columns(_place=pl.lit("铝.xlsx|电解铝生产线|7"))
    with pytest.raises(FindingError) as error:
        tables()["aluminium_line"](frame, None)
    assert error.value.findings[0].place() == "铝.xlsx · 电解铝生产线 · output7"

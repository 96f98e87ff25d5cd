import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import TableBlock
from tongyuan.report.programme.document.measure import optimum

TASKS = conform(
    "task",
    pl.DataFrame(
        {
            "plan": ["p"] * 3,
            "task": ["M001", "M002", "M003"],
            "text_zh": ["海上风电：2025 年增加", "海上风电：2035 年增加", "工业炉 SCR：2025 年增加"],
            "text_en": ["Offshore wind: more"] * 2 + ["Boiler SCR: more"],
            "lead": ["energy", "energy", "environment"],
            "departments": [["energy"], ["energy"], ["environment"]],
            "deadline": [2025, 2035, 2025],
            "measure": ["wind", "wind", "scr"],
            "amount": [12_000.0, 30_000.0, 544_000.0],
            "unit": ["GWh", "GWh", "TJ"],
            "cost": [3.6e9, None, 1.38e10],
            "cost_unit": ["CNY", None, "CNY"],
        }
    ),
).with_columns(pl.col("text_zh").alias("text"))


def table(**more):
    return next(b for b in optimum(TASKS, "山东省", "zh", **more) if isinstance(b, TableBlock))


def test_a_measure_is_one_line_over_the_years_by_department():
    made = table(place="370000")
    assert [c.title for c in made.columns] == ["牵头部门", "措施", "2025", "2035", "贴现费用"]
    assert [list(row) for row in made.rows] == [
        ["能源局", "海上风电", "120亿千瓦时", "300亿千瓦时", "36亿元"],
        ["生态环境厅", "工业炉 SCR", "544 PJ", "–", "138亿元"],
    ]
    assert made.sources[0] == "task · M001 · M002"


def test_power_is_counted_in_capacity_where_the_plan_is_at_hand():
    tables = {
        "measure": pl.DataFrame({"measure": ["wind"], "technology": ["turbine"], "control": [""]}),
        "plan_measure": pl.DataFrame(
            {"scenario": ["plan"], "measure": ["wind"], "year": [2035], "value": [60_000.0]}
        ),
        "plan_capacity": pl.DataFrame(
            {"scenario": ["plan"], "technology": ["turbine"], "year": [2035]}
            | {"capacity": [22_000.0], "unit": ["MW"]}
        ),
    }
    assert table(tables=tables).rows[0][3] == "1,100万千瓦"


def test_no_plan_no_chapter():
    assert optimum(TASKS.clear(), "山东省", "zh") == []

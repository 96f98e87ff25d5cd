import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import TableBlock
from tongyuan.report.programme.document.measure import optimum

TASKS = conform(
    "task",
    pl.DataFrame(
        {
            "plan": ["p"] * 2,
            "task": ["M001", "M002"],
            "text_zh": ["海上风电：到 2025 年增加、到 2035 年增加", "工业炉 SCR：到 2025 年增加"],
            "text_en": ["Offshore wind: more", "Boiler SCR: more"],
            "lead": ["energy", "environment"],
            "departments": [["energy"], ["environment"]],
            "start": [2025, 2025],
            "deadline": [2035, 2025],
            "measure": ["wind", "scr"],
            "amount": [30_000.0, 544_000.0],
            "unit": ["GWh", "TJ"],
            "cost": [3.6e9, 1.38e10],
            "cost_unit": ["CNY", "CNY"],
        }
    ),
).with_columns(pl.col("text_zh").alias("text"))
YEARS = pl.DataFrame(
    {
        "scenario": ["plan"] * 3 + ["free"],
        "measure": ["wind", "wind", "scr", "wind"],
        "year": [2025, 2035, 2025, 2025],
        "value": [12_000.0, 60_000.0, 544_000.0, 1.0],
        "change": [12_000.0, 30_000.0, 544_000.0, 1.0],
    }
)


def table(**more):
    return next(b for b in optimum(TASKS, "山东省", "zh", **more) if isinstance(b, TableBlock))


def test_a_measure_is_one_line_over_the_years_by_department():
    made = table(place="370000", tables={"plan_measure": YEARS})
    assert [c.title for c in made.columns] == ["牵头部门", "措施", "2025", "2035", "贴现费用"]
    assert [list(row) for row in made.rows] == [
        ["能源局", "海上风电", "120亿千瓦时", "300亿千瓦时", "36亿元"],
        ["生态环境厅", "工业炉 SCR", "5.44亿吉焦", "–", "138亿元"],
    ]
    assert made.sources[0] == "task · M001"


def test_without_the_plan_a_task_says_what_it_asks_in_the_end():
    made = table()
    assert [c.title for c in made.columns][2:4] == ["2025", "2035"]
    assert list(made.rows[0])[2:4] == ["–", "300亿千瓦时"]


def test_a_task_at_a_place_has_the_years_of_its_technology_there():
    activity = pl.DataFrame(
        {"scenario": ["plan"] * 3, "node": ["A", "A", "B"], "technology": ["scr"] * 3, "control": [None] * 3}
        | {"year": [2025, 2030, 2025], "value": [100.0, 0.0, 7.0]}
    )
    here = TASKS.filter(pl.col("measure") == "scr").with_columns(node=pl.lit("A"))
    made = next(
        b for b in optimum(here, "x", "zh", tables={"plan_activity": activity}) if isinstance(b, TableBlock)
    )
    assert [c.title for c in made.columns][2] == "2025"
    assert made.rows[0][2] == "10万吉焦"


def test_power_is_counted_in_capacity_where_the_plan_is_at_hand():
    tables = {
        "measure": pl.DataFrame({"measure": ["wind"], "technology": ["turbine"], "control": [""]}),
        "plan_measure": pl.DataFrame(
            {"scenario": ["plan"], "measure": ["wind"], "year": [2035], "value": [60_000.0]}
            | {"change": [30_000.0]}
        ),
        "plan_capacity": pl.DataFrame(
            {"scenario": ["plan"], "technology": ["turbine"], "year": [2035]}
            | {"capacity": [22_000.0], "unit": ["MW"]}
        ),
    }
    assert table(tables=tables).rows[0][3] == "1,100万千瓦"


def test_no_plan_no_chapter():
    assert optimum(TASKS.clear(), "山东省", "zh") == []


def test_amounts_of_several_units_are_not_added_up():
    """SCR on coal in TJ and on gas in 亿立方米 are two lines; their sum would mean nothing."""
    tasks = TASKS.with_columns(
        measure=pl.lit("scr"), amount=pl.Series([1_050_232.0, 496.13]), unit=pl.Series(["TJ", "亿立方米"]),
        deadline=pl.Series([2035, 2035]),
    )  # fmt: skip
    years = pl.DataFrame(
        {
            "scenario": ["plan"] * 2, "measure": ["scr"] * 2, "year": [2035] * 2, "unit": ["TJ", "亿立方米"],
            "value": [1_050_232.0, 496.13], "change": [1_050_232.0, 496.13],
        }
    )  # fmt: skip
    made = next(
        b for b in optimum(tasks, "山东省", "zh", tables={"plan_measure": years}) if isinstance(b, TableBlock)
    )
    assert [row[2] for row in made.rows] == ["10.5亿吉焦", "496亿立方米"]

import polars as pl
import pytest

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import Note, TableBlock
from tongyuan.report.front.action import action_blocks, actions

MEASURES = pl.DataFrame(
    {
        "measure": ["wind", "scr", "pv", "unused"],
        "technology": ["turbine", "boiler", "panel", "stove"],
        "control": ["", "scr", "", ""],
        "department": ["energy", "environment", "energy", "housing"],
        "title_zh": ["海上风电", "工业炉 SCR", "分布式光伏", "燃气供热"],
        "title_en": ["Offshore wind", "Boiler SCR", "Distributed PV", "Gas heat"],
        "note": [""] * 4,
    }
)
USED = pl.DataFrame(
    {
        "scenario": ["plan"] * 4,
        "measure": ["wind", "scr", "pv", "unused"],
        "year": [2035] * 4,
        "unit": ["GWh", "TJ", "GWh", "TJ"],
        "value": [60_000.0, 600_000.0, 137_000.0, 0.0],
        "baseline": [30_000.0, 0.0, 137_000.0, 0.0],
        "change": [30_000.0, 600_000.0, 0.0, 0.0],
    }
)
EFFECT = {
    ("wind", "CO2e"): -2.0e8, ("wind", "pollution_equivalent"): -9e7, ("wind", "NOx"): -6e4,
    ("wind", "NH3"): 300.0, ("wind", "total"): 3.6e9,
    ("scr", "CO2e"): 1.0e6, ("scr", "pollution_equivalent"): -7e8, ("scr", "NOx"): -6.7e5,
    ("scr", "NH3"): 40.0, ("scr", "total"): 1.38e10,
}  # fmt: skip
TABLES = {
    "summary": pl.DataFrame({"region": ["370000"], "year": [2021]}),
    "plan_activity": pl.DataFrame({"x": [1]}),
    "measure": conform("measure", MEASURES),
    "plan_measure": conform("plan_measure", USED),
    "attribution": conform(
        "attribution",
        pl.DataFrame(
            [
                {"player": p, "quantity": q, "value": v, "standard_error": 0.0, "method": "exact"}
                for (p, q), v in EFFECT.items()
            ]
        ),
    ),
    "alternative": conform(
        "alternative",
        pl.DataFrame(
            {
                "measure": ["wind", "pv"],
                "year": [2035] * 2,
                "slack": [0.02] * 2,
                "least": [1.0, 2.0],
                "optimum": [60_000.0, 137_000.0],
                "most": [60_000.0, 137_000.0],
                "verdict": ["must", "must"],
            }
        ),
    ),
}


def test_measures_the_targets_add_come_first_then_what_pays_without_them():
    made = actions(TABLES, "zh")
    assert [a.text for a in made] == ["推广海上风电", "推广工业炉 SCR", "不设新目标也该做：分布式光伏"]
    assert [a.owner for a in made] == ["能源局", "生态环境厅", "能源局"]
    assert made[0].cost == pytest.approx(3.6e9)


def test_the_table_says_what_falls_and_what_rises_with_every_action():
    (table,) = action_blocks(TABLES, ["CO2e", "NOx"], "zh")
    assert isinstance(table, TableBlock)
    assert [c.title for c in table.columns][4:] == [
        "CO₂e (亿吨)",
        "NOₓ (万吨)",
        "其他物质",
        "成本（全期折现）",
    ]
    assert table.rows[0][4:] == ["−2", "−6", "NH₃上升", "36亿元"]
    assert table.rows[1][4:6] == ["+0.01", "−67"]
    assert table.rows[2][4:] == ["–", "–", "–", "–"]


def test_without_a_plan_the_command_is_named():
    (note,) = action_blocks({}, ["CO2e"], "en")
    assert isinstance(note, Note)
    assert "tongyuan plan draft" in note.text


def test_what_the_plan_uses_less_of_is_no_thing_to_expand():
    fewer = USED.with_columns(
        pl.when(pl.col("measure") == "wind").then(-1e4).otherwise("change").alias("change")
    )
    made = actions({**TABLES, "plan_measure": conform("plan_measure", fewer)}, "en")
    assert made[0].text == "Use less of: Offshore wind"


def test_a_measure_that_stands_nowhere_is_no_action():
    """Policy alone would have built the boiler's SCR; there is none today nor in the plan."""
    gone = pl.col("measure") == "scr"
    used = USED.with_columns(
        value=pl.when(gone).then(0.0).otherwise("value"),
        change=pl.when(gone).then(-500.0).otherwise("change"),
    )
    ran = {"scenario": ["base"], "node": ["n"], "technology": ["boiler"], "year": [2021], "value": [1.0]}
    for control, told in (("", 0), ("scr", 1)):
        base = pl.DataFrame(ran | {"control": [control], "unit": ["TJ"]})
        held = {**TABLES, "plan_measure": conform("plan_measure", used)}
        held["plan_activity"] = conform("plan_activity", base)
        assert sum("SCR" in a.text for a in actions(held, "en")) == told


def test_a_plan_without_targets_says_how_to_give_it_some():
    aim = pl.DataFrame({"target": ["t"], "family": ["policy"], "title_zh": ["t"], "title_en": ["t"]})
    still = {**TABLES, "plan_measure": conform("plan_measure", USED.with_columns(change=pl.lit(0.0)))}
    blocks = action_blocks({**still, "target": aim}, ["CO2e"], "en")
    assert isinstance(blocks[0], Note)
    assert "no target for pollution or carbon" in blocks[0].text
    met = action_blocks({**still, "target": aim.with_columns(family=pl.lit("carbon"))}, ["CO2e"], "en")
    assert not [b for b in met if isinstance(b, Note)]


def test_where_targets_ask_for_nothing_more_what_pays_is_told_by_what_it_gains():
    """Panels go from 0.1 to 0.6 of their service, turbines from 0.3 to 0.4; coal gives way."""
    shares = [("continued", "panel", 0.1), ("continued", "turbine", 0.3), ("continued", "boiler", 0.6),
              ("plan", "panel", 0.6), ("plan", "turbine", 0.4), ("plan", "boiler", 0.0)]  # fmt: skip
    activity = pl.DataFrame(
        [
            {"scenario": s, "node": "n", "technology": t, "control": "", "year": 2035, "value": v, "share": v}
            for s, t, v in shares
        ]
    )
    rival = TABLES["alternative"].with_columns(verdict=pl.lit("choice"))
    emitted = [
        ("continued", "CO2", 80.0),
        ("plan", "CO2", 60.0),
        ("continued", "NOx", 5.0),
        ("plan", "NOx", 6.0),
    ]
    plan = {
        "summary": TABLES["summary"],
        "measure": TABLES["measure"],
        "plan_measure": conform("plan_measure", USED.with_columns(change=pl.lit(0.0))),
        "attribution": TABLES["attribution"].with_columns(value=pl.lit(0.0)),
        "alternative": rival,
        "plan_activity": activity,
        "plan_emission": pl.DataFrame(
            [{"scenario": s, "year": 2035, "species": q, "value": v} for s, q, v in emitted]
        ),
    }
    assert [a.text for a in actions(plan, "en")] == [
        "Worth doing in any case: Distributed PV",
        "Worth doing in any case: Offshore wind",
    ]
    note, told, table = action_blocks(plan, ["CO2e", "NOx"], "en")
    assert "no target asks for more" in note.text
    assert told.text.endswith("in 2035: CO₂ −25.0%, NOₓ +20.0%.")
    assert [c.title for c in table.columns] == ["No.", "Action", "Owner", "How much"]

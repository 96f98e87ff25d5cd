import polars as pl

from tongyuan.report.pathway.amount import capacity, measure_amount, shown

MEASURE = {"measure": ["wind", "scr"], "technology": ["turbine", "boiler"], "control": ["", "scr"]}
USED = {
    "scenario": ["plan"] * 4,
    "measure": ["wind", "wind", "scr", "scr"],
    "year": [2025, 2035, 2025, 2035],
    "unit": ["GWh", "GWh", "TJ", "TJ"],
    "value": [10_000.0, 65_000.0, 300_000.0, 0.0],
    "baseline": [10_000.0, 32_500.0, 300_000.0, 0.0],
    "change": [0.0, 32_500.0, 0.0, 0.0],
}
CAPACITY = {
    "scenario": ["plan", "plan", "none"],
    "node": ["a", "b", "a"],
    "technology": ["turbine"] * 3,
    "year": [2035] * 3,
    "capacity": [20_000.0, 2_000.0, 99.0],
    "unit": ["MW"] * 3,
}
TABLES = {
    "measure": pl.DataFrame(MEASURE),
    "plan_measure": pl.DataFrame(USED),
    "plan_capacity": pl.DataFrame(CAPACITY),
}


def test_ten_megawatts_are_a_wan_kilowatts_and_a_hundred_gigawatt_hours_a_yi():
    assert shown(22_000.0, "MW", "zh") == "2,200万千瓦"
    assert shown(65_000.0, "GWh", "zh") == "650亿千瓦时"
    assert shown(22_000.0, "MW", "en") == "22 GW"


def test_power_is_counted_in_capacity_with_the_part_the_targets_add():
    assert capacity(TABLES, "wind", 2035) == (22_000.0, "MW")
    assert measure_amount(TABLES, "wind", "zh") == "2035 年 2,200万千瓦（为达标多 1,100万千瓦）"


def test_what_the_targets_alone_ask_for_is_said_without_the_number_twice():
    whole = {**USED, "value": [0.0, 100.0, 0.0, 0.0], "change": [0.0, 100.0, 0.0, 0.0], "unit": ["TJ"] * 4}
    tables = {"plan_measure": pl.DataFrame(whole)}
    assert measure_amount(tables, "wind", "zh") == "2035 年 10万吉焦（均为达标所需）"


def test_devices_have_no_capacity_and_their_last_used_year_counts():
    assert capacity(TABLES, "scr", 2025) is None
    assert measure_amount(TABLES, "scr", "en") == "300 PJ in 2025"
    assert measure_amount(TABLES, "nothing", "en") == "–"


def test_what_the_targets_use_less_of_says_so():
    less = {**USED, "value": [1.0, 0.0, 1.0, 0.0], "change": [0.0, -13_800.0, 0.0, 0.0], "unit": ["TJ"] * 4}
    tables = {"plan_measure": pl.DataFrame(less)}
    assert measure_amount(tables, "wind", "zh") == "2035 年 0亿吉焦（为达标少 1,380万吉焦）"


def test_a_device_on_sources_of_several_units_is_told_in_all_of_them():
    used = {
        "scenario": ["plan"] * 3, "measure": ["scr"] * 3, "year": [2035] * 3,
        "unit": ["TJ", "万吨", "亿立方米"], "value": [1_050_200.0, 271.12, 496.13], "baseline": [0.0] * 3,
        "change": [1_050_200.0, 271.12, 496.13],
    }  # fmt: skip
    tables = {**TABLES, "plan_measure": pl.DataFrame(used)}
    assert (
        measure_amount(tables, "scr", "en")
        == "1,050 PJ, 2.71 Mt, 49.6 billion m³ in 2035 (all of it for the targets)"
    )
    assert measure_amount(tables, "scr", "zh") == "2035 年 10.5亿吉焦、271万吨、496亿立方米（均为达标所需）"
    part = {**used, "change": [0.0, 71.12, 0.0]}
    tables["plan_measure"] = pl.DataFrame(part)
    assert measure_amount(tables, "scr", "zh").endswith("496亿立方米（为达标多 71.1万吨）")

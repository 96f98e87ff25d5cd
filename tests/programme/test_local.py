import pytest

from tongyuan.programme.local import left_out, level_of, province_of, rules, said_otherwise
from tongyuan.programme.plan import national_plan

NATION = national_plan()


def test_tasks_of_the_state_are_no_tasks_of_a_province():
    gone = left_out(NATION, "370000")
    # The regulation of the State Council, vehicle standards, the national catalogue, negotiation abroad.
    assert {"22.01", "22.04", "05.03", "28.01", "28.02"} <= set(gone)
    assert "06.02" not in gone
    assert left_out(NATION, "100000") == []


def test_a_task_with_a_local_part_says_that_part():
    made = dict(said_otherwise(NATION, "370000").select("task", "text_zh").iter_rows())
    assert "融合排放清单" in made["25.02"]
    assert "国家温室气体" not in made["25.02"]
    assert "全国短流程炼钢占比" not in made["08.06"]
    assert not set(made) & set(left_out(NATION, "370000"))


def test_a_city_has_rules_of_its_own_on_top():
    assert {"24.04", "24.07"} <= set(left_out(NATION, "370100"))
    assert "24.04" not in left_out(NATION, "370000")


@pytest.mark.parametrize(
    ("region", "level", "province"),
    [("370000", "province", None), ("370100", "city", "370000"), ("my park", "park", None)],
)
def test_where_a_region_stands(region, level, province):
    assert level_of(region) == level
    assert province_of(region) == province


def test_what_holds_in_key_regions_only_is_left_out_elsewhere():
    # 05.05 and 09.04 speak of key regions of air pollution control; Tibet has none.
    assert {"05.05", "09.04"} <= set(left_out(NATION, "540000"))
    assert "05.05" not in left_out(NATION, "370000")
    assert "05.05" not in rules("110000")


def test_a_park_has_only_the_tasks_that_it_and_its_works_can_carry_out():
    gone = set(left_out(NATION, "my park"))
    # Crops, forests, winter heating of villages and public education are no tasks of a park …
    assert {"11.01", "12.01", "06.05", "27.01", "16.04", "24.01"} <= gone
    # … its energy, industry, water reuse and the article on parks are.
    assert not gone & {"06.06", "08.03", "13.02", "14.02", "16.02", "19.01"}
    assert "11.01" not in left_out(NATION, "370100")

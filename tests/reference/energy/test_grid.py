from __future__ import annotations

import pytest

from tongyuan.reference import region
from tongyuan.reference.energy import grid
from tongyuan.reference.shelf import shelf


@pytest.mark.parametrize(
    ("area", "year", "variant", "value"),
    [
        ("100000", 2021, "average", 0.5568), ("100000", 2022, "average", 0.5366),
        ("100000", 2023, "average", 0.5306),
        ("370000", 2021, "average", 0.6838), ("530000", 2022, "average", 0.1073),
        ("grid_southwest", 2023, "average", 0.2472),
        ("100000", 2021, "excluding_traded", 0.5942), ("100000", 2023, "fossil", 0.8273),
        ("100000", 2015, "ets", 0.6101), ("100000", 2020, "ets", 0.6101), ("100000", 2021, "ets", 0.5810),
        ("100000", 2022, "ets", 0.5703), ("grid_north", 2012, "average", 0.8843),
        ("grid_northeast", 2019, "operating_margin", 1.0826), ("100000", 2024, "footprint", 0.5777),
        ("100000", 2024, "footprint_transmission_with_loss", 0.0327),
    ],
)  # fmt: skip
def test_published_values(area: str, year: int, variant: str, value: float) -> None:
    found = grid.grid_factor(area, year, variant)
    assert found.value == value
    assert found.unit == "kg/kWh"
    assert found.source


def test_38_areas_in_three_years() -> None:
    assert len(grid.areas()) == 38
    for area in grid.areas():
        assert set(grid.years(area)) >= {"2021", "2022", "2023"}


@pytest.mark.parametrize(
    ("area", "year", "variant"),
    [
        ("370000", 2014, "average"),
        ("100000", 2023, "ets"),
        ("370000", 2021, "fossil"),
        ("100000", 2024, "average"),
    ],
)
def test_nothing_is_interpolated(area: str, year: int, variant: str) -> None:
    with pytest.raises(grid.MissingGridFactorError, match=r"no .* grid factor"):
        grid.grid_factor(area, year, variant)


def test_unknown_area_or_variant() -> None:
    with pytest.raises(KeyError, match="no grid area"):
        grid.grid_factor("540000", 2021)
    with pytest.raises(KeyError, match="no grid factor variant"):
        grid.grid_factor("100000", 2021, "green")
    assert set(shelf("grid")["variant"]) == set(grid.variants())


# 2023, 2022 and 2021 as the ministry of ecology and environment printed them [kg CO2/kWh]
PRINTED = """
全国 0.5306 0.5366 0.5568
湖北 0.4044 0.4364 0.3672
华北 0.6361 0.6776 0.7120
湖南 0.4976 0.4900 0.5138
东北 0.5122 0.5564 0.6012
河南 0.5897 0.6058 0.6369
华东 0.5500 0.5617 0.5992
江西 0.5836 0.5752 0.5835
华中 0.5271 0.5395 0.5354
广东 0.4419 0.4403 0.4715
西北 0.5543 0.5857 0.5951
广西 0.4476 0.4044 0.5154
南方 0.4042 0.3869 0.4326
海南 0.3648 0.4184 0.4524
西南 0.2472 0.2268 0.2113
重庆 0.5581 0.5227 0.4743
北京 0.5554 0.5580 0.5688
四川 0.1564 0.1404 0.1255
天津 0.6796 0.7041 0.7355
贵州 0.5683 0.4989 0.5182
河北 0.6516 0.7252 0.7901
云南 0.1333 0.1073 0.1235
山西 0.6634 0.7096 0.7222
陕西 0.6335 0.6558 0.6336
内蒙古 0.6479 0.6849 0.7025
甘肃 0.4471 0.4772 0.4955
辽宁 0.4878 0.5626 0.5876
青海 0.1796 0.1567 0.1326
吉林 0.4671 0.4932 0.5629
宁夏 0.6187 0.6423 0.6546
黑龙江 0.5229 0.5368 0.6342
新疆 0.6021 0.6231 0.6577
上海 0.5737 0.5849 0.5834
安徽 0.6553 0.6782 0.7075
江苏 0.5827 0.5978 0.6451
福建 0.4211 0.4092 0.4711
浙江 0.4974 0.5153 0.5422
山东 0.6191 0.6410 0.6838
"""


@pytest.mark.parametrize("line", PRINTED.strip().splitlines(), ids=lambda line: line.split()[0])
def test_against_the_printed_tables(line: str) -> None:
    place, *printed = line.split()
    names = {r.short_zh: r.grid_area for r in region.catalogue().values() if r.level == "province"}
    grids = dict(zip(shelf("grid_area")["title_zh"], shelf("grid_area")["area"], strict=True))
    area = names.get(place) or grids.get(place) or grids[place + "电网"]
    assert [grid.grid_factor(area, year).value for year in (2023, 2022, 2021)] == [float(v) for v in printed]


def test_table_is_numeric() -> None:
    assert grid.table()["value"].is_between(0, 1.2).all()

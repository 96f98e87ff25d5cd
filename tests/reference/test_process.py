"""The source tree and its concordance."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference.process import SCHEMES, path, processes, sector, tree
from tongyuan.reference.shelf import identify, shelf

# what the plan names, clause by clause, and the process that stands for it
PLAN = {
    "风能": "energy.wind",
    "太阳能": "energy.solar",
    "生物质能": "energy.biomass_power",
    "海洋能": "energy.ocean",
    "地热能": "energy.geothermal",
    "水电": "energy.hydro",
    "核电": "energy.nuclear",
    "煤电": "energy.power",
    "清洁取暖": "energy.heat",
    "散煤": "building.residential.rural",
    "工业炉窑": "industry.combustion.kiln",
    "工业锅炉": "industry.combustion.boiler",
    "钢铁": "industry.steel",
    "独立烧结": "industry.steel.sinter",
    "热轧": "industry.steel.rolling",
    "电炉短流程": "industry.steel.eaf",
    "氢能冶金": "industry.steel.dri",
    "焦化": "energy.coking",
    "炼油": "energy.refining",
    "电解铝": "industry.aluminium.electrolysis",
    "再生铝": "industry.aluminium.secondary",
    "再生有色金属": "industry.copper.secondary",
    "水泥": "industry.cement.clinker",
    "平板玻璃": "industry.glass.flat",
    "石化": "industry.petrochemical",
    "建材": "construction.material",
    "碳捕集、利用与封存": "energy.ccs",
    "包装印刷": "solvent.printing",
    "公转铁": "transport.rail",
    "公转水": "transport.ship",
    "非道路移动机械": "transport.nonroad",
    "中重型货车": "transport.road.heavy_truck",
    "港口岸电": "transport.port",
    "公共机构": "building.public",
    "城市照明": "building.lighting",
    "化肥": "agriculture.fertiliser",
    "农药": "agriculture.pesticide",
    "面源污染": "agriculture.runoff",
    "稻田": "agriculture.rice",
    "秸秆综合利用": "agriculture.straw_use",
    "秸秆焚烧": "agriculture.residue_burning",
    "畜禽粪污": "agriculture.manure",
    "水产养殖": "agriculture.aquaculture",
    "渔船": "transport.ship.fishing",
    "农机": "transport.nonroad.agriculture",
    "森林": "land.forest",
    "城市绿化": "land.settlement",
    "自然源挥发性有机物": "land.vegetation",
    "湿地": "land.wetland",
    "废弃矿山": "land.mine",
    "消耗臭氧层物质": "fgas",
    "污水处理厂": "waste.wastewater.domestic",
    "再生水": "waste.wastewater.reclaimed",
    "人工湿地": "waste.wastewater.wetland",
    "农村生活污水": "waste.wastewater.rural",
    "污泥": "waste.sludge",
    "污染地块": "remediation.site",
    "受污染耕地": "remediation.farmland",
    "大宗固废": "waste.industrial_solid.use",
    "退役动力电池": "waste.battery",
    "光伏组件": "waste.pv_module",
    "风电机组叶片": "waste.wind_blade",
    "垃圾焚烧": "waste.incineration",
    "填埋气": "waste.landfill",
    "渗滤液": "waste.landfill.leachate",
    "厨余垃圾": "waste.food",
    "建筑废弃物": "waste.construction",
    "电子": "industry.electronics",
    "汽车": "industry.automobile",
    "装备": "industry.equipment",
}


@pytest.mark.parametrize(("words", "process"), PLAN.items(), ids=list(PLAN.values()))
def test_plan_is_covered(words: str, process: str) -> None:
    assert process in set(shelf("process")["process"]), words


@pytest.mark.parametrize("name", ["process", "product", "technology", "control", "factor_region"])
def test_parents_exist_and_have_no_cycle(name: str) -> None:
    frame = shelf(name)
    key = frame.columns[0]
    parents = dict(zip(frame[key], frame["parent"], strict=True))
    assert len(parents) == frame.height
    for child in parents:
        seen = {child}
        while parents[child]:
            child = parents[child]
            assert child in parents
            assert child not in seen
            seen.add(child)


def test_process_parent_is_its_prefix() -> None:
    for process, parent in shelf("process").select("process", "parent").iter_rows():
        assert parent == process.rpartition(".")[0]


@pytest.mark.parametrize(
    "name", ["process", "product", "technology", "control", "parameter", "factor_region"]
)
def test_titles_in_both_languages(name: str) -> None:
    frame = shelf(name)
    for column in ("title_zh", "title_en"):
        assert (frame[column] != "").all()
    assert frame["title_zh"].str.contains(r"\p{Han}|PM|ABS|HCFC|N2O|BEF").all() or name == "parameter"
    assert frame["title_en"].is_duplicated().sum() == 0


@pytest.mark.parametrize("name", ["process", "product", "control"])
def test_titles_lead_back_to_the_id(name: str) -> None:
    frame = shelf(name)
    for key, zh in frame.select(frame.columns[0], "title_zh").iter_rows():
        assert identify(name, key) == key
        assert identify(name, zh) == key


def test_codes_have_the_form_of_their_scheme() -> None:
    forms = {
        "ipcc_2006": r"^[1-4](\.[A-H](\.\d+(\.[a-z]+(\.[ivx]+)?(\.\d)?)?)?)?$",
        "nfr": r"^\d+(\.[A-Z](\.\d+)?(\.[a-z]+)?(\.([ivx]+|\d))?(\.[a-z])?(\([ivx]+\))?)?$",
        "gbt4754": r"^([A-T]|\d{2,4})$",
    }
    for scheme, form in forms.items():
        for code in shelf("process")[scheme]:
            assert not code or re.match(form, code), (scheme, code)


def test_gbt4754_codes_exist(shared_data: Path) -> None:
    known: set[str] = set()
    with (shared_data / "factors/raw/gbt4754/gbt4754_2017.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            known |= {row[c] for c in ("section", "division", "group", "class")}
    assert set(shelf("process")["gbt4754"]) - {""} <= known


def test_every_fuel_burning_and_process_sector_has_ipcc_codes() -> None:
    coded = shelf("process").filter(pl.col("ipcc_2006") != "").height
    assert coded > 200


def test_tree_has_four_levels_and_every_process() -> None:
    frame = tree("en")
    assert set(frame["process"]) == set(shelf("process")["process"])
    assert frame.select("sector", "process", "product", "technology").is_duplicated().sum() == 0
    steel = frame.filter(pl.col("process") == "industry.steel.eaf", pl.col("product") == "crude_steel")
    assert "CO2" in steel["species"][0].to_list()
    bare = frame.filter(pl.col("records") == 0)
    assert bare.height > 0
    assert bare["species"].list.len().sum() == bare["species"].null_count() == 0
    assert frame["sector_title"].str.len_chars().min() > 0
    assert frame.filter(pl.col("technology") != "").height > 200


def test_path_and_sector() -> None:
    assert path("industry.steel.bof") == "工业 → 钢铁 → 转炉炼钢"
    assert path("energy", "en") == "Energy production and conversion"
    assert sector("transport.road.car") == "transport"


def test_processes_by_code() -> None:
    assert "industry.cement.clinker" in processes("ipcc_2006", "2.A.1")
    assert processes("nfr", "1.A.3.c") == ["transport.rail"]
    assert processes("gbt4754", "3011")[0] == "industry.cement"
    with pytest.raises(ValueError, match="no scheme"):
        processes("isic", "24")  # type: ignore[arg-type]
    assert set(SCHEMES) <= set(shelf("process").columns)

"""The library on the official balance of China 2020, beside published totals of the same sources.

Benchmarks [kt]: annual report of the environment 2020 (318.2 and 1,019.7 × 10^4 t of SO2 and NOx);
mobile sources report of 2021 (vehicles 2020: NOx 626.3, CO 769.7; off-road NOx 478.2 × 10^4 t);
INTAC, an integrated inventory of China for 2017 (SO2 12.3, CO 141 Tg).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tongyuan.flows.account.account import account
from tongyuan.ledger.workspace import load

SETTINGS = 'name = "全国 2020"\nkind = "province"\nregion = "全国"\nlanguage = "zh"\ntables = ["tables/*"]\n'
OUTPUT = "地区,年份,工艺过程,燃料或产品,数值,单位,来源\n" + "".join(
    f"全国,2020,{process},{product},{value},{unit},product_output_2019_2020.csv\n"
    for process, product, value, unit in (
        ("水泥", "水泥", 239470.83, "万吨"),
        ("钢铁", "粗钢", 106476.68, "万吨"),
        ("平板玻璃", "平板玻璃", 95227.79, "万重量箱"),
    )
)
PUBLISHED = [
    # species, kt, what it covers, processes of the same scope
    (
        "NOx",
        10_197,
        "环境统计2020（不含非道路）",
        "能源生产与转换、工业、城乡建设、农业用能、建筑业燃烧、道路移动源",
    ),
    ("NOx", 6_263, "机动车2020", "道路移动源"),
    ("CO", 7_697, "机动车2020", "道路移动源"),
    ("NOx", 4_782, "非道路移动源2020", "非道路移动机械、铁路、船舶、航空"),
    ("CO", 141_000, "INTAC 2017 全部来源", ""),
    ("SO2", 3_182, "环境统计2020 全部来源", ""),
    ("SO2", 12_300, "INTAC 2017 所有来源", ""),
]


@pytest.fixture(scope="module")
def ratios(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[tuple[str, str], tuple[float, str]]:
    folder = tmp_path_factory.mktemp("nation")
    tables = folder / "tables"
    tables.mkdir()
    source = Path(__file__).parents[1] / "ledger" / "balance" / "national.csv"
    column = pl.selectors.numeric()  # one is misprinted: 1,640.36 is the sum of its parts
    wide = pl.read_csv(source).filter(pl.col("year") == 2020).drop("year")
    wide = wide.with_columns(pl.when(column == 164036).then(1640.36).otherwise(column).name.keep())
    book = xlsxwriter.Workbook(tables / "全国能源平衡表2020.xlsx")
    page = book.add_worksheet("全国2020")
    page.write(0, 0, "单位：万吨标准煤")
    page.write_row(1, 0, ["项目", *wide.columns[1:]])
    for number, row in enumerate(wide.rows(), start=2):
        for place, cell in enumerate(row):
            if cell is not None:
                page.write(number, place, cell)
    book.close()
    (folder / "tongyuan.toml").write_text(SETTINGS, encoding="utf-8")
    (tables / "活动水平.csv").write_text(OUTPUT, encoding="utf-8")
    head = "地区,年份,物质,核算范围,对照工艺过程,数值,单位,来源\n"
    rows = [f"全国,2020,{s},{b},{p},{v},kt,见测试说明\n" for s, v, b, p in PUBLISHED]
    (tables / "公布总量.csv").write_text(head + "".join(rows), encoding="utf-8")
    found = account(load(folder)).tables["comparison"]
    return {
        (row["species"], row["boundary"]): (row["ratio"], row["explanation_en"])
        for row in found.iter_rows(named=True)
    }


@pytest.mark.parametrize(("species", "boundary"), [(row[0], row[2]) for row in PUBLISHED[:5]])
def test_totals_of_china_are_near_published_ones_of_the_same_sources(
    ratios: dict[tuple[str, str], tuple[float, str]], species: str, boundary: str
) -> None:
    ratio, why = ratios[species, boundary]
    assert 0.6 <= ratio <= 1.6
    assert why


def test_sulphur_lies_between_statistics_and_science(
    ratios: dict[tuple[str, str], tuple[float, str]],
) -> None:
    """No total of 2020 that holds household coal as well could be read: 2.3 of one, 0.6 of the other."""
    assert ratios["SO2", "环境统计2020 全部来源"][0] == pytest.approx(2.3, abs=0.1)
    assert ratios["SO2", "INTAC 2017 所有来源"][0] == pytest.approx(0.6, abs=0.05)

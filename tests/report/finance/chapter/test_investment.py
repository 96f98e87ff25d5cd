import polars as pl
from tests.report.finance_tables import projects

from tongyuan.ledger.table import from_rows
from tongyuan.report.base.block import Paragraph, TableBlock
from tongyuan.report.finance.chapter.investment import section


def test_value_rates_cost_and_payers_stand_in_the_chapter():
    made = section(projects(), "zh")
    told = [b.text for b in made.blocks if isinstance(b, Paragraph)]
    assert told == [
        "按 8.0% 折现，2 个项目中 0 个净现值为正。",
        "给定的政府资金可支持 1 个需要资金的项目中的 1 个，用款 4,000万元，每年减碳 6万吨 CO₂e。",
        "1 份绿电主张中 1 份超出电站发电量，1,000 MWh 不成立。",
        "1 个作为绿色产品的主张中，0 个成立，1 个不成立，0 个缺少证明。",
    ]
    assert made.shown == 4, "what the tables say stands open"
    appraisal, payer, portfolio, claim, green = (b for b in made.blocks if isinstance(b, TableBlock))
    pump, boiler = appraisal.rows
    assert pump[:4] == ["pump", "−914元", "2 个", "收不回"]
    assert boiler[4:] == ["722万元", "6万吨", "234,814", "96.5", "6.1"]
    assert payer.rows[0][1] == "−4,000万元"
    assert portfolio.rows[0][-1] == "入选"
    assert green.rows[0][:6] == ["示例涂料", "VOC", "40 g/L", "50 g/L", "+20.0%", "符合"]
    assert claim.rows[0][-3:] == ["2,000", "1,000", "1,000"]


def test_english_and_what_is_absent():
    made = section(projects(), "en")
    assert made.title == "Projects of climate finance"
    assert "2 rates" in str(made.blocks)
    assert "Screening" not in str(made.blocks)
    alone = section(
        {"green_claim_state": projects()["green_claim_state"].with_columns(refused=pl.lit(0.0))}, "en"
    )
    assert "do not exceed" in alone.blocks[0].text
    assert section({}, "en") is None


def test_ranges_and_screening_stand_in_the_chapter():
    span = {"project": "pump", "draws": 5000, "lower": -2e4, "median": 1e4, "upper": 5e4, "positive": 0.72}
    pump = {"project": "pump", "check": "baseline", "state": "fails", "fact": "1.52 ×", "limit": "0.6553"}
    checks = [pump | {"check": "needs_support", "state": "fits", "fact": None, "limit": None}, pump]
    more = {
        "appraisal_range": from_rows("appraisal_range", [span]),
        "investment_check": from_rows("investment_check", checks),
    }
    made = section(projects() | more, "zh")
    tables = {b.caption[:4]: b for b in made.blocks if isinstance(b, TableBlock)}
    assert tables["价格和性"].rows == [["pump", "−2万元", "1万元", "5万元", "72%"]]
    assert "5,000" in tables["价格和性"].caption
    told = [r[1:5] for r in tables["项目核对"].rows]
    assert told == [["减排基准", "不符合", "1.52 ×", "0.6553"]]
    assert "符合 1 项" in tables["项目核对"].caption
    alone = pump | {"check": "needs_support", "fact": "76896711"}
    made = section(projects() | {"investment_check": from_rows("investment_check", [alone])}, "zh")
    assert "无补贴净现值 7,690万元" in str(made.blocks)


def test_projects_of_one_title_are_told_apart():
    tables = projects()
    tables["appraisal"] = tables["appraisal"].with_columns(title=pl.lit("泵"))
    made = section(tables, "zh")
    assert "泵（pump）" in str(made.blocks)
    assert "泵（boiler）" in str(made.blocks)

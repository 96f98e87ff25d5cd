"""Every setting of ``tongyuan.toml`` changes a result; one that is added without a case here fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.flows.facility.account import account_facilities
from tongyuan.flows.facility.ledgers import ledgers
from tongyuan.flows.plan.read import plan_settings
from tongyuan.flows.run import run
from tongyuan.flows.score import index_of
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.settings import fields
from tongyuan.ledger.workspace import check, load
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.money import conversion
from tongyuan.pathway.example import steel

ACTIVITY = """
region,year,process,product,value,unit,uncertainty,source
山东省,2014,火力发电,原煤,90,万吨,5,x
山东省,2020,火力发电,原煤,100,万吨,5,x
山东省,2021,火力发电,原煤,110,万吨,5,x
山东省,2021,工业锅炉,天然气,1,亿立方米,,x
某园区,2021,工业锅炉,原煤,50,万吨,,x
山东省,2021,工业锅炉,柴油,0.001,万吨,,x
"""
CONTROL = """
region,year,process,product,control,applied,source
山东省,2021,火力发电,原煤,湿法脱硫,0.95,x
某园区,2021,工业锅炉,原煤,湿法脱硫,0.95,x
"""
ENERGY = """
region,year,electricity,non_fossil_contracted,source
山东省,2021,100,20,x
山东省,2022,100,20,x
"""
SITE = "370000,2010,S1,managed_anaerobic,food,temperate_dry,10000,x"
TABLES: dict[str, str] = {
    "livestock": "region,year,animal,heads,source\n山东省,2021,马,1000,x\n",
    "landfill": f"region,year,site,site_kind,waste,climate,amount,source\n{SITE}\n",
    "soil": "region,year,fertiliser,amount,temperature,area_applied,source\n"
    "山东省,2021,硫酸铵,1000,15,500,x\n",
    "rice": "region,year,season,water,preseason,area_harvested,days,source\n"
    "山东省,2021,单季稻,持续淹水,季前排水少于180天,1000,100,x\n",
    "aluminium": "region,year,line,output,source\n山东省,2021,一,100000,x\n",
}
TABLE = {
    "landfill": "landfill_deposit",
    "soil": "fertiliser",
    "rice": "rice_field",
    "aluminium": "aluminium_line",
}
FACILITY = {
    "facility": "facility,name,kind,region\nE1,示例,火力发电,济南市\n",
    "energy_trade": "facility,month,kind,value,unit\nE1,2025-01,购入电力,1000,MWh\n",
}
WORKS = {
    "facility": "facility,name,kind,region,ets_sector\nE1,示例,水泥,石家庄市,水泥\n",
    "installation": "facility,installation,kind\nE1,K1,熟料生产线\n",
    "output": "facility,month,installation,product,value,unit\nE1,2026-01,K1,水泥熟料,100000,t\n",
    "manual_test": "facility,outlet,time,species,value,unit,flow,hours\n"
    "E1,DA001,2026-01-09 10:00,SO2,50,mg/m3,100000,700\n",
}
BALANCE = "[facility]\nbalance = {cement = 0.5}\n"
PRICE = BALANCE + "carbon_price = 75\n"
RICE = '[method]\nrice = "provincial_guideline"\n'
UNVERIFIED = "[account]\ninclude_unverified = true\n"


def emissions(folder: Path) -> Any:
    return account(load(folder)).tables["emission"].rows()


def outcome(folder: Path) -> Any:
    """Return the emissions, or what forbids them."""
    try:
        return emissions(folder)
    except FindingError as error:
        return [f.check for f in error.findings]


def of(name: str) -> Callable[[Path], Any]:
    return lambda folder: account(load(folder)).tables[name].rows()


def ledger(name: str) -> Callable[[Path], Any]:
    """Return a function to a ledger of the enterprises in a folder."""

    def rows(folder: Path) -> Any:
        workspace = load(folder)
        made, _ = account_facilities(workspace)
        tables, _ = ledgers(Inputs(workspace.settings, workspace.tables, made=made))
        return tables[name].rows()

    return rows


WORLD = {"activity": ACTIVITY, "control": CONTROL, "purchased_energy": ENERGY}
Case_ = tuple[str, str, dict[str, str], Callable[[Path], Any]]
ACCOUNT: dict[str, Case_] = {
    "account.years": ("", "[account]\nyears = [2021]\n", WORLD, emissions),
    "account.base_year": (
        "[account]\nbase_year = 2014\n", "[account]\nbase_year = 2020\n", WORLD, of("key_category"),
    ),
    "account.gwp_set": (
        '[account]\ngwp_set = "AR5"\n', '[account]\ngwp_set = "AR6"\n', WORLD, of("summary"),
    ),
    "account.fuel_set": ("", '[account]\nfuel_set = "A"\n', WORLD, emissions),
    "account.grid_variant": (
        "", '[account]\ngrid_variant = "fossil"\n', {"purchased_energy": ENERGY}, emissions,
    ),
    "account.include_unverified": (
        RICE, UNVERIFIED + RICE, {"rice_field": TABLES["rice"]}, outcome,
    ),
    "account.seed": ("[account]\nseed = 1\n", "[account]\nseed = 2\n", WORLD, of("uncertainty")),
    "account.draws": ("[account]\ndraws = 0\n", "[account]\ndraws = 200\n", WORLD, of("uncertainty")),
    "account.detail": ("", '[account]\ndetail = "key"\n', WORLD, emissions),
    "account.basis": ("", '[account]\nbasis = "before_control"\n', WORLD, emissions),
    "account.gap_share": (
        "[account]\ngap_share = 0.0\n", "[account]\ngap_share = 0.9\n", WORLD, of("gap"),
    ),
    "method.uncertainty": (
        "", '[method]\nuncertainty = "approach_1_truncated"\n', WORLD, of("uncertainty"),
    ),
    "facility.guide": ("", '[facility]\nguide = ["power_2026"]\n', FACILITY, emissions),
    "facility.tax_zone": ("", '[facility]\ntax_zone = "一档"\n', WORKS, ledger("tax_account")),
    "facility.drafts": (
        BALANCE, BALANCE + "drafts = false\n", WORKS, ledger("allowance_account"),
    ),
    "facility.balance": ("", BALANCE, WORKS, ledger("allowance_account")),
    "facility.carbon_price": (BALANCE, PRICE, WORKS, ledger("allowance_account")),
    "facility.offset_price": (
        PRICE, PRICE + "offset_price = 20\n", WORKS, ledger("allowance_account"),
    ),
    "method.grid_year": ("", "[method]\ngrid_year = 2023\n", {"purchased_energy": ENERGY}, emissions),
    "method.market_view": ("", "[method]\nmarket_view = true\n", {"purchased_energy": ENERGY}, emissions),
    **{
        f"method.{name}": (
            UNVERIFIED, f'{UNVERIFIED}[method]\n{name} = "{edition}"\n',
            {TABLE.get(name, name): TABLES[name]}, emissions,
        )
        for name, edition in (
            ("livestock", "provincial_guideline"), ("landfill", "ipcc_2006"), ("soil", "ipcc_2019"),
            ("rice", "provincial_guideline"), ("aluminium", "guide_2013"),
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(ACCOUNT))
def test_a_setting_of_the_account_changes_a_result(make: Make, name: str) -> None:
    before, after, tables, result = ACCOUNT[name]
    found = []
    for number, text in enumerate((before, after)):
        folder = make(text, kind="city", folder=f"w{number}", **tables)
        found.append(result(folder))
    assert found[0] != found[1]


@pytest.mark.parametrize("edition", ["ipcc_2006"])
def test_the_other_edition_of_livestock(make: Make, edition: str) -> None:
    table = "region,year,animal,stage,heads,source\n山东省,2021,pig,,1000,x\n"
    one = emissions(make("", folder="a", livestock=table))
    two = emissions(make(f'[method]\nlivestock = "{edition}"\n', folder="b", livestock=table))
    assert one != two


def money(folder: Path) -> Any:
    settings = _planned(folder)
    found = conversion("EUR", 2015, settings)
    return None if found is None else found.factor


def _planned(folder: Path) -> Any:
    return plan_settings(load(folder).settings.plan)


def solved(folder: Path) -> Any:
    return least_cost(replace(steel(), settings=_planned(folder))).cost


RATE = "[plan]\ndiscount_rate = 0.05\n"
PLAN: dict[str, tuple[str, str, Callable[[Path], Any]]] = {
    "plan.discount_rate": (RATE, "[plan]\ndiscount_rate = 0.15\n", solved),
    "plan.currency": (f"{RATE}price_year = 2020\n", f'{RATE}price_year = 2020\ncurrency = "USD"\n', money),
    "plan.price_year": (f"{RATE}price_year = 2020\n", f"{RATE}price_year = 2022\n", money),
    "plan.price_index": (
        f"{RATE}price_year = 2020\n", f'{RATE}price_year = 2020\nprice_index = {{EUR = "ea_hicp"}}\n', money,
    ),
    "plan.conversion": (
        f"{RATE}price_year = 2020\n", f'{RATE}price_year = 2020\nconversion = "exchange_first"\n', money,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(PLAN))
def test_a_setting_of_the_plan_changes_a_result(make: Make, name: str) -> None:
    before, after, result = PLAN[name]
    found = [
        result(make(text, folder=f"w{number}", activity=ACTIVITY))
        for number, text in enumerate((before, after))
    ]
    assert None not in found
    assert found[0] != found[1]


def test_tables_are_those_of_the_patterns(make: Make) -> None:
    folder = make('tables = ["tables/act*"]\n', kind="city", **WORLD)
    assert set(load(folder).tables) == {"activity"}


PARK = '[assess]\nindex = "park"\n'


def test_the_index_follows_kind_and_setting(make: Make) -> None:
    found = [
        index_of(load(make(text, kind=kind, folder=f"{kind}{n}", activity=ACTIVITY)).settings)
        for n, (kind, text) in enumerate(
            [
                ("city", ""),
                ("park", ""),
                ("city", '[assess]\nindex = "park"\n'),
                ("city", '[assess]\nindex = "none"\n'),
            ]
        )
    ]
    assert [i and i.id for i in found] == ["city", "park", "park", None]


def test_reports_come_in_the_languages_and_documents_that_are_asked_for(make: Make) -> None:
    text = '[account]\ndraws = 0\n[report]\nlanguages = ["en"]\ndocuments = false\nannex = true\n'
    done = run(make(text, activity=ACTIVITY, region="山东省", kind="city"), only=["deploy"])
    assert list(done.reports) == ["en"]
    assert done.documents == ()
    page = done.reports["en"].read_text("utf-8")
    assert "<title>case" in page or ">case<" in page
    assert not list(done.folder.glob("*.zh.*"))
    annex = (done.folder / "report.en.annex.html").read_text("utf-8")
    assert '<details class="fold" open>' in annex
    assert '<details class="fold" open>' not in page


def test_an_english_name_heads_the_english_report_alone(make: Make) -> None:
    text = 'name_en = "Town of Tests"\n[account]\ndraws = 0\n'
    folder = make(text, activity=ACTIVITY)
    written = folder / "tongyuan.toml"
    written.write_text(written.read_text("utf-8").replace('language = "en"', 'language = "zh"'), "utf-8")
    done = run(folder, only=["account"])
    assert "<h1>Town of Tests</h1>" in done.reports["en"].read_text("utf-8")
    assert "<h1>case</h1>" in done.reports["zh"].read_text("utf-8")


def test_a_number_that_is_wrong_in_one_place_is_told_once(make: Make) -> None:
    workspace, findings = check(make("[account]\ndraws = 5\n", activity=ACTIVITY))
    assert workspace is None
    assert [f.check for f in findings if f.severity == "error"] == ["settings_value"]


ELSEWHERE = {
    "name": "here: the title of a report",
    "name_en": "here: the title of a report in English",
    "kind": "here: the index",
    "language": "here: the language of the title; tests/cli/test_workspace.py",
    "tables": "here",
    "region": "tests/cases/test_case_10*: an own region sees the records of the one it lies in",
    "assess.index": "here",
    "report.languages": "here",
    "report.documents": "here",
    "report.annex": "here",
    "account.engine": "tests/ledger/read/test_cluster.py: the same result, its activity summed on Spark",
    "account.overlap": "tests/cases/test_case_05*: which of two tables counts",
    "account.waive": "tests/cases/test_case_09*: a check answered for by name",
    "finance.discount_rate": "tests/cli/test_finance.py: the value of a project",
    "finance.sensitivity": "tests/finance/appraisal/test_tables.py: value at other rates",
    "finance.carbon_price": "tests/finance/appraisal/test_tables.py: the split of a cost",
    "finance.equivalent_price": "tests/finance/appraisal/test_tables.py: the split of a cost",
    "finance.budget": "tests/flows/finance/test_invest.py: which projects are chosen",
    "allocation.grid": "tests/flows/allocation/test_given.py: the grid that is named",
    "allocation.year": "tests/flows/allocation/test_allocate.py: what is emitted in another year",
    "allocation.timezone": "tests/flows/allocation/test_given.py: hours of a zone",
    "allocation.species": "tests/flows/allocation/test_allocate.py: only these are allocated",
    "allocation.layers": "tests/flows/allocation/test_allocate.py: shares of layers",
    "allocation.mechanism": "tests/flows/allocation/test_tables.py: moles by molar masses",
    "impact.standard": "tests/flows/impact/test_air.py: a named standard is a scenario",
    "impact.zone": "tests/flows/impact/test_air.py: limits of class 1",
    "impact.chinese_cohort": "tests/flows/impact/test_air.py: the other edition of the risk function",
    "impact.death_value": "tests/flows/plan/test_aimed_air.py: what a death is worth moves the plan",
    "impact.carbon_value": "tests/flows/impact/test_valuation.py: a tonne is worth something to the world",
    "impact.risk_function": "tests/impact/health/test_tables.py: a further function beside GEMM",
    "plan.base_year": "tests/flows/plan/test_plan.py: the year whose inventory the plan rests on",
    "plan.include_damage": "tests/pathway/test_independent.py: monetised damage in the objective",
}


def test_no_setting_is_without_a_case() -> None:
    every = {f"{branch}.{name}" if branch else name for branch, name, _ in fields()}
    assert every == {*ACCOUNT, *PLAN, *ELSEWHERE}

"""The branches of ``tongyuan.toml``: what each flow may be told, frozen and strict."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tongyuan.ledger.waive import WAIVABLE
from tongyuan.reference.shelf import Language, identify, shelf

Kind = Literal["province", "city", "park", "enterprise"]
AREAS = ("province", "city")
"""Kinds of workspace that are administrative areas, with every common source and a government in them."""
ON_SHELF = ("gwp_set", "fuel_set", "grid_variant")
"""Settings whose values are the ids (or titles) of the shelf of the same name."""
GRID = ("average", "excluding_traded", "fossil", "ets")
"""Variants of the grid factor [kg CO2/kWh] that account electricity; life-cycle footprints do not."""

LEAST_DRAWS = 100
"""Fewer draws say nothing about the ends of a 95 % interval."""


class Branch(BaseModel):
    """Settings that belong together; frozen, and unknown settings are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def on_shelf(name: str) -> tuple[str, ...]:
    """Return the values that setting `name` of a shelf may take."""
    return GRID if name == "grid_variant" else tuple(shelf(name)[shelf(name).columns[0]])


class AccountSettings(Branch):
    """``[account]``: what is accounted, with which sets of facts, and how."""

    years: tuple[int, ...] = Field(
        (), description="核算年份，空为表中所有年份 · Years to account; empty: all"
    )
    base_year: int | None = Field(None, ge=1900, le=2100, description="基准年 · Base year of comparisons")
    gwp_set: str = Field("AR5", description="增温潜势版本 · Set of global warming potentials")
    fuel_set: str = Field("C", description="燃料参数组 · Set of fuel properties")
    grid_variant: str = Field("average", description="电网因子口径 · Variant of the grid factor")
    include_unverified: bool = Field(
        False, description="是否使用未核实的因子和观测 · Whether unverified factors and observations act"
    )
    seed: int = Field(2026, ge=0, description="随机种子 · Seed of the draws")
    draws: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="抽样次数，至少 100；0 为不抽样 · Number of draws, at least 100; 0: none",
    )
    detail: Literal["activity", "key"] = Field(
        "activity",
        description="排放按活动行列出，或先按排放源汇总（行数以百万计时；同一排放源的各行须各有编号） · "
        "Emission rows per activity row, or summed by source first (for millions of rows; rows of one source "
        "then need ids of their own)",
    )
    engine: Literal["embedded", "spark"] = Field(
        "embedded",
        description="在何处汇总活动水平；spark 在读取 Parquet 时按排放源汇总 · "
        "Where activity is summed; spark sums Parquet by source as it is read",
    )
    basis: Literal["never_higher", "before_control"] = Field(
        "never_higher",
        description="各年口径一致：治理设施使排放不高于治理后因子时用治理前因子，或凡有设施即用治理前因子 · "
        "Factors before control with devices where these never leave more than a factor after control would, "
        "or wherever there is a device",
    )
    gap_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="占比高于此值而无治理记录的排放源列为缺口 · "
        "Share of a species above which a source without control rows is a gap",
    )
    overlap: Literal["refuse", "activity", "balance"] = Field(
        "refuse",
        description="活动水平与能源平衡表重复时：拒绝、以活动水平为准（平衡表计余量）、以平衡表为准 · "
        "Where table activity and the balance hold the same: refuse, or which of them counts",
    )
    waive: tuple[str, ...] = Field(
        (), description="已核实、不再作为错误的检查 · Checks answered for, which no longer forbid to go on"
    )

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1900 <= year <= 2100 for year in years):
            raise ValueError("year")
        return years

    @field_validator("draws")
    @classmethod
    def _draws(cls, draws: int) -> int:
        if 0 < draws < LEAST_DRAWS:
            raise ValueError("draws")
        return draws

    @field_validator("waive")
    @classmethod
    def _waive(cls, waive: tuple[str, ...]) -> tuple[str, ...]:
        if set(waive) - set(WAIVABLE):
            raise ValueError("waive")
        return waive

    @field_validator(*ON_SHELF)
    @classmethod
    def _on_shelf(cls, value: str, info: Any) -> str:
        found = identify(str(info.field_name), value)
        if found is None or found not in on_shelf(str(info.field_name)):
            raise ValueError("shelf")
        return found


class MethodSettings(Branch):
    """``[method]``: editions of published coefficients, and the choices a method leaves open."""

    livestock: Literal["gbt_32151_22_2024", "ipcc_2006", "provincial_guideline"] = Field(
        "gbt_32151_22_2024", description="畜禽系数版本 · Edition of the livestock coefficients"
    )
    landfill: Literal["ipcc_2019", "ipcc_2006"] = Field(
        "ipcc_2019", description="填埋系数版本 · Edition of the landfill coefficients"
    )
    soil: Literal["ipcc_2006", "ipcc_2019", "provincial_guideline"] = Field(
        "ipcc_2006", description="农用地氮系数版本 · Edition of the soil nitrogen coefficients"
    )
    rice: Literal["ipcc_2006", "ipcc_2019", "provincial_guideline"] = Field(
        "ipcc_2006", description="稻田系数版本 · Edition of the rice coefficients"
    )
    aluminium: Literal["ets_aluminium_2024", "guide_2013"] = Field(
        "ets_aluminium_2024", description="铝电解阳极效应系数版本 · Edition of the anode effect coefficients"
    )
    uncertainty: Literal["approach_1", "approach_1_truncated"] = Field(
        "approach_1",
        description="误差传播：IPCC 方法一，或在零处截断的区间 · "
        "Error propagation: IPCC approach 1, or intervals cut at zero",
    )
    grid_year: int | None = Field(
        None,
        ge=1990,
        le=2100,
        description="净购入电力所用电网因子的年份，不写为当年 · "
        "Year of the grid factor of purchased electricity; not given: that of the row",
    )
    market_view: bool = Field(
        False,
        description="购入电力按合同核算（基于市场） · Purchased electricity by contracts (market-based)",
    )


class PlanSettings(Branch):
    """``[plan]``: how the costs of a plan are counted."""

    discount_rate: float | None = Field(
        None, ge=0, lt=1, description="折现率，由使用者负责，没有默认值 · Discount rate: the user's choice"
    )
    base_year: int | None = Field(
        None, ge=1900, le=2100, description="既有存量的年份 · Year of the existing stock"
    )
    currency: str = Field("CNY", min_length=1, description="结果的货币 · Money of the results")
    price_year: int | None = Field(
        None, ge=1900, le=2100, description="结果的价格年份 · Price year of the results"
    )
    price_index: dict[str, str] = Field(
        {}, description="各货币所用的价格指数 · Price index by currency, instead of the usual one"
    )
    conversion: Literal["inflate_first", "exchange_first"] = Field(
        "inflate_first",
        description="外币旧价：先调价后换汇，或先换汇后调价 · Order of converting a foreign cost",
    )
    include_damage: bool = Field(
        False, description="目标函数是否计入货币化损害 · Whether monetised damage counts in the objective"
    )


class FacilitySettings(Branch):
    """``[facility]``: how enterprises are accounted."""

    guide: tuple[str, ...] = Field(
        (),
        description="指定的核算指南，空为按月份适用的指南 · "
        "Guides to account by; empty: those in force in each month",
    )
    tax_zone: str = Field(
        "",
        description="环境保护税分档省份的档次，如 一档 · Zone of a province whose tax rates have zones",
    )
    drafts: bool = Field(
        True, description="配额是否采用征求意见稿 · Whether consultation texts of allocation plans act"
    )
    balance: dict[str, float] = Field(
        {}, description="各行业平衡值（情景），吨/吨 · Balance values of the sectors as a scenario, t/t"
    )
    carbon_price: float | None = Field(
        None, ge=0, description="配额价格，元/吨 · Price of an allowance, yuan/t"
    )
    offset_price: float | None = Field(
        None, ge=0, description="自愿减排量价格，元/吨 · Price of a CCER, yuan/t"
    )


class ImpactSettings(Branch):
    """``[impact]``: what is said of air and health."""

    standard: Literal["", "GB3095-2012", "GB3095-2026-transition", "GB3095-2026"] = Field(
        "",
        description="环境空气质量标准，空为按日期（情景时可指定） · "
        "Standard of ambient air; empty: by date, a named one is a scenario",
    )
    zone: Literal[1, 2] = Field(2, description="环境空气功能区类别 · Class of the functional area")
    chinese_cohort: bool = Field(
        True,
        description="GEMM 是否含中国男性队列 · Whether GEMM is that with the cohort of Chinese men",
    )
    risk_function: Literal["gemm_2018", "ier_2014", "fusion_2022", "own"] = Field(
        "gemm_2018",
        description="与 GEMM 并列的浓度—反应函数，own 为“风险点”表 · "
        "Risk function whose burden stands beside that of GEMM; own is table Risk point",
    )
    carbon_value: float | None = Field(
        None,
        ge=0,
        description="每吨二氧化碳当量的价值，以规划的货币计；空为不计气候效益 · "
        "Value of each tonne of CO2e less, in the money of the plan; empty: climate is not valued",
    )
    death_value: float | None = Field(
        None,
        ge=0,
        description="每避免一例死亡的价值，以规划的货币计；[plan] include_damage 时计入目标函数 · "
        "Value of each death avoided, in the money of the plan; in the objective with [plan] include_damage",
    )


class AllocationSettings(Branch):
    """``[allocation]``: on what grid, of which year and in which time emissions are allocated."""

    grid: str = Field("", description="网格，空为唯一的一个 · Grid; empty: the only one")
    year: int | None = Field(
        None, ge=1900, le=2100, description="年份，空为最近一年 · Year; empty: the latest"
    )
    timezone: str = Field(
        "Asia/Shanghai", min_length=1, description="时间谱所用时区 · Time zone of the profiles"
    )
    species: tuple[str, ...] = Field(
        (), description="要分配的物质，空为全部 · Species to allocate; empty: all"
    )
    layers: tuple[float, ...] = Field(
        (), description="各层层顶，米；空为一层 · Tops of the layers, m; empty: one layer"
    )
    mechanism: Literal["", "RADM2", "CB05", "SAPRC99", "MOZART"] = Field(
        "",
        description="化学机制，用其摩尔质量并核对物种名 · "
        "Chemical mechanism whose molar masses act and whose names are checked",
    )


class FinanceSettings(Branch):
    """``[finance]``: how projects are appraised and what a sum is to buy."""

    discount_rate: float = Field(
        0.08,
        ge=0,
        lt=1,
        description="财务折现率，默认社会折现率 8%（发改投资〔2006〕1325号） · "
        "Rate of discounting; by default the social rate",
    )
    sensitivity: tuple[float, ...] = Field(
        (0.05, 0.10), description="敏感性折现率 · Rates of the sensitivity"
    )
    carbon_price: float | None = Field(
        None, gt=0, description="分摊成本用的碳价，元/吨 · Price of carbon that shares out costs, yuan/t"
    )
    equivalent_price: float | None = Field(
        None, gt=0, description="分摊成本用的污染当量价，元/当量 · Price of an equivalent, yuan"
    )
    budget: float | None = Field(
        None, ge=0, description="政府资金，元；有值时求组合 · Money of the government; chooses a portfolio"
    )


class AssessSettings(Branch):
    """``[assess]``: by what a workspace is assessed."""

    index: str = Field(
        "",
        description="协同度指标体系：名称或 TOML 文件，空为随类型，none 为不评 · "
        "Synergy index: a name or a TOML file; empty: by kind, none: no score",
    )


class ReportSettings(Branch):
    """``[report]``: what is written for a reader."""

    languages: tuple[Language, ...] = Field(
        ("zh", "en"), min_length=1, description="报告的语言 · Languages of the reports"
    )

    @field_validator("languages")
    @classmethod
    def _once(cls, languages: tuple[Language, ...]) -> tuple[Language, ...]:
        return tuple(dict.fromkeys(languages))

    documents: bool = Field(True, description="是否写出公文 · Whether official documents are written")
    annex: bool = Field(
        False,
        description="另写一份全部展开的报告，供打印 · Whether an unfolded report is written, to be printed",
    )

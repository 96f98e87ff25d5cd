"""Settings of a workspace: ``tongyuan.toml``, a tree of strict branches; what is wrong is said as findings.

The branches ``[account] [method] [plan] [facility] [assess] [report]`` are handed, typed, to the room they
are for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.ledger.read.lookup import close_names
from tongyuan.ledger.waive import WAIVABLE
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language, identify, shelf

SETTINGS = "tongyuan.toml"

Kind = Literal["province", "city", "park", "enterprise"]
ON_SHELF = ("gwp_set", "fuel_set", "grid_variant")
"""Settings whose values are the ids (or titles) of the shelf of the same name."""
GRID = ("average", "excluding_traded", "fossil", "ets")
"""Variants of the grid factor [kg CO2/kWh] that account electricity; life-cycle footprints do not."""

LEAST_DRAWS = 100
"""Fewer draws say nothing about the ends of a 95 % interval."""


class Branch(BaseModel):
    """Settings that belong together; frozen, and unknown settings are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _ids(name: str) -> tuple[str, ...]:
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
        description="排放按活动行列出，或按排放源汇总（行数以百万计时） · "
        "Emission rows per activity row, or summed by source first (for millions of rows)",
    )
    engine: Literal["embedded", "spark"] = Field(
        "embedded",
        description="汇总活动水平的引擎；spark 按排放源汇总 · Where activity is summed; spark sums by source",
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
        if found is None or found not in _ids(str(info.field_name)):
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


class Settings(Branch):
    """What a workspace is of, and one branch for each flow.

    Examples
    --------
    >>> ty.Settings(name="Qingdao", kind="city", region="青岛市").account.gwp_set
    'AR5'
    """

    name: str = Field(min_length=1, description="名称 · Name shown in reports")
    kind: Kind = Field(description="类型 · Kind of workspace")
    language: Language = Field("zh", description="语言 · Language")
    region: str = Field("", description="地区名称或代码 · Region, title or GB/T 2260 code")
    tables: tuple[str, ...] = Field(("tables/*",), description="数据文件 · Files of tables, as patterns")
    account: AccountSettings = Field(AccountSettings(), description="核算 · Accounting")
    method: MethodSettings = Field(MethodSettings(), description="方法与系数版本 · Methods and editions")
    plan: PlanSettings = Field(PlanSettings(), description="谋划 · Planning")
    facility: FacilitySettings = Field(FacilitySettings(), description="企业 · Enterprises")
    assess: AssessSettings = Field(AssessSettings(), description="考核 · Assessment")
    report: ReportSettings = Field(ReportSettings(), description="报告 · Reports")

    @property
    def region_id(self) -> str:
        """Id of the region, or its own name where it is not an administrative one."""
        return identify("region", self.region) or self.region


def branches() -> dict[str, type[Branch]]:
    """Return the branches of the tree by name; the top is ``""``."""
    kinds = {name: field.annotation for name, field in Settings.model_fields.items()}
    found = {n: k for n, k in kinds.items() if isinstance(k, type) and issubclass(k, Branch)}
    return {"": Settings, **found}


def fields() -> Iterator[tuple[str, str, FieldInfo]]:
    """Yield every setting: its branch (``""`` for the top), name and definition."""
    every = branches()
    for branch, model in every.items():
        for name, field in model.model_fields.items():
            if name not in every:
                yield branch, name, field


def read_settings(folder: Path) -> tuple[Settings | None, list[Finding]]:
    """Return the settings of the workspace in `folder`, or None and what is wrong with them."""
    path = folder / SETTINGS
    if not path.is_file():
        return None, [finding("ledger", "settings_missing", file=SETTINGS)]
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [finding("ledger", "settings_encoding", file=SETTINGS)]
    except OSError:
        return None, [finding("ledger", "file_locked", file=SETTINGS)]
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        line = re.search(r"line (\d+)", str(wrong))
        row = int(line.group(1)) if line else None
        return None, [finding("ledger", "settings_syntax", file=SETTINGS, row=row, reason=str(wrong))]
    told = _homed(data, text)
    try:
        return Settings.model_validate(data), told
    except ValidationError as wrong:
        return None, [*told, *(_finding(error, text) for error in wrong.errors())]


def _homed(data: dict[str, Any], text: str) -> list[Finding]:
    """Put settings written before every branch into the branch they belong to, and say so.

    One that stands in its branch as well stays where it is, and is refused.
    """
    every = branches()
    told = []
    for name in [key for key in data if key not in Settings.model_fields]:
        home = next((b for b, model in every.items() if name in model.model_fields), "")
        branch = data.setdefault(home, {}) if home else None
        if isinstance(branch, dict) and name not in branch:
            branch[name] = data.pop(name)
            place: dict[str, Any] = {"file": SETTINGS, "row": _line(text, "", name)}
            told.append(finding("ledger", "settings_flat", key=name, branch=_titled(home, name), **place))
    return told


def _line(text: str, branch: str, name: str) -> int | None:
    """Return the line on which setting `name` of `branch` stands, or that of the branch."""
    head, inside = None, branch == ""
    for number, row in enumerate(text.splitlines(), 1):
        bare = row.strip()
        if bare.startswith("["):
            inside = bare.partition("]")[0].strip("[] ") == branch
            head = number if inside or name in bare.partition("]")[0].strip("[] ").split(".") else head
        elif inside and re.match(rf"[\"']?{re.escape(name)}[\"']?\s*[=.]", bare):
            return number
        elif branch and re.match(rf"{re.escape(branch)}\s*[=.]", bare):
            head = number
    return head


def _finding(error: ErrorDetails, text: str) -> Finding:
    path = [str(part) for part in error["loc"]]
    every = branches()
    branch, name = (path[0], path[1]) if path[0] in every and len(path) > 1 else ("", path[0])
    key = ".".join(path)
    place: dict[str, Any] = {"file": SETTINGS, "row": _line(text, branch, name) or _line(text, "", name)}
    if error["type"] == "extra_forbidden":
        homes = [b for b, model in every.items() if name in model.model_fields]
        if homes:
            return finding("ledger", "settings_moved", key=key, branch=_titled(homes[0], name), **place)
        allowed = list(every[branch].model_fields)
        known = [(_dotted(b, n), n) for b, n, _ in fields()] + [(b, b) for b in every if b]
        hint = close_names(name, known)
        return finding(
            "ledger", "settings_unknown_key", key=key, suggestion=hint, allowed=", ".join(allowed), **place
        )
    if error["type"] == "missing":
        return finding("ledger", "settings_missing_key", key=key, file=SETTINGS)
    value = repr(error["input"]) if not isinstance(error["input"], str) else error["input"]
    return finding(
        "ledger", "settings_value", key=key, value=value[:60], reason=_reason(error, name), **place
    )


def _dotted(branch: str, name: str) -> str:
    return f"{branch}.{name}" if branch else name


def _titled(branch: str, name: str) -> Bilingual:
    """Return where setting `name` stands, in words."""
    if not branch:
        return Bilingual(
            f"文件开头、各 [分支] 之前（{name} = …）", f"the top, before any [branch] ({name} = …)"
        )
    return Bilingual(f"[{branch}] 之下（{name} = …）", f"branch [{branch}] ({name} = …)")


def _reason(error: ErrorDetails, key: str) -> Bilingual:
    kind, context = error["type"], error.get("ctx", {})
    words = {str(k): str(v).replace(" or ", ", ") for k, v in context.items()}
    if kind == "value_error" and key in ON_SHELF:
        kind, words = "literal_error", {"expected": ", ".join(_ids(key))}
    if kind == "value_error" and key == "draws":
        kind, words = "draws", {"least": str(LEAST_DRAWS)}
    if kind == "value_error" and key == "waive":
        kind, words = "literal_error", {"expected": ", ".join(WAIVABLE)}
    sentences = catalogue("ledger").get(f"reason_{kind}")
    if sentences is None:
        return Bilingual(error["msg"], error["msg"])
    return Bilingual(sentences["zh"].format(**words), sentences["en"].format(**words))


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """Return `settings` with some of them changed, by dotted name: ``{"account.gwp_set": "AR6"}``.

    Raises
    ------
    FindingError
        With a finding for each setting that does not exist or cannot have such a value.
    """
    tree = settings.model_dump()
    for key, value in changes.items():
        branch, dot, name = key.partition(".")
        if dot and isinstance(tree.get(branch), dict):
            tree[branch][name] = value
        else:
            tree[key] = value
    try:
        return Settings.model_validate(tree)
    except ValidationError as wrong:
        raise FindingError([_finding(error, "") for error in wrong.errors()]) from None


def settings_text(settings: Settings) -> str:
    """Return `settings` as the text of a ``tongyuan.toml`` with a remark on every line."""
    comment = catalogue("ledger")["settings_comment"]
    lines = [f"# {comment['zh']}", f"# {comment['en']}"]
    told: str | None = None
    for branch, name, field in fields():
        part = getattr(settings, branch) if branch else settings
        if branch != told:
            title = [f"# {Settings.model_fields[branch].description}", f"[{branch}]"] if branch else []
            lines += ["", *title]
            told = branch
        value = getattr(part, name)
        lines.append(f"# {field.description}")
        lines.append(f"# {name} =" if value is None else f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(str(k))} = {_toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped) + '"'
    return str(value)


def setting_title(key: str, language: Language) -> str | None:
    """Return what the setting `key` (``account.draws``) is in words, None where there is none."""
    for branch, name, field in fields():
        if _dotted(branch, name) == key:
            zh, _, en = str(field.description).partition(" · ")
            return zh if language == "zh" else en
    return None


def settings_page() -> str:
    """Return every setting as a MyST table: setting, meaning in both languages, allowed values, default."""
    lines = ["| setting | 含义 | meaning | allowed | default |", "|---|---|---|---|---|"]
    for branch, name, field in fields():
        zh, _, en = str(field.description).partition(" · ")
        default = (
            "required" if field.is_required() else "–" if field.default is None else _toml(field.default)
        )
        row = (f"`{_dotted(branch, name)}`", zh, en or zh, _allowed(name, field), f"`{default}`")
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def _allowed(name: str, field: FieldInfo) -> str:
    if name in ON_SHELF:
        return ", ".join(f"`{v}`" for v in _ids(name))
    parts = get_args(field.annotation)
    words = [p for part in parts for p in (get_args(part) or (part,)) if isinstance(p, str)]
    if words:
        return ", ".join(f"`{word}`" for word in words)
    bounds = [getattr(m, k) for m in field.metadata for k in ("ge", "le", "lt") if hasattr(m, k)]
    return " … ".join(format(b, "g") for b in bounds)

"""Settings of a workspace: ``tongyuan.toml``, strict, and what is wrong with it said as findings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.lookup import close_names
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language, identify, shelf

SETTINGS = "tongyuan.toml"

Kind = Literal["province", "city", "park", "enterprise"]


class Settings(BaseModel):
    """What a workspace is of and how it is accounted; frozen, and unknown settings are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, description="名称 · Name shown in reports")
    kind: Kind = Field(description="province 省 · city 市 · park 园区 · enterprise 企业")
    language: Language = Field("zh", description="zh 中文 · en English")
    region: str = Field("", description="地区名称或代码 · Region, title or GB/T 2260 code")
    years: tuple[int, ...] = Field(
        (), description="核算年份，空为表中所有年份 · Years to account; empty: all"
    )
    base_year: int | None = Field(None, ge=1900, le=2100, description="基准年 · Base year")
    gwp_set: str = Field("AR5", description="增温潜势版本 · Set of global warming potentials")
    fuel_set: str = Field("C", description="燃料参数组 · Set of fuel properties")
    grid_variant: str = Field("average", description="电网因子口径 · Variant of the grid factor")
    include_unverified: bool = Field(
        False, description="是否使用未核实的因子 · Whether unverified factors act"
    )
    index: str = Field(
        "",
        description="协同度指标体系：名称或 TOML 文件，空为随类型，none 为不评 · "
        "Synergy index: a name or a TOML file; empty: by kind, none: no score",
    )
    seed: int = Field(2026, ge=0, description="随机种子 · Seed of the draws")
    draws: int = Field(1_000, ge=0, le=1_000_000, description="抽样次数 · Number of draws")
    tables: tuple[str, ...] = Field(("tables/*",), description="数据文件 · Files of tables, as patterns")

    @field_validator("years")
    @classmethod
    def _years(cls, years: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1900 <= year <= 2100 for year in years):
            raise ValueError("year")
        return years

    @field_validator("gwp_set", "fuel_set", "grid_variant")
    @classmethod
    def _on_shelf(cls, value: str, info: Any) -> str:
        name = str(info.field_name)
        try:
            found = identify(name, value)
        except KeyError:
            return value
        if found is None:
            raise ValueError("shelf")
        return found

    @property
    def region_id(self) -> str:
        """Id of the region, or its own name where it is not an administrative one."""
        try:
            return identify("region", self.region) or self.region
        except KeyError:
            return self.region


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
    try:
        return Settings.model_validate(data), []
    except ValidationError as wrong:
        return None, [_finding(error, text) for error in wrong.errors()]


def _finding(error: ErrorDetails, text: str) -> Finding:
    key = ".".join(str(part) for part in error["loc"])
    top = str(error["loc"][0]) if error["loc"] else ""
    line = next((n for n, row in enumerate(text.splitlines(), 1) if row.strip().startswith(top)), None)
    place: dict[str, Any] = {"file": SETTINGS, "row": line}
    known = list(Settings.model_fields)
    if error["type"] == "extra_forbidden":
        hint = close_names(key, [(name, name) for name in known])
        return finding(
            "ledger", "settings_unknown_key", key=key, suggestion=hint, allowed=", ".join(known), **place
        )
    if error["type"] == "missing":
        return finding("ledger", "settings_missing_key", key=key, file=SETTINGS)
    value = repr(error["input"]) if not isinstance(error["input"], str) else error["input"]
    return finding("ledger", "settings_value", key=key, value=value[:60], reason=_reason(error, top), **place)


def _reason(error: ErrorDetails, key: str) -> Bilingual:
    kind, context = error["type"], error.get("ctx", {})
    words = {str(k): str(v) for k, v in context.items()}
    if kind == "value_error" and key in ("gwp_set", "fuel_set", "grid_variant"):
        kind, words = "literal_error", {"expected": ", ".join(shelf(key)[shelf(key).columns[0]])}
    sentences = catalogue("ledger").get(f"reason_{kind}")
    if sentences is None:
        return Bilingual(error["msg"], error["msg"])
    return Bilingual(sentences["zh"].format(**words), sentences["en"].format(**words))


def settings_text(settings: Settings) -> str:
    """Return `settings` as the text of a ``tongyuan.toml`` with a remark on every line."""
    comment = catalogue("ledger")["settings_comment"]
    lines = [f"# {comment['zh']}", f"# {comment['en']}", ""]
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        lines.append(f"# {field.description}")
        lines.append(f"# {name} =" if value is None else f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in escaped) + '"'
    return str(value)

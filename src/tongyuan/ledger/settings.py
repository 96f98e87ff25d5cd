"""Settings of a workspace: ``tongyuan.toml``, a tree of strict branches; what is wrong is said as findings.

The branches ``[account] [method] [plan] [facility] [allocation] [impact] [finance] [assess]
[report]`` are handed, typed, to the room they are for.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from tongyuan.ledger.branch import (
    LEAST_DRAWS,
    ON_SHELF,
    AccountSettings,
    AllocationSettings,
    AssessSettings,
    Branch,
    FacilitySettings,
    FinanceSettings,
    ImpactSettings,
    Kind,
    MethodSettings,
    PlanSettings,
    ReportSettings,
    on_shelf,
)
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.ledger.read.lookup import close_names
from tongyuan.ledger.waive import WAIVABLE
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language, identify

SETTINGS = "tongyuan.toml"


class Settings(Branch):
    """What a workspace is of, and one branch for each flow.

    Examples
    --------
    >>> ty.Settings(name="Qingdao", kind="city", region="青岛市").account.gwp_set
    'AR5'
    """

    name: str = Field(min_length=1, description="名称 · Name shown in reports")
    name_en: str = Field("", description="英文名称 · English name, for reports in English")
    kind: Kind = Field(description="类型 · Kind of workspace")
    language: Language = Field("zh", description="语言 · Language")
    region: str = Field("", description="地区名称或代码 · Region, title or GB/T 2260 code")
    tables: tuple[str, ...] = Field(("tables/*",), description="数据文件 · Files of tables, as patterns")
    account: AccountSettings = Field(AccountSettings(), description="核算 · Accounting")
    method: MethodSettings = Field(MethodSettings(), description="方法与系数版本 · Methods and editions")
    plan: PlanSettings = Field(PlanSettings(), description="谋划 · Planning")
    facility: FacilitySettings = Field(FacilitySettings(), description="企业 · Enterprises")
    allocation: AllocationSettings = Field(
        AllocationSettings(), description="时空分配 · Allocation to grid and hour"
    )
    impact: ImpactSettings = Field(ImpactSettings(), description="效益 · Air, health and climate")
    finance: FinanceSettings = Field(FinanceSettings(), description="气候投融资 · Climate finance")
    assess: AssessSettings = Field(AssessSettings(), description="考核 · Assessment")
    report: ReportSettings = Field(ReportSettings(), description="报告 · Reports")

    def title(self, language: Language) -> str | None:
        """Return the name in a language; None where the workspace has no name in it."""
        if language == self.language:
            return self.name
        return self.name_en or None if language == "en" else None

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
        kind, words = "literal_error", {"expected": ", ".join(on_shelf(key))}
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
        return ", ".join(f"`{v}`" for v in on_shelf(name))
    parts = get_args(field.annotation)
    words = [p for part in parts for p in (get_args(part) or (part,)) if isinstance(p, str)]
    if words:
        return ", ".join(f"`{word}`" for word in words)
    bounds = [getattr(m, k) for m in field.metadata for k in ("ge", "le", "lt") if hasattr(m, k)]
    return " … ".join(format(b, "g") for b in bounds)

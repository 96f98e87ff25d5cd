"""Checks of a plan and of a plan against its parent; every finding names the task, target or indicator."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import table
from tongyuan.ledger.write.excel import title as table_title
from tongyuan.programme.local import left_out
from tongyuan.programme.plan import PlanLike
from tongyuan.programme.status import reading
from tongyuan.reference import units
from tongyuan.reference.shelf import Language, fold
from tongyuan.reference.unit.spoken import quantity

ROOM = "programme"
_LISTED = 30
_JOINTS: dict[Language, str] = {"zh": "；", "en": "; "}
"""How items of a list are joined in each language."""


def _say(check: str, name: str, row: int | None = None, **values: Any) -> Finding:
    return finding(ROOM, check, sheet=table_title(table(name), "zh"), row=row, **values)


def check_plan(plan: PlanLike) -> list[Finding]:
    """Return what is wrong with one plan by itself.

    Named are tasks without lead, deadlines before the start, tasks given twice (by id or by text), milestones
    after the deadline or of unknown tasks, targets whose indicator is not defined, indicators that no target
    and no task uses, and targets of one indicator and year that contradict each other.
    """
    return [*_tasks(plan), *_milestones(plan), *_indicators(plan), *conflicts(plan["programme_target"])]


def check_derived(parent: PlanLike, derived: PlanLike) -> list[Finding]:
    """Return what is wrong with a derived plan, by itself and against its parent.

    Against the parent, every weaker or later target, every dropped task that is not the State's, every later
    deadline and every task called adopted whose text is another is named.
    """
    return [
        *check_plan(derived),
        *_dropped(parent, derived),
        *_changed(parent, derived),
        *_weaker(parent, derived),
    ]


def _tasks(plan: PlanLike) -> list[Finding]:
    found: list[Finding] = []
    ids: dict[str, int] = {}
    texts: dict[str, str] = {}
    for row, task in enumerate(plan["task"].iter_rows(named=True), start=2):
        name, text = task["task"], fold(task["text_zh"] or "")
        if not (task["lead"] or "").strip():
            found.append(_say("missing_owner", "task", row, task=name))
        start, deadline = task["start"], task["deadline"]
        if start is not None and deadline is not None and deadline < start:
            found.append(
                _say("deadline_before_start", "task", row, task=name, start=start, deadline=deadline)
            )
        if name in ids:
            found.append(_say("duplicate_task", "task", row, task=name, other=name))
        elif text and text in texts:
            found.append(_say("duplicate_task", "task", row, task=name, other=texts[text]))
        ids.setdefault(name, row)
        texts.setdefault(text, name)
    return found


def _milestones(plan: PlanLike) -> list[Finding]:
    deadlines = dict(plan["task"].select("task", "deadline").iter_rows())
    found = []
    for row, step in enumerate(plan["milestone"].iter_rows(named=True), start=2):
        words = {"task": step["task"], "milestone": step["milestone"]}
        if step["task"] not in deadlines:
            found.append(_say("milestone_without_task", "milestone", row, **words))
        elif (last := deadlines[step["task"]]) is not None and step["due"] > last:
            found.append(_say("milestone_late", "milestone", row, due=step["due"], deadline=last, **words))
    return found


def _indicators(plan: PlanLike) -> list[Finding]:
    targets, indicators = plan["programme_target"], plan["indicator"]
    known, tasks = set(indicators["indicator"]), set(plan["task"]["task"])
    used = set(targets["indicator"])
    found = [
        _say(
            "target_without_indicator", "programme_target", row, target=t["target"], indicator=t["indicator"]
        )
        for row, t in enumerate(targets.iter_rows(named=True), start=2)
        if t["indicator"] not in known
    ]
    found += [
        _say("orphan_indicator", "indicator", row, indicator=i["indicator"], title=_title(i))
        for row, i in enumerate(indicators.iter_rows(named=True), start=2)
        if i["indicator"] not in used and i["task"] not in tasks
    ]
    return found


def _title(row: dict[str, Any]) -> Bilingual:
    zh = row["title_zh"] or row["indicator"]
    return Bilingual(zh, row["title_en"] or zh)


def conflicts(targets: pl.DataFrame) -> list[Finding]:
    """Return targets of one indicator, region, year and base year that name different values."""
    keys = ["indicator", "region", "year", "base_year"]
    rows = targets.filter(pl.col("value").is_not_null())
    groups = rows.group_by(keys, maintain_order=True).agg("target", "value", "unit", "document")
    found = []
    for group in groups.iter_rows(named=True):
        if len(set(group["value"])) < 2:
            continue
        said: dict[tuple[float, str], list[str]] = {}
        for value, unit, document, target in zip(
            group["value"], group["unit"], group["document"], group["target"], strict=True
        ):
            said.setdefault((value, unit), []).append(document or target)
        told = {
            language: joint.join(
                f"{quantity(value, unit, language, 6)} ({joint.join(dict.fromkeys(named))})"
                for (value, unit), named in said.items()
            )
            for language, joint in _JOINTS.items()
        }
        found.append(
            _say(
                "target_conflict",
                "programme_target",
                indicator=Bilingual.titled("programme_indicator", group["indicator"]),
                year=group["year"],
                values=Bilingual(told["zh"], told["en"]),
            )
        )
    return found


def _dropped(parent: PlanLike, derived: PlanLike) -> list[Finding]:
    kept = derived["task"].filter(pl.col("parent").is_not_null())
    plans = derived["task"]["plan"].drop_nulls()
    regions = [plans[0]] if plans.len() else []
    regions += derived["programme_target"]["region"].drop_nulls().unique().sort().to_list()
    allowed = {task for region in regions for task in left_out(parent, region)}
    deadlines = dict(kept.select("parent", "deadline").iter_rows())
    found = []
    for task in parent["task"].iter_rows(named=True):
        if task["task"] in allowed and task["task"] not in deadlines:
            continue
        if task["task"] not in deadlines:
            text = Bilingual(
                (task["text_zh"] or "")[:_LISTED], (task["text_en"] or task["text_zh"] or "")[:60]
            )
            found.append(_say("dropped_task", "task", task=task["task"], text=text))
            continue
        own, above = deadlines[task["task"]], task["deadline"]
        if above is not None and own is not None and own > above:
            found.append(_say("later_deadline", "task", task=task["task"], deadline=own, parent=above))
    return found


def _changed(parent: PlanLike, derived: PlanLike) -> list[Finding]:
    """Return the tasks called adopted that say something else than their parent."""
    above = dict(parent["task"].select("task", "text_zh").iter_rows())
    return [
        _say("adopted_but_changed", "task", row, task=task["task"], parent=task["parent"])
        for row, task in enumerate(derived["task"].iter_rows(named=True), start=2)
        if task["adoption"] == "adopted"
        and task["parent"] in above
        and fold(task["text_zh"] or "") != fold(above[task["parent"]] or "")
    ]


def _weaker(parent: PlanLike, derived: PlanLike) -> list[Finding]:
    above = {t["target"]: t for t in parent["programme_target"].iter_rows(named=True)}
    directions = dict(parent["indicator"].select("indicator", "direction").iter_rows())
    found = []
    for row, own in enumerate(derived["programme_target"].iter_rows(named=True), start=2):
        upper = above.get(own["parent"] or "")
        if upper is None or upper["comparator"] == "qualitative":
            continue
        if own["value"] is None or upper["value"] is None:
            weaker = upper["value"] is not None
        else:
            weaker = _less_strict(own, upper, directions.get(upper["indicator"]))
        if weaker or own["year"] > upper["year"]:
            words = {"target": own["target"], "parent": upper["target"]}
            words |= {"own": _bound(own), "above": _bound(upper)}
            found.append(_say("weaker_target", "programme_target", row, **words))
    return found


def _less_strict(own: dict[str, Any], upper: dict[str, Any], direction: str | None) -> bool:
    """Return whether `own` asks for less than `upper`, both by their printed figures."""
    value = own["value"]
    if own["unit"] and upper["unit"] and own["unit"] != upper["unit"]:
        value *= units.factor(own["unit"], upper["unit"])
    tiny = 1e-9 * max(abs(value), abs(upper["value"]))
    asked, given = (reading(row["comparator"], row["value"], direction)[0] for row in (upper, own))
    if given not in (asked, "equal"):
        return True
    if asked == "at_least":
        return bool(value < upper["value"] - tiny)
    if asked == "at_most":
        return bool(value > upper["value"] + tiny)
    return bool(abs(value - upper["value"]) > tiny)


def _bound(row: dict[str, Any]) -> Bilingual:
    sign = {"at_least": "≥", "at_most": "≤", "equal": "=", "about": "≈"}.get(row["comparator"], "")

    def told(language: Language) -> str:
        known = row["value"] is not None
        value = sign + quantity(row["value"], row["unit"], language, 6) if known else "–"
        return f"{value} ({row['year']})"

    return Bilingual(told("zh"), told("en"))

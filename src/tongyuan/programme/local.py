"""Which tasks of a plan above a region has of its own: those of the State are left out or said otherwise.

The rules stand on the shelf ``local_task``: national legislation, standards, markets and negotiation are not
a region's to make; where it has a part in them, the task says that part. A park has only the tasks that
its management and its works can carry out (column ``park`` of the shelf ``plan_task``).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.programme.plan import NATION, PlanLike
from tongyuan.reference.shelf import shelf

PARK = "park"
LEVELS = {
    "province": ("province",),
    "city": ("province", "city"),
    "county": ("province", "city"),
    PARK: ("province", "city"),
}
"""Level of a region → levels whose rules hold there."""


def level_of(region: str) -> str:
    """Return the level of a region on the shelf, ``park`` for a name of one's own."""
    known = shelf("region").filter(pl.col("region") == region)
    return str(known["level"][0]) if known.height else PARK


def province_of(region: str) -> str | None:
    """Return the province a city or county lies in, None for provinces and names of one's own."""
    parents = dict(shelf("region").select("region", "parent").iter_rows())
    found, above = region, parents.get(region, "")
    while above and above != NATION:
        found, above = above, parents.get(above, "")
    return found if above == NATION and found != region else None


def rules(region: str) -> dict[str, Mapping[str, str]]:
    """Return the rule of every task that has one for `region`, by id of the task."""
    if region == NATION:
        return {}
    held = LEVELS.get(level_of(region), ("province", "city"))
    inside = (pl.col("region") == region) | (pl.col("parent") == region)
    key = shelf("region").filter(inside & (pl.col("key_region") != "")).height > 0
    found: dict[str, Mapping[str, str]] = {}
    for row in shelf("local_task").to_dicts():
        if row["level"] not in held:
            continue
        fits = row["only"] != "key_region" or key
        found[row["task"]] = row if fits else {**row, "kind": "leave"}
    if level_of(region) == PARK:
        others = shelf("plan_task").filter(pl.col("park") != "yes")["task"]
        found |= {task: {"kind": "leave"} for task in others}
    return {task: row for task, row in found.items() if row["kind"] != "keep"}


def left_out(parent: PlanLike, region: str) -> list[str]:
    """Return the tasks of `parent` that `region` leaves out by rule."""
    named = {task for task, row in rules(region).items() if row["kind"] == "leave"}
    return [task for task in parent["task"]["task"].to_list() if task in named]


def said_otherwise(parent: PlanLike, region: str) -> pl.DataFrame:
    """Return the tasks of `parent` that `region` words otherwise by rule: task, texts, the reason as note."""
    named = {task: row for task, row in rules(region).items() if row["kind"] == "rewrite"}
    rows = [
        {
            "task": task,
            "text_zh": named[task]["text_zh"],
            "text_en": named[task]["text_en"],
            "note": named[task]["reason_zh"],
        }
        for task, text in parent["task"].select("task", "text_zh").iter_rows()
        if task in named and text != named[task]["text_zh"]
    ]
    schema = dict.fromkeys(("task", "text_zh", "text_en", "note"), pl.String)
    return pl.DataFrame(rows, schema=schema)

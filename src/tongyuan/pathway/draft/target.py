"""Targets of the programme as targets of a plan: what has a quantity is carried, the rest is told."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from tongyuan.pathway.draft.ground import Ground, Sheets
from tongyuan.reference import units
from tongyuan.reference.factors.match import lineage
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.reference.unit.spoken import quantity

ROOM = "pathway"
LANGUAGES: tuple[Language, ...] = ("zh", "en")
STRICTER = {"at_most": min, "at_least": max}
RENEWABLE = ("cn_wind_onshore", "cn_wind_offshore", "cn_pv_central", "cn_pv_distributed")


def targets(ground: Ground, sheets: Sheets, coefficient: pl.DataFrame) -> None:
    """Write the targets of the programme that the plan has a quantity for, and say of the others why not.

    Where documents give one indicator two numbers for a year, the stricter counts.

    Parameters
    ----------
    coefficient
        Table ``emission_coefficient`` of the sources.
    """
    rules = {row["indicator"]: row for row in shelf("service_target").to_dicts()}
    titles = {row["indicator"]: row for row in shelf("programme_indicator").to_dicts()}
    base = _base(sheets, coefficient)
    groups = _groups(sheets)
    chosen: dict[tuple[str, int], dict[str, Any]] = {}
    for row in ground.target.to_dicts():
        name = row["indicator"]
        if row["year"] <= ground.base_year:
            continue
        made = _target(row, rules.get(name), base, groups, ground)
        words = titles.get(name, {})
        if isinstance(made, str):
            _not_carried(sheets, row, words, made)
            continue
        made |= {"title_zh": words.get("title_zh", name), "title_en": words.get("title_en", name)}
        key = (name, made["year"])
        if key in chosen:
            stricter = STRICTER[made["comparator"]](made["bound"], chosen[key]["bound"])
            made = made if made["bound"] == stricter else chosen[key]
        chosen[key] = made
    for made in chosen.values():
        sheets.add("target", "programme", **made)
    used = {t for m in chosen.values() for t in (m["quantity"], m["denominator"])}
    for group, members in groups.items():
        if group in used:
            for member in members:
                sheets.add("quantity_member", "shelf", quantity=group, member=member, weight=1.0)


def _base(sheets: Sheets, coefficient: pl.DataFrame) -> dict[str, float]:
    activity = {r["technology"]: r["activity"] for r in sheets.of("stock")}
    whole: dict[str, float] = defaultdict(float)
    for technology, species, value in coefficient.select("technology", "species", "value").iter_rows():
        whole[species] += value * activity.get(technology, 0.0)
    return whole


def _groups(sheets: Sheets) -> dict[str, list[str]]:
    """Return the groups of technologies that targets speak of."""
    makers = [r["technology"] for r in sheets.of("technology_flow")
              if r["flow"] == "electricity" and r["role"] == "output"]  # fmt: skip
    burnt = {r["technology"]: (r["process"], r["product"] or "") for r in sheets.of("technology_source")}
    steel = {r["technology"] for r in sheets.of("technology_flow")
             if r["flow"] == "crude_steel" and r["role"] == "output"}  # fmt: skip
    clean = [t for t in makers if t in RENEWABLE or t not in burnt]
    return {
        "coal_power": [t for t in makers if burnt.get(t, ("", ""))[0] == "energy.power"
                       and {"coal", "derived_gas"} & set(lineage("product", burnt[t][1] or "coal"))],
        "clean_power": clean,
        "power_import": [t for t in makers if burnt.get(t, ("", ""))[0] == "energy.purchased_electricity"],
        "renewable_capacity": [t for t in makers if t in RENEWABLE],
        "short_process": [t for t in steel if burnt.get(t, ("", ""))[0] == "industry.steel.eaf"],
    }  # fmt: skip


def _target(
    row: dict[str, Any], rule: dict[str, str] | None, base: dict[str, float], groups: dict[str, list[str]],
    ground: Ground,
) -> dict[str, Any] | str:  # fmt: skip
    """Return a row of table ``target``, or the reason why there is none."""
    if rule is None:
        return "quantity"
    periods = [y for y in ground.years if y >= row["year"]]
    if not periods:
        return "year"
    quantity = rule["quantity"]
    if quantity in groups and not groups[quantity]:
        return "member"
    if rule["quantity_kind"] == "emission" and base.get(quantity, 0.0) <= 0.0:
        return "emission"
    made: dict[str, Any] = {
        "target": row["target"], "family": rule["family"], "quantity_kind": rule["quantity_kind"],
        "quantity": quantity, "denominator_kind": rule["denominator_kind"] or None,
        "denominator": rule["denominator"] or None, "comparator": row["comparator"], "year": periods[0],
        "unit": None, "basis": "absolute", "source": row["document"] or row["citation"],
        "locator": row["printed"], "note": rule["note"],
    }  # fmt: skip
    if made["comparator"] == "about":
        made["comparator"] = "at_least"
    value = row["value"]
    if rule["rule"] == "no_more":
        return made | {
            "comparator": "at_most",
            "bound": 1.0,
            "basis": "share_of_base",
            "year_to": periods[-1],
        }
    if value is None or made["comparator"] not in STRICTER:
        return "number"
    if rule["rule"] == "share":
        return made | {"bound": value / 100.0, "year_to": periods[-1]}
    if rule["rule"] == "capacity":
        return "capacity"
    if rule["rule"] == "reduction":
        if row["base_year"] != ground.base_year:
            return "base_year"
        return made | {"comparator": "at_most", "bound": 1.0 - value / 100.0, "basis": "share_of_base"}
    cut = value * units.factor(row["unit"], "t")
    left = base[quantity] - cut
    return made | {"comparator": "at_most", "bound": left, "unit": "t"} if left > 0.0 else "number"


def _printed(row: dict[str, Any], language: Language) -> str:
    """Return the bound of a target in words: in Chinese as it is printed, otherwise from its figure."""
    sign = {"at_least": "≥", "at_most": "≤", "equal": "=", "about": "≈"}.get(row["comparator"] or "", "")
    if row["value"] is None or (language == "zh" and row["printed"]):
        return str(row["printed"] or "")
    return sign + quantity(row["value"], row["unit"], language, 6)


def _not_carried(sheets: Sheets, row: dict[str, Any], words: dict[str, str], reason: str) -> None:
    subject = f"{row['indicator']}:{row['year']}:{row['target']}"
    said = {
        language: say(
            ROOM, f"draft_target_{reason}", language,
            target=words.get(f"title_{language}", row["indicator"]), year=row["year"],
            printed=_printed(row, language),
        )
        for language in LANGUAGES
    }  # fmt: skip
    sheets.note("not_carried", subject, said["zh"], said["en"], row["document"] or row["citation"] or "")

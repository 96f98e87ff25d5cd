"""Projects as the rules see them: every fact from the tables of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.table import PLACE, empty
from tongyuan.reference import species as substances
from tongyuan.reference.shelf import identify, shelf
from tongyuan.reference.units import UnitError, factor
from tongyuan.zoning.access.place import Lists, unit_code, within
from tongyuan.zoning.access.rule import SPECIES_FACTS
from tongyuan.zoning.access.screen import Case
from tongyuan.zoning.capacity.replace import PRODUCTS, capacity_ratio, usable

ROOM = "zoning"
FLAGS = ("plan_conform", "standards_met", "old_pollution_dealt", "improvement_met")
RED = ("red_line", "core_reserve")
GIVES_NONE = "miit_cement_glass_2024"
"""Document whose key regions take no clinker capacity from another province."""
_PARTS = {
    "energy_equivalent": "energy",
    "energy_higher": "energy_high",
    "coal_mass": "coal",
    "whole_carbon": "CO2",
}

Tables = Mapping[str, pl.DataFrame]


def given(tables: Tables, name: str) -> pl.DataFrame:
    """Return a table of a workspace without its places, empty where there is none."""
    return tables.get(name, empty(name)).drop(PLACE, strict=False)


class Facts:
    """The tables that facts of projects come from, looked up by project."""

    def __init__(self, tables: Tables, made: Tables, lists: Lists, include_unverified: bool) -> None:
        self.lists, self.unverified = lists, include_unverified
        self.found: list[Finding] = []
        self.own = _by(given(tables, "project_fact"))
        self.old = _by(given(tables, "old_capacity"))
        self.state = given(tables, "region_state").sort("year")
        self.contact = _by(made.get("zone_contact", empty("zone_contact")))
        self.energy = _by(made.get("project_energy", empty("project_energy")))
        self.declared = _by(made.get("declared_state", empty("declared_state")))
        self.left = {(r["zone"], r["item"]): r for r in made.get("headroom", empty("headroom")).to_dicts()}
        self.classes = dict(given(tables, "zone").select("zone", "class").iter_rows())
        self.known_facts = set(shelf("access_fact")["fact"])

    def case(self, project: Mapping[str, Any]) -> Case:
        """Return a row of table ``project`` as a case; its region is a code."""
        name = project["project"]
        zones, classes = self._zones(project)
        facts = self._facts(project)
        species, region_facts = self._species(project, zones)
        facts |= region_facts | self._capacity(project)
        typed = self._typed(name)
        facts |= {fact: value for (fact, one), value in typed.items() if not one}
        for (fact, one), value in typed.items():
            if one and one in species:
                species[one] = {**species[one], fact: value}
        return Case(
            name, project["region"], project["filed"], project["industry"], project["product"] or "",
            project["kind"], project["basin"] or "", zones, classes, facts, species, self._ratios(project),
        )  # fmt: skip

    def _typed(self, name: str) -> dict[tuple[str, str], float]:
        """Return facts typed for a project by fact and substance (``emission:NOx`` names both)."""
        made = {}
        for row in self.own.get(name, []):
            word, _, one = row["fact"].strip().partition(":")
            fact = identify("access_fact", word) or word
            if fact in SPECIES_FACTS and not one:
                self.found.append(finding(ROOM, "fact_needs_species", name=name, fact=word))
                continue
            made[fact, identify("species", one) or one] = float(row["value"])
        return made

    def _zones(self, project: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        touched = [r for r in self.contact.get(project["project"], []) if r["distance"] == 0]
        names = [r["zone"] for r in touched] or ([project["zone"]] if project["zone"] else [])
        classes = []
        for name in names:
            known = self.classes.get(name)
            if known is None:
                try:
                    known = unit_code(name).kind
                except ValueError:
                    continue
            classes.append(known)
        return tuple(names), tuple(dict.fromkeys(classes))

    def _facts(self, project: Mapping[str, Any]) -> dict[str, float]:
        name = project["project"]
        facts = {c: float(project[c]) for c in (*FLAGS, "capacity", "investment") if project[c] is not None}
        for row in self.energy.get(name, []):
            if row["part"] in _PARTS:
                facts[_PARTS[row["part"]]] = row["value"]
        contact = self.contact.get(name, [])
        for kind, fact in (("red_line", "red_line_area"), ("core_reserve", "core_area")):
            inside = [r for r in contact if r["kind"] == kind and r["distance"] == 0]
            if inside:
                # a point in a red line touches it, however small its site is
                facts[fact] = sum(r["area"] if r["area"] is not None else 1e-4 for r in inside)
        away = [r["distance"] for r in contact if r["kind"] in RED]
        if away:
            facts["distance_red_line"] = min(away)
        states = {r["state"] for r in self.declared.get(name, [])}
        facts["understated"] = float("understated" in states)
        return facts

    def _species(
        self, project: Mapping[str, Any], zones: tuple[str, ...]
    ) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
        """Return the facts of every substance the project emits, and those of its region's air and water."""
        places = within(project["region"])
        state: dict[str, dict[str, Any]] = {}
        for row in self.state.iter_rows(named=True):
            if row["region"] in places and row["year"] < project["filed"].year:
                held = state.get(row["pollutant"])
                nearer = held is None or places.index(row["region"]) <= places.index(held["region"])
                if nearer:
                    state[row["pollutant"]] = row
        fails = {p: r["attained"] is False for p, r in state.items()}
        region = {"region_fails": float(any(fails.values()))} if fails else {}
        for pollutant, failed in fails.items():
            region["fails_" + pollutant.replace(".", "_")] = float(failed)
        made: dict[str, dict[str, float]] = {}
        for row in self.declared.get(project["project"], []):
            amounts = [v for v in (row["declared"], row["accounted"]) if v is not None]
            if not amounts or _medium(row["species"]) not in ("air", "water", "ghg"):
                continue
            one = row["species"]
            facts = {"emission": max(amounts)}
            if one in fails:
                facts["fails"] = float(fails[one])
            goal = [r["goal_met"] is False for p, r in state.items() if p == one]
            if goal:
                facts["goal_missed"] = float(any(goal))
            for zone in (*zones, *places):
                if (zone, one) in self.left:
                    held = self.left[zone, one]
                    facts |= {"budget_set": 1.0, "budget_left": held["left"] + held["asked"]}
                    break
            made[one] = facts
        return made, region

    def _capacity(self, project: Mapping[str, Any]) -> dict[str, float]:
        rows = []
        for row in self.old.get(project["project"], []):
            try:
                scale = factor(row["unit"], project["capacity_unit"] or row["unit"])
            except UnitError:
                self.found.append(finding(ROOM, "capacity_unit", name=project["project"], unit=row["unit"]))
                continue
            rows.append({**row, "value": row["value"] * scale})
        key = self.lists.holds(GIVES_NONE, project["region"], project["filed"])
        afar = [r for r in rows if r["region"] and r["region"][:2] != project["region"][:2]]
        if key is None and project["industry"] == "3011" and afar:
            self.found.append(finding(ROOM, "list_missing", name=project["project"], text=GIVES_NONE))
        kept, refused = usable(rows, project["industry"], project["region"], key is not False)
        for works, why in refused:
            self.found.append(finding(ROOM, why, name=project["project"], works=works))
        facts = {"old_capacity": kept}
        if rows and all(r["closed"] is not None for r in rows):
            start = project["start"] or date.max
            facts["old_closed"] = float(all(r["closed"] <= start for r in rows))
        return facts

    def _ratios(self, project: Mapping[str, Any]) -> tuple[tuple[date, float | None], ...]:
        """Return the ratio of capacity replacement from every day on which it changes."""
        sector = PRODUCTS.get(project["industry"])
        if sector is None:
            return ()
        rows = shelf("capacity_ratio").filter(pl.col("sector") == sector[0])
        days = {date.fromisoformat(d) for d in rows["valid_from"].to_list() if d}
        ends = {
            date.fromordinal(date.fromisoformat(d).toordinal() + 1) for d in rows["valid_to"].to_list() if d
        }
        made = []
        for day in sorted({date.min} | days | ends):
            ratio = capacity_ratio(
                sector[0], project["region"], day, product=sector[1],
                case=project["capacity_case"] or "default", lists=self.lists,
                include_unverified=self.unverified,
            )  # fmt: skip
            made.append((day, ratio.value if ratio else self._open(sector, project, day)))
        return tuple(made)

    def _open(self, sector: tuple[str, str], project: Mapping[str, Any], day: date) -> float | None:
        """Return not-a-number where a ratio hangs on a list of regions that is not known, else None."""
        hangs = any(
            capacity_ratio(
                sector[0],
                project["region"],
                day,
                product=sector[1],
                case=project["capacity_case"] or "default",
                key_region=key,
            )
            for key in (True, False)
        )
        known = all(name in self.lists.rows for name in _lists(sector[0], day))
        return float("nan") if hangs and not known else None


def _lists(sector: str, day: date) -> set[str]:
    """Return the lists of regions that the ratios of a sector in force on a day hang on."""
    rows = shelf("capacity_ratio").filter(pl.col("sector") == sector, pl.col("region_list") != "")
    said = str(day)
    held = rows.filter(
        pl.col("valid_from") <= said, (pl.col("valid_to") == "") | (pl.col("valid_to") >= said)
    )
    return set(held["region_list"])


def _medium(name: str) -> str:
    try:
        return substances.get(name).medium
    except KeyError:
        return ""


def _by(frame: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    made: dict[str, list[dict[str, Any]]] = {}
    for row in frame.iter_rows(named=True):
        made.setdefault(row["project"], []).append(row)
    return made

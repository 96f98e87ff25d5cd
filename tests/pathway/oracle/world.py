"""Random small plans: amounts are drawn in tonne, MWh and yuan and written in whatever unit comes."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.pathway.oracle.problem import Row, World
from tests.pathway.oracle.unit import FACTOR, factor

USD = 6.9042
"""Yuan to one US dollar, mean of 2020 (Federal Reserve G.5A, series AEXCHUS)."""

PRICE_YEAR = 2020
PLAIN = {
    "mass": "t", "energy": "MWh", "volume": "m3", "power": "MW", "money": "CNY", "share": "",
    "concentration": "ug/m3",
}  # fmt: skip


class Pen:
    """Draws numbers and writes amounts: in plain units, or in any unit of the dimension."""

    def __init__(self, seed: int, mixed: bool = True) -> None:
        self.draw = np.random.default_rng(seed)
        self.mixed = mixed

    def between(self, low: float, high: float) -> float:
        return float(self.draw.uniform(low, high))

    def chance(self, share: float) -> bool:
        return bool(self.draw.random() < share)

    def pick(self, items: list[Any]) -> Any:
        return items[int(self.draw.integers(len(items)))]

    def unit(self, dimension: str) -> str:
        return self.pick(list(FACTOR[dimension])) if self.mixed else PLAIN[dimension]

    def money(self) -> tuple[str, float]:
        """A word of money and what one of it is in yuan."""
        if self.mixed and self.chance(0.2):
            return "USD", USD
        name = self.pick(["CNY", "元", "万元"]) if self.mixed else "CNY"
        return name, factor(name)


MASS, ENERGY, VOLUME = "mass", "energy", "volume"
FLOWS = {
    "good": MASS, "power": ENERGY, "fuel": ENERGY, "lime": MASS, "sewage": VOLUME, "waste": MASS,
}  # fmt: skip
TECHNOLOGIES = {
    "old": MASS, "new": MASS, "plant": ENERGY, "wind": ENERGY, "works": VOLUME, "pond": VOLUME,
    "burner": MASS, "landfill": MASS,
}  # fmt: skip
POWER = ("plant", "wind")
SPECIES = ("SO2", "CO2", "COD", "CH4")


def make(seed: int, mixed: bool = True) -> World:
    """Return a plan without limits or targets in which everything is to be had at a price."""
    return _Maker(Pen(seed, mixed)).world()


class _Maker:
    def __init__(self, pen: Pen) -> None:
        self.pen = pen
        self.nodes = ["a", "b", "c"][: 2 + pen.chance(0.3)]
        self.years = pen.pick([[2025, 2030], [2025, 2027, 2035], [2026, 2030, 2032], [2025]])
        self.base_year = pen.pick([self.years[0], self.years[0], self.years[0] - 4])
        self.flow = {f: pen.unit(d) for f, d in FLOWS.items()}
        self.unit = {k: pen.unit(d) for k, d in TECHNOLOGIES.items()}
        self.capacity = {
            k: pen.unit("power")
            if k in POWER
            else pen.pick(["t/a", "kt/a", ""])
            if d == MASS and pen.mixed
            else ""
            for k, d in TECHNOLOGIES.items()
        }
        self.control = {"old": ["dev", "deep"], "plant": ["dev"], "burner": ["deep"]}
        if pen.chance(0.3):
            del self.control["burner"]

    def world(self) -> World:
        pen = self.pen
        tables: dict[str, list[Row]] = {
            "node": [{"node": n, "group": "north" if n != "b" else "south"} for n in self.nodes],
            "period": [{"year": y, "weight": pen.pick([None, 4.0, 7.5])} for y in self.years],
            "flow": [
                {"flow": f, "unit": u, "balance": "equal" if f in ("sewage", "waste") else "at_least"}
                for f, u in self.flow.items()
            ],
            "technology_option": self.options(),
            "technology_flow": self.flows(),
            "control_option": self.controls(),
            "control_flow": self.control_flows(),
            "control_removal": self.removals(),
            "emission_coefficient": self.coefficients(),
            "demand": self.demand(),
            "stock": self.stock(),
            "price": self.prices(),
            "tax": self.taxes(),
            "link": self.links(),
            "quantity_member": self.groups(),
            "response": self.responses(),
            "target": [],
        }
        return World(
            tables, pen.pick([0.0, 0.05, 0.08]), self.base_year, {"USD": USD}, include_damage=pen.chance(0.5)
        )

    # writing

    def per(self, canonical: float, top: str, bottom: str) -> float:
        return canonical * factor(bottom) / factor(top)

    def priced(self, row: Row, canonical: dict[str, float], unit: dict[str, str]) -> Row:
        """Write costs in a currency per the unit named."""
        name, yuan = self.pen.money()
        for column, value in canonical.items():
            row[column] = value * factor(unit[column]) / yuan
        if self.pen.mixed:
            row["currency"] = name if name != "元" else "CNY"
            row["price_year"] = PRICE_YEAR if name == "USD" or self.pen.chance(0.5) else None
        return row

    def special(self, share: float = 0.3) -> list[Row]:
        """Places of a row for everywhere and, at times, of rows that go before it."""
        places: list[Row] = [{"node": "", "year": None}]
        if self.pen.chance(share):
            places.append({"node": self.pen.pick(self.nodes), "year": None})
        if self.pen.chance(share):
            places.append({"node": "", "year": self.pen.pick(self.years)})
        if self.pen.chance(share / 2):
            places.append({"node": self.pen.pick(self.nodes), "year": self.pen.pick(self.years)})
        return places

    # tables

    def options(self) -> list[Row]:
        pen, rows = self.pen, []
        drawn: dict[str, dict[str, Any]] = {
            "old": {"capital": (300, 600), "fixed": (0, 40), "variable": (20, 60), "life": 20},
            "new": {
                "capital": (200, 900),
                "fixed": (5, 30),
                "variable": (20, 60),
                "life": pen.pick([5, 10, 30]),
            },
            "plant": {"capital": (2e6, 5e6), "fixed": (0, 1e5), "variable": (20, 80), "life": 30},
            "wind": {
                "capital": (3e6, 9e6),
                "fixed": (1e4, 9e4),
                "variable": (0, 5),
                "life": pen.pick([4, 20]),
            },
            "works": {"capital": (5, 20), "fixed": (0.1, 1), "variable": (0.5, 2), "life": 20},
            "pond": {"variable": (0.1, 0.5), "free": True},
            "burner": {"capital": (300, 800), "fixed": (5, 30), "variable": (50, 120), "life": 15},
            "landfill": {"variable": (30, 90), "free": True},
        }
        buildable = {k: pen.chance(0.8) for k in ("old", "plant")}
        for k, d in drawn.items():
            for node in ["", *([pen.pick(self.nodes)] if pen.chance(0.25) else [])]:
                row: Row = {
                    "technology": k,
                    "node": node,
                    "unit": self.unit[k],
                    "capacity_unit": self.capacity[k],
                }
                free = d.get("free", False)
                row["capacity"] = "free" if free else "tracked"
                costs = {"cost_variable": pen.between(*d["variable"])}
                if not free:
                    fixed = 0.0 if pen.chance(0.3) else pen.between(*d["fixed"])
                    costs |= {"cost_fixed": fixed}
                    if buildable.get(k, True):
                        costs |= {"cost_capital": pen.between(*d["capital"])}
                    row |= {"lifetime": float(d["life"]), "availability": pen.between(0.7, 1.0)}
                    row["yearly_output"] = self.yearly(k)
                    if k == "new" and pen.chance(0.2):
                        row["first_year"] = self.years[0] + 1
                    if k == "old" and pen.chance(0.2):
                        row["last_year"] = self.years[-1] - 1
                units = dict.fromkeys(costs, self.capacity[k]) | {"cost_variable": self.unit[k]}
                rows.append(self.priced(row, costs, units))
        return rows

    def yearly(self, k: str) -> float | None:
        """Activity of a unit of capacity; where the two units say it, it may stay empty."""
        if self.pen.mixed and self.capacity[k] and self.pen.chance(0.5):
            return None
        hours = self.pen.pick([2000.0, 8760.0]) if k in POWER else 1.0
        return hours * factor(self.capacity[k]) / factor(self.unit[k])

    def flows(self) -> list[Row]:
        pen, rows = self.pen, []
        drawn = [
            ("old", "fuel", "input", pen.between(3, 6)), ("old", "good", "output", 1.0),
            ("old", "sewage", "output", pen.between(1, 3)),
            ("old", "waste", "output", pen.between(0.05, 0.2)),
            ("new", "power", "input", pen.between(0.5, 2)), ("new", "good", "output", 1.0),
            ("new", "sewage", "output", pen.between(0.5, 1)),
            ("plant", "fuel", "input", pen.between(2, 3)), ("plant", "power", "output", 1.0),
            ("plant", "waste", "output", pen.between(0.01, 0.05)),
            ("wind", "power", "output", 1.0),
            ("works", "sewage", "input", 1.0), ("works", "power", "input", pen.between(0.0003, 0.001)),
            ("pond", "sewage", "input", 1.0),
            ("burner", "waste", "input", 1.0), ("burner", "power", "output", pen.between(0.3, 0.6)),
            ("landfill", "waste", "input", 1.0),
        ]  # fmt: skip
        for k, f, role, value in drawn:
            rows.append({"technology": k, **self.coefficient(k, f, role, value)})
        return rows

    def coefficient(self, k: str, f: str, role: str, value: float) -> Row:
        if self.pen.mixed and self.pen.chance(0.4):
            unit = f"{self.pen.unit(FLOWS[f])}/{self.pen.unit(TECHNOLOGIES[k])}"
            return {"flow": f, "role": role, "coefficient": value / factor(unit), "unit": unit}
        row: Row = {"flow": f, "role": role, "coefficient": self.per(value, self.flow[f], self.unit[k])}
        return row | {"unit": ""} if self.pen.mixed else row

    def controls(self) -> list[Row]:
        pen, rows = self.pen, []
        for k, controls in self.control.items():
            for c in controls:
                dear = 3.0 if c == "deep" else 1.0
                for place in self.special(0.2):
                    row: Row = {"technology": k, "control": c, **place, "share_max": 1.0, "share_min": 0.0}
                    costs = {
                        "cost_capital": pen.between(20, 60) * dear, "cost_fixed": pen.pick([0.0, 2.0]),
                        "cost_variable": pen.between(2, 8) * dear,
                    }  # fmt: skip
                    row["lifetime"] = pen.pick([8.0, 15.0])
                    if pen.chance(0.1):
                        row["first_year"] = self.years[-1]
                    rows.append(self.priced(row, costs, dict.fromkeys(costs, self.unit[k])))
        return rows

    def control_flows(self) -> list[Row]:
        pen, rows = self.pen, []
        for k, controls in self.control.items():
            for c in controls:
                taken = {"power": pen.between(0.01, 0.08), "lime": pen.between(0.002, 0.01)}
                rows += [
                    {"technology": k, "control": c, **self.coefficient(k, f, "input", v)}
                    for f, v in taken.items()
                ]
                if pen.chance(0.4):
                    rows.append(
                        {"technology": k, "control": c, **self.coefficient(k, "waste", "output", 0.01)}
                    )
        return rows

    def removals(self) -> list[Row]:
        rows = [
            {"control": "dev", "technology": "", "species": "SO2", "efficiency": self.pen.between(0.5, 0.7)},
            {
                "control": "deep",
                "technology": "",
                "species": "SO2",
                "efficiency": self.pen.between(0.9, 0.97),
            },
            {
                "control": "deep",
                "technology": "",
                "species": "CO2",
                "efficiency": self.pen.between(-0.05, 0.0),
            },
        ]
        if self.pen.chance(0.5):
            rows.append({"control": "dev", "technology": "plant", "species": "SO2", "efficiency": 0.85})
        return rows

    def coefficients(self) -> list[Row]:
        pen, rows = self.pen, []
        drawn = [
            ("old", "SO2", 0.006, 0.01), ("old", "CO2", 1.5, 2.5), ("new", "CO2", 0.1, 0.3),
            ("plant", "SO2", 0.002, 0.005), ("plant", "CO2", 0.7, 1.1),
            ("works", "COD", 2e-5, 5e-5), ("pond", "COD", 2e-4, 4e-4), ("works", "CH4", 1e-6, 1e-5),
            ("pond", "CH4", 5e-5, 1e-4), ("burner", "CO2", 0.5, 1.0), ("burner", "SO2", 0.001, 0.002),
            ("landfill", "CH4", 0.02, 0.05),
        ]  # fmt: skip
        for k, s, low, high in drawn:
            for place in self.special(0.2):
                rows.append(self.emitted(k, "", s, pen.between(low, high), place))
        if pen.chance(0.5):  # a coefficient of the device goes before its removal
            rows.append(self.emitted("old", "deep", "SO2", pen.between(1e-4, 5e-4), self.special(0)[0]))
        return rows

    def emitted(self, k: str, c: str, s: str, value: float, place: Row) -> Row:
        unit = f"{self.pen.unit(MASS)}/{self.pen.unit(TECHNOLOGIES[k]) if self.pen.mixed else self.unit[k]}"
        return {
            "technology": k,
            "control": c,
            "species": s,
            **place,
            "value": value / factor(unit),
            "unit": unit,
        }

    def demand(self) -> list[Row]:
        pen, rows = self.pen, []
        for n in self.nodes:
            for f, low, high in (("good", 500, 1500), ("power", 300, 900), ("sewage", -2000, -1000)):
                value = pen.between(low, high)
                for y in self.years:
                    unit = pen.unit(FLOWS[f])
                    value *= pen.between(0.95, 1.15)
                    rows.append(
                        {"node": n, "flow": f, "year": y, "value": value / factor(unit), "unit": unit}
                    )
        return rows

    def stock(self) -> list[Row]:
        pen, rows = self.pen, []
        for n in self.nodes:
            for k, activity in (
                ("old", pen.between(500, 1200)), ("plant", pen.between(300, 900)),
                ("works", pen.between(1000, 3000)), ("new", pen.between(20, 200)),
                ("wind", pen.between(20, 100)),
            ):  # fmt: skip
                shares = [0.6, 0.4] if k in self.control else [1.0]
                for i, share in enumerate(shares):
                    size = activity * share * pen.between(1.0, 1.6)
                    size = size / 8760 if k in POWER else size
                    life, first = 20 if k != "plant" else 30, self.years[0]
                    row: Row = {
                        "node": n, "technology": k, "control": self.control[k][0] if i else "",
                        "year_built": pen.pick([None, first - life + 3 * i + 2, first - 8, 2026 + i]),
                        "capacity": size / factor(self.capacity[k]),
                        "activity": share * activity / factor(self.unit[k]),
                    }  # fmt: skip
                    if pen.mixed:
                        other = pen.unit(TECHNOLOGIES[k])
                        row |= {"activity": share * activity / factor(other), "activity_unit": other}
                        if k in POWER:
                            other = pen.unit("power")
                            row |= {"capacity": size / factor(other), "capacity_unit": other}
                    rows.append(row)
        return rows

    def prices(self) -> list[Row]:
        pen, rows = self.pen, []
        drawn = [
            ("fuel", "purchase", 20, 60), ("lime", "purchase", 300, 800), ("power", "purchase", 900, 1500),
            ("good", "purchase", 4000, 6000), ("power", "sale", 10, 40),
        ]  # fmt: skip
        for f, direction, low, high in drawn[: 4 + pen.chance(0.4)]:
            for place in self.special(0.25):
                rows.append(self.price(f, direction, pen.between(low, high), place))
        return rows

    def price(self, f: str, direction: str, value: float, place: Row) -> Row:
        name, yuan = self.pen.money()
        unit = self.pen.unit(FLOWS[f]) if self.pen.mixed else self.flow[f]
        row = {"flow": f, "direction": direction, **place, "value": value * factor(unit) / yuan}
        row["unit"] = f"{name}/{unit}"
        if direction == "sale":  # else cost could fall without end
            row["limit"] = 300.0 / factor(self.flow[f])
        if name == "USD":
            row |= {"currency": "USD", "price_year": PRICE_YEAR}
        return row

    def taxes(self) -> list[Row]:
        pen, rows = self.pen, []
        kinds = [
            ("carbon", "GHG", "tax", 5, 60),
            ("charge", "PE", "tax", 1, 3),
            ("harm", "SO2", "damage", 1e3, 9e3),
        ]
        for tax, quantity, item, low, high in kinds:
            if pen.chance(0.6):
                for place in self.special(0.3):
                    name, yuan = pen.money()
                    mass = "pollutant_equivalent" if quantity == "PE" else pen.unit(MASS)
                    row: Row = {"tax": tax, "quantity": quantity, "item": item, **place}
                    row |= {"value": pen.between(low, high) * factor(mass) / yuan, "unit": f"{name}/{mass}"}
                    if name == "USD":
                        row |= {"currency": "USD", "price_year": PRICE_YEAR}
                    rows.append(row)
        return rows

    def links(self) -> list[Row]:
        pen, rows = self.pen, []
        for f, cost in (("power", 15.0), ("good", 40.0), ("sewage", 0.2)):
            if pen.chance(0.75):
                for year in [None, *([pen.pick(self.years)] if pen.chance(0.4) else [])]:
                    row: Row = {"from_node": "a", "to_node": "b", "flow": f, "year": year}
                    unit = pen.unit(FLOWS[f]) if pen.mixed else self.flow[f]
                    row |= {"cost": cost * pen.between(0.5, 1.5) * factor(unit)}
                    row |= {"loss": pen.between(0.0, 0.1) if f != "sewage" else 0.0}
                    if pen.mixed:
                        row["unit"] = unit
                    rows.append(row)
        return rows

    def groups(self) -> list[Row]:
        rows: list[Row] = [
            {"quantity": "GHG", "member": "CO2", "weight": 1.0},
            {"quantity": "GHG", "member": "CH4", "weight": 28.0},
            {"quantity": "PE", "member": "SO2", "weight": 1000 / 0.95},
            {"quantity": "PE", "member": "COD", "weight": 1000.0},
            {"quantity": "goods", "member": "old", "weight": 1.0},
            {"quantity": "goods", "member": "new", "weight": 1.0},
        ]
        if self.pen.mixed:
            for r in rows[2:4]:
                unit = f"pollutant_equivalent/{self.pen.unit(MASS)}"
                r |= {"unit": unit, "weight": r["weight"] / factor(unit)}
        return rows

    def responses(self) -> list[Row]:
        pen, rows = self.pen, []
        for s in ("SO2", "CH4"):
            for node in ["", *([pen.pick(self.nodes)] if pen.chance(0.7) else [])]:
                unit = f"{pen.unit('concentration')}/{pen.unit(MASS)}"
                rate = pen.between(0.5, 2.0) / factor(unit)
                rows.append({"receptor": "city", "species": s, "node": node, "value": rate, "unit": unit})
        return rows

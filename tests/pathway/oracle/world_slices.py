"""Random plans by time slice: what :mod:`tests.pathway.oracle.world` draws, with a day and seasons added."""

from __future__ import annotations

from typing import Any

from tests.pathway.oracle.problem import Row, World
from tests.pathway.oracle.unit import factor
from tests.pathway.oracle.world import ENERGY, PRICE_YEAR, Pen, make

SEASONS = (("w", ("day", "night")), ("s", ("day", "eve", "night")))


def make_sliced(seed: int, mixed: bool = True, whole: bool = False) -> World:
    """Return a plan in which power is met by slice, with storage, extraction, reserve, units of stock."""
    world = make(seed, mixed)
    pen = Pen(seed + 77_000_001, mixed)
    _Slicer(world, pen, whole).all()
    return world


class _Slicer:
    def __init__(self, world: World, pen: Pen, whole: bool) -> None:
        self.world, self.pen, self.whole = world, pen, whole
        self.nodes = [r["node"] for r in world["node"]]
        self.years = [r["year"] for r in world["period"]]
        self.unit = {r["technology"]: r["unit"] for r in world["technology_option"]}
        self.capacity = {r["technology"]: r["capacity_unit"] for r in world["technology_option"]}
        self.flow = {r["flow"]: r["unit"] for r in world["flow"]}

    def all(self) -> None:
        self.calendar()
        self.heat()
        self.operation()
        self.storage()
        self.stock()
        self.exchange()
        if self.pen.chance(0.7):
            rows = [{"flow": "power", "node": "", "year": None}]
            if self.pen.chance(0.4):
                rows.append(
                    {
                        "flow": "power",
                        "node": self.pen.pick(self.nodes),
                        "year": self.pen.pick([None, self.years[-1]]),
                    }
                )
            for r in rows:
                r |= {"margin": self.pen.between(0.0, 0.3), "peak_ratio": self.pen.between(1.0, 1.3)}
            self.world.tables["reserve"] = rows

    def calendar(self) -> None:
        pen = self.pen
        draws = {(g, p): pen.between(0.5, 1.5) for g, parts in SEASONS for p in parts}
        total = sum(draws.values())
        self.hours = {f"{g}_{p}": 8760.0 * v / total for (g, p), v in draws.items()}
        self.world.tables["slice"] = [
            {"slice": s, "hours": h, "season": s.split("_")[0]} for s, h in self.hours.items()
        ]
        for r in self.world["flow"]:
            if r["flow"] == "power":
                r["balance_time"] = "slice"
        rows: list[Row] = []
        for place in ("", *([pen.pick(self.nodes)] if pen.chance(0.3) else [])):
            rows += [
                {"flow": "power", "node": place, "slice": s, "share": v} for s, v in self.shares(0.4).items()
            ]
        self.world.tables["demand_slice"] = rows

    def shares(self, spread: float) -> dict[str, float]:
        """Shares of a year near those of the hours."""
        draws = {s: h * self.pen.between(1 - spread, 1 + spread) for s, h in self.hours.items()}
        total = sum(draws.values())
        return {s: v / total for s, v in draws.items()}

    def heat(self) -> None:
        """Heat from boilers, or from plants in place of power."""
        pen, w = self.pen, self.world
        unit, activity = pen.unit(ENERGY), pen.unit(ENERGY)
        self.flow["heat"] = unit
        w["flow"].append({"flow": "heat", "unit": unit, "balance_time": pen.pick(["slice", "year"])})
        w["technology_option"].append(
            {
                "technology": "boiler",
                "unit": activity,
                "capacity_unit": "",
                "capacity": "free",
                "cost_variable": pen.between(5, 20) * factor(activity),
            }
        )
        for f, role, value in (("fuel", "input", 1.1), ("heat", "output", 1.0)):
            coefficient = value * factor(activity) / factor(self.flow[f])
            w["technology_flow"].append(
                {"technology": "boiler", "flow": f, "role": role, "coefficient": coefficient, "unit": ""}
            )
        w["emission_coefficient"].append(
            {
                "technology": "boiler",
                "control": "",
                "species": "CO2",
                "node": "",
                "year": None,
                "value": 0.3 * factor(activity),
                "unit": f"t/{activity}",
            }
        )
        for n in self.nodes:
            for y in self.years:
                text = pen.unit(ENERGY)
                w["demand"].append(
                    {
                        "node": n,
                        "flow": "heat",
                        "year": y,
                        "value": pen.between(50, 400) / factor(text),
                        "unit": text,
                    }
                )
        rate, greatest = pen.between(0.1, 0.3), 1 / (pen.between(0.5, 1.0) + 0.3)
        row: Row = {"technology": "plant", "flow": "heat", "instead_of": "power"}
        row["least"] = pen.pick([0.0, 0.0, 0.1])
        if pen.mixed and pen.chance(0.5):
            top, bottom = pen.unit(ENERGY), pen.unit(ENERGY)
            gain, per = pen.unit(ENERGY), pen.unit(ENERGY)
            row |= {"rate_unit": f"{top}/{bottom}", "unit": f"{gain}/{per}"}
            size = factor(row["unit"])
            row |= {
                "rate": rate / factor(row["rate_unit"]),
                "greatest": greatest / size,
                "least": row["least"] / size,
            }
        else:
            size = factor(unit) / factor(self.unit["plant"])
            row |= {"rate": rate * factor(unit) / factor(self.flow["power"]), "greatest": greatest / size}
            row |= {"least": row["least"] / size, "unit": "", "rate_unit": ""}
        w.tables["technology_swap"] = [row]
        if w["flow"][-1]["balance_time"] == "slice" and pen.chance(0.7):
            w.tables["demand_slice"] += [
                {"flow": "heat", "node": "", "slice": s, "share": v} for s, v in self.shares(0.8).items()
            ]

    def operation(self) -> None:
        pen, rows = self.pen, []
        for s in self.hours:
            rows.append({"technology": "wind", "node": "", "slice": s, "availability": pen.between(0.1, 0.6)})
        rows.append({"technology": "plant", "node": "", "slice": "", "availability": pen.between(0.8, 1.0)})
        if pen.chance(0.5):
            rows.append(
                {"technology": "plant", "node": pen.pick(self.nodes), "slice": "w_day", "availability": 0.7}
            )
        way = pen.pick(["", "profile", "flexible_day", "flexible_year"])
        for r in self.world["technology_option"]:
            if r["technology"] == "new":
                r["operation"] = way
                if way.startswith("flexible"):
                    r["flexible_share"] = pen.pick([1.0, pen.between(0.2, 0.8)])
            if r["technology"] == "plant":
                r["load_min"] = pen.pick([0.0, pen.between(0.2, 0.5)])
                if pen.chance(0.4):
                    r["firm"] = pen.between(0.7, 1.0)
            if r["technology"] == "wind" and pen.chance(0.3):
                r["firm"] = 0.1
            if self.whole and r["technology"] in ("wind", "new"):
                r["unit_size"] = (0.02 if r["technology"] == "wind" else 40.0) / factor(r["capacity_unit"])
        if way.startswith("flexible"):
            rows.append({"technology": "new", "node": "", "slice": "", "share_max": pen.between(0.3, 0.6)})
            if pen.chance(0.5):
                rows.append(
                    {"technology": "new", "node": "", "slice": "w_day", "availability": pen.between(0.8, 1.5)}
                )
        if pen.chance(0.6):
            rows += [
                {"technology": "new", "node": "", "slice": s, "share": v} for s, v in self.shares(0.6).items()
            ]
        if pen.chance(0.4):
            rows += [
                {"technology": "works", "node": "", "slice": s, "share": v}
                for s, v in self.shares(0.6).items()
            ]
        merged: dict[tuple[str, ...], Row] = {}
        for r in rows:  # what is said of one technology, node and slice stands in one row
            merged.setdefault((r["technology"], r["node"], r["slice"]), {}).update(r)
        self.world.tables["technology_slice"] = list(merged.values())

    def storage(self) -> None:
        pen, w = self.pen, self.world
        unit, size = pen.unit(ENERGY), pen.unit("power")
        name, yuan = pen.money()
        row: Row = {
            "technology": "pump",
            "unit": unit,
            "capacity_unit": size,
            "lifetime": 40.0,
            "availability": pen.between(0.8, 1.0),
            "cost_capital": pen.between(1e5, 1e6) * factor(size) / yuan,
            "cost_fixed": 0.0,
            "cost_variable": 0.0,
        }
        if pen.mixed:
            row |= {
                "currency": name if name != "元" else "CNY",
                "price_year": PRICE_YEAR if name == "USD" else None,
            }
        w["technology_option"].append(row)
        w["technology_flow"].append(
            {
                "technology": "pump",
                "flow": "power",
                "role": "output",
                "unit": "",
                "coefficient": factor(unit) / factor(self.flow["power"]),
            }
        )
        w.tables["storage"] = [
            {
                "technology": "pump",
                "flow": "power",
                "duration": pen.between(3, 12),
                "efficiency_in": pen.between(0.8, 0.95),
                "efficiency_out": pen.between(0.8, 0.95),
                "loss": pen.pick([0.0, 0.002]),
                "power_in": pen.pick([1.0, 0.8]),
                "cycle": pen.pick(["day", "day", "year"]),
            }
        ]
        if w.tables["storage"][0]["cycle"] == "year":
            w.tables["storage"][0]["duration"] = pen.between(500, 2000)
        if pen.chance(0.4):
            text = pen.unit("power")
            w["stock"].append(
                {
                    "node": self.nodes[0],
                    "technology": "pump",
                    "control": "",
                    "year_built": None,
                    "capacity": 0.01 / factor(text),
                    "capacity_unit": text,
                    "activity": None,
                    "activity_unit": unit,
                }
            )

    def stock(self) -> None:
        """Some plants of the stock, and some works, stand on their own account."""
        pen = self.pen
        for i, r in enumerate(self.world["stock"]):
            if r["technology"] not in ("plant", "old") or not pen.chance(0.6):
                continue
            k = r["technology"]
            r["class"] = pen.pick([f"u{i}", f"u{i}", ""])
            if pen.chance(0.7) or not r["class"]:
                name, yuan = pen.money()
                high = 3e5 if k == "plant" else 300.0
                size = factor(r.get("capacity_unit") or self.capacity[k])
                r["cost_fixed"] = pen.between(0.1, 1.0) * high * size / yuan
                if pen.mixed:
                    r["currency"] = name if name != "元" else "CNY"
                    r["price_year"] = PRICE_YEAR if name == "USD" else None
            if self.whole:
                r["unit_size"] = r["capacity"] / pen.pick([1, 2, 3])

    def exchange(self) -> None:
        pen: Any = self.pen
        for r in [*self.world["price"], *self.world["link"]]:
            if r["flow"] == "power" and pen.chance(0.5):
                r["full_hours"] = pen.between(3000, 8760)
                r.setdefault("limit", None)

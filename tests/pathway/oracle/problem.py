"""The least-cost plan from the raw tables, row by row, as the documentation has it.

Every amount is first brought to tonne, MWh, cubic metre, MW and yuan. Nothing here is shared with the room.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tests.pathway.oracle.unit import FACTOR, factor

Row = dict[str, Any]
Key = tuple[Any, ...]
Terms = dict[Key, float]


@dataclass
class World:
    """Raw tables as lists of rows, settings, and what one unit of a foreign currency is worth."""

    tables: dict[str, list[Row]]
    rate: float
    base_year: int
    currency: dict[str, float] = field(default_factory=dict)
    include_damage: bool = False

    def __getitem__(self, name: str) -> list[Row]:
        return self.tables.get(name, [])


@dataclass(frozen=True)
class Limit:
    """One row of the problem: terms `sign` right."""

    kind: str
    name: Key
    terms: Terms
    sign: str
    right: float


def most_specific(rows: list[Row], wild: tuple[str, ...] = ("node", "year"), **at: Any) -> Row | None:
    """Return the row that holds `at` this place: one with a node, then one with a year, goes first."""
    fits = [
        r
        for r in rows
        if all((r.get(k) or "") == (v or "") or (k in wild and not r.get(k)) for k, v in at.items())
    ]
    return max(fits, key=lambda r: [bool(r.get(k)) for k in wild], default=None)


def number(row: Row | None, column: str, otherwise: float = 0.0) -> float:
    value = None if row is None else row.get(column)
    return otherwise if value is None else float(value)


class Problem:
    """Variables of a world with their yearly costs, and the rows of what there is."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.period = sorted(world["period"], key=lambda r: r["year"])
        self.years = [r["year"] for r in self.period]
        self.weight = dict(zip(self.years, self._weights(), strict=True))
        self.nodes = [r["node"] for r in world["node"]]
        self.flow = {r["flow"]: r for r in world["flow"]}
        self.technologies = list(dict.fromkeys(r["technology"] for r in world["technology_option"]))
        self.unit = {r["technology"]: r["unit"] for r in world["technology_option"]}
        self.capacity_unit = {r["technology"]: r["capacity_unit"] or "" for r in world["technology_option"]}
        self.variables: dict[Key, int] = {}
        self.costs: list[tuple[Key, str, int, float]] = []
        self.rows: list[Limit] = []
        self.units: list[Key] = []
        self.whole: list[Key] = []
        self._activity()
        self._capacity()
        self._exchange()
        self._balance()
        self._charges()

    def _weights(self) -> list[float]:
        gaps = [float(b - a) for a, b in zip(self.years, self.years[1:], strict=False)]
        gaps.append(gaps[-1] if gaps else 1.0)
        return [g if r.get("weight") is None else r["weight"] for r, g in zip(self.period, gaps, strict=True)]

    def discount(self, year: int) -> float:
        return self.weight[year] * (1 + self.world.rate) ** (self.years[0] - year)

    def annuity(self, lifetime: float) -> float:
        r = self.world.rate
        return r / (1 - (1 + r) ** -lifetime) if r else 1 / lifetime

    def money(self, row: Row) -> float:
        """What one unit of the row's currency, which may be 万元, is in yuan."""
        name = row.get("currency") or "CNY"
        return self.world.currency.get(name) or factor(name)

    def unit_money(self, row: Row) -> float:
        """Yuan and canonical amount that a price or charge of 1 in its unit stands for."""
        top, _, bottom = row["unit"].rpartition("/")
        currency = self.world.currency.get(top)
        return (currency if currency is not None else factor(top)) / factor(bottom)

    def variable(self, key: Key) -> None:
        self.variables.setdefault(key, len(self.variables))

    def pay(self, key: Key, node: str, year: int, yearly: float) -> None:
        if yearly:
            self.costs.append((key, node, year, yearly))

    def limit(self, kind: str, name: Key, terms: Terms, sign: str, right: float) -> None:
        self.rows.append(Limit(kind, name, terms, sign, right))

    # what there is

    def option(self, k: str, n: str) -> Row | None:
        return most_specific(self.world["technology_option"], ("node",), technology=k, node=n)

    def places(self) -> list[tuple[str, str, int, Row]]:
        found = []
        for k in self.technologies:
            for n in self.nodes:
                row = self.option(k, n)
                found += [(n, k, y, row) for y in self.years if row is not None]
        return found

    def controls(self, n: str, k: str, y: int) -> dict[str, Row | None]:
        """Control options that are open; no device is one unless a row closes it."""
        found: dict[str, Row | None] = {}
        named = [r.get("control") or "" for r in self.world["control_option"] if r["technology"] == k]
        for c in dict.fromkeys(["", *named]):
            row = most_specific(self.world["control_option"], technology=k, control=c, node=n, year=y)
            if row is None and c:
                continue
            if row is not None and row.get("first_year") is not None and row["first_year"] > y:
                continue
            found[c] = row
        return found

    def rate(self, n: str, k: str, c: str, y: int, species: str) -> float:
        """Emission [t] per canonical unit of activity."""
        rows = self.world["emission_coefficient"]
        own = most_specific(rows, technology=k, control=c, species=species, node=n, year=y) if c else None
        row = own or most_specific(rows, technology=k, control="", species=species, node=n, year=y)
        if row is None:
            return 0.0
        passes = 1.0
        if c and own is None:
            removal = most_specific(
                self.world["control_removal"], ("technology",), control=c, species=species, technology=k
            )
            passes -= number(removal, "efficiency")
        return float(row["value"]) * factor(row["unit"]) * passes

    def per_activity(self, k: str, c: str, flow: str, role: str, device: bool = True) -> float:
        """Amount of a flow that one unit of activity makes or takes, the device's share included."""
        total = 0.0
        native = factor(self.flow[flow]["unit"]) / factor(self.unit[k])
        for r in self.world["technology_flow"]:
            if (r["technology"], r["flow"], r["role"]) == (k, flow, role):
                total += r["coefficient"] * (factor(r["unit"]) if r.get("unit") else native)
        for r in self.world["control_flow"] if device and c else []:
            if (r["technology"], r["control"], r["flow"], r["role"]) == (k, c, flow, role):
                total += r["coefficient"] * (factor(r["unit"]) if r.get("unit") else native)
        return total

    def _activity(self) -> None:
        for n, k, y, o in self.places():
            options = self.controls(n, k, y)
            for c in options:
                self.variable(("x", n, k, c, y))
                per = self.money(o) / factor(self.unit[k])
                self.pay(("x", n, k, c, y), n, y, number(o, "cost_variable") * per)
            for c, row in options.items():
                if row is None:
                    continue
                x: Terms = {("x", n, k, c, y): 1.0}
                for kind, sign, share in (
                    ("share_min", ">=", number(row, "share_min")),
                    ("share_max", "<=", number(row, "share_max", 1.0)),
                ):
                    terms = {("x", n, k, d, y): -share for d in options}
                    terms[("x", n, k, c, y)] = 1.0 - share
                    self.limit(kind, (n, k, c, y), terms, sign, 0.0)
                yearly = number(row, "cost_fixed") + number(row, "cost_variable")
                if number(row, "cost_capital"):
                    yearly += row["cost_capital"] * self.annuity(row["lifetime"])
                self.pay(next(iter(x)), n, y, yearly * self.money(row) / factor(self.unit[k]))

    # capacity

    def vintages(self, n: str, k: str, o: Row, pooled: bool = False) -> list[tuple[float, float, float]]:
        """Capacity of every row of the stock, the year it stands from and the one it no longer does."""
        found = []
        for r in self.world["stock"]:
            if (r["node"], r["technology"]) == (n, k) and not (pooled and self.apart(r)):
                built = r.get("year_built")
                since = -np.inf if built is None else built
                life = np.inf if o.get("lifetime") is None else o["lifetime"]
                size = factor(r.get("capacity_unit") or self.capacity_unit[k])
                found.append(
                    (number(r, "capacity") * size, since, since + life if built is not None else np.inf)
                )
        return found

    def stocked(self, n: str, k: str, year: int, o: Row, pooled: bool = False) -> float:
        """Capacity of the stock that stands in a year."""
        return sum(size for size, since, until in self.vintages(n, k, o, pooled) if since <= year < until)

    def yearly_output(self, k: str, o: Row) -> float:
        """Activity of a unit of capacity in a year; where it is empty the two units say it."""
        if o.get("yearly_output") is None:
            return 8760.0 if self.capacity_unit[k] in FACTOR["power"] else 1.0
        return float(o["yearly_output"]) * factor(self.unit[k]) / factor(self.capacity_unit[k])

    def standing(self, n: str, k: str, y: int, o: Row) -> Terms:
        """Capacity in a year: what of the stock is kept, and vintages that stand."""
        terms: Terms = {("kept", n, k, y): 1.0}
        for z in self.years:
            lives = o.get("lifetime") is None or y < z + o["lifetime"]
            if z <= y and lives and ("built", n, k, z) in self.variables:
                terms[("built", n, k, z)] = 1.0
        for v in self.units:
            if (v[1], v[2], v[4]) == (n, k, y):
                terms[v] = 1.0
        return terms

    def apart(self, r: Row) -> bool:
        """Whether a row of the stock retires on its own account."""
        return bool(r.get("class")) or any(r.get(c) is not None for c in ("unit_size", "cost_fixed"))

    def _units(self, n: str, k: str, y: int, o: Row, before: int | None) -> None:
        """What is kept of every row of the stock that retires on its own account."""
        for i, r in enumerate(self.world["stock"]):
            if (r["node"], r["technology"]) != (n, k) or not self.apart(r):
                continue
            since = -np.inf if r.get("year_built") is None else r["year_built"]
            endless = o.get("lifetime") is None or r.get("year_built") is None
            until = np.inf if endless else since + o["lifetime"]
            if not since <= y < until:
                continue
            size = factor(r.get("capacity_unit") or self.capacity_unit[k])
            key = ("unit", n, k, i, y)
            self.variable(key)
            self.units.append(key)
            own = r.get("cost_fixed") is not None
            per = number(r, "cost_fixed") * self.money(r) / size if own else (
                number(o, "cost_fixed") * self.money(o) / factor(self.capacity_unit[k])
            )  # fmt: skip
            self.pay(key, n, y, per)
            if r.get("unit_size") is None:
                self.limit("unit", key[1:], {key: 1.0}, "<=", number(r, "capacity") * size)
            else:
                shut = ("shut", n, k, i, y)
                self.variable(shut)
                self.whole.append(shut)
                terms = {key: 1.0, shut: r["unit_size"] * size}
                self.limit("unit", key[1:], terms, "=", number(r, "capacity") * size)
            if before is not None and ("unit", n, k, i, before) in self.variables:
                terms = {key: 1.0, ("unit", n, k, i, before): -1.0}
                self.limit("closed stays closed", key[1:], terms, "<=", 0.0)

    def based(self, n: str, k: str) -> float:
        """Activity of the base year: every row of the stock."""
        return sum(
            number(r, "activity") * factor(r.get("activity_unit") or self.unit[k])
            for r in self.world["stock"]
            if (r["node"], r["technology"]) == (n, k)
        )

    def _decline(self, n: str, k: str, y: int, o: Row, xs: Terms) -> None:
        """What stood in the base year is given up by no more than its share of that year in a year."""
        if o.get("decline") is None:
            return
        left = self.based(n, k) * (1.0 - o["decline"] * (y - self.world.base_year))
        if left > 0.0:
            self.limit("decline", (n, k, y), xs, ">=", left)

    def _capacity(self) -> None:
        for n, k, y, o in self.places():
            xs: Terms = {("x", n, k, c, y): 1.0 for c in self.controls(n, k, y)}
            first, last = o.get("first_year"), o.get("last_year")
            self._decline(n, k, y, o, xs)
            if (o.get("capacity") or "tracked") == "free":
                if o.get("potential") is not None:
                    self.limit("potential", (n, k, y), xs, "<=", o["potential"] * factor(self.unit[k]))
                continue
            per = self.money(o) / factor(self.capacity_unit[k])
            self.variable(("kept", n, k, y))
            self.pay(("kept", n, k, y), n, y, number(o, "cost_fixed") * per)
            self.limit("stock", (n, k, y), {("kept", n, k, y): 1.0}, "<=", self.stocked(n, k, y, o, True))
            at = self.years.index(y)
            before = self.years[at - 1] if at else None
            if before is not None:
                terms = {("kept", n, k, y): 1.0, ("kept", n, k, before): -1.0}
                new = [
                    size for size, since, until in self.vintages(n, k, o, True) if before < since <= y < until
                ]
                self.limit("retired stays retired", (n, k, y), terms, "<=", sum(new))
            self._units(n, k, y, o, before)
            opened = (first is None or first <= y) and (last is None or y <= last)
            if o.get("cost_capital") is not None and opened:
                self.variable(("built", n, k, y))
                if o.get("unit_size") is not None:
                    self.variable(("count", n, k, y))
                    self.whole.append(("count", n, k, y))
                    unit = o["unit_size"] * factor(self.capacity_unit[k])
                    terms = {("built", n, k, y): 1.0, ("count", n, k, y): -unit}
                    self.limit("whole units", (n, k, y), terms, "=", 0.0)
                yearly = number(o, "cost_fixed")
                if o["cost_capital"]:
                    yearly += o["cost_capital"] * self.annuity(o["lifetime"])
                for z in self.years:
                    if y <= z and (o.get("lifetime") is None or z < y + o["lifetime"]):
                        self.pay(("built", n, k, y), n, z, yearly * per)
            here = self.standing(n, k, y, o)
            output = number(o, "availability", 1.0) * self.yearly_output(k, o)
            self.limit("capacity", (n, k, y), {**xs, **{v: -output * w for v, w in here.items()}}, "<=", 0.0)
            size = factor(self.capacity_unit[k])
            if o.get("potential") is not None:
                self.limit("potential", (n, k, y), here, "<=", o["potential"] * size)
            if o.get("growth") is not None:
                start = number(o, "growth_start") * size
                if before is None:
                    rise = (1 + o["growth"]) ** (y - self.world.base_year)
                    had = self.stocked(n, k, self.world.base_year, o)
                    self.limit("growth from the base year", (n, k, y), here, "<=", rise * had + start)
                else:
                    rise = (1 + o["growth"]) ** (y - before)
                    terms = dict(here)
                    for v, w in self.standing(n, k, before, o).items():
                        terms[v] = terms.get(v, 0.0) - rise * w
                    self.limit("growth", (n, k, y), terms, "<=", start)

    # flows

    def price(self, flow: str, n: str, y: int, direction: str) -> Row | None:
        return most_specific(self.world["price"], flow=flow, direction=direction, node=n, year=y)

    def link(self, a: str, b: str, flow: str, y: int) -> Row | None:
        return most_specific(self.world["link"], ("year",), from_node=a, to_node=b, flow=flow, year=y)

    def pairs(self) -> list[tuple[str, str, str]]:
        return list(dict.fromkeys((r["from_node"], r["to_node"], r["flow"]) for r in self.world["link"]))

    def _exchange(self) -> None:
        for y in self.years:
            for f, spec in self.flow.items():
                size = factor(spec["unit"])
                for n in self.nodes:
                    for direction, sign in (("purchase", 1.0), ("sale", -1.0)):
                        row = self.price(f, n, y, direction)
                        if row is None:
                            continue
                        key = (direction, n, f, y)
                        self.variable(key)
                        self.pay(key, n, y, sign * row["value"] * self.unit_money(row))
                        if row.get("limit") is not None:
                            self.limit(f"{direction} limit", key[1:], {key: 1.0}, "<=", row["limit"] * size)
            for a, b, f in self.pairs():
                row = self.link(a, b, f, y)
                if row is None:
                    continue
                size = factor(row.get("unit") or self.flow[f]["unit"])
                self.variable(("sent", a, b, f, y))
                self.pay(("sent", a, b, f, y), a, y, number(row, "cost") / size)
                if row.get("limit") is not None:
                    self.limit("link", (a, b, f, y), {("sent", a, b, f, y): 1.0}, "<=", row["limit"] * size)

    def _balance(self) -> None:
        need: dict[Key, float] = defaultdict(float)
        for r in self.world["demand"]:
            need[r["node"], r["flow"], r["year"]] += r["value"] * factor(r["unit"])
        for f, spec in self.flow.items():
            for n in self.nodes:
                for y in self.years:
                    terms: Terms = defaultdict(float)
                    for key in self.variables:
                        if key[0] == "x" and (key[1], key[4]) == (n, y):
                            made = self.per_activity(key[2], key[3], f, "output")
                            terms[key] = made - self.per_activity(key[2], key[3], f, "input")
                        elif key[0] in ("purchase", "sale") and key[1:] == (n, f, y):
                            terms[key] = 1.0 if key[0] == "purchase" else -1.0
                        elif key[0] == "sent" and key[3:] == (f, y) and n in key[1:3]:
                            loss = number(self.link(*key[1:3], f, y), "loss")
                            terms[key] = -1.0 if n == key[1] else 1.0 - loss
                    terms = {k: v for k, v in terms.items() if v}
                    exact = spec.get("balance") == "equal"
                    kind = "balance equal" if exact else "balance"
                    self.limit(kind, (n, f, y), terms, "=" if exact else ">=", need[n, f, y])

    def _charges(self) -> None:
        for tax in dict.fromkeys((r["tax"], r["quantity"]) for r in self.world["tax"]):
            for key in [v for v in self.variables if v[0] == "x"]:
                _, n, k, c, y = key
                row = most_specific(self.world["tax"], tax=tax[0], quantity=tax[1], node=n, year=y)
                if row is None or (row.get("item") == "damage" and not self.world.include_damage):
                    continue
                emitted = sum(w * self.rate(n, k, c, y, s) for s, w in self.members(tax[1]).items())
                self.pay(key, n, y, row["value"] * self.unit_money(row) * emitted)

    def members(self, name: str) -> dict[str, float]:
        rows = [r for r in self.world["quantity_member"] if r["quantity"] == name]
        return {r["member"]: r["weight"] * factor(r.get("unit") or "") for r in rows} or {name: 1.0}

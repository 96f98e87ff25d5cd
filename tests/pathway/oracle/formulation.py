"""The targets of a plan on the problem of its tables, and its solution in linopy."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import linopy
import numpy as np
import xarray as xr
from scipy import sparse
from scipy.optimize import linprog
from tests.pathway.oracle.problem import Limit, Row, Terms, World, most_specific, number
from tests.pathway.oracle.slices import Sliced
from tests.pathway.oracle.unit import factor


@dataclass(frozen=True)
class Answer:
    condition: str
    objective: float
    value: Terms
    dual: list[float]


class Formulation(Sliced):
    """The problem of a world with its targets."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        for target in world["target"]:
            self.rows += self.target(target)

    def scope(self, scope: str) -> list[str]:
        if not scope:
            return self.nodes
        return [r["node"] for r in self.world["node"] if scope in (r["node"], r.get("group"))]

    def quantity(self, kind: str, name: str, control: str, scope: str, year: int) -> Terms:
        """A quantity of one year as weights on the variables, in canonical units."""
        nodes, members = self.scope(scope), self.members(name)
        terms: Terms = defaultdict(float)
        xs = [v for v in self.variables if v[0] == "x" and v[4] == year and v[1] in nodes]
        if kind == "emission":
            for v in xs:
                terms[v] += sum(w * self.rate(v[1], v[2], v[3], year, s) for s, w in members.items())
        elif kind == "concentration":
            for v in xs:
                for s in dict.fromkeys(r["species"] for r in self.world["response"]):
                    row = most_specific(
                        self.world["response"], ("node",), receptor=name, species=s, node=v[1]
                    )
                    if row is not None:
                        per = row["value"] * factor(row["unit"])
                        terms[v] += per * self.rate(v[1], v[2], v[3], year, s)
        elif kind == "activity":
            for v in xs:
                if not control or v[3] == control:
                    terms[v] += members.get(v[2], 0.0)
        elif kind == "capacity":
            for n, k, y, o in self.places():
                if y == year and n in nodes and k in members:
                    for v, w in self.standing(n, k, y, o).items():
                        terms[v] += members[k] * w
        elif kind in ("production", "consumption"):
            role = "output" if kind == "production" else "input"
            for v in xs:
                terms[v] += sum(w * self.per_activity(v[2], v[3], f, role) for f, w in members.items())
            for f, w in members.items():
                for v, more in self.further(kind, f, nodes, year).items():
                    terms[v] += w * more
        elif kind == "purchase":
            for v in self.variables:
                if v[0] == "purchase" and v[1] in nodes and v[3] == year:
                    terms[v] += members.get(v[2], 0.0)
        elif kind == "cost":
            for v, n, y, yearly in self.costs:
                if y == year and n in nodes:
                    terms[v] += yearly
        return {v: w for v, w in terms.items() if w}

    def base(self, kind: str, name: str, control: str, scope: str) -> float:
        """The same quantity at the activity that table stock gives for the base year."""
        nodes, members, year = self.scope(scope), self.members(name), self.world.base_year
        total = 0.0
        for r in self.world["stock"]:
            n, k, c = r["node"], r["technology"], r.get("control") or ""
            if n not in nodes:
                continue
            x = number(r, "activity") * factor(r.get("activity_unit") or self.unit[k])
            if kind == "emission":
                total += x * sum(w * self.rate(n, k, c, year, s) for s, w in members.items())
            elif kind == "concentration":
                for s in dict.fromkeys(q["species"] for q in self.world["response"]):
                    row = most_specific(self.world["response"], ("node",), receptor=name, species=s, node=n)
                    if row is not None:
                        total += x * row["value"] * factor(row["unit"]) * self.rate(n, k, c, year, s)
            elif kind == "activity" and (not control or c == control):
                total += x * members.get(k, 0.0)
            elif kind in ("production", "consumption"):
                role = "output" if kind == "production" else "input"
                total += x * sum(w * self.per_activity(k, c, f, role) for f, w in members.items())
        if kind == "capacity":
            for k, w in members.items():
                for n in nodes:
                    option = self.option(k, n)
                    if option is not None:
                        total += w * self.stocked(n, k, year, option)
        return total

    def spans(self, target: Row) -> list[list[int]]:
        first = target.get("year")
        last = target.get("year_to") or first
        years = self.years if first is None else [y for y in self.years if first <= y <= last]
        return [years] if target.get("accumulation") == "cumulative" else [[y] for y in years]

    def over(self, target: Row, side: str, years: list[int]) -> Terms:
        """Numerator or denominator of a target over its years; years of a sum count with their weights."""
        kind, name = ("quantity_kind", "quantity") if side == "top" else ("denominator_kind", "denominator")
        terms: Terms = defaultdict(float)
        control = (target.get("control") or "") if side == "top" else ""
        for y in years:
            times = self.weight[y] if target.get("accumulation") == "cumulative" else 1.0
            for v, w in self.quantity(
                target[kind], target[name], control, target.get("scope") or "", y
            ).items():
                terms[v] += times * w
        return terms

    def full(self, target: Row, years: list[int]) -> float:
        """What a bound of one share of the base year stands for."""
        scope = target.get("scope") or ""
        top = target.get("base_value")
        if top is not None:
            top = top * factor(target.get("unit") or "")
        else:
            top = self.base(target["quantity_kind"], target["quantity"], target.get("control") or "", scope)
            if target.get("denominator_kind"):
                return top / self.base(target["denominator_kind"], target["denominator"], "", scope)
        if target.get("accumulation") == "cumulative" and not target.get("denominator_kind"):
            top *= sum(self.weight[y] for y in years)
        return float(top)

    def target(self, target: Row) -> list[Limit]:
        sign = {"at_most": "<=", "at_least": ">=", "equal": "="}[target["comparator"]]
        found = []
        for years in self.spans(target):
            unit = target.get("unit") or ""
            if target.get("basis") == "share_of_base":
                bound = target["bound"] * (0.01 if unit == "%" else 1.0) * self.full(target, years)
            else:
                bound = target["bound"] * factor(unit)
            terms = self.over(target, "top", years)
            if target.get("denominator_kind"):
                for v, w in self.over(target, "below", years).items():
                    terms[v] = terms.get(v, 0.0) - bound * w
                bound = 0.0
            found.append(Limit("target", (target["target"], years[-1]), dict(terms), sign, bound))
        return found

    # solving

    def objective(self) -> Terms:
        terms: Terms = defaultdict(float)
        for v, _, y, yearly in self.costs:
            terms[v] += self.discount(y) * yearly
        return terms

    def quick(self, aim: Terms | None = None, rows: list[Limit] | None = None) -> Answer:
        """Minimise the discounted cost, or `aim`, under `rows`, without duals: for the search of bounds."""
        rows = self.rows if rows is None else rows
        entries = [(i, self.variables[v], w) for i, r in enumerate(rows) for v, w in r.terms.items()]
        i, j, w = (np.array(part) for part in zip(*entries, strict=True))
        matrix = sparse.csr_matrix((w, (i, j)), shape=(len(rows), len(self.variables)))
        limit = np.array([r.right for r in rows])
        sign = np.array([{"<=": 1.0, ">=": -1.0, "=": 0.0}[r.sign] for r in rows])
        cost = np.zeros(len(self.variables))
        for v, price in (self.objective() if aim is None else aim).items():
            cost[self.variables[v]] = price
        found = linprog(
            cost, sparse.diags(sign[sign != 0]) @ matrix[sign != 0], (sign * limit)[sign != 0],
            matrix[sign == 0], limit[sign == 0], method="highs-ds",
        )  # fmt: skip
        if found.status != 0:
            return Answer({2: "infeasible", 3: "unbounded"}.get(found.status, "limit"), float("nan"), {}, [])
        value = {v: float(found.x[at]) for v, at in self.variables.items()}
        return Answer("optimal", float(found.fun), value, [])

    def solve(self) -> Answer:
        """Minimise the discounted cost under the rows, in linopy."""
        rows = self.rows
        model = linopy.Model()
        j = np.arange(len(self.variables))
        x = model.add_variables(lower=xr.DataArray(np.zeros(len(j)), coords={"j": j}), name="x")
        whole = [self.variables[v] for v in self.whole]
        if whole:
            counts = model.add_variables(lower=0.0, coords=[("i", whole)], integer=True, name="counts")
            model.add_constraints(x.sel(j=whole).rename(j="i") - counts == 0.0, name="whole")
        width = max(1, max(len(r.terms) for r in rows))
        weights, places = np.zeros((len(rows), width)), np.full((len(rows), width), -1)
        for i, r in enumerate(rows):
            for at, (v, w) in enumerate(r.terms.items()):
                weights[i, at], places[i, at] = w, self.variables[v]
        left = linopy.LinearExpression(
            xr.Dataset(
                {
                    "coeffs": (("i", "_term"), np.where(places < 0, np.nan, weights)),
                    "vars": (("i", "_term"), places),
                },
                coords={"i": np.arange(len(rows))},
            ),
            model,
        )
        signs = xr.DataArray(np.array([r.sign for r in rows]), dims="i", coords={"i": np.arange(len(rows))})
        right = xr.DataArray(np.array([r.right for r in rows]), dims="i", coords={"i": np.arange(len(rows))})
        model.add_constraints(left, signs, right, name="rows")
        cost = np.zeros(len(j))
        for v, w in self.objective().items():
            cost[self.variables[v]] = w
        model.add_objective((xr.DataArray(cost, coords={"j": j}) * x).sum())
        status, condition = model.solve(
            solver_name="highs",
            output_flag=False,
            io_api="direct",
            progress=False,
            presolve="on",
            **({"mip_rel_gap": 0.0} if whole else {}),
        )
        if status != "ok":
            return Answer(condition, float("nan"), {}, [])
        found = model.solution["x"].to_numpy()
        return Answer(
            condition, float(model.objective.value), {v: float(found[i]) for v, i in self.variables.items()},
            [] if whole else model.constraints["rows"].dual.to_numpy().tolist(),
        )  # fmt: skip


def at(terms: Terms, value: Terms) -> float:
    """Return a sum of weights at a point."""
    return sum(w * value.get(v, 0.0) for v, w in terms.items())

"""Random small cases, and the same problem written by hand in another modelling layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from tongyuan.pathway.case.case import Case, Settings, draft


def make_random_case(seed: int, cap: float = 0.8, sale: bool = False, degenerate: bool = False) -> Case:
    """Two nodes, two periods, three technologies with a device, two species, stock, link and purchase."""
    r = np.random.default_rng(seed)

    def number(low: float, high: float, size: int) -> np.ndarray:
        drawn = r.uniform(low, high, size)
        return np.round(drawn) if degenerate else drawn

    nodes, years = ["a", "b"], [2025, 2030]
    technology = ["old", "new", "feed"]
    control = r.integers(0, 2, 2)
    options = (
        [("old", "dev")]
        + ([("new", "dev")] if control[0] else [])
        + ([("old", "deep")] if control[1] else [])
    )
    options = [("old", "dev"), ("new", "dev"), ("old", "deep")][: len(options)]
    demand = number(5, 20, 4)
    stock = [30.0, 25.0] if degenerate else list(r.uniform(20, 40, 2))
    tables = {
        "node": {"node": nodes},
        "period": {"year": years, "weight": [5.0, 5.0]},
        "flow": {"flow": ["good", "power", "ore"], "unit": ["t", "MWh", "t"], "balance": ["at_least",
        "equal", "at_least"]},
        "technology_option": {
            "technology": technology,
            "unit": ["t", "t", "MWh"],
            "capacity": ["tracked", "tracked", "free"],
            "availability": [0.9, 1.0, 1.0],
            "yearly_output": [1.0, 2.0, 1.0],
            "lifetime": [20.0, 5.0, None],
            "cost_capital": [10.0, float(number(10, 60, 1)[0]), None],
            "cost_fixed": [1.0, 0.0, None],
            "cost_variable": number(1, 5, 3).tolist(),
            "potential": [None, float(number(4, 24, 1)[0]), None],
            "growth": [None, 0.1 if r.random() < 0.5 else None, None],
            "growth_start": [0.0, 12.0, 0.0],
        },
        "technology_flow": {
            "technology": ["old", "old", "new", "new", "feed"],
            "flow": ["ore", "good", "power", "good", "power"],
            "role": ["input", "output", "input", "output", "output"],
            "coefficient": [1.5, 1.0, float(number(1, 3, 1)[0]), 1.0, 1.0],
        },
        "control_option": {
            "technology": [t for t, _ in options],
            "control": [c for _, c in options],
            "share_min": [0.1 if r.random() < 0.5 else 0.0] + [0.0] * (len(options) - 1),
            "share_max": number(0.3, 0.9, len(options)).tolist() if not degenerate else [0.5] * len(options),
            "cost_capital": [3.0] * len(options),
            "lifetime": [10.0] * len(options),
            "cost_variable": number(1, 6, len(options)).tolist(),
        },
        "control_flow": {"technology": ["old"], "control": ["dev"], "flow": ["power"], "role": ["input"],
        "coefficient": [0.2]},
        "control_removal": {
            "control": ["dev", "deep"][: 2 if ("old", "deep") in options else 1],
            "species": ["SO2"] * (2 if ("old", "deep") in options else 1),
            "efficiency": [0.7, 0.95][: 2 if ("old", "deep") in options else 1],
        },
        "emission_coefficient": {
            "technology": ["old", "old", "new", "feed"],
            "species": ["SO2", "CO2", "SO2", "CO2"],
            "node": ["", "", "a", ""],
            "value": [2.0, 3.0, 0.5, float(number(1, 2, 1)[0])],
            "unit": ["t/t", "t/t", "t/t", "t/MWh"],
        },
        "demand": {
            "node": ["a", "a", "b", "b"], "flow": ["good"] * 4, "year": years * 2, "value": demand.tolist(),
            "unit": ["t"] * 4,
        },
        "stock": {
            "node": nodes, "technology": ["old", "old"], "year_built": [2010, 2006], "capacity": stock,
            "activity": [float(demand[0]), float(demand[2])],
        },
        "price": {
            "flow": ["ore", "good"] if sale else ["ore"], "direction": ["purchase",
            "sale"] if sale else ["purchase"],
            "value": [2.0, 500.0] if sale else [2.0], "unit": ["CNY/t"] * (2 if sale else 1),
        },
        "link": {"from_node": ["a"], "to_node": ["b"], "flow": ["good"], "limit": [4.0], "cost": [0.5],
        "loss": [0.1]},
        "tax": {"tax": ["carbon"], "quantity": ["CO2"], "value": [0.3], "unit": ["CNY/t"]},
        "target": {
            "target": ["SO2", "CO2", "share"],
            "family": ["pollution", "carbon", "policy"],
            "quantity_kind": ["emission", "emission", "activity"],
            "quantity": ["SO2", "CO2", "new"],
            "denominator_kind": ["", "", "production"],
            "denominator": ["", "", "good"],
            "comparator": ["at_most", "at_most", "at_least"],
            "bound": [cap, float(number(500, 1500, 1)[0]), 0.05],
            "basis": ["share_of_base", "absolute", "absolute"],
            "year": [2030, 2025, 2030],
            "year_to": [None, 2030, None],
            "accumulation": ["annual", "cumulative", "annual"],
        },
    }  # fmt: skip
    return draft(
        {k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.06, base_year=2025)
    )


def by_hand(case: Case) -> tuple[str, float, dict[str, float]]:
    """Write the problem of `make_random_case` in linopy from its rows, one at a time.

    Returns the condition, the objective and the dual value of every target's row.
    """
    import linopy
    import xarray as xr

    get = {n: case[n].to_dicts() for n in case.tables}
    years = case.years
    gap = {years[0]: 0, years[1]: years[1] - years[0]}
    weight = {r["year"]: r["weight"] for r in get["period"]}
    factor = {y: weight[y] * 1.06 ** -(y - years[0]) for y in years}
    nodes = [r["node"] for r in get["node"]]
    options = {r["technology"]: r for r in get["technology_option"]}
    controls: dict[str, list[str]] = {t: [""] for t in options}
    control = {}
    for r in get["control_option"]:
        controls[r["technology"]].append(r["control"])
        control[r["technology"], r["control"]] = r
    variables: dict[tuple, int] = {}
    cost: list[float] = []
    upper: list[float] = []

    def new(key: tuple, price: float, high: float = np.inf) -> None:
        variables[key] = len(cost)
        cost.append(price)
        upper.append(high)

    def crf(life: float) -> float:
        return 0.06 / (1 - 1.06**-life)

    def rate(t: str, c: str, s: str, n: str) -> float:
        value = 0.0
        for r in get["emission_coefficient"]:
            if r["technology"] == t and r["species"] == s and r["node"] in ("", n):
                value = r["value"]
        for r in get["control_removal"]:
            if c and r["control"] == c and r["species"] == s:
                value *= 1 - r["efficiency"]
        return value

    for n in nodes:
        for t, o in options.items():
            for y in years:
                for c in controls[t]:
                    own = 0.0
                    if c:
                        k = control[t, c]
                        own = (
                            k["cost_capital"] * crf(k["lifetime"])
                            + (k["cost_fixed"] or 0)
                            + k["cost_variable"]
                        )
                    taxed = sum(r["value"] * rate(t, c, r["quantity"], n) for r in get["tax"])
                    new(("x", n, t, c, y), factor[y] * (o["cost_variable"] + own + taxed))
                if o["capacity"] == "tracked":
                    alive = [z for z in years if y <= z < y + o["lifetime"]]
                    new(
                        ("b", n, t, y),
                        sum(
                            factor[z] * (o["cost_capital"] * crf(o["lifetime"]) + o["cost_fixed"])
                            for z in alive
                        ),
                    )
                    have = sum(
                        r["capacity"] for r in get["stock"]
                        if r["node"] == n and r["technology"] == t and r["year_built"] + o["lifetime"] > y
                    )  # fmt: skip
                    new(("s", n, t, y), factor[y] * o["cost_fixed"], have)
        for r in get["price"]:
            for y in years:
                sign = 1 if r["direction"] == "purchase" else -1
                new((r["direction"], n, r["flow"], y), sign * factor[y] * r["value"])
    for r in get["link"]:
        for y in years:
            new(("link", r["from_node"], r["to_node"], y), factor[y] * r["cost"], r["limit"])
    rows: list[tuple[dict[int, float], str, float]] = []

    def row(terms: list[tuple[tuple, float]], sign: str, right: float) -> None:
        summed: dict[int, float] = {}
        for key, v in terms:
            summed[variables[key]] = summed.get(variables[key], 0.0) + v
        rows.append((summed, sign, right))

    for n in nodes:
        for y in years:
            for flow in get["flow"]:
                f = flow["flow"]
                terms = []
                for m in get["technology_flow"]:
                    if m["flow"] == f:
                        sign = 1 if m["role"] == "output" else -1
                        terms += [
                            (("x", n, m["technology"], c, y), sign * m["coefficient"])
                            for c in controls[m["technology"]]
                        ]
                for m in get["control_flow"]:
                    if m["flow"] == f and m["control"] in controls[m["technology"]]:
                        terms.append((("x", n, m["technology"], m["control"], y), -m["coefficient"]))
                for p in get["price"]:
                    if p["flow"] == f:
                        terms.append(
                            ((p["direction"], n, f, y), 1.0 if p["direction"] == "purchase" else -1.0)
                        )
                for k in get["link"]:
                    if k["flow"] == f and n == k["from_node"]:
                        terms.append((("link", n, k["to_node"], y), -1.0))
                    if k["flow"] == f and n == k["to_node"]:
                        terms.append((("link", k["from_node"], n, y), 1 - k["loss"]))
                need = sum(
                    d["value"] for d in get["demand"] if (d["node"], d["flow"], d["year"]) == (n, f, y)
                )
                row(terms, "=" if flow["balance"] == "equal" else ">=", need)
            for t, o in options.items():
                xs = [(("x", n, t, c, y), 1.0) for c in controls[t]]
                for c in controls[t][1:]:
                    k = control[t, c]
                    row([(("x", n, t, c, y), 1.0)] + [(v, -k["share_max"]) for v, _ in xs], "<=", 0.0)
                    row([(("x", n, t, c, y), 1.0)] + [(v, -k["share_min"]) for v, _ in xs], ">=", 0.0)
                if o["capacity"] != "tracked":
                    continue

                def capacity(z: int, n: str = n, t: str = t, o: dict = o) -> list[tuple[tuple, float]]:
                    new_ones = [(("b", n, t, w), 1.0) for w in years if w <= z < w + o["lifetime"]]
                    return [*new_ones, (("s", n, t, z), 1.0)]

                use = o["availability"] * o["yearly_output"]
                row(xs + [(v, -use * w) for v, w in capacity(y)], "<=", 0.0)
                if o["potential"] is not None:
                    row(capacity(y), "<=", o["potential"])
                if y != years[0]:
                    row([(("s", n, t, y), 1.0), (("s", n, t, years[0]), -1.0)], "<=", 0.0)
                if o["growth"] is not None:
                    before = (
                        []
                        if y == years[0]
                        else [(v, -((1 + o["growth"]) ** gap[y]) * w) for v, w in capacity(years[0])]
                    )
                    row(capacity(y) + before, "<=", o["growth_start"])

    def emitted(s: str, y: int) -> list[tuple[tuple, float]]:
        return [(("x", n, t, c, y), rate(t, c, s, n)) for n in nodes for t in options for c in controls[t]]

    for g in get["target"]:
        if g["target"] == "SO2":
            base = sum(r["activity"] * rate(r["technology"], "", "SO2", r["node"]) for r in get["stock"])
            row(emitted("SO2", 2030), "<=", g["bound"] * base)
        elif g["target"] == "CO2":
            row([(k, 5.0 * v) for y in years for k, v in emitted("CO2", y)], "<=", g["bound"])
        else:
            top = [(("x", n, "new", c, 2030), 1.0) for n in nodes for c in controls["new"]]
            made = [
                (("x", n, t, c, 2030), -g["bound"])
                for n in nodes
                for t in ("old", "new")
                for c in controls[t]
            ]
            row(top + made, ">=", 0.0)
    matrix = np.zeros((len(rows), len(cost)))
    for i, (terms, _, _) in enumerate(rows):
        for j, v in terms.items():
            matrix[i, j] = v
    model = linopy.Model()
    index = np.arange(len(cost))
    x = model.add_variables(
        lower=xr.DataArray(np.zeros(len(cost)), coords={"j": index}),
        upper=xr.DataArray(np.array(upper), coords={"j": index}),
        name="x",
    )
    for sign in ("<=", ">=", "="):
        chosen = [i for i, (_, s, _) in enumerate(rows) if s == sign]
        left = (xr.DataArray(matrix[chosen], coords={"i": chosen, "j": index}, dims=("i", "j")) * x).sum("j")
        right = xr.DataArray(np.array([rows[i][2] for i in chosen]), coords={"i": chosen}, dims="i")
        model.add_constraints(left, sign, right, name=f"c{sign}")
    model.add_objective((xr.DataArray(np.array(cost), coords={"j": index}) * x).sum())
    status, condition = model.solve(solver_name="highs", output_flag=False, io_api="direct", progress=False)
    if status != "ok":
        return condition, float("nan"), {}
    dual = {}
    for place, g in enumerate(get["target"], start=len(rows) - len(get["target"])):
        dual[g["target"]] = float(model.constraints[f"c{rows[place][1]}"].dual.sel(i=place))
    return condition, float(model.objective.value), dual


@pytest.fixture(scope="session")
def random_case() -> Callable[..., Case]:
    return make_random_case


@pytest.fixture(scope="session")
def hand_written() -> Callable[[Case], tuple[str, float, dict[str, float]]]:
    return by_hand

"""Plans with time slices: assembly against linopy on one and the same problem, and the solvers on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from benchmarks.pathway import assembled, timed, worked
from benchmarks.registry import Figure, Spec
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.block import solve_block
from tongyuan.pathway.solve.region import solve_by_region
from tongyuan.pathway.solve.solve import Solver

SLICES = tuple((f"{s}_{p}", d * h, s) for s, d in (("cold", 90.0), ("mild", 153.0), ("hot", 122.0))
               for p, h in (("night", 8.0), ("morning", 5.0), ("noon", 5.0), ("evening", 6.0)))  # fmt: skip
LIFE, RATE, LOSS, SENDING = 30.0, 0.05, 0.05, 20.0


def arrays(nodes: int, kinds: int, years: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Return a world of provinces that build plants and exchange power by slice, as dense drawn numbers."""
    rng = np.random.default_rng(seed)
    load = rng.uniform(0.7, 1.3, (nodes, len(SLICES)))
    hours = np.array([h for _, h, _ in SLICES])
    share = load * hours
    use = rng.uniform(0.05, 0.95, (nodes, kinds, len(SLICES)))
    use[:, 0] = 0.95
    return {
        "hours": hours,
        "share": share / share.sum(axis=1, keepdims=True),
        "demand": rng.uniform(0.5, 2.0, (nodes, 1)) * 1e8 * 1.1 ** np.arange(years),
        "use": use,
        "capital": np.concatenate([[3e6], rng.uniform(2e6, 9e6, kinds - 1)]),
        "variable": np.concatenate([[250.0], rng.uniform(0.0, 300.0, kinds - 1)]),
        "carbon": np.concatenate([[0.8], rng.choice([0.0, 0.4, 0.8], kinds - 1)]),
        "cap": 0.8 ** np.arange(years),
        "limit": np.full(nodes, 1.5e7),
    }


def case_of(a: dict[str, np.ndarray]) -> Case:
    """Return the world as plan tables."""
    nodes, kinds, _ = a["use"].shape
    years = [2025 + 5 * t for t in range(a["cap"].size)]
    places, plants = [f"p{i:02d}" for i in range(nodes)], [f"k{i:02d}" for i in range(kinds)]
    n, k, s = (i.ravel() for i in np.indices(a["use"].shape))
    dn, dt = (i.ravel() for i in np.indices(a["demand"].shape))
    sn, ss = (i.ravel() for i in np.indices(a["share"].shape))
    place, plant, slices = (pl.Series(x) for x in (places, plants, [r[0] for r in SLICES]))
    year = pl.Series(years)
    frame = pl.DataFrame
    tables = {
        "node": frame({"node": places}),
        "period": frame({"year": years, "weight": [5.0] * len(years)}),
        "slice": frame(SLICES, schema=["slice", "hours", "season"], orient="row"),
        "flow": frame({"flow": ["power"], "unit": ["MWh"], "kind": ["energy"], "balance_time": ["slice"]}),
        "technology_option": frame(
            {
                "technology": plants, "unit": ["MWh"] * kinds, "capacity_unit": ["MW"] * kinds,
                "capacity": ["tracked"] * kinds, "cost_capital": a["capital"], "lifetime": [LIFE] * kinds,
                "cost_variable": a["variable"],
            }
        ),
        "technology_flow": frame(
            {"technology": plants, "flow": ["power"] * kinds, "role": ["output"] * kinds,
             "coefficient": [1.0] * kinds}
        ),
        "technology_slice": frame(
            {"technology": plant[k], "node": place[n], "slice": slices[s], "availability": a["use"].ravel()}
        ),
        "emission_coefficient": frame(
            {"technology": plants, "species": ["CO2"] * kinds, "value": a["carbon"],
             "unit": ["t/MWh"] * kinds}
        ),
        "demand": frame(
            {"node": place[dn], "flow": ["power"] * dn.size, "year": year[dt],
             "value": a["demand"].ravel(), "unit": ["MWh"] * dn.size}
        ),
        "demand_slice": frame(
            {"flow": ["power"] * sn.size, "node": place[sn], "slice": slices[ss], "share": a["share"].ravel()}
        ),
        "link": frame(
            {"from_node": places, "to_node": [*places[1:], places[0]], "flow": ["power"] * nodes,
             "limit": a["limit"], "cost": [SENDING] * nodes, "loss": [LOSS] * nodes}
        ),
        "target": frame(
            {"target": [f"c{y}" for y in years], "family": ["carbon"] * len(years),
             "quantity_kind": ["emission"] * len(years), "quantity": ["CO2"] * len(years),
             "comparator": ["at_most"] * len(years), "unit": ["t"] * len(years), "year": years,
             "bound": caps(a)}
        ),
    }  # fmt: skip
    return draft(tables, Settings(discount_rate=RATE, base_year=years[0]))


def caps(a: dict[str, np.ndarray]) -> np.ndarray:
    """Return the cap of the nation's emission in every year [t]."""
    return 0.3 * a["demand"].sum(axis=0) * a["cap"]


def model_of(a: dict[str, np.ndarray]) -> Any:
    """Return the same problem as a linopy model."""
    import linopy
    import xarray as xr

    nodes, kinds, slices = a["use"].shape
    years = a["cap"].size
    axes = {"n": np.arange(nodes), "k": np.arange(kinds), "s": np.arange(slices), "t": np.arange(years)}

    def array(values: np.ndarray, dims: str) -> xr.DataArray:
        return xr.DataArray(values, dims=list(dims), coords={d: axes[d] for d in dims})

    def variables(name: str, dims: str, upper: Any = np.inf) -> Any:
        coords = [axes[d] for d in dims]
        return model.add_variables(lower=0, upper=upper, coords=coords, dims=list(dims), name=name)

    model = linopy.Model()
    build = variables("build", "nkt")
    run = variables("run", "nkts")
    sent = variables("sent", "nts")
    hours = array(a["hours"], "s")
    room = array(a["use"], "nks") * hours
    for t in range(years):
        standing = build.isel(t=slice(0, t + 1)).sum("t")
        model.add_constraints(run.isel(t=t) - room * standing <= 0, name=f"room{t}")
    arrives = (1.0 - LOSS) * sent.roll(n=1)
    need = array(a["demand"], "nt") * array(a["share"], "ns")
    model.add_constraints(run.sum("k") + arrives - sent >= need, name="balance")
    model.add_constraints(sent - array(a["limit"], "n") / 8760.0 * hours <= 0, name="line")
    emitted = (run * array(a["carbon"], "k")).sum(["n", "k", "s"])
    model.add_constraints(emitted <= array(caps(a), "t"), name="cap")
    annuity = RATE / (1.0 - (1.0 + RATE) ** -LIFE)
    weight = 5.0 * (1.0 + RATE) ** (-5.0 * np.arange(years))
    stands = array(np.array([weight[t:].sum() for t in range(years)]), "t")
    model.add_objective(
        (build * (array(a["capital"] * annuity, "k") * stands)).sum()
        + (run * (array(a["variable"], "k") * array(weight, "t"))).sum()
        + (sent * (SENDING * array(weight, "t"))).sum()
    )
    return model


def build(nodes: int = 31, kinds: int = 20, years: int = 3) -> list[Figure]:
    """Time the assembly of a nation with slices against linopy; both are solved to one objective."""
    a = arrays(nodes, kinds, years)
    own, problem = assembled(lambda: case_of(a), 3)
    passed, solver = worked(lambda: Solver(problem), 2)
    handed, model = worked(lambda: model_of(a).to_highspy(), 3)
    found = solver.solve()
    model.setOptionValue("output_flag", False)
    model.run()
    apart = abs(model.getInfo().objective_function_value / found.objective - 1.0)
    return [
        Figure("columns", float(problem.matrix.shape[1]), ""),
        Figure("entries", float(problem.matrix.nnz), ""),
        Figure("assemble from tables, sliced", own, "s"),
        Figure("scale and hand to HiGHS", passed, "s"),
        Figure("linopy, built and handed over / assemble", handed / own, "x", 4.0),
        Figure("linopy / assemble, scale and hand over", handed / (own + passed), "x"),
        Figure("difference of objectives", apart, "", 1e-7, at_most=True),
    ]


def solvers(nodes: int = 6, kinds: int = 12, years: int = 3, rounds: int = 20) -> list[Figure]:
    """Time the solvers on provinces that exchange power by slice, at one objective; and the regions apart."""
    problem = assemble(case_of(arrays(nodes, kinds, years)))
    times: dict[str, float] = {}
    objective: dict[str, float] = {}
    ways: dict[str, Callable[[], float]] = {
        "HiGHS simplex": lambda: Solver(problem).solve("simplex").objective,
        "HiGHS ipm": lambda: Solver(problem).solve("ipm").objective,
        "structured interior point": lambda: solve_block(problem).objective,
    }
    for name, way in ways.items():
        times[name], objective[name] = timed(way)
    best = objective["HiGHS simplex"]
    most = float(np.max([abs(one / best - 1.0) for one in objective.values()]))
    apart, (parts, low) = timed(lambda: solve_by_region(problem, rounds=rounds))
    return [
        Figure("columns", float(problem.matrix.shape[1]), ""),
        *(Figure(name, seconds, "s") for name, seconds in times.items()),
        Figure("largest difference of objectives", most, "", 1e-6, at_most=True),
        Figure(f"by region, {rounds} rounds", apart, "s"),
        Figure("by region, cost above the optimum", 100.0 * (parts.objective / best - 1.0), "%"),
        Figure("by region, bound below the optimum", 100.0 * (1.0 - low / best), "%"),
    ]  # fmt: skip


SPECS = [
    Spec("pathway-build-slices", "Building a nation with time slices and exchange, against linopy", build),
    Spec("pathway-solve-slices", "Solvers on provinces with time slices, at one objective", solvers),
]

"""The pathway room on the generated national world; every ratio is of two times taken in one run."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from scipy import sparse

from benchmarks.registry import Figure, Spec
from tongyuan.pathway.ask.sweep import dense, total_vector
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.example import SPECIES, national
from tongyuan.pathway.problem.assemble import assemble, with_rows
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.solve.block import solve_block
from tongyuan.pathway.solve.solve import Solver


def timed(run: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the least wall time of `repeats` runs and the last value."""
    times, value = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        value = run()
        times.append(time.perf_counter() - start)
    return min(times), value


def worked(run: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """Return the least processor time of `repeats` runs, of all threads together, and the last value."""
    times, value = [], None
    for _ in range(repeats):
        start = time.process_time()
        value = run()
        times.append(time.process_time() - start)
    return min(times), value


def assembled(make: Callable[[], Case], repeats: int) -> tuple[float, Problem]:
    """Return the least processor time of assembling a case that nothing is remembered of, and its problem."""
    times = []
    for _ in range(repeats):
        case = make()
        seconds, problem = worked(lambda case=case: assemble(case))
        times.append(seconds)
    return min(times), problem


def arrays(case: Case) -> dict[str, np.ndarray]:
    """Return the national world as dense arrays, as a modelling layer would be handed them."""
    nodes, groups, years = (
        case[t][c].to_list() for t, c in (("node", "node"), ("flow", "flow"), ("period", "year"))
    )
    controls = ["", *dict.fromkeys(case["control_option"]["control"])]
    n, g, c, t, s = len(nodes), len(groups), len(controls), len(years), len(SPECIES)
    rate = case["emission_coefficient"]["value"].to_numpy().reshape(n, g, c, s)
    price = np.zeros((g, c))
    price[:, 1:] = case["control_option"]["cost_variable"].to_numpy().reshape(g, c - 1)
    share = np.ones((g, c))
    share[:, 1:] = case["control_option"]["share_max"].to_numpy().reshape(g, c - 1)
    demand = case["demand"]["value"].to_numpy().reshape(n, g, t)
    target = case["target"]
    region = target.filter(pl.col("scope") != "")["bound"].to_numpy().reshape(n, s, t)
    nation = target.filter(pl.col("scope") == "")["bound"].to_numpy().reshape(s, t)
    weight = case["period"]["weight"].to_numpy() * 1.05 ** -(np.array(years) - years[0])
    return {
        "rate": rate,
        "price": price,
        "share": share,
        "demand": demand,
        "region": region,
        "nation": nation,
        "weight": weight,
    }


def by_linopy(a: dict[str, np.ndarray]) -> Any:
    """Build the same problem in linopy and hand it to HiGHS."""
    import linopy
    import xarray as xr

    model = linopy.Model()
    n, g, c, s = a["rate"].shape
    t = a["weight"].size
    axes = {"n": np.arange(n), "g": np.arange(g), "c": np.arange(c), "t": np.arange(t), "s": np.arange(s)}

    def array(values: np.ndarray, dims: str) -> xr.DataArray:
        return xr.DataArray(values, dims=list(dims), coords={d: axes[d] for d in dims})

    x = model.add_variables(lower=0, coords=[axes[d] for d in "ngct"], dims=list("ngct"), name="x")
    whole = model.add_variables(lower=0, coords=[axes[d] for d in "ngt"], dims=list("ngt"), name="whole")
    z = model.add_variables(lower=0, coords=[axes[d] for d in "nst"], dims=list("nst"), name="z")
    model.add_constraints(x.sum("c") - whole == 0, name="total")
    model.add_constraints(whole == array(a["demand"], "ngt"), name="balance")
    limited = x.isel(c=slice(1, None))
    model.add_constraints(limited - array(a["share"], "gc").isel(c=slice(1, None)) * whole <= 0, name="share")
    emitted = [(x * array(a["rate"][..., i], "ngc")).sum(["g", "c"]) - z.isel(s=i) == 0 for i in range(s)]
    for i, rows in enumerate(emitted):
        model.add_constraints(rows, name=f"emission{i}")
    model.add_constraints(z <= array(a["region"], "nst"), name="region")
    model.add_constraints(z.sum("n") <= array(a["nation"], "st"), name="nation")
    model.add_objective((x * array(a["price"], "gc") * array(a["weight"], "t")).sum())
    return model.to_highspy()


def by_pyomo(a: dict[str, np.ndarray]) -> Any:
    """Build the same problem in pyomo and hand it to HiGHS."""
    import pyomo.environ as pyo
    from pyomo.contrib.appsi.solvers import Highs

    n, g, c, s = a["rate"].shape
    t = a["weight"].size
    m = pyo.ConcreteModel()
    m.n, m.g, m.c, m.t, m.s = (pyo.RangeSet(0, k - 1) for k in (n, g, c, t, s))
    m.x = pyo.Var(m.n, m.g, m.c, m.t, within=pyo.NonNegativeReals)
    m.w = pyo.Var(m.n, m.g, m.t, within=pyo.NonNegativeReals)
    m.z = pyo.Var(m.n, m.s, m.t, within=pyo.NonNegativeReals)
    rate, share, price, weight = a["rate"], a["share"], a["price"], a["weight"]
    m.total = pyo.Constraint(
        m.n, m.g, m.t, rule=lambda m, i, j, k: sum(m.x[i, j, o, k] for o in m.c) - m.w[i, j, k] == 0
    )
    m.balance = pyo.Constraint(
        m.n, m.g, m.t, rule=lambda m, i, j, k: m.w[i, j, k] == float(a["demand"][i, j, k])
    )
    m.part = pyo.RangeSet(1, c - 1)
    m.share = pyo.Constraint(
        m.n,
        m.g,
        m.part,
        m.t,
        rule=lambda m, i, j, o, k: m.x[i, j, o, k] - float(share[j, o]) * m.w[i, j, k] <= 0,
    )
    m.emission = pyo.Constraint(
        m.n,
        m.s,
        m.t,
        rule=lambda m, i, p, k: (
            sum(float(rate[i, j, o, p]) * m.x[i, j, o, k] for j in m.g for o in m.c) - m.z[i, p, k] == 0
        ),
    )
    m.region = pyo.Constraint(
        m.n, m.s, m.t, rule=lambda m, i, p, k: m.z[i, p, k] <= float(a["region"][i, p, k])
    )
    m.nation = pyo.Constraint(
        m.s, m.t, rule=lambda m, p, k: sum(m.z[i, p, k] for i in m.n) <= float(a["nation"][p, k])
    )
    m.cost = pyo.Objective(
        expr=sum(
            float(price[j, o] * weight[k]) * m.x[i, j, o, k]
            for i in m.n
            for j in m.g
            for o in m.c
            for k in m.t
        )
    )
    solver = Highs()
    solver.set_instance(m)
    return solver


def by_clarabel(problem: Problem) -> tuple[float, str]:
    """Solve with Clarabel; return objective and status."""
    import clarabel

    a = problem.matrix.tocsr()
    equal = problem.row_lower == problem.row_upper
    up, low = np.isfinite(problem.row_upper) & ~equal, np.isfinite(problem.row_lower) & ~equal
    bounded, floored = np.isfinite(problem.upper), np.isfinite(problem.lower)
    eye = sparse.identity(a.shape[1], format="csr")
    stacked = sparse.vstack([a[equal], a[up], -a[low], eye[bounded], -eye[floored]], format="csc")
    right = np.concatenate(
        [
            problem.row_upper[equal],
            problem.row_upper[up],
            -problem.row_lower[low],
            problem.upper[bounded],
            -problem.lower[floored],
        ]
    )
    cones = [clarabel.ZeroConeT(int(equal.sum())), clarabel.NonnegativeConeT(int(right.size - equal.sum()))]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    nothing = sparse.csc_matrix((a.shape[1], a.shape[1]))
    found = clarabel.DefaultSolver(nothing, problem.cost, stacked, right, cones, settings).solve()
    return found.obj_val, str(found.status)


def build() -> list[Figure]:
    """Time the build of the national problem against modelling layers, which are handed ready arrays."""
    case = national()
    raw = arrays(case)
    own, problem = assembled(national, 5)
    passed, solver = worked(lambda: Solver(problem), 2)
    solved, _ = worked(solver.solve)
    linopy, _ = worked(lambda: by_linopy(raw), 3)
    pyomo, _ = worked(lambda: by_pyomo(raw))
    return [
        Figure("assemble from tables", own, "s"),
        Figure("scale and hand to HiGHS", passed, "s"),
        Figure("columns", float(problem.matrix.shape[1]), ""),
        Figure("rows", float(problem.matrix.shape[0]), ""),
        Figure("entries", float(problem.matrix.nnz), ""),
        Figure("linopy, built and handed over / assemble", linopy / own, "x", 4.0),
        Figure("linopy / assemble, scale and hand over", linopy / (own + passed), "x"),
        Figure("pyomo, built and handed over / assemble", pyomo / own, "x", 40.0),
        Figure("assemble / solve", 100.0 * own / solved, "%", 5.0, at_most=True),
    ]


def solve() -> list[Figure]:
    """Time the methods on the coupled national problem, each from the assembled problem to its solution."""
    problem = assemble(national())
    solve_block(assemble(national(nodes=4, groups=8, controls=4, years=2)))  # compile
    own, block = timed(lambda: solve_block(problem), 3)
    rows = [Figure("block", own, "s"), Figure("duality gap of block", block.gap, "", 1e-7, at_most=True)]
    times, objectives = {}, {}
    for method in ("simplex", "ipm"):
        repeats = 2 if method == "simplex" else 1
        times[f"HiGHS {method}"], found = timed(lambda m=method: Solver(problem).solve(m), repeats)
        objectives[f"HiGHS {method}"] = found.objective
    times["Clarabel"], (objectives["Clarabel"], _) = timed(lambda: by_clarabel(problem))
    rows += [Figure(name, seconds, "s") for name, seconds in times.items()]
    apart = max(abs(o / block.objective - 1.0) for o in objectives.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return [
        *rows,
        Figure("largest difference of objectives", apart, "", 1e-7, at_most=True),
        Figure("fastest general solver / block", min(times.values()) / own, "x", 4.0),
        Figure("peak memory", peak, "MB", 2048.0, at_most=True),
    ]


def front(points: int = 50, cold: int = 2) -> list[Figure]:
    """Time a carbon front by the warm simplex against cold solves (the mean of `cold`, times the points)."""
    problem = assemble(national(), ["CO2"])
    vector = total_vector(problem, ("emission", "CO2"))
    problem = with_rows(problem, [("CO2", 0, vector, -np.inf, np.inf)], "objective")
    full, last = dense(problem, vector), problem.rows.height - 1
    solver = Solver(problem)
    most = float(full @ solver.solve().x)
    bounds = most * np.linspace(1.0, 0.985, points)

    def sweep() -> int:
        good = 0
        for bound in bounds:
            solver.set_rows(last, -np.inf, bound)
            good += solver.solve().status == "optimal"
        return good

    warm, good = timed(sweep)
    seconds = []
    for bound in bounds[:: max(points // cold, 1)][:cold]:
        upper = problem.row_upper.copy()
        upper[last] = bound
        alone = Solver(replace(problem, row_upper=upper))
        seconds.append(timed(alone.solve)[0])
    each = float(np.mean(seconds))
    return [
        Figure(f"{points} points, warm simplex", warm, "s"),
        Figure("points solved", float(good), "", float(points)),
        Figure("one cold solve", each, "s"),
        Figure("cold / warm", each * points / warm, "x", 3.0),
    ]


SPECS = [
    Spec("pathway-build", "Building 100,000 columns from tables", build),
    Spec("pathway-solve", "Methods on the coupled national problem", solve, slow=True),
    Spec("pathway-front", "A carbon front of 50 points", front, slow=True),
]

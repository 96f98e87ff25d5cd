"""Plans by time slice on generated worlds: a slider of a province, and the nation in one problem."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable

from benchmarks.registry import Figure, Spec
from tongyuan.pathway.ask.held import Held
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example_grid import grid
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.region import solve_by_region
from tongyuan.pathway.solve.solve import Solver

SECTORS = 200
"""Industrial services of the province: with their devices it has 12,500 columns."""


def resolve() -> list[Figure]:
    """Time the answer to a changed target or price against the same question asked from nothing."""
    case = grid(1, SECTORS)
    bound = dict(case["target"].select("target", "bound").iter_rows())
    held = Held(case)
    start = time.perf_counter()
    held.plan()
    first = time.perf_counter() - start
    changes: list[Callable[[], None]] = [
        lambda: held.bound("carbon_2035", 0.95 * bound["carbon_2035"]),
        lambda: held.price("coal", 1.1),
        lambda: held.bound("nox_2035", 0.95 * bound["nox_2035"]),
        lambda: held.price("gas_fuel", 0.9),
        lambda: held.bound("carbon_2030", 0.9 * bound["carbon_2030"]),
    ]
    warm, cold, apart = [], [], 0.0
    for change in changes:
        start = time.perf_counter()
        change()
        found = held.plan()
        warm.append(time.perf_counter() - start)
        start = time.perf_counter()
        fresh = least_cost(held.case)
        cold.append(time.perf_counter() - start)
        apart = max(apart, abs(found.cost / fresh.cost - 1.0))
    return [
        Figure("columns", float(held.problem.matrix.shape[1]), ""),
        Figure("first plan, audited", first, "s"),
        Figure("after a change, audited (median)", statistics.median(warm), "s", 2.0, at_most=True),
        Figure("after a change, audited (longest)", max(warm), "s"),
        Figure("cold / after a change", statistics.median(cold) / statistics.median(warm), "x", 2.0),
        Figure("largest difference of cost", apart, "", 1e-9, at_most=True),
    ]


def redraft() -> list[Figure]:
    """Time the answer to a changed target or price of the plan drafted for the example province."""
    from importlib.resources import as_file, files

    from tongyuan.flows.ask.plan.given import given

    with as_file(files("tongyuan.ledger") / "examples" / "province") as folder:
        asked = given(folder)
    bound = dict(asked.case["target"].select("target", "bound").iter_rows())
    held = Held(asked.case, evaluate=asked.evaluate)
    start = time.perf_counter()
    held.plan()
    first = time.perf_counter() - start
    changes: list[Callable[[], None]] = [
        lambda: held.bound("co2_scenario_2035", 1.05 * bound["co2_scenario_2035"]),
        lambda: held.price("coal", 1.1),
        lambda: held.bound("nox_scenario_2035", 1.05 * bound["nox_scenario_2035"]),
        lambda: held.price("natural_gas", 0.9),
    ]
    warm, apart = [], 0.0
    for change in changes:
        start = time.perf_counter()
        change()
        found = held.plan()
        warm.append(time.perf_counter() - start)
        fresh = least_cost(held.case, evaluate=asked.evaluate)
        apart = max(apart, abs(found.cost / fresh.cost - 1.0))
    return [
        Figure("columns", float(held.problem.matrix.shape[1]), ""),
        Figure("first plan, audited", first, "s"),
        Figure("after a change, audited (median)", statistics.median(warm), "s", 2.0, at_most=True),
        Figure("after a change, audited (longest)", max(warm), "s", 2.0, at_most=True),
        Figure("largest difference of cost", apart, "", 1e-9, at_most=True),
    ]


def nation(provinces: int = 31, sectors: int = 40, rounds: int = 3) -> list[Figure]:
    """Time 31 provinces that exchange power in one problem, and as tasks coordinated by prices."""
    start = time.perf_counter()
    problem = assemble(grid(provinces, sectors))
    built = time.perf_counter() - start
    start = time.perf_counter()
    found = Solver(problem).solve()
    solved = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    start = time.perf_counter()
    parts, low = solve_by_region(problem, rounds=rounds)
    apart = time.perf_counter() - start
    return [
        Figure("columns", float(problem.matrix.shape[1]), ""),
        Figure("tables to problem", built, "s"),
        Figure("HiGHS simplex, one problem", solved, "s", 600.0, at_most=True),
        Figure("peak memory", peak, "MB", 8192.0, at_most=True),
        Figure(f"by region, {rounds} rounds", apart, "s"),
        Figure("by region, cost above the optimum", 100.0 * (parts.objective / found.objective - 1.0), "%"),
        Figure("by region, bound below the optimum", 100.0 * (1.0 - low / found.objective), "%"),
    ]


SPECS = [
    Spec("pathway-resolve", "A changed target or price of a province with time slices", resolve),
    Spec("pathway-resolve-drafted", "A changed target or price of the drafted example province", redraft),
    Spec("grid-nation", "31 provinces with time slices and exchange of power", nation, slow=True),
]

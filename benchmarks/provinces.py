"""The plan of a nation from published balances of its provinces, each drafted by itself, power exchanged.

The workbook of balances is not part of the project: variable ``TONGYUAN_BALANCES`` names it, a workbook with
the matrix sheets of a yearbook (China Energy Statistical Yearbook, chapter 6), one province a sheet.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.flows.account.account import account
from tongyuan.flows.plan.drafted import planned
from tongyuan.flows.plan.plan import with_coefficients
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import PLACE
from tongyuan.pathway.ask.least_cost import finish
from tongyuan.pathway.case.check import case as checked
from tongyuan.pathway.draft.joined import joined
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.region import solve_by_region
from tongyuan.pathway.solve.solve import Solver
from tongyuan.reference.region import catalogue
from tongyuan.reference.units import factor

GRIDS = {
    "north": ("110000", "120000", "130000", "140000", "150000", "370000"),
    "northeast": ("210000", "220000", "230000"),
    "east": ("310000", "320000", "330000", "340000", "350000"),
    "central": ("360000", "410000", "420000", "430000", "500000", "510000"),
    "northwest": ("610000", "620000", "630000", "640000", "650000"),
    "south": ("440000", "450000", "460000", "520000", "530000"),
}
"""Regional grids, within which the provinces exchange power here."""

LOSS, COST = 0.05, 3e4
"""Lost on the way, and the price of a GWh sent: a scenario of this benchmark, no published figures."""

SETTINGS = 'name = "{0}"\nkind = "province"\nregion = "{0}"\ntables = ["*.csv"]\n[account]\nyears = [{1}]\n'


def links(balance: pl.DataFrame, nodes: dict[str, str]) -> pl.DataFrame:
    """Return links within the grids; each sends another at most what it sent to all in its year."""
    sent = balance.filter(pl.col("item").is_in(["outflow", "export"]), pl.col("product") == "electricity")
    most = {
        region: sum(abs(v) * factor(u, "GWh") for v, u in rows.select("value", "unit").iter_rows())
        for (region,), rows in sent.group_by(["region"])
    }
    return pl.DataFrame(
        [
            {"from_node": nodes[a], "to_node": nodes[b], "flow": "electricity", "limit": most[a],
             "loss": LOSS, "cost": COST}
            for grid in GRIDS.values() for a in grid for b in grid
            if a != b and a in nodes and b in nodes and most.get(a, 0.0) > 0.0
        ]
    )  # fmt: skip


def nation(rounds: int = 3) -> list[Figure]:
    """Draft every province of the workbook, join them, and solve them in one problem and region by region."""
    name = os.environ.get("TONGYUAN_BALANCES", "")
    if not name:
        return [Figure("provinces (TONGYUAN_BALANCES names no workbook)", 0.0, "")]
    start = time.perf_counter()
    balance = read(Path(name)).tables["energy_balance"].drop(PLACE, strict=False)
    balance = balance.with_columns(pl.col("region", "item", "product", "unit").cast(pl.String))
    reading = time.perf_counter() - start
    plans, nodes, settings = {}, {}, None
    start = time.perf_counter()
    for (region,), part in balance.group_by(["region"], maintain_order=True):
        if region not in catalogue() or catalogue()[str(region)].level != "province":
            continue
        with TemporaryDirectory() as folder:
            part.write_csv(Path(folder) / "energy_balance.csv")
            (Path(folder) / "tongyuan.toml").write_text(SETTINGS.format(region, part["year"][0]), "utf-8")
            workspace = open_workspace(Path(folder))
            tables = account(workspace).tables
            made, chosen, *_ = with_coefficients(planned(workspace, tables).workspace, tables)
        settings = settings or chosen
        plans[str(region)] = {n: f.drop(PLACE, strict=False) for n, f in made.items()}
        nodes[str(region)] = str(made["node"]["node"][0])
    drafting = time.perf_counter() - start
    start = time.perf_counter()
    link = links(balance, nodes)
    if settings is None:
        return [Figure("provinces in the workbook", 0.0, "")]
    problem = assemble(checked(joined(plans, link), settings))
    built = time.perf_counter() - start
    start = time.perf_counter()
    found = Solver(problem).solve()
    solved = time.perf_counter() - start
    start = time.perf_counter()
    finish(problem, found, "plan", explain=False)
    audited = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    start = time.perf_counter()
    parts, low = solve_by_region(problem, rounds=rounds)
    apart = time.perf_counter() - start
    return [
        Figure("provinces", float(len(plans)), ""),
        Figure("links", float(link.height), ""),
        Figure("columns", float(problem.matrix.shape[1]), ""),
        Figure("rows", float(problem.matrix.shape[0]), ""),
        Figure("balances read", reading, "s"),
        Figure("accounted and drafted", drafting, "s"),
        Figure("joined, checked, assembled", built, "s"),
        Figure("HiGHS, one problem", solved, "s"),
        Figure("audited", audited, "s"),
        Figure("all of it", reading + drafting + built + solved + audited, "s", 600.0, at_most=True),
        Figure("peak memory", peak, "MB", 8192.0, at_most=True),
        Figure("yearly cost, discounted", found.objective / 1e12, "10^12 CNY"),
        Figure(f"by region, {rounds} rounds", apart, "s"),
        Figure("by region, cost above the optimum", 100.0 * (parts.objective / found.objective - 1.0), "%"),
        Figure("by region, bound below the optimum", 100.0 * (1.0 - low / found.objective), "%"),
    ]


SPECS = [Spec("provinces", "Real provinces from a yearbook, drafted and joined", nation, slow=True)]

"""A plan made twice is the same to the byte, on any number of threads."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
import polars as pl
from tongyuan.ledger.write.write import write_parquet
from tongyuan.pathway.audit import audit
from tongyuan.pathway.ask.coalition import attribute, coordinates, macc_expert, macc_system
from tongyuan.pathway.ask.decompose import group_change
from tongyuan.pathway.ask.dividend import dividend
from tongyuan.pathway.example import national, steel
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.sweep import alternatives, pareto
from pathlib import Path

folder, world = Path(sys.argv[1]), sys.argv[2]
case = steel(growth=0.1) if world == "steel" else national(nodes=6, groups=8, controls=5, years=3)
plan = least_cost(case, scenario="p")
tables = dict(plan.tables)
tables["violation"] = audit(case, plan.tables, tolerance=0.0)
found = dividend(case)
tables |= {"dividend": found.dividend, "cross_effect": found.cross_effect}
if world == "steel":
    wanted = [("emission", "CO2e"), ("cost", "total")]
    tables["front"] = pareto(case, [("emission", "CO2e"), ("emission", "pollution_equivalent")], 3)
    tables["macc"] = pl.concat([macc_expert(case, plan), macc_system(case)])
    tables["coordinate"] = coordinates(case, plan)
    tables["attribution"] = attribute(case, plan, wanted)
    tables["alternative"] = alternatives(case, 0.02)
    rows = plan["plan_emission"], plan["plan_activity"]
    tables["decomposition"] = group_change(case, *rows, "CO2e", 2025, 2030)
folder.mkdir(parents=True)
write_parquet(tables, folder)
"""


def made(folder: Path, world: str, threads: int) -> dict[str, str]:
    setting = {**os.environ, "POLARS_MAX_THREADS": str(threads), "SOURCE_DATE_EPOCH": "1700000000"}
    subprocess.run([sys.executable, "-c", PROGRAM, str(folder), world], check=True, env=setting)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


@pytest.mark.parametrize("world", ["steel", "national"])
def test_a_plan_is_the_same_to_the_byte_on_any_number_of_threads(tmp_path, world):
    one = made(tmp_path / "one", world, 1)
    assert len(one) >= 10
    assert made(tmp_path / "four", world, 4) == one
    assert made(tmp_path / "again", world, 4) == one

"""Plans kept in the solver, so that a target that is moved is answered at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import polars as pl

from tongyuan.flows.ask.plan.given import given_of_workspace
from tongyuan.flows.ask.plan.plan import Held, hold
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference.told import plain

KEPT = 4
"""How many plans stay in the solver."""


@dataclass
class Plan:
    """A plan in the solver, asked by one at a time; `first` is its answer without a change."""

    held: Held
    currency: str
    lock: Lock = field(default_factory=Lock)
    first: dict[str, Any] | None = None


_plans: OrderedDict[str, Plan] = OrderedDict()
_door = Lock()


def held(key: str, workspace: Callable[[], Workspace]) -> Plan:
    """Return the plan under `key`, made from a workspace where it is not in the solver.

    Raises
    ------
    FindingError
        If the workspace gives no plan.
    """
    with _door:
        if key not in _plans:
            given = given_of_workspace(workspace())
            _plans[key] = Plan(hold(given), given.case.settings.currency)
            while len(_plans) > KEPT:
                _plans.popitem(last=False)
        _plans.move_to_end(key)
        return _plans[key]


def answer(plan: Plan, bounds: Iterable[tuple[str, float, int | None]]) -> dict[str, Any]:
    """Return what the plan of least cost is under other bounds of targets, beside what it was.

    Returns
    -------
    dict
        ``cost`` and ``before`` (discounted), ``currency``; ``targets`` (target, year, bound, unit);
        ``emission`` (species, year, unit, value, before). Where the targets conflict ``cost`` is None and
        ``findings`` tell why.
    """
    with plan.lock:
        if plan.first is None:
            plan.held.back()
            plan.first = _told(plan)
        plan.held.back()
        findings: list[dict[str, Any]] = []
        try:
            for target, bound, year in bounds:
                plan.held.bound(target, bound, year)
            now = _told(plan)
        except FindingError as error:
            now, findings = {"cost": None, "emission": {}}, plain(error.findings)
        targets = plan.held.case["target"].select(
            "target", "year", "bound", "unit", "comparator", "basis", "title_zh", "title_en"
        )
        plan.held.back()
    return {
        "cost": now["cost"],
        "before": plan.first["cost"],
        "currency": plan.currency,
        "targets": targets.to_dicts(),
        "emission": [
            {"species": species, "year": year, "unit": unit, "before": value,
             "value": now["emission"].get((species, year, unit))}
            for (species, year, unit), value in plan.first["emission"].items()
        ],
        "findings": findings,
    }  # fmt: skip


def _told(plan: Plan) -> dict[str, Any]:
    found = plan.held.plan("plan")
    summed = (
        found["plan_emission"]
        .group_by("species", "year", "unit", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("species", "year", maintain_order=True)
    )
    return {"cost": found.cost, "emission": {(s, y, u): v for s, y, u, v in summed.iter_rows()}}

"""同源 tongyuan: one ledger of activity yields every pollutant and greenhouse gas.

``import tongyuan as ty`` offers functions over tables; each is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tongyuan.face.allocation import allocate, write_grid
    from tongyuan.face.ask import (
        account,
        bulletin,
        compare,
        diff,
        explain,
        hold,
        plan,
        read,
        run,
        score,
        score_panel,
        sweep,
    )
    from tongyuan.face.facility import (
        carbon_report,
        check_facilities,
        disclose_facility,
        facility_evidence,
        facility_ledgers,
        month_workbook,
        plan_inspection,
        simulated_facilities,
    )
    from tongyuan.face.finance import appraise, incentive, rates_of_return
    from tongyuan.face.impact import constrain, weather_trend
    from tongyuan.face.region import join_runs, region_share
    from tongyuan.face.results import Results
    from tongyuan.face.shelf import convert, factor, factors, method, methods, species, units
    from tongyuan.face.table import Table
    from tongyuan.face.workspace import check, example, examples, init, load, with_factor, workspace
    from tongyuan.face.zoning import screen_projects
    from tongyuan.ledger.finding import Finding, FindingError
    from tongyuan.ledger.settings import Settings
    from tongyuan.ledger.workspace import Workspace

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "FindingError",
    "Results",
    "Settings",
    "Table",
    "Workspace",
    "account",
    "allocate",
    "appraise",
    "bulletin",
    "carbon_report",
    "check",
    "check_facilities",
    "compare",
    "constrain",
    "convert",
    "diff",
    "disclose_facility",
    "example",
    "examples",
    "explain",
    "facility_evidence",
    "facility_ledgers",
    "factor",
    "factors",
    "hold",
    "incentive",
    "init",
    "join_runs",
    "load",
    "method",
    "methods",
    "month_workbook",
    "plan",
    "plan_inspection",
    "rates_of_return",
    "read",
    "region_share",
    "run",
    "score",
    "score_panel",
    "screen_projects",
    "simulated_facilities",
    "species",
    "sweep",
    "units",
    "weather_trend",
    "with_factor",
    "workspace",
    "write_grid",
]

_HOMES = {
    "face.ask": (
        "account", "bulletin", "compare", "diff", "explain", "hold", "plan", "read", "run", "score",
        "score_panel", "sweep",
    ),
    "face.facility": (
        "carbon_report", "check_facilities", "disclose_facility", "facility_evidence", "facility_ledgers",
        "month_workbook", "plan_inspection", "simulated_facilities",
    ),
    "face.allocation": ("allocate", "write_grid"),
    "face.finance": ("appraise", "incentive", "rates_of_return"),
    "face.impact": ("constrain", "weather_trend"),
    "face.region": ("join_runs", "region_share"),
    "face.results": ("Results",),
    "face.shelf": ("convert", "factor", "factors", "method", "methods", "species", "units"),
    "face.table": ("Table",),
    "face.workspace": ("check", "example", "examples", "init", "load", "with_factor", "workspace"),
    "face.zoning": ("screen_projects",),
    "ledger.finding": ("Finding", "FindingError"),
    "ledger.settings": ("Settings",),
    "ledger.workspace": ("Workspace",),
}  # fmt: skip
"""Modules of the package by the names they give to the top."""


def __getattr__(name: str) -> Any:
    for module, given in _HOMES.items():
        if name in given:
            from importlib import import_module

            return getattr(import_module(f"tongyuan.{module}"), name)
    raise AttributeError(f"module 'tongyuan' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

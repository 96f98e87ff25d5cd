"""Enterprises in a notebook: checks, evidence, whom to inspect, and simulated plants to try them on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.face.results import Results
from tongyuan.face.workspace import Source, opened
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference.shelf import Language


def check_facilities(what: Source, codes: Sequence[str] = (), *, unverified: bool = False) -> Results:
    """Return the findings of the checks of enterprises (``check_finding``) and their counts
    (``check_count``).

    Parameters
    ----------
    what
        A folder, a workspace, results, or tables by name (:func:`tongyuan.workspace`).
    codes
        Codes or groups of checks, as ``FUE-01``, ``TAX``; all that are on when empty.
    unverified
        Whether checks whose threshold is not verified are on too.

    Raises
    ------
    FindingError
        If there are no enterprises or a code is unknown.

    Examples
    --------
    >>> plants = ty.simulated_facilities(3, seed=1)
    >>> stock = plants["fuel_stock"]
    >>> plants["fuel_stock"] = stock.with_columns(closing=stock["closing"] + 50000)
    >>> ty.check_facilities(plants, ["FUE-01"]).check_finding.frame["facility"].unique().sort().to_list()
    ['SIM0000', 'SIM0001', 'SIM0002']
    """
    from tongyuan.flows.ask.facility_evidence import check

    chosen = opened(what)
    answer = check(_tables(chosen), codes, unverified=unverified)
    return Results(answer.tables, chosen.settings, answer.findings, workspace=chosen)


def facility_evidence(what: Source) -> Results:
    """Return suspicions in the data of enterprises in order (``suspicion``) and reconciled values
    (``reconciled``).

    Parameters
    ----------
    what
        As for :func:`check_facilities`.

    Examples
    --------
    >>> plants = ty.simulated_facilities(12, seed=1)
    >>> honest = ty.facility_evidence(plants).suspicion.frame
    >>> bool((honest["q_value"] < 0.05).any())
    False
    """
    from tongyuan.flows.ask.facility_evidence import evidence

    chosen = opened(what)
    answer = evidence(_tables(chosen))
    return Results(answer.tables, chosen.settings, answer.findings, workspace=chosen)


def plan_inspection(
    what: Source, days: float, *, visit: float = 1.0, random_share: float = 0.3, seed: int = 0
) -> Results:
    """Return whom to inspect with so many inspector-days (``inspection_plan``), and what it rests on.

    Parameters
    ----------
    what
        As for :func:`check_facilities`.
    days, visit
        Inspector-days in all and of one visit.
    random_share, seed
        Share of the days drawn at random, and the published seed of the draw.

    Examples
    --------
    >>> plan = ty.plan_inspection(ty.simulated_facilities(12, seed=1), days=4).inspection_plan.frame
    >>> plan["drawn"].to_list()
    ['by_risk', 'by_risk', 'at_random', 'at_random']
    """
    from tongyuan.flows.ask.facility_evidence import inspect

    chosen = opened(what)
    answer = inspect(_tables(chosen), days, visit=visit, random_share=random_share, seed=seed)
    return Results(answer.tables, chosen.settings, answer.findings, workspace=chosen)


def facility_ledgers(what: Source) -> Results:
    """Return the ledgers of enterprises: permit, tax, allowances, diagnosis, and the emission they rest on.

    Parameters
    ----------
    what
        As for :func:`check_facilities`.

    Returns
    -------
    Results
        Tables ``permit_account, permit_report, tax_account, tax_return, allowance_account, diagnosis``,
        ``facility_emission, outlet_month, substitution`` and others.

    Raises
    ------
    FindingError
        If there are no enterprises, or a row cannot be accounted.

    Examples
    --------
    >>> kept = ty.facility_ledgers(ty.simulated_facilities(2, seed=1))
    >>> sorted(set(kept.permit_account.frame["outlet"]))
    ['DA001', 'whole']
    """
    from tongyuan.flows.ask.facility_ledgers import every

    chosen = opened(what)
    answer = every(chosen)
    return Results(answer.tables, chosen.settings, answer.findings, workspace=chosen)


def carbon_report(
    what: Source,
    folder: str | Path,
    *,
    facility: str = "",
    year: int | None = None,
    language: Language = "zh",
) -> list[Path]:
    """Write the carbon report of an enterprise line by line, as Word and as workbook.

    Parameters
    ----------
    what
        As for :func:`check_facilities`.
    folder
        Where the files go.
    facility
        Id of the enterprise; all when empty.
    year
        Year; the last with data when None.
    language
        Of the documents.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> written = ty.carbon_report(ty.simulated_facilities(1, seed=1), mkdtemp(), year=2025)
    >>> [path.name for path in written]
    ['carbon-SIM0000-2025.zh.docx', 'carbon-SIM0000-2025.zh.xlsx']
    """
    from tongyuan.flows.ask.facility_record import report

    return report(opened(what), Path(folder), [language], facility=facility, year=year)


def month_workbook(
    path: str | Path,
    kind: str,
    facility: str,
    month: str,
    *,
    before: str | Path | None = None,
    language: Language = "zh",
) -> Path:
    """Write the workbook that an enterprise fills in for a month.

    Parameters
    ----------
    path
        Where to write.
    kind
        Kind of enterprise: ``power``, ``steel``, ``cement``, ``aluminium``, ``boiler``, ``chemical``,
        ``sewage``, ``incinerator``, ``fleet``, or its title.
    facility, month
        Whose it is and of which month, as ``2026-01``.
    before
        The workbook of the month before, which is carried on.
    language
        Of its headers.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> ty.month_workbook(f"{mkdtemp()}/2026-01.xlsx", "cement", "E1", "2026-01").name
    '2026-01.xlsx'
    """
    from tongyuan.flows.ask.facility_record import month as ask

    ask(Path(path), kind, facility, month, language, before=None if before is None else Path(before))
    return Path(path)


def disclose_facility(
    what: Source,
    folder: str | Path,
    *,
    facility: str = "",
    year: int | None = None,
    language: Language = "zh",
) -> list[Path]:
    """Write the yearly disclosure of environmental information of an enterprise as Word and as workbook.

    Parameters
    ----------
    what
        As for :func:`check_facilities`.
    folder
        Where the files go.
    facility
        Id of the enterprise; all when empty.
    year
        Year; the last with data when None.
    language
        Of the documents.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> written = ty.disclose_facility(ty.simulated_facilities(1, seed=1), mkdtemp(), language="en")
    >>> [path.suffix for path in written]
    ['.docx', '.xlsx']
    """
    from tongyuan.flows.ask.facility_ledgers import disclose

    return disclose(opened(what), Path(folder), [language], facility=facility, year=year)


def simulated_facilities(
    count: int = 1, *, seed: int = 0, year: int = 2025, hours: bool = False, altered: bool = False
) -> dict[str, pl.DataFrame]:
    """Return the tables of simulated plants, 示例: a coal-fired plant's physics, meters and laboratory,
    by a seed.

    Parameters
    ----------
    count
        How many plants; one plant is a 50 MW heat-and-power plant, many differ in size, coal and devices.
    seed, year
        Seed and year.
    hours
        Whether one plant's hourly readings are there too.
    altered
        Whether a tenth of the plants are changed by rule, to see what is found.

    Examples
    --------
    >>> tables = ty.simulated_facilities(seed=1)
    >>> tables["facility"]["name"].to_list()
    ['示例热电（示例）']
    """
    from tongyuan.flows.ask.facility_evidence import simulated

    return simulated(count, seed=seed, year=year, hours=hours, altered=altered)


def _tables(workspace: Workspace) -> dict[str, pl.DataFrame]:
    return dict(workspace.tables)

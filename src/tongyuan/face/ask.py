"""Questions of a notebook: account, plan, run, explain, compare, score, sweep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from tongyuan.face.results import Results
from tongyuan.face.table import Table, as_polars, refuse
from tongyuan.face.workspace import Source, opened, with_factor
from tongyuan.ledger.settings import Settings, changed
from tongyuan.ledger.table import tables_of
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference.language import preferred_language
from tongyuan.reference.shelf import Language

if TYPE_CHECKING:
    from tongyuan.flows.ask.plan.plan import Held


def account(what: Source, *, factor: Any = None, settings: Mapping[str, Any] | None = None) -> Results:
    """Return the inventory: every emission, its uncertainty, its origin and its gaps. Nothing is written.

    Parameters
    ----------
    what
        A folder, a workspace, results, or tables by name (:func:`tongyuan.workspace`).
    factor
        Further factor records of one's own, which go before those of the library
        (:func:`tongyuan.with_factor`).
    settings
        Settings in place of those of the workspace, by dotted name: ``{"account.gwp_set": "AR6"}``.

    Raises
    ------
    FindingError
        With every finding at once, if one of them is an error.

    Examples
    --------
    >>> results = ty.account(ty.example("minimal"))
    >>> round(results.emission.where(species="SO2", scope="direct").total()["value"][0], 1)
    506.9
    """
    from tongyuan.flows.account.account import account as account_workspace

    chosen = opened(what, settings)
    if factor is not None:
        chosen = with_factor(chosen, factor)
    made = account_workspace(chosen)
    return Results(made.tables, chosen.settings, (*chosen.findings, *made.findings), workspace=chosen)


def plan(what: Source, *, settings: Mapping[str, Any] | None = None) -> Results:
    """Return the least-cost plan that meets every target, and what it costs and saves.

    A workspace with an inventory is planned on its own emissions, with dividend, curves and attribution; one
    without plan tables through :func:`plan_draft`;
    plan tables alone, with coefficients of their own, give the plan and its shadow prices. Where the targets
    conflict, table ``conflict`` says which and the cheapest way out.

    Parameters
    ----------
    what, settings
        As for :func:`account`; ``plan.discount_rate`` and ``plan.base_year`` are settings.

    Raises
    ------
    FindingError
        If tables or settings are wrong.

    Examples
    --------
    >>> found = ty.plan(ty.example("steel"))
    >>> found.shadow_price.frame["target"].to_list()
    ['CO2_cap', 'NOx_cap', 'short_process']
    """
    chosen = opened(what, settings)
    if set(chosen.tables) & tables_of(room="inventory", role="input") - {"factor"}:
        from tongyuan.flows.plan.drafted import planned
        from tongyuan.flows.plan.plan import plan as plan_workspace

        made = account(chosen)
        found = planned(chosen, made.tables)
        tables = {**made.tables, **plan_workspace(found.workspace, made.tables)}
        return Results(tables, chosen.settings, (*made.findings, *found.findings), workspace=chosen)
    from tongyuan.flows.ask.plan.tables import plan_tables

    alone = plan_tables(chosen.tables, chosen.settings.plan)
    return Results(alone, chosen.settings, chosen.findings, workspace=chosen)


def plan_draft(
    what: Source, *, years: Sequence[int] = (), settings: Mapping[str, Any] | None = None
) -> Results:
    """Return the plan tables that an inventory gives: to be read, edited and planned. Nothing is written.

    Parameters
    ----------
    what, settings
        As for :func:`account`.
    years
        Years of the periods; three, five years apart, when empty.

    Raises
    ------
    FindingError
        If there is no inventory to draft from, or sources and drivers do not fit together.

    Examples
    --------
    >>> drafted = ty.plan_draft(ty.example("minimal"))
    >>> sorted(drafted.stock.frame["technology"])[0]
    'energy_power-bituminous-pulverised_dry'
    """
    from tongyuan.flows.ask.plan.draft import draft

    chosen = opened(what, settings)
    made = account(chosen)
    found = draft(chosen, made.tables, tuple(years))
    return Results(dict(found.tables), found.workspace.settings, found.findings, workspace=chosen)


def hold(what: Source, *, settings: Mapping[str, Any] | None = None) -> Held:
    """Return a plan kept in the solver, for sliders: change it and ask again, as often as wanted.

    Parameters
    ----------
    what, settings
        As for :func:`plan`.

    Returns
    -------
    tongyuan.pathway.ask.held.Held
        With ``bound`` (of a target), ``price``, ``tax``, ``cost``, ``demand``, ``change`` (other tables),
        ``back`` and ``plan``, which returns the tables of the plan as it is now.

    Raises
    ------
    FindingError
        If tables or settings are wrong.

    Examples
    --------
    >>> held = ty.hold(ty.example("steel"))
    >>> before = held.plan().cost
    >>> held.bound("NOx_cap", 40)
    >>> held.plan().cost > before
    True
    """
    from tongyuan.flows.ask.plan.given import given_of_tables, given_of_workspace
    from tongyuan.flows.ask.plan.plan import hold as hold_plan
    from tongyuan.flows.plan.read import plan_settings

    chosen = opened(what, settings)
    if set(chosen.tables) & tables_of(room="inventory", role="input") - {"factor"}:
        return hold_plan(given_of_workspace(chosen, chosen.settings.name))
    return hold_plan(given_of_tables(chosen.tables, plan_settings(chosen.settings.plan)))


def run(folder: str | Path, only: Sequence[str] = ()) -> Results:
    """Run the flows on the workspace in `folder` as ``tongyuan run`` does, and return what was written.

    Parameters
    ----------
    only
        ``account``, ``plan``, ``deploy``, ``assess``; all when empty.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = mkdtemp()
    >>> workbook = ty.init(folder, "city", name="Qingdao", region="青岛市", language="en")
    >>> results = ty.run(folder, only=["account"])
    >>> results.findings, results.record["settings"]["name"]
    ((), 'Qingdao')
    """
    from tongyuan.flows.run import run as run_workspace

    done = run_workspace(Path(folder), only=only)
    return read(done.folder)


def read(folder: str | Path) -> Results:
    """Return the newest results of a workspace, or those in a folder of results.

    Raises
    ------
    FileNotFoundError
        If there are none.
    FindingError
        If they are not as they were written.

    Examples
    --------
    >>> import tempfile
    >>> ty.read(tempfile.mkdtemp())
    Traceback (most recent call last):
    ...
    FileNotFoundError: [Errno 2] ...
    """
    from tongyuan.ledger.run_set import latest, read_set

    path = Path(folder)
    inside = latest(path) or path
    tables, record = read_set(inside)
    return Results(tables, Settings.model_validate(record["settings"]), (), record, inside)


def explain(
    results: Results,
    species: str,
    *,
    region: str | None = None,
    year: int | None = None,
    process: str | None = None,
    top: int = 10,
    scope: str = "direct",
    language: Language | None = None,
) -> str:
    """Return where a total comes from, as text: rows, factor records with citation, cells of the workbook.

    Parameters
    ----------
    species, region, year, process
        Of the total: ids or titles; ``process`` with everything below it.
    top
        Number of rows told one by one.
    scope
        Scope that counts; ``all`` counts every one.

    Examples
    --------
    >>> results = ty.account(ty.example("minimal"))
    >>> print(ty.explain(results, "SO2", top=1, language="en"))
    SO2, direct total 507 t
      1 62.5%  Thermal power generation · Bituminous coal: 317 t
          ← activity 100 × 10⁴ t, from activity.csv · G2 (made-up teaching figure)
          ← factor tang2019-cems-SO2-power: 16.188 g/GJ, Tang L. et al.: ...
          ← method emission factor (tier 3), control Wet flue-gas desulphurisation
      3 other rows: 190 t (37.5%)
    """
    from tongyuan.flows.ask.results import explain as chain_of
    from tongyuan.ledger.figure.lineage import explain_text

    letters = results.workspace.letters if results.workspace else results.record.get("letters", {})
    asked: dict[str, Any] = {"region": region, "year": year, "process": process, "top": top, "scope": scope}
    chain = chain_of(results.tables, species, letters=letters, **asked)
    return explain_text(chain["explain"], language or preferred_language(), scope)


def diff(before: Results, after: Results, species: str | None = None, *, scope: str = "direct") -> Table:
    """Return why emissions differ between two results: activity, factor, control, method, presence.

    Parameters
    ----------
    species
        Id or title; all when None.
    scope
        Scope that counts, as in :func:`explain`.

    Returns
    -------
    Table
        By year, species and unit, those best known first: ``before``, ``after``, ``change`` and one column
        for each effect; the effects sum to the change.

    Examples
    --------
    >>> before = ty.account(ty.example("minimal"))
    >>> own = {"process": "energy.power", "product": "bituminous", "species": "CO2",
    ...        "value": 2.0, "unit": "t/t"}
    >>> why = ty.diff(before, before.with_factor(own))
    >>> why.frame.select("species", pl.col("change", "factor").round()).row(0)
    ('CO2', 258250.0, 258250.0)
    """
    from tongyuan.flows.ask.results import diff as difference

    return Table("diff", difference(before.tables, after.tables, species, scope)["diff"])


def compare(what: Source) -> Table:
    """Return the inventory beside published totals: each ratio, and why it is not one.

    Examples
    --------
    >>> rows = ty.compare(ty.example("province"))
    >>> rows.where(species="CO2", year=2021).frame.select("computed", "published", "ratio").height
    1
    """
    made = what if isinstance(what, Results) else account(what)
    return made["comparison"]


def score(what: Source, *, index: str = "", settings: Mapping[str, Any] | None = None) -> Results:
    """Return the synergy scores of a workspace's regions and years, and how firm they are.

    Parameters
    ----------
    what
        As for :func:`account`; results with table ``emission`` are scored as they are.
    index
        A shipped index system (``city``, ``park``, ``enterprise`` …); the one of the workspace when empty.

    Examples
    --------
    >>> scores = ty.score(ty.example("cities"), settings={"account.draws": 100})
    >>> scores.score.where(level="index").frame.height
    64
    """
    from tongyuan.flows.score import score_of

    changes = {**(settings or {}), **({"assess.index": index} if index else {})}
    if isinstance(what, Results):
        chosen, texts = changed(what.settings, changes), what.workspace.texts if what.workspace else {}
        brought = what.workspace.tables if what.workspace else {}
        tables, found = {**brought, **what.tables}, what.workspace
    else:
        workspace = opened(what, changes)
        chosen, texts, found = workspace.settings, workspace.texts, workspace
        tables = dict(workspace.tables)
        if "activity" in tables or "energy_balance" in tables:
            tables |= account(workspace).tables
    made, told = score_of(tables, chosen, texts)
    return Results(made, chosen, tuple(told), workspace=found)


def score_panel(
    table: Any,
    pollutants: Sequence[str],
    carbon: Sequence[str] = ("CO2",),
    *,
    driver: str | None = None,
    base: Literal["previous", "first"] = "previous",
    draws: int = 1000,
    seed: int = 0,
    unit: str = "t",
) -> Results:
    """Return every synergy measure of a panel of one's own: scores, rank bands, coupling, decoupling, LMDI.

    Parameters
    ----------
    table
        Rows of regions and years with a column for each species (or long: ``species``, ``value``).
    pollutants, carbon
        Species of the two systems.
    driver
        Column of the driver, as GDP: ranks are then of emission per driver, and changes are decomposed.
    base
        Year against which changes are counted.
    draws, seed
        Draws of weights behind the bands of ranks.
    unit
        Unit of the species.

    Examples
    --------
    >>> panel = {"region": ["A", "B"] * 2, "year": [2020, 2020, 2021, 2021],
    ...          "SO2": [10.0, 8.0, 9.0, 5.0], "CO2": [900.0, 700.0, 870.0, 720.0]}
    >>> found = ty.score_panel(panel, ["SO2"], draws=100)
    >>> found.co_control.where(pollutant="SO2").frame["quadrant"].to_list()
    ['co_reduction', 'pollution_only']
    """
    from tongyuan.flows.ask.panel import panel

    frame = as_polars("panel", table)
    tables, findings = panel(
        frame, pollutants, carbon, driver=driver, base=base, draws=draws, seed=seed, unit=unit
    )
    return Results(tables, Settings(name="panel", kind="city"), findings)


def sweep(what: Source, setting: str, values: Iterable[Any], *, table: str = "summary") -> Table:
    """Return one table of the inventory for each value of a setting, one below the other.

    Parameters
    ----------
    what
        As for :func:`account`.
    setting
        Dotted name of a setting, as ``account.gwp_set``; its values are in column ``setting``.
    values
        Values it takes, in order.
    table
        The table that is kept.

    Examples
    --------
    >>> swept = ty.sweep(ty.example("minimal"), "account.gwp_set", ["AR4", "AR6"])
    >>> totals = swept.where(species="CO2e").total("setting")
    >>> totals.frame.select("setting", pl.col("value").round()).rows()
    [('AR4', 2303314.0), ('AR6', 2302616.0)]
    """
    chosen: Workspace = opened(what)
    parts = []
    for value in values:
        frame = account(chosen, settings={setting: value})[table].frame
        parts.append(frame.with_columns(pl.lit(str(value)).alias("setting")))
    if not parts:
        raise refuse("no_frame", name="values", kind="[]")
    return Table(table, pl.concat(parts))


def bulletin(results: Results, path: str | Path, language: Language | None = None) -> Path:
    """Write the bulletin of an inventory as a Word document or workbook (``.docx``, ``.xlsx``).

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> results = ty.account(ty.example("minimal"))
    >>> ty.bulletin(results, mkdtemp() + "/bulletin.docx", "en").name
    'bulletin.docx'
    """
    from tongyuan.flows.ask.bulletin import bulletin as write

    return write(dict(results.tables), Path(path), language or preferred_language())

"""Projects of a workspace: appraised and chosen among; claims on green power and green products looked at."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.finance.appraisal.doubt import factors, ranges
from tongyuan.finance.appraisal.flow import internal_rates, net_present_value
from tongyuan.finance.appraisal.screen import screen
from tongyuan.finance.appraisal.tables import appraise, choose, government_money, reductions, yearly
from tongyuan.finance.claim.green_power import allow_claims
from tongyuan.finance.claim.green_product import FAILS, UNKNOWN, judge_products
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.table import table as table_of
from tongyuan.reference import region as regions
from tongyuan.reference.energy.grid import grid_factor
from tongyuan.reference.units import UnitError, factor

Tables = dict[str, pl.DataFrame]
ROOM = "finance"
MOST = 5
DRAWS = 5000
"""Draws where the settings have none."""

SUPPORT = ("subsidy", "tax", "loan")
"""Items that pass between payers or that policy grants."""

PUBLISHED = range(2030, 2020, -1)
"""Years a factor of the grid is looked for in, newest first."""

"""Names in a sentence."""


def _names(names: list[str]) -> Bilingual:
    more = ("等", " …") if len(names) > MOST else ("", "")
    return Bilingual("、".join(names[:MOST]) + more[0], ", ".join(names[:MOST]) + more[1])


def _given(inputs: Brought, name: str) -> pl.DataFrame:
    return inputs.tables.get(name, empty(name)).drop(PLACE, strict=False)


def invest(inputs: Brought) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``appraisal, appraisal_payer, appraisal_range, investment_check, portfolio``,
    ``green_claim_state``, ``green_product_state``, and what was found.

    Raises
    ------
    FindingError
        If a unit is no money or no mass, a span ends before it begins, the warming potentials lack a gas,
        or bounds of a doubt do not suit its law.
    """
    found: list[Finding] = []
    made: Tables = {}
    investment = _given(inputs, "investment")
    if investment.height or any(_given(inputs, name).height for name in ("cash_flow", "project_reduction")):
        made |= _projects(inputs, investment, found)
    claims = _given(inputs, "green_claim")
    if claims.height:
        made["green_claim_state"] = _claims(claims, _given(inputs, "green_supply"), found)
    products = _given(inputs, "green_product")
    if products.height:
        made["green_product_state"] = _products(products, found)
    return {name: frame for name, frame in made.items() if frame.height}, tuple(found)


def _products(products: pl.DataFrame, found: list[Finding]) -> pl.DataFrame:
    """Return table ``green_product_state``, and name the products that fail or lack something."""
    turned = products.filter(pl.col("expires") < pl.col("issued"))["product"].unique(maintain_order=True)
    require(finding(ROOM, "green_dates", product=name) for name in turned)
    state = judge_products(products.with_columns(pl.col("relation").fill_null("at_most")))
    for key, wanted in (("green_fails", FAILS), ("green_unknown", UNKNOWN)):
        names = state.filter(pl.col("state") == wanted)["product"].unique(maintain_order=True).to_list()
        if names:
            found.append(finding(ROOM, key, count=len(names), names=_names(names)))
    return conform(
        "green_product_state", state.select(c.name for c in table_of("green_product_state").columns)
    )


def _projects(inputs: Brought, investment: pl.DataFrame, found: list[Finding]) -> Tables:
    settings = inputs.settings.finance
    flow = _in_unit(_given(inputs, "cash_flow"), "CNY", "flow_unit")
    turned = flow.filter(pl.col("year_to") < pl.col("year"))
    require(
        finding(ROOM, "span_turned", project=r["project"], year=r["year"], until=r["year_to"])
        for r in turned.iter_rows(named=True)
    )
    cut = _in_unit(_given(inputs, "project_reduction"), "t", "cut_unit")
    for table, frame in (("cash_flow", flow), ("project_reduction", cut)):
        strange = frame.join(investment, on="project", how="anti")
        if strange.height:
            names = _names(strange["project"].unique(maintain_order=True).to_list())
            shown = Bilingual(table_of(table).title_zh, table_of(table).title_en)
            found.append(finding(ROOM, "project_unknown", table=shown, count=strange.height, names=names))
    idle = investment.join(flow, on="project", how="anti")["project"].to_list()
    if idle:
        found.append(finding(ROOM, "no_flow", count=len(idle), names=_names(idle)))
    years = yearly(flow.join(investment, on="project", how="semi"))
    try:
        falls = reductions(cut, inputs.settings.account.gwp_set)
    except KeyError as lacks:
        require([finding(ROOM, "gwp_lacks", reason=lacks.args[0])])
        raise
    _look(investment, years, found)
    prices = settings.carbon_price, settings.equivalent_price
    appraisal, payers = appraise(
        investment, years, falls, rate=settings.discount_rate, sensitivity=settings.sensitivity,
        carbon_price=prices[0], equivalent_price=prices[1],
    )  # fmt: skip
    made = {"appraisal": appraisal, "appraisal_payer": payers}
    made["appraisal_range"] = _ranges(inputs, investment, flow, falls, appraisal, found)
    made["investment_check"] = _screened(inputs, investment, flow, cut, found)
    if prices[0] is None or prices[1] is None:
        if falls.height:
            found.append(finding(ROOM, "no_prices", count=falls.height))
    elif settings.budget is not None:
        money = government_money(years, settings.discount_rate)
        made["portfolio"] = choose(investment, falls, money, settings.budget, prices[0], prices[1])
    return made


def _ranges(
    inputs: Brought, investment: pl.DataFrame, flow: pl.DataFrame, falls: pl.DataFrame,
    appraisal: pl.DataFrame, found: list[Finding],
) -> pl.DataFrame:  # fmt: skip
    """Return table ``appraisal_range``; every bound that does not suit its law is an error."""
    doubt = _given(inputs, "appraisal_doubt")
    bad = []
    for row in doubt.iter_rows(named=True):
        try:
            factors(row["law"], row["lower"], row["upper"], np.array([0.5]))
        except ValueError:
            law = Bilingual(choice_title(row["law"], "zh"), choice_title(row["law"], "en"))
            item = Bilingual(choice_title(row["item"], "zh"), choice_title(row["item"], "en"))
            bad.append(
                finding(ROOM, "doubt_bounds", item=item, lower=row["lower"], upper=row["upper"], law=law)
            )
    require(bad)
    strange = doubt.filter(pl.col("project").is_not_null() & (pl.col("project") != "")).join(
        investment, on="project", how="anti"
    )
    if strange.height:
        names = _names(strange["project"].unique(maintain_order=True).to_list())
        shown = Bilingual(table_of("appraisal_doubt").title_zh, table_of("appraisal_doubt").title_en)
        found.append(finding(ROOM, "project_unknown", table=shown, count=strange.height, names=names))
    shares = {}
    if "carbon_share" in appraisal.columns:
        shares = dict(appraisal.select("project", "carbon_share").drop_nulls().iter_rows())
    return ranges(
        investment, _by_item(flow), falls, doubt, rate=inputs.settings.finance.discount_rate,
        draws=inputs.settings.account.draws or DRAWS, seed=inputs.settings.account.seed, shares=shares,
    )  # fmt: skip


def _by_item(flow: pl.DataFrame) -> pl.DataFrame:
    """Return ``project, item, year, value``, every year of a span a row of its own."""
    span = pl.int_ranges("year", pl.col("year_to").fill_null(pl.col("year")) + 1)
    return flow.with_columns(span.alias("year")).explode("year").select("project", "item", "year", "value")


def _screened(
    inputs: Brought, investment: pl.DataFrame, flow: pl.DataFrame, cut: pl.DataFrame, found: list[Finding]
) -> pl.DataFrame:
    """Return table ``investment_check``, and name what fails."""
    carbon = dict(
        cut.filter(pl.col("species") == "CO2").group_by("project").agg(pl.col("value").sum()).iter_rows()
    )
    claims = _given(inputs, "green_claim")
    claimed = dict(claims.group_by("plant").agg(pl.col("amount").max()).iter_rows())
    grid = {}
    for project, place in investment.select("project", "region").iter_rows():
        known = regions.find(place or inputs.settings.region_id or "")
        factor_of = _newest(known.grid_area) if known and known.grid_area else None
        if factor_of is not None:
            grid[project] = factor_of
    rate = inputs.settings.finance.discount_rate
    plain = _by_item(flow.filter(~pl.col("item").is_in(list(SUPPORT))))
    alone = {}
    for (name,), part in plain.group_by(["project"], maintain_order=True):
        first = int(part["year"].min())  # type: ignore[arg-type]
        years = np.zeros(int(part["year"].max()) - first + 1)  # type: ignore[arg-type]
        np.add.at(years, part["year"].to_numpy() - first, part["value"].to_numpy())
        alone[str(name)] = float(net_present_value(years, rate))
    supported = set(flow.filter(pl.col("item") == "subsidy")["project"])
    alone = {p: v for p, v in alone.items() if p in supported}
    checks = screen(investment, _given(inputs, "project_catalogue"), carbon, grid, claimed, alone)
    for check, rows in checks.filter(pl.col("state") == "fails").group_by("check", maintain_order=True):
        names = _names(rows["project"].to_list())
        found.append(finding(ROOM, f"screen_{check[0]}", count=rows.height, names=names))
    return checks


def _newest(area: str) -> float | None:
    for year in PUBLISHED:
        try:
            return grid_factor(area, year).value
        except KeyError:
            continue
    return None


def _in_unit(frame: pl.DataFrame, unit: str, wrong: str) -> pl.DataFrame:
    """Return the values of a table in one unit; every unit that does not convert is an error."""
    given = frame.with_columns(pl.col("unit").fill_null(unit))
    scales: dict[str, float] = {}
    bad: list[Finding] = []
    for one in given["unit"].unique(maintain_order=True).to_list():
        try:
            scales[one] = factor(one, unit)
        except UnitError:
            bad.append(finding(ROOM, wrong, unit=one))
    require(bad)
    if not scales:
        return given
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64)
    return given.with_columns(pl.col("value") * scale)


def _look(investment: pl.DataFrame, years: pl.DataFrame, found: list[Finding]) -> None:
    """Name flows with several rates of return or none, and those that outlast their project."""
    lives = dict(investment.select("project", "lifetime").iter_rows())
    sums = years.group_by("project", "year").agg(pl.col("value").sum()).sort("project", "year")
    for (name,), part in sums.group_by(["project"], maintain_order=True):
        first, last = int(part["year"][0]), int(part["year"][-1])
        values = dict(part.select("year", "value").iter_rows())
        rates = internal_rates([values.get(year, 0.0) for year in range(first, last + 1)])
        if len(rates) > 1:
            told = Bilingual("、".join(f"{r:.2%}" for r in rates), ", ".join(f"{r:.2%}" for r in rates))
            found.append(finding(ROOM, "many_rates", project=name, count=len(rates), rates=told))
        elif not rates:
            found.append(finding(ROOM, "no_rate", project=name))
        if last - first > lives[name]:
            found.append(finding(ROOM, "beyond_life", project=name, span=last - first, lifetime=lives[name]))


def _claims(claims: pl.DataFrame, supply: pl.DataFrame, found: list[Finding]) -> pl.DataFrame:
    state = allow_claims(claims, supply)
    for row in state.filter(pl.col("refused") > 0).iter_rows(named=True):
        words = {k: row[k] for k in ("plant", "year", "claim")}
        amount = f"{row['refused']:,.3f}".rstrip("0").rstrip(".")
        who = row["claimant"] or "–"
        found.append(finding(ROOM, "claim_refused", claimant=who, refused=amount, **words))
    return conform("green_claim_state", state.drop("day"))

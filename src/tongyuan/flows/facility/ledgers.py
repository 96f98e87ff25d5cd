"""Permit, tax and allowances of enterprises from one account of their emission."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.facility.allowance.account import UNITS, Line, Unit, allowance_account
from tongyuan.facility.allowance.comply import Saving
from tongyuan.facility.allowance.exempt import Facts
from tongyuan.facility.allowance.surrender import Offset
from tongyuan.facility.duty import duties
from tongyuan.facility.permit.account import COUNTED, permit_account
from tongyuan.facility.permit.limit import named_whole, yearly_tonnes
from tongyuan.facility.permit.report import execution_report
from tongyuan.facility.plan import conformity
from tongyuan.facility.tax.account import tax_account
from tongyuan.facility.tax.quarter import tax_return, totals
from tongyuan.facility.tax.waste import waste_tax
from tongyuan.flows.facility.diagnosis import diagnosis
from tongyuan.flows.source import Inputs
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.reference import gwp
from tongyuan.reference.language import Language, say
from tongyuan.reference.units import UnitError, factor

Tables = dict[str, pl.DataFrame]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
WHOLE_WORKS = Bilingual("全厂", "works as a whole")
SECTORS = ("power", "steel", "cement", "aluminium")
PRODUCTS = {"steel": "pig_iron", "cement": "clinker", "aluminium": "aluminium"}
INTENSITY_KINDS = {
    "steel": ("sinter", "blast_furnace"),
    "cement": ("kiln_line",),
    "aluminium": ("cell_series",),
}


def ledgers(inputs: Inputs) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables of permit, tax and allowances, and what was found.

    Raises
    ------
    FindingError
        If the unit of a yearly limit is no mass.
    """
    given = {name: frame.drop(PLACE, strict=False) for name, frame in inputs.tables.items()}
    counted = _table(inputs.made, "facility_emission").filter(pl.col("counted").fill_null(True))
    months = _table(inputs.made, "outlet_month")
    limits = _limits(_table(given, "permit_limit"))
    permit = permit_account(
        _by_outlet(counted), limits, hours=_hours(months), seed=inputs.settings.account.seed
    )
    reports = execution_report(_by_outlet(counted).filter(pl.col("outlet") != "whole"), months)
    tax, found = _tax(inputs, counted, months, given)
    lines = tax_return(tax)
    allowances, more = _allowances(inputs, counted, given)
    judged, doubts = diagnosis(inputs, counted, months, permit)
    tables = {
        "enterprise": _enterprises(given),
        "diagnosis": judged,
        "plan_conformity": conform("plan_conformity", _conformity(given)),
        "permit_account": conform("permit_account", permit),
        "permit_report": conform("permit_report", reports),
        "tax_account": _tax_table(tax, _table(given, "waste_transfer")),
        "tax_return": conform(
            "tax_return",
            lines.join(
                totals(lines).select("facility", "quarter", "due_day"),
                on=["facility", "quarter"],
                how="left",
                maintain_order="left",
            ),
        ),
        "allowance_account": allowances,
        "duty": _duties(inputs, counted, given),
    }
    return tables, (*found, *more, *doubts)


def _duties(inputs: Inputs, counted: pl.DataFrame, given: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return what is due for the years with an account."""
    years = {int(month[:4]) for month in counted["month"].drop_nulls().unique()}
    who, handed = _table(given, "facility"), _table(given, "month_report")
    return conform("duty", duties(who, handed, years, unverified=inputs.settings.account.include_unverified))


def _conformity(given: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return conformity(*(_table(given, name) for name in ("monitoring_plan", "fuel_use", "meter")))


def _enterprises(given: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    columns = ["facility", "name", "kind", "region", "ets_sector"]
    return conform("enterprise", _table(given, "facility").select(columns))


def _table(tables: Mapping[str, pl.DataFrame], name: str) -> pl.DataFrame:
    return tables.get(name, empty(name))


def _limits(limits: pl.DataFrame) -> pl.DataFrame:
    """Check the yearly limits and name the works as a whole by one name."""
    limits = named_whole(limits)
    wrong = []
    for facility, species, unit in (
        limits.filter(pl.col("period") == "year").select("facility", "species", "unit").unique().iter_rows()
    ):
        try:
            yearly_tonnes(1.0, unit)
        except UnitError:
            wrong.append(
                finding("facility.tax", "limit_tonnes", facility=facility, species=species, unit=unit)
            )
    require(wrong)
    return limits


def _by_outlet(counted: pl.DataFrame) -> pl.DataFrame:
    """Return direct tonnes by outlet; what has no outlet (carbon) is of the works as a whole.

    Vehicles are outside a permit.
    """
    moves = pl.col("process").fill_null("").str.starts_with("transport")
    gas = pl.col("species").is_in(["CO2", "CO2_biogenic"])
    direct = counted.filter(pl.col("scope").fill_null("direct") == "direct", gas | ~moves)
    outlet = pl.when(pl.col("outlet").fill_null("") == "").then(pl.lit("whole")).otherwise("outlet")
    return (
        direct.with_columns(outlet.alias("outlet"), pl.col("value").alias("mass"))
        .group_by("facility", "month", "outlet", "species", maintain_order=True)
        .agg(pl.col("mass").sum(), pl.col("method").unique().sort())
    )


def _hours(months: pl.DataFrame) -> pl.DataFrame:
    return months.select(
        "facility",
        "month",
        "outlet",
        "species",
        *(pl.col(n).fill_null(0.0) for n in COUNTED),
    )


def _tax(
    inputs: Inputs, counted: pl.DataFrame, months: pl.DataFrame, given: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the tax lines of air and water, and for which places and species there is no rate."""
    key = ["facility", "month", "outlet", "species"]
    seen = months.select(
        *key, pl.col("mean").alias("concentration"), "limit", pl.col("times_over").alias("hours_over")
    )
    emission = (
        counted.filter(pl.col("outlet").fill_null("") != "")
        .group_by(*key, "region", maintain_order=True)
        .agg(
            (pl.col("value").sum() * 1000).alias("mass"),
            pl.col("origin").first(),
            pl.col("method").unique().sort().str.join("|"),
        )
        .join(seen, on=key, how="left", maintain_order="left")
        .with_columns(pl.col("region").fill_null(inputs.settings.region_id))
    )
    own = _table(given, "own_tax_rate").select(
        "region",
        "medium",
        pl.col("species").fill_null(""),
        "value",
        "date_from",
        "date_to",
        pl.col("decision").fill_null("own_tax_rate").alias("source"),
    )
    tax = tax_account(
        emission,
        own=own,
        zone=inputs.settings.facility.tax_zone,
        unverified=inputs.settings.account.include_unverified,
    )
    tax = tax.join(emission.select(*key, "method"), on=key, how="left", maintain_order="left")
    region = emission.select("facility", "region").unique("facility", keep="first")
    lacking = tax.filter(pl.col("taxed") & pl.col("rate").is_null()).join(region, on="facility", how="left")
    summed = lacking.group_by("region", "species", "rate_source", maintain_order=True).agg(
        pl.col("month").min()
    )
    found = [
        finding("facility.tax", "no_rate", region=r, species=s, month=m, why=_why(source))
        for r, s, source, m in summed.select("region", "species", "rate_source", "month").iter_rows()
    ]
    return tax, found


def _why(source: str) -> str:
    return say("facility.tax", f"why_{source}", "zh")


def _tax_table(tax: pl.DataFrame, waste: pl.DataFrame) -> pl.DataFrame:
    notes = {
        f"note_{language}": pl.col("why").replace_strict(
            {w: say("facility.tax", f"note_{w}", language) for w in ("order", "counted_once")}, default=""
        )
        for language in LANGUAGES
    }
    lines = tax.select(
        "facility",
        "month",
        "medium",
        "outlet",
        "species",
        pl.col("mass").alias("emission"),
        "equivalent",
        "rank",
        "taxed",
        "rate",
        "concentration",
        "limit",
        "hours_over",
        "reduction",
        "tax",
        "method",
        pl.col("rate_source").alias("basis_text"),
        **notes,
    )
    solid = waste_tax(waste).select(
        "facility",
        "month",
        pl.lit("solid").alias("medium"),
        pl.lit("").alias("outlet"),
        pl.col("waste").alias("species"),
        (pl.col("discharged") * 1000).alias("emission"),
        pl.lit(True).alias("taxed"),
        "rate",
        "tax",
        pl.lit("environmental_tax_law").alias("basis_text"),
    )
    return pl.concat([conform("tax_account", lines), conform("tax_account", solid)])


def _allowances(
    inputs: Inputs, counted: pl.DataFrame, given: Mapping[str, pl.DataFrame]
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the allowance lines of every listed enterprise and year."""
    settings = inputs.settings.facility
    rows: list[dict[str, object]] = []
    found: list[Finding] = []
    drafts: set[int] = set()
    yearly = _yearly(counted)
    for who in _table(given, "facility").sort("facility").to_dicts():
        name, sector = str(who["facility"]), who["ets_sector"]
        if sector not in SECTORS:
            continue
        for year in sorted(set(yearly.filter(pl.col("facility") == name)["year"])):
            units = _units(name, str(sector), year, yearly, given)
            moves = _table(given, "allowance").filter((pl.col("facility") == name) & (pl.col("year") == year))
            holding, offsets = _holding(year, moves)
            pre = moves.filter(pl.col("kind") == "pre_allocation")["value"]
            lines = allowance_account(
                str(sector),
                year,
                units,
                balance=settings.balance.get(str(sector)),
                holding=holding,
                offsets=offsets,
                price=settings.carbon_price,
                offset_price=settings.offset_price,
                savings=_savings(name, year, _table(inputs.made, "default_cost")),
                pre=float(pre.sum()) if pre.len() else None,
                deduction=float(moves.filter(pl.col("kind") == "deduction")["value"].sum()),
                drafts=settings.drafts,
            )
            for line in lines:
                rows.append(_line(name, year, line))
                if line.line in ("no_rule", "no_balance"):
                    unit = WHOLE_WORKS if line.unit == "whole" else line.unit
                    values = {"facility": name, "year": year, "unit": unit, "text": line.text}
                    found.append(finding("facility.allowance", line.line, **values))
                if line.stage == "draft":
                    drafts.add(year)
    found += [finding("facility.allowance", "allowance_draft", year=year) for year in sorted(drafts)]
    table = pl.DataFrame(rows, schema=empty("allowance_account").schema, orient="row")
    return conform("allowance_account", table), found


def _line(name: str, year: int, line: Line) -> dict[str, object]:
    titles = {f"title_{lang}": say("facility.allowance", f"line_{line.line}", lang) for lang in LANGUAGES}
    return {
        "facility": name,
        "year": year,
        "installation": line.unit,
        "line": line.line,
        **titles,
        "value": line.value,
        "unit": UNITS[line.line],
        "rule": line.source,
        "status": line.stage,
        "note": line.text,
    }


def _yearly(counted: pl.DataFrame) -> pl.DataFrame:
    """Return direct emission in tonnes of CO2 by enterprise, year and installation."""
    gases = {gas: gwp.value(gas, "AR5") for gas in ("CO2", "CF4", "C2F6")}
    carbon = counted.filter((pl.col("scope") == "direct") & pl.col("species").is_in(list(gases)))
    weight = pl.col("species").replace_strict(gases, return_dtype=pl.Float64)
    return (
        carbon.with_columns(
            year=pl.col("month").str.slice(0, 4).cast(pl.Int64), mass=pl.col("value") * weight
        )
        .group_by("facility", "year", "installation", maintain_order=True)
        .agg(pl.col("mass").sum())
        .sort("facility", "year", "installation")
    )


def _units(
    name: str, sector: str, year: int, yearly: pl.DataFrame, given: Mapping[str, pl.DataFrame]
) -> list[Unit]:
    """Return what is allocated: units of power, kiln lines, cell series, or the steel works as a whole."""
    mine = yearly.filter((pl.col("facility") == name) & (pl.col("year") == year))
    places = _table(given, "installation").filter(pl.col("facility") == name)
    output = _table(given, "output").filter(
        (pl.col("facility") == name) & (pl.col("month").str.slice(0, 4) == str(year))
    )
    if sector == "steel":
        kinds = places.filter(pl.col("kind").is_in(INTENSITY_KINDS["steel"]))["installation"]
        return [
            Unit(
                "whole",
                float(mine["mass"].sum()),
                product=_amount(output, "pig_iron", "t"),
                intensity_emission=float(
                    mine.filter(pl.col("installation").is_in(kinds.to_list()))["mass"].sum()
                ),
            )
        ]
    made = []
    for place in places.to_dicts():
        own = mine.filter(pl.col("installation") == place["installation"])
        of = output.filter(pl.col("installation") == place["installation"])
        if own.is_empty() and of.is_empty():
            continue
        verified = float(own["mass"].sum())
        if sector == "power" and place["kind"] == "power_unit":
            made.append(_power_unit(place, of, verified, year))
        elif sector != "power" and place["kind"] in INTENSITY_KINDS[sector]:
            product = sum(
                _amount(of, p, "t") for p in set(of["product"]) if str(p).startswith(PRODUCTS[sector])
            )
            white = str(place["clinker"] or "").startswith("clinker_white")
            made.append(
                Unit(str(place["installation"]), verified, product=product, facts=Facts(white_clinker=white))
            )
    return made


def _power_unit(place: Mapping[str, object], of: pl.DataFrame, verified: float, year: int) -> Unit:
    """Return a generating unit; the basis up to 2022 is power supplied, from 2023 power generated."""
    column = "net" if year <= 2022 else "value"
    power = of.filter(pl.col("product") == "electricity")
    hours, load = power["hours"], power["load"]
    run = float(hours.sum())
    weighted = float((hours * load).sum()) / run if run else load.mean()
    ratio = power["heat_ratio"].mean()
    capacity = place["capacity"]
    if capacity is not None:
        capacity = float(capacity) * factor(str(place["capacity_unit"] or "MW"), "MW")  # type: ignore[arg-type]
    return Unit(
        str(place["installation"]),
        verified,
        power=_amount(of, "electricity", "MWh", column),
        heat=_amount(of, "heat", "GJ"),
        load=None if weighted is None else float(weighted),  # type: ignore[arg-type]
        heat_ratio=float(ratio or 0.0),  # type: ignore[arg-type]
        capacity=capacity,
        fuel=str(place["fuel_class"] or "conventional_coal"),
        cooling=str(place["cooling"] or "water"),
        facts=Facts(
            fuel=str(place["fuel_class"] or "conventional_coal"),
            emergency=bool(place["emergency"]),
            verified=None,
        ),
    )


def _amount(output: pl.DataFrame, product: str, unit: str, column: str = "value") -> float:
    rows = output.filter(pl.col("product") == product)
    return sum(
        float(value) * factor(str(own), unit)
        for value, own in rows.select(column, "unit").iter_rows()
        if value is not None
    )


def _holding(year: int, own: pl.DataFrame) -> tuple[dict[int, float], list[Offset]]:
    """Return allowances bought and sold for this year by vintage, and CCER bought.

    The allocation itself comes from the account; movements that only repeat it are left out.
    """
    sign = {"purchase": 1.0, "carry_over": 1.0, "borrowing": 1.0, "sale": -1.0}
    holding: dict[int, float] = {}
    offsets = []
    for row in own.to_dicts():
        if row["kind"] == "ccer_purchase" and row["registered"] is not None:
            offsets.append(Offset(float(row["value"]), row["registered"]))
        elif row["kind"] in sign:
            vintage = int(row["vintage"] or year)
            holding[vintage] = holding.get(vintage, 0.0) + sign[row["kind"]] * float(row["value"])
    return holding, offsets


def _savings(name: str, year: int, cost: pl.DataFrame) -> list[Saving]:
    """Return what measuring carbon instead of the default saves; its cost is not known and counts as none."""
    own = cost.filter((pl.col("facility") == name) & (pl.col("month").str.slice(0, 4) == str(year)))
    amount = float(own["emission"].sum())
    return [Saving("measured_carbon", amount, 0.0, whole=True)] if amount > 0 else []

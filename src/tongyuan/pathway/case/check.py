"""Checks of the tables of a plan: every finding names its sheet and row, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import polars as pl
from scipy import sparse

from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import table
from tongyuan.pathway.case.case import INPUT_TABLES, Case, Settings, draft
from tongyuan.pathway.case.check_slice import check_slices
from tongyuan.pathway.case.check_unit import check_signs, check_units
from tongyuan.pathway.case.money import in_one_money
from tongyuan.pathway.problem.base import UNKNOWN_IN_BASE, base_value, codes_with_base
from tongyuan.pathway.problem.quantity import KINDS, names
from tongyuan.pathway.solve.solution import scaled, scales

HEADER_ROWS = 1
"""Rows above the first row of data in a sheet, unless told otherwise."""

REFERS = {
    "node": "node",
    "from_node": "node",
    "to_node": "node",
    "flow": "flow",
    "technology": "technology_option",
}
HOMES = {
    "activity": "technology", "capacity": "technology", "production": "flow", "consumption": "flow",
    "purchase": "flow", "concentration": "receptor",
}  # fmt: skip
"""What the name of a quantity of each kind is of."""

COSTS = {"cost_capital", "cost_fixed", "cost_variable", "cost"}


def case(tables: Mapping[str, Any], settings: Settings, header_rows: int = HEADER_ROWS) -> Case:
    """Return a checked case with costs in one money.

    Raises
    ------
    FindingError
        With every finding at once when any of them is an error.
    """
    made = draft(tables, settings)
    found = check(made, header_rows)
    require(found)
    return in_one_money(made)[0]


def check(case: Case, header_rows: int = HEADER_ROWS) -> list[Finding]:
    """Return all findings on the tables of `case`: errors, warnings and notices."""
    found: list[Finding] = []
    rows = {name: case[name].with_row_index("row", offset=header_rows + 1) for name in INPUT_TABLES}
    for name in INPUT_TABLES:
        if rows[name].height:
            found.extend(_form(name, rows[name]))
            found.extend(_names(name, rows[name], case))
    found.extend(_years(rows, case))
    found.extend(_technologies(rows, case))
    found.extend(_shares(rows))
    found.extend(_demand(rows, case))
    found.extend(check_signs(rows, case))
    found.extend(_targets(rows, case))
    found.extend(replace(f, row=f.row + header_rows + 1) for f in case.findings if f.row is not None)
    found.extend(_taxes(rows, case))
    found.extend(_responses(rows, case))
    found.extend(check_slices(rows, case))
    if not any(f.severity == "error" for f in found):
        found.extend(check_units(case, header_rows))
    if not any(f.severity == "error" for f in found):
        found.extend(_bases(case, header_rows))
    if not any(f.severity == "error" for f in found):
        found.extend(free_energy(case))
        found.extend(in_one_money(case)[1])
    return [_placed(f, case, header_rows) for f in found]


def _placed(found: Finding, case: Case, header_rows: int) -> Finding:
    """Return the finding at the place its row was read from, when that is known."""
    places = case.places.get(found.sheet)
    if places is None or found.row is None:
        return found
    file, sheet, row = (places[found.row - header_rows - 1] or "||").split("|", 2)
    return replace(found, file=file, sheet=sheet or found.sheet, row=int(row) if row.isdigit() else found.row)


def _form(name: str, frame: pl.DataFrame) -> Iterator[Finding]:
    definition = table(name)
    for column in definition.columns:
        values = frame[column.name]
        if column.required or (name, column.name) == ("quantity_member", "weight"):
            empty = values.is_null() | (values == "") if values.dtype == pl.String else values.is_null()
            optional = name == "control_option" and column.name == "control"
            for row in frame.filter(empty & (not optional))["row"]:
                yield finding(
                    "pathway", "required_empty", sheet=name, row=row, column=column.name, field=column.name
                )
        if column.choices:
            wrong = frame.filter((values != "") & ~values.is_in(list(column.choices)))
            for r in wrong.select("row", column.name).iter_rows():
                yield finding(
                    "pathway", "not_a_choice", sheet=name, row=r[0], column=column.name, field=column.name,
                    value=r[1],
                    choices=", ".join(column.choices),
                )  # fmt: skip
        if values.dtype.is_numeric():
            cost = column.name in COSTS
            low = column.minimum if column.minimum is not None else -np.inf
            high = column.maximum if column.maximum is not None else np.inf
            bad = frame.filter(
                ((values < low) | (values > high) | values.cast(pl.Float64).is_nan()).fill_null(False)
                | (cost & (values < 0.0)).fill_null(False)
            )
            for record in bad.to_dicts():
                if cost:
                    who = "/".join(
                        str(record[k])
                        for k in ("technology", "control", "from_node", "to_node", "flow")
                        if record.get(k)
                    )
                    yield finding(
                        "pathway",
                        "negative_cost",
                        sheet=name,
                        row=record["row"],
                        column=column.name,
                        field=column.name,
                        name=who,
                        value=record[column.name],
                    )
                else:
                    yield finding(
                        "pathway", "out_of_range", sheet=name, row=record["row"], column=column.name,
                        field=column.name,
                        value=record[column.name], low=low, high=high,
                    )  # fmt: skip
    keys = [c.name for c in definition.columns if c.key]
    first = frame.with_columns(first=pl.col("row").min().over(keys)).filter(pl.col("row") > pl.col("first"))
    for again in first.to_dicts():
        key = " / ".join(str(again[k]) for k in keys if again[k] not in (None, ""))
        yield finding("pathway", "duplicate_row", sheet=name, row=again["row"], other=again["first"], key=key)


def _names(name: str, frame: pl.DataFrame, case: Case) -> Iterator[Finding]:
    for column, home in REFERS.items():
        if column not in frame.columns or name == home:
            continue
        known = case[home]["technology" if home == "technology_option" else home]
        unknown = frame.filter((pl.col(column) != "") & ~pl.col(column).is_in(known.implode()))
        for r in unknown.select("row", column).iter_rows():
            yield finding(
                "pathway", "unknown_name", sheet=name, row=r[0], column=column, name=r[1], table=home
            )
    if name in ("control_flow", "stock", "measure", "target"):
        known = pl.concat(
            [case["control_option"]["control"], case["emission_coefficient"]["control"]]
        ).unique()
        unknown = frame.filter((pl.col("control") != "") & ~pl.col("control").is_in(known.implode()))
        for r in unknown.select("row", "control").iter_rows():
            yield finding(
                "pathway",
                "unknown_name",
                sheet=name,
                row=r[0],
                column="control",
                name=r[1],
                table="control_option",
            )


def _years(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    years = case.years
    shown = ", ".join(str(y) for y in years)
    for name in (
        "demand", "control_option", "emission_coefficient", "price", "tax", "link", "response", "receptor",
    ):  # fmt: skip
        outside = rows[name].filter(pl.col("year").is_not_null() & ~pl.col("year").is_in(years))
        kind = "year_outside" if name == "demand" else "year_ignored"
        for r in outside.to_dicts():
            yield finding(
                "pathway", kind, sheet=name, row=r["row"], column="year", year=r["year"], years=shown
            )
    for r in rows["target"].to_dicts():
        first, last = r["year"], r["year_to"]
        if first is not None and not any(first <= y <= (last or first) for y in years):
            yield finding(
                "pathway",
                "year_outside",
                sheet="target",
                row=r["row"],
                column="year",
                year=first,
                years=shown,
            )
        if first is not None and last is not None and last < first:
            yield finding(
                "pathway",
                "year_order",
                sheet="target",
                row=r["row"],
                column="year_to",
                name=r["target"],
                first=first,
                last=last,
            )
    for r in rows["technology_option"].to_dicts():
        if r["first_year"] is not None and r["last_year"] is not None and r["last_year"] < r["first_year"]:
            yield finding(
                "pathway", "year_order", sheet="technology_option", row=r["row"], column="last_year",
                name=r["technology"],
                first=r["first_year"], last=r["last_year"],
            )  # fmt: skip


def _technologies(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    makes = set(rows["technology_flow"].filter(pl.col("role") == "output")["technology"])
    makes |= set(rows["control_flow"].filter(pl.col("role") == "output")["technology"])
    emits = set(case["emission_coefficient"]["technology"])
    waste = case["flow"].filter(pl.col("balance") == "equal")["flow"]
    takes = rows["technology_flow"].filter(
        (pl.col("role") == "input") & pl.col("flow").is_in(waste.implode())
    )
    makes |= set(takes["technology"])  # disposal: its service is to take what must be disposed of
    for r in rows["technology_option"].to_dicts():
        place = {"sheet": "technology_option", "row": r["row"]}
        if r["technology"] not in makes:
            yield finding("pathway", "technology_without_output", **place, technology=r["technology"])
        if r["capacity"] == "tracked" and r["cost_capital"] is None:
            yield finding(
                "pathway", "capital_missing", **place, column="cost_capital", technology=r["technology"]
            )
        if r["capacity"] == "tracked" and r["cost_capital"] and r["lifetime"] is None:
            yield finding("pathway", "lifetime_missing", **place, column="lifetime", name=r["technology"])
        if emits and r["technology"] not in emits:
            yield finding("pathway", "no_emission", **place, technology=r["technology"])
    for r in rows["control_option"].to_dicts():
        if r["cost_capital"] and r["lifetime"] is None:
            yield finding(
                "pathway", "lifetime_missing", sheet="control_option", row=r["row"], column="lifetime",
                name=f"{r['technology']}/{r['control']}",
            )  # fmt: skip


def _shares(rows: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    frame = rows["control_option"]
    for r in frame.filter(pl.col("share_min") > pl.col("share_max")).to_dicts():
        yield finding(
            "pathway", "shares_cross", sheet="control_option", row=r["row"], column="share_min",
            technology=r["technology"],
            control=r["control"], low=r["share_min"], high=r["share_max"],
        )  # fmt: skip
    for part in frame.partition_by("technology", "node", "year", maintain_order=True):
        total = part["share_min"].sum()
        if total > 1.0 + 1e-9:
            yield finding(
                "pathway", "shares_sum", sheet="control_option", row=part["row"][0],
                technology=part["technology"][0], total=f"{total:g}",
            )  # fmt: skip
        plain = part.filter(pl.col("control") == "")
        most = part["share_max"].sum()
        if not plain.is_empty() and most < 1.0 - 1e-9:
            yield finding(
                "pathway", "shares_short", sheet="control_option", row=plain["row"][0],
                technology=part["technology"][0], total=f"{most:g}",
            )  # fmt: skip


def _demand(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    demand = rows["demand"]
    if demand.filter(pl.col("value") != 0.0).is_empty():
        yield finding("pathway", "demand_missing", sheet="demand")
        return
    for part in demand.partition_by("node", "flow", maintain_order=True):
        missing = [y for y in case.years if y not in set(part["year"])]
        if missing:
            yield finding(
                "pathway", "demand_gap", sheet="demand", row=part["row"][0], column="year",
                node=part["node"][0],
                flow=part["flow"][0], given=", ".join(map(str, part["year"])), missing=", ".join(map(str,
                missing)),
            )  # fmt: skip
    made = set(case["technology_flow"].filter(pl.col("role") == "output")["flow"])
    made |= set(case["control_flow"].filter(pl.col("role") == "output")["flow"])
    made |= set(case["price"].filter(pl.col("direction") == "purchase")["flow"]) | set(case["link"]["flow"])
    made |= set(case["technology_swap"]["flow"])
    unmet = demand.filter((pl.col("value") > 0.0) & ~pl.col("flow").is_in(list(made))).unique(
        "flow", maintain_order=True
    )
    for r in unmet.to_dicts():
        yield finding("pathway", "demand_unmet", sheet="demand", row=r["row"], column="flow", flow=r["flow"])


def _targets(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    groups = set(case["quantity_member"]["quantity"])
    known = {kind: names(case, kind) for kind in KINDS}
    scopes = set(case["node"]["node"]) | set(case["node"]["group"]) | {""}
    for r in rows["target"].to_dicts():
        place = {"sheet": "target", "row": r["row"]}
        for kind, column in ((r["quantity_kind"], "quantity"), (r["denominator_kind"], "denominator")):
            name = r[column]
            if kind == "emission" and name not in known[kind] | groups:
                yield finding(
                    "pathway", "unknown_species", **place, column=column, target=r["target"], species=name,
                    known=", ".join(sorted(known[kind] | groups)),
                )  # fmt: skip
            elif kind in HOMES and name not in known[kind] | groups:
                yield finding(
                    "pathway", "unknown_quantity", **place, column=column, target=r["target"],
                    quantity=name, kind=HOMES[kind], known=", ".join(sorted(known[kind])),
                )  # fmt: skip
        if r["control"] and r["quantity_kind"] != "activity":
            yield finding("pathway", "control_of_activity", **place, column="control", target=r["target"])
        if r["scope"] not in scopes:
            yield finding(
                "pathway", "unknown_scope", **place, column="scope", target=r["target"], scope=r["scope"]
            )


def _taxes(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    known = names(case, "emission") | set(case["quantity_member"]["quantity"])
    for r in rows["tax"].filter(~pl.col("quantity").is_in(list(known))).to_dicts():
        yield finding(
            "pathway", "tax_unknown", sheet="tax", row=r["row"], column="quantity", tax=r["tax"],
            quantity=r["quantity"], known=", ".join(sorted(known)),
        )  # fmt: skip


def _responses(rows: Mapping[str, pl.DataFrame], case: Case) -> Iterator[Finding]:
    """Receptors that something acts on, a base for both sides of a line, a range that is one."""
    acting, level = set(case["response"]["receptor"]), set(case["receptor"]["receptor"])
    for r in rows["receptor"].filter(~pl.col("receptor").is_in(list(acting))).to_dicts():
        yield finding(
            "pathway", "receptor_alone", sheet="receptor", row=r["row"], column="receptor",
            receptor=r["receptor"], known=", ".join(sorted(acting)) or "—",
        )  # fmt: skip
    for r in rows["response"].to_dicts():
        place = {"sheet": "response", "row": r["row"], "receptor": r["receptor"], "species": r["species"]}
        has_base, has_level = r["base_emission"] is not None, r["receptor"] in level
        if has_level and not has_base:
            yield finding("pathway", "response_no_base", **place, column="base_emission")
        if has_base and not has_level:
            yield finding("pathway", "response_no_level", **place, column="base_emission")
        low, high = r["valid_lower"], r["valid_upper"]
        if low is not None and high is not None and low > high:
            yield finding("pathway", "response_range", **place, column="valid_lower", low=low, high=high)
        if not has_base and (low is not None or high is not None):
            yield finding("pathway", "response_range_free", **place, column="valid_lower")


def _bases(case: Case, header_rows: int) -> Iterator[Finding]:
    """Base-year values that targets are relative to: known, and not zero."""
    names = codes_with_base(case)
    for row, r in enumerate(case["target"].to_dicts(), start=header_rows + 1):
        if r["basis"] != "share_of_base":
            continue
        told = {"sheet": "target", "row": row, "column": "base_value", "target": r["target"]}
        if r["base_value"] is not None:
            parts = {r["quantity"]: r["base_value"]}
        else:
            pairs = [(r["quantity_kind"], r["quantity"], r["control"])]
            if r["denominator_kind"]:
                pairs.append((r["denominator_kind"], r["denominator"], ""))
            lacking = [(k, q) for k, q, _ in pairs if k in UNKNOWN_IN_BASE]
            for kind, name in lacking:
                yield finding("pathway", "base_unknown", **told, quantity=name, kind=kind)
            parts = {} if lacking else {q: base_value(case, names, k, q, c, r["scope"]) for k, q, c in pairs}
        for name, value in parts.items():
            if value == 0.0:
                yield finding("pathway", "base_zero", **told, quantity=name)


def free_energy(case: Case, header_rows: int = HEADER_ROWS) -> Iterator[Finding]:
    """Find technologies that in a circle make something out of nothing.

    Among technologies that take inputs, a combination whose net output is nowhere negative and somewhere
    positive is a machine of perpetual motion; the smallest one is named.
    """
    takes = set(case["technology_flow"].filter(pl.col("role") == "input")["technology"])
    frame = case["technology_flow"].filter(pl.col("technology").is_in(list(takes)))
    if frame.is_empty():
        return
    technologies = frame["technology"].unique(maintain_order=True).to_list()
    flows = frame["flow"].unique(maintain_order=True).to_list()
    sign = np.where((frame["role"] == "output").to_numpy(), 1.0, -1.0) * frame["coefficient"].to_numpy()
    k = np.array([technologies.index(t) for t in frame["technology"]])
    f = np.array([flows.index(x) for x in frame["flow"]])
    net = sparse.coo_matrix((sign, (f, k)), shape=(len(flows), len(technologies))).tocsc()
    # whether there is a circle does not hang on units, so every flow and technology gets one of its size
    net = scaled(net, *scales(net, np.zeros(len(technologies), dtype=np.bool_)))
    activity = _least_circle(net)
    if activity is None:
        return
    gain = net @ activity
    largest = activity.max()
    circle = [t for t, a in zip(technologies, activity, strict=True) if a > 1e-7 * largest]
    inside = frame.filter(pl.col("technology").is_in(circle) & (pl.col("role") == "input"))["flow"].unique(
        maintain_order=True
    )
    rows = case["technology_flow"].with_row_index("row", offset=header_rows + 1)
    row = rows.filter(pl.col("technology").is_in(circle))["row"][0]
    yield finding(
        "pathway", "free_energy", sheet="technology_flow", row=row, cycle=" → ".join(circle),
        flow=flows[int(np.argmax(gain))],
        input=", ".join(inside),
    )  # fmt: skip


def _least_circle(net: sparse.csc_matrix) -> np.ndarray | None:
    """Return the least total activity with net output ≥ 0 everywhere and 1 in all, or None."""
    size = net.shape[1]
    total = sparse.csc_matrix(net.sum(axis=0))
    matrix = sparse.vstack([net, total], format="csc")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size, matrix.shape[0]
    model.col_cost_, model.col_lower_, model.col_upper_ = np.ones(size), np.zeros(size), np.full(size, 1e9)
    model.row_lower_ = np.concatenate([np.zeros(net.shape[0]), [1.0]])
    model.row_upper_ = np.full(matrix.shape[0], np.inf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.asarray(solver.getSolution().col_value)

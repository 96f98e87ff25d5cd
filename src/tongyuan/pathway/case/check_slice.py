"""Checks of time slices, storage, exchanged outputs, reserves and units of the stock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.pathway.case.case import Case

YEARS = (8760.0, 8784.0)
"""Hours of a year and of a leap year."""

CLOSE = 1e-6
"""Difference below which a sum is the whole."""

ONLY_BY_SLICE = {
    "operation": pl.col("operation") != "",
    "load_min": pl.col("load_min") > 0.0,
    "firm": pl.col("firm").is_not_null(),
}
"""Columns of a technology that act only where it makes or takes a flow balanced by slice."""

Rows = Mapping[str, pl.DataFrame]


def check_slices(rows: Rows, case: Case) -> Iterator[Finding]:
    """Find what is wrong with the tables of time slices; `rows` have their number in the sheet as ``row``."""
    flows = case["flow"].filter(pl.col("balance_time") == "slice")["flow"].to_list()
    if flows and case["slice"].is_empty():
        row = rows["flow"].filter(pl.col("balance_time") == "slice")["row"][0]
        yield finding("pathway", "slice_missing", sheet="flow", row=row, column="balance_time", flow=flows[0])
        return
    if not case["slice"].is_empty():
        if not flows:
            yield finding("pathway", "slice_unused", sheet="slice", row=rows["slice"]["row"][0])
        total = float(case["slice"]["hours"].sum())
        if not any(abs(total - year) <= 1e-6 * year for year in YEARS):
            yield finding("pathway", "slice_hours", sheet="slice", column="hours", total=f"{total:g}")
        for r in rows["slice"].filter(pl.col("hours") == 0.0).to_dicts():
            yield finding(
                "pathway", "slice_empty", sheet="slice", row=r["row"], column="hours", slice=r["slice"]
            )
    known = case["slice"]["slice"]
    for name in ("demand_slice", "technology_slice"):
        unknown = rows[name].filter((pl.col("slice") != "") & ~pl.col("slice").is_in(known.implode()))
        for r in unknown.to_dicts():
            yield finding(
                "pathway",
                "unknown_name",
                sheet=name,
                row=r["row"],
                column="slice",
                name=r["slice"],
                table="slice",
            )
    for name in ("demand_slice", "storage", "reserve"):
        for r in rows[name].filter(~pl.col("flow").is_in(flows)).to_dicts():
            yield finding("pathway", "flow_by_year", sheet=name, row=r["row"], column="flow", flow=r["flow"])
    yield from _shares(rows)
    yield from _operations(rows, case, flows)
    yield from _storage(rows, case)
    yield from _swap(rows, case)
    yield from _stock(rows, case)


def _shares(rows: Rows) -> Iterator[Finding]:
    """Shares of the year sum to one; what a more particular row leaves out is taken from the general one."""
    for name, keys in (
        ("demand_slice", ["flow", "node", "year"]),
        ("technology_slice", ["technology", "node"]),
    ):
        frame = rows[name].filter(pl.col("share").is_not_null())
        if name == "technology_slice":
            for r in frame.filter(pl.col("slice") == "").to_dicts():
                yield finding("pathway", "share_of_all", sheet=name, row=r["row"], column="share")
        for part in frame.partition_by(keys, maintain_order=True):
            total = float(part["share"].sum())
            if abs(total - 1.0) > CLOSE:
                who = "/".join(str(part[k][0]) for k in keys if part[k][0] not in (None, ""))
                yield finding(
                    "pathway", "shares_of_year", sheet=name, row=part["row"][0], column="share", name=who,
                    total=f"{total:g}",
                )  # fmt: skip


def _touching(case: Case, flows: list[str]) -> tuple[set[str], set[str]]:
    """Return the technologies that make, and that make or take, a flow balanced by slice."""
    own = case["technology_flow"].filter(pl.col("flow").is_in(flows))
    swap = case["technology_swap"].filter(pl.any_horizontal(pl.col("flow", "instead_of").is_in(flows)))
    device = case["control_flow"].filter(pl.col("flow").is_in(flows))
    makes = set(own.filter(pl.col("role") == "output")["technology"]) | set(swap["technology"])
    return makes, makes | set(own["technology"]) | set(device["technology"])


def _operations(rows: Rows, case: Case, flows: list[str]) -> Iterator[Finding]:
    makes, touches = _touching(case, flows)
    options = rows["technology_option"]
    for column, typed in ONLY_BY_SLICE.items():
        for r in options.filter(typed, ~pl.col("technology").is_in(list(touches))).to_dicts():
            yield finding(
                "pathway", "technology_by_year", sheet="technology_option", row=r["row"], column=column,
                technology=r["technology"],
            )  # fmt: skip
    for r in rows["technology_slice"].filter(~pl.col("technology").is_in(list(touches))).to_dicts():
        yield finding(
            "pathway", "technology_by_year", sheet="technology_slice", row=r["row"], column="technology",
            technology=r["technology"],
        )  # fmt: skip
    limited = set(
        case["technology_slice"].filter(
            pl.any_horizontal(pl.col("availability", "share_max").is_not_null())
        )["technology"]
    )  # fmt: skip
    flexible = options.filter(pl.col("operation").str.starts_with("flexible"))
    for r in flexible.filter(~pl.col("technology").is_in(list(limited))).to_dicts():
        yield finding(
            "pathway", "flexible_unlimited", sheet="technology_option", row=r["row"], column="operation",
            technology=r["technology"],
        )  # fmt: skip
    other = options.filter(pl.col("flexible_share") < 1.0, ~pl.col("operation").str.starts_with("flexible"))
    for r in other.to_dicts():
        yield finding(
            "pathway", "flexible_share_alone", sheet="technology_option", row=r["row"],
            column="flexible_share", technology=r["technology"],
        )  # fmt: skip
    running = pl.col("operation").is_in(["dispatched", "flexible_day", "flexible_year"]) | (
        (pl.col("operation") == "") & pl.col("technology").is_in(list(makes))
    )
    least = options.filter(pl.col("load_min") > 0.0, ~(running & (pl.col("capacity") == "tracked")))
    for r in least.filter(pl.col("technology").is_in(list(touches))).to_dicts():
        yield finding(
            "pathway", "least_load_alone", sheet="technology_option", row=r["row"], column="load_min",
            technology=r["technology"],
        )  # fmt: skip
    steady = set(options.filter(~pl.col("operation").str.starts_with("flexible"))["technology"])
    above = rows["technology_slice"].filter(
        pl.col("availability") > 1.0, pl.col("technology").is_in(list(steady))
    )
    for r in above.to_dicts():
        yield finding(
            "pathway", "out_of_range", sheet="technology_slice", row=r["row"], column="availability",
            field="availability", value=r["availability"], low=0, high=1,
        )  # fmt: skip


def _storage(rows: Rows, case: Case) -> Iterator[Finding]:
    flows = case["technology_flow"]
    for r in rows["storage"].to_dicts():
        place = {"sheet": "storage", "row": r["row"], "technology": r["technology"], "flow": r["flow"]}
        own = flows.filter((pl.col("technology") == r["technology"]) & (pl.col("flow") == r["flow"]))
        if own.filter((pl.col("role") == "output") & (pl.col("coefficient") > 0.0)).is_empty():
            yield finding("pathway", "storage_without_output", column="flow", **place)
        if not own.filter(pl.col("role") == "input").is_empty():
            yield finding("pathway", "storage_with_input", column="flow", **place)
        if any(r[c] == 0.0 for c in ("efficiency_in", "efficiency_out")):
            yield finding("pathway", "storage_without_efficiency", column="efficiency_in", **place)
    free = case["technology_option"].filter(pl.col("capacity") == "free")["technology"]
    for r in rows["storage"].filter(pl.col("technology").is_in(free.implode())).to_dicts():
        yield finding(
            "pathway", "storage_free", sheet="storage", row=r["row"], column="technology",
            technology=r["technology"],
        )  # fmt: skip


def _swap(rows: Rows, case: Case) -> Iterator[Finding]:
    out = case["technology_flow"].filter(pl.col("role") == "output")
    made = {(r["technology"], r["flow"]): r["coefficient"] for r in out.to_dicts()}
    given: dict[tuple[str, str], float] = {}
    for r in rows["technology_swap"].to_dicts():
        place = {"sheet": "technology_swap", "row": r["row"], "technology": r["technology"]}
        if r["instead_of"] not in set(case["flow"]["flow"]):
            yield finding(
                "pathway", "unknown_name", sheet="technology_swap", row=r["row"], column="instead_of",
                name=r["instead_of"], table="flow",
            )  # fmt: skip
            continue
        if r["least"] > r["greatest"]:
            yield finding(
                "pathway", "swap_cross", column="least", **place, least=r["least"], greatest=r["greatest"]
            )
        key = (r["technology"], r["instead_of"])
        given[key] = given.get(key, 0.0) + r["rate"] * r["greatest"]
        if given[key] > made.get(key, 0.0) * (1.0 + 1e-9):
            yield finding(
                "pathway", "swap_too_much", column="greatest", **place, flow=r["instead_of"],
                given=f"{given[key]:g}", made=f"{made.get(key, 0.0):g}",
            )  # fmt: skip


def _stock(rows: Rows, case: Case) -> Iterator[Finding]:
    free = case["technology_option"].filter(pl.col("capacity") == "free")["technology"]
    apart = pl.any_horizontal(pl.col("unit_size", "cost_fixed").is_not_null())
    for r in rows["stock"].filter(apart).to_dicts():
        place = {"sheet": "stock", "row": r["row"], "technology": r["technology"]}
        if r["capacity"] is None or r["technology"] in set(free):
            yield finding("pathway", "unit_without_capacity", column="capacity", **place)
        elif r["unit_size"] is not None:
            count = r["capacity"] / r["unit_size"] if r["unit_size"] > 0.0 else 0.5
            if abs(count - round(count)) > 1e-9 * max(count, 1.0):
                yield finding(
                    "pathway", "units_not_whole", column="unit_size", **place, capacity=f"{r['capacity']:g}",
                    size=f"{r['unit_size']:g}",
                )  # fmt: skip

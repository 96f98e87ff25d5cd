"""What runs by time slice, evaluated anew from the reported tables and the tables of the case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.problem.slice import RUNNING, calendar, demand_share, of_slice, operations, sliced
from tongyuan.pathway.problem.storage import outputs
from tongyuan.pathway.problem.variable import options

Plan = Mapping[str, pl.DataFrame]
AT = ["n", "k", "t", "l"]
AMOUNTS = ("production", "consumption", "purchase", "sale", "received", "sent")


def audit_slices(case: Case, names: Codes, plan: Plan) -> pl.DataFrame:
    """Return rows of table ``violation`` for constraints by slice, exchanged outputs, units of stock."""
    parts = [p for p in _parts(case, names, plan) if p.height]
    if not parts:
        return empty("violation")
    return pl.concat([conform("violation", p) for p in parts])


def _parts(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    if "plan_stock" in plan:
        yield from _stock(names, plan)
    if "plan_swap" in plan:
        yield from _swap(case, names, plan)
    if "plan_slice" not in plan:
        return
    run = _Run(case, names, plan)
    yield from run.sums()
    yield from run.balance()
    yield from run.limits()
    yield from run.exchange()
    if "plan_storage" in plan:
        yield from run.storage()
    if "plan_reserve" in plan:
        yield from run.reserve()


def violations(
    frame: pl.DataFrame, constraint: str, value: pl.Expr, bound: pl.Expr, excess: pl.Expr, size: pl.Expr
) -> pl.DataFrame:
    """Return rows of table ``violation``; `excess` counts relative to `size`."""
    subject = [c for c in ("node", "technology", "control", "class", "flow", "slice") if c in frame.columns]
    large = pl.max_horizontal(size.abs(), pl.lit(1e-12))
    return frame.select(
        constraint=pl.lit(constraint),
        subject=pl.concat_str(*subject, separator="/", ignore_nulls=True),
        year=pl.col("year").cast(pl.Int64),
        value=value,
        bound=bound,
        excess=excess,
        relative=excess / large,
    )


def same(frame: pl.DataFrame, constraint: str, a: str, b: str, size: pl.Expr | None = None) -> pl.DataFrame:
    """Return how far column `a` is from column `b`."""
    largest = pl.max_horizontal(pl.col(a).abs(), pl.col(b).abs()) if size is None else size
    return violations(frame, constraint, pl.col(a), pl.col(b), (pl.col(a) - pl.col(b)).abs(), largest)


def at_most(
    frame: pl.DataFrame, constraint: str, a: str, b: str, size: pl.Expr | None = None
) -> pl.DataFrame:
    """Return by how much column `a` is above column `b`."""
    largest = pl.max_horizontal(pl.col(a).abs(), pl.col(b).abs()) if size is None else size
    return violations(frame, constraint, pl.col(a), pl.col(b), (pl.col(a) - pl.col(b)).clip(0.0), largest)


def coded(names: Codes, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the codes of its names beside them."""
    kept = [
        pl.col(c) for c in ("node", "technology", "control", "flow", "slice", "year") if c in frame.columns
    ]
    return pl.concat([frame.select(kept), names.frame(frame)], how="horizontal")


class _Run:
    """The reported operation beside what the case allows at every technology, node, period and slice."""

    def __init__(self, case: Case, names: Codes, plan: Plan) -> None:
        self.case, self.names, self.plan = case, names, plan
        self.days = calendar(case, names).drop("slice", "season")
        self.dispatch = coded(names, plan["plan_dispatch"].select(
            "node", "technology", "control", "year", "slice", "value"
        ))  # fmt: skip
        here = operations(case, names, options(case, names))
        place = here.join(self.days, how="cross")
        place = place.with_columns(
            given=of_slice(case, names, place, "availability"),
            limit=of_slice(case, names, place, "share_max"),
            typed=of_slice(case, names, place, "share"),
            rate=pl.col("yearly_output") * pl.col("share"),
        )
        known = pl.col("typed").is_not_null().any().over("n", "k", "t")
        self.place = place.with_columns(
            profile=pl.when(known).then(pl.col("typed").fill_null(0.0)).otherwise("share"),
            use=pl.when(pl.col("mode") == "dispatched")
            .then(pl.coalesce("given", "availability"))
            .otherwise("given"),
        )
        stands = names.frame(plan["plan_capacity"].select("node", "technology", "year", stands="capacity"))
        total = self.dispatch.group_by(
            "node", "technology", "year", "slice", *AT, maintain_order=True
        ).agg(pl.col("value").sum())  # fmt: skip
        columns = [
            *AT, "mode", "rate", "use", "limit", "profile", "flexible_share", "load_min", "g", "hours",
            "days", "before", "capacity", "firm",
        ]  # fmt: skip
        self.total = total.join(self.place.select(columns), on=AT, how="left", maintain_order="left").join(
            stands, on=["n", "k", "t"], how="left", maintain_order="left"
        )

    def sums(self) -> Iterator[pl.DataFrame]:
        """The slices sum to the year: activity, flows."""
        keys = ["node", "technology", "control", "year"]
        summed = self.dispatch.group_by(keys, maintain_order=True).agg(pl.col("value").sum())
        year = self.plan["plan_activity"].select(*keys, whole="value")
        yield same(summed.join(year, on=keys, maintain_order="left"), "slices", "value", "whole")
        keys = ["node", "flow", "year"]
        flows = (
            self.plan["plan_slice"].group_by(keys, maintain_order=True).agg(pl.col(*AMOUNTS, "demand").sum())
        )
        both = flows.join(self.plan["plan_flow"], on=keys, maintain_order="left", suffix="_year")
        size = pl.max_horizontal(pl.col(*AMOUNTS).abs())
        for amount in (*AMOUNTS, "demand"):
            yield same(both, "slices", amount, f"{amount}_year", size)

    def balance(self) -> Iterator[pl.DataFrame]:
        """Every flow is met in every slice, from what runs there."""
        keys = ["node", "flow", "year", "slice"]
        table = self.plan["plan_slice"]
        largest = pl.max_horizontal(pl.col(*AMOUNTS, "demand").abs()).max().over("flow")
        net = (
            pl.col("production") - pl.col("consumption") + pl.col("purchase") - pl.col("sale")
            + pl.col("received") - pl.col("sent")
        )  # fmt: skip
        exact = self.case["flow"].select("flow", exact=pl.col("balance") == "equal")
        rows = table.join(exact, on="flow", maintain_order="left").with_columns(net=net, size=largest)
        short = pl.col("demand") - pl.col("net")
        excess = pl.when("exact").then(short.abs()).otherwise(short.clip(0.0))
        size = pl.max_horizontal(pl.col(*AMOUNTS).abs(), 1e-6 * pl.col("size"))
        yield violations(rows, "balance", pl.col("net"), pl.col("demand"), excess, size)
        for role, amount in (("output", "production"), ("input", "consumption")):
            own = pl.concat([self._made(role), self._further(role)])
            summed = own.group_by(keys, maintain_order=True).agg(evaluated=pl.col("amount").sum())
            both = rows.join(summed, on=keys, how="left", maintain_order="left")
            both = both.with_columns(pl.col("evaluated").fill_null(0.0))
            yield same(both, "flow", amount, "evaluated", size)
        place = self.names.frame(table.select(*keys)).join(
            self.days.select("l", "hours", "share"), on="l", maintain_order="left"
        )
        year = self.plan["plan_flow"].select("node", "flow", "year", whole="demand")
        asked = table.with_columns(part=demand_share(self.case, self.names, place)).join(
            year, on=["node", "flow", "year"], maintain_order="left"
        )
        asked = asked.with_columns(asked=pl.col("part") * pl.col("whole"))
        yield same(asked, "demand", "demand", "asked", pl.col("whole"))

    def _made(self, role: str) -> pl.DataFrame:
        parts = []
        flows = sliced(self.case)
        for table, keys in (("technology_flow", ["technology"]), ("control_flow", ["technology", "control"])):
            rows = self.case[table].filter(pl.col("role") == role, pl.col("flow").is_in(flows))
            parts.append(
                self.dispatch.join(
                    rows.select(*keys, "flow", "coefficient"), on=keys, maintain_order="left_right"
                ).select("node", "flow", "year", "slice", amount=pl.col("value") * pl.col("coefficient"))
            )
        return pl.concat(parts)

    def _further(self, role: str) -> pl.DataFrame:
        """Charging is a consumption; what is gained or given up counts with production."""
        keys = ["node", "flow", "year", "slice"]
        parts = [self.plan["plan_slice"].clear().select(*keys, amount="production")]
        if role == "input" and "plan_storage" in self.plan:
            flow = self.case["storage"].select("technology", "flow")
            rows = self.plan["plan_storage"].join(flow, on="technology", maintain_order="left")
            parts.append(rows.select(*keys, amount="charged"))
        if role == "output" and "plan_swap" in self.plan:
            rows = self.plan["plan_swap"].filter(pl.col("slice") != "")
            parts.append(rows.select(*keys, amount="gained"))
            lost = rows.select("node", "year", "slice", flow="instead_of", amount=-pl.col("given_up"))
            parts.append(lost.select(*keys, "amount"))
        return pl.concat(parts)

    def limits(self) -> Iterator[pl.DataFrame]:
        """Capacity, least load, profile and what may shift."""
        runs = self.total.filter(pl.col("mode").is_in(RUNNING))
        held = runs.filter(pl.col("capacity") == "tracked", pl.col("use").is_not_null())
        held = held.with_columns(room=pl.col("use") * pl.col("rate") * pl.col("stands"))
        yield at_most(held, "capacity of a slice", "value", "room")
        least = held.filter(pl.col("load_min") > 0.0, pl.col("use") > 0.0)
        online = (pl.col("value") / (pl.col("use") * pl.col("rate"))).max().over("n", "k", "t", "g")
        share = pl.min_horizontal("load_min", "use")
        least = least.with_columns(floor=share * pl.col("rate") * online)
        yield violations(
            least, "least load", pl.col("value"), pl.col("floor"),
            (pl.col("floor") - pl.col("value")).clip(0.0), pl.col("room"),
        )  # fmt: skip
        year = self.total.with_columns(whole=pl.col("value").sum().over("n", "k", "t"))
        fixed = year.filter(pl.col("mode") == "profile").with_columns(
            part=pl.col("profile") * pl.col("whole")
        )
        yield same(fixed, "profile", "value", "part", pl.col("whole"))
        most = year.filter(pl.col("mode").is_in(RUNNING), pl.col("limit").is_not_null())
        most = most.with_columns(part=pl.col("limit") * pl.col("whole"))
        yield at_most(most, "share of a slice", "value", "part", pl.col("whole"))
        flexible = year.filter(pl.col("mode").str.starts_with("flexible"))
        flexible = flexible.with_columns(
            part=(1.0 - pl.col("flexible_share")) * pl.col("profile") * pl.col("whole")
        )
        yield at_most(flexible, "inflexible", "part", "value", pl.col("whole"))
        season = flexible.filter(pl.col("mode") == "flexible_day").group_by(
            "node", "technology", "year", "g", maintain_order=True
        ).agg(pl.col("value").sum(), pl.col("whole").first(), part=pl.col("profile").sum())  # fmt: skip
        season = season.with_columns(part=pl.col("part") * pl.col("whole"))
        yield same(season, "season", "value", "part", pl.col("whole"))

    def exchange(self) -> Iterator[pl.DataFrame]:
        """No slice carries more than the power of the line."""
        total = float(self.days["hours"].sum())
        table = coded(
            self.names, self.plan["plan_slice"].select("node", "flow", "year", "slice", "purchase", "sale")
        )
        limits = self.case["price"].filter(pl.col("limit").is_not_null())
        for direction in ("purchase", "sale"):
            rows = self.case["price"].filter(pl.col("direction") == direction)
            known = self.names.frame(rows.select("flow", "node", "year", "limit", "full_hours"))
            if limits.is_empty() or known.is_empty():
                continue
            found = resolve(table.with_row_index("i"), known, ["f"]).join(
                self.days.select("l", "hours"), on="l", maintain_order="left"
            )
            found = found.drop_nulls("limit").with_columns(
                most=pl.col("limit") * pl.col("hours") / pl.col("full_hours").fill_null(total)
            )
            yield at_most(found, "exchange", direction, "most")

    def storage(self) -> Iterator[pl.DataFrame]:
        """What is held follows from what goes in and out, and has room."""
        table = coded(self.names, self.plan["plan_storage"].drop("scenario", "unit"))
        option = self.names.frame(self.case["storage"].drop("source", "locator", "note"))
        place = self.total.select(*AT, "g", "hours", "days", "before", "rate", "use", "stands")
        rows = (
            table.join(place, on=AT, maintain_order="left")
            .join(option, on="k", maintain_order="left")
            .join(outputs(self.case, self.names), on=["k", "f"], maintain_order="left")
        )
        full = pl.col("rate") * pl.col("out") * pl.col("stands")
        power = pl.col("power_in") * pl.col("use").fill_null(1.0) * full
        rows = rows.with_columns(room=pl.col("duration") * full / pl.col("hours"), power=power)
        yield at_most(rows, "charge", "charged", "power")
        yield at_most(rows, "held", "level", "room")
        net = pl.col("efficiency_in") * pl.col("charged") - pl.col("discharged") / pl.col("efficiency_out")
        keys, lost = ["n", "k", "t"], 1.0 - pl.col("loss")
        day = rows.filter(pl.col("cycle") == "day")
        day = day.join(
            day.select(*keys, before="l", past="level"), on=[*keys, "before"], maintain_order="left"
        )
        span = pl.col("hours") / pl.col("days")
        day = day.with_columns(follows=pl.col("past") * lost.pow(span) + net / pl.col("days"))
        year = rows.filter(pl.col("cycle") == "year").group_by(
            "node", "technology", "year", *keys, "g", maintain_order=True
        ).agg(
            net.sum().alias("net"), pl.col("level", "loss", "room").first(), pl.col("hours").sum(),
            pl.col("charged", "discharged").sum(),
        )  # fmt: skip
        last = self.days["g"].max()
        past = pl.when(pl.col("g") == last).then(pl.lit(1, dtype=pl.Int32)).otherwise(pl.col("g") + 1)
        year = year.join(year.select(*keys, g=past, past="level"), on=[*keys, "g"], maintain_order="left")
        year = year.with_columns(follows=pl.col("past") * lost.pow(pl.col("hours")) + pl.col("net"))
        for part in (day, year):
            size = pl.max_horizontal("level", "past", "charged", "discharged")
            yield same(part, "level", "level", "follows", size)

    def reserve(self) -> Iterator[pl.DataFrame]:
        """Firm capacity stands above the peak of every slice."""
        keys = ["node", "flow", "year", "slice"]
        stands = self.total.filter(
            pl.col("mode").is_in(RUNNING), pl.col("capacity") == "tracked", pl.col("use").is_not_null()
        ).join(outputs(self.case, self.names), on="k", maintain_order="left_right")
        flow = pl.Series(self.names.flow, dtype=pl.String)
        stands = stands.with_columns(flow=flow.gather(stands["f"]))
        per_hour = pl.col("rate") / pl.col("hours") * pl.col("out") * pl.col("stands")
        firm = stands.group_by(keys, maintain_order=True).agg(
            own=(pl.coalesce("firm", "use") * per_hour).sum(), ran=(pl.col("value") * pl.col("out")).sum()
        )
        table = self.plan["plan_slice"].join(self._charged(), on=keys, how="left", maintain_order="left")
        rows = coded(self.names, table).join(self.days.select("l", "hours"), on="l", maintain_order="left")
        rows = rows.join(firm, on=keys, how="left", maintain_order="left").with_columns(
            pl.col("own", "ran", "charging").fill_null(0.0)
        )
        known = self.names.frame(self.case["reserve"].select("flow", "node", "year", "margin", "peak_ratio"))
        rows = resolve(rows.with_row_index("i"), known, ["f"])
        load = (pl.col("consumption") - pl.col("charging") + pl.col("demand")) * pl.col("peak_ratio")
        mean = (
            pl.col("production") - pl.col("ran") + pl.col("purchase") - pl.col("sale") + pl.col("received")
            - pl.col("sent")
        )  # fmt: skip
        rows = rows.with_columns(
            load=load / pl.col("hours"), there=pl.col("own") + mean / pl.col("hours")
        ).with_columns(needed=(1.0 + pl.col("margin")) * pl.col("load"))
        reported = self.plan["plan_reserve"].select(*keys, "firm", told="load")
        both = rows.join(reported, on=keys, maintain_order="left")
        yield at_most(both, "reserve", "needed", "there")
        yield same(both, "reserve", "firm", "there")
        yield same(both, "reserve", "told", "load")

    def _charged(self) -> pl.DataFrame:
        keys = ["node", "flow", "year", "slice"]
        if "plan_storage" not in self.plan:
            return self.plan["plan_slice"].clear().select(*keys, charging="production")
        flow = self.case["storage"].select("technology", "flow")
        rows = self.plan["plan_storage"].join(flow, on="technology", maintain_order="left")
        return rows.group_by(keys, maintain_order=True).agg(charging=pl.col("charged").sum())


def _swap(case: Case, names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """What is gained stands between its limits and costs its rate."""
    keys = ["node", "technology", "year", "slice"]
    year = plan["plan_activity"].with_columns(slice=pl.lit(""))
    given = [frame.select(*keys, "value") for frame in (year, plan.get("plan_dispatch")) if frame is not None]
    whole = pl.concat(given).group_by(keys, maintain_order=True).agg(pl.col("value").sum())
    option = case["technology_swap"].select("technology", "flow", "rate", "least", "greatest")
    rows = plan["plan_swap"].join(option, on=["technology", "flow"], maintain_order="left")
    rows = rows.join(whole, on=keys, maintain_order="left").with_columns(
        low=pl.col("least") * pl.col("value"), high=pl.col("greatest") * pl.col("value"),
        cost=pl.col("rate") * pl.col("gained"),
    )  # fmt: skip
    yield at_most(rows, "exchange of outputs", "gained", "high")
    yield at_most(rows, "exchange of outputs", "low", "gained", pl.col("high"))
    yield same(rows, "exchange of outputs", "given_up", "cost")


def _stock(names: Codes, plan: Plan) -> Iterator[pl.DataFrame]:
    """What retires is no more than there is, stays so, and is part of what the capacity table says."""
    table = plan["plan_stock"]
    yield at_most(table, "stock", "retired", "existing")
    order = ["node", "technology", "class", "year_built"]
    later = table.sort(*order, "year").with_columns(past=pl.col("retired").shift(1).over(order))
    yield at_most(later.drop_nulls("past"), "retired stays retired", "past", "retired", pl.col("existing"))
    keys = ["node", "technology", "year"]
    summed = table.group_by(keys, maintain_order=True).agg(pl.col("retired", "existing").sum())
    both = plan["plan_capacity"].join(summed, on=keys, maintain_order="left", suffix="_of_units")
    yield at_most(both, "stock", "retired_of_units", "retired", pl.col("existing"))

"""Relations of hours, days and tests: values composed again, gaps filled again, crews on the road."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from scipy import stats

from tongyuan.facility.hour.rules import rules, window_hours

Get = Callable[[str], pl.DataFrame]
POINT = ["facility", "outlet", "parameter"]
RUNNING = ("start", "stop", "fault")
START = ("启动", "start", "启炉", "停炉", "stop", "故障", "fault")
FLOW = ("a00000", "w00000")
EARTH = 6371.0
"""Radius of the Earth [km]."""
NIGHT = (22, 23, 0, 1, 2, 3, 4, 5)


def _means(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return the plain and the flow-weighted mean of ``value`` in each group."""
    weight = pl.col("value") * pl.col("flow")
    return frame.group_by(by).agg(
        pl.col("value").mean().alias("plain"),
        (weight.sum() / pl.col("flow").filter(pl.col("value").is_not_null()).sum()).alias("weighted"),
        pl.col("value").is_not_null().sum().alias("count"),
    )


def hour_composed(get: Get) -> pl.DataFrame:
    """Return hours beside the plain and the flow-weighted mean of their minutes."""
    minutes = get("minute_value").with_columns(pl.col("time").dt.truncate("1h").alias("hour"))
    made = _means(minutes, [*POINT, "hour"])
    return made.join(
        get("reading").select(*POINT, "hour", pl.col("value").alias("reported")),
        on=[*POINT, "hour"],
    ).with_columns(pl.col("outlet").alias("subject"), pl.col("hour").dt.strftime("%Y-%m").alias("period"))


def day_composed(get: Get) -> pl.DataFrame:
    """Return days beside the plain and the flow-weighted mean of their valid hours."""
    days = get("day_value")
    valid = (
        get("reading").filter(pl.col("flag") == "N").join(days.select(POINT).unique(), on=POINT, how="semi")
    )
    flow = (
        get("reading")
        .filter(pl.col("parameter").is_in(FLOW), pl.col("flag") == "N")
        .select("facility", "outlet", "hour", pl.col("value").alias("flow"))
    )
    hours = valid.join(flow, on=["facility", "outlet", "hour"], how="left").with_columns(
        pl.col("hour").dt.date().alias("day")
    )
    return (
        days.rename({"value": "reported"})
        .join(_means(hours, [*POINT, "day"]), on=[*POINT, "day"], how="left")
        .with_columns(pl.col("outlet").alias("subject"), pl.col("day").dt.strftime("%Y-%m").alias("period"))
    )


def exempt_hour(get: Get) -> pl.DataFrame:
    """Return hours over the limit in a start, stop or fault, and whether a mark within its allowance covers
    them."""
    limit = (
        get("permit_limit")
        .filter(pl.col("period") == "hour")
        .group_by("facility", "outlet", "code")
        .agg(
            pl.col("value").min().alias("limit_value"),
            pl.col("start_hours").max(),
            pl.col("stop_hours").max(),
        )
    )
    over = (
        get("reading")
        .filter(pl.col("condition").is_in(RUNNING), pl.col("flag") == "N")
        .join(limit, left_on=POINT, right_on=["facility", "outlet", "code"])
        .filter(pl.coalesce("converted", "value") > pl.col("limit_value"))
        .with_row_index("row")
    )
    mark = get("mark").filter(pl.col("mark").is_in(START))
    spans = mark.select("facility", "outlet", "time_from", "time_to", "mark")
    pairs = over.join(spans, on=["facility", "outlet"]).filter(
        pl.col("hour") >= pl.col("time_from"), pl.col("hour") < pl.col("time_to")
    )
    since = (pl.col("hour") - pl.col("time_from")).dt.total_minutes() / 60
    allowed = (
        pl.when(pl.col("mark").is_in(["启动", "start", "启炉"])).then("start_hours").otherwise("stop_hours")
    )
    covered = (
        pairs.filter(allowed.is_null() | (since < allowed) | pl.col("mark").is_in(["故障", "fault"]))
        .group_by("row")
        .agg(pl.len().alias("marks"))
    )
    return over.join(covered, on="row", how="left").with_columns(
        pl.col("marks").fill_null(0),
        pl.col("outlet").alias("subject"),
        pl.col("hour").dt.strftime("%Y-%m").alias("period"),
        pl.coalesce("converted", "value").alias("shown"),
    )


def special_day(get: Get) -> pl.DataFrame:
    """Return the means of alert days beside the special limit of the permit."""
    limit = (
        get("permit_limit")
        .filter(pl.col("period") == "special")
        .group_by("facility", "outlet", "code")
        .agg(pl.col("value").min().alias("limit_value"))
    )
    alert = get("alert_day").group_by("facility", "day").agg(pl.col("colour").first())
    hours = get("reading").join(limit, left_on=POINT, right_on=["facility", "outlet", "code"])
    mean = (
        hours.filter(pl.col("flag") == "N")
        .with_columns(pl.col("hour").dt.date().alias("day"))
        .group_by(*POINT, "day")
        .agg(pl.coalesce("converted", "value").mean().alias("mean"), pl.col("limit_value").first())
    )
    return mean.join(alert, on=["facility", "day"]).with_columns(
        pl.col("outlet").alias("subject"), pl.col("day").dt.strftime("%Y-%m").alias("period")
    )


def gas_gap(get: Get) -> pl.DataFrame:
    """Return filled hours of stacks beside the window that capture and length of the gap ask for.

    References
    ----------
    HJ 75: shelf ``hour_rule``.
    """
    filled = get("substitution").filter(pl.col("rule").is_in(["short", "middle", "long", "low_capture"]))
    keys = [*POINT, "quarter"]
    quarter = pl.col("hour").dt.truncate("1q").alias("quarter")
    points = filled.select(POINT).unique()
    running = (
        get("reading")
        .join(points, on=POINT, how="semi")
        .filter(pl.col("condition").fill_null("normal_run") != "stopped", pl.col("flag") != "F")
        .with_columns(quarter)
        .sort(*POINT, "hour")
    )
    valid = (pl.col("flag") == "N") & pl.col("value").is_not_null()
    capture = running.group_by(keys).agg(valid.mean().alias("capture"))
    block = (valid != valid.shift(1).over(POINT)).fill_null(True).cum_sum().over(POINT).alias("block")
    gaps = running.with_columns(block).with_columns(pl.len().over(*POINT, "block").alias("gap"))
    out = (
        filled.with_columns(quarter)
        .join(capture, on=keys, how="left")
        .join(gaps.filter(~valid).select(*POINT, "hour", "gap"), on=[*POINT, "hour"], how="left")
    )
    r = rules()
    name = {r.window_short: "short", r.window_middle: "middle", r.window_long: "long"}
    wanted = [
        None if c is None or g is None else name.get(float(window_hours(c, g) or 0), "low_capture")
        for c, g in out.select("capture", "gap").iter_rows()
    ]
    return out.with_columns(
        pl.Series("wanted", wanted, dtype=pl.String),
        pl.col("outlet").alias("subject"),
        pl.col("hour").dt.strftime("%Y-%m").alias("period"),
    )


def flow_gap(get: Get) -> pl.DataFrame:
    """Return hours in which the flow was filled, and how many gases of the hour lack a value altogether."""
    filled = get("substitution").filter(pl.col("parameter").is_in(FLOW))
    other = get("substitution").select(*POINT, "hour", pl.col("after").alias("filled"))
    hours = (
        get("reading")
        .filter(pl.col("parameter").is_in(["a21026", "a21002", "a34013"]))
        .join(filled.select("facility", "outlet", "hour"), on=["facility", "outlet", "hour"], how="semi")
        .join(other, on=[*POINT, "hour"], how="left")
    )
    known = ((pl.col("flag") == "N") & pl.col("value").is_not_null()) | pl.col("filled").is_not_null()
    return (
        hours.group_by("facility", "outlet", "hour")
        .agg((~known).sum().alias("lacking"), pl.len().alias("gases"))
        .with_columns(pl.col("outlet").alias("subject"), pl.col("hour").dt.strftime("%Y-%m").alias("period"))
    )


def water_gap(get: Get) -> pl.DataFrame:
    """Return filled hours of water beside the mean (of pH the median) of the window before.

    References
    ----------
    HJ 356.
    """
    filled = get("substitution").filter(pl.col("rule") == "water", pl.col("window_from").is_not_null())
    hours = get("reading").filter(pl.col("flag") == "N").select(*POINT, pl.col("hour").alias("at"), "value")
    pairs = filled.join(hours, on=POINT).filter(
        pl.col("at") >= pl.col("window_from"), pl.col("at") <= pl.col("window_to")
    )
    value, acid = pl.col("value"), pl.col("parameter") == "w01001"
    made = (
        pairs.group_by(*POINT, "hour")
        .agg(value.median().alias("median"), value.mean().alias("mean"))
        .with_columns(pl.when(acid).then("median").otherwise("mean").alias("wanted"))
        .drop("median", "mean")
    )
    return filled.join(made, on=[*POINT, "hour"], how="left").with_columns(
        pl.col("outlet").alias("subject"), pl.col("hour").dt.strftime("%Y-%m").alias("period")
    )


def water_month(get: Get) -> pl.DataFrame:
    """Return by outlet, parameter and month the longest run of one value, and the rate of nights below days.

    The rate is that of a paired t-test over the days of the logarithm of night over day, where the flow of
    both differs by at most a tenth.
    """
    hours = (
        get("reading")
        .filter(
            pl.col("parameter").str.starts_with("w"), pl.col("flag") == "N", pl.col("value").is_not_null()
        )
        .sort(*POINT, "hour")
        .with_columns(pl.col("hour").dt.strftime("%Y-%m").alias("period"), pl.col("outlet").alias("subject"))
    )
    keys = [*POINT, "subject", "period"]
    block = (pl.col("value") != pl.col("value").shift(1)).fill_null(True).cum_sum().over(keys).alias("block")
    runs = hours.with_columns(block).group_by(*keys, "block").agg(pl.len().alias("run"))
    longest = runs.group_by(keys).agg(pl.col("run").max().alias("longest"))
    day = hours.with_columns(
        pl.col("hour").dt.date().alias("day"), pl.col("hour").dt.hour().is_in(NIGHT).alias("night")
    )
    mean = pl.col("value")
    halves = day.group_by(*keys, "day").agg(
        mean.filter(pl.col("night")).mean().alias("night"),
        mean.filter(~pl.col("night")).mean().alias("day_mean"),
    )
    flow = halves.filter(pl.col("parameter") == "w00000").select(
        "facility", "outlet", "day", (pl.col("night") / pl.col("day_mean")).alias("flow")
    )
    logs = (
        halves.filter(
            pl.col("parameter").is_in(["w01018", "w21003"]), pl.col("night") > 0, pl.col("day_mean") > 0
        )
        .join(flow, on=["facility", "outlet", "day"])
        .filter(pl.col("flow").is_between(0.9, 1.1))
        .with_columns((pl.col("night") / pl.col("day_mean")).log().alias("gap"))
        .group_by(keys)
        .agg(pl.col("gap").mean().alias("mean"), pl.col("gap").std().alias("spread"), pl.len().alias("days"))
        .filter(pl.col("days") >= 10, pl.col("spread") > 0)
    )
    n = logs["days"].to_numpy().astype(np.float64)
    t = logs["mean"].to_numpy() / (logs["spread"].to_numpy() / np.sqrt(n)) if logs.height else np.array([])
    rate = logs.select(keys).with_columns(pl.Series("night_rate", stats.t.cdf(t, np.maximum(n - 1, 1))))
    return longest.join(rate, on=keys, how="left")


def leak_hour(get: Get) -> pl.DataFrame:
    """Return hours beside the hour before: by what factor each gas and the distance of O2 to air changed."""
    wanted = ("a21026", "a21002", "a34013", "a19001", "a00000")
    hours = (
        get("reading")
        .filter(pl.col("parameter").is_in(wanted), pl.col("flag") == "N")
        .pivot("parameter", index=["facility", "outlet", "hour"], values="value")
        .sort("facility", "outlet", "hour")
    )
    for code in wanted:
        if code not in hours.columns:
            hours = hours.with_columns(pl.lit(None, dtype=pl.Float64).alias(code))
    by = ["facility", "outlet"]

    def factor(value: pl.Expr) -> pl.Expr:
        return value / value.shift(1).over(by)

    return hours.select(
        "facility",
        pl.col("outlet").alias("subject"),
        pl.col("hour").dt.strftime("%Y-%m").alias("period"),
        factor(pl.col("a21026")).alias("so2_factor"),
        factor(pl.col("a21002")).alias("nox_factor"),
        factor(pl.col("a34013")).alias("pm_factor"),
        factor(20.9 - pl.col("a19001")).alias("oxygen_factor"),
        factor(pl.col("a00000")).alias("flow_factor"),
    )


def failed_test(get: Get) -> pl.DataFrame:
    """Return tests that failed, and how many hours since the last that passed are still called valid."""
    keys = [*POINT, "kind"]
    tests = get("test_report").sort("day")
    passed = tests.filter(pl.col("passed")).select(*keys, "day", pl.col("day").alias("since"))
    failed = tests.filter(~pl.col("passed")).join_asof(
        passed, on="day", by=keys, allow_exact_matches=False, check_sortedness=False
    )
    hours = get("reading").filter(pl.col("flag") == "N").select(*POINT, "hour")
    filled = get("substitution").select(*POINT, "hour")
    still = (
        failed.join(hours, on=POINT)
        .filter(
            pl.col("hour").dt.date() < pl.col("day"),
            pl.col("since").is_null() | (pl.col("hour").dt.date() > pl.col("since")),
        )
        .join(filled, on=[*POINT, "hour"], how="anti")
        .group_by(*keys, "day")
        .agg(pl.len().alias("still_valid"))
    )
    return failed.join(still, on=[*keys, "day"], how="left").with_columns(
        pl.col("still_valid").fill_null(0),
        pl.col("outlet").alias("subject"),
        pl.col("day").dt.strftime("%Y-%m").alias("period"),
    )


def crew_move(get: Get) -> pl.DataFrame:
    """Return tests of a crew with the speed it had to travel at from its test before [km/h]."""
    tests = (
        get("test_report")
        .filter(
            pl.col("crew").is_not_null(), pl.col("time_from").is_not_null(), pl.col("time_to").is_not_null()
        )
        .sort("crew", "time_from")
    )
    x, y = pl.col("longitude").radians(), pl.col("latitude").radians()
    before = tests.with_columns(
        x.shift(1).over("crew").alias("x"),
        y.shift(1).over("crew").alias("y"),
        pl.col("time_to").shift(1).over("crew").alias("left"),
    )
    half = ((y - pl.col("y")) / 2).sin() ** 2 + y.cos() * pl.col("y").cos() * (
        (x - pl.col("x")) / 2
    ).sin() ** 2
    kilometres = 2 * EARTH * half.sqrt().arcsin()
    hours = (pl.col("time_from") - pl.col("left")).dt.total_minutes() / 60
    return before.with_columns(
        kilometres.alias("distance"),
        hours.alias("hours"),
        (kilometres / hours.clip(lower_bound=1e-9)).alias("speed"),
        pl.col("crew").alias("subject"),
        pl.col("time_from").dt.strftime("%Y-%m").alias("period"),
    ).filter(pl.col("left").is_not_null())


HOURS: Mapping[str, Callable[[Get], pl.DataFrame]] = {
    "hour_composed": hour_composed,
    "day_composed": day_composed,
    "exempt_hour": exempt_hour,
    "special_day": special_day,
    "gas_gap": gas_gap,
    "flow_gap": flow_gap,
    "water_gap": water_gap,
    "water_month": water_month,
    "leak_hour": leak_hour,
    "failed_test": failed_test,
    "crew_move": crew_move,
}

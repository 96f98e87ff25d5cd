"""The same pass on Spark, outlet by outlet: each group of outlets goes through the same compiled kernel.

Needs the extra ``tongyuan[spark]``. Every outlet is worked by itself, so the numbers are those of
:func:`tongyuan.facility.hour.stream.hourly` to the last bit, whatever the number of workers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from tongyuan.facility.hour.points import KEY
from tongyuan.facility.hour.rules import Rules, rules
from tongyuan.facility.hour.stream import COLUMNS, OPTIONAL, Hourly, hourly

KINDS = ("month", "gap", "hour", "double", "strange")
TEXTS = dict.fromkeys(COLUMNS, pl.String())
READING = pl.Schema(TEXTS | {"hour": pl.Datetime("us"), "value": pl.Float64()})


def hourly_spark(
    source: Any,
    of: pl.DataFrame,
    *,
    rule: Rules | None = None,
    marks: pl.DataFrame | None = None,
    begin: datetime,
    end: datetime,
    buckets: int = 64,
) -> Hourly:
    """Do on a Spark frame of readings what :func:`~tongyuan.facility.hour.stream.hourly` does on files.

    Parameters
    ----------
    source
        Spark frame with the columns of a reading, `minutes` and `condition` where they are known; hours are
        those of the session's clock.
    of, rule, marks, begin, end
        As in :func:`~tongyuan.facility.hour.stream.hourly`.
    buckets
        Groups the outlets are spread over; every group must fit into one worker.

    Raises
    ------
    Exception
        What a worker raised, as Spark hands it on.
    """
    import pyarrow  # type: ignore[import-untyped]
    from pyspark.sql import functions

    own = rule or rules()
    columns = [*COLUMNS, *(name for name in OPTIONAL if name in source.columns)]

    def work(table: pyarrow.Table) -> pyarrow.Table:
        rows = pl.from_arrow(table)
        assert isinstance(rows, pl.DataFrame)
        chosen = of.join(rows.select("facility", "outlet").unique(), on=["facility", "outlet"], how="semi")
        result = hourly(
            rows.select(columns), chosen, rule=own, marks=marks, begin=begin, end=end, list_hours=True
        )
        packed = [(name, _pack(getattr(result, name))) for name in KINDS]
        return pyarrow.table({"kind": [k for k, _ in packed], "content": [c for _, c in packed]})

    clock = functions.col("hour").cast("timestamp_ntz")
    grouped = (
        source.select(*columns)
        .withColumn("hour", clock)
        .withColumn("bucket", functions.pmod(functions.hash("facility", "outlet"), buckets))
    )
    packed = grouped.groupBy("bucket").applyInArrow(work, "kind string, content binary").toArrow()
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in KINDS}
    for name, content in zip(packed["kind"].to_pylist(), packed["content"].to_pylist(), strict=True):
        parts[name].append(pl.read_ipc(content))
    order = {"month": "month", "gap": "begin", "hour": "hour", "double": "quarter", "strange": "rows"}
    heard = pl.concat([frame.select("facility", "outlet") for frame in parts["month"]]).unique()
    silent = of.join(heard, on=["facility", "outlet"], how="anti")
    if silent.height:
        nothing = pl.DataFrame(schema=READING)
        rest = hourly(nothing, silent, rule=own, marks=marks, begin=begin, end=end)
        for name in KINDS:
            parts[name].append(getattr(rest, name))
    frames = {n: pl.concat(found).sort(*KEY, order[n]) for n, found in parts.items()}
    return Hourly(**frames)


def _pack(frame: pl.DataFrame) -> bytes:
    from io import BytesIO

    stream = BytesIO()
    frame.write_ipc(stream)
    return stream.getvalue()

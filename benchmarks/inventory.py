"""The inventory against pandas, polars and DuckDB: the same rows, factors and groups, the same answer."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import numpy as np
import polars as pl

from benchmarks.registry import Figure, Spec, median_seconds, ratios
from tongyuan.inventory.account.algebra import encode, evaluate, factor_matrix
from tongyuan.inventory.uncertainty.distribution import fit
from tongyuan.inventory.uncertainty.monte_carlo import Term, simulate

SPECIES = [f"s{i:02}" for i in range(20)]
KEY = ["process", "product", "technology"]
BY = ["region", "process"]


def world(rows: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return activity of 31 regions and 60 processes, and a wide table of factors."""
    rng = np.random.default_rng(0)

    def words(names: list[str]) -> pl.Series:
        return pl.Series(names).gather(rng.integers(0, len(names), rows))

    processes = [f"sector{i % 20}.branch{i}" for i in range(60)]
    activity = pl.DataFrame(
        {
            "region": words([f"{i}0000" for i in range(11, 42)]),
            "process": words(processes),
            "product": words([f"fuel{i}" for i in range(10)]),
            "technology": words(["", "old", "new"]),
            "value": rng.lognormal(3, 2, rows),
        }
    )
    keys = (
        pl.DataFrame({"process": processes})
        .join(pl.DataFrame({"product": [f"fuel{i}" for i in range(10)]}), how="cross")
        .join(pl.DataFrame({"technology": ["", "old", "new"]}), how="cross")
    )
    factors = keys.with_columns(pl.Series(name, rng.random(keys.height)) for name in SPECIES)
    return activity, factors


def ours(activity: pl.DataFrame, factors: pl.DataFrame) -> Any:
    """Encode and evaluate."""
    encoded = encode(activity, BY, key=KEY, rows=False)
    wide = encoded.keys.join(factors, on=KEY, how="left", maintain_order="left")
    return evaluate(encoded, wide.select(SPECIES).to_numpy())


def with_polars(activity: pl.DataFrame, factors: pl.DataFrame) -> pl.DataFrame:
    """Join and aggregate, streaming."""
    return (
        activity.lazy()
        .join(factors.lazy(), on=KEY)
        .group_by(BY)
        .agg((pl.col("value") * pl.col(name)).sum().alias(name) for name in SPECIES)
        .sort(BY)
        .collect(engine="streaming")
    )


def with_pandas(activity: Any, factors: Any) -> Any:
    """Merge and group."""
    merged = activity.merge(factors, on=KEY)
    merged[SPECIES] = merged[SPECIES].to_numpy() * merged["value"].to_numpy()[:, None]
    return merged.groupby(BY)[SPECIES].sum()


def with_duckdb(connection: Any) -> Any:
    """Join and aggregate in SQL."""
    sums = ", ".join(f"sum(a.value * f.{name}) AS {name}" for name in SPECIES)
    return connection.execute(
        f"SELECT a.region, a.process, {sums} FROM a JOIN f USING (process, product, technology) "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()


def compare(
    rows: int, goals: tuple[float | None, float | None], *, pandas: bool = True, repeat: int = 3
) -> list[Figure]:
    """Time every engine on the same rows, check that they agree, and return times and ratios."""
    import duckdb

    activity, factors = world(rows)
    connection = duckdb.connect()
    connection.register("arrow_a", activity.to_arrow())
    connection.register("arrow_f", factors.to_arrow())
    connection.execute("CREATE TABLE a AS SELECT * FROM arrow_a; CREATE TABLE f AS SELECT * FROM arrow_f")

    expected = with_polars(activity, factors).select(SPECIES).to_numpy()
    np.testing.assert_allclose(ours(activity, factors), expected, rtol=1e-9)
    sql = with_duckdb(connection)
    np.testing.assert_allclose(np.column_stack([sql[name] for name in SPECIES]), expected, rtol=1e-9)

    others = {
        "polars (streaming)": median_seconds(lambda: with_polars(activity, factors), repeat),
        "DuckDB": median_seconds(lambda: with_duckdb(connection), repeat),
    }
    connection.close()
    if pandas:
        left, right = activity.to_pandas(), factors.to_pandas()
        np.testing.assert_allclose(with_pandas(left, right).to_numpy(), expected, rtol=1e-9)
        others["pandas"] = median_seconds(lambda: with_pandas(left, right), repeat)
    encoded = encode(activity, BY, key=KEY, rows=False)
    long = factors.unpivot(SPECIES, index=KEY, variable_name="species", value_name="factor")
    matrix = factor_matrix(encoded.keys, long, SPECIES, value="factor", missing=float("nan"))
    once = others | {"tongyuan": median_seconds(lambda: ours(activity, factors), repeat)}
    again = others | {"tongyuan": median_seconds(lambda: evaluate(encoded, matrix), 20)}
    return [
        *ratios(once, "tongyuan", goals[1], "encoding included"),
        *ratios(again, "tongyuan", goals[0], "re-evaluated")[-2:],
    ]


def memory() -> list[Figure]:
    """Return the peak memory of a fresh process that makes, encodes and evaluates 1e7 rows."""
    code = (
        "import resource; from benchmarks.inventory import ours, world; ours(*world(10_000_000));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ}
    )
    return [Figure("peak memory, rows included", int(done.stdout) / 1024**2, "GB", 3.0, at_most=True)]


def ten_million() -> list[Figure]:
    """Time 1e7 rows against polars and DuckDB (pandas does not fit) and take the memory."""
    return [*compare(10_000_000, (20, None), pandas=False, repeat=1), *memory()]


def monte_carlo() -> list[Figure]:
    """Draw 1e4 times over 1e5 terms; joins are timed on 20 draws and scaled, as each draw costs the same."""
    import duckdb

    rng = np.random.default_rng(0)
    terms, records, groups, draws = 100_000, 600, 620, 10_000
    group, record = rng.integers(0, groups, terms), rng.integers(0, records, terms)
    value = rng.lognormal(0, 2, terms)
    fitted = fit(np.ones(records), np.full(records, 0.5), np.full(records, 2.0), ["lognormal"] * records)
    none = fit(np.ones(0), np.ones(0), np.ones(0), [])
    term = Term(group, record, np.full(terms, -1), value)
    rows = pl.DataFrame({"group": group, "record": record, "value": value})

    def drawn(count: int) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "draw": np.repeat(np.arange(count), records),
                "record": np.tile(np.arange(records), count),
                "x": rng.lognormal(0, 0.3, records * count),
            }
        )

    few = 20
    table = drawn(few)
    connection = duckdb.connect()
    connection.register("t", rows.to_arrow())
    connection.register("x", table.to_arrow())
    sql = 'SELECT draw, "group", sum(value * x) FROM t JOIN x USING (record) GROUP BY ALL'
    seconds = {
        "polars joins (scaled from 20 draws)": median_seconds(
            lambda: (
                rows.lazy()
                .join(table.lazy(), on="record")
                .group_by("draw", "group")
                .agg((pl.col("value") * pl.col("x")).sum())
                .collect(engine="streaming")
            ),
            3,
        )
        * draws
        / few,
        "DuckDB joins (scaled from 20 draws)": median_seconds(lambda: connection.execute(sql).fetchnumpy(), 3)
        * draws
        / few,
        "tongyuan": median_seconds(lambda: simulate(term, fitted, none, groups, draws=draws, seed=1), 3),
    }
    return ratios(seconds, "tongyuan", 20, "1e4 draws of 1e5 terms")


SPECS = [
    Spec("inventory-1e5", "1e5 rows × 20 species", lambda: compare(100_000, (None, None))),
    Spec("inventory-1e6", "1e6 rows × 20 species", lambda: compare(1_000_000, (20, 3))),
    Spec("inventory-1e7", "1e7 rows × 20 species", ten_million, slow=True),
    Spec("inventory-monte-carlo", "Monte Carlo with shared factors", monte_carlo),
]

"""Benchmarks of climate finance: credits of the public, from acts to a chained ledger."""

from __future__ import annotations

import hashlib
import resource
import time
from datetime import datetime

import numpy as np
import polars as pl

from benchmarks.registry import Figure, Spec
from tongyuan.finance.credit.ledger import balances, chain, first_broken, issue_credits
from tongyuan.ledger.table import empty

METHOD = pl.DataFrame(
    {
        "method": ["m"] * 4,
        "behaviour": ["bus", "metro", "bicycle", "walking"],
        "baseline": [0.104] * 4,
        "project": [0.052, 0.032, 0.0087, 0.0],
        "cap": [3.0] * 4,
    }
)
PERSONS = 200_000
REPEATED = 0.01
"""Share of acts that come twice."""


def acts(count: int, seed: int = 0) -> pl.DataFrame:
    """Return acts of a year, one in a hundred of them twice, in no order."""
    generator = np.random.default_rng(seed)
    seconds = generator.integers(0, 365 * 86_400, count)
    frame = pl.select(
        act=pl.Series(generator.permutation(count)).cast(pl.String),
        person=pl.Series(generator.integers(0, PERSONS, count)).cast(pl.String),
        time=pl.lit(datetime(2025, 1, 1)) + pl.duration(seconds=pl.Series(seconds)),
        method=pl.repeat("m", count),
        behaviour=METHOD["behaviour"].gather(generator.integers(0, 4, count)),
        amount=pl.Series(generator.lognormal(1.5, 0.8, count).round(2)),
    )
    return pl.concat([frame, frame.head(int(count * REPEATED))])


def ledger(count: int) -> list[Figure]:
    """Return the time from acts to a chained and verified ledger with accounts, and of hashing alone."""
    given = acts(count)
    retirement = empty("public_retirement")
    start, used = time.perf_counter(), time.process_time()
    credit = issue_credits(given, METHOD)
    issued = time.perf_counter() - start
    made = chain(credit)
    account = balances(made, retirement)
    ours, used = time.perf_counter() - start, time.process_time() - used
    assert credit.filter(pl.col("state") == "duplicate").is_empty()
    assert abs(account["issued"].sum() - made["credit"].sum()) < 1e-6 * count
    start = time.perf_counter()
    assert first_broken(made) is None
    verified = time.perf_counter() - start
    text, last = b"x" * 100, bytes(32)
    start = time.perf_counter()
    for _ in range(count):
        last = hashlib.sha256(last + text).digest()
    bare = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Figure("acts, repeated ones included", float(given.height), ""),
        Figure("acts to chained ledger and accounts", ours, "s", 60.0, at_most=True),
        Figure("processor time of it", used, "s"),
        Figure("credits alone", issued, "s"),
        Figure("verifying the chain", verified, "s"),
        Figure("as many hashes of 100 bytes alone", bare, "s"),
        Figure("peak memory, acts included", memory, "GB"),
    ]


SPECS = [
    Spec("finance-acts", "1e6 acts of the public to a chained ledger", lambda: ledger(1_000_000)),
    Spec(
        "finance-acts-1e7",
        "1e7 acts of the public to a chained ledger",
        lambda: ledger(10_000_000),
        slow=True,
    ),
]

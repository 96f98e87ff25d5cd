"""Several regions as one: the sum of their runs, what stands twice, what passes, who should pay whom."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated

import polars as pl
from pydantic import Field

from tongyuan.flows.ask import Answer as Told
from tongyuan.flows.ask import region
from tongyuan.flows.region.union import Member
from tongyuan.ledger import table as ledger
from tongyuan.office.answer import one_table
from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.submission import REVIEWS, Word
from tongyuan.office.workspace import tables_of, workspace_of
from tongyuan.store.published import folder_of, published

SUM = ("region_balance", "region_part")
PASSES = ("region_transfer", "region_power")
MOST = 4
"""Regions whose joint plan is found while one waits; more of them by ``tongyuan region share``."""

Runs = Annotated[tuple[Word, ...], Field(min_length=1, max_length=200)]


class Whole(Request):
    """Runs that are summed, the run of the whole beside them, the region they should fill, and a table."""

    runs: Runs
    parent: Word | None = None
    within: Annotated[str, Field(max_length=100)] = ""
    table: Annotated[str, Field(pattern=f"^({'|'.join(SUM)})$")] = SUM[0]


class Together(Request):
    """Runs in which a region may stand twice."""

    runs: Annotated[Runs, Field(min_length=2)]


class Passing(Request):
    """Runs, the submission that tells what passes between them, and the table of it that is wanted."""

    runs: Annotated[Runs, Field(min_length=2)]
    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(PASSES)})$")] = PASSES[0]


class Joint(Request):
    """Submissions that plan together, and the quantities whose limits they may meet together."""

    submissions: Annotated[tuple[Serial, ...], Field(min_length=2, max_length=MOST)]
    pool: Annotated[tuple[Word, ...], Field(min_length=1, max_length=20)]


def _members(desk: Desk, runs: Sequence[str]) -> list[Member]:
    return [region.member(folder_of(desk.session, desk.archive, run), run) for run in runs]


def _sum(desk: Desk, asked: Whole) -> Answer:
    whole = _members(desk, [asked.parent])[0] if asked.parent else None
    return _table(region.total_of(_members(desk, asked.runs), whole, asked.within), asked.table)


def _overlap(desk: Desk, asked: Together) -> Answer:
    return _table(region.twice_of(_members(desk, asked.runs)), "region_overlap")


def _transfer(desk: Desk, asked: Passing) -> Answer:
    members = _members(desk, asked.runs)
    brought = workspace_of(desk.session, asked.submission)

    def bought() -> pl.DataFrame:
        """Return what the submissions behind the runs buy, as they stood when these were made."""
        made = published(desk.session).filter(
            pl.col("run").is_in(asked.runs), pl.col("submission").is_not_null()
        )
        pairs = made.select("submission", "version").unique(maintain_order=True)
        bought = [tables_of(desk.session, *pair).get("purchased_energy") for pair in pairs.iter_rows()]
        return pl.concat([region.bought_of(one) for one in [None, *bought]], how="vertical_relaxed")

    return _table(region.transfer_of(members, brought, bought, str(asked.submission)), asked.table)


def _share(desk: Desk, asked: Joint) -> Answer:
    opened = [partial(workspace_of, desk.session, number) for number in asked.submissions]
    return _table(region.share_of(opened, ledger.empty("link"), asked.pool), "region_share")


def _table(answer: Told, name: str) -> pl.DataFrame:
    return one_table(answer.tables, name).drop("source", strict=False)


OPERATIONS = (
    Operation("region.sum", REVIEWS, Whole, _sum, answers="rows"),
    Operation("region.overlap", REVIEWS, Together, _overlap, answers="rows"),
    Operation("region.transfer", REVIEWS, Passing, _transfer, answers="rows"),
    Operation("region.share", REVIEWS, Joint, _share, answers="rows"),
)

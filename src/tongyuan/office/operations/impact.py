"""Air and climate: the index of a day, a cut of emission, a pulse, and what a submission brings of air."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import polars as pl
from pydantic import Field

from tongyuan.flows.ask import impact
from tongyuan.impact.climate.pulse import GASES
from tongyuan.ledger.workspace import Workspace
from tongyuan.office.answer import one_table
from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.people import EVERY
from tongyuan.office.operations.submission import SEES
from tongyuan.office.workspace import workspace_of

Pair = Annotated[str, Field(min_length=3, max_length=60)]
Pairs = Annotated[tuple[Pair, ...], Field(min_length=1, max_length=20)]

AIR = ("air_statistic", "air_index", "aqi_day", "burden", "health_case", "weather_trend", "weather_year")
FIT = ("response_surface", "response", "receptor")


class Day(Request):
    """Values of a day such as ``PM2.5=68``, and the day, whose edition of the index holds."""

    concentrations: Pairs
    day: date


class Cut(Request):
    """Changes of emission of all China such as ``SO2=-40%``."""

    cuts: Pairs


class Pulse(Request):
    """Tonnes of a gas, and how many years to look ahead."""

    gas: Annotated[str, Field(pattern=f"^({'|'.join(GASES)})$")]
    tonnes: Annotated[float, Field(ge=-1e12, le=1e12)]
    years: Annotated[int, Field(ge=1, le=200)] = 100


class Air(Request):
    """A submission whose concentrations are evaluated, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(AIR)})$")] = AIR[0]


class Constrain(Request):
    """A submission whose inventory is held against its observed receptors."""

    submission: Serial
    lognormal: bool = False


class Fit(Request):
    """A submission with runs of a model, and the table of the reduced form that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(FIT)})$")] = FIT[0]
    rising: bool = True


def _index(_: Desk, asked: Day) -> Answer:
    answer = impact.index(impact.pairs(asked.concentrations, share=False), asked.day)
    return answer["day_index"].with_columns(pl.lit(value).alias(name) for name, value in answer.facts.items())


def _screen(_: Desk, asked: Cut) -> Answer:
    made = impact.screen(impact.pairs(asked.cuts, share=True))["screening"]
    return made.with_columns(pl.col("missing").list.join(", "))


def _pulse(_: Desk, asked: Pulse) -> Answer:
    return impact.pulse(asked.gas, asked.tonnes, range(1, asked.years + 1))["pulse"]


def _air(desk: Desk, asked: Air) -> Answer:
    return _table(impact.air(_of(desk, asked.submission)).tables, asked.table)


def _constrain(desk: Desk, asked: Constrain) -> Answer:
    made = impact.constrain(_of(desk, asked.submission), lognormal=asked.lognormal)
    return _table(made.tables, "scaling_factor")


def _fit(desk: Desk, asked: Fit) -> Answer:
    return _table(impact.fit(_of(desk, asked.submission), rising=asked.rising).tables, asked.table)


def _table(tables: impact.Tables, name: str) -> pl.DataFrame:
    return one_table(tables, name).drop("source", strict=False)


def _of(desk: Desk, submission: int) -> Workspace:
    return workspace_of(desk.session, submission)


OPERATIONS = (
    Operation("impact.index", EVERY, Day, _index, answers="rows"),
    Operation("impact.screen", EVERY, Cut, _screen, answers="rows"),
    Operation("impact.pulse", EVERY, Pulse, _pulse, answers="rows"),
    Operation("impact.air", SEES, Air, _air, answers="rows"),
    Operation("impact.constrain", SEES, Constrain, _constrain, answers="rows"),
    Operation("impact.fit", SEES, Fit, _fit, answers="rows"),
)

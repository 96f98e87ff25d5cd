"""The library of factors: searched, compared, and cited."""

from __future__ import annotations

from typing import Annotated

import polars as pl
from pydantic import Field

from tongyuan.flows.ask import factors
from tongyuan.office.operation import Answer, Desk, Operation, Request
from tongyuan.office.operations.people import EVERY

Words = Annotated[str, Field(max_length=200)]

RECORD = "factor"
"""What the number of a record is called here: a factor."""


class Search(Request):
    """Words in either language, a species, a process, a product; all records when none is given."""

    words: Words = ""
    species: Words = ""
    process: Words = ""
    product: Words = ""
    unverified: bool = False


class One(Request):
    """One record of the library."""

    factor: Words


class Serve(Request):
    """A process and, where it has one, a product; of one species or of all."""

    process: Annotated[str, Field(min_length=1, max_length=200)]
    product: Words = ""
    species: Words = ""


def _search(_: Desk, asked: Search) -> Answer:
    told = asked.model_dump(exclude={"words"})
    return _named(factors.search(asked.words.split(), **told).tables["factor"])


def _compare(_: Desk, asked: Serve) -> Answer:
    return _named(factors.compare(**asked.model_dump()).tables["factor"])


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"record_id": RECORD})


def _show(_: Desk, asked: One) -> Answer:
    told = factors.show(asked.factor)
    citation = {f"source_{name}": value for name, value in told.pop("citation").items()}
    return {RECORD: told.pop("record_id"), **told, **citation}


OPERATIONS = (
    Operation("factor.search", EVERY, Search, _search, answers="rows"),
    Operation("factor.compare", EVERY, Serve, _compare, answers="rows"),
    Operation("factor.show", EVERY, One, _show),
)

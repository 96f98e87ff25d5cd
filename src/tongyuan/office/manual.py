"""How the work of each role is done: steps with the page of each and the act that is pressed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongyuan.ledger.finding import Bilingual
from tongyuan.reference.shelf import read_text_csv


@dataclass(frozen=True)
class Step:
    """One step: the page it is done on, the operation pressed there ("" for none), and how."""

    to: str
    press: str
    text: Bilingual


@cache
def manual() -> Mapping[str, tuple[Step, ...]]:
    """Return the steps of every role, in their order."""
    made: dict[str, tuple[Step, ...]] = {}
    for role, to, press, zh, en in read_text_csv(files("tongyuan.office").joinpath("manual.csv")).iter_rows():
        made[role] = (*made.get(role, ()), Step(to, press, Bilingual(zh, en)))
    return made

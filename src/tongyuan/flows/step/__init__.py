"""Steps of a run: each says what tables it reads and writes; a file in this folder is a step.

A step is a module here with a constant ``STEP``. The runner orders the steps by their tables: who reads a
table runs after the step that writes it, and a table has one writer. Tables that the workspace brought are
handed apart from those that steps made.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from typing import NamedTuple

import polars as pl

from tongyuan.flows.source import Inputs
from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, with_names

Tell = Callable[[str], None]
"""Called with the name of a step or of a part of it as it begins."""

FLOWS = {
    "account": Bilingual("核算", "account"),
    "plan": Bilingual("谋划", "plan"),
    "deploy": Bilingual("部署", "deploy"),
    "advance": Bilingual("推进", "advance"),
    "assess": Bilingual("考核", "assess"),
}
"""The flows in the order of the plan of 2022; a step belongs to one or more."""


class Made(NamedTuple):
    """Tables a step wrote and what it found."""

    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Parameters
    ----------
    name, flows
        Name, and the flows it belongs to.
    title
        What a reader sees while it runs.
    given
        Tables of the workspace it is handed, as far as they exist.
    reads
        Tables of earlier steps it is handed, as far as they exist.
    writes
        Tables it may write; it is their only writer.
    run
        Inputs and a teller of its parts → what it made.
    needs
        Tables, brought or made, without which it is left out.
    either
        Tables of which at least one must be brought or made, else it is left out.
    parts
        Titles of its parts by the name it tells as they begin.
    """

    name: str
    flows: tuple[str, ...]
    title: Bilingual
    given: frozenset[str]
    reads: frozenset[str]
    writes: frozenset[str]
    run: Callable[[Inputs, Tell], Made]
    needs: frozenset[str] = frozenset()
    either: frozenset[str] = frozenset()
    parts: Mapping[str, Bilingual] = field(default_factory=dict)


@cache
def steps() -> tuple[Step, ...]:
    """Return every step that stands in this folder, in the order they run."""
    found = (import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))
    return ordered([module.STEP for module in found if hasattr(module, "STEP")])


def ordered(given: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps in an order in which every table is written before it is read.

    Raises
    ------
    ValueError
        If two steps write one table, have one name or wait for each other, or a flow is unknown.
    """
    every = sorted(given, key=lambda step: step.name)
    named = {step.name: step for step in every}
    if len(named) < len(every):
        raise ValueError("two steps have one name")
    writer: dict[str, str] = {}
    for step in every:
        if not step.flows or not set(step.flows) <= set(FLOWS):
            raise ValueError(f"step {step.name} belongs to no known flow: {step.flows}")
        for table in sorted(step.writes):
            if table in writer:
                raise ValueError(f"table {table} has two writers: {writer[table]} and {step.name}")
            writer[table] = step.name
    after = {step.name: {writer[t] for t in step.reads if t in writer} - {step.name} for step in every}
    try:
        sorter = TopologicalSorter(after)
        sorter.prepare()
        order: list[Step] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready(), key=lambda n: (list(FLOWS).index(named[n].flows[0]), n))
            order += [named[name] for name in ready]
            sorter.done(*ready)
    except CycleError as cycle:
        raise ValueError(f"steps wait for each other: {' → '.join(cycle.args[1])}") from None
    return tuple(order)


def of_flows(flows: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps of `flows`, and those of accounting, which every flow stands on."""
    wanted = {"account", *flows}
    return tuple(step for step in steps() if wanted & set(step.flows))


def run_steps(
    chosen: Iterable[Step], inputs: Inputs, tell: Tell = lambda _: None
) -> tuple[dict[str, pl.DataFrame], list[Finding], list[str]]:
    """Run steps in order; return the tables they wrote, what they found, and the names of those that ran.

    Every step is handed only the tables it names, their categories as text. Findings said before are not
    said again.

    Raises
    ------
    ValueError
        If a step writes a table it did not declare.
    """
    made: dict[str, pl.DataFrame] = {}
    findings: list[Finding] = []
    ran: list[str] = []
    facility = inputs.tables.get("facility")
    for step in chosen:
        there = inputs.tables.keys() | made.keys()
        if not step.needs <= there or (step.either and not step.either & there):
            continue
        tell(step.name)
        brought = {name: inputs.tables[name] for name in sorted(step.given & set(inputs.tables))}
        earlier = {name: plain(made[name]) for name in sorted(step.reads & set(made))}
        try:
            result = step.run(Inputs(inputs.settings, brought, inputs.texts, earlier, inputs.letters), tell)
        except FindingError as error:
            raise FindingError(with_names(error.findings, facility)) from error
        strange = sorted(set(result.tables) - step.writes)
        if strange:
            raise ValueError(f"step {step.name} writes what it did not declare: {', '.join(strange)}")
        made |= result.tables
        findings += [f for f in with_names(result.findings, facility) if f not in findings]
        ran.append(step.name)
    return made, findings, ran

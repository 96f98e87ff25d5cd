"""A run: its chapters by room, its tables, where a figure comes from, and its plan under other targets."""

from __future__ import annotations

import math
from typing import Any

import polars as pl
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from tongyuan.ledger import table as ledger
from tongyuan.office.operation import File, Refused
from tongyuan.reference.shelf import shelf, title
from tongyuan.report.base.format import Scale, scale
from tongyuan.web.api import attached
from tongyuan.web.console.body import Sent
from tongyuan.web.console.pages.operation import table
from tongyuan.web.console.pages.submission import facilities
from tongyuan.web.console.results import frame as _frame
from tongyuan.web.console.results import tables_behind
from tongyuan.web.console.visit import Route, Visit, findings, markup, page

TRACED = ("species", "region", "year", "process")
"""Columns of a row of results that say which total is asked about."""

SUMMED = "CO2e"
"""What is no species of its own but a sum of gases."""

STEPS = 20
"""How finely a slider moves: in this many steps from half of the bound to one and a half."""


def head_of(visit: Visit) -> dict[str, Any]:
    """Return the run and the rooms it has chapters of, for the head of each of its pages."""
    name = visit.parts["run"]
    rooms = _frame(visit.do("run.rooms", run=name))
    found = _frame(visit.do("run.list")).filter(run=name).row(0, named=True)
    titles = [(row["room"], row[f"title_{visit.language}"]) for row in rooms.iter_rows(named=True)]
    has_regions = "summary" in _frame(visit.do("run.tables", run=name))["table"]
    return {"run": found, "run_rooms": titles, "has_regions": has_regions}


def _show(visit: Visit) -> Response:
    head = head_of(visit)
    room = visit.parts.get("room") or (head["run_rooms"][0][0] if head["run_rooms"] else "")
    if room not in dict(head["run_rooms"]):
        raise HTTPException(404)
    told = visit.do("run.page", run=visit.parts["run"], room=room, language=visit.language)
    assert isinstance(told, dict)
    behind = tables_behind(visit, visit.parts["run"], room)
    return page(
        visit, "run.html.j2", told["name"] or visit.parts["run"], room=room, html=markup(told["html"]),
        charts=told["charts"], tables=behind, **head,
    )  # fmt: skip


def _tables(visit: Visit) -> Response:
    head = head_of(visit)
    tables = _frame(visit.do("run.tables", run=visit.parts["run"]))
    files = _frame(visit.do("run.files", run=visit.parts["run"]))
    return page(visit, "tables.html.j2", visit.say("run_tables"), tables=tables, files=files, room="", **head)


def _table(visit: Visit) -> Response:
    name = visit.parts["table"]
    frame = _frame(visit.do("run.table", run=visit.parts["run"], table=name))
    definition = ledger.table(name)
    called = definition.title_en if visit.language == "en" else definition.title_zh
    traced = {"species", "region", "year"} <= set(frame.columns)
    ids = frame.select([c for c in TRACED if c in frame.columns]) if traced else None
    head = head_of(visit)
    return table(
        visit, frame, called, name, "result.html.j2", _names(visit, frame, head["run"]), room="",
        definition=definition, traced=traced, ids=ids, **head,
    )  # fmt: skip


def _names(visit: Visit, frame: pl.DataFrame, run: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Return what measures and enterprises are called, where a table of a run names them by their ids."""
    made = {}
    known = _frame(visit.do("run.tables", run=run["run"]))["table"]
    if "measure" in frame.columns and f"title_{visit.language}" not in frame.columns and "measure" in known:
        held = _frame(visit.do("run.table", run=run["run"], table="measure"))
        made["measure"] = dict(held.select("measure", f"title_{visit.language}").drop_nulls().iter_rows())
    if run["submission"] and visit.may("submission.rows"):
        made |= facilities(visit, run["submission"], frame)
    return made


def _explain(visit: Visit) -> Response:
    head, run = head_of(visit), visit.parts["run"]
    known = _frame(visit.do("run.table", run=run, table="emission"))
    offered = {
        name: sorted(known[name].drop_nulls().unique().to_list())
        for name in ("species", "region", "year") if name in known.columns
    }  # fmt: skip
    asked = {name: visit.one(name) for name in TRACED if visit.one(name)}
    chain, found = None, []
    summed = asked.get("species") == SUMMED and SUMMED not in offered["species"]
    gases = sorted(known.filter(medium="ghg")["species"].unique()) if summed else []
    if asked.get("species") and not gases:
        try:
            chain = _frame(visit.do("run.explain", run=run, **asked))
        except Refused as error:
            found = findings(visit, error.findings)
    total = None if chain is None else chain["value"].sum()
    return page(
        visit, "explain.html.j2", visit.say("explain"), chain=chain, asked=asked, offered=offered, room="",
        total=total, found=found, gases=[(one, _title("species", one, visit)) for one in gases],
        titled=lambda row: _titled(row, visit), table_of=_table_of,
        source_of=_source, **head,
    )  # fmt: skip


def _title(shelf_name: str, name: str, visit: Visit) -> str:
    try:
        return title(shelf_name, name, visit.language)
    except KeyError:
        return name


def _source(name: str) -> str:
    """Return the title of a source with its year."""
    found = shelf("source").filter(id=name)
    return f"{found['title'][0]} ({found['year'][0]})" if found.height else name


def _titled(row: dict[str, Any], visit: Visit) -> str:
    """Return what a link of the chain is of: process, product and technology by their titles."""
    named = ((shelf_name, row[shelf_name]) for shelf_name in ("process", "product", "technology"))
    return " · ".join(_title(shelf_name, name, visit) for shelf_name, name in named if name)


def _table_of(row: dict[str, Any]) -> str:
    """Return the table of the submission that the cell of a link stands in."""
    return (
        "energy_balance"
        if any(i.startswith("energy_balance") for i in row["activity_id"] or ())
        else "activity"
    )


def _solve(visit: Visit) -> Response:
    return _solved(visit, [], [])


def _act(visit: Visit, sent: Sent) -> Response:
    bounds, found = [], []
    for name, values in sent.fields.items():
        kind, _, rest = name.partition(":")
        target, _, year = rest.rpartition(":")
        if kind != "bound" or values[-1] == sent.one(f"was:{rest}"):
            continue
        try:
            bound = float(values[-1])
        except ValueError:
            told = visit.say("not_a_number", text=values[-1][:40])
            found.append({"message": told, "next": "", "place": target, "severity": "error"})
            continue
        bounds.append({"target": target, "bound": bound, "year": int(year) if year.isdigit() else None})
    return _solved(visit, bounds, found)


def _solved(visit: Visit, bounds: list[dict[str, Any]], found: list[dict[str, Any]]) -> Response:
    head = head_of(visit)
    answer: dict[str, Any] | None = None
    try:
        told = visit.do("run.solve", run=visit.parts["run"], bounds=bounds)
        assert isinstance(told, dict)
        answer, said = told, told["findings"]
        found += [
            {"message": one_message(one, visit), "next": "", "place": "", "severity": "error"} for one in said
        ]
    except Refused as error:
        found += findings(visit, error.findings)
    return page(
        visit, "solve.html.j2", visit.say("solve"), answer=answer, found=found, room="",
        rows=_ranked(answer["emission"]) if answer else [], main=_main(), short=_short,
        species=lambda name: _title("species", name, visit),
        called=lambda row: row[f"title_{visit.language}"] or row["target"],
        money=_money(answer, visit), **head,
    )  # fmt: skip


def _short(bound: float) -> str:
    """Return a bound as one types it: six digits, never with an exponent."""
    digits = max(0, 5 - math.floor(math.log10(abs(bound)))) if bound else 0
    text = f"{bound:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _main() -> list[str]:
    """Return the species people know best, in their order."""
    main = shelf("main_pollutant")[shelf("main_pollutant").columns[0]].to_list()
    return list(dict.fromkeys(["CO2e", "CO2", *main]))


def _ranked(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return emissions with the species people know best first."""
    first = {name: place for place, name in enumerate(_main())}
    return sorted(rows, key=lambda row: (first.get(row["species"], len(first)), row["species"], row["year"]))


def _money(answer: dict[str, Any] | None, visit: Visit) -> Scale:
    """Return the unit in which the costs of an answer read well."""
    return scale([answer["before"]] if answer else [], answer["currency"] if answer else "", visit.language)


def one_message(told: dict[str, Any], visit: Visit) -> str:
    """Return what a finding that came as plain values says."""
    from tongyuan.reference.told import findings as back

    (one,) = back([told])
    return one.message(visit.language)


def _file(visit: Visit) -> Response:
    answer = visit.do("run.file", run=visit.parts["run"], file=visit.one("name"))
    assert isinstance(answer, File)
    return attached(answer)


ROUTES = (
    Route("/run/{run}", _show),
    Route("/run/{run}/tables", _tables),
    Route("/run/{run}/file", _file),
    Route("/run/{run}/explain", _explain),
    Route("/run/{run}/solve", _solve, _act),
    Route("/run/{run}/table/{table}", _table),
    Route("/run/{run}/{room}", _show),
)

"""Questions about several workspaces as one region."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.flows.account.account import account
from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import given_of_tables
from tongyuan.flows.plan.drafted import planned
from tongyuan.flows.plan.plan import with_coefficients
from tongyuan.flows.plan.read import read_tables
from tongyuan.flows.region.saving import MOST, pooled, share_saving
from tongyuan.flows.region.transfer import pollution, power
from tongyuan.flows.region.union import ROOM, Member, checked, overlaps
from tongyuan.flows.source import Brought, open_workspace
from tongyuan.ledger.finding import Bilingual, FindingError, finding, require
from tongyuan.ledger.run_set import latest, new_set, read_set, run_record
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write.write import write_parquet
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.draft.joined import EXCHANGED, joined
from tongyuan.reference.region import catalogue, cities, find, key_region

KEY_REGIONS = {
    "jjj_surroundings": Bilingual("京津冀及周边", "Beijing, Tianjin, Hebei and surroundings"),
    "yangtze_delta": Bilingual("长三角", "Yangtze delta"),
    "fenwei": Bilingual("汾渭平原", "Fenwei plain"),
}
"""Key air regions of 国发〔2023〕24号."""


def member(path: Path, name: str = "") -> Member:
    """Return the newest finished run of the workspace, or set, at `path`.

    Raises
    ------
    FindingError
        If there is no run, or it is not as it was written.
    """
    inside = latest(path)
    if inside is None:
        raise FindingError([finding("flows", "no_results", path=path)])
    tables, record = read_set(inside)
    settings = record.get("settings")
    chosen = settings.get("account", {}).get("gwp_set", "") if isinstance(settings, dict) else ""
    return Member(name or path.resolve().name, tables, chosen)


def _members(folders: Sequence[Path]) -> list[Member]:
    names = [path.resolve().name for path in folders]
    return [member(p, str(p) if names.count(n) > 1 else n) for p, n in zip(folders, names, strict=True)]


def wanted_of(text: str) -> tuple[str, ...]:
    """Return the codes that make up a key region or a province, named in either language or by its id.

    Raises
    ------
    FindingError
        If there is no such region.
    """
    for key, words in KEY_REGIONS.items():
        if text in (key, words.zh, words.en):
            listed = key_region(key)
            return tuple(r for r in listed if catalogue()[r].level == "city")
    found = find(text)
    if found is None or found.level == "city":
        known = Bilingual("、".join(w.zh for w in KEY_REGIONS.values()),
                          ", ".join(w.en for w in KEY_REGIONS.values()))  # fmt: skip
        raise FindingError([finding(ROOM, "no_such_region", text=text, known=known)])
    inside = cities(found.region)
    return inside or (found.region,)


def total(
    folders: Sequence[Path], parent: Path | None = None, within: str = "", output: Path | None = None
) -> Answer:
    """Return the sum of the finished runs of several workspaces, beside the parent's own inventory.

    Parameters
    ----------
    parent
        Workspace of the whole region, with a finished run.
    within
        Key region or province whose cities are looked for.
    output
        A folder that takes the region as a finished run of its own, to be summed again.

    Raises
    ------
    FindingError
        If a run is missing, a region would be counted twice, or sums cannot be made.
    """
    members = _members(folders)
    answer = total_of(members, member(parent) if parent is not None else None, within)
    if output is not None:
        _write(members, output)
    return answer


def total_of(members: Sequence[Member], whole: Member | None = None, within: str = "") -> Answer:
    """Return the sum of runs that are open, as :func:`total` does.

    Raises
    ------
    FindingError
        If a region would be counted twice, or sums cannot be made.
    """
    made, found = checked(members, whole, wanted_of(within) if within else ())
    years = made["region_part"]["year"].unique().sort().to_list()
    return Answer(made, found, {"members": len(members), "years": years})


def _write(members: Sequence[Member], output: Path) -> None:
    """Write the tables of the members, stacked, as one finished run."""
    tables = {
        name: pl.concat([m.tables[name] for m in members if name in m.tables], how="diagonal_relaxed")
        for name in ("emission", "summary")
    }
    record = run_record({"account": {"gwp_set": members[0].gwp_set}}, {}, tables, steps=("region",))
    with new_set(output) as draft:
        write_parquet(tables, draft.folder)
        draft.seal(record)


def twice(folders: Sequence[Path]) -> Answer:
    """Return which regions stand in two of the workspaces (``region_overlap``)."""
    return twice_of(_members(folders))


def twice_of(members: Sequence[Member]) -> Answer:
    """Return which regions stand in two of the runs.

    Raises
    ------
    FindingError
        If a run is given twice.
    """
    names = [one.name for one in members]
    require([finding(ROOM, "same_name", name=n) for n in dict.fromkeys(names) if names.count(n) > 1])
    return Answer({"region_overlap": overlaps(members)})


def transfer(folders: Sequence[Path], source: Path) -> Answer:
    """Return what passes between the members: pollution, and carbon with electricity.

    Parameters
    ----------
    folders
        Workspaces with finished runs.
    source
        Workspace that brings ``response`` and ``receptor`` of the air by region, ``power_exchange``, or both.

    Raises
    ------
    FindingError
        If it brings neither, a region would be counted twice, or a row does not fit.
    """
    return transfer_of(
        _members(folders),
        open_workspace(source),
        lambda: pl.concat([_bought(path) for path in folders]),
        str(source),
    )


def transfer_of(
    members: Sequence[Member], brought: Brought, bought: Callable[[], pl.DataFrame], named: str = "–"
) -> Answer:
    """Return what passes between runs that are open, as :func:`transfer` does.

    Parameters
    ----------
    bought
        Returns ``year, region, electricity`` of what the members buy.

    Raises
    ------
    FindingError
        If the workspace brings nothing that passes, a region would be counted twice, or a row does not fit.
    """
    _, found = checked(members)
    tables: dict[str, pl.DataFrame] = {}
    said: list[Any] = list(found)
    if "response" in brought.tables and "receptor" in brought.tables:
        tables["region_transfer"], told = pollution(members, brought.tables, brought.settings)
        said += told
    exchange = brought.tables.get("power_exchange", empty("power_exchange"))
    if exchange.height:
        tables["region_power"], told = power(members, exchange, bought(), brought.settings)
        said += told
    if not tables:
        raise FindingError([*said, finding(ROOM, "nothing_passes", path=named)])
    return Answer(tables, tuple(said))


def _bought(path: Path) -> pl.DataFrame:
    try:
        brought = open_workspace(path).tables.get("purchased_energy")
    except (FindingError, OSError):
        brought = None
    return bought_of(brought)


def bought_of(purchased: pl.DataFrame | None) -> pl.DataFrame:
    """Return ``year, region, electricity`` of table ``purchased_energy``; without one, no rows."""
    rows = empty("purchased_energy") if purchased is None else purchased
    return rows.drop(PLACE, strict=False).select("year", "region", "electricity")


def share(
    folders: Sequence[Path], link: Path | None = None, pool: Sequence[str] = (),
    exchanged: tuple[str, ...] = EXCHANGED,
) -> Answer:  # fmt: skip
    """Return what a joint plan saves, and who should pay whom (``region_share``).

    Every group of the regions is planned at least cost: alone, and together with what `link` lets them
    exchange and with the limits on `pool` met by them together.

    Parameters
    ----------
    folders
        Two to ten workspaces, each with one node.
    link
        File of table ``link``.
    pool
        Quantities whose limits the regions may meet together.

    Raises
    ------
    FindingError
        If workspaces cannot be joined, there are more than ten, nothing is exchanged nor pooled, or a group
        has no plan.
    """
    rows = empty("link") if link is None else read_tables([link])[0].get("link", empty("link"))
    return share_of([partial(open_workspace, path) for path in folders], rows, pool, exchanged)


def share_of(
    workspaces: Sequence[Callable[[], Brought]], link: pl.DataFrame, pool: Sequence[str] = (),
    exchanged: tuple[str, ...] = EXCHANGED,
) -> Answer:  # fmt: skip
    """Return what a joint plan of workspaces saves, as :func:`share` does; each is opened when planned.

    Raises
    ------
    FindingError
        As :func:`share`.
    """
    count = len(workspaces)
    require([] if 2 <= count <= MOST else [finding(ROOM, "share_count", count=count, most=MOST)])
    rows = link.drop(PLACE, strict=False)
    require([finding(ROOM, "share_nothing")] if rows.is_empty() and not pool else [])
    plans: dict[str, dict[str, pl.DataFrame]] = {}
    settings: Any = None
    for opened in workspaces:
        tables, settings = _plan(opened())
        node = str(tables["node"]["node"][0])
        require([finding(ROOM, "same_name", name=node)] if node in plans else [])
        plans[node] = tables
    known: dict[frozenset[str], Any] = {}

    def planned_of(group: frozenset[str]) -> Any:
        if group not in known:
            inside = {n: t for n, t in plans.items() if n in group}
            lines = rows.filter(pl.col("from_node").is_in(list(group)), pl.col("to_node").is_in(list(group)))
            made = joined(inside, lines, exchanged)
            if pool and len(group) > 1:
                made["target"] = pooled(made.get("target", empty("target")), pool, sorted(inside))
            known[group] = least_cost(given_of_tables(made, settings).case)
        return known[group]

    every = frozenset(plans)
    whole = planned_of(every)
    borne = dict(whole["plan_cost"].group_by("node").agg(pl.col("discounted").sum()).iter_rows())
    currency = whole["plan_cost"]["currency"][0] if whole["plan_cost"].height else None
    frame = share_saving(
        list(plans), lambda group: float(planned_of(group).cost),
        {n: float(borne.get(n, 0.0)) for n in plans}, currency,
    )  # fmt: skip
    facts = {"saving": float(frame["saving"].sum()), "currency": currency, "groups": len(known)}
    return Answer({"region_share": frame}, (), facts)


def _plan(workspace: Brought) -> tuple[dict[str, pl.DataFrame], Any]:
    accounted = account(workspace).tables
    made = planned(workspace, accounted)
    tables, settings, *_ = with_coefficients(made.workspace, accounted)
    return {n: f.drop(PLACE, strict=False) for n, f in tables.items()}, settings

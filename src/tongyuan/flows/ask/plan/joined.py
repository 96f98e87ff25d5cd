"""One plan of several workspaces: each its own inventory, factors and devices, some flows exchanged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.flows.account.account import account
from tongyuan.flows.ask import Answer
from tongyuan.flows.plan.drafted import planned
from tongyuan.flows.plan.plan import with_coefficients
from tongyuan.flows.plan.read import SETTINGS, plan_files, read_tables
from tongyuan.flows.source import Brought, open_workspace
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.write.write import write_csv
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.draft.joined import EXCHANGED, joined

ROOM = "pathway"


def join_workspaces(
    workspaces: Mapping[str, Brought], link: pl.DataFrame, exchanged: tuple[str, ...] = EXCHANGED
) -> tuple[dict[str, pl.DataFrame], Settings, tuple[Finding, ...]]:
    """Return the tables of one plan of several workspaces, its settings, and what is said of it.

    A workspace without a plan is drafted first. What a technology emits is that of its own inventory.

    Parameters
    ----------
    workspaces
        Workspaces by a name for what is said of them.
    link
        Rows of table ``link`` between the nodes of the regions, none for no exchange.
    exchanged
        Flows that are the same in every region.

    Raises
    ------
    FindingError
        If there are fewer than two, their settings, periods or slices differ, or a node of `link` or a flow
        of `exchanged` is not there.
    """
    if len(workspaces) < 2:
        require([finding(ROOM, "joined_few", count=len(workspaces))])
    plans: dict[str, dict[str, pl.DataFrame]] = {}
    settings: Settings | None = None
    told: list[Finding] = []
    for name, workspace in workspaces.items():
        accounted = account(workspace).tables
        made = planned(workspace, accounted)
        tables, own, *_ = with_coefficients(made.workspace, accounted)
        settings = settings or own
        require(_apart(name, own, settings))
        plans[name] = {n: f.drop(PLACE, strict=False) for n, f in tables.items()}
        told += made.findings
        for flow in exchanged:
            if flow not in set(tables["flow"]["flow"]):
                require([finding(ROOM, "joined_exchange", flow=flow, name=name)])
    nodes = [n for tables in plans.values() for n in tables["node"]["node"]]
    named = sorted(set(link["from_node"]) | set(link["to_node"]))
    require(
        finding(ROOM, "joined_link", node=node, known=", ".join(nodes)) for node in named if node not in nodes
    )
    if link.is_empty():
        told.append(finding(ROOM, "joined_no_link"))
    assert settings is not None
    return joined(_by_node(plans), link, exchanged), settings, tuple(told)


def join_folders(
    folders: Sequence[Path], output: Path, link: Path | None = None,
    exchanged: tuple[str, ...] = EXCHANGED,
) -> Answer:  # fmt: skip
    """Join the plans of the workspaces in `folders` and write the tables of one plan into `output`.

    Parameters
    ----------
    output
        An ordinary folder of plan tables with its settings; it may not hold tables before.
    link
        File of table ``link``; nothing is exchanged without.
    exchanged
        See :func:`join_workspaces`.

    Raises
    ------
    FindingError
        See :func:`join_workspaces`; also if `output` holds tables already.
    """
    if plan_files(output):
        require([finding("flows", "plan_folder_taken", path=output.name)])
    rows, said = (empty("link"), []) if link is None else _links(link)
    names = [path.resolve().name for path in folders]
    opened = {
        str(path) if names.count(name) > 1 else name: open_workspace(path)
        for path, name in zip(folders, names, strict=True)
    }
    tables, settings, told = join_workspaces(opened, rows, exchanged)
    output.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        write_csv(frame, output / f"{name}.csv")
    chosen = settings.model_dump(exclude_defaults=True)
    lines = [f"{key} = {_toml(value)}" for key, value in chosen.items()]
    (output / SETTINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")
    facts: dict[str, Any] = {
        "regions": len(opened),
        "technologies": tables["technology_option"]["technology"].n_unique(),
        "links": tables["link"].height,
        "targets": tables["target"].height if "target" in tables else 0,
    }
    return Answer(tables, (*said, *told), facts)


def _links(file: Path) -> tuple[pl.DataFrame, list[Finding]]:
    tables, found = read_tables([file])
    return tables.get("link", empty("link")).drop(PLACE, strict=False), found


def _apart(name: str, own: Settings, other: Settings) -> list[Finding]:
    return [
        finding(ROOM, "joined_settings", name=name, setting=key, value=getattr(own, key),
                other=getattr(other, key))
        for key in Settings.model_fields
        if getattr(own, key) != getattr(other, key)
    ]  # fmt: skip


def _by_node(plans: Mapping[str, dict[str, pl.DataFrame]]) -> dict[str, dict[str, pl.DataFrame]]:
    """Return the plans by the name of their node, as far as each has one of its own; else as they are."""
    nodes = {name: tables["node"]["node"].to_list() for name, tables in plans.items()}
    single = [n[0] for n in nodes.values() if len(n) == 1]
    if len(single) < len(plans) or len(set(single)) < len(single):
        return dict(plans)
    return {nodes[name][0]: tables for name, tables in plans.items()}


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()

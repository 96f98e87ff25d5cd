"""Questions of a notebook about several workspaces as one region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tongyuan.face.results import Results
from tongyuan.ledger.settings import Settings


def join_runs(members: Mapping[str, Results], parent: Results | None = None, within: str = "") -> Results:
    """Return the sum of several results as one region, beside the inventory of the whole.

    Tables ``region_balance`` (parts, whole, difference, by year, sector and species) and ``region_part``.

    Parameters
    ----------
    members
        Results by the name of the region.
    parent
        Results of the whole region's own inventory.
    within
        Province or key region whose cities are looked for.

    Raises
    ------
    FindingError
        If a region would be counted twice or sums cannot be made.

    Examples
    --------
    >>> one = ty.account(ty.example("minimal"))
    >>> try:
    ...     ty.join_runs({"a": one, "b": one})
    ... except ty.FindingError as error:
    ...     print(error.findings[0].check)
    overlap_same
    """
    from tongyuan.flows.ask.region import wanted_of
    from tongyuan.flows.region.union import Member, checked

    held = [Member(n, r.tables, r.settings.account.gwp_set) for n, r in members.items()]
    whole = None
    if parent is not None:
        whole = Member(parent.settings.name, parent.tables, parent.settings.account.gwp_set)
    tables, found = checked(held, whole, wanted_of(within) if within else ())
    first = next(iter(members.values())).settings if members else Settings(name="–", kind="province")
    return Results(tables, first, found)


def region_share(
    folders: Sequence[str | Path], link: str | Path | None = None, pool: Sequence[str] = ()
) -> Results:
    """Return what a joint plan of several workspaces saves, and who should pay whom (``region_share``).

    Parameters
    ----------
    folders
        Two to ten workspaces of one node each.
    link
        File of table ``link``.
    pool
        Quantities whose limits the regions meet together.

    Raises
    ------
    FindingError
        If they cannot be joined.

    Examples
    --------
    >>> try:
    ...     ty.region_share(["one"])
    ... except ty.FindingError as error:
    ...     print(error.findings[0].message("en"))
    A saving is shared among two to 10 regions, not 1.
    """
    from tongyuan.flows.ask.region import share

    answer = share([Path(f) for f in folders], None if link is None else Path(link), tuple(pool))
    return Results(dict(answer.tables), Settings(name="region", kind="province"), answer.findings)

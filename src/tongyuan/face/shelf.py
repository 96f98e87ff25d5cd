"""What the world agrees on, at hand: factors, methods, species, units."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from tongyuan.face.table import Table, refuse
from tongyuan.ledger.read.lookup import close_names
from tongyuan.reference.shelf import identify, shelf


def _known(name: str, text: str | None) -> str | None:
    """Return the id behind a name on a shelf; refuse one that is not there."""
    if not text:
        return text
    found = identify(name, text)
    if found is None:
        frame = shelf(name)
        pairs = list(frame.select("title_zh", "title_en").iter_rows())
        hint = close_names(text, [*pairs, *((key, key) for key in frame[frame.columns[0]])])
        raise refuse("no_word", shelf=name, name=text, suggestion=hint)
    return found


def factors(
    text: str = "",
    *,
    species: str | None = None,
    process: str | None = None,
    product: str | None = None,
    unverified: bool = False,
) -> Table:
    """Return records of the factor library, with value, unit, limits, source and place in the source.

    Parameters
    ----------
    text
        Words that a record's id, titles, note or source hold.
    species, process, product
        Ids or titles.
    unverified
        Whether records that nobody verified are shown too.

    Examples
    --------
    >>> found = ty.factors(process="energy.power", species="SO2")
    >>> found.columns[:4]
    ['record_id', 'kind', 'process', 'product']
    """
    from tongyuan.reference.factors.library import search

    found = search(
        text,
        species=_known("species", species),
        process=_known("process", process),
        product=_known("product", product),
        include_unverified=unverified,
    )
    return Table("factor", found)


def factor(record_id: str) -> dict[str, Any]:
    """Return one record of the factor library, with its citation.

    Examples
    --------
    >>> record = ty.factor("tang2019-cems-SO2-power")
    >>> record["value"], record["unit"], record["citation"]["year"]
    (16.188, 'g/GJ', '2019')
    """
    from tongyuan.reference.factors.library import show

    try:
        return show(record_id)
    except KeyError:
        raise refuse("no_factor", name=record_id) from None


def methods(text: str = "") -> pl.DataFrame:
    """Return the published methods whose name, title or source hold `text`.

    Examples
    --------
    >>> ty.methods("coupl")["name"].to_list()
    ['coupling.traditional', 'coupling.k_power', 'coupling.modified', 'decoupling.tapio']
    """
    from tongyuan.flows.ask.method import methods as every

    held = pl.any_horizontal(pl.col(pl.String).str.to_lowercase().str.contains(text.lower(), literal=True))
    return every().filter(held)


def method(name: str) -> Callable[..., Any]:
    """Return a published method: a pure function of numbers or arrays, named as in :func:`methods`.

    Examples
    --------
    >>> modified = ty.method("coupling.modified")
    >>> round(float(modified([[0.5, 0.6]])[0]), 4)
    0.866
    """
    from tongyuan.flows.ask.method import method as one

    return one(name)


def species(text: str = "", *, group: str | None = None) -> pl.DataFrame:
    """Return the species that are accounted: id, titles, medium, groups, CAS number.

    Parameters
    ----------
    text
        Words that id or titles hold.
    group
        Only the members of a group: ``GHG``, ``HFC``, ``heavy_metal`` …

    Examples
    --------
    >>> ty.species(group="heavy_metal")["species"].to_list()[:5]
    ['Hg', 'Pb', 'Cd', 'As', 'Cr']
    """
    frame = shelf("species")
    if group is not None:
        from tongyuan.reference.species import groups, members

        if group not in groups():
            raise refuse("no_value", table="species", head="group", value=group, known=", ".join(groups()))
        frame = frame.filter(pl.col("species").is_in(members(group)))
    named = pl.any_horizontal(
        pl.col("species", "title_zh", "title_en").str.to_lowercase().str.contains(text.lower(), literal=True)
    )
    return frame.filter(named)


def units(text: str = "") -> pl.DataFrame:
    """Return the spellings of units that can be read, as 万吨 or 吨标准煤, and what each stands for.

    Examples
    --------
    >>> ty.units("吨标准煤").select("spelling", "factor", "canonical").row(0)
    ('吨标准煤', 0.0293076, 'TJ')
    """
    from tongyuan.reference.units import canonical

    frame = shelf("unit").filter(pl.col("spelling").str.contains(text, literal=True))
    pairs = [canonical(spelling) for spelling in frame["spelling"]]
    return frame.with_columns(
        pl.Series("factor", [number for number, _ in pairs], dtype=pl.Float64),
        pl.Series("canonical", [unit for _, unit in pairs], dtype=pl.String),
    )


def convert(value: Any, unit: str, into: str) -> Any:
    """Return a number, array or series in another unit: ``convert(1, "万吨", "t")`` is 10 000.

    Raises
    ------
    UnitError
        If a unit is not known or measures something else.

    Examples
    --------
    >>> ty.convert(2.0, "万吨", "t")
    20000.0
    """
    from tongyuan.reference.units import convert as converted

    return converted(value, unit, into)

"""Where numbers come from: the chain from a total back to cells of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import LIST, PLACE, table
from tongyuan.ledger.text.amount import amount
from tongyuan.reference import units
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language, identify, shelf
from tongyuan.reference.shelf import title as shelf_title

CHAIN: dict[str, pl.DataType] = {
    "rank": pl.Int64(), "rows": pl.Int64(), "region": pl.String(), "year": pl.Int64(), "process": pl.String(),
    "product": pl.String(), "technology": pl.String(), "species": pl.String(), "value": pl.Float64(),
    "unit": pl.String(), "share": pl.Float64(), "method": pl.String(), "tier": pl.String(),
    "control": LIST, "activity_id": LIST, "activity_value": pl.Float64(),
    "activity_unit": pl.String(), "activity_source": pl.String(), "activity_note": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(), "row": pl.Int64(), "cell": pl.String(), "factor_id": LIST,
    "factor_value": pl.Float64(), "factor_unit": pl.String(), "factor_status": LIST,
    "factor_source": LIST, "factor_locator": LIST,
}  # fmt: skip
"""Columns of the table that :func:`explain` returns."""


def _resolved(name: str, text: str) -> str:
    try:
        return identify(name, text) or text
    except KeyError:
        return text


def of_scope(emission: pl.DataFrame, scope: str) -> pl.DataFrame:
    """Return the rows of one scope; ``all`` keeps every row.

    Raises
    ------
    FindingError
        If there is no such scope.
    """
    known = next(c.choices for c in table("emission").columns if c.name == "scope")
    if scope not in (*known, "all"):
        raise FindingError([finding("ledger", "unknown_scope", text=scope, known=", ".join([*known, "all"]))])
    return emission if scope == "all" else emission.filter(pl.col("scope") == scope)


def explain(
    tables: Mapping[str, pl.DataFrame],
    species: str,
    region: str | None = None,
    year: int | None = None,
    process: str | None = None,
    top: int = 10,
    *,
    scope: str = "direct",
    letters: Mapping[str, Mapping[str, str]] | None = None,
) -> pl.DataFrame:
    """Walk from a total to its emission rows, their activity rows and factor records, and their cells.

    Parameters
    ----------
    tables
        `emission`, and as far as present `activity` (with ``_place``) and `factor_used` (or `factor`).
    species, region, process
        Ids or titles; `process` includes the processes below it.
    year
        A year, or every year when not given.
    scope
        Scope that counts; ``all`` counts every one.
    top
        Largest rows shown one by one; the last row of the result sums up the others.
    letters
        Letters of the columns of each sheet (``run.json`` keeps them), so that places become cells.

    Returns
    -------
    DataFrame
        Columns :data:`CHAIN`; sorted by size; the column `value` sums to the total of the scope.
    """
    rows = of_scope(tables["emission"], scope).filter(pl.col("species") == _resolved("species", species))
    if region is not None:
        rows = rows.filter(pl.col("region").is_in([region, _resolved("region", region)]))
    if year is not None:
        rows = rows.filter(pl.col("year") == year)
    if process is not None:
        wanted = _resolved("process", process)
        rows = rows.filter((pl.col("process") == wanted) | pl.col("process").str.starts_with(wanted + "."))
    total = float(rows["value"].sum())
    rows = rows.sort(pl.col("value").abs(), descending=True, nulls_last=True, maintain_order=True)
    chain = [
        _link(rank, row, total, tables, letters or {})
        for rank, row in enumerate(rows.head(top).to_dicts(), start=1)
    ]
    rest = rows.slice(top)
    if rest.height:
        value = float(rest["value"].sum())
        share = value / total if total else None
        unit = rows["unit"][0]
        chain.append(
            {
                "rank": None,
                "rows": rest.height,
                "species": rows["species"][0],
                "value": value,
                "unit": unit,
                "share": share,
            }
        )
    return pl.DataFrame(
        [{name: link.get(name) for name in CHAIN} for link in chain], schema=CHAIN, orient="row"
    )


def _first(frame: pl.DataFrame | None, column: str, key: str | None) -> dict[str, Any]:
    if frame is None or not key or column not in frame.columns:
        return {}
    found = frame.filter(pl.col(column) == key).head(1).to_dicts()
    return found[0] if found else {}


def _activity(ids: Sequence[str], tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """Return the activity behind an emission; of several rows, their sum where one unit measures them all."""
    held = [tables.get(name) for name in ("activity", "energy_balance")]
    rows = [next((r for frame in held if (r := _first(frame, "activity_id", key))), {}) for key in ids]
    rows = [row for row in rows if row]
    if len(rows) < 2:
        return rows[0] if rows else {}
    value = sum(row["value"] for row in rows) if len({row.get("unit") for row in rows}) == 1 else None
    return rows[0] | {"value": value}


def _link(
    rank: int, row: dict[str, Any], total: float, tables: Mapping[str, pl.DataFrame],
    letters: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:  # fmt: skip
    factors = tables.get("factor_used", tables.get("factor"))
    records = [found for key in row.get("factor_id") or () if (found := _first(factors, "record_id", key))]
    activity = _activity(row.get("activity_id") or (), tables)
    file, sheet, number, cell = place_parts(
        activity.get(PLACE), letters, "value", activity.get("product") or ""
    )
    link: dict[str, Any] = {name: row.get(name) for name in CHAIN if name in row}
    link |= {"rank": rank, "rows": 1, "share": row["value"] / total if total else None}
    link |= {"activity_value": activity.get("value"), "activity_unit": activity.get("unit")}
    link |= {"activity_note": activity.get("note")}
    link |= {
        "activity_source": activity.get("source"),
        "file": file,
        "sheet": sheet,
        "row": number,
        "cell": cell,
    }
    if records:
        first = records[0]
        link |= {"factor_value": first.get("value"), "factor_unit": first.get("unit")}
        for name in ("status", "source", "locator"):
            link[f"factor_{name}"] = list(dict.fromkeys(str(r[name]) for r in records if r.get(name)))
    return link


def place_parts(
    place: str | None, letters: Mapping[str, Mapping[str, str]], *columns: str
) -> tuple[str | None, str | None, int | None, str | None]:
    """Return file, sheet, row and cell of a place such as ``book.xlsx|活动水平|12``.

    A place may name the column its number stands in, ``book.xlsx|畜禽养殖|2#throughput``; else the cell is in
    the first of `columns` (``value`` when none is given) that the sheet has.
    """
    if not place:
        return None, None, None, None
    file, _, rest = place.partition("|")
    sheet, _, number = rest.rpartition("|")
    number, _, named = number.partition("#")
    row = int(number) if number.isdigit() else None
    known = letters.get(f"{file}|{sheet}", {})
    wanted = (named,) if named else columns or ("value",)
    letter = next((known[column] for column in wanted if column in known), "")
    return file, sheet, row, f"{letter}{row}" if letter and row is not None else None


def explain_text(chain: pl.DataFrame, language: Language, scope: str = "direct") -> str:
    """Return the table of :func:`explain` of `scope` as lines to read, in `language`."""
    if not chain.height:
        return say("ledger", "explain_nothing", language)

    def words(key: str, **values: Any) -> str:
        return say("ledger", key, language, **values)

    def named(name: str, key: str | None) -> str:
        if not key:
            return "–"
        if name == "method":
            return catalogue("ledger").get(f"method_{key}", {}).get(language, key)
        if name == "source":
            cited = shelf("source")
            return str(next(iter(cited.filter(pl.col("id") == key)["title"]), key))
        try:
            return shelf_title(name, key, language)
        except KeyError:
            return key

    def listed(name: str, keys: Sequence[str]) -> str:
        return ("、" if language == "zh" else ", ").join(named(name, key) for key in keys) or "–"

    total = amount(float(chain["value"].sum()), chain["unit"][0], language)
    lines = [words("explain_title", species=chain["species"][0], amount=total, scope=words(f"scope_{scope}"))]
    for link in chain.to_dicts():
        size = {"amount": amount(link["value"], link["unit"], language), "share": link["share"] or 0.0}
        if link["rank"] is None:
            lines.append("  " + words("explain_rest", count=link["rows"], **size))
            continue
        source = {"process": named("process", link["process"]), "product": named("product", link["product"])}
        lines.append(f"{link['rank']:>3} " + words("explain_emission", **source, **size))
        if link["activity_value"] is not None:
            unit = units.text(link["activity_unit"], language)
            unit = f"× {unit}" if unit.startswith("10") else unit
            shown = {"value": f"{link['activity_value']:,.10g}", "unit": unit}
            place = _place_text(link, language)
            source_text = link["activity_source"] or "–"
            lines.append("      ← " + words("explain_activity", place=place, source=source_text, **shown))
            if link["activity_note"]:
                note = _in_language(link["activity_note"], language)
                lines.append("        " + words("explain_note", note=note))
        if link["factor_id"]:
            lines.append("      ← " + words("explain_factor", **_factor_words(link, language, listed)))
        if link["method"]:
            method = named("method", link["method"])
            control = listed("control", link["control"] or ())
            lines.append("      ← " + words("explain_method", method=method, control=control))
    return "\n".join(lines)


def _factor_words(
    link: Mapping[str, Any], language: Language, listed: Callable[[str, Sequence[str]], str]
) -> dict[str, str]:
    said = [say("reference.factors", f"status_{key}", language) for key in link["factor_status"] or ()]
    return {
        "record": " | ".join(link["factor_id"]),
        "value": "" if link["factor_value"] is None else f"{link['factor_value']:.6g}",
        "unit": link["factor_unit"] or "",
        "source": listed("source", link["factor_source"] or ()),
        "locator": " | ".join(link["factor_locator"] or ()),
        "status": ("、" if language == "zh" else ", ").join(said),
    }


def _in_language(note: str, language: Language) -> str:
    """Return the half of a note in `language` where it stands in both, the note itself elsewhere."""
    parts = note.split(" · ")
    chinese = [part for part in parts if any("\u4e00" <= letter <= "\u9fff" for letter in part)]
    if len(parts) != 2 or len(chinese) != 1:
        return note
    return chinese[0] if language == "zh" else next(part for part in parts if part != chinese[0])


def _place_text(link: Mapping[str, Any], language: Language) -> str:
    if not link["file"]:
        return say("ledger", "unknown_place", language)
    row = link["cell"] or (
        say("ledger", "cell_row", language, row=link["row"]) if link["row"] is not None else ""
    )
    return " · ".join(part for part in (link["file"], link["sheet"], row) if part)

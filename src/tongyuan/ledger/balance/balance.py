"""The energy balance of the statistical yearbooks: items in rows, fuels in columns → table energy_balance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.balance.balance_check import check_balance, without_totals
from tongyuan.ledger.balance.balance_layout import (
    Layout,
    bare_unit,
    counting,
    filled,
    layout_of,
    with_numbers,
    year_in,
)
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.read.lookup import Lookup
from tongyuan.ledger.read.sheet import ROW, Sheet
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.ledger.text.clean import BLANK, Origin, tell_doubtful, tell_rewritten
from tongyuan.ledger.text.number import Reading, doubtful, hint, parse_number, readings
from tongyuan.ledger.text.unit_text import doubts
from tongyuan.reference.energy.balance_name import identify_fuel, identify_item
from tongyuan.reference.region import catalogue, inside, region_in
from tongyuan.reference.shelf import identify, shelf

RECOVERY = ("energy_recovery", "recovery")
"""The item 回收能 below and above the line of transformation: older editions count it as supply."""


def from_sheet(
    sheet: Sheet,
    *,
    layout: Layout | None = None,
    file: str = "",
    region: str = "",
    year: int | None = None,
    source: str = "",
    label: str = "",
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a wide balance as table energy_balance, and what is wrong with it.

    Parameters
    ----------
    sheet, layout
        The sheet as text, and where its fuels, items and units are when that is known.
    file, label
        Names of the file and of the sheet, for findings and for the places of rows.
    region, year, source
        What the rows are of. Region and year named in the title or the sheet name go before these; a region
        that contradicts `region` is an error.

    Returns
    -------
    tuple of DataFrame and findings
        Long table with ``_place``; rows and columns that do not close are named in the findings, and a row or
        column with a value that cannot be placed is an error.
        Totals over fuels are checked but not entered, since they would count the fuels twice.
    """
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    layout = layout or layout_of(sheet)
    if layout is None:
        return empty("energy_balance").with_columns(pl.lit("").alias(PLACE)), [
            finding("ledger", "balance_no_header", **place)
        ]
    findings: list[Finding] = []
    texts = [text for text in (label or sheet.name, file) if text]
    year = layout.year or next((y for text in texts if (y := year_in(text))), year)
    named = layout.region or next((r for text in texts if (r := region_in(text))), "")
    _contradiction(layout, named, region, texts, findings, place)
    body, wrong = _body(sheet, layout, file)
    findings += wrong
    keys = _keys(body, layout, named or region, year, findings, place)
    _columns(sheet, layout, body, findings, place)
    long = _long(sheet, body, layout, file, findings)
    frame = (
        long.join(keys, on=ROW, how="left", maintain_order="left")
        .drop(ROW)
        .with_columns(pl.lit(source or layout.title or label or file).alias("source"))
    )
    frame = _unsign(frame, findings, place)
    findings += check_balance(frame, printed=_printed(body, layout), listed=body["item"].to_list())
    return conform("energy_balance", without_totals(frame)[0]), findings


def _contradiction(
    layout: Layout, named: str, region: str, texts: list[str], findings: list[Finding], place: dict[str, Any]
) -> None:
    """Report a region of the title that is neither in nor around the workspace's or the sheet name's."""
    others = [region] if region in catalogue() else []
    others += [found for text in texts[:1] if layout.region and (found := region_in(text))]
    for other in dict.fromkeys(others):
        if named and not inside(named, other) and not inside(other, named):
            words = {"found": _title(named), "other": _title(other), **place}
            findings.append(finding("ledger", "balance_region_conflict", **words))


def _keys(
    body: pl.DataFrame, layout: Layout, region: str, year: int | None, findings: list[Finding],
    place: dict[str, Any],
) -> pl.DataFrame:  # fmt: skip
    """Return region and year of every row: from their own columns, else those of the whole sheet."""
    frame = body.select(ROW)
    texts = {key: body[letter].to_list() for key, letter in layout.keys.items()}
    regions = [identify("region", t) or t if t else region for t in texts.get("region", [""] * body.height)]
    years = [year_in(t or "") or year for t in texts.get("year", [""] * body.height)]
    for row, found in zip(body[ROW].to_list(), regions, strict=True):
        if region and found != region and layout.region and not inside(found, region):
            words = {"found": _title(found), "other": _title(region), **place}
            column = layout.keys["region"]
            findings.append(finding("ledger", "balance_region_conflict", row=row, column=column, **words))
    if None in years or (year is None and not years):
        findings.append(finding("ledger", "balance_no_year", **place))
    if "" in regions or not (region or regions):
        findings.append(finding("ledger", "balance_no_region", **place))
    return frame.with_columns(
        pl.Series("region", [r or None for r in regions], dtype=pl.String),
        pl.Series("year", years, dtype=pl.Int64),
    )


def _title(region: str) -> Bilingual:
    return Bilingual.titled("region", region) if region in catalogue() else Bilingual(region, region)


def _columns(
    sheet: Sheet, layout: Layout, body: pl.DataFrame, findings: list[Finding], place: dict[str, Any]
) -> None:
    """Report columns with numbers that name no fuel or one named before, and fuels without a unit."""
    letters = sheet.columns
    at = int(sheet.grid[ROW][layout.header])
    filled = [
        letter
        for letter in (*layout.unknown, *layout.twice)
        if letters.index(letter) > letters.index(layout.item) and with_numbers(body, letter)
    ]
    for letter in filled:
        text = layout.unknown.get(letter, "")
        if letter in layout.twice:
            words: dict[str, Any] = {"title": Bilingual.titled("product", layout.twice[letter])}
            findings.append(finding("ledger", "balance_fuel_twice", row=at, column=letter, **words, **place))
            continue
        words = {"value": text or "—", "suggestion": Lookup(("product",), (), "").suggest(text)}
        findings.append(finding("ledger", "unknown_balance_fuel", row=at, column=letter, **words, **place))
    for letter, product in layout.products.items():
        if letter not in layout.units:
            named = Bilingual.titled("product", product)
            findings.append(finding("ledger", "balance_no_unit", row=at, column=letter, title=named, **place))
    said: dict[tuple[str, Any], None] = {}
    for unit in layout.units.values():
        for check, told in doubts(unit):
            if (check, told.get("part")) not in said:
                said[check, told.get("part")] = None
                count = sum(other == unit for other in layout.units.values())
                findings.append(finding("ledger", check, row=at, count=count, **told, **place))


def _body(sheet: Sheet, layout: Layout, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the rows below the fuels whose label names an item, with the item's id."""
    grid = sheet.grid.slice(layout.header + 1)
    labels = grid[layout.item].fill_null("").to_list()
    items = [identify_item(text) for text in labels]
    other = grid.filter(pl.Series([item is None for item in items], dtype=pl.Boolean))
    fuels = list(layout.products)
    rows = zip(
        other[layout.item].fill_null("").to_list(), other[ROW].to_list(), filled(other, fuels),
        counting(other, layout.item, fuels), strict=True,
    )  # fmt: skip
    findings = [
        finding(
            "ledger", "unknown_balance_item", file=file, sheet=sheet.name, row=row, column=layout.item,
            value=text.strip() or "—", suggestion=Lookup(("balance_item",), (), "").suggest(text),
        )
        for text, row, full, numbering in rows
        if full and not numbering and not bare_unit(text)
    ]  # fmt: skip
    grid = grid.with_columns(pl.Series("item", placed_recovery(items), dtype=pl.String))
    return grid.filter(pl.col("item").is_not_null() & (pl.col("item") != "")), findings


def _turning() -> set[str]:
    parts = shelf("balance_item").filter(pl.col("parent") == "transformation")["balance_item"]
    return {"transformation", *parts} - set(RECOVERY)


def placed_recovery(items: list[str | None]) -> list[str | None]:
    """Return `items` in the order of a sheet with 回收能 as supply where it stands above transformation."""
    turn = next((i for i, item in enumerate(items) if item in _turning()), 0)
    below, above = RECOVERY
    return [above if item == below and i < turn else item for i, item in enumerate(items)]


def without_passed_over(letters: Mapping[str, str], grid: pl.DataFrame, origin: Origin) -> pl.DataFrame:
    """Return a long balance without the rows that a yearbook sums beside their parts: 能源合计, 水电."""
    keep = pl.repeat(True, grid.height, dtype=pl.Boolean, eager=True)
    for column, identified in (("item", identify_item), ("product", identify_fuel)):
        if column in letters:
            text = grid[letters[column]]
            passed = [word for word in text.unique().drop_nulls().to_list() if identified(word) == ""]
            keep = keep & ~text.is_in(passed).fill_null(False)
    if not keep.all():
        left = grid.filter(~keep)
        column = "item" if "item" in letters else "product"
        words = {"value": left[letters[column]][0], "count": left.height}
        origin.note("balance_passed_over", column, int(left[ROW][0]), **words)
    return grid.filter(keep)


def with_recovery_placed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a long balance with 回收能 as supply where its row stands above those of transformation."""
    below, above = RECOVERY
    if not (frame["item"] == below).any():
        return frame
    turn = pl.when(pl.col("item").is_in(_turning())).then("_order").min().over("region", "year", "product")
    early = (pl.col("item") == below) & (pl.col("_order") < turn).fill_null(False)
    placed = pl.when(early).then(pl.lit(above)).otherwise("item").alias("item")
    return frame.with_row_index("_order").with_columns(placed).drop("_order")


def _long(
    sheet: Sheet, body: pl.DataFrame, layout: Layout, file: str, findings: list[Finding]
) -> pl.DataFrame:
    """Return the numbers of the body as one long table; what cannot be read is reported at its cell."""
    commas = readings(sheet, layout.products, int(sheet.grid[ROW][layout.header]))
    parts = []
    for reading in dict.fromkeys(commas.values()):
        letters = [letter for letter in layout.products if commas[letter] == reading]
        text = pl.concat([body[letter].str.strip_chars().alias("value") for letter in letters])
        number, rewritten = parse_number(text, reading)
        unread = number.is_null() & text.is_not_null() & ~text.str.to_lowercase().is_in(list(BLANK))
        for position, letter in enumerate(letters):
            product = layout.products[letter]
            span = (position * body.height, body.height)
            if unread.slice(*span).any() or rewritten.slice(*span).any():
                origin = Origin(file, sheet.name, {product: letter}, findings)
                _tell(text.slice(*span), unread.slice(*span), body[ROW], reading, origin, product)
            parts.append(
                body.select(
                    ROW,
                    "item",
                    pl.lit(product).alias("product"),
                    number.slice(*span).alias("value"),
                    pl.lit(layout.units.get(letter), dtype=pl.String).alias("unit"),
                    (pl.lit(f"{file}|{sheet.name}|") + pl.col(ROW).cast(pl.String)).alias(PLACE),
                )
            )
    return pl.concat(parts).filter(pl.col("value").is_not_null() & (pl.col("value") != 0))


def _tell(
    text: pl.Series, unread: pl.Series, rows: pl.Series, reading: Reading, origin: Origin, product: str
) -> None:
    """Report the cells of one fuel that cannot be read, or that were rewritten to be read."""
    named = Bilingual.titled("product", product)
    told = doubtful(text, reading) if reading in ("unclear", "conflict") else unread & False
    if told.any():
        tell_doubtful(text, rows, reading, origin, product, named)
    tell_rewritten(text, rows, reading, origin, product, named)
    for row, bad in zip(rows.filter(unread & ~told), text.filter(unread & ~told), strict=True):
        origin.note("not_a_number", product, row, title=named, value=bad, hint=hint(bad))


def _unsign(frame: pl.DataFrame, findings: list[Finding], place: dict[str, Any]) -> pl.DataFrame:
    """Enter as positive the items that are subtracted when the sheet prints them as negative numbers."""
    subtracted = shelf("balance_item").filter(pl.col("sign") == "-1")["balance_item"].to_list()
    for item in subtracted:
        values = frame.filter(pl.col("item") == item)["value"]
        if values.len() and bool((values <= 0).all()):
            named = Bilingual.titled("balance_item", item)
            findings.append(finding("ledger", "balance_sign", item=named, **place))
            frame = frame.with_columns(
                pl.when(pl.col("item") == item)
                .then(-pl.col("value"))
                .otherwise(pl.col("value"))
                .alias("value")
            )
    return frame


def _printed(body: pl.DataFrame, layout: Layout) -> dict[str, int]:
    """Return the decimals each column is printed with, at most two."""
    printed = {}
    for letter, product in layout.products.items():
        decimals = body[letter].str.strip_chars().str.extract(r"\.(\d+)$").str.len_chars().to_list()
        printed[product] = min(max((d for d in decimals if d), default=0), 2)
    return printed

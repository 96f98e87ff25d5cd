"""The energy balance of the statistical yearbooks: items in rows, fuels in columns → table energy_balance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.balance_check import check_balance, without_totals
from tongyuan.ledger.clean import BLANK, Origin, tell_doubtful, tell_rewritten
from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.lookup import Lookup
from tongyuan.ledger.number import doubtful, hint, parse_number, readings
from tongyuan.ledger.sheet import ROW, Sheet
from tongyuan.ledger.table import PLACE, conform, read_resource
from tongyuan.reference import units
from tongyuan.reference.shelf import fold, identify, shelf

TOP = 12
"""Rows at the top of a sheet in which the fuels are looked for."""

_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,]|\([一二三四五六七八九十\d]+\)|\d+[、.,)]|其中[:：]?)+"
)
_MARKS = re.compile(r"[\s#*、,，.。:：;；·‘’“”\"'()\[\]+-]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ONE_UNIT = re.compile(r"(?:计量)?单位[:：]\s*([^\s()（）]+)|\bunits?\s*:\s*(.+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where a wide balance has its fuels, its items and its units."""

    header: int
    item: str
    products: dict[str, str]
    ignored: tuple[str, ...]
    unknown: dict[str, str]
    units: dict[str, str]


def _key(text: str) -> str:
    word = fold(text)
    word = _NUMBERING.sub("", word.lstrip("#*"))
    return _MARKS.sub("", _NUMBERING.sub("", _BRACKET.sub("", word)).lstrip("#*"))


@cache
def _known(name: str) -> dict[str, str]:
    """Return the names of the rows or columns of balances → id, empty for those passed over."""
    frame = shelf(name)
    found: dict[str, str] = {}
    for column in ("title_en", "title_zh"):
        found |= {_key(text): key for key, text in zip(frame[name], frame[column], strict=True) if text}
    rows = read_resource("balance_name.csv").filter(pl.col("shelf") == name)
    return found | {_key(text): key for text, key in zip(rows["name"], rows["id"], strict=True)}


def identify_item(text: str) -> str | None:
    """Return the balance item that a row label names, numbering and signs aside; "" for rows passed over."""
    key = _key(text)
    return _known("balance_item").get(key) if key else None


def identify_fuel(text: str) -> str | None:
    """Return the product that a column label names, in either language; "" for columns passed over."""
    known = _known("product")
    chinese = "".join(re.findall(r"[\u4e00-\u9fff、]+", _BRACKET.sub("", fold(text))))
    english = " ".join(re.findall(r"[A-Za-z-]+", _BRACKET.sub("", text)))
    for candidate in (text, chinese, english):
        found = known.get(_key(candidate)) if candidate else None
        if found is not None:
            return found
    return identify("product", text)


def _layout(sheet: Sheet) -> Layout | None:
    letters = sheet.columns
    top = sheet.grid.head(TOP).select(letters).rows()
    best, header = 2, -1
    for position, row in enumerate(top):
        hits = len({identify_fuel(text) for text in row if text and text.strip()} - {None})
        if hits > best:
            best, header = hits, position
    if header < 0:
        return None
    products: dict[str, str] = {}
    unknown: dict[str, str] = {}
    ignored = []
    for letter, text in zip(letters, top[header], strict=True):
        if not text or not text.strip():
            continue
        found = identify_fuel(text)
        if found is None:
            unknown[letter] = text.strip()
        elif found == "" or found in products.values():
            ignored.append(letter)
        else:
            products[letter] = found
    counted = {
        letter: sum(
            identify_item(text) is not None for text in sheet.grid[letter].drop_nulls().to_list()[:80]
        )
        for letter in letters
        if letter not in products and letter not in ignored
    }
    item = max(counted, key=lambda letter: counted[letter], default="")
    if not item or counted[item] < 3:
        return None
    unknown = {k: v for k, v in unknown.items() if k != item and letters.index(k) > letters.index(item)}
    return Layout(header, item, products, tuple(ignored), unknown, _units(sheet, top, header, products))


def _bare_unit(text: str) -> str:
    inside = re.findall(r"[(\[（]([^()\[\]（）]*)[)\]）]\s*$", text.strip())
    for candidate in (*inside, text.strip()):
        if candidate and units.known(candidate):
            return str(candidate)
    return ""


def _units(
    sheet: Sheet, top: list[tuple[str | None, ...]], header: int, products: dict[str, str]
) -> dict[str, str]:
    letters = sheet.columns
    for row in top[header : header + 4]:
        cells = dict(zip(letters, row, strict=True))
        named = {letter: _bare_unit(cells[letter] or "") for letter in products}
        if sum(bool(unit) for unit in named.values()) * 2 > len(products):
            return {letter: unit for letter, unit in named.items() if unit}
    for row in top[: header + 2]:
        for text in row:
            found = _ONE_UNIT.search(text) if text else None
            if found:
                unit = (found.group(1) or found.group(2)).strip()
                if units.known(unit):
                    return dict.fromkeys(products, unit)
    return {}


def is_wide(sheet: Sheet) -> bool:
    """Return whether `sheet` has the layout of a yearbook balance."""
    return _layout(sheet) is not None


def letters_of(sheet: Sheet) -> dict[str, str]:
    """Return the letter of the column of each fuel in a wide balance."""
    layout = _layout(sheet)
    return {} if layout is None else {product: letter for letter, product in layout.products.items()}


def _region_in(text: str) -> str:
    """Return the region named in a title such as ``山东能源平衡表（实物量）-2021``."""
    try:
        frame = shelf("region")
    except KeyError:
        return ""
    best = ""
    for key, name in zip(frame[frame.columns[0]], frame["title_zh"], strict=True):
        short = re.sub(r"(省|市|(壮族|回族|维吾尔)?自治区|特别行政区)$", "", name)
        if (name in text or (len(short) >= 2 and text.strip().startswith(short))) and len(name) > len(best):
            best = name
            found = key
    return found if best else ""


def from_sheet(
    sheet: Sheet,
    *,
    file: str = "",
    region: str = "",
    year: int | None = None,
    source: str = "",
    label: str = "",
) -> tuple[pl.DataFrame, list[Finding]]:
    """Return a wide balance as table energy_balance, and what is wrong with it.

    Parameters
    ----------
    sheet
        The sheet as text.
    file, label
        Names of the file and of the sheet, for findings and for the places of rows.
    region, year, source
        What the rows are of. Region and year named in the title or the sheet name go before these.

    Returns
    -------
    tuple of DataFrame and findings
        Long table with ``_place``; rows and columns that do not close are named in the findings.
        Totals over fuels are checked but not entered, since they would count the fuels twice.
    """
    place: dict[str, Any] = {"file": file, "sheet": sheet.name}
    layout = _layout(sheet)
    if layout is None:
        return conform("energy_balance", pl.DataFrame(schema=_dtypes())), [
            finding("ledger", "balance_no_header", **place)
        ]
    findings: list[Finding] = []
    letters = sheet.columns
    heading = [t for row in sheet.grid.head(layout.header + 1).select(letters).rows() for t in row if t]
    texts = [*heading, label or sheet.name, file]
    years = [int(y) for text in texts for y in _YEAR.findall(text)]
    regions = [r for r in map(_region_in, texts) if r]
    year = years[0] if years else year
    region = regions[0] if regions else region
    if year is None:
        findings.append(finding("ledger", "balance_no_year", **place))
    if not region:
        findings.append(finding("ledger", "balance_no_region", **place))
    at = int(sheet.grid[ROW][layout.header])
    for letter, text in layout.unknown.items():
        hint = Lookup(("product",), (), "").suggest(text)
        findings.append(
            finding(
                "ledger", "unknown_balance_fuel", row=at, column=letter, value=text, suggestion=hint, **place
            )
        )
    for letter, product in layout.products.items():
        if letter not in layout.units:
            named = Bilingual.titled("product", product)
            findings.append(finding("ledger", "balance_no_unit", row=at, column=letter, title=named, **place))
    body, wrong = _body(sheet, layout, file)
    findings += wrong
    long = _long(sheet, body, layout, file, findings)
    text_source = source or next(
        (t for t in heading if "平衡表" in t or "balance" in t.lower()), label or file
    )
    frame = long.with_columns(
        pl.lit(region or None, dtype=pl.String).alias("region"),
        pl.lit(year, dtype=pl.Int64).alias("year"),
        pl.lit(text_source).alias("source"),
    )
    frame = _unsign(frame, findings, place)
    findings += check_balance(frame, printed=_printed(body, layout), listed=body["item"].to_list())
    return conform("energy_balance", without_totals(frame)[0]), findings


def _dtypes() -> dict[str, pl.DataType]:
    from tongyuan.ledger.table import table

    return table("energy_balance").dtypes


def _body(sheet: Sheet, layout: Layout, file: str) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the rows below the fuels whose label names an item, with the item's id."""
    grid = sheet.grid.slice(layout.header + 1)
    labels = grid[layout.item].fill_null("").to_list()
    items = [identify_item(text) for text in labels]
    filled = grid.select(
        pl.any_horizontal(
            pl.col(c).str.contains(r"^\s*[-+−－]?[\d０-９]").fill_null(False) for c in layout.products
        )
    ).to_series()
    findings = [
        finding(
            "ledger", "unknown_balance_item", file=file, sheet=sheet.name, row=row, column=layout.item,
            value=text.strip(), suggestion=Lookup(("balance_item",), (), "").suggest(text),
        )
        for text, item, row, full in zip(labels, items, grid[ROW].to_list(), filled.to_list(), strict=True)
        if item is None and full and text.strip() and not _bare_unit(text)
    ]  # fmt: skip
    grid = grid.with_columns(pl.Series("item", items, dtype=pl.String))
    return grid.filter(pl.col("item").is_not_null() & (pl.col("item") != "")), findings


def _long(
    sheet: Sheet, body: pl.DataFrame, layout: Layout, file: str, findings: list[Finding]
) -> pl.DataFrame:
    parts = []
    commas = readings(sheet, layout.products, int(sheet.grid[ROW][layout.header]))
    for letter, product in layout.products.items():
        text = body[letter].str.strip_chars()
        blank = text.str.to_lowercase().is_in(list(BLANK)) | text.is_null()
        reading = commas[letter]
        number, _ = parse_number(text, reading)
        named = Bilingual.titled("product", product)
        origin = Origin(file, sheet.name, {product: letter}, findings)
        told = doubtful(text, reading) if reading in ("unclear", "conflict") else blank & False
        if told.any():
            tell_doubtful(text, body[ROW], reading, origin, product, named)
        tell_rewritten(text, body[ROW], reading, origin, product, named)
        for row, bad in zip(
            *(series.filter(number.is_null() & ~blank & ~told) for series in (body[ROW], text)), strict=True
        ):
            findings.append(
                finding(
                    "ledger",
                    "not_a_number",
                    file=file,
                    sheet=sheet.name,
                    row=row,
                    column=letter,
                    title=named,
                    value=bad,
                    hint=hint(bad),
                )
            )
        parts.append(
            pl.DataFrame(
                {
                    "item": body["item"],
                    "product": pl.Series([product]).new_from_index(0, body.height)
                    if body.height
                    else pl.Series([], dtype=pl.String),
                    "value": number,
                    "unit": pl.Series([layout.units.get(letter)], dtype=pl.String).new_from_index(
                        0, body.height
                    ),
                    PLACE: pl.Series([f"{file}|{sheet.name}|"]).new_from_index(0, body.height)
                    + body[ROW].cast(pl.String),
                }
            )
        )
    return pl.concat(parts).filter(pl.col("value").is_not_null() & (pl.col("value") != 0))


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

"""环境信息依法披露: the yearly disclosure of an enterprise, from the same rows as its ledgers."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.facility.words import MEAN, ROOM, against, head, place

PROFILE = ("name", "facility", "region", "industry", "kind", "permit")


def disclosure(tables: Tables, facility: str, year: int, language: Language) -> list[Block]:
    """Return the disclosure of `facility` for `year`.

    Parameters
    ----------
    tables
        Tables ``facility`` (its own row), ``facility_emission``, ``outlet_month``, ``permit_account``,
        ``tax_return``, ``allowance_account``, ``diagnosis``, ``waste_transfer`` and ``disclosure`` as
        far as they exist. What an enterprise has to say in words comes from table ``disclosure``.

    Notes
    -----
    The chapters are those the order names (order 24, Article 12); the form of the guideline was not read.
    """
    own = {name: _of(frame, facility) for name, frame in tables.items()}
    blocks: list[Block] = [
        Heading(say(ROOM, "disclosure.title", language, year=year, name=_name(own, facility)), 0),
        Note(say(ROOM, "disclosure.note", language), "warning"),
        Heading(say(ROOM, "disclosure.profile", language)),
        _profile(own, language),
        Heading(say(ROOM, "disclosure.pollutants", language)),
        *_pollutants(own, year, language),
        Heading(say(ROOM, "disclosure.waste", language)),
        *_waste(own, year, language),
        Heading(say(ROOM, "disclosure.carbon", language)),
        *_carbon(own, year, language),
        Heading(say(ROOM, "disclosure.management", language)),
        *_management(own, year, language),
        Heading(say(ROOM, "disclosure.said", language)),
        *_said(own, year, language),
    ]
    return blocks


def _of(frame: pl.DataFrame, facility: str) -> pl.DataFrame:
    return frame.filter(pl.col("facility") == facility) if "facility" in frame.columns else frame


def _name(own: Tables, facility: str) -> str:
    frame = rows(own, "facility")
    return str(frame["name"][0]) if frame.height and frame["name"][0] else facility


def _none(language: Language) -> list[Block]:
    return [Paragraph(say(ROOM, "disclosure.none", language))]


def _year(frame: pl.DataFrame, year: int) -> pl.DataFrame:
    return frame.filter(pl.col("month").str.slice(0, 4) == str(year))


def _profile(own: Tables, language: Language) -> Block:
    frame = rows(own, "facility")
    who = frame.row(0, named=True) if frame.height else {}
    lines = []
    for column in PROFILE:
        value = str(who.get(column) or "–")
        if column == "region":
            value = label.title("region", value, language)
        if column == "kind":
            value = label.title("facility_kind", value, language)
        lines.append([label.table_column("facility", column, language), value])
    heads = [head("item", language, width=20), head("value", language, width=40)]
    return TableBlock(say(ROOM, "disclosure.profile", language), heads, lines)


def _pollutants(own: Tables, year: int, language: Language) -> list[Block]:
    emission = _year(rows(own, "facility_emission"), year).filter(pl.col("counted").fill_null(True))
    emission = emission.filter(pl.col("outlet").fill_null("") != "")
    if emission.is_empty():
        return _none(language)
    key = ["outlet", "species"]
    summed = emission.group_by(key).agg(
        pl.col("value").sum(), pl.col("method").unique().sort(), pl.col("month").n_unique().alias("months")
    )
    hours = _year(rows(own, "outlet_month"), year)
    seen = hours.group_by(key).agg(
        MEAN.alias("mean"),
        pl.col("limit").last(),
        pl.col("unit").drop_nulls().last(),
        pl.col("hours_over").sum(),
        pl.col("hours_substituted").sum(),
    )
    permit = rows(own, "permit_account").filter(pl.col("year") == year)
    limit = permit.group_by(key).agg(pl.col("limit").last().alias("tonnes"))
    joined = summed.join(seen, on=key, how="left").join(limit, on=key, how="left").sort(key)
    lines = [
        [
            place(r["outlet"], language),
            label.symbol(r["species"], language),
            number(r["value"]),
            number(r["tonnes"]),
            against(r["mean"], r["limit"], r["unit"]),
            number(r["hours_over"]),
            number(r["hours_substituted"]),
            ", ".join(say("facility.hour", f"method_{m}", language) for m in r["method"]),
            str(r["months"]),
        ]
        for r in joined.to_dicts()
    ]
    heads = [
        head("outlet", language),
        head("species", language),
        *(head(n, language, numeric=True) for n in ("emission", "limit", "mean", "over_plain", "filled")),
        head("method", language),
        head("months", language, numeric=True),
    ]
    return [TableBlock(say(ROOM, "disclosure.pollutants", language), heads, lines, wide=True)]


def _waste(own: Tables, year: int, language: Language) -> list[Block]:
    waste = _year(rows(own, "waste_transfer"), year)
    if waste.is_empty():
        return _none(language)
    names = ("generated", "used", "disposed", "stored", "sent")
    summed = waste.group_by("waste").agg(pl.col(n).sum() for n in names).sort("waste")
    lines = [[str(r["waste"]), *(number(r[n]) for n in names)] for r in summed.to_dicts()]
    titles = [label.table_column("waste_transfer", n, language) for n in ("waste", *names)]
    heads = [Column(titles[0]), *(Column(f"{t} (t)", numeric=True) for t in titles[1:])]
    return [TableBlock(say(ROOM, "disclosure.waste", language), heads, lines)]


def _carbon(own: Tables, year: int, language: Language) -> list[Block]:
    emission = _year(rows(own, "facility_emission"), year).filter(pl.col("counted").fill_null(True))
    carbon = emission.filter(pl.col("species").is_in(["CO2", "CH4", "N2O", "CF4", "C2F6"]))
    if carbon.is_empty():
        return _none(language)
    summed = carbon.group_by("species", "scope").agg(
        pl.col("value").sum(), pl.col("month").n_unique().alias("months")
    )
    lines = [
        [
            label.symbol(r["species"], language),
            say(ROOM, f"disclosure.{r['scope'] or 'direct'}", language),
            number(r["value"], 7),
            str(r["months"]),
        ]
        for r in summed.sort("species", "scope").to_dicts()
    ]
    heads = [
        head("species", language),
        head("item", language),
        head("emission", language, numeric=True),
        head("months", language, numeric=True),
    ]
    blocks: list[Block] = [TableBlock(say(ROOM, "disclosure.carbon", language), heads, lines)]
    account = rows(own, "allowance_account").filter(
        (pl.col("year") == year) & (pl.col("installation").fill_null("") == "")
    )
    wanted = account.filter(pl.col("line").is_in(["fixed", "obligation", "short", "left"]))
    if wanted.height:
        title = "title_en" if language == "en" else "title_zh"
        told = [[r[title], number(r["value"], 7)] for r in wanted.to_dicts()]
        caption = say(ROOM, "section.allowance", language)
        blocks.append(
            TableBlock(caption, [head("item", language), head("tonnes", language, numeric=True)], told)
        )
    return blocks


def _management(own: Tables, year: int, language: Language) -> list[Block]:
    lines = []
    tax = rows(own, "tax_return").filter(pl.col("quarter").str.slice(0, 4) == str(year))
    if tax.height:
        lacking = tax["tax"].null_count()
        value = say(ROOM, "no_rate", language) if lacking else number(float(tax["tax"].sum()), places=2)
        lines.append([say(ROOM, "column.tax", language), value])
    capture = _year(rows(own, "outlet_month"), year)["capture"].drop_nulls()
    if capture.len():
        lines.append([say(ROOM, "disclosure.capture", language), percent(float(capture.min()))])  # type: ignore[arg-type]
    audit = rows(own, "diagnosis").filter((pl.col("year") == year) & (pl.col("aspect") == "audit_due"))
    if audit.height:
        reasons = [say("facility.diagnosis", f"reason_{r}", language) for r in audit["indicator"]]
        lines.append([say("facility.diagnosis", "aspect_audit", language), ", ".join(reasons)])
    if not lines:
        return _none(language)
    heads = [head("item", language, width=24), head("value", language, width=30)]
    return [TableBlock(say(ROOM, "disclosure.management", language), heads, lines)]


def _said(own: Tables, year: int, language: Language) -> list[Block]:
    said = rows(own, "disclosure").filter(pl.col("year") == year)
    if said.is_empty():
        return _none(language)
    lines = [
        [
            str(r["item"]),
            str(r["value"]),
            "" if r["published"] is None else r["published"].isoformat(),
            r["link"] or "",
        ]
        for r in said.to_dicts()
    ]
    titles = [label.table_column("disclosure", n, language) for n in ("item", "value", "published", "link")]
    return [
        TableBlock(say(ROOM, "disclosure.said", language), [Column(t, quoted=True) for t in titles], lines)
    ]

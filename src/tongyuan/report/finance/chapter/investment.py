"""Projects: what each is worth, what reductions cost, who pays, what a sum buys; claims on green power."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, amount, number, percent
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has

ORDER = 425

ROOM = "report.finance"
MOST = 40
"""Rows of a table."""

PAYERS = ("government", "enterprise", "household", "bank")
CURRENCY = "CNY"


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without projects and without claims on green power."""
    blocks: list[Block] = []
    if has(tables, "appraisal"):
        blocks += _told(tables, language)
        blocks += [appraisal_table(tables["appraisal"], language), Note(say(ROOM, "joint_note", language))]
        if has(tables, "appraisal_payer"):
            blocks.append(payer_table(tables, language))
        if has(tables, "appraisal_range"):
            blocks.append(range_table(tables, language))
        if has(tables, "investment_check"):
            blocks.append(check_table(tables, language))
        if has(tables, "portfolio"):
            blocks.append(portfolio_table(tables, language))
    if has(tables, "green_claim_state"):
        blocks += [Paragraph(_claimed(tables["green_claim_state"], language)),
                   claim_table(tables["green_claim_state"], language)]  # fmt: skip
    if has(tables, "green_product_state"):
        blocks += [Paragraph(_green(tables["green_product_state"], language)),
                   product_table(tables["green_product_state"], language)]  # fmt: skip
    if not blocks:
        return None
    ordered = [b for b in blocks if isinstance(b, Paragraph)] + [
        b for b in blocks if not isinstance(b, Paragraph)
    ]
    shown = sum(isinstance(b, Paragraph) for b in ordered)
    return Section("investment", say(ROOM, "section.investment", language), tuple(ordered), shown=shown)


def called(frame: pl.DataFrame, language: Language) -> dict[str, str]:
    """Return what each project is called: its title, with its id where others have the same, else its id."""
    often = frame.group_by("title").len()
    repeated = set(often.filter(pl.col("len") > 1)["title"].drop_nulls())
    ends = ("（", "）") if language == "zh" else (" (", ")")
    return {
        p: f"{t}{ends[0]}{p}{ends[1]}" if t in repeated else t or p
        for p, t in frame.select("project", "title").iter_rows()
    }


def _money(value: float | None, language: Language) -> str:
    return MISSING if value is None else amount(value, CURRENCY, language, 3)


def _told(tables: Tables, language: Language) -> list[Block]:
    """Return in sentences how many projects pay, and what the portfolio brings."""
    frame = tables["appraisal"]
    pays = frame.filter(pl.col("net_present_value") > 0).height
    rate = percent(frame["discount_rate"][0], 2)
    told = say(ROOM, "told", language, count=frame.height, pays=pays, rate=rate)
    texts: list[Block] = [Paragraph(told)]
    if has(tables, "portfolio"):
        taken = tables["portfolio"].filter("chosen")
        words: dict[str, object] = {"count": tables["portfolio"].height, "chosen": taken.height}
        words |= {"money": _money(float(taken["budget"].sum()), language)}
        cut = frame.filter(pl.col("project").is_in(taken["project"].implode()))
        words |= {"carbon": amount(float(cut["CO2e"].sum()), "t", language, 3)}
        texts.append(Paragraph(say(ROOM, "portfolio_told", language, **words)))
    return texts


def appraisal_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return value, rate, payback and the cost of both reductions of every project."""
    names = ("project", "net_present_value", "rate", "payback", "yearly_cost", "CO2e", "equivalent",
             "carbon_cost", "equivalent_cost")  # fmt: skip
    units = {"payback": "years", "carbon_cost": "per_tonne", "equivalent_cost": "per_equivalent"}
    heads = []
    for name in names:
        unit = f" ({say(ROOM, units[name], language)})" if name in units else ""
        heads.append(
            Column(
                table_column("appraisal", name, language) + unit,
                numeric=name != "project",
                quoted=name == "project",
            )
        )
    ranked = frame.sort("net_present_value", descending=True, maintain_order=True).head(MOST)
    names_of = called(frame, language)
    lines = [
        [
            names_of[r["project"]],
            _money(r["net_present_value"], language),
            _rate(r, language),
            number(r["payback"], 3) if r["payback"] is not None else say(ROOM, "never", language),
            _money(r["yearly_cost"], language),
            MISSING if r["CO2e"] is None else amount(r["CO2e"], "t", language, 3),
            number(r["equivalent"], 3),
            number(r["carbon_cost"], 3),
            number(r["equivalent_cost"], 3),
        ]
        for r in ranked.iter_rows(named=True)
    ]
    caption = say(ROOM, "appraisal_table", language, shown=len(lines), count=frame.height)
    return TableBlock(caption, heads, lines, note=say(ROOM, "appraisal_note", language))


def _rate(row: dict[str, object], language: Language) -> str:
    rate, count = row["rate"], row["rates"]
    if isinstance(rate, float):
        return percent(rate, 3)
    return say(ROOM, "several" if count else "none", language, count=count)


def payer_table(tables: Tables, language: Language) -> TableBlock:
    """Return the net present value of every project to each who pays or gains."""
    wide = {(r["project"], r["payer"]): r["net_present_value"]
            for r in tables["appraisal_payer"].iter_rows(named=True)}  # fmt: skip
    present = [p for p in PAYERS if any(payer == p for _, payer in wide)]
    heads = [Column(table_column("appraisal", "project", language), quoted=True)]
    heads += [Column(choice_title(p, language), numeric=True) for p in present]
    titles = called(tables["appraisal"], language)
    lines = [
        [titles[r["project"]], *(_money(wide.get((r["project"], p)), language) for p in present)]
        for r in tables["appraisal"].head(MOST).iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "payer_table", language), heads, lines)


def range_table(tables: Tables, language: Language) -> TableBlock:
    """Return how far the value of every project moves with prices and performance."""
    titles = called(tables["appraisal"], language)
    names = ("project", "lower", "median", "upper", "positive")
    heads = [
        Column(table_column("appraisal_range", n, language), numeric=n != "project", quoted=n == "project")
        for n in names
    ]
    lines = [
        [
            titles.get(r["project"]) or r["project"],
            *(_money(r[n], language) for n in ("lower", "median", "upper")),
            percent(r["positive"], 2),
        ]
        for r in tables["appraisal_range"].head(MOST).iter_rows(named=True)
    ]
    draws = int(tables["appraisal_range"]["draws"][0])
    return TableBlock(say(ROOM, "range_table", language, draws=f"{draws:,}"), heads, lines)


def check_table(tables: Tables, language: Language) -> TableBlock:
    """Return what the screening found: what fails, then what is not known; what fits is counted."""
    titles = called(tables["appraisal"], language)
    names = ("project", "check", "state", "fact", "limit", "document")
    heads = [
        Column(table_column("investment_check", n, language), quoted=n in ("project", "document"))
        for n in names
    ]
    frame = tables["investment_check"]
    told = frame.filter(pl.col("state") != "fits")
    told = told.sort(pl.col("state") != "fails", pl.col("check") == "needs_support", maintain_order=True)
    lines = [
        [
            titles.get(r["project"]) or r["project"],
            choice_title(r["check"], language),
            choice_title(r["state"], language),
            _fact(r, language),
            r["limit"] or MISSING,
            r["document"] or MISSING,
        ]
        for r in told.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    words = {"shown": len(lines), "count": told.height, "fits": frame.height - told.height}
    return TableBlock(say(ROOM, "check_table", language, **words), heads, lines)


def _fact(row: dict[str, str], language: Language) -> str:
    """Return a fact of the screening; the value without support as money."""
    if row["check"] == "needs_support" and row["fact"]:
        return say(ROOM, "alone", language, money=_money(float(row["fact"]), language))
    return row["fact"] or MISSING


def portfolio_table(tables: Tables, language: Language) -> TableBlock:
    """Return which projects the sum goes to."""
    titles = called(tables["appraisal"], language)
    names = ("project", "budget", "value", "chosen")
    heads = [Column(table_column("portfolio", n, language), numeric=n in ("budget", "value")) for n in names]
    ranked = tables["portfolio"].sort("chosen", "value", descending=True, maintain_order=True).head(MOST)
    lines = [
        [
            titles.get(r["project"]) or r["project"],
            _money(r["budget"], language),
            _money(r["value"], language),
            say(ROOM, "yes" if r["chosen"] else "no", language),
        ]
        for r in ranked.iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "portfolio_table", language), heads, lines)


def _claimed(state: pl.DataFrame, language: Language) -> str:
    refused = state.filter(pl.col("refused") > 0)
    total = number(float(state["refused"].sum()), 4)
    key = "claims_refused" if refused.height else "claims_stand"
    return say(ROOM, key, language, count=state.height, refused=refused.height, amount=total)


def claim_table(state: pl.DataFrame, language: Language) -> TableBlock:
    """Return how much of every claim on green power stands."""
    names = ("claim", "plant", "year", "claimant", "kind", "amount", "allowed", "refused")
    numeric = {"amount", "allowed", "refused"}
    heads = [
        Column(table_column("green_claim_state", n, language) + (" (MWh)" if n in numeric else ""),
               numeric=n in numeric)
        for n in names
    ]  # fmt: skip
    first = state.sort("refused", descending=True, maintain_order=True).head(MOST)
    lines = [
        [r["claim"], r["plant"], str(r["year"]), r["claimant"] or MISSING, choice_title(r["kind"], language),
         *(number(r[n], 4) for n in ("amount", "allowed", "refused"))]
        for r in first.iter_rows(named=True)
    ]  # fmt: skip
    return TableBlock(say(ROOM, "claim_table", language), heads, lines)


def _green(state: pl.DataFrame, language: Language) -> str:
    each = state.unique("product", maintain_order=True)
    counts = {s: each.filter(pl.col("state") == s).height for s in ("fits", "fails", "not_known")}
    return say(ROOM, "products_told", language, count=each.height, **counts)


def product_table(state: pl.DataFrame, language: Language) -> TableBlock:
    """Return how every indicator and certificate of a product sold as green stands, what fails first."""
    order = {"fails": 0, "not_known": 1, "fits": 2}
    first = state.sort(pl.col("state").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)
    names = ("product", "indicator", "value", "limit", "margin", "limit_state", "certificate_state", "state",
             "document")  # fmt: skip
    heads = [
        Column(table_column("green_product_state", n, language), numeric=n in ("value", "limit", "margin"),
               quoted=n in ("product", "indicator", "document"))
        for n in names
    ]  # fmt: skip
    lines = [
        [r["title"] or r["product"], r["indicator"],
         MISSING if r["value"] is None else f"{number(r['value'], 4)} {r['unit']}",
         f"{number(r['limit'], 4)} {r['unit']}", percent(r["margin"], signed=True),
         *(choice_title(r[n], language) for n in ("limit_state", "certificate_state", "state")),
         r["document"] or MISSING]
        for r in first.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    return TableBlock(say(ROOM, "product_table", language), heads, lines)

"""The score of a workspace: which index fits it, on which figures it rests, how firm it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from tongyuan.flows.source import INDEX
from tongyuan.inventory.view.comparison import covered
from tongyuan.ledger.figure.comparable import incomparable, like_for_like
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import conform
from tongyuan.synergy.index.index import IndexSystem, load, read
from tongyuan.synergy.index.indicator import KEY, collect
from tongyuan.synergy.index.score import score
from tongyuan.synergy.index.score_table import index_table
from tongyuan.synergy.index.standing import standing

Tables = dict[str, pl.DataFrame]

INDEX_OF = {"province": "city", "city": "city", "park": "park", "enterprise": "enterprise"}
"""The shipped index for each kind of workspace; there is none of its own for a province."""


class Choices(NamedTuple):
    """What is asked of a score beyond its index: methods, base year, checks waived by name."""

    normalise: str | None = None
    weight: str | None = None
    aggregate: str | None = None
    base: str | int | None = None
    waive: tuple[str, ...] = ()


PLAIN = Choices()
NONE = "none"
LISTED = 8


def index_of(settings: Settings, texts: Mapping[str, str] | None = None) -> IndexSystem | None:
    """Return the index that the settings name, or the one for the kind of the workspace; None for ``none``.

    Parameters
    ----------
    settings
        Of the workspace: ``assess.index`` names a shipped index or a TOML file.
    texts
        The text of that file under :data:`tongyuan.flows.source.INDEX`.

    Raises
    ------
    FindingError
        If there is no such index or the file is faulty.
    """
    name = settings.assess.index or INDEX_OF.get(settings.kind, NONE)
    if name == NONE:
        return None
    if not name.endswith(".toml"):
        return load(name)
    text = (texts or {}).get(INDEX)
    if text is None:
        raise FindingError([finding("flows", "index_unreadable", path=name)])
    return read(text, name)


def compared(emission: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """Return the emissions that years can be compared on, and a finding that names what is left out."""
    part = incomparable(emission)
    if part.is_empty():
        return like_for_like(emission), []
    names = part["process"].unique().sort().to_list()
    words = [Bilingual.titled("process", name) for name in names[:LISTED]]
    listed = Bilingual("、".join(w.zh for w in words), ", ".join(w.en for w in words))
    told = finding("flows", "not_in_every_year", count=len(names), processes=listed)
    return like_for_like(emission), [told]


def score_of(
    tables: Mapping[str, pl.DataFrame],
    settings: Settings,
    texts: Mapping[str, str] | None = None,
    choices: Choices = PLAIN,
) -> tuple[Tables, list[Finding]]:
    """Score every region and year by the index of the workspace.

    Emissions are those of the inventory, like for like: processes that some year lacks are left out of every
    year, because a gap of data is no reduction. A workspace without an inventory is scored on its published
    totals. An indicator without data is left out, its weight goes to the others, and the coverage says so.

    Parameters
    ----------
    tables
        ``emission, uncertainty, observation, published_total``, as far as they exist.
    settings
        Of the workspace.
    choices
        Methods, base and waived checks that go before those of the index.

    Returns
    -------
    tables, findings
        ``index_system, indicator_value, score, weight, score_influence, coupling, score_stability`` and,
        with several regions, ``rank_band``; empty without an index or without any indicator.
    """
    index, chosen = index_of(settings, texts), settings.account
    if index is None:
        return {}, []
    emission, uncertainty, findings = emission_of(tables, chosen.years)
    cases = cases_of(tables, emission, chosen.years)
    if cases.is_empty():
        return {}, [finding("flows", "no_score", index=index.titled, id=index.id)]
    if index.level == "city" and settings.kind == "province":
        findings.append(finding("flows", "index_of_cities", index=index.titled))
    columns = collect(
        index,
        emission=emission,
        observation=tables.get("observation"),
        uncertainty=uncertainty,
        cases=cases,
        include_unverified=chosen.include_unverified,
        gwp_set=chosen.gwp_set,
    )
    draws, seed = chosen.draws, chosen.seed
    scored = score(index, columns, **choices._asdict(), missing="reweight", draws=draws, seed=seed)
    if not scored.score["score"].is_not_null().any():
        return {}, [
            *findings,
            *columns.findings,
            finding("flows", "no_score", index=index.titled, id=index.id),
        ]
    made = {"index_system": index_table(index), **scored.tables()}
    findings += _condensed(index, scored.findings)
    if draws > 1 and not (choices.normalise or choices.weight or choices.aggregate):
        stood = standing(index, columns, draws=draws, seed=seed, base=choices.base)
        made |= stood.tables()
        findings += stood.findings
    return {name: frame for name, frame in made.items() if frame.height}, findings


def _condensed(index: IndexSystem, findings: Iterable[Finding]) -> list[Finding]:
    """Return `findings` with those on indicators without data gathered in one."""
    every = list(findings)
    absent = [f.values["title"] for f in every if f.check == "indicator_reweighted"]
    kept = [f for f in every if f.check != "indicator_reweighted"]
    if not absent:
        return kept
    names = Bilingual("、".join(w.zh for w in absent), ", ".join(w.en for w in absent))
    count, total = len(absent), len(index.indicator)
    return [
        *kept,
        finding("flows", "indicators_absent", index=index.titled, count=count, total=total, names=names),
    ]


def emission_of(
    tables: Mapping[str, pl.DataFrame], years: Sequence[int] = ()
) -> tuple[pl.DataFrame | None, pl.DataFrame | None, list[Finding]]:
    """Return emissions and their uncertainty: the inventory's, like for like, else the published ones.

    Of two published totals for one species, region and year neither counts. `years` limits the published
    ones; all when empty.
    """
    own = tables.get("emission")
    if own is not None and own.height:
        return like_for_like(own), tables.get("uncertainty"), []
    published = tables.get("published_total")
    if published is None or published.is_empty():
        return None, None, []
    pairs = conform("published_total", published).select("boundary", "compared").iter_rows()
    whole = published.filter(pl.Series([not covered(*pair) for pair in pairs], dtype=pl.Boolean))
    whole = conform("published_total", whole.filter(pl.col("year").is_in(list(years))) if years else whole)
    keys = [*KEY, "species"]
    double = whole.filter(whole.select(keys).is_duplicated())
    found = []
    if double.height:
        row = double.row(0, named=True)
        names = {name: row[name] for name in ("species", "region", "year")}
        found.append(finding("flows", "published_double", count=double.select(keys).unique().height, **names))
    used = whole.filter(~whole.select(keys).is_duplicated())
    if used.is_empty():
        return None, None, found
    found.append(finding("flows", "published_used", count=used.height))
    blank = [pl.lit("").alias(name) for name in ("process", "product")]
    rows = used.select(*keys, "value", "unit", pl.lit("direct").alias("scope"), *blank)
    limits = used.filter(pl.col("lower").is_not_null() & pl.col("upper").is_not_null())
    unsure = limits.select(*keys, "value", "unit", "lower", "upper", pl.lit("total").alias("group"))
    return rows, unsure, found


def cases_of(
    tables: Mapping[str, pl.DataFrame], emission: pl.DataFrame | None, years: Sequence[int] = ()
) -> pl.DataFrame:
    """Return the regions and years to score: those of the inventory, else all that have any figure."""
    own = tables.get("emission")
    if own is not None and own.height:
        return own.select(KEY).unique()
    parts = [pl.DataFrame(schema={"region": pl.String, "year": pl.Int64})]
    if emission is not None:
        parts.append(emission.select(KEY))
    observation = tables.get("observation")
    if observation is not None:
        whole = observation.filter(pl.col("period").str.contains(r"^\d{4}$"))
        parts.append(whole.select("region", pl.col("period").cast(pl.Int64).alias("year")))
    found = pl.concat(parts).unique()
    return found.filter(pl.col("year").is_in(list(years))) if years else found

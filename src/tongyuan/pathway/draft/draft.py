"""The whole draft: sources first, then, with what they emit, alternatives, devices, targets and limits."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.finding import finding
from tongyuan.ledger.table import conform, empty, table
from tongyuan.pathway.draft import driver
from tongyuan.pathway.draft.alternative import alternatives
from tongyuan.pathway.draft.device import devices
from tongyuan.pathway.draft.ground import Ground, Sheets
from tongyuan.pathway.draft.key import keys
from tongyuan.pathway.draft.present import present
from tongyuan.pathway.draft.service import served
from tongyuan.pathway.draft.sliced import sliced
from tongyuan.pathway.draft.target import targets
from tongyuan.pathway.draft.typed import with_activity
from tongyuan.reference import gwp
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.reference.unit.spoken import quantity

ROOM = "pathway"
NOT_TYPED = {"driver", "plan_origin", "not_offered"}
OWN = "own:"
"""What the flow of a source without a service begins with."""
NAMED = 6
"""Names that a sentence on what is missing tells; table ``technology_flow`` holds all."""
ENUMERATED: tuple[tuple[Language, str, str], ...] = (("zh", "、", "等"), ("en", "; ", "; and others"))
CARBON, POLLUTION = "CO2e", "pollution_equivalent"


class Begun(Sheets):
    """Sheets with the technologies of the base year on them."""

    base: dict[str, float]


def start(ground: Ground) -> Begun:
    """Return the technologies of the base year: every source, its service, fuel, stock and demand."""
    sheets = Begun()
    found = served(keys(ground, sheets), ground, sheets)
    if not found and not sheets.findings:
        sheets.findings.append(finding(ROOM, "draft_nothing", year=ground.base_year))
    sheets.base = present(found, ground, sheets)
    sheets.findings += driver.check(ground, set(sheets.base))
    return sheets


def finish(ground: Ground, sheets: Begun, coefficient: pl.DataFrame) -> Begun:
    """Return the whole draft, with what a unit of every technology of the base year emits.

    Parameters
    ----------
    coefficient
        Table ``emission_coefficient`` of the technologies of :func:`start`.
    """
    alternatives(ground, sheets, sheets.base)
    sliced(ground, sheets, sheets.base)
    devices(ground, sheets, coefficient)
    targets(ground, sheets, coefficient)
    _notes(ground, sheets)
    _groups(ground, sheets, set(coefficient["species"]))
    return sheets


def drop_targets(sheets: Begun, names: list[str]) -> None:
    """Take targets off the sheets that cannot be reached, and say so in table ``plan_note``."""
    for row in [r for r in sheets.of("target") if r["target"] in names]:
        sheets.rows["target"].remove(row)
        sheets.origin = [o for o in sheets.origin if (o["table"], o["row"]) != ("target", row["target"])]
        zh, en = (
            say(ROOM, "draft_target_reach", language, target=row[f"title_{language}"], year=row["year"],
                printed=quantity(row["bound"], row["unit"], language, 6))
            for language in ("zh", "en")
        )  # fmt: skip
        sheets.note("not_carried", f"{row['target']}:reach", zh, en, row["source"])
    if not sheets.of("target"):
        sheets.rows.pop("target", None)


def _notes(ground: Ground, sheets: Begun) -> None:
    """Write what the draft takes for granted."""
    flows = {r["flow"]: r["note"] for r in sheets.of("demand")}
    driven = sum("driver of the user" in note for note in flows.values())
    words: dict[str, dict[str, object]] = {
        "demand": {"constant": len(flows) - driven, "driven": driven},
        "pace": {"pace": f"{100 * ground.pace:g}", "retire": f"{100 * ground.retire:g}"},
        "money": {},
        "present": {},
    }
    if ground.activity["region"].n_unique() > 1:
        words["several"] = {}
    for subject, values in words.items():
        zh, en = (say(ROOM, f"draft_note_{subject}", language, **values) for language in ("zh", "en"))
        sheets.note("assumption", f"draft_{subject}", zh, en)
    _bare(sheets)


def _bare(sheets: Begun) -> None:
    """Say which sources have no service, and which services and sources have nothing to change to."""
    titles = {r["technology"]: (r["title_zh"], r["title_en"]) for r in sheets.of("technology_option")}
    flows = {r["flow"]: (r.get("title_zh"), r.get("title_en")) for r in sheets.of("flow")}
    standing = {r["technology"] for r in sheets.of("stock")}
    served = {r["flow"] for r in sheets.of("demand")}
    yields = [r for r in sheets.of("technology_flow") if r["role"] == "output" and r["flow"] in served]
    offered = {r["flow"] for r in yields if r["technology"] not in standing}
    fitted = {r["technology"] for r in sheets.of("control_option")}
    own = [r["technology"] for r in yields if r["flow"].startswith(OWN)]
    joint = sorted({r["flow"] for r in yields if not r["flow"].startswith(OWN)} - offered)
    nothing = [t for t in own if t not in fitted]
    for subject, named in (
        ("no_service", [titles[t] for t in own]),
        ("no_device", [titles[t] for t in nothing]),
        ("no_alternative", [flows[f] for f in joint]),
    ):
        if named:
            zh, en = (
                say(ROOM, f"draft_note_{subject}", language, count=len(named),
                    names=mark.join(str(n[i]) for n in named[:NAMED]) + (more if len(named) > NAMED else ""))
                for i, (language, mark, more) in enumerate(ENUMERATED)
            )  # fmt: skip
            sheets.note("missing", f"draft_{subject}", zh, en)


def with_typed(tables: dict[str, pl.DataFrame], ground: Ground) -> dict[str, pl.DataFrame]:
    """Return drafted tables in which rows that the user has typed stand in for those of the same key."""
    made, origin = dict(tables), [tables["plan_origin"]]
    for name, typed in ground.typed.items():
        if name in NOT_TYPED:
            continue
        keys = columns = [c.name for c in table(name).columns if c.key]
        plain = [pl.col(c.name).fill_null("") for c in table(name).columns if c.key and c.type != "year"]
        rows = conform(name, typed).with_columns(plain)
        drafted = made.get(name, empty(name)).with_columns(plain)
        if name == "stock":  # rows by age or class stand in for the one that was drafted
            rows, keys = with_activity(rows, drafted), ["node", "technology"]
        lost = drafted.join(rows, on=keys, how="semi", nulls_equal=True)
        made[name] = pl.concat([drafted.join(rows, on=keys, how="anti", nulls_equal=True), rows])
        words = (
            pl.concat_str([pl.col(k).cast(pl.String) for k in columns], separator=" · ", ignore_nulls=True)
            .str.replace_all("( · )+", " · ")
            .str.strip_chars(" ·")
        )
        said = rows.select(
            table=pl.lit(name), row=words, origin=pl.lit("user"),
            source=pl.col("source") if "source" in rows.columns else pl.lit(None, dtype=pl.String),
        )  # fmt: skip
        gone = pl.concat([said.select("table", "row"), lost.select(table=pl.lit(name), row=words)])
        origin = [o.join(gone, on=["table", "row"], how="anti") for o in origin]
        origin.append(conform("plan_origin", said))
    made["plan_origin"] = pl.concat(origin)
    return _by_slice(made, ground)


def _by_slice(made: dict[str, pl.DataFrame], ground: Ground) -> dict[str, pl.DataFrame]:
    """Return drafted tables whose flows are balanced by time slice where the user gives their shape."""
    if "demand_slice" not in ground.typed or "flow" not in made:
        return made
    own = ground.typed["flow"]["flow"].to_list() if "flow" in ground.typed else []
    shaped = pl.col("flow").is_in(ground.typed["demand_slice"]["flow"].to_list()) & ~pl.col("flow").is_in(own)
    balanced = pl.when(shaped).then(pl.lit("slice")).otherwise("balance_time").alias("balance_time")
    return {**made, "flow": made["flow"].with_columns(balanced)}


def _groups(ground: Ground, sheets: Begun, species: set[str]) -> None:
    """Write CO2e and pollution equivalents from the species there are."""
    for row in gwp.table(ground.gwp_set).to_dicts():
        if row["species"] in species:
            sheets.add("quantity_member", "shelf", quantity=CARBON, member=row["species"],
                       source=row["source"], locator=row["locator"])  # fmt: skip
    main = set(shelf("main_pollutant")["species"])
    for row in shelf("tax_equivalent").to_dicts():
        if row["species"] in species & main:
            sheets.add("quantity_member", "shelf", quantity=POLLUTION, member=row["species"],
                       weight=1000.0 / float(row["value"]), unit="pollutant_equivalent/t",
                       source=row["source"], locator=row["locator"])  # fmt: skip

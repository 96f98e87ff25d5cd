"""Assessment by rules kept as data: every point explained by a line, vetoes, editions kept."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, NamedTuple

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.programme.plan import PlanLike
from tongyuan.programme.status import rules as thresholds
from tongyuan.reference.language import say
from tongyuan.reference.shelf import read_text_csv
from tongyuan.reference.unit.spoken import quantity

ROOM = "programme"
KINDS = ("region", "department", "article")
ROUNDING = 1e-12
STATES = ("met", "on_track", "at_risk", "behind", "missed")


class Assessment(NamedTuple):
    """Tables ``assessment`` and ``assessment_line``, with every edition so far."""

    assessment: pl.DataFrame
    assessment_line: pl.DataFrame


def default_rules() -> pl.DataFrame:
    """Return the rules shipped with the programme, table ``assessment_rule``: a proposal to be edited."""
    text = read_text_csv(files("tongyuan.programme") / "rules" / "assessment_rule.csv")
    numbers = ["points", *STATES]
    typed = text.with_columns(pl.col(numbers).replace("", None).cast(pl.Float64))
    return conform("assessment_rule", typed)


def assess(
    plan: PlanLike,
    target_status: pl.DataFrame,
    *,
    region: str,
    period: int,
    progress: pl.DataFrame | None = None,
    evidence: pl.DataFrame | None = None,
    veto: pl.DataFrame | None = None,
    rules: pl.DataFrame | None = None,
    history: Assessment | None = None,
) -> Assessment:
    """Score the plan of `region` by region, department and article.

    Points of a line are share × points of its rule: a target by its state, a task by its reported completion,
    evidence and milestones by being there. What has no data is left out of the maximum or counts nothing, as
    the rule says. The score is 100 × points / maximum; a veto item sets it to nothing. A unit with data on
    less than the share of its items that ``rules/status.toml`` asks for (60 %) has no score and cannot be
    assessed.

    Parameters
    ----------
    plan
        Tables of the plan.
    target_status
        See :func:`tongyuan.programme.status.status`.
    region
        Unit the plan belongs to.
    period
        Year of the assessment: reports of later years and targets of earlier years do not count; a target
        that two documents state alike counts once.
    progress, evidence, veto
        Tables of those names.
    rules
        Table ``assessment_rule``; :func:`default_rules` when not given.
    history
        An earlier assessment; the new one is added to it as the next edition of its period.

    Returns
    -------
    Assessment
    """
    chosen = default_rules() if rules is None else conform("assessment_rule", rules)
    reported = _latest(empty("progress") if progress is None else progress, period)
    proofs = empty("evidence") if evidence is None else evidence
    vetoes = _in_period(empty("veto") if veto is None else veto, period)
    name = plan["task"]["plan"][0] if plan["task"].height else ""
    edition = _edition(history, name, period)
    lines: list[dict[str, Any]] = []
    for rule in chosen.filter(pl.col("kind") != "veto").iter_rows(named=True):
        maker = {"target": _targets, "task": _tasks, "evidence": _evidence, "milestone": _milestones}
        for line in maker[rule["kind"]](rule, plan, target_status, reported, proofs, period):
            units = {"region": region, "department": line.pop("lead"), "article": line.pop("article")}
            for kind in KINDS:
                if units[kind] is not None:
                    lines.append(line | {"unit_kind": kind, "unit": str(units[kind]), "rule": rule["rule"]})
    known = {r["rule"]: r for r in chosen.filter(pl.col("kind") == "veto").iter_rows(named=True)}
    units_seen = {(line["unit_kind"], line["unit"]) for line in lines}
    for row in vetoes.iter_rows(named=True):
        if row["rule"] in known and (row["unit_kind"], row["unit"]) in units_seen | {("region", region)}:
            lines.append(_veto_line(row, known[row["rule"]]))
    head = {"plan": name, "period": str(period), "edition": edition}
    frame = pl.DataFrame(
        [line | head for line in lines],
        schema_overrides=empty("assessment_line").schema,
        infer_schema_length=None,
    )
    made = conform("assessment_line", frame) if lines else empty("assessment_line")
    made = made.sort("unit_kind", "unit", "rule", "subject", maintain_order=True)
    result = Assessment(_scores(made, set(known)), made)
    if history is None:
        return result
    return Assessment(
        pl.concat([history.assessment, result.assessment]),
        pl.concat([history.assessment_line, result.assessment_line]),
    )


def latest(table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the last edition of the last period."""
    if table.is_empty():
        return table
    period = table["period"].max()
    rows = table.filter(pl.col("period") == period)
    return rows.filter(pl.col("edition") == rows["edition"].max())


def _edition(history: Assessment | None, plan: str, period: int) -> int:
    if history is None:
        return 1
    past = history.assessment.filter((pl.col("plan") == plan) & (pl.col("period") == str(period)))
    return max(past["edition"].to_list(), default=0) + 1


def _latest(progress: pl.DataFrame, period: int) -> dict[tuple[str, str | None], dict[str, Any]]:
    rows = progress.filter(pl.col("year") <= period).sort("year", maintain_order=True)
    return {(row["task"], row["department"]): row for row in rows.iter_rows(named=True)}


def _in_period(veto: pl.DataFrame, period: int) -> pl.DataFrame:
    return veto.filter(pl.col("period").str.slice(0, 4) == str(period))


def _line(
    subject: str, lead: str | None, article: int | None, share: float | None, rule: dict[str, Any],
    status: str | None, key: str, /, **values: Any,
) -> dict[str, Any]:  # fmt: skip
    points = float(rule["points"])
    if share is None:
        counted = 0.0 if rule["no_data"] == "excluded" else points
        got = 0.0
    else:
        counted, got = points, points * share
    texts = {f"reason_{lang}": _reason(key, lang, rule, share, got, counted, values) for lang in ("zh", "en")}
    return {
        "subject": subject,
        "lead": lead or None,
        "article": article,
        "state": status,
        "share": share,
        "points": got,
        "maximum": counted,
        **texts,
    }


def _reason(
    key: str, language: Any, rule: dict[str, Any], share: float | None, got: float, counted: float,
    values: dict[str, Any],
) -> str:  # fmt: skip
    words = {k: v[language] if isinstance(v, dict) else v for k, v in values.items()}
    told = say(ROOM, key, language, **words)
    if share is None:
        tail = "sum_excluded" if counted == 0 else "sum_zero"
        return told + say(ROOM, tail, language, points=f"{rule['points']:g}")
    return told + say(
        ROOM, "sum", language, share=f"{share:.0%}", points=f"{rule['points']:g}", got=f"{got:.2f}"
    )


def _targets(
    rule: dict[str, Any], plan: PlanLike, status: pl.DataFrame, reported: Any, proofs: Any, period: int
) -> Iterator[dict[str, Any]]:
    same = ["indicator", "region", "year", "comparator", "value"]
    counted = status.filter((pl.col("comparator") != "qualitative") & (pl.col("year") >= period))
    for row in counted.unique(same, keep="first", maintain_order=True).iter_rows(named=True):
        state = row["state"]
        share = rule[state] if state in STATES else None
        bound = {"at_least": "≥", "at_most": "≤", "equal": "=", "about": "≈"}[row["comparator"]]
        value, observed = _told(row, "value", bound, 6), _told(row, "observed")
        if row["observed"] is not None:
            observed = {lang: f"{text} ({row['observed_year']})" for lang, text in observed.items()}
        chance = "–" if row["probability"] is None else f"{row['probability']:.0%}"
        named = {"zh": row["title_zh"] or row["indicator"], "en": row["title_en"] or row["indicator"]}
        words = {lang: say(ROOM, f"state_{state}", lang) for lang in ("zh", "en")}
        yield _line(
            row["target"], row["lead"], row["article"], share, rule, state, "line_target",
            title=named, year=row["year"], value=value, observed=observed, state=words, chance=chance,
        )  # fmt: skip


def _told(row: dict[str, Any], name: str, sign: str = "", digits: int = 4) -> dict[str, str]:
    """Return a figure of a target in the units of each language, a dash where there is none."""
    if row[name] is None:
        return {"zh": "–", "en": "–"}
    return {
        "zh": sign + quantity(row[name], row["unit"], "zh", digits),
        "en": sign + quantity(row[name], row["unit"], "en", digits),
    }


def _tasks(
    rule: dict[str, Any], plan: PlanLike, status: Any, reported: Any, proofs: Any, period: int
) -> Iterator[dict[str, Any]]:
    for task in plan["task"].iter_rows(named=True):
        report = reported.get((task["task"], task["lead"]))
        share = None if report is None else report["completion"]
        state = None if report is None else report["state"]
        year = "–" if report is None else report["year"]
        done = "–" if share is None else f"{share:.0%}"
        yield _line(
            task["task"], task["lead"], task["article"], share, rule, state, "line_task",
            task=task["task"], year=year, done=done,
        )  # fmt: skip


def _evidence(
    rule: dict[str, Any], plan: PlanLike, status: Any, reported: Any, proofs: pl.DataFrame, period: int
) -> Iterator[dict[str, Any]]:
    whole = proofs.filter(pl.col("sha256").is_not_null() | pl.col("link").is_not_null())
    known = set(whole["evidence"])
    for task in plan["task"].iter_rows(named=True):
        report = reported.get((task["task"], task["lead"]))
        if report is None:
            continue
        named = report["evidence"] or ""
        share = 1.0 if named in known else 0.0
        words = {"task": task["task"], "evidence": named or "–"}
        key = "line_evidence" if share else "line_no_evidence"
        yield _line(task["task"], task["lead"], task["article"], share, rule, None, key, **words)


def _milestones(
    rule: dict[str, Any], plan: PlanLike, status: Any, reported: Any, proofs: Any, period: int
) -> Iterator[dict[str, Any]]:
    tasks = {t["task"]: t for t in plan["task"].iter_rows(named=True)}
    for step in plan["milestone"].filter(pl.col("due") <= period).iter_rows(named=True):
        task = tasks.get(step["task"], {})
        share = None if step["done"] is None else float(step["done"])
        words = {"task": step["task"], "milestone": step["milestone"], "due": step["due"]}
        key = {None: "line_milestone_unknown", 1.0: "line_milestone", 0.0: "line_milestone_late"}[share]
        subject = f"{step['task']}/{step['milestone']}"
        yield _line(subject, task.get("lead"), task.get("article"), share, rule, None, key, **words)


def _veto_line(row: dict[str, Any], rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "unit_kind": row["unit_kind"],
        "unit": row["unit"],
        "rule": rule["rule"],
        "subject": row["finding"],
        "state": "veto",
        "share": 0.0,
        "points": 0.0,
        "maximum": 0.0,
        **{
            f"reason_{lang}": say(
                ROOM, "line_veto", lang, title=rule[f"title_{lang}"], finding=row["finding"],
                evidence=row["evidence"] or "–",
            )
            for lang in ("zh", "en")
        },
    }  # fmt: skip


def _scores(lines: pl.DataFrame, vetoes: set[str]) -> pl.DataFrame:
    if lines.is_empty():
        return empty("assessment")
    grades: dict[str, float] = thresholds()["grade"]
    grouped = lines.group_by(["plan", "period", "edition", "unit_kind", "unit"], maintain_order=True).agg(
        pl.col("points").sum(),
        pl.col("maximum").sum(),
        pl.col("rule").is_in(list(vetoes)).any().alias("vetoed"),
        (pl.col("share").is_not_null() & ~pl.col("rule").is_in(list(vetoes))).mean().alias("coverage"),
    )
    share = pl.when(pl.col("maximum") > 0).then(100 * pl.col("points") / pl.col("maximum"))
    enough = pl.col("coverage") >= thresholds()["least_coverage"] - ROUNDING
    grouped = grouped.with_columns(
        pl.when("vetoed").then(0.0).when(enough).then(share).otherwise(None).alias("score")
    )
    grade = pl.when(pl.col("vetoed")).then(pl.lit("fail")).when(pl.col("score").is_null())
    chain = grade.then(pl.lit("not_assessed"))
    for name, least in sorted(grades.items(), key=lambda item: -item[1]):
        chain = chain.when(pl.col("score") >= least).then(pl.lit(name))
    return conform("assessment", grouped.with_columns(chain.otherwise(pl.lit("fail")).alias("grade")))

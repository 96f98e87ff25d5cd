"""Limits and targets that bind: each is set from what the plan does without it, inside what it can do."""

from __future__ import annotations

import copy
from collections import Counter

from tests.pathway.oracle.formulation import Answer, Formulation, at
from tests.pathway.oracle.problem import Row, Terms, World
from tests.pathway.oracle.unit import factor
from tests.pathway.oracle.world import POWER, TECHNOLOGIES, Pen

TRIES = (0.5, 0.2, 0.05)
"""Shares of the way to the farthest a quantity can go; the first that leaves a plan is taken."""


def bound(world: World, seed: int, mixed: bool = True, targets: int = 4) -> tuple[World, Answer]:
    """Return `world` with limits and targets that bind where they can, and its solution."""
    pen = Pen(seed + 1_000_003, mixed)
    world = copy.deepcopy(world)
    answer = Formulation(world).quick()
    assert answer.condition == "optimal", answer.condition
    for change in (potentials, growths, shares, trades):
        tried = copy.deepcopy(world)
        change(tried, Formulation(tried), answer, pen)
        found = Formulation(tried).quick()
        if found.condition == "optimal":
            world, answer = tried, found
    tried = copy.deepcopy(world)
    declines(tried, Formulation(tried), answer, Pen(seed + 5_000_011, mixed))
    found = Formulation(tried).quick()
    if found.condition == "optimal":
        world, answer = tried, found
    kinds = pen.draw.permutation(len(DRAFTS))[:targets]
    for place in sorted(kinds.tolist()):
        row = DRAFTS[place](world, pen)
        row["target"] = f"{place:02d} {row['quantity_kind']}"
        where(row, world, pen)
        found = set_bound(world, row, answer, pen)
        if found is not None:
            world, answer = found
    return world, Formulation(world).solve()


def held(world: World, answer: Answer) -> Counter[str]:
    """Return how many rows of each kind bind at a solution: tightening them would cost something."""
    form = Formulation(world)
    size = max(abs(answer.objective), 1.0)
    counts: Counter[str] = Counter()
    rows = {r["target"]: r for r in world["target"]}
    for row, dual in zip(form.rows, answer.dual, strict=True):
        reach = max((abs(w * answer.value[v]) for v, w in row.terms.items()), default=0.0)
        if abs(dual) * max(abs(row.right), reach) > 1e-6 * size:
            counts[row.kind] += 1
            if row.kind == "target":
                counts.update(describe(rows[row.name[0]]))
    counts["early retirement"] = sum(
        form.stocked(n, k, y, o) - answer.value[("kept", n, k, y)] > 1e-6
        for n, k, y, o in form.places()
        if ("kept", n, k, y) in answer.value
    )
    return counts


def describe(row: Row) -> set[str]:
    """Return the kinds a target is an example of."""
    ratio = bool(row.get("denominator_kind"))
    names = {
        f"target {row['quantity_kind']}",
        f"target {row['comparator']}",
        f"target {row.get('basis') or 'absolute'}",
    }
    if ratio:
        names.add("ratio")
    if row.get("accumulation") == "cumulative":
        names.add("cumulative")
    if row.get("scope"):
        names.add("scope")
    if row.get("control"):
        names.add("control")
    if row.get("basis") == "share_of_base":
        shape = "ratio" if ratio else row.get("accumulation") or "annual"
        names.add(f"share of base, {shape}")
    return names


# limits in the tables of what there is


def lower(pen: Pen) -> float:
    return pen.between(0.6, 0.95)


def potentials(world: World, form: Formulation, answer: Answer, pen: Pen) -> None:
    for k in ("new", "wind", "burner", "pond", "landfill"):
        if not pen.chance(0.4):
            continue
        rows = [r for r in world["technology_option"] if r["technology"] == k]
        free = rows[0]["capacity"] == "free"
        most = 0.0
        for n, t, y, o in form.places():
            if t == k:
                terms: Terms = {("x", n, k, "", y): 1.0} if free else form.standing(n, k, y, o)
                most = max(most, at(terms, answer.value))
        had = max(
            (form.stocked(n, k, y, o) for n, t, y, o in form.places() if t == k and not free), default=0.0
        )
        if most > 1.01 * had:
            value = had + lower(pen) * (most - had)
            for r in rows:
                r["potential"] = value / factor(form.unit[k] if free else form.capacity_unit[k])


def growths(world: World, form: Formulation, answer: Answer, pen: Pen) -> None:
    for k in ("new", "wind", "works", "old"):
        if not pen.chance(0.5):
            continue
        most = 0.0
        for n, t, y, o in form.places():
            if t == k:
                at_year = form.years.index(y)
                then = form.years[at_year - 1] if at_year else None
                had = (
                    form.stocked(n, k, world.base_year, o)
                    if then is None
                    else at(form.standing(n, k, then, o), answer.value)
                )
                most = max(most, at(form.standing(n, k, y, o), answer.value) - had)
        if most > 1e-9:
            for r in world["technology_option"]:
                if r["technology"] == k:
                    r["growth"] = pen.between(0.0, 0.03)
                    r["growth_start"] = pen.pick([0.0, lower(pen)]) * most / factor(form.capacity_unit[k])


def declines(world: World, form: Formulation, answer: Answer, pen: Pen) -> None:
    """Hold the fall of what stood in the base year, at one node or at all, between the plan and no fall."""
    for k in form.technologies:
        falls = []
        for n, t, y, _ in form.places():
            base, years = form.based(n, k), y - world.base_year
            if t != k or base <= 0.0 or years <= 0:
                continue
            used = sum(x for v, x in answer.value.items() if v[0] == "x" and (v[1], v[2], v[4]) == (n, k, y))
            falls.append((1.0 - used / base) / years)
        if not falls or max(falls) <= 0.0 or not pen.chance(0.6):
            continue
        for r in world["technology_option"]:
            if r["technology"] == k and pen.chance(0.7):
                r["decline"] = min(max(falls) * pen.between(0.3, 0.95), 1.0)


def shares(world: World, form: Formulation, answer: Answer, pen: Pen) -> None:
    for r in world["control_option"]:
        k, c = r["technology"], r["control"]
        used = [
            (
                answer.value[v],
                sum(answer.value.get(("x", v[1], k, d, v[4]), 0.0) for d in ["", "dev", "deep"]),
            )
            for v in answer.value
            if v[0] == "x" and v[2:4] == (k, c)
        ]
        share = max((x / whole for x, whole in used if whole > 1e-6), default=0.0)
        if share > 0.05 and pen.chance(0.6):
            r["share_max"] = lower(pen) * share
        elif share < 0.5 and pen.chance(0.3):
            r["share_min"] = pen.between(0.05, 0.3)
    for k in {r["technology"] for r in world["control_option"]}:
        if pen.chance(0.2):
            world["control_option"].append(
                {"technology": k, "control": "", "share_max": lower(pen), "share_min": 0.0}
            )


def trades(world: World, form: Formulation, answer: Answer, pen: Pen) -> None:
    for table, kind in (("price", "purchase"), ("price", "sale"), ("link", "sent")):
        for r in world[table]:
            if not pen.chance(0.5) or (table == "price" and r["direction"] != kind):
                continue
            if table == "price" and r["flow"] in ("good", "power") and kind == "purchase":
                continue  # what is dear stays to be had
            most = max(
                (x for v, x in answer.value.items() if v[0] == kind and v[-2] == r["flow"]), default=0.0
            )  # fmt: skip
            if most > 1e-6:
                unit = r.get("unit") if table == "link" else None
                r["limit"] = lower(pen) * most / factor(unit or form.flow[r["flow"]]["unit"])


# targets


def where(row: Row, world: World, pen: Pen) -> None:
    """Choose year, span and scope of a target where its draft leaves them open."""
    years = [r["year"] for r in world["period"]]
    if "year" not in row:
        row["year"] = pen.pick([None, years[-1], pen.pick(years)])
        row["year_to"] = years[-1] if row["year"] is not None and pen.chance(0.3) else None
    if row.get("accumulation") == "cumulative" and row["year"] is not None:
        row["year_to"] = years[-1]
    if "scope" not in row:
        row["scope"] = pen.pick(["", "", "a", "north"])


def set_bound(world: World, row: Row, answer: Answer, pen: Pen) -> tuple[World, Answer] | None:
    """Return the world with the target at a bound that binds, or None where the plan cannot move."""
    form = Formulation(world)
    spans = form.spans(row)
    spans = spans if row["comparator"] != "equal" else spans[:1]
    if row["comparator"] == "equal" and row["year"] is None and row.get("accumulation") != "cumulative":
        row["year"] = spans[0][0]
        row["year_to"] = None
    down = row["comparator"] == "at_most" or (row["comparator"] == "equal" and pen.chance(0.5))
    span = spans[-1]
    top = form.over(row, "top", span)
    value = at(top, answer.value)
    if row.get("denominator_kind"):
        below = at(form.over(row, "below", span), answer.value)
        if below < 1e-6:
            return None
        value /= below
        far = value * (0.4 if down else 2.0)
        if not down and row.get("unit") == "%":
            far = min(far, 1.0)
    else:
        extreme = form.quick({v: w if down else -w for v, w in top.items()})
        if extreme.condition == "optimal":
            far = at(top, extreme.value)
        elif down:
            return None
        else:
            far = 1.5 * value + 10.0
    if abs(far - value) <= 1e-3 * max(abs(value), 1e-9):
        return None
    for step in TRIES:
        wanted = value + step * pen.between(0.6, 1.0) * (far - value)
        if row.get("basis") == "share_of_base":
            full = form.full(row, span)
            if not full > 1e-9:
                return None
            row["bound"] = wanted / full * (100.0 if row.get("unit") == "%" else 1.0)
        else:
            row["bound"] = wanted / factor(row.get("unit") or "")
        if row["bound"] < 0.0:
            return None
        tried = copy.copy(world)
        tried.tables = {**world.tables, "target": [*world["target"], dict(row)]}
        found = Formulation(tried).quick()
        if found.condition == "optimal":
            return tried, found
    return None


def _draft(kind: str, quantity: str, comparator: str, **more: object) -> Row:
    return {
        "quantity_kind": kind, "quantity": quantity, "comparator": comparator, "family": "policy",
        "basis": "absolute", "accumulation": "annual", **more,
    }  # fmt: skip


def _mass(pen: Pen) -> str:
    return pen.unit("mass")


def _number(pen: Pen) -> str:
    return pen.pick(["", "%"]) if pen.mixed else ""


def _share(pen: Pen) -> dict[str, object]:
    return {"basis": "share_of_base", "unit": pen.pick(["", "%"]) if pen.mixed else ""}


def _size(k: str, world: World, pen: Pen) -> str:
    """A unit of capacity of a technology."""
    own = next(r["capacity_unit"] for r in world["technology_option"] if r["technology"] == k)
    return pen.unit("power") if k in POWER and pen.mixed else own or ""


def _amount(k: str, pen: Pen) -> str:
    return pen.unit(TECHNOLOGIES[k])


DRAFTS = [
    lambda w, p: _draft("emission", "SO2", "at_most", unit=_mass(p)),
    lambda w, p: _draft("emission", "CO2", "at_most", unit=_mass(p), accumulation="cumulative"),
    lambda w, p: _draft("emission", "GHG", "at_most", **_share(p)),
    lambda w, p: _draft("emission", "COD", "at_most", **_share(p), accumulation="cumulative"),
    lambda w, p: _draft("emission", "PE", "at_most", unit="pollutant_equivalent"),
    lambda w, p: _draft("emission", "SO2", "equal", unit=_mass(p), scope=""),
    lambda w, p: _draft(
        "activity", "new", "at_least", denominator_kind="production", denominator="good", unit=_number(p)
    ),
    lambda w, p: _draft(
        "activity", "new", "at_least", denominator_kind="activity", denominator="goods", **_share(p)
    ),
    lambda w, p: _draft(
        "emission", "CO2", "at_most", denominator_kind="production", denominator="power",
        unit=f"{_mass(p)}/{p.unit('energy')}",
    ),
    lambda w, p: _draft(
        "emission", "SO2", "at_most", denominator_kind="production", denominator="good", **_share(p),
        accumulation="cumulative",
    ),
    lambda w, p: _draft(
        "consumption", "fuel", "at_most", denominator_kind="production", denominator="good", **_share(p)
    ),
    lambda w, p: _draft(
        "activity", "wind", "equal", denominator_kind="production", denominator="power",
        unit=_number(p), scope="",
    ),
    lambda w, p: _draft("capacity", "wind", "at_least", unit=_size("wind", w, p)),
    lambda w, p: _draft("capacity", "old", "at_most", unit=_size("old", w, p)),
    lambda w, p: _draft("capacity", "plant", "at_most", **_share(p)),
    lambda w, p: _draft("activity", "old", "at_least", control="dev", unit=_amount("old", p)),
    lambda w, p: _draft("activity", "plant", "at_least", control="dev", **_share(p)),
    lambda w, p: _draft("consumption", "power", "at_most", **_share(p)),
    lambda w, p: _draft("consumption", "fuel", "at_most", unit=p.unit("energy"), accumulation="cumulative"),
    lambda w, p: _draft("production", "power", "at_least", unit=p.unit("energy")),
    lambda w, p: _draft("purchase", "fuel", "at_most", unit=p.unit("energy")),
    lambda w, p: _draft("cost", "total", "at_most", unit=p.unit("money")),
    lambda w, p: _draft("concentration", "city", "at_most", unit=p.unit("concentration"), scope=""),
    lambda w, p: _draft("concentration", "city", "at_most", **_share(p), scope=""),
]  # fmt: skip

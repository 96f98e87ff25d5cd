from datetime import date
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from tongyuan.zoning.offset.allocate import allocate

LATE = date(2027, 6, 1)
RATIO = {"X": 2.0, "Y": 1.0}


def projects(*rows):
    return pl.DataFrame(rows, schema=["project", "region", "start", "value"], orient="row")


def needs(project, *rows):
    """Rows of project, species, tonnes before the ratio of its region."""
    frame = pl.DataFrame(rows, schema=["project", "species", "value"], orient="row")
    ratio = pl.col("region").replace_strict(RATIO, return_dtype=pl.Float64)
    return frame.join(project, on="project").select("project", "species", pl.col("value") * ratio)


def sources(*rows):
    return pl.DataFrame(rows, schema=["source", "region", "species", "value", "available"], orient="row")


FOUR = projects(
    ("A", "X", LATE, 100.0),
    ("B", "X", date(2026, 12, 1), 80.0),
    ("C", "Y", LATE, 50.0),
    ("D", "Y", LATE, 30.0),
)
NEED = needs(
    FOUR, ("A", "NOx", 60.0), ("A", "NMVOC", 10.0), ("B", "NOx", 40.0), ("B", "NMVOC", 30.0),
    ("C", "NOx", 50.0), ("C", "NMVOC", 20.0), ("D", "NOx", 20.0),
)  # fmt: skip
THREE = sources(
    ("S1", "X", "NOx", 150.0, date(2026, 6, 1)), ("S2", "X", "NOx", 30.0, date(2027, 1, 1)),
    ("S2", "X", "NMVOC", 60.0, date(2027, 1, 1)), ("S3", "Y", "NOx", 60.0, date(2026, 1, 1)),
    ("S3", "Y", "NMVOC", 40.0, date(2026, 1, 1)),
)  # fmt: skip


def test_four_projects_and_three_sources():
    """OFF-02 of the facts: A and C, value 150; B comes too early, D lacks ten tonnes."""
    made = allocate(FOUR, NEED, THREE)
    assert made.admitted.filter("admitted")["project"].to_list() == ["A", "C"]
    assert made.value == pytest.approx(150)
    assert made.relaxed == pytest.approx(170)
    spent = {(r["region"], r["species"]): 0.0 for r in THREE.iter_rows(named=True)}
    where = dict(zip(THREE["source"], THREE["region"], strict=True))
    for r in made.used.iter_rows(named=True):
        spent[where[r["source"]], r["species"]] += r["value"]
    assert spent == pytest.approx(
        {("X", "NOx"): 120, ("X", "NMVOC"): 20, ("Y", "NOx"): 50, ("Y", "NMVOC"): 20}
    )
    short = {(r["project"], r["species"]): r["value"] for r in made.short.iter_rows(named=True)}
    assert short[("B", "NMVOC")] == pytest.approx(60)
    assert short[("D", "NOx")] == pytest.approx(10)
    price = {(r["region"], r["species"]): r["value"] for r in made.price.iter_rows(named=True)}
    assert price[("Y", "NOx")] == pytest.approx(1.0)
    assert price[("Y", "NMVOC")] == 0.0


def test_ten_tonnes_more_admit_one_more_project():
    more = THREE.with_columns(
        pl.when((pl.col("source") == "S3") & (pl.col("species") == "NOx"))
        .then(70.0)
        .otherwise("value")
        .alias("value")
    )
    made = allocate(FOUR, NEED, more)
    assert made.value == pytest.approx(180)
    assert made.admitted.filter("admitted")["project"].to_list() == ["A", "C", "D"]


def feasible(chosen, project, need, source):
    """Whether the needs of the chosen projects can be met: a flow problem of its own, solved as one."""
    rows = need.filter(pl.col("project").is_in(chosen)).join(project, on="project").rows(named=True)
    give = source.rows(named=True)
    if not rows:
        return True
    ok = [
        (i, j) for i, r in enumerate(rows) for j, s in enumerate(give)
        if (r["region"], r["species"]) == (s["region"], s["species"]) and s["available"] <= r["start"]
    ]  # fmt: skip
    a_eq = np.array([[float(i == k) for i, _ in ok] for k in range(len(rows))]).reshape(len(rows), len(ok))
    a_ub = np.array([[float(j == k) for _, j in ok] for k in range(len(give))]).reshape(len(give), len(ok))
    if not ok:
        return all(r["value"] == 0 for r in rows)
    done = linprog(np.zeros(len(ok)), A_ub=a_ub, b_ub=[s["value"] for s in give], A_eq=a_eq,
                   b_eq=[r["value"] for r in rows])  # fmt: skip
    return done.status == 0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("XY"), st.integers(1, 3), st.integers(1, 40), st.integers(0, 30),
                       st.integers(0, 30)), min_size=2, max_size=5),
    st.lists(st.tuples(st.sampled_from("XY"), st.sampled_from(["NOx", "NMVOC"]), st.integers(0, 60),
                       st.integers(1, 3)), min_size=1, max_size=5),
)  # fmt: skip
def test_the_choice_equals_all_choices_tried(some, gives):
    project = projects(*[(f"p{k}", r, date(2027, m, 1), float(v)) for k, (r, m, v, _, _) in enumerate(some)])
    need = needs(
        project,
        *[(f"p{k}", "NOx", float(n)) for k, (*_, n, _) in enumerate(some)],
        *[(f"p{k}", "NMVOC", float(n)) for k, (*_, n) in enumerate(some)],
    )
    source = sources(*[(f"s{k}", r, s, float(v), date(2027, m, 1)) for k, (r, s, v, m) in enumerate(gives)])
    best = max(
        sum(v for p, v in project.select("project", "value").iter_rows() if p in chosen)
        for size in range(project.height + 1)
        for chosen in combinations(project["project"].to_list(), size)
        if feasible(list(chosen), project, need, source)
    )
    made = allocate(project, need, source)
    assert made.value == pytest.approx(best, abs=1e-6)
    assert made.relaxed >= made.value - 1e-6
    given_out = made.used.group_by("source", "species").agg(pl.col("value").sum().alias("out"))
    held = source.join(given_out, on=["source", "species"], how="left").with_columns(
        pl.col("out").fill_null(0.0)
    )
    assert (held["out"] <= held["value"] + 1e-6).all()
    met = made.used.group_by("project", "species").agg(pl.col("value").sum().alias("met"))
    asked = need.join(made.admitted.filter("admitted"), on="project", how="semi").filter(pl.col("value") > 0)
    asked = asked.join(met, on=["project", "species"], how="left")
    assert (asked["met"].fill_null(0.0) >= asked["value"] - 1e-6).all()


@pytest.mark.parametrize(
    ("project", "need", "source", "word"),
    [
        (pl.concat([FOUR, FOUR]), NEED, THREE, "project stands twice"),
        (FOUR, NEED.with_columns(-pl.col("value")), THREE, "need is negative"),
        (FOUR.head(1), NEED, THREE, "of no project"),
        (FOUR, NEED, pl.concat([THREE, THREE]), "source stands twice"),
    ],
)
def test_what_is_no_question_is_refused(project, need, source, word):
    with pytest.raises(ValueError, match=word):
        allocate(project, need, source)


def independent(project, need, source):
    """The most value by another formulation: tonnes of every source to every project it may serve."""
    rows = need.filter(pl.col("value") > 0).join(project, on="project", suffix="_worth").rows(named=True)
    give = source.rows(named=True)
    ok = [
        (i, j) for i, r in enumerate(rows) for j, s in enumerate(give)
        if (r["region"], r["species"]) == (s["region"], s["species"]) and s["available"] <= r["start"]
    ]  # fmt: skip
    count = project.height
    place = {name: k for k, name in enumerate(project["project"])}
    matrix = np.zeros((len(rows) + len(give), count + len(ok)))
    for k, r in enumerate(rows):
        matrix[k, place[r["project"]]] = -r["value"]
    for k, (i, j) in enumerate(ok):
        matrix[i, count + k] = 1.0
        matrix[len(rows) + j, count + k] = 1.0
    low = np.concatenate([np.zeros(len(rows)), np.full(len(give), -np.inf)])
    high = np.concatenate([np.zeros(len(rows)), [s["value"] for s in give]])
    worth = np.concatenate([project["value"].to_numpy(), np.zeros(len(ok))])
    whole = np.concatenate([np.ones(count), np.zeros(len(ok))])
    done = milp(-worth, constraints=LinearConstraint(matrix, low, high), integrality=whole,
                bounds=Bounds(0, np.concatenate([np.ones(count), np.full(len(ok), np.inf)])))  # fmt: skip
    return -done.fun


@pytest.mark.parametrize("seed", range(4))
def test_the_choice_equals_an_independent_formulation(seed):
    generator = np.random.default_rng(seed)
    days = [date(2027, m, 1) for m in range(1, 13)]
    project = projects(*[
        (f"p{k}", "XY"[generator.integers(2)], days[generator.integers(12)], float(generator.integers(1, 99)))
        for k in range(24)
    ])  # fmt: skip
    need = needs(project, *[
        (f"p{k}", s, float(generator.integers(1, 30))) for k in range(24) for s in ("NOx", "SO2", "NMVOC")
    ])  # fmt: skip
    source = sources(*[
        (f"s{k}", "XY"[k % 2], s, float(generator.integers(1, 80)), days[generator.integers(12)])
        for k in range(16) for s in ("NOx", "SO2", "NMVOC")
    ])  # fmt: skip
    made = allocate(project, need, source)
    assert made.value == pytest.approx(independent(project, need, source))
    assert made.gap == pytest.approx(0.0, abs=1e-9)
    assert 0 < made.value < project["value"].sum()


def test_nothing_is_admitted_of_nothing():
    made = allocate(FOUR.clear(), NEED.clear(), THREE)
    assert made.admitted.is_empty()
    assert (made.value, made.relaxed, made.gap) == (0.0, 0.0, 0.0)
    without = allocate(FOUR, NEED.clear(), THREE.clear())
    assert without.value == 260.0

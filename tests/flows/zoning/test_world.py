"""The made-up county: a reviewer finds fact, limit, clause, document and flip for every project."""

from importlib.resources import as_file, files

import polars as pl
import pytest

from tongyuan.flows.source import open_workspace
from tongyuan.flows.zoning.cases import Facts, given
from tongyuan.flows.zoning.region import coded_regions
from tongyuan.flows.zoning.screen import zoning
from tongyuan.zoning.access.flip import FILED, changed
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import rules_of
from tongyuan.zoning.access.screen import judge, judge_all, verdict

pytest.importorskip("shapely")


@pytest.fixture(scope="module")
def county():
    with as_file(files("tongyuan.ledger") / "examples" / "zoning") as folder:
        brought = open_workspace(folder)
    made, found = zoning(brought)
    return brought, made, found


def test_forty_projects_and_twenty_five_sources_with_every_verdict(county):
    brought, made, _ = county
    assert made["verdict"].height == 40
    assert given(brought.tables, "offset")["offset"].n_unique() == 25
    assert set(made["verdict"]["verdict"]) == {"admitted", "conditional", "refused"}


def test_every_rule_stands_with_document_and_the_numbers_it_compares(county):
    lines = county[1]["verdict_rule"]
    assert lines["document"].str.len_chars().min() > 0
    judged = lines.filter(pl.col("state").is_in(["failed_rule", "rule_met"]))
    assert judged["fact"].null_count() == judged["limit"].null_count() == 0
    open_ = lines.filter(pl.col("state") == "open_rule")
    assert (open_["lacks"].list.len() > 0).all()


def test_those_understated_by_half_are_found_and_no_others(county):
    low = county[1]["declared_state"].filter(pl.col("state") == "understated")
    assert set(low["project"]) == {"J04", "J13", "J20", "J24"}
    assert low["share"].to_list() == pytest.approx([0.5] * low.height, rel=1e-3)


def test_every_flip_flips_and_half_of_it_does_not(county):
    brought, made, _ = county
    lists = lists_of(given(brought.tables, "region_list"))
    rules, _ = rules_of(given(brought.tables, "zone_rule"))
    project = coded_regions(given(brought.tables, "project"), "project")
    facts = Facts(brought.tables, made, lists, False)
    cases = {row["project"]: facts.case(row) for row in project.to_dicts()}
    known = {rule.rule: rule for rule in rules}
    seen = 0
    for row in made["verdict_flip"].iter_rows(named=True):
        case, species = cases[row["project"]], row["species"] or ""
        if row["input"] == FILED:
            continue
        after = changed(case, species, row["input"], row["needed"])
        if row["rule"] is None:
            assert verdict(judge_all(rules, after, lists)) == row["after"], row
        else:
            told = judge(known[row["rule"]], after, lists, species)
            assert (told.state if told else "rule_met") == row["after"], row
        if row["rule"] is None and row["value"] is not None and abs(row["change"]) > 1.5:
            half = changed(case, species, row["input"], row["value"] + 0.5 * row["change"])
            assert verdict(judge_all(rules, half, lists)) == verdict(judge_all(rules, case, lists)), row
        seen += 1
    assert seen > 300


def test_every_project_that_is_not_admitted_has_something_that_would_change_it(county):
    made = county[1]
    blocked = made["verdict"].filter(pl.col("verdict") != "admitted", pl.col("failed") > 0)
    assert set(blocked["project"]) <= set(made["verdict_flip"]["project"])


def test_the_faults_put_into_the_layer_are_found(county):
    assert set(county[1]["zone_fault"]["fault"]) == {"overlap", "gap", "sliver", "self_crossing"}


def test_no_tonne_of_the_county_is_used_twice(county):
    brought, made, _ = county
    held = given(brought.tables, "offset").select(
        "offset", "species", left=pl.col("value") - pl.col("promised")
    )
    used = made["offset_use"].group_by("offset", "species").agg(pl.col("value").sum())
    both = used.join(held, on=["offset", "species"])
    assert both.height == used.height
    assert (both["value"] <= both["left"] + 1e-9).all()

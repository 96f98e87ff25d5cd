"""The embedded world ``park``: it accounts and plans without being a province, and conserves every flow."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import Account, account
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.plan.plan import least_cost_plan, prepare
from tongyuan.flows.plan.read import plan_files, read_tables
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.library import controls, technologies
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.base import base_point

HOURS = 8760
FOLDER = Path(__file__).parents[2] / "src" / "tongyuan" / "ledger" / "examples" / "park"
Prepared = tuple[Case, Inventory, dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return open_workspace(FOLDER)


@pytest.fixture(scope="module")
def accounted(workspace: Workspace) -> Account:
    return account(workspace)


@pytest.fixture(scope="module")
def park(workspace: Workspace, accounted: Account) -> Prepared:
    return prepare(workspace, accounted.tables)


@pytest.fixture(scope="module")
def planned(park: Prepared) -> Plan:
    return least_cost_plan(park[0], park[1].evaluate)


def test_the_park_has_no_findings_that_are_errors(workspace: Workspace, accounted: Account) -> None:
    assert not [f for f in (*workspace.findings, *accounted.findings) if f.severity != "notice"]
    assert accounted.tables["emission"]["region"].unique().to_list() == ["示例园区"]


def test_its_water_is_the_published_case(planned: Plan) -> None:
    """Wang and Smith (1994): 90 t/h of fresh water with reuse."""
    bought = planned["plan_flow"].filter((pl.col("flow") == "fresh_water") & (pl.col("node") == "chemical"))
    assert (bought["purchase"] / HOURS).to_list() == pytest.approx([90.0, 90.0], rel=1e-9)


def test_its_base_year_is_the_published_case_without_reuse(park: Prepared) -> None:
    stock = park[0]["stock"].filter(pl.col("technology").str.starts_with("fresh_water_to"))
    assert stock["activity"].sum() / HOURS == pytest.approx(112.5, rel=1e-9)


def test_every_flow_is_conserved_at_every_node(park: Prepared, planned: Plan) -> None:
    flow = planned["plan_flow"].join(park[0]["flow"].select("flow", "balance"), on="flow")
    size = pl.max_horizontal("production", "purchase", "received", pl.col("demand").abs()) + 1.0
    net = (
        pl.col("production") - pl.col("consumption") + pl.col("purchase") - pl.col("sale")
        + pl.col("received") - pl.col("sent") - pl.col("demand")
    )  # fmt: skip
    left = flow.with_columns(relative=net / size)
    assert (left["relative"] > -1e-7).all()
    assert (left.filter(pl.col("balance") == "equal")["relative"].abs() < 1e-7).all()


def test_what_is_sent_arrives(planned: Plan) -> None:
    keys = ["flow", "year"]
    links = planned["plan_link"]
    for end, node, column in (("from_node", "sent", "sent"), ("to_node", "received", "received")):
        pairs = links.group_by(pl.col(end).alias("node"), *keys).agg(linked=pl.col(column).sum())
        both = planned["plan_flow"].join(pairs, on=["node", *keys])
        apart = (both[node] - both["linked"]).abs().to_numpy()
        assert (apart <= 1e-6 * both["linked"].to_numpy() + 1e-6).all()
    assert links.filter(pl.col("sent") > 0.0)["flow"].n_unique() >= 7


def test_the_base_year_balances_too(park: Prepared) -> None:
    """The stock is a practice that could have been: nothing that must be disposed of is left over."""
    case = park[0]
    made = base_point(case)["plan_activity"].join(case["technology_flow"], on="technology")
    sign = pl.when(pl.col("role") == "output").then(1.0).otherwise(-1.0)
    net = made.group_by("flow").agg((pl.col("value") * pl.col("coefficient") * sign).sum().alias("net"))
    demand = case["demand"].filter(pl.col("year") == 2025).group_by("flow").agg(pl.col("value").sum())
    left = net.join(demand, on="flow", how="left").with_columns(
        left=pl.col("net") - pl.col("value").fill_null(0.0)
    )
    bought = set(case["price"]["flow"])
    for row in left.join(case["flow"], on="flow").to_dicts():
        if row["flow"] not in bought and not row["flow"].endswith("_load"):
            assert row["left"] == pytest.approx(0.0, abs=1.0), row["flow"]


def test_emissions_come_from_cited_factors(park: Prepared) -> None:
    rows = park[0]["emission_coefficient"]
    assert rows.filter(pl.col("factor_id").list.len() == 0).is_empty()
    assert {"CO2", "NOx", "COD", "CH4_biogenic", "N2O"} <= set(rows["species"])


def test_species_of_a_method_are_shared_out_between_technologies(park: Prepared) -> None:
    """Treatment has the gases, discharge what is left in the water."""
    rows = park[0]["emission_coefficient"]
    held = {
        t: set(rows.filter(pl.col("technology") == t)["species"]) for t in ("sewage_treatment", "discharge")
    }
    assert held["discharge"] == {"COD", "TN", "NH3-N", "TP"}
    assert {"N2O", "CH4_biogenic"} <= held["sewage_treatment"]
    assert not held["discharge"] & held["sewage_treatment"]


def test_cited_costs_are_those_of_the_libraries(park: Prepared) -> None:
    """0.35 MWh a tonne in 8000 hours a year; the kiln devices at the NOx factor of the inventory."""
    tables, _ = read_tables(plan_files(FOLDER / "plan"))
    option = {r["technology"]: r for r in tables["technology_option"].to_dicts()}
    cited = {
        r["parameter"]: r for r in technologies().filter(pl.col("technology") == "eu_waste_chp").to_dicts()
    }
    capital = cited["cost_capital"]
    mine = option["incineration"]
    assert mine["cost_capital"] == pytest.approx(capital["value"] * 0.35 / 8000 * 1000, rel=1e-6)
    assert mine["cost_fixed"] == pytest.approx(
        mine["cost_capital"] * cited["cost_fixed"]["value"] / 100, rel=1e-5
    )
    assert mine["cost_variable"] == pytest.approx(cited["cost_variable"]["value"] * 0.35, rel=1e-6)
    assert (mine["currency"], mine["price_year"]) == (capital["currency"], capital["price_year"])
    rows = park[0]["emission_coefficient"]
    kiln = (pl.col("technology") == "clinker_kiln") & (pl.col("control") == "") & (pl.col("species") == "NOx")
    nox = rows.filter(kiln)["value"].item()
    devices = {
        (r["device"], r["source_group"]): r for r in controls().filter(pl.col("species") == "NOx").to_dicts()
    }
    for control in ("sncr", "scr"):
        device = devices[(control, "Cement Manufacturing - Dry")]
        row = tables["control_option"].filter(pl.col("control") == control).to_dicts()[0]
        expected = device["cost"] / 0.90718474 * device["efficiency"] * nox
        assert row["cost_variable"] == pytest.approx(expected, rel=1e-3)
        assert row["price_year"] == device["price_year"]
    assert open_workspace(FOLDER).settings.plan.price_year == 2025


def test_notes_say_what_is_illustrative_and_what_published() -> None:
    notes = pl.read_csv(FOLDER / "plan" / "plan_note.csv")
    assert {"amount", "published", "water"} <= set(notes["subject"])
    for name in ("technology_option", "technology_flow", "demand", "stock", "price", "link", "target"):
        assert pl.read_csv(FOLDER / "plan" / f"{name}.csv")["source"].null_count() == 0

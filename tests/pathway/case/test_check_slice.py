"""Every table of time slices acts or is refused."""

from __future__ import annotations

import pytest
from tests.pathway.problem.test_storage import CHP, heating, stored
from tests.pathway.slices import coal, flow, made, world

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.case.check import check


def refused(tables, name, column=None):
    with pytest.raises(FindingError) as caught:
        made(tables)
    found = {f.check: f for f in caught.value.findings}
    assert name in found, list(found)
    assert column is None or found[name].column == column


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"slice": []}, "slice_missing"),
        ({"slice": [{"slice": "day", "hours": 8000.0, "season": "all"}]}, "slice_hours"),
        ({"demand_slice": [{"flow": "power", "slice": "noon", "share": 1.0}]}, "unknown_name"),
        ({"demand_slice": [{"flow": "power", "slice": "day", "share": 0.7}]}, "shares_of_year"),
        ({"technology_slice": [{"technology": "coal", "slice": "", "share": 1.0}]}, "share_of_all"),
        ({"technology_slice": [{"technology": "coal", "slice": "day", "availability": 1.2}]}, "out_of_range"),
        ({"technology_option": [coal(operation="flexible_day")]}, "flexible_unlimited"),
        ({"technology_option": [coal(flexible_share=0.5)]}, "flexible_share_alone"),
        ({"technology_option": [coal(load_min=0.5, operation="profile")]}, "least_load_alone"),
        ({"technology_option": [coal(operation="sometimes")]}, "not_a_choice"),
        (
            {"stock": [{"node": "a", "technology": "coal", "capacity": 1.0, "unit_size": 0.3}]},
            "units_not_whole",
        ),
        ({"stock": [{"node": "a", "technology": "coal", "unit_size": 0.3}]}, "unit_without_capacity"),
    ],
)
def test_what_cannot_act_is_refused(change, name):
    refused({**world(), **change}, name)


@pytest.mark.parametrize("table", ["demand_slice", "reserve"])
def test_a_flow_of_the_year_has_no_slices(table):
    tables = world(reserve=[{"flow": "power", "margin": 0.1}])
    tables["flow"][0]["balance_time"] = "year"
    refused(
        {n: r for n, r in tables.items() if n in (table,) or n not in ("demand_slice", "reserve")},
        "flow_by_year",
        "flow",
    )


def test_a_technology_of_the_year_has_no_operation():
    tables = world()
    tables["flow"][0]["balance_time"] = "year"
    tables["demand_slice"] = []
    tables["technology_option"] = [coal(load_min=0.4)]
    refused(tables, "technology_by_year", "load_min")


def test_storage_says_what_it_holds():
    for change, name in (
        ({"efficiency_in": 0.0}, "storage_without_efficiency"),
        ({"flow": "heat"}, "storage_without_output"),
    ):
        refused(stored(**change), name)
    tables = stored()
    tables["technology_flow"].append(flow("battery", "power", "input", 1.2))
    refused(tables, "storage_with_input")
    tables = stored()
    tables["technology_option"][1]["capacity"] = "free"
    refused(tables, "storage_free")


def test_an_exchange_gives_up_no_more_than_there_is():
    refused(heating(1.0, greatest=6.0), "swap_too_much", "greatest")
    refused(heating(1.0, least=2.0), "swap_cross", "least")
    refused(heating(1.0, instead_of="steam"), "unknown_name", "instead_of")
    refused(heating(1.0, rate_unit="t/MWh"), "unit_unfit", "rate_unit")
    assert CHP["rate"] * CHP["greatest"] < 1.0


def test_slices_that_nothing_uses_are_told():
    tables = world()
    tables["flow"][0]["balance_time"] = "year"
    tables["demand_slice"] = []
    assert "slice_unused" in {f.check for f in check(made(tables))}

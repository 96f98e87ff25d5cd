"""Jobs by hand; without a coefficient there is no number."""

from __future__ import annotations

import pytest
from tests.pathway.slices import coal, made, world

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.tell.job import jobs


def staffed(rows):
    tables = world(
        stock=[{"node": "a", "technology": "coal", "class": "old", "capacity": 1.0, "cost_fixed": 1e6}]
    )
    tables["technology_option"] = [coal()]
    return made({**tables, "job_coefficient": rows})


def coefficient(phase, value, **more):
    return {"technology": "coal", "phase": phase, "value": value, "source": "a user's own", **more}


def test_jobs_go_with_what_stands_is_built_and_retires():
    case = staffed(
        [
            coefficient("operate", 0.5),
            coefficient("build", 2.0),
            coefficient("retire", 100.0, capacity_unit="GW"),
        ]
    )
    table = jobs(case, least_cost(case))
    found = {r["phase"]: r["value"] for r in table.to_dicts()}
    # 1.2 MW stand and are built new, 1 MW retires; 100 person-years a GW are 0.1 a MW
    assert found == pytest.approx({"operate": 0.6, "build": 2.4, "retire": 0.1})


def test_nothing_is_made_up():
    case = staffed([])
    assert jobs(case, least_cost(case)).is_empty()
    with pytest.raises(FindingError):
        staffed([{**coefficient("build", 1.0), "source": None}])

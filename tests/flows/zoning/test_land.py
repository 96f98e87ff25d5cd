"""Exit, remediation, greening and panels in a workspace."""

import pytest
from tests.flows.zoning.world import Brought, settings
from tests.zoning.existing.test_exit import UNITS
from tests.zoning.green.test_plant import SPECIES
from tests.zoning.land.test_remediation import OPTIONS

from tongyuan.flows.zoning.land import land
from tongyuan.ledger.table import from_rows


def of(**tables):
    found = []
    made = land(Brought(tables, settings()), found)
    return made, [f.check for f in found]


def test_units_are_ranked():
    assert of(exit_unit=UNITS)[0]["exit_rank"].height == 4


def site(**change):
    return from_rows("remediation_site", [{"site": "P", "volume": 1000.0, "source": "s"} | change])


def test_options_without_cost_sites_without_row_and_no_route():
    _, told = of(remediation_site=site(), remediation_option=OPTIONS)
    assert told == ["option_without_cost"]
    _, told = of(remediation_site=site(budget=1.0), remediation_option=OPTIONS)
    assert told == ["option_without_cost", "no_route"]
    _, told = of(remediation_option=OPTIONS)
    assert told == ["site_unknown"]


def test_species_by_chinese_name():
    species = SPECIES.with_columns(species=SPECIES["species"].replace({"ginkgo": "银杏"}))
    sites = from_rows("greening_site", [{"site": "G", "area": 10.0, "most_share": 0.6, "source": "s"}])
    made, told = of(greening_site=sites, greening_species=species)
    assert not told
    assert "ginkgo_biloba" in set(made["greening_plan"]["species"])
    assert of(greening_site=sites)[1] == ["no_species"]


def panel(**change):
    row = {
        "site": "L",
        "region": "340000",
        "year": 2023,
        "capacity": 130.0,
        "hours": 136_000 / 130,
        "source": "s",
    }
    return from_rows("land_reuse_site", [row | change])


def test_a_claim_by_coal_is_told():
    made, told = of(land_reuse_site=panel(claimed=135_600.0))
    assert told == ["claim_implausible"]
    assert made["land_reuse_yield"]["ratio"].item() == pytest.approx(1.52, abs=5e-3)
    assert of(land_reuse_site=panel())[1] == []
    assert of(land_reuse_site=panel(year=1990))[1] == ["no_grid_factor"]

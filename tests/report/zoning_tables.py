"""Tables of zoning as a run makes them: a boiler near a red line, its sources, units, a site and trees."""

from datetime import date

import polars as pl
from tests.flows.zoning.test_screen import BOILER, PROJECT, workspace
from tests.zoning.existing.test_exit import UNITS
from tests.zoning.green.test_plant import SPECIES
from tests.zoning.land.test_remediation import OPTIONS
from tests.zoning.zone.test_overlay import square

from tongyuan.flows.zoning.screen import zoning


def screened() -> dict[str, pl.DataFrame]:
    """Return every table of the room."""
    sources = [
        {"offset": f"S{s}", "region": "370800", "species": s, "value": 1e5, "unit": "t",
         "available": date(2026, 6, 1), "source": "made up"}
        for s in ("NOx", "SO2")
    ]  # fmt: skip
    zones = [
        {"zone": n, "kind": k, "boundary": square(x, 36.0), "title": n, "source": "made up"}
        for n, k, x in (("A", "unit", 118.0), ("B", "unit", 118.05), ("R", "red_line", 118.3))
    ]
    brought = workspace(
        project=[PROJECT, PROJECT | {"project": "K"}],
        project_activity=[BOILER, BOILER | {"project": "K"}],
        offset=sources,
        zone=zones,
        zone_budget=[{"zone": "A", "item": "NOx", "limit": 10.0, "used": 9.0, "unit": "t", "source": "s"}],
        project_emission=[{"project": "J", "species": "NOx", "value": 1.0, "unit": "t", "source": "made up"}],
        remediation_site=[{"site": "P", "volume": 1000.0, "source": "made up"}],
        greening_site=[{"site": "G", "area": 10.0, "most_share": 0.6, "source": "made up"}],
        land_reuse_site=[{"site": "L", "region": "370000", "year": 2023, "capacity": 20.0, "hours": 1250.0,
                          "claimed": 3e4, "source": "made up"}],
    )  # fmt: skip
    brought.tables |= {"exit_unit": UNITS, "remediation_option": OPTIONS, "greening_species": SPECIES}
    return zoning(brought)[0]

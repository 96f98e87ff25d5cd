from __future__ import annotations

import json
import re

from tests.web.console.conftest import Console

from tongyuan.flows.ask.results import by_region, results


def test_the_sum_of_a_region_is_that_of_the_library_and_the_interface(standing: Console) -> None:
    summary = results(standing.folder)[0]["summary"]
    client = standing.browser("lin")
    for species in ("CO2", "SO2"):
        for year in summary["year"].unique().to_list():
            page = client.get(f"/run/{standing.run}/regions?species={species}&year={year}").text
            shown = [json.loads(one) for one in re.findall(r'<data value="([^"]*)"', page)]
            library = by_region(summary, species, year).sort("value", descending=True)
            told = standing.api("lin", "run.regions", run=standing.run, species=species, year=year)
            column = told["columns"].index("value")
            assert (
                shown == library["value"].to_list() == sorted((r[column] for r in told["rows"]), reverse=True)
            )
            assert shown


def test_a_species_that_is_not_there_shows_no_rows(standing: Console) -> None:
    page = standing.browser("lin").get(f"/run/{standing.run}/regions?species=phlogiston&year=x")
    assert page.status_code == 200
    assert "没有数据" in page.text

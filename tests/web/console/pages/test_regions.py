from __future__ import annotations

import base64
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


def test_a_boundary_is_drawn_with_its_source_and_its_review_number(standing: Console) -> None:
    square = {"370000": [[114, 34], [123, 34], [123, 38], [114, 38], [114, 34]],
              "410000": [[110, 31], [114, 31], [114, 36], [110, 36], [110, 31]]}  # fmt: skip
    features = [
        {"properties": {"adcode": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for code, ring in square.items()
    ]
    content = base64.b64encode(json.dumps({"features": features}).encode()).decode()
    told = {"title": "两省", "source": "厅<b>", "licence": "内部", "file_name": "a.json", "content": content}
    number = standing.api("province", "boundary.add", **told)["answer"]["boundary"]
    client = standing.browser("lin")
    page = client.get(f"/run/{standing.run}/regions").text
    assert page.count("<path d=") == 2
    assert page.count('fill="#1f5c78"') == 1  # the region with all there is; the other has no value
    assert "厅&lt;b&gt;" in page
    assert "不得公开展示" in page
    tiles = client.get(f"/run/{standing.run}/regions?map=tiles").text
    assert "<path d=" not in tiles
    assert 'class="tiles"' in tiles
    standing.api("province", "boundary.end", boundary=number)
    assert "<path d=" not in client.get(f"/run/{standing.run}/regions").text

import polars as pl

from tongyuan.report import chart


def test_flows_keep_nodes_layers_and_amounts():
    links = pl.DataFrame({"s": ["coal", "oil"], "t": ["SO2", "SO2"], "v": [1.0, 2.0]})
    nodes = [("coal", 0, "#000"), ("oil", 0, "#111"), ("SO2", 1, "#222")]
    drawn = chart.sankey(nodes, links, source="s", target="t", value="v")["series"][0]
    assert [(node["name"], node["depth"]) for node in drawn["data"]] == [("coal", 0), ("oil", 0), ("SO2", 1)]
    assert [link["value"] for link in drawn["links"]] == [1.0, 2.0]
    assert drawn["data"][2]["label"] == {"position": "left"}

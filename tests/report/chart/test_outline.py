from tongyuan.report.chart.outline import outline
from tongyuan.report.picture.figure import png

SQUARE = [(118.0, 36.0), (118.1, 36.0), (118.1, 36.1), (118.0, 36.0)]


def test_rims_of_a_class_are_one_line_with_gaps_and_points_have_names() -> None:
    rings = [SQUARE, [(x + 0.2, y) for x, y in SQUARE]]
    made = outline(
        {"priority": ("#2a7f62", rings)}, {"refused": ("#b5432f", [(118.05, 36.05, "kiln")])},
        x_title="x", y_title="y",
    )  # fmt: skip
    line, points = made["series"]
    assert line["data"][4] == [None, None]
    assert len(line["data"]) == 9
    assert points["data"] == [{"value": [118.05, 36.05], "name": "kiln"}]
    assert made["xAxis"]["min"] < 118 < 118.3 < made["xAxis"]["max"]
    assert made["legend"]["data"] == ["priority", "refused"]
    assert png(made)[:4] == b"\x89PNG"

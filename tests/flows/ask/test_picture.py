"""The picture of the report room, asked for by a flow."""

from __future__ import annotations

import matplotlib
import polars as pl

from tongyuan.flows.ask.picture import picture

matplotlib.use("Agg")


def test_a_picture_is_drawn_on_the_axes_given() -> None:
    from matplotlib import pyplot

    _, axes = pyplot.subplots()
    frame = pl.DataFrame({"a": ["x", "y"], "value": [1.0, 3.0]})
    assert picture("own", frame, "bar", "a", "value", None, "t", "en", axes=axes) is axes
    assert sorted(patch.get_width() for patch in axes.patches) == [1.0, 3.0]
    pyplot.close("all")

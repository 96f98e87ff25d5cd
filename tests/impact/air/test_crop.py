import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.air.crop import CROPS, base_of, crop_ozone
from tongyuan.impact.health.crop import yield_loss_aot40, yield_loss_season

CUT = {"SO2": -0.4, "NOx": -0.2, "NH3": -0.05, "BC": -0.3, "OC": -0.3, "NMVOC": -0.1, "CH4": -0.1}
"""Worked example A of the facts: only China changes."""


@pytest.mark.parametrize(
    ("crop", "before", "after"),
    [("wheat", 4.924, 4.106815), ("maize", 5.465, 4.487692), ("soybean", 5.897, 4.851402),
     ("rice", 2.081, 1.780775)],
)  # fmt: skip
def test_ozone_above_forty_of_the_worked_example(crop, before, after) -> None:
    assert base_of(crop, "aot40") == before
    assert crop_ozone(CUT, crop) == pytest.approx(after, abs=5e-7)


def test_losses_of_the_worked_example() -> None:
    """Wheat .0802612 → .0669411 by AOT40, .036947 → .033009 by M7; maize .034000 → .029685 by M12."""
    assert float(yield_loss_aot40("wheat", crop_ozone(CUT, "wheat"))) == pytest.approx(0.0669411, abs=5e-8)
    assert crop_ozone(CUT, "wheat", "season") == pytest.approx(38.8025, abs=5e-5)
    for crop, loss in (("wheat", 0.033009), ("maize", 0.029685), ("soybean", 0.122191), ("rice", 0.0)):
        made = float(yield_loss_season(crop, crop_ozone(CUT, crop, "season")))
        assert made == pytest.approx(loss, abs=6e-7)


@given(st.sampled_from(sorted(CROPS)), st.sampled_from(["aot40", "season"]), st.floats(-0.6, 0))
def test_no_change_changes_nothing_and_less_nitrogen_is_less_ozone(crop, metric, cut) -> None:
    assert crop_ozone({}, crop, metric) == base_of(crop, metric)
    assert crop_ozone({"NOx": cut}, crop, metric) <= base_of(crop, metric)


def test_other_crops_and_metrics_are_refused() -> None:
    with pytest.raises(KeyError):
        crop_ozone({}, "cotton")
    with pytest.raises(KeyError):
        crop_ozone({}, "wheat", "sum06")

import pytest

from tongyuan.impact.health.crop import production_loss, yield_loss_aot40, yield_loss_season


@pytest.mark.parametrize(
    ("crop", "aot40", "loss"), [("wheat", 4.924, 0.0802612), ("wheat", 4.106815, 0.0669411)]
)
def test_wheat_of_china_by_aot40(crop: str, aot40: float, loss: float) -> None:
    assert yield_loss_aot40(crop, aot40) == pytest.approx(loss, abs=5e-8)


@pytest.mark.parametrize(
    ("crop", "mean", "loss"),
    [
        ("wheat", 40.07, 0.036947),
        ("wheat", 38.8025, 0.033009),
        ("maize", 39.87, 0.034000),
        ("soybean", 40.39, 0.133995),
        ("rice", 12.98, 0.0),
    ],
)
def test_losses_by_the_mean_of_the_season(crop: str, mean: float, loss: float) -> None:
    assert yield_loss_season(crop, mean) == pytest.approx(loss, abs=6e-7)


def test_production_lost() -> None:
    assert production_loss(90, 0.1) == pytest.approx(10)
    with pytest.raises(ValueError, match="relative loss of one"):
        production_loss(90, 1.0)
    with pytest.raises(KeyError, match="cotton"):
        yield_loss_aot40("cotton", 1)

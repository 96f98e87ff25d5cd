import numpy as np
import pytest

from tongyuan.impact.station.index import index_comprehensive, parts

SHANDONG_2021 = {"SO2": 11, "NO2": 29, "PM10": 72, "PM2.5": 39, "CO": 1.2, "O3": 166}


def test_shandong_2021_by_hand() -> None:
    by_hand = 11 / 60 + 29 / 40 + 72 / 70 + 39 / 35 + 1.2 / 4 + 166 / 160
    assert index_comprehensive(SHANDONG_2021) == pytest.approx(by_hand, abs=1e-12)
    assert index_comprehensive(SHANDONG_2021) == pytest.approx(4.388690, abs=5e-7)


def test_a_pollutant_missing_is_no_index() -> None:
    assert np.isnan(index_comprehensive(SHANDONG_2021 | {"CO": np.nan}))
    with pytest.raises(KeyError):
        index_comprehensive({k: v for k, v in SHANDONG_2021.items() if k != "CO"})
    with pytest.raises(KeyError, match="no comprehensive index"):
        parts("1999")


def test_weights_of_2026_say_that_they_were_not_read() -> None:
    assert {p.status for p in parts("2026-transition").values()} == {"unverified"}
    assert {p.status for p in parts("2013").values()} == {"secondary"}

"""Pulses by FaIR against the exact impulse response of AR6.

``fair_excerpt`` holds three members of calibration 1.4.1 (Smith et al. 2024, CC BY 4.0) with the species,
emissions, volcanoes and sun that they need for CO2, CH4, N2O, SO2 and BC: no clouds and no ozone, so methane
is weaker here.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tongyuan.impact.climate.ensemble import Ensemble, calibration, temperature_fair
from tongyuan.impact.climate.pulse import agtp_ar6

HERE = Path(__file__).parent / "fair_excerpt"
GIGATONNE = 1e12


@pytest.fixture(scope="module")
def pulses() -> dict[str, Ensemble]:
    """Return a Gt of CO2, and a Mt of SO2, of the year 2025 in three members."""
    pytest.importorskip("fair", reason="the extra fair is not installed")
    asked = {"CO2": GIGATONNE, "SO2": 1e9}
    return {n: temperature_fair({n: [mass]}, 2025, HERE, until=2046) for n, mass in asked.items()}


def test_carbon_warms_by_less_than_the_impulse_response(pulses: dict[str, Ensemble]) -> None:
    """The impulse response holds at today's air; FaIR follows a world that goes on emitting.

    Members between 0.45 and 1 of it, their median between 0.7 and 0.95; the whole ensemble: 3.9e-4 K of
    4.95e-4 after twenty years.
    """
    made = pulses["CO2"]
    assert made.change.shape == (3, len(made.years))
    for after in (10, 20):
        exact = GIGATONNE * float(agtp_ar6("CO2", [float(after)]).agtp[0])
        share = made.change[:, list(made.years).index(2025 + after)] / exact
        assert ((share > 0.45) & (share < 1.0)).all()
        assert 0.7 < np.median(share) < 0.95


def test_sulfur_cools_at_once_and_less_of_it_warms(pulses: dict[str, Ensemble]) -> None:
    median, lower, upper = pulses["SO2"].interval()
    at = list(pulses["SO2"].years)
    assert median[at.index(2026)] == pytest.approx(-7.2e-4, abs=1.5e-4)
    assert median[at.index(2045)] > median[at.index(2026)]
    assert (lower <= median).all()
    assert (median <= upper).all()
    assert pulses["SO2"].change[:, 0].tolist() == [0, 0, 0]


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="calibrated"):
        calibration(tmp_path)
    for path in HERE.glob("*.csv"):
        shutil.copy(path, tmp_path)
    (tmp_path / "volcanic_solar.csv").unlink()
    with pytest.raises(FileNotFoundError, match="volcanic_solar"):
        calibration(tmp_path)
    pytest.importorskip("fair", reason="the extra fair is not installed")
    with pytest.raises(KeyError, match="knows no SF6"):
        temperature_fair({"SF6": [1.0]}, 2025, HERE)
    with pytest.raises(KeyError, match="has no OC"):
        temperature_fair({"OC": [1.0]}, 2025, HERE, until=2030)
    with pytest.raises(KeyError, match="scenario"):
        temperature_fair({"CO2": [1.0]}, 2025, HERE, until=2030, scenario="nobody")
    with pytest.raises(ValueError, match="1750"):
        temperature_fair({"CO2": [1.0]}, 1700, HERE)
    with pytest.raises(ValueError, match="go on after"):
        temperature_fair({"CO2": [1.0] * 9}, 2025, HERE, until=2030)

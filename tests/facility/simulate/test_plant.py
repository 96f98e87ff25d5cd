import numpy as np
import pytest

from tongyuan.facility.simulate.plant import CARBON, CO2_DENSITY, Plant, running, simulate, walk


def test_mass_and_energy_are_kept_in_every_hour() -> None:
    plant, hour = Plant(), simulate(seed=3)
    on = (hour["state"] != "stopped").to_numpy()
    h = {name: hour[name].to_numpy()[on] for name in hour.columns if name not in ("hour", "state")}
    assert h["coal"] * h["ncv"] * plant.boiler_efficiency == pytest.approx(h["steam"])
    assert h["steam"] == pytest.approx(3.6 * plant.turbine * h["power"] + h["heat"])
    co2 = CARBON * h["coal"] * h["carbon"] * plant.burnout + 0.4397 * h["limestone"] * plant.limestone_purity
    assert h["volume"] * h["co2_share"] * CO2_DENSITY == pytest.approx(co2)
    sulphur = 1.9979 * h["coal"] * h["sulphur"] * plant.release
    assert h["volume"] * h["so2"] * 1e-6 + 0.37209 * h["gypsum"] * plant.gypsum_purity == pytest.approx(
        sulphur
    )


def test_the_plant_is_plausible() -> None:
    """Bituminous coal: 20–24 GJ/t, 24–29 tC/TJ, 8–13 thousand m3 of dry gas per tonne, CO2 of 10–16 %."""
    hour = simulate(seed=1)
    on = hour.filter(hour["state"] == "normal")
    assert 19 < on["ncv"].mean() < 24
    assert 0.024 < (on["carbon"] / on["ncv"]).mean() < 0.029
    assert 6 < (on["volume"] / on["coal"]).mean() < 13
    assert 0.10 < on["co2_share"].mean() < 0.16
    assert hour.height == 8760
    assert hour["hour"].n_unique() == 8760


def test_a_stop_is_a_stop() -> None:
    hour = simulate(seed=1)
    still = hour.filter(hour["state"] == "stopped")
    assert still.height > 150
    for name in ("power", "coal", "so2", "volume", "ammonia"):
        assert still[name].sum() == 0
    assert {"normal", "start", "stop", "stopped"} == set(hour["state"])


def test_the_same_seed_is_the_same_year() -> None:
    assert simulate(seed=5, hours=200).equals(simulate(seed=5, hours=200))
    assert not simulate(seed=5, hours=200).equals(simulate(seed=6, hours=200))


def test_a_walk_has_unit_variance_and_keeps_its_memory() -> None:
    x = walk(np.random.default_rng(0), 100_000, 0.9)
    assert x.std() == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(x[1:], x[:-1])[0, 1] == pytest.approx(0.9, abs=0.01)
    assert running(np.random.default_rng(0), 8760).mean() > 0.9

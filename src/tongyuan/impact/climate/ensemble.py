"""Temperature by FaIR with a calibrated ensemble: the whole model, far too slow for an office's requests.

FaIR is the extra ``tongyuan[fair]``; the calibration (parameters, species, emissions, volcanoes and sun) is
the user's own folder, as published with FaIR.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FILES = {
    "configs": "calibrated_constrained_parameters*.csv",
    "species": "species_configs_properties*.csv",
    "emissions": "*emissions*.csv|extensions*.csv",
    "forcing": "volcanic_solar*.csv",
}
"""Files of a calibration and the patterns of their names."""

SPECIES = {
    "CO2": ("CO2 FFI", 1e-12),
    "CH4": ("CH4", 1e-9),
    "N2O": ("N2O", 1e-9),
    "SO2": ("Sulfur", 1e-9),
    "BC": ("BC", 1e-9),
    "OC": ("OC", 1e-9),
    "NOx": ("NOx", 1e-9),
    "NH3": ("NH3", 1e-9),
    "CO": ("CO", 1e-9),
    "NMVOC": ("VOC", 1e-9),
}
"""Our species: that of FaIR, and kilograms in its unit (Gt of CO2, Mt of the others)."""

FIRST = 1750
LAST = 2100


class Ensemble(NamedTuple):
    """Change of temperature by members of the ensemble.

    years : array of int, shape (years,), at whose beginning the temperature is told.
    change : array, shape (members, years) [K]
    """

    years: npt.NDArray[np.int64]
    change: Array

    def interval(self) -> Array:
        """Return median, 5th and 95th percentile of the members, shape (3, years) [K]."""
        return np.asarray(np.percentile(self.change, [50, 5, 95], axis=0))


def calibration(folder: Path) -> dict[str, Path]:
    """Return the files of a calibration.

    Raises
    ------
    FileNotFoundError
        If one of them is not in `folder`; the error is the pattern of its name.
    """
    found = {}
    for part, patterns in FILES.items():
        paths = sorted(path for pattern in patterns.split("|") for path in folder.glob(pattern))
        if not paths:
            raise FileNotFoundError(patterns)
        found[part] = paths[-1]
    return found


def temperature_fair(
    change: Mapping[str, npt.ArrayLike],
    first: int,
    folder: Path,
    *,
    members: int = 21,
    scenario: str = "medium-extension",
    until: int = LAST,
) -> Ensemble:
    """Return what a change of emission does to the temperature of the world, member by member.

    One run with the change less one without, with the same members and no chance in them: seeds would swamp a
    million tonnes.

    Parameters
    ----------
    change : mapping of species to array, shape (years,) [kg]
        From year `first` on; what is not told does not change.
    folder
        Files of a calibration of FaIR.
    members
        How many of the ensemble, evenly taken; the interval is that of these.
    scenario
        Emissions the change is added to, one of the file.
    until
        Last year.

    Raises
    ------
    FileNotFoundError
        If a file of the calibration is missing.
    KeyError
        If a species has no place in FaIR or in this calibration, or the scenario is not in its file.
    ValueError
        If years lie outside the calibration, or there are no members.

    References
    ----------
    Smith et al. 2018; Leach et al. 2021 (FaIR 2); calibration 1.4.1, Smith et al. 2024.
    """
    import pandas as pd

    files = calibration(folder)
    unknown = sorted(set(change) - set(SPECIES))
    if unknown:
        raise KeyError(f"FaIR knows no {', '.join(unknown)}")
    configs = pd.read_csv(files["configs"], index_col=0)
    if members < 1 or not FIRST <= first <= until:
        raise ValueError("members, and years from 1750 on, are needed")
    lines = np.unique(np.linspace(0, len(configs) - 1, min(members, len(configs))).astype(int))
    chosen = configs.iloc[lines]
    base = _run(files, chosen, scenario, until, {}, first)
    moved = _run(files, chosen, scenario, until, change, first)
    years = np.arange(FIRST, until + 2)
    keep = years >= first
    return Ensemble(years[keep], (moved - base).T[:, keep])


def _run(
    files: Mapping[str, Path], chosen: Any, scenario: str, until: int, change: Mapping[str, Any], first: int
) -> Array:
    """Return the temperature of the surface, shape (timebounds, members)."""
    import fair.interface
    import fair.io

    library: Any = fair  # untyped
    fill, initialise = library.interface.fill, library.interface.initialise
    model = library.FAIR(ch4_method="Thornhill2021")
    model.define_time(FIRST, until + 1, 1)
    model.define_scenarios([scenario])
    model.define_configs(chosen.index)
    model.define_species(*library.io.read_properties(filename=str(files["species"])))
    missing = sorted(n for n in change if SPECIES[n][0] not in model.species)
    if missing:
        raise KeyError(f"this calibration has no {', '.join(missing)}")
    model.allocate()
    try:
        model.fill_from_csv(emissions_file=str(files["emissions"]), forcing_file=str(files["forcing"]))
    except Exception as error:
        raise KeyError(f"scenario {scenario}: {error}") from None
    for name in ("Volcanic", "Solar"):
        scale = chosen[f"forcing_scale[{name}]"].to_numpy()
        fill(model.forcing, model.forcing.sel(specie=name) * scale, specie=name)
    model.fill_species_configs(str(files["species"]))
    model.override_defaults(str(files["configs"]))
    fill(model.climate_configs["stochastic_run"], False)
    for name, amounts in change.items():
        theirs, unit = SPECIES[name]
        for number, amount in enumerate(np.atleast_1d(np.asarray(amounts, dtype=np.float64))):
            year = first + number
            if year > until:
                raise ValueError(f"emissions go on after {until}")
            model.emissions.loc[{"specie": theirs, "timepoints": year + 0.5}] += amount * unit
    initialise(model.concentration, model.species_configs["baseline_concentration"])
    for state in (
        model.forcing, model.temperature, model.cumulative_emissions, model.airborne_emissions,
        model.ocean_heat_content_change,
    ):  # fmt: skip
        initialise(state, 0)
    model.run(progress=False)
    return np.asarray(model.temperature.loc[{"layer": 0, "scenario": scenario}].to_numpy())

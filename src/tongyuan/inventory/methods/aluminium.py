"""Primary aluminium: anode consumption and anode effects (national ETS guide 2024)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.equation import ets_anode_co2, ets_anode_effect, ets_anode_net
from tongyuan.reference.method.stoichiometry import KG_PER_T, Array, array

ETS = "ets_aluminium_2024"


def ets_anode_effect_co2e(
    output: npt.ArrayLike,
    cf4: npt.ArrayLike = 0.020,
    c2f6: npt.ArrayLike = 0.0011,
    gwp_cf4: npt.ArrayLike = 6630.0,
    gwp_c2f6: npt.ArrayLike = 11100.0,
) -> Array:
    """CO2 equivalent of anode effects: ``E = P · (EF_CF4·6630 + EF_C2F6·11100) / 1000``.

    Parameters
    ----------
    output : array, shape (...) [t Al]
    cf4, c2f6 : array, shape (...) [kg/t Al]
    gwp_cf4, gwp_c2f6 : array, shape (...) [t CO2e/t]

    Returns
    -------
    array, shape (...) [t CO2e]

    References
    ----------
    企业温室气体排放核算与报告指南 铝冶炼行业 (national ETS, 2024); 1 t Al gives .1448 t.
    """
    both = array(cf4) * array(gwp_cf4) + array(c2f6) * array(gwp_c2f6)
    return array(output) * both / KG_PER_T


def _row(entry: Entry) -> Iterator[Row]:
    output = entry.amount("output")

    def read(name: str, item: str = "", own: str = "", edition: str = ETS) -> Any:
        return entry.parameter("aluminium", name, edition=edition, item=item, own=own)

    sulphur, ash = read("anode_sulphur", own="anode_sulphur"), read("anode_ash", own="anode_ash")
    gross = entry.optional("anode_consumption")
    if gross is None:
        per_t = read("anode_net")
        net, used = output * per_t.value, [per_t]
    else:
        loss = read("anode_loss", own="anode_loss")
        net, used = float(ets_anode_net(gross, loss.value)), [loss, f"{entry.id}.anode_consumption"]
    place: dict[str, Any] = {"process": "industry.aluminium.electrolysis", "origin": "process"}
    co2 = float(ets_anode_co2(net, sulphur.value, ash.value))
    yield entry.emission("ets_anode_co2", "CO2", co2, factor=[*used, sulphur, ash], **place)
    for species in ("CF4", "C2F6"):
        edition = entry.settings.aluminium
        found = read("effect", species, own=f"{species.lower()}_factor", edition=edition)
        value = float(ets_anode_effect(output, found.value))
        yield entry.emission("ets_anode_effect", species, value, factor=[found], **place)


def emission_from_aluminium_line(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``aluminium_line``: CO2 of anodes, CF4 and C2F6 of anode effects.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("aluminium_line", frame, settings, _row)

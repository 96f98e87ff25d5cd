"""Ammonia of livestock by the flow of ammoniacal nitrogen (TAN): house → storage → spreading; water
pollutants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt

from tongyuan.inventory.methods.adaptor import Entry, Row
from tongyuan.reference.method.parameter import Parameter
from tongyuan.reference.method.stoichiometry import DAYS_PER_YEAR, KG_PER_T, Array, array, days_of

LIAO = "liao_2017"
ANIMALS = ("layer", "broiler", "dairy_cattle", "beef_cattle", "pig")
GASES = ("ammonia", "nitrous_oxide", "nitric_oxide", "dinitrogen")


@dataclass(frozen=True)
class NitrogenFlow:
    """Where the ammoniacal nitrogen of one stream of manure goes, each [kg N].

    ``tan = house + store_ammonia + nitrous_oxide + nitric_oxide + dinitrogen + immobilised + feed +
    spread + field``.
    """

    tan: float
    house: float
    store_ammonia: float
    nitrous_oxide: float
    nitric_oxide: float
    dinitrogen: float
    immobilised: float
    feed: float
    spread: float
    field: float

    @property
    def ammonia(self) -> float:
        """Nitrogen lost as ammonia in house, storage and spreading [kg N]."""
        return self.house + self.store_ammonia + self.spread

    @property
    def out(self) -> float:
        """Everything that leaves or stays; equal to `tan`."""
        gases = self.nitrous_oxide + self.nitric_oxide + self.dinitrogen
        return self.ammonia + gases + self.immobilised + self.feed + self.field


def liao2017_tan(
    heads: npt.ArrayLike,
    excretion: npt.ArrayLike,
    nitrogen: npt.ArrayLike,
    tan_share: npt.ArrayLike,
    days: npt.ArrayLike,
) -> Array:
    """Ammoniacal nitrogen excreted: ``TAN = heads · excretion · days · N · share``.

    Parameters
    ----------
    heads : array, shape (...) [head]
        Year-end stock when the cycle is a year, else slaughter number.
    excretion : array, shape (...) [kg/(head day)]
        Urine or faeces.
    nitrogen, tan_share : array, shape (...) [fraction], 0 to 1
    days : array, shape (...) [day]
        Length of the cycle.

    Returns
    -------
    array, shape (...) [kg N]

    References
    ----------
    廖仁郡 2017, ChinaXiv-201711.02349, after 大气氨源排放清单编制技术指南(试行).
    """
    return array(heads) * array(excretion) * array(days) * array(nitrogen) * array(tan_share)


def liao2017_nitrogen_flow(
    tan: float,
    *,
    house: float,
    store: tuple[float, float, float, float],
    spread: float,
    immobilised: float = 0.0,
    feed: float = 0.0,
) -> NitrogenFlow:
    """Flow of the ammoniacal nitrogen of one stream (liquid or solid) through house, storage and spreading.

    Parameters
    ----------
    tan : float [kg N]
        Ammoniacal nitrogen that enters the house.
    house, spread : float [fraction], 0 to 1
        NH3-N lost, of the nitrogen that reaches the stage.
    store : tuple of 4 floats [fraction], 0 to 1
        NH3-N, N2O-N, NO-N and N2-N lost in storage, of the ammoniacal nitrogen stored.
    immobilised : float [fraction], 0 to 1
        Share f of stored solid manure's TAN that turns to organic nitrogen before it can be lost.
    feed : float [fraction], 0 to 1
        Share R of what leaves storage that is used as feed or otherwise does not reach a field.

    Returns
    -------
    NitrogenFlow
        The parts add up to `tan`.

    References
    ----------
    廖仁郡 2017, ChinaXiv-201711.02349: ``A_store = A_house·(1 − EF_house)``,
    ``A_spread = [A_store − (A_store·EF_store + EN_loss)]·(1 − R)``. All shares of storage are taken of the
    nitrogen stored, as in the EMEP/EEA guidebook; the copy read does not show the paper's bracket in full.
    """
    lost_house = tan * house
    stored = tan - lost_house
    bound = stored * immobilised
    free = stored - bound
    nh3, n2o, no, n2 = (free * share for share in store)
    left = free - nh3 - n2o - no - n2
    fed = left * feed
    on_field = left - fed
    lost_spread = on_field * spread
    return NitrogenFlow(tan, lost_house, nh3, n2o, no, n2, bound, fed, lost_spread, on_field - lost_spread)


def liao2017_ammonia(flow: NitrogenFlow, ratio: float = 1.214) -> float:
    """Ammonia of one stream: ``NH3 = Σ NH3-N · 1.214``.

    Parameters
    ----------
    flow : NitrogenFlow [kg N]
    ratio : float [kg NH3/kg N]

    Returns
    -------
    float [kg NH3]

    References
    ----------
    廖仁郡 2017, ChinaXiv-201711.02349.
    """
    return flow.ammonia * ratio


def counted(entry: Entry, days: float) -> tuple[float, float]:
    """Return the heads the flow counts and the days of each [day].

    The stock of animals kept all year counts with the days of that year; others are those slaughtered, with
    the days of a life. A published cycle of 365 days is all year in a leap year, too.
    """
    year = days_of(entry.amount("year"))
    if days >= (DAYS_PER_YEAR if entry.optional("days") is None else year):
        return entry.amount("heads"), year
    throughput = entry.optional("throughput")
    return (entry.amount("heads") * year / days if throughput is None else throughput), days


def streams(entry: Entry, animal: str) -> tuple[dict[str, NitrogenFlow], list[Parameter]]:
    """Return the nitrogen flow of the liquid and of the solid manure of `entry`, and the coefficients
    used."""
    used: list[Parameter] = []

    def read(name: str, condition: str = "", own: str = "") -> float:
        found = entry.parameter(
            "manure_nitrogen", name, edition=LIAO, item=animal, condition=condition, own=own
        )
        used.append(found)
        return found.value

    heads, days = counted(entry, read("cycle", own="days"))
    tan = sum(
        float(
            liao2017_tan(
                heads, read("excretion", what), read("nitrogen_content", what), read("tan_share", what), days
            )
        )
        for what in ("urine", "faeces")
    )
    liquid = read("liquid_share", own="liquid_share")
    flows = {}
    for kind, share in (("liquid", liquid), ("solid", 1 - liquid)):
        gas = tuple(read(f"store_{name}", kind) for name in GASES)
        flows[kind] = liao2017_nitrogen_flow(
            tan * share,
            house=read("house", kind),
            store=(gas[0], gas[1], gas[2], gas[3]),
            spread=read("spread", kind),
            immobilised=read("immobilised") if kind == "solid" else 0.0,
            feed=entry.amount("feed_share", 0.0),
        )
    return flows, used


def ammonia_rows(entry: Entry, animal: str) -> Iterator[Row]:
    """Yield the NH3 rows of a livestock entry: house and storage as manure management, spreading apart."""
    flows, used = streams(entry, animal)
    ratio = entry.parameter("manure_nitrogen", "ammonia_ratio", edition=LIAO)
    for kind, flow in flows.items():
        common: dict[str, Any] = {"origin": "agriculture", "product": animal, "technology": kind}
        common["factor"] = [*used, ratio]
        if flow.tan == 0:
            continue
        kept = (flow.house + flow.store_ammonia) * ratio.value / KG_PER_T
        field = flow.spread * ratio.value / KG_PER_T
        method = "liao2017_nitrogen_flow"
        yield entry.emission(method, "NH3", kept, process="agriculture.manure", **common)
        yield entry.emission(method, "NH3", field, process="agriculture.manure_spreading", **common)


def census_livestock_discharge(
    heads: npt.ArrayLike, coefficient: npt.ArrayLike, days: npt.ArrayLike, removal: npt.ArrayLike = 0.0
) -> Array:
    """Water pollutants of a herd: ``E = heads · coefficient · days · (1 − η) · 10⁻³``.

    Parameters
    ----------
    heads : array, shape (...) [head]
    coefficient : array, shape (...) [kg/(head day)]
        Generation or discharge coefficient.
    days : array, shape (...) [day]
    removal : array, shape (...) [fraction], 0 to 1
        Removal of the treatment, when `coefficient` is one of generation.

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    第一次全国污染源普查畜禽养殖业源产排污系数手册; 周媛媛 等 2016.
    """
    return array(heads) * array(coefficient) * array(days) * (1 - array(removal)) / KG_PER_T


def water_rows(entry: Entry, animal: str) -> Iterator[Row]:
    """Yield COD, TN and TP of a livestock entry that states the removal of its treatment."""
    removal = entry.optional("water_removal")
    if removal is None:
        return
    cycle = entry.parameter("manure_nitrogen", "cycle", edition=LIAO, item=animal, own="days")
    heads, days = counted(entry, cycle.value)
    for species in ("COD", "TN", "TP"):
        found = entry.parameter(
            "livestock_water", "generation", edition="zhou_2016", item=animal, condition=species
        )
        made = float(census_livestock_discharge(heads, found.value, days))
        value = float(census_livestock_discharge(heads, found.value, days, removal))
        yield entry.emission(
            "census_livestock_discharge",
            species,
            value,
            process="agriculture.manure",
            origin="agriculture",
            product=animal,
            factor=[found, cycle, f"{entry.id}.water_removal"],
            uncontrolled=made,
        )

"""What a draft adds where the user shapes electricity: storage, and plants that follow the load."""

from __future__ import annotations

import polars as pl

from tongyuan.pathway.draft.alternative import costs
from tongyuan.pathway.draft.ground import SHAPED, Ground, Sheets, cost_library, parameter, shaped
from tongyuan.reference.language import say
from tongyuan.reference.shelf import shelf

ROOM = "pathway"
HOURS = 8.76
"""GWh that one MW yields in a year."""

WITH_THE_WEATHER = ("wind", "pv")
"""Kinds of availability on shelf ``service_option`` that are of the weather, not of the plant."""


def sliced(ground: Ground, sheets: Sheets, base: dict[str, float]) -> None:
    """Write storage and the way plants run in a slice, where electricity has a shape of the user.

    Thermal plants may run at full capacity in a slice, while the year holds their hours of use; wind and sun
    need rows of table ``technology_slice`` of the user, and a note names those without any.

    Parameters
    ----------
    base
        What the sources yield of every flow in the base year.
    """
    if not shaped(ground) or SHAPED not in base:
        return
    for row in shelf("service_storage").to_dicts():
        _storage(row, base[row["flow"]], ground, sheets)
    _running(ground, sheets)
    zh, en = (say(ROOM, "draft_note_storage", language) for language in ("zh", "en"))
    sheets.note("assumption", "draft_storage", zh, en)


def _storage(row: dict[str, str], base: float, ground: Ground, sheets: Sheets) -> None:
    name = row["technology"]
    titles = next(r for (t, _), r in cost_library().items() if t == name)
    paid = costs({**row, "turnover": ""}, "MW", "GWh")
    cited = parameter(row["efficiency"])
    way = float(cited["value"]) ** 0.5
    step = max(ground.years[0] - ground.base_year, 5)
    sources = [*paid.pop("sources"), cited["source"]]
    sheets.add(
        "technology_option", "library", technology=name, unit="GWh", capacity="tracked", capacity_unit="MW",
        availability=1.0, yearly_output=HOURS, growth=0.0, growth_start=ground.pace * base * step / HOURS,
        payer="power", sector="power", title_zh=titles["title_zh"], title_en=titles["title_en"],
        source="|".join(dict.fromkeys(sources)), locator=f"technology_cost: {name}", note=row["note"], **paid,
    )  # fmt: skip
    sheets.add("technology_flow", "shelf", technology=name, flow=row["flow"], role="output", coefficient=1.0)
    sheets.add(
        "storage", "library", technology=name, flow=row["flow"], duration=float(row["duration"]),
        efficiency_in=way, efficiency_out=way, cycle="day", source=cited["source"],
        locator=f"{row['efficiency']}: {float(cited['value']):g}, half of the loss each way",
        note=row["note"],
    )  # fmt: skip
    sheets.add("measure", "shelf", measure=row["measure"], technology=name, department=row["department"],
               title_zh=row["measure_zh"], title_en=row["measure_en"])  # fmt: skip


def _running(ground: Ground, sheets: Sheets) -> None:
    """Let thermal plants with a capacity run fully in any slice; name what has the weather without shape."""
    given = (
        set(ground.typed["technology_slice"]["technology"]) if "technology_slice" in ground.typed else set()
    )
    weather = {
        r["technology"] for r in shelf("service_option").to_dicts() if r["availability"] in WITH_THE_WEATHER
    }
    yields = [r["technology"] for r in sheets.of("technology_flow")
              if r["role"] == "output" and r["flow"] == SHAPED]  # fmt: skip
    stored = {r["technology"] for r in sheets.of("storage")}
    options = {r["technology"]: r for r in sheets.of("technology_option")}
    typed = ground.typed.get("technology_option")
    tracked = set() if typed is None else set(typed.filter(pl.col("capacity") == "tracked")["technology"])
    for name in yields:
        follows = options[name]["capacity"] == "tracked" or name in tracked
        if name in given or name in stored or not follows or not options[name].get("process"):
            continue
        sheets.add("technology_slice", "default", technology=name, availability=1.0,
                   note="may run at full capacity in a slice; the year holds its hours of use")  # fmt: skip
    bare = [options[name] for name in yields if name in weather - given]
    if bare:
        zh = say(ROOM, "draft_note_no_shape", "zh", names="、".join(str(r["title_zh"]) for r in bare))
        en = say(ROOM, "draft_note_no_shape", "en", names="; ".join(str(r["title_en"]) for r in bare))
        sheets.note("missing", "draft_no_shape", zh, en)

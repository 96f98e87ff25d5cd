"""Write the example world ``finance``: 60 projects of published technology costs, and acts of a public.

Capital costs are those of the shelf ``technology_cost`` (China, USD per kW) at an assumed rate of exchange;
sizes, hours, prices and running costs are assumptions and say so. Run: ``python tools/finance_world.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tongyuan.reference.energy.grid import grid_factor
from tongyuan.reference.shelf import shelf

PLACE = Path(__file__).parents[1] / "src" / "tongyuan" / "ledger" / "examples" / "finance" / "tables"
EXCHANGE, PRICE, RUNNING = 7.0, 0.38, 0.02
"""Assumed: yuan a dollar, yuan a kWh sold, running cost a year as a share of the investment."""

KINDS = {  # hours assumed, lifetime assumed, category assumed
    "cn_wind_onshore": (2200, 20, "风力发电"),
    "cn_wind_offshore": (3000, 25, "风力发电"),
    "cn_pv_central": (1250, 25, "太阳能发电"),
    "cn_pv_distributed": (1150, 25, "太阳能发电"),
    "cn_biomass": (5000, 20, "生物质发电"),
    "cn_hydro": (3500, 40, "水力发电"),
}
REGIONS = ("370000", "130000", "410000", "320000", "330000", "140000", "610000", "340000", "210000", "440000")
ASSUMED = "示例：规模、小时数、电价、运维为假设"


def write(name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Write a table."""
    with (PLACE / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        out = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)


def main() -> None:
    """Write every table of the world."""
    PLACE.mkdir(parents=True, exist_ok=True)
    chance = Random(14)
    costs = {}
    for row in shelf("technology_cost").to_dicts():
        if row["technology"] in KINDS and row["parameter"] == "cost_capital" and row["year"] == "2030":
            costs[row["technology"]] = (float(row["value"]), row["title_zh"], row["source"])
    investment, flow, cut, supply, claim = [], [], [], [], []
    for number in range(60):
        technology = list(KINDS)[number % len(KINDS)]
        hours, life, category = KINDS[technology]
        region = REGIONS[number % len(REGIONS)]
        capital, title, source = costs[technology]
        size = chance.choice([20, 50, 100, 200])
        name = f"P{number + 1:02d}"
        money = capital * EXCHANGE * size * 1000
        power = size * hours
        investment.append(
            {
                "project": name,
                "title": f"{title} {size} MW（示例）",
                "category": category,
                "region": region,
                "lifetime": life,
                "begun": "2026-03-01",
                "output": power,
                "plant": f"W{number + 1:02d}",
                "credited": "是" if technology == "cn_wind_offshore" else "否",
                "market": "否",
                "duty": "否",
                "source": f"{source}；{ASSUMED}",
            }
        )
        flow += [
            {
                "project": name,
                "payer": payer,
                "item": item,
                "year": first,
                "year_to": last,
                "value": round(value, 2),
                "unit": "元",
            }
            for payer, item, first, last, value in (
                ("enterprise", "investment", 2026, "", -money),
                ("enterprise", "operation", 2027, 2026 + life, -RUNNING * money),
                ("enterprise", "revenue", 2027, 2026 + life, power * 1000 * PRICE),
            )
        ]
        if number % 3 == 0:
            grant = 0.05 * money
            flow += [
                {
                    "project": name,
                    "payer": p,
                    "item": "subsidy",
                    "year": 2026,
                    "year_to": "",
                    "value": round(v, 2),
                    "unit": "元",
                }
                for p, v in (("government", -grant), ("enterprise", grant))
            ]
        factor = grid_factor(region, 2023).value
        tonnes = power * factor * (1.45 if name == "P03" else 1.0)
        cut.append(
            {
                "project": name,
                "species": "CO2",
                "value": round(tonnes, 1),
                "unit": "t",
                "source": "发电量乘省级电网因子 2023" if name != "P03" else "示例：按煤电基准高估",
            }
        )
        cut.append(
            {
                "project": name,
                "species": "SO2",
                "value": round(power * 1e-4, 2),
                "unit": "t",
                "source": ASSUMED,
            }
        )
        if number < 6:
            supply.append({"plant": f"W{number + 1:02d}", "year": 2027, "amount": power})
            claim.append(
                {
                    "claim": f"C{number + 1}",
                    "plant": f"W{number + 1:02d}",
                    "year": 2027,
                    "day": "2028-01-15",
                    "kind": "certificate",
                    "claimant": "示例用户",
                    "amount": round(power * (0.6 + 0.1 * number)),
                }
            )
    write("investment", investment)
    write("cash_flow", flow)
    write("project_reduction", cut)
    write("green_supply", supply)
    write("green_claim", claim)
    write(
        "appraisal_doubt",
        [
            {
                "project": "",
                "item": "revenue",
                "law": "normal",
                "lower": 0.85,
                "upper": 1.15,
                "source": "示例：电价假设",
            },
            {
                "project": "",
                "item": "investment",
                "law": "triangular",
                "lower": 0.9,
                "upper": 1.3,
                "source": "示例假设",
            },
        ],
    )
    write(
        "public_behaviour",
        [
            {
                "method": "DB11/T 3043-2024",
                "behaviour": b,
                "baseline": 0.104,
                "project": p,
                "cap": 1.5,
                "source": "DB11/T 3043-2024，二手转引；日上限为示例假设",
            }
            for b, p in (("公交", 0.052), ("地铁", 0.032), ("骑行", 0.0087), ("步行", 0.0))
        ],
    )
    acts = []
    begin = datetime(2026, 6, 5, 6)
    for number in range(400):
        person = chance.randrange(40)
        acts.append(
            {
                "act": f"K{number}",
                "person": f"a{person:03d}f",
                "time": (begin + timedelta(minutes=3 * number)).isoformat(sep=" "),
                "method": "DB11/T 3043-2024",
                "behaviour": chance.choice(["公交", "地铁", "骑行", "步行"]),
                "amount": round(chance.uniform(0.5, 20), 1),
            }
        )
    write("public_act", acts)


if __name__ == "__main__":
    main()

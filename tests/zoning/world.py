"""A project that meets everything, to be changed by a test."""

from datetime import date

from tongyuan.zoning.access.rule import shelf_rules
from tongyuan.zoning.access.screen import Case

RULES = shelf_rules()
CLEAN = {"plan_conform": 1.0, "standards_met": 1.0, "energy": 500.0, "CO2": 900.0, "old_closed": 1.0}


def case(**more):
    """Return a made-up works in Qingdao, filed in March 2026."""
    words = {"project": "J", "region": "370200", "day": date(2026, 3, 2), "industry": "3821", "kind": "new"}
    return Case(**(words | {"facts": CLEAN} | more))

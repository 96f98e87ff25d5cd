"""Credits of the public of a workspace: from acts to accounts."""

from __future__ import annotations

import re

import polars as pl

from tongyuan.finance.credit.ledger import balances, chain, issue_credits, statistics
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, finding, require
from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import PLACE, conform, empty

Tables = dict[str, pl.DataFrame]
ROOM = "finance"

PLAIN = re.compile(r"^(?:[\u4e00-\u9fff]{2,4}|1[3-9]\d{9}|\d{17}[\dXx])$")
"""A Chinese name, a mobile number, the number of an identity card."""


def public_credits(inputs: Brought) -> tuple[Tables, tuple[Finding, ...]]:
    """Return tables ``public_credit, public_account, public_statistic``, and what was found.

    Raises
    ------
    FindingError
        If a person stands there by a name or a number of its own.
    """
    acts = inputs.tables.get("public_act", empty("public_act")).drop(PLACE, strict=False)
    if acts.is_empty():
        return {}, ()
    retired = inputs.tables.get("public_retirement", empty("public_retirement")).drop(PLACE, strict=False)
    plain = pl.concat([acts["person"], retired["person"]]).unique(maintain_order=True)
    plain = plain.filter(plain.str.contains(PLAIN.pattern))
    require(finding(ROOM, "person_plain", shown=f"{name[:1]}***") for name in plain.head(1))
    methods = inputs.tables.get("public_behaviour", empty("public_behaviour")).drop(PLACE, strict=False)
    credit = issue_credits(acts, methods)
    found: list[Finding] = []
    left = credit.filter(pl.col("state").is_in(["unknown", "invalid", "duplicate"])).group_by("state").len()
    if left.height:
        told = left.sort("state").rows()
        texts = Bilingual(
            "、".join(f"{choice_title(state, 'zh')} {n} 次" for state, n in told),
            ", ".join(f"{choice_title(state, 'en').lower()} {n}" for state, n in told),
        )
        found.append(finding(ROOM, "acts_left", count=sum(n for _, n in told), states=texts))
    account = balances(credit, retired)
    refused = account.filter(pl.col("refused") > 0)
    if refused.height:
        amount = f"{refused['refused'].sum():,.3f}".rstrip("0").rstrip(".")
        found.append(finding(ROOM, "retirement_refused", count=refused.height, amount=amount))
    made = {
        "public_credit": conform("public_credit", chain(credit)),
        "public_account": conform("public_account", account),
        "public_statistic": conform("public_statistic", statistics(credit, ["method", "behaviour"])),
    }
    return {name: frame for name, frame in made.items() if frame.height}, tuple(found)

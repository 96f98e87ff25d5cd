"""Money: the projects of a submission, what its policies change, its public credits, the rates of a flow."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from tongyuan.flows.ask import finance
from tongyuan.office.answer import one_table
from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.office.operations.people import EVERY
from tongyuan.office.operations.submission import SEES
from tongyuan.office.workspace import workspace_of

PROJECTS = (
    "appraisal",
    "appraisal_payer",
    "appraisal_range",
    "investment_check",
    "portfolio",
    "green_claim_state",
    "green_product_state",
)
POLICY = ("incentive_move", "incentive_revenue", "incidence")
CREDITS = ("public_statistic", "public_account", "public_credit")
Money = Annotated[float, Field(ge=-1e15, le=1e15)]


class Projects(Request):
    """A submission whose projects and claims are appraised, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(PROJECTS)})$")] = PROJECTS[0]


class Policy(Request):
    """A submission whose policies are tried on its plan, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(POLICY)})$")] = POLICY[0]


class Credits(Request):
    """A submission with acts of the public, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(CREDITS)})$")] = CREDITS[0]


class Flow(Request):
    """Amounts now and at the end of each year, and the rate they are discounted at."""

    flow: Annotated[tuple[Money, ...], Field(min_length=2, max_length=100)]
    discount: Annotated[float, Field(gt=-1, le=10)] = 0.08


def _appraise(desk: Desk, asked: Projects) -> Answer:
    return one_table(finance.appraise_of(workspace_of(desk.session, asked.submission)).tables, asked.table)


def _incentive(desk: Desk, asked: Policy) -> Answer:
    return one_table(finance.incentive_of(workspace_of(desk.session, asked.submission)).tables, asked.table)


def _credits(desk: Desk, asked: Credits) -> Answer:
    return one_table(finance.credits_of(workspace_of(desk.session, asked.submission)).tables, asked.table)


def _rates(_: Desk, asked: Flow) -> Answer:
    answer = finance.rates(asked.flow, asked.discount)
    return {"rates": answer["rate"]["rate"].to_list(), **answer.facts}


OPERATIONS = (
    Operation("finance.appraise", SEES, Projects, _appraise, answers="rows"),
    Operation("finance.incentive", SEES, Policy, _incentive, answers="rows"),
    Operation("finance.credits", SEES, Credits, _credits, answers="rows"),
    Operation("finance.rates", EVERY, Flow, _rates),
)

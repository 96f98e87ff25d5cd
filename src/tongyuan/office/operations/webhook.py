"""Webhooks: addresses of one's own programs, told when something one sees is published."""

from __future__ import annotations

import secrets
from typing import Annotated

from pydantic import Field

from tongyuan.ledger.finding import finding
from tongyuan.office.address import UnsuitableError, parts_of
from tongyuan.office.operation import Answer, Desk, Operation, Refused, Request, Serial
from tongyuan.office.operations.people import Nothing, Text
from tongyuan.office.operations.submission import SEES
from tongyuan.store import hook


class NewWebhook(Request):
    """An address to be told of publications; the secret that signs them is told once."""

    title: Text
    address: Annotated[str, Field(min_length=8, max_length=500)]


class WebhookNumber(Request):
    """The number of a webhook."""

    webhook: Serial


def _add(desk: Desk, asked: NewWebhook) -> Answer:
    try:
        parts_of(asked.address)
    except UnsuitableError as error:
        raise Refused(422, finding("office", f"webhook_{error.check}", address=asked.address)) from None
    secret = secrets.token_urlsafe(32)
    number = hook.add(desk.session, desk.person, asked.title, asked.address, secret)
    return {"webhook": number, "secret": secret}


def _list(desk: Desk, _: Nothing) -> Answer:
    return hook.hooks(desk.session, desk.person)


def _end(desk: Desk, asked: WebhookNumber) -> Answer:
    hook.end(desk.session, desk.person, asked.webhook)
    return {"webhook": asked.webhook}


def _deliveries(desk: Desk, _: Nothing) -> Answer:
    return hook.deliveries(desk.session, desk.person)


OPERATIONS = (
    Operation("webhook.add", SEES, NewWebhook, _add, changes=True, secret=True),
    Operation("webhook.list", SEES, Nothing, _list, answers="rows"),
    Operation("webhook.end", SEES, WebhookNumber, _end, changes=True),
    Operation("webhook.deliveries", SEES, Nothing, _deliveries, answers="rows"),
)

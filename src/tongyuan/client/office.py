"""An office elsewhere: entered once, then asked by one call an operation.

What each call is asked stands beside this file in ``office.pyi``, written by ``tools/client.py`` from the
register of operations.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Any
from urllib.parse import unquote

import httpx
import polars as pl

from tongyuan.reference.finding import FindingError
from tongyuan.reference.shelf import Language
from tongyuan.reference.told import findings

PAGE = 1_000
"""Rows asked for at once; a table comes whole, however many pages it has."""

TYPES: Mapping[str, Any] = {
    "String": pl.String(), "Int64": pl.Int64(), "Int32": pl.Int32(), "Int16": pl.Int16(), "Int8": pl.Int8(),
    "UInt64": pl.UInt64(), "UInt32": pl.UInt32(), "UInt16": pl.UInt16(), "UInt8": pl.UInt8(),
    "Float64": pl.Float64(), "Float32": pl.Float32(), "Boolean": pl.Boolean(), "Date": pl.Date(),
    "Null": pl.Null(), "List(String)": pl.List(pl.String()),
}  # fmt: skip
"""Types of columns by the names the interface gives them; any other comes as text."""


class Refused(FindingError):
    """Raised when the office does not do what it is asked: its findings, and `status` as HTTP has it."""

    def __init__(self, status: int, told: Mapping[str, Any]) -> None:
        super().__init__(findings(told.get("findings", ())))
        self.status, self.detail = status, str(told.get("detail", ""))

    def __str__(self) -> str:
        return f"{self.status} {self.detail}"


@dataclass(frozen=True)
class File:
    """A file that an operation answers: its name, what is in it, and of what kind it is."""

    name: str
    content: bytes
    media: str


def plain(value: Any) -> Any:
    """Return a part of a request as JSON has it; bytes in base 64, moments with their zone."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, pl.DataFrame):
        return [plain(row) for row in value.iter_rows(named=True)]
    return [plain(one) for one in value] if isinstance(value, list | tuple | frozenset | set) else value


def frame(told: Mapping[str, Any], rows: list[list[Any]]) -> pl.DataFrame:
    """Return the rows of a table with the types the office has them in."""
    series = []
    for number, (name, kind) in enumerate(zip(told["columns"], told["types"], strict=True)):
        values, dtype = [row[number] for row in rows], TYPES.get(kind, pl.String())
        if dtype == pl.Date:
            values = [None if value is None else date.fromisoformat(value) for value in values]
        series.append(pl.Series(name, values, dtype=dtype))
    return pl.DataFrame(series)


class Office:
    """An office at an address, and the token it is asked with.

    Parameters
    ----------
    address
        Where it is served, ``https://…``.
    token
        A token made for this program; without one, :meth:`enter` gets one for a password.
    language
        Language of what it says.
    transport
        How requests travel, where it is not the network.
    timeout
        How long an answer may take [s].
    """

    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        language: Language = "zh",
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
    ) -> None:
        self.language = language
        self._client = httpx.Client(base_url=address, transport=transport, timeout=timeout)
        self._token = token

    def __enter__(self) -> Office:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def enter(self, account: str, password: str, code: str = "") -> str:
        """Enter with a password and, where there is one, the code of the second factor; return the token."""
        asked = {"account": account, "password": password, "code": code}
        self._token = str(self._post("/api/v1/entry", asked, {}, "").json()["token"])
        return self._token

    def do(
        self, operation: str, asked: Mapping[str, Any], *, once: str = ""
    ) -> Mapping[str, Any] | pl.DataFrame | File:
        """Ask an operation by name; under a key `once` a change is done once, however often it is asked.

        Raises
        ------
        Refused
            If the office does not do it, with the findings that the library has for it.
        """
        path = f"/api/v1/{operation.replace('.', '/')}"
        told: Any = {}
        rows: list[list[Any]] = []
        offset: int | None = 0
        while offset is not None:
            answer = self._post(path, asked, {"offset": offset, "limit": PAGE}, once)
            if answer.headers.get("content-type", "").partition(";")[0] != "application/json" or (
                "content-disposition" in answer.headers
            ):
                return _file(answer)
            told = answer.json()
            if "answer" in told:
                values: Mapping[str, Any] = told["answer"]
                return values
            rows += told["rows"]
            offset = told["next"]
        return frame(told, rows)

    def _post(
        self, path: str, asked: Mapping[str, Any], window: Mapping[str, int], once: str
    ) -> httpx.Response:
        head = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        if once:
            head["Idempotency-Key"] = once
        answer = self._client.post(
            path, json=plain(asked), params={"language": self.language, **window}, headers=head
        )
        if answer.status_code != 200:
            try:
                told = answer.json()
            except ValueError:
                told = {"detail": answer.text[:200]}
            raise Refused(answer.status_code, told)
        return answer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the call of an operation: ``submission_list`` asks ``submission.list``."""
        if name.startswith("_"):
            raise AttributeError(name)
        operation = name.rstrip("_").replace("_", ".", 1)

        def call(*, once: str = "", **asked: Any) -> Any:
            return self.do(operation, {k: v for k, v in asked.items() if v is not None}, once=once)

        call.__name__ = name
        return call


def _file(answer: httpx.Response) -> File:
    found = re.search(r"filename\*=UTF-8''([^;]+)", answer.headers.get("content-disposition", ""))
    name = unquote(found[1]) if found else "file"
    return File(name, answer.content, answer.headers.get("content-type", "application/octet-stream"))

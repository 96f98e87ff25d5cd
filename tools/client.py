"""Write ``client/office.pyi``: what every call of the client is asked, from the register of operations."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "tongyuan" / "client" / "office.pyi"

HEAD = """# Written by tools/client.py; change the register of operations instead.
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Self

import httpx
import polars as pl

from tongyuan.reference.finding import FindingError

PAGE: int

class Refused(FindingError):
    status: int
    detail: str
    def __init__(self, status: int, told: Mapping[str, Any]) -> None: ...

class File:
    name: str
    content: bytes
    media: str

def plain(value: Any) -> Any: ...
def frame(told: Mapping[str, Any], rows: list[list[Any]]) -> pl.DataFrame: ...

class Office:
    language: Literal["zh", "en"]
    def __init__(
        self,
        address: str,
        token: str = "",
        *,
        language: Literal["zh", "en"] = "zh",
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
    ) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, kind: object, error: object, trace: object) -> None: ...
    def close(self) -> None: ...
    def enter(self, account: str, password: str, code: str = "") -> str: ...
    def do(
        self, operation: str, asked: Mapping[str, Any], *, once: str = ""
    ) -> Mapping[str, Any] | pl.DataFrame | File: ...
"""

ANSWERS = {"values": "Mapping[str, Any]", "rows": "pl.DataFrame", "file": "File"}
PLAIN = {"integer": "int", "number": "float", "boolean": "bool"}


def kind(told: dict[str, Any]) -> str:
    """Return how a part of a request is written in Python."""
    if "anyOf" in told:
        return " | ".join(kind(one) for one in told["anyOf"])
    if "enum" in told:
        return f"Literal[{', '.join(map(repr, told['enum']))}]"
    if told.get("type") == "array":
        items = kind(told.get("items", {}))
        return f"Sequence[{items}]" + (" | pl.DataFrame" if items == "Mapping[str, Any]" else "")
    if told.get("type") == "object" or "$ref" in told:
        return "Mapping[str, Any]"
    if told.get("type") == "null":
        return "None"
    if told.get("format") == "date-time":
        return "datetime | str"
    if told.get("format") == "date":
        return "date | str"
    if told.get("format") in ("base64", "binary"):
        return "bytes"
    return PLAIN.get(str(told.get("type")), "str")


def call(name: str, schema: dict[str, Any], answers: str) -> str:
    """Return the stub of one call."""
    needed = schema.get("required", ())
    parts = ["self", "*"]
    for field, told in schema.get("properties", {}).items():
        wanted = kind(told)
        if field in needed:
            parts.append(f"{field}: {wanted}")
        else:
            parts.append(f"{field}: {wanted}{'' if 'None' in wanted else ' | None'} = None")
    parts.append('once: str = ""')
    return f"    def {called(name)}({', '.join(parts)}) -> {ANSWERS[answers]}: ...\n"


def called(name: str) -> str:
    """Return what the client calls an operation."""
    return name.replace(".", "_")


def text() -> str:
    """Return the whole stub, formatted."""
    from tongyuan.office.operation import operations

    calls = [
        call(name, one.request.model_json_schema(), one.answers) for name, one in sorted(operations().items())
    ]
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "office.pyi"
        path.write_text(HEAD + "".join(calls), "utf-8")
        command = [sys.executable, "-m", "ruff", "format", "-q", "--config", str(ROOT / "pyproject.toml")]
        subprocess.run([*command, str(path)], check=True)
        return path.read_text("utf-8")


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")

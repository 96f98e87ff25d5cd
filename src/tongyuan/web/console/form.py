"""Forms that are the schemas: of what an operation is asked, and of a row of a table of the ledger."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import Column, Table
from tongyuan.ledger.write.template import options
from tongyuan.reference.shelf import Language
from tongyuan.web.console.body import Sent
from tongyuan.web.console.cell import column_title, word, worded

CHOICE = re.compile(r"\^\((\w+(?:\|\w+)*)\)\$")
MOST = 400
"""Most words that a field proposes; longer vocabularies are read as they are typed."""

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """One field: how it is typed, what it is called, what it holds, and what may be chosen."""

    name: str
    kind: str
    title: str
    required: bool = False
    value: str = ""
    options: Pairs = ()
    help: str = ""
    pattern: str = ""


def of_request(
    model: type[BaseModel],
    given: Mapping[str, str],
    language: Language,
    choices: Mapping[str, Pairs],
    operation: str = "",
) -> list[Field] | None:
    """Return the fields of a request; None when it asks for what no form can say, such as rows.

    Parameters
    ----------
    given
        What stands in the fields.
    choices
        What may be chosen for the fields of some names.
    operation
        Whose request it is: a field may be called and explained in its own way there, and what an operation
        ``subject.add`` adds is not chosen among what there is.
    """
    schema = model.model_json_schema()
    made = []
    for name, told in schema.get("properties", {}).items():
        kind = _kind(told)
        if kind is None:
            return None
        value = given.get(name, "" if told.get("default") is None else str(told["default"]))
        found = CHOICE.fullmatch(told.get("pattern", ""))
        new = operation == f"{name}.add"
        offered: Pairs = () if new else choices.get(name, ())
        if found:
            offered = [
                (one, word(f"{name}.{one}", language, worded(one, name, language)))
                for one in found[1].split("|")
            ]
        elif "enum" in told:
            offered = [
                (one, word(f"{name}.{one}", language, worded(one, name, language))) for one in told["enum"]
            ]
        required = name in schema.get("required", ())
        if offered and kind in ("text", "number") and (not value or value in dict(offered)):
            kind = "select"
        help_text = word(f"help.{operation}.{name}", language, word(f"help.{name}", language, ""))
        title = word(f"field.{name}", language, column_title(name, language))
        title = word(f"field.{operation}.{name}", language, title)
        pattern = "" if offered or kind != "text" else _simple(told.get("pattern", ""))
        if kind == "list":
            value = "" if name not in given else value
        made.append(Field(name, kind, title, required, value, offered, help_text, pattern))
    return made


def _simple(pattern: str) -> str:
    """Return a pattern as a browser reads it too; empty where the two differ."""
    unlike = ("\\w", "\\s", "\\S", "[^")
    return "" if any(one in pattern for one in unlike) else pattern.removeprefix("^").removesuffix("$")


def _kind(told: Mapping[str, Any]) -> str | None:
    if "anyOf" in told:
        kinds = [_kind(one) for one in told["anyOf"] if one.get("type") != "null"]
        return kinds[0] if len(kinds) == 1 else None
    if told.get("format") in ("base64", "binary"):
        return "file"
    if told.get("format") == "date-time":
        return "moment"
    if told.get("format") == "date":
        return "day"
    if told.get("type") == "array":
        return "list" if told.get("items", {}).get("type") in ("string", "number", "integer") else None
    return {"string": "text", "integer": "number", "number": "text", "boolean": "flag"}.get(
        told.get("type", "")
    )


CHINA = "+08:00"
"""Beijing time, in which moments are typed."""

LONG = ("reason", "text")
"""Fields that are written in several lines."""

SECRET = ("password", "old", "new", "code")
"""Fields that are not shown while they are typed."""


def values(model: type[BaseModel], sent: Sent) -> dict[str, Any]:
    """Return what a form asks for; fields left empty are not asked."""
    asked: dict[str, Any] = {}
    for name, told in model.model_json_schema().get("properties", {}).items():
        kind = _kind(told)
        if kind == "file":
            if name in sent.files:
                given, content = sent.files[name]
                asked[name] = base64.b64encode(content).decode()
                if "file_name" in model.model_fields:
                    asked["file_name"] = given
        elif kind == "flag":
            asked[name] = sent.one(name) in ("on", "true")
        elif kind == "list":
            listed = [
                part.strip() for one in sent.fields.get(name, []) for part in re.split(r"[,，、\s]+", one)
            ]
            if any(listed):
                asked[name] = [one for one in listed if one]
        elif sent.one(name) != "":
            text = sent.one(name)
            asked[name] = text + CHINA if kind == "moment" and re.fullmatch(r"[\d-]+T[\d:.]+", text) else text
    return asked


def of_row(definition: Table, given: Mapping[str, str], language: Language) -> list[Field]:
    """Return the fields of a row of a table: titles, units, words to choose from, what they mean."""
    return [
        _of_column(definition, column, given.get(column.name, ""), language) for column in definition.columns
    ]


def _of_column(definition: Table, column: Column, value: str, language: Language) -> Field:
    title = column_title(column.name, language, definition.name)
    told = column.description_en if language == "en" else column.description_zh
    offered: Pairs = ()
    kind = "text"
    if column.type == "choice":
        kind, offered = "select", [(c, choice_title(c, language)) for c in column.choices]
        offered = [("", "–"), *offered]
    elif column.type == "boolean":
        kind = "select"
        offered = [("", "–"), ("true", word("yes", language)), ("false", word("no", language))]
    elif column.refers_to:
        words = options(column, language)
        offered = [(one, one) for one in words] if len(words) <= MOST else ()
        kind = "proposed"
    elif column.type in ("number", "share", "integer", "year"):
        kind = "figure"
    help_text = told or (f"{word('example', language)} {column.example}" if column.example else "")
    required = column.required and column.default in (None, "")
    return Field(column.name, kind, title, required, value, offered, help_text)

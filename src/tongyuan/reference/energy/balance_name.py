"""Names of rows and columns of energy balances, as yearbooks of all editions and languages print them.

Numbering, signs, brackets, particles and known misprints aside, a name is looked up on the shelf
``balance_name``: nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

import polars as pl

from tongyuan.reference.shelf import fold, identify, shelf

Shelf = Literal["balance_item", "product"]

_BRACKET = re.compile(r"[(\[][^()\[\]]*[)\]]")
_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.,:]|\([一二三四五六七八九十\d]+\)|\d+[、.,):]"
    r"|其中:?|ofwhich:?|[#*])+"
)
_BARE = (re.compile(r"^\d+"), re.compile(r"^[一二三四五六七八九十]+"))
_MARKS = re.compile(r"[\s#*、,，.。:：;；·‘’“”\"'()\[\]+/-]")
_PARTICLE = re.compile(r"[和及与的业]")
_WORD = re.compile(r"\b(?:and|the|of|in)\b|&")
_SAME = str.maketrans({"它": "他", "迅": "讯", "−": "-"})


def _keys(text: str) -> list[str]:
    """Return what a label may be looked up by: first with its words only, then without a bare number."""
    spaced = _WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    word = _NUMBERING.sub("", fold(spaced).translate(_SAME))
    plain = _MARKS.sub("", _NUMBERING.sub("", _BRACKET.sub("", word)))
    found = [plain, *(bare.sub("", plain) for bare in _BARE)]
    return list(dict.fromkeys(_PARTICLE.sub("", key) for key in found))


@cache
def _known(name: Shelf) -> dict[str, str]:
    """Return the names of the rows or columns of balances → id, empty for those passed over."""
    frame = shelf(name)
    frame = frame.filter(pl.col("kind").is_in(["fuel", "energy"])) if name == "product" else frame
    rows = shelf("balance_name").filter(pl.col("shelf") == name)
    pairs = [
        pair
        for texts, ids in (
            (frame["title_en"], frame[name]), (frame["title_zh"], frame[name]), (rows["name"], rows["id"])
        )
        for pair in zip(texts, ids, strict=True)
    ]  # fmt: skip
    return {_keys(text)[0]: key for text, key in pairs if text}


@cache
def identify_label(name: Shelf, text: str) -> str | None:
    """Return the id that a label of a balance names, in either language or both; "" when it is passed over.

    Passed over are sums that a balance prints beside their parts: 能源合计, 第二产业, 水电.
    """
    found = identify(name, text) if text.strip() else None
    if found is not None:
        return found
    plain = unicodedata.normalize("NFKC", text)
    bare = _BRACKET.sub("", plain)
    chinese = "".join(re.findall(r"[\u4e00-\u9fff、]+", "".join(bare.split())))
    english = " ".join(re.findall(r"[A-Za-z&-]+", bare))
    for candidate in (plain, chinese, english):
        for key in _keys(candidate):
            found = _known(name).get(key) if key else None
            if found is not None:
                return found
    return None


def identify_item(text: str) -> str | None:
    """Return the balance item that a row label names; "" for rows passed over, None when it is unknown."""
    return identify_label("balance_item", text)


def identify_fuel(text: str) -> str | None:
    """Return the product that a column label names; "" for columns passed over, None when it is unknown."""
    return identify_label("product", text)

"""What a draft does not offer, and why: nothing is guessed, and nothing is left out in silence."""

from __future__ import annotations

from tongyuan.pathway.draft.ground import Sheets, first_cost
from tongyuan.reference.language import say

ROOM = "pathway"


def left_out(
    sheets: Sheets, item: str, reason: str, of: dict[str, str] | None = None, subject: str = "",
    titles: tuple[str, str] = ("", ""), source: str = "",
) -> None:  # fmt: skip
    """Write that a technology or device is not offered; once for every reason.

    Parameters
    ----------
    of
        Row of shelf ``service_flow`` it would serve.
    subject
        Source a device would stand on.
    """
    of = of or {}
    subject = subject or of.get("flow", "")
    key = (item, subject, reason)
    if key in sheets.left:
        return
    sheets.left.add(key)
    cited = first_cost().get(item)
    zh, en = titles if titles[0] or cited is None else (cited["title_zh"], cited["title_en"])
    sheets.add(
        "not_offered", "library", item=item, subject=subject, reason=reason, title_zh=zh or item,
        title_en=en or item, source=source or (cited["source"] if cited else ""),
        sentence_zh=say(ROOM, f"draft_left_{reason}", "zh", service=of.get("title_zh", "")),
        sentence_en=say(ROOM, f"draft_left_{reason}", "en", service=of.get("title_en", "")),
    )  # fmt: skip

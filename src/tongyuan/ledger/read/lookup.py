"""Names a cell may hold: the ids, titles and aliases of the shelves (or choices) of its column."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache

from tongyuan.ledger.finding import Bilingual
from tongyuan.ledger.table import Column, resource_rows
from tongyuan.reference.energy.balance_name import identify_label
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, fold, identify, shelf, title

LANGUAGES: tuple[Language, Language] = ("zh", "en")


@cache
def choice_titles() -> dict[str, tuple[str, str]]:
    """Return Chinese and English titles of the choices that have them."""
    return {row["choice"]: (row["title_zh"], row["title_en"]) for row in resource_rows("choice.csv")}


def choice_title(choice: str, language: Language) -> str:
    """Return the title of `choice`, or the choice itself."""
    return choice_titles().get(choice, (choice, choice))[language == "en"]


def present_shelves(column: Column) -> tuple[str, ...]:
    """Return the shelves that `column` refers to and that exist."""
    found = []
    for reference in column.refers_to:
        name = reference.partition(".")[2] or reference
        try:
            shelf(name)
        except KeyError:
            continue
        found.append(name)
    return tuple(found)


@dataclass(frozen=True)
class Lookup:
    """What the cells of one column may say."""

    shelves: tuple[str, ...]
    choices: tuple[str, ...]
    check: str

    @staticmethod
    def of_units() -> Lookup:
        """Return the lookup of unit spellings."""
        return Lookup(("unit",), (), "unknown_unit")

    @property
    def allowed(self) -> Bilingual:
        """The choices, by their titles."""
        zh, en = ([choice_title(choice, language) for choice in self.choices] for language in LANGUAGES)
        return Bilingual("、".join(zh), ", ".join(en))

    def resolve(self, text: str) -> str | None:
        """Return the id that `text` names, or None."""
        for name in self.shelves:
            found = identify(name, text)
            if found is None and name in ("balance_item", "product"):
                found = identify_label(name, text) or None
            if found is not None:
                return found
        if self.choices:
            return _choices(self.choices).get(fold(text))
        return None

    def suggest(self, text: str) -> Bilingual:
        """Return the sentence “did you mean …” in both languages, empty when nothing is close."""
        return Bilingual(*(self._suggest(text, language) for language in LANGUAGES))

    def _suggest(self, text: str, language: Language) -> str:
        close = _close(self.shelves, fold(text))
        if not close:
            return ""
        names = dict.fromkeys(key if name == "unit" else title(name, key, language) for name, key in close)
        return say("ledger", "did_you_mean", language, names=("、" if language == "zh" else ", ").join(names))


def close_names(text: str, names: list[tuple[str, str]]) -> Bilingual:
    """Return the sentence “did you mean …” over `names` (Chinese, English), empty when nothing is close."""
    sentences = []
    for language in LANGUAGES:
        words = {fold(pair[k]): pair[language == "en"] for pair in names for k in (0, 1)}
        close = dict.fromkeys(words[w] for w in difflib.get_close_matches(fold(text), words, n=3, cutoff=0.5))
        joined = ("、" if language == "zh" else ", ").join(close)
        sentences.append(say("ledger", "did_you_mean", language, names=joined) if joined else "")
    return Bilingual(*sentences)


@cache
def _choices(choices: tuple[str, ...]) -> dict[str, str]:
    aliases = (row.values() for row in resource_rows("choice_alias.csv"))
    names = {fold(alias): choice for alias, choice in aliases if choice in choices}
    for choice in choices:
        for language in LANGUAGES:
            names[fold(choice_title(choice, language))] = choice
    return names | {fold(choice): choice for choice in choices}


@cache
def _vocabulary(name: str) -> dict[str, str]:
    """Return the folded names on shelf `name` → id (for units: spelling → spelling)."""
    frame = shelf(name)
    keys = frame[frame.columns[0]].to_list()
    names = {fold(key): key for key in keys}
    for column in ("title_zh", "title_en"):
        if column in frame.columns:
            for key, text in zip(keys, frame[column].to_list(), strict=True):
                if text:
                    names.setdefault(fold(text), key)
    aliases = shelf("alias")
    for where, text, key in zip(aliases["shelf"], aliases["alias"], aliases["id"], strict=True):
        if where == name:
            names.setdefault(fold(text), key)
    return names


@cache
def _close(shelves: tuple[str, ...], text: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for name in shelves:
        words = _vocabulary(name)
        for word in difflib.get_close_matches(text, words, n=3, cutoff=0.5):
            found.append((name, words[word]))
        if len(text) >= 2:
            found.extend((name, key) for word, key in words.items() if text in word and len(found) < 4)
    return tuple(dict.fromkeys(found))[:4]


@cache
def _lookup(refers_to: tuple[str, ...], choices: tuple[str, ...], shelves: tuple[str, ...]) -> Lookup | None:
    if choices:
        return Lookup((), choices, "unknown_choice")
    if not refers_to or len(shelves) < len(refers_to):
        return None
    check = "unknown_region" if "region" in shelves else "unknown_reference"
    return Lookup(shelves, (), check)


def lookup(column: Column) -> Lookup | None:
    """Return what the cells of `column` may say, or None when anything may stand there."""
    return _lookup(column.refers_to, column.choices, present_shelves(column))


__all__ = ["Lookup", "choice_title", "close_names", "lookup", "present_shelves"]

"""How every command is offered: help in one language, ``--language``, ``--json``, errors in words.

Help texts stand in ``cli/messages.csv``: ``help_<group>_<command>`` for a command, ``option_<key>`` for what
an option or argument names as its help. They are looked up when they are shown, so that the language
may be chosen on the same line.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from tongyuan.reference.language import Language, catalogue, preferred_language, say, speaking

if TYPE_CHECKING:
    from tongyuan.ledger.finding import Finding

USAGE = 2
ROOM = "cli"
_CLICK: type[Exception] = next(c for c in typer.BadParameter.__mro__ if c.__name__ == "ClickException")
"""Base of what is raised for wrong usage, wherever typer keeps it."""

_HAN, _OPEN, _CLOSE = "[\\u4e00-\\u9fff]", "[（“《]*", "[）”》，。；：、！？]*"
_PIECE = rf"(?:{_OPEN}{_HAN}{_CLOSE}|{_OPEN}[^\s\u4e00-\u9fff（“《，。；：、]+{_CLOSE}|\S)"
WORD = re.compile(rf"\s*{_PIECE}(?:(?:(?<={_HAN})\s+|\s+(?={_OPEN}{_HAN}{_CLOSE}\S)){_PIECE})*\s*")
"""What stays on one line: a Chinese letter, or a word of others with the blank to its neighbours."""

_DAY = "%Y-%m-%d"
_HELP, _FINISHED = "help_", ("install_completion", "show_completion", "help")

Spoken = Annotated[str, typer.Option("--language", "-l", metavar="zh|en", help="language")]
Json = Annotated[bool, typer.Option("--json", help="json")]

MISTYPED = (
    "no_results", "no_such_file", "unknown_import", "unknown_process_word", "unknown_product_word",
    "unknown_record", "unknown_species", "unknown_species_word",
)  # fmt: skip
"""Checks of the hall about what was typed on the command line."""

MESSAGES = (
    (r"No such command '(?P<name>.*?)'\.(?P<more>.*)", "no_command"),
    (r"Missing command\.", "missing_command"),
    (r"Got unexpected extra argument\(?s?\)? \(?(?P<name>.*?)\)?\.?", "extra_argument"),
    (r"Option '(?P<name>.*?)' requires an argument\.?", "needs_value"),
    (r"Option '(?P<name>.*?)' does not take a value\.?", "takes_no_value"),
    (r"Input should be a valid integer\b.*|.* is not a valid int(?:eger)?(?: range)?\.", "not_integer"),
    (r"Input should be a valid number\b.*|.* is not a valid float(?: range)?\.", "not_number"),
    (r"Input should be greater than or equal to (?P<limit>.*)", "at_least"),
    (r"Input should be greater than (?P<limit>.*)", "more_than"),
    (r"Input should be less than or equal to (?P<limit>.*)", "at_most"),
    (r"Input should be less than (?P<limit>.*)", "less_than"),
    (r"'?(?P<name>.*?)'? is not in the range (?P<limit>.*)\.", "not_in_range"),
)  # fmt: skip
"""What the parser of the command line says, and the sentence that says the same."""


def _usage(command: TyperCommand | TyperGroup, ctx: Any, formatter: Any) -> None:
    """Write the line of usage in the language of the user."""
    language = preferred_language()
    pieces = " ".join(command.collect_usage_pieces(ctx))
    for plain, key in (("[OPTIONS]", "options"), ("COMMAND [ARGS]...", "command")):
        pieces = pieces.replace(plain, say(ROOM, f"usage_{key}", language))
    formatter.write_usage(
        ctx.command_path, pieces, prefix=say(ROOM, "usage", language) + ("" if language == "zh" else " ")
    )


def _worded(params: Sequence[Any], keys: dict[str, str]) -> list[Any]:
    """Return parameters with the help texts of their keys; `keys` remembers these by parameter."""
    language = preferred_language()
    for param in params:
        name = str(param.name)
        key = keys.setdefault(name, name if name in _FINISHED else str(param.help))
        param.help = _filled(catalogue(ROOM)[f"option_{key}"][language], language)
        if hasattr(param, "display_type_rich"):
            param.display_type_rich = functools.partial(_kind, param)
    return list(params)


def _filled(text: str, language: Language) -> str:
    """Return a help text with the flows a run has, where it names them."""
    if "{flows}" not in text:
        return text
    from tongyuan.flows.step import FLOWS

    names = [key if language == "en" else f"{key} {getattr(title, language)}" for key, title in FLOWS.items()]
    return text.format(flows=("、" if language == "zh" else ", ").join(names))


def _kind(param: Any, **given: Any) -> str | None:
    """Return what a parameter takes, in the language of the user: ``<path>`` or ``<路径>``."""
    shown: str | None = type(param).display_type_rich(param, **given)
    if shown == f"<{_DAY}>":
        return f"<{say(ROOM, 'kind_date', preferred_language())}>"
    found = re.fullmatch(r"<(list\[)?(\w+)(?: range)?\]?>", (shown or "").lower())
    if found is None or f"kind_{found[2]}" not in catalogue(ROOM):
        return shown
    word = say(ROOM, f"kind_{found[2]}", preferred_language())
    return f"<{say(ROOM, 'kind_list', preferred_language(), kind=word) if found[1] else word}>"


class _Spoken:
    """Help that is looked up in the language of the user when it is read; what is set is its key."""

    _key: str | None = None

    @property
    def help(self) -> str | None:
        """Return the help text."""
        return self._key and catalogue(ROOM)[_HELP + self._key][preferred_language()]

    @help.setter
    def help(self, key: str | None) -> None:
        self._key = key


class Command(_Spoken, TyperCommand):
    """A command that speaks the language of the user."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters with their help."""
        self.__dict__.setdefault("keys", {})
        return _worded(super().get_params(ctx), self.__dict__["keys"])

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        _usage(self, ctx, formatter)


class Group(_Spoken, TyperGroup):
    """A group of commands that speaks the language of the user."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the parameters with their help."""
        self.__dict__.setdefault("keys", {})
        return _worded(super().get_params(ctx), self.__dict__["keys"])

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line of usage."""
        _usage(self, ctx, formatter)


class Door(Group):
    """The way in: hears which language is asked for, and says in it what is wrong with a line."""

    def main(self, args: Sequence[str] | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run the command line `args`; wrong usage ends with 2."""
        words = list(sys.argv[1:] if args is None else args)
        standalone = extra.pop("standalone_mode", True)
        extra["prog_name"] = "tongyuan"
        with speaking(language_of(words)):
            _headed(preferred_language())
            try:
                outcome = super().main(heard(words, self), standalone_mode=False, **extra)
            except _CLICK as error:
                if not standalone:
                    raise
                complain(error)
                outcome = getattr(error, "exit_code", USAGE)
        if not standalone:
            return outcome
        sys.exit(outcome if isinstance(outcome, int) else 0)


def language_of(words: Sequence[str]) -> Language | None:
    """Return the language that a command line asks for, None when it asks for none that there is."""
    for word, value in zip(words, [*words[1:], ""], strict=False):
        if word == "--":
            return None
        name, sign, inside = word.partition("=")
        chosen = inside if sign else value
        if name in ("--language", "-l") and chosen in ("zh", "en"):
            return "en" if chosen == "en" else "zh"
    return None


def heard(words: Sequence[str], group: Any) -> list[str]:
    """Return a command line without ``--language`` among the names of groups, where it may stand too."""
    kept, rest = list[str](), list(words)
    while rest:
        name, sign, inside = rest[0].partition("=")
        if name in ("--language", "-l") and (sign or rest[1:]):
            _chosen(inside if sign else rest[1])
            del rest[: 1 if sign else 2]
            continue
        kept.append(rest.pop(0))
        if kept[-1].startswith("-"):
            continue
        group = group.commands.get(kept[-1])
        if not getattr(group, "commands", None):
            break
    return kept + rest


def _headed(language: Language) -> None:
    """Give the frames around help their titles in `language`, and let Chinese lines be broken."""
    if language == "en" and "typer.rich_utils" not in sys.modules:
        return
    from rich import _wrap
    from typer import rich_utils

    _wrap.re_word = WORD  # rich breaks lines at blanks alone
    titles = {
        "ARGUMENTS_PANEL_TITLE": "arguments", "OPTIONS_PANEL_TITLE": "options",
        "COMMANDS_PANEL_TITLE": "commands", "DEFAULT_STRING": "default", "REQUIRED_LONG_STRING": "required",
        "ENVVAR_STRING": "variable",
    }  # fmt: skip
    for name, key in titles.items():
        setattr(rich_utils, name, catalogue(ROOM)[f"head_{key}"][language])


def complain(error: Any) -> None:
    """Say what is wrong with the command line: its usage, where help stands, the mistake."""
    from tongyuan.cli.show import terminal

    ctx: Any = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        ctx.get_help()
        return
    console = terminal(stderr=True)
    language = preferred_language()
    if ctx is not None:
        console.print(ctx.get_usage(), markup=False, highlight=False)
        hint = say(ROOM, "try_help", language, command=ctx.command_path)
        console.print(hint, markup=False, highlight=False)
    console.print(say(ROOM, "usage_error", language, message=worded(error)), markup=False, highlight=False)


def worded(error: Any) -> str:
    """Return what an error of usage says, in the language of the user."""
    language = preferred_language()
    kind = type(error).__name__
    param = getattr(error, "param", None)
    hint = getattr(error, "param_hint", None) or ("" if param is None else param.get_error_hint())
    name = hint if isinstance(hint, str) else " / ".join(hint)
    if kind == "MissingParameter":
        which = "missing_argument" if param is not None and param.param_type_name == "argument" else "missing"
        return say(ROOM, which, language, name=name)
    if kind == "NoSuchOption":
        near = ", ".join(sorted(error.possibilities or ()))
        said = say(ROOM, "no_option", language, name=error.option_name)
        return said + (say(ROOM, "near_options", language, names=near) if near else "")
    message = _told(str(error.message), language)
    return say(ROOM, "bad_value", language, name=name, message=message) if name else message


def _told(message: str, language: Language) -> str:
    for pattern, key in MESSAGES:
        found = re.fullmatch(pattern, message)
        if found:
            values = found.groupdict()
            more = re.findall(r"'(.*?)'", values.pop("more", "") or "")
            said = say(ROOM, key, language, **values)
            return said + (say(ROOM, "near_options", language, names=", ".join(more)) if more else "")
    return message


def group(name: str) -> typer.Typer:
    """Return a group of commands; its help is ``help_<name>``."""
    return typer.Typer(name=name, cls=Group, no_args_is_help=True, add_completion=False, help=name)


def offer(app: typer.Typer, name: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as a command of `app`, with ``--language`` and ``--json``.

    Its help is ``help_<group>_<command>``; options and arguments name their texts as ``help="<key>"``.
    """

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        called = name or run.__name__.replace("_", "-")
        own = list(inspect.signature(run, eval_str=True).parameters.values())

        def call(**given: Any) -> None:
            from tongyuan.cli.show import answering

            with speaking(_chosen(given.pop("language"))), answering(given.pop("json", False)):
                try:
                    run(**given)
                except ValueError as error:
                    mistyped(error)
                    raise

        keyword = inspect.Parameter.KEYWORD_ONLY
        shared = [("language", Spoken, ""), ("json", Json, False)]
        call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [p.replace(kind=keyword) for p in own]
            + [inspect.Parameter(n, keyword, default=d, annotation=a) for n, a, d in shared]
        )
        functools.update_wrapper(call, run, assigned=("__name__", "__module__"), updated=())
        del call.__wrapped__  # type: ignore[attr-defined]
        within = app.info.name if isinstance(app.info.name, str) else ""
        key = "_".join(part for part in (within if within != "tongyuan" else "", called) if part)
        app.command(called, cls=Command, help=key.replace("-", "_"))(call)
        return run

    return register


def mistyped(error: ValueError) -> None:
    """Say what was mistyped and end with 2, if that is all an error has to say and no machine listens."""
    from tongyuan.cli.show import as_json, terminal
    from tongyuan.ledger.finding import FindingError

    if not isinstance(error, FindingError) or as_json() or exit_code(error.findings) != USAGE:
        return
    language = preferred_language()
    for found in error.findings:
        said = f"{found.message(language)} {found.next_step(language)}"
        terminal(stderr=True).print(said, markup=False, highlight=False)
    raise typer.Exit(USAGE) from None


def exit_code(findings: Sequence[Finding]) -> int:
    """Return 2 where every finding is about a word of the command line, 1 where one is about the data."""
    return USAGE if all(f.room == "flows" and f.check in MISTYPED for f in findings) else 1


def _chosen(text: str) -> Language | None:
    if text and text not in ("zh", "en"):
        raise typer.BadParameter(
            say("ledger", "language_choice", preferred_language(), value=text), param_hint="--language"
        )
    return None if not text else "en" if text == "en" else "zh"

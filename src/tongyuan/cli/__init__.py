"""The command-line door: every command, one way of saying what went wrong, exit codes a script can use.

Exit codes: 0 all is well · 1 findings of severity *error* · 2 wrong usage · 3 something unexpected.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer

from tongyuan.reference.language import preferred_language, say, speaking

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNEXPECTED = 3


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tongyuan {version('tongyuan')}")
        raise typer.Exit


def application() -> typer.Typer:
    """Return the whole command line."""
    from tongyuan.cli import (
        allocate,
        compare,
        export,
        facility_record,
        factors,
        finance,
        impact,
        programme,
        public,
        region,
        run,
        runs,
        synergy,
        workspace,
        zoning,
    )
    from tongyuan.cli.door import Door
    from tongyuan.cli.office import install, keep, serve
    from tongyuan.cli.plan import plan

    app = typer.Typer(
        name="tongyuan",
        cls=Door,
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        help="tongyuan",
    )
    app.callback()(begin)
    workspace.register(app)
    run.register(app)
    compare.register(app)
    serve.register(app)
    install.register(app)
    for part in (
        runs,
        factors,
        plan,
        impact,
        allocate,
        finance,
        region,
        export,
        public,
        synergy,
        programme,
        facility_record,
        keep,
        zoning,
    ):
        app.add_typer(part.app)
    return app


def begin(
    version: Annotated[
        bool, typer.Option("--version", help="version", is_eager=True, callback=_show_version)
    ] = False,
    language: Annotated[str, typer.Option("--language", "-l", metavar="zh|en", help="language")] = "",
) -> None:
    """Hear what is said before a command; the language has been heard by then."""


def main() -> None:
    """Run the command line; no traceback ever reaches the user."""
    from tongyuan.cli.door import language_of
    from tongyuan.cli.show import release, steady

    gc.set_threshold(100_000, 50, 50)  # commands make many objects, few of them in cycles
    steady()
    try:
        with speaking(language_of(sys.argv[1:])):
            _run()
    finally:
        release()


def _run() -> None:
    from tongyuan.cli.show import release, terminal

    language = preferred_language()
    console = terminal(stderr=True)
    try:
        if os.environ.get("SOURCE_DATE_EPOCH"):
            from tongyuan.ledger.run_set import moment

            moment()
        application()(standalone_mode=True)
    except OSError as error:
        release()
        name = str(error.filename or error)[:200]
        console.print(say("cli", "file", language, name=name, reason=error.strerror or ""), markup=False)
        sys.exit(EXIT_USAGE)
    except MemoryError:
        console.print(say("cli", "memory", language), markup=False)
        sys.exit(EXIT_FINDINGS)
    except KeyboardInterrupt:
        console.print(say("cli", "interrupted", language))
        sys.exit(130)
    except SystemExit:
        raise
    except BaseException as error:  # a Rust library fails with neither Exception nor MemoryError
        _unforeseen(error)


def _unforeseen(error: BaseException) -> None:
    """Say what findings an error carries, or keep its details in a file; end with the code for it."""
    from tongyuan.cli.show import print_findings, terminal
    from tongyuan.ledger.finding import FindingError

    language = preferred_language()
    console = terminal(stderr=True)
    if isinstance(error, FindingError):
        print_findings(error.findings, console, language)
        sys.exit(EXIT_FINDINGS)
    if "temporarily unavailable" in str(error) or "allocat" in str(error):
        console.print(say("cli", "memory", language), markup=False)
        sys.exit(EXIT_FINDINGS)
    with NamedTemporaryFile("w", prefix="tongyuan-", suffix=".txt", delete=False, encoding="utf-8") as record:
        traceback.print_exc(file=record)
    console.print(
        say("cli", "unexpected", language, kind=type(error).__name__, record=Path(record.name)),
        markup=False,
    )
    sys.exit(EXIT_UNEXPECTED)

"""The command-line door: every command, one way of saying what went wrong, exit codes a script can use.

Exit codes: 0 all is well · 1 findings of severity *error* · 2 wrong usage · 3 something unexpected.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from tempfile import NamedTemporaryFile

import typer

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.run_set import moment
from tongyuan.reference.language import preferred_language, say

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_UNEXPECTED = 3


def application() -> typer.Typer:
    """Return the whole command line."""
    from tongyuan.cli import compare, factors, plan, programme, run, runs, synergy, workspace

    app = typer.Typer(
        name="tongyuan",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        help="同源：减污降碳一本账 · One ledger for pollution and carbon",
    )
    workspace.register(app)
    run.register(app)
    compare.register(app)
    app.add_typer(runs.app, name="runs")
    app.add_typer(factors.app, name="factors")
    app.add_typer(plan.app, name="plan")
    app.add_typer(synergy.app, name="synergy")
    app.add_typer(programme.app, name="programme")
    return app


def main() -> None:
    """Run the command line; no traceback ever reaches the user."""
    from tongyuan.cli.show import print_findings, release, steady, terminal

    steady()
    language = preferred_language()
    console = terminal(stderr=True)
    try:
        if os.environ.get("SOURCE_DATE_EPOCH"):
            moment()
        application()(standalone_mode=True)
    except FindingError as error:
        print_findings(error.findings, console, language)
        sys.exit(EXIT_FINDINGS)
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
        if "temporarily unavailable" in str(error) or "allocat" in str(error):
            console.print(say("cli", "memory", language), markup=False)
            sys.exit(EXIT_FINDINGS)
        with NamedTemporaryFile(
            "w", prefix="tongyuan-", suffix=".txt", delete=False, encoding="utf-8"
        ) as record:
            traceback.print_exc(file=record)
        console.print(
            say("cli", "unexpected", language, kind=type(error).__name__, record=Path(record.name)),
            markup=False,
        )
        sys.exit(EXIT_UNEXPECTED)
    finally:
        release()

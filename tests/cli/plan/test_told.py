from __future__ import annotations

import pytest
from typer.testing import CliRunner

from tongyuan.cli.plan.plan import app

RUN = CliRunner()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("command", ["regret", "who-pays", "jobs", "stranded", "road-map", "assumptions"])
def test_every_question_is_answered_in_words(steelworks, monkeypatch, command, language):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", language)
    result = RUN.invoke(app, [command, str(steelworks), "-r", "0.05"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_an_assumption_that_changes_nothing_is_said_too(steelworks, monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    words = ["assumptions", str(steelworks), "-r", "0.05", "--change", "0.001"]
    result = RUN.invoke(app, words, catch_exceptions=False)
    assert "No assumption" in result.output.replace("\n", " ")


def test_without_coefficients_there_are_no_jobs(steelworks, monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    result = RUN.invoke(app, ["jobs", str(steelworks), "-r", "0.05"], catch_exceptions=False)
    assert "no job coefficients" in result.output

from __future__ import annotations

from fastapi.testclient import TestClient
from tests.office.desk import Town

from tongyuan.web.app import create_app


def test_it_is_well_while_its_database_answers(made: Town) -> None:
    client = TestClient(create_app(made.office), raise_server_exceptions=False)
    assert client.get("/healthz").text == "ok"


def test_a_failure_is_kept_in_the_log_and_not_told(made: Town, caplog: object) -> None:
    app = create_app(made.office)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret of the house")

    got = TestClient(app, raise_server_exceptions=False).get("/broken")
    assert got.status_code == 500
    assert "secret" not in got.text

import pytest
import sqlalchemy as sa
from tests.store.people import ALL

from tongyuan.store import boundary
from tongyuan.store.database import AbsentError, reading, writing

TOLD = {"title": "a", "source": "b", "licence": "c", "review": "GS(2026)1号"}
DRAWN = {"width": 1000.0, "height": 500.0, "outlines": {"370100": "M0,0 1,0 1,1Z"}}


def test_a_boundary_comes_back_as_it_was_until_it_is_ended(engine: sa.Engine) -> None:
    with writing(engine, ALL) as session:
        number = boundary.add(session, TOLD, DRAWN)
    with reading(engine, ALL) as session:
        assert boundary.boundary_of(session, number) == boundary.Boundary(number, *TOLD.values(), **DRAWN)
    with writing(engine, ALL) as session:
        boundary.end(session, number)
    with writing(engine, ALL) as session:
        assert boundary.boundaries(session).is_empty()
        for ask in (boundary.end, boundary.boundary_of):
            with pytest.raises(AbsentError):
                ask(session, number)

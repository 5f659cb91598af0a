"""Fixtures of the tests about seats and money."""

import time
from datetime import UTC, datetime

import pytest

from app.billing import gateway
from tests.factories.billing import fake


@pytest.fixture
def clock(app):
    """Sets the stand-in's clock for this test; afterwards it tells the real time again, and no fault is left."""

    def set_to(at: datetime) -> None:
        _set(int(at.timestamp()) - int(time.time()))

    yield set_to
    _set(0)
    with fake().memory() as store:
        store.mend()


@pytest.fixture
def payments(app):
    with app.app_context():
        yield gateway.payments()


def _set(ahead: int) -> None:
    with fake().memory() as store:
        store._connection.execute("UPDATE clock SET ahead = %s", [ahead])


def day(month: int, number: int, year: int = 2027) -> datetime:
    return datetime(year, month, number, tzinfo=UTC)

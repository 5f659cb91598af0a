"""Fixtures of the staff pages."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.customers import Customers
from tests.factories.staff import Nitor


@pytest.fixture
def nitor(app: Flask) -> Nitor:
    """Nitor's people at their host."""
    return Nitor(app)


@pytest.fixture
def customers(app: Flask) -> Iterator[Customers]:
    """Organisations as the control plane knows them."""
    made = Customers()
    yield made
    made.remove()

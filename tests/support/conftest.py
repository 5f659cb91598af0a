import pytest
from flask import Flask

from tests.factories.staff import Nitor


@pytest.fixture
def nitor(app: Flask) -> Nitor:
    return Nitor(app)

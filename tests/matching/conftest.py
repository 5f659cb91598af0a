import pytest

from tests.cast import Cast, Organisation
from tests.factories.matching import Volunteers


@pytest.fixture
def house(cast: Cast) -> Organisation:
    return cast.organisation("alpha")


@pytest.fixture
def volunteers(house: Organisation) -> Volunteers:
    return Volunteers(house.ref)

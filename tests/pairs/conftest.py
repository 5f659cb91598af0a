import pytest

from tests.cast import Cast
from tests.factories.pairs import Two, make_two
from tests.factories.screens import one_chromium, screen

__all__ = ["one_chromium", "screen"]


@pytest.fixture
def duo(cast: Cast) -> Two:
    """Rauha and Lumi, a pair, in an organisation of their own."""
    return make_two(cast, cast.organisation("alpha", name="Saarnikoski"))

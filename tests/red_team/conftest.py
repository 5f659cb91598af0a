"""An organisation on its way to its end, and the clock that is put forward for it."""

from tests.closing.conftest import acme, nitor, road
from tests.factories.sign_in import provider, running_provider

__all__ = ["acme", "nitor", "provider", "road", "running_provider"]

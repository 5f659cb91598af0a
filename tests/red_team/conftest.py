"""An organisation on its way to its end, and the clock that is put forward for it."""

from tests.closing.conftest import acme, nitor, road

__all__ = ["acme", "nitor", "road"]

from tests.factories.sign_in import client, outside, provider, running_provider, statements
from tests.pages.conftest import one_chromium, screen

__all__ = ["client", "one_chromium", "outside", "provider", "running_provider", "screen", "statements"]

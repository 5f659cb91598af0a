from tests.factories.sign_in import client, outside, provider, running_provider, statements

__all__ = ["client", "outside", "provider", "running_provider", "statements"]

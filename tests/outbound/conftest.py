from tests.factories.sign_in import client, outside, provider, running_provider

__all__ = ["client", "outside", "provider", "running_provider"]

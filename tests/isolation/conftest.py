"""Fixtures of the isolation tests."""

from tests.factories.sign_in import provider, running_provider

__all__ = ["provider", "running_provider"]

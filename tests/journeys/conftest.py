"""Fixtures of the journeys."""

from tests.factories.providers import canaille_provider, node_provider

__all__ = ["canaille_provider", "node_provider"]

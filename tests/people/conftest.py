"""A real browser for the people pages."""

from tests.pages.conftest import one_chromium, screen

__all__ = ["one_chromium", "screen"]

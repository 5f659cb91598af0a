"""Fixtures of the tests of sign-up, set-up, launch and welcome."""

from tests.pages.conftest import one_chromium, screen

__all__ = ["one_chromium", "screen"]

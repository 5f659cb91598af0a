"""A real browser at the real app."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.journeys.browser import chromium, served


@pytest.fixture(scope="session")
def one_chromium(whole_app: Flask) -> Iterator[Browser]:
    """One Chromium for all tests of a worker; each test has profiles of its own in it."""
    with served(whole_app) as port, chromium(port) as browser:
        yield browser


@pytest.fixture
def screen(app: Flask, one_chromium: Browser) -> Browser:
    """Chromium, with the app behind every host of kamu.localhost:8000."""
    assert app
    return one_chromium

"""Chromium as people have it: narrow and wide, light and dark; any breach of the CSP, error or fault of axe fails.

The app is served in this process on a port of its own; the browser is told that every ``*.localhost`` lives there, so
addresses look as they do in life.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shutil import which
from threading import Thread
from typing import Literal
from urllib.parse import urlsplit
from zlib import crc32

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Response, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from app.web.session import COOKIE

ROOT = Path(__file__).resolve().parents[2]
# The shell is the same engine without the parts that draw a window: half the processor time.
CHROMIUM = os.environ.get("CHROMIUM") or which("chromium-headless-shell") or which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BASE = "kamu.localhost"
SHOTS = ROOT / "shots"
KEEPS_SHOTS = "KAMU_SHOTS" in os.environ
TALLEST = 16000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Colours that are still on their way from one theme to the other are nobody's colours.
SETTLED = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame)
  await Promise.allSettled(document.getAnimations().map((each) => each.finished))
}"""
TELL_BREACHES = """addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI}`))"""
EXPECTED_STATUS = {"document": range(200, 600), "fetch": (*range(200, 400), 422)}


@dataclass(frozen=True)
class Look:
    """One way in which a person sees a page."""

    width: int
    theme: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}"


NARROW, WIDE = Look(360, "light"), Look(1440, "light")
# Both widths and both themes in two looks; the deep run has all four, and so have pictures.
DEEP = "KAMU_DEEP" in os.environ
LOOKS = [NARROW, Look(360, "dark"), WIDE, Look(1440, "dark")]


@dataclass
class Trouble:
    """What went wrong in a context, in words."""

    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.found.append(f"error in a script: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused load is told by its response, which knows whether it was expected.
        expected = message.text.startswith("Failed to load resource") or not _is_ours(message.location["url"])
        if message.type in {"error", "warning"} and not expected:
            self.found.append(f"console {message.type}: {message.text}")

    def _response(self, response: Response) -> None:
        kind = response.request.resource_type
        if _is_ours(response.url) and response.status not in EXPECTED_STATUS.get(kind, range(200, 400)):
            self.found.append(f"{kind} {response.url} answered {response.status}")


def _is_ours(url: str) -> bool:
    """Whether it is of Kamu, and not of a provider's page on the way."""
    host = urlsplit(url).hostname or BASE
    return host == BASE or host.endswith(f".{BASE}")


class QuietHandler(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, *_: object) -> None:
        return


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """Serve an app on a free port of this machine; yields the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@contextmanager
def chromium(port: int) -> Iterator[Browser]:
    """Start Chromium; every address below kamu.localhost leads to ``port``."""
    resolver = (
        f"--host-resolver-rules=MAP kamu.localhost:8000 127.0.0.1:{port}, MAP *.kamu.localhost:8000 127.0.0.1:{port}"
    )
    with _driver() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, resolver])
        yield browser
        browser.close()


class _Driver:
    """Playwright's own process. There can be one in a thread, and several fixtures want a browser."""

    running: Playwright | None = None
    users = 0


@contextmanager
def _driver() -> Iterator[Playwright]:
    if _Driver.running is None:
        _Driver.running = sync_playwright().start()
    _Driver.users += 1
    yield _Driver.running
    _Driver.users -= 1
    if not _Driver.users:
        _Driver.running.stop()
        _Driver.running = None


@contextmanager
def person(
    browser: Browser, look: Look = WIDE, *, script: bool = True, language: str = "en-GB"
) -> Iterator[BrowserContext]:
    """A browser profile of its own. Leaving it fails when anything went wrong on any of its pages."""
    trouble = Trouble()
    context = browser.new_context(
        viewport={"width": look.width, "height": 900},
        color_scheme=look.theme,
        java_script_enabled=script,
        locale=language,
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    context.add_init_script(TELL_BREACHES)
    context.on("page", trouble.watch)
    yield context
    context.close()
    assert not trouble.found, "\n".join(trouble.found)


@cache
def _axe_source() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def axe(page: Page, rules: Sequence[str] = RULES) -> None:
    """Fail when axe finds anything by these tags or rules in the page as it is shown now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe_source())
    result = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", list(rules))
    found = [
        f"{each['id']}: {node['target']} {node['html'][:120]}"
        for each in result["violations"]
        for node in each["nodes"]
    ]
    assert not found, f"axe at {page.url}:\n" + "\n".join(found)


def fits(page: Page) -> None:
    """Fail when the page is wider than its window: nobody scrolls sideways to read."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} px wide in a window of {wide[1]} px"


def _looks_at(name: str) -> list[Look]:
    if DEEP or KEEPS_SHOTS:
        return LOOKS
    return [NARROW, Look(1440, "dark")] if crc32(name.encode()) % 2 else [NARROW]


def looked(page: Page, name: str) -> None:
    """Hold a page as it stands to its width and to axe: in all four looks by KAMU_DEEP, else in one or two.

    A theme changes colours alone; at another width other parts are shown in them. A short run looks at every page
    narrow and light, and at every other one, by its name, wide and dark as well.

    With KAMU_SHOTS set, pictures of it are kept below shots/ (not committed).
    """
    before = page.viewport_size or {"width": WIDE.width, "height": 900}
    # A click returns when the next page has begun: it may have no element yet.
    page.wait_for_load_state("load")
    for look in _looks_at(name):
        page.emulate_media(color_scheme=look.theme)
        page.set_viewport_size({"width": look.width, "height": 900})
        fits(page)
        # As tall as the page, so that sticky bars cover nothing.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": look.width, "height": min(max(tall, 900), TALLEST)})
        page.evaluate(SETTLED)
        axe(page, ["color-contrast"] if DEEP and look.theme == "dark" else RULES)
        if KEEPS_SHOTS:
            SHOTS.mkdir(exist_ok=True)
            page.screenshot(path=SHOTS / f"{name}-{look}.png")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(before)


def look_over(context: BrowserContext, url: str, name: str) -> Page:
    """Open a page and hold it as ``looked`` does; returns it open."""
    page = context.new_page()
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")
    looked(page, name)
    return page


def carry(context: BrowserContext, host: str, session_id: str) -> None:
    """Put a session into a browser, as a finished sign-in leaves it."""
    cookie = {"name": COOKIE, "value": session_id, "url": f"https://{host}/", "secure": True, "httpOnly": True}
    context.add_cookies([cookie])

"""Suites that others wrote for every SCIM server, run against Kamu over HTTP as anybody would run them."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from scim2_cli import cli as scim2
from scim_sanity.cli import main as scim_sanity
from werkzeug.serving import make_server

from tests.cast import Cast
from tests.scim.directories import token_of


@pytest.fixture
def served(app: Flask, cast: Cast) -> Iterator[tuple[str, str]]:
    """One organisation's host behind a plain address, and a token of it."""
    alpha = cast.organisation("alpha")
    host = f"{alpha.slug}.{app.config['SERVER_NAME']}"

    def at_its_host(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        return app.wsgi_app({**environ, "HTTP_HOST": host}, start)

    server = make_server("127.0.0.1", 0, at_its_host)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/scim/v2", token_of(alpha)
    server.shutdown()
    thread.join()


@pytest.mark.skipif(
    not os.environ.get("KAMU_DEEP"), reason="bin/test --deep runs it: five hundred requests, one for each attribute"
)
def test_scim2_tester_finds_every_check_a_success(served):
    url, token = served
    result = CliRunner().invoke(scim2, ["--url", url, "--header", f"Authorization: Bearer {token}", "test"])
    assert result.exit_code == 0, failures(result.output)
    assert result.output.count("SUCCESS") > 70


def test_scim_sanity_finds_nothing_failed_when_strict(served):
    url, token = served
    asked = ["probe", url, "--token", token, "--strict", "--i-accept-side-effects", "--json-output"]
    result = CliRunner().invoke(scim_sanity, asked)
    assert result.exit_code == 0, result.output
    said = "\n".join(line for line in result.output.splitlines() if not line.startswith('{"route"'))
    summary = json.loads(said)["summary"]
    assert (summary["failed"], summary["errors"]) == (0, 0)


def failures(output: str) -> str:
    """What the tester says that is no success, with what follows it."""
    said = [line for line in output.splitlines() if not line.startswith('{"')]
    wrong = [n for n, line in enumerate(said) if line.startswith(("ERROR", "CRITICAL", "SKIPPED", "DEVIATION"))]
    return "\n".join("\n".join(said[n : n + 5]) for n in wrong) or "\n".join(said[-20:])

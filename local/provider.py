"""The local OIDC provider: canaille in memory, one client for all local organisations, the demo's people.

`gunicorn --workers 1 --threads 8 "local.provider:create_app()"` serves it: the memory allows one process.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import flask
from joserfc.jwk import RSAKey

from local.disk import write_private

FILE_VARIABLE = "KAMU_LOCAL_PROVIDER"
CLIENT_ID = "kamu-local"
# Everybody of the demo, so that whoever tries Kamu can be any of them.
PASSWORD = "quiet lantern 27"  # noqa: S105 - printed by bin/dev, good for nothing but this provider


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in at the local provider."""

    user_name: str
    given_name: str
    family_name: str
    email: str
    language: str = "en"
    password: str = PASSWORD


def prepare(
    file: Path, *, port: int, people: list[Person], hosts: str, name: str = "Saarnikoski sign-in"
) -> dict[str, Any]:
    """Write what the provider serves to `file` (0600) and return it; the client secret and key survive.

    `hosts` is the base host of Kamu ("kamu.localhost:8000"): redirect URIs of all its organisations are good.
    """
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    seed = {
        "name": name,
        "server": f"localhost:{port}",
        "hosts": hosts,
        "client_id": CLIENT_ID,
        "client_secret": kept.get("client_secret") or secrets.token_urlsafe(32),
        "secret_key": kept.get("secret_key") or secrets.token_urlsafe(32),
        "key": kept.get("key") or RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True),
        "people": [asdict(person) for person in people],
    }
    write_private(file, json.dumps(seed, indent=1))
    return seed


def create_app() -> flask.Flask:
    """Build canaille from the file that the environment names."""
    seed = json.loads(Path(os.environ[FILE_VARIABLE]).read_text(encoding="utf-8"))
    return build(seed)


def build(seed: Mapping[str, Any]) -> flask.Flask:
    """Build canaille from what `prepare` returned."""
    import canaille
    from canaille.backends import Backend
    from canaille.oidc.models import Client

    app: flask.Flask = canaille.create_app(config=_configuration(seed), env_file=os.devnull)
    # One client serves every local organisation, also those that do not exist yet.
    Client.check_redirect_uri = lambda _client, uri: is_redirect_uri(uri, seed["hosts"])
    with app.app_context(), Backend.instance.session():
        _add_client(seed)
        for person in seed["people"]:
            _add_person(person)
    return app


def is_redirect_uri(uri: str, hosts: str) -> bool:
    """Whether `uri` is a callback page of an organisation below the base host; without a port, of any port."""
    parts = urlsplit(uri)
    host = parts.netloc if ":" in hosts else parts.hostname or ""
    slug, _, base = host.partition(".")
    return parts.scheme == "http" and bool(slug) and base == hosts and parts.path.startswith("/sign-in/callback/")


def _configuration(seed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "SECRET_KEY": seed["secret_key"],
        "SERVER_NAME": seed["server"],
        "PREFERRED_URL_SCHEME": "http",
        "SESSION_COOKIE_NAME": "provider_session",
        "CANAILLE": {
            "DATABASE": "memory",
            "NAME": seed["name"],
            "JAVASCRIPT": False,
            "HTMX": False,
            "CAPTCHA_ENABLED": False,
            "SMTP": None,
            "ENABLE_PASSWORD_RECOVERY": False,
        },
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [seed["key"]], "REQUIRE_NONCE": True},
    }


def _add_client(seed: Mapping[str, Any]) -> None:
    from canaille.app import models
    from canaille.backends import Backend

    client = models.Client(
        client_id=seed["client_id"],
        client_secret=seed["client_secret"],
        client_id_issued_at=datetime.now(UTC),
        client_name="Kamu",
        # Clients below a trusted domain (.localhost) are not asked for consent.
        client_uri=f"http://{seed['hosts']}",
        redirect_uris=[f"http://{seed['hosts']}/"],
        post_logout_redirect_uris=[f"http://{seed['hosts']}/"],
        grant_types=["authorization_code"],
        response_types=["code"],
        scope=["openid", "profile", "email"],
        token_endpoint_auth_method="client_secret_basic",  # noqa: S106 - the name of a method
        id_token_signed_response_alg="RS256",  # noqa: S106 - the name of an algorithm
    )
    Backend.instance.save(client)
    client.audience = [client]
    Backend.instance.save(client)


def _add_person(person: Mapping[str, str]) -> None:
    from canaille.app import models
    from canaille.backends import Backend

    user = models.User(
        user_name=person["user_name"],
        given_name=person["given_name"],
        family_name=person["family_name"],
        formatted_name=f"{person['given_name']} {person['family_name']}",
        emails=[person["email"]],
        password=person["password"],
        preferred_language=person["language"],
    )
    Backend.instance.save(user)

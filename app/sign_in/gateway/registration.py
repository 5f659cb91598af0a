"""Kamu registers itself at a provider that lets it (OpenID Connect Dynamic Client Registration 1.0)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import requests

from app.outbound import NotJson, UnexpectedStatus, guard
from app.sign_in.errors import RegistrationNotOffered, RegistrationRefused
from app.sign_in.gateway.client import calling
from app.sign_in.gateway.metadata import discover

LONGEST = 2000
SECONDS = 5
_REGISTERED = {200, 201}
_REFUSED = {400, 401, 403}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the provider may send people and word."""

    redirect: str
    after_logout: str
    back_channel: str


@dataclass(frozen=True, slots=True)
class Registered:
    """What the provider calls Kamu from now on; `ends_on` is the secret's last day, when it said so."""

    client_id: str
    client_secret: str = field(repr=False)
    ends_on: date | None


def register(issuer: str, addresses: Addresses, *, initial_token: str = "") -> Registered:
    """Ask the provider to register Kamu. Raises RegistrationNotOffered, RegistrationRefused, and like `discover`."""
    provider = discover(issuer)
    if provider.registration_endpoint is None:
        raise RegistrationNotOffered
    headers = {"Authorization": f"Bearer {initial_token}"} if initial_token else {}
    asked = _asked(addresses, provider.secret_method)
    with calling("registration"), guard(requests.Session()) as session:
        answer = session.post(provider.registration_endpoint, json=asked, headers=headers, timeout=SECONDS)
        if answer.status_code in _REFUSED:
            raise RegistrationRefused
        if answer.status_code not in _REGISTERED:
            raise UnexpectedStatus(answer.status_code)
        return _read(_json(answer))


def _asked(addresses: Addresses, secret_method: str) -> Mapping[str, object]:
    return {
        "client_name": "Kamu",
        "application_type": "web",
        "redirect_uris": [addresses.redirect],
        "post_logout_redirect_uris": [addresses.after_logout],
        "backchannel_logout_uri": addresses.back_channel,
        "backchannel_logout_session_required": True,
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": secret_method,
        "scope": "openid profile email",
    }


def _json(answer: requests.Response) -> Mapping[str, object]:
    try:
        found = answer.json()
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    if not isinstance(found, dict):
        raise NotJson
    return found


def _read(found: Mapping[str, object]) -> Registered:
    client_id, secret = found.get("client_id"), found.get("client_secret")
    for value in (client_id, secret):
        if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= LONGEST:
            raise RegistrationRefused
    return Registered(str(client_id), str(secret), _last_day(found.get("client_secret_expires_at")))


def _last_day(value: object) -> date | None:
    """Zero means that it never ends; what is no time of this world is not heard."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value, UTC).date()
    except (OverflowError, ValueError, OSError):
        return None

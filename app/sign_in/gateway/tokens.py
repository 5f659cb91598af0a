"""Whether an ID token says what it must (OpenID Connect Core 1.0, section 3.1.3.7); more is refused than usual.

Authlib accepts `aud: []`, a foreign `aud` beside our `azp`, and whatever algorithm the metadata lists; so the
signature is checked by joserfc with an explicit list and an explicit key, and the claims are read here.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import Key

from app.sign_in.errors import (
    AlgorithmRefused,
    ClaimMissing,
    ClaimWrong,
    KeyAmbiguous,
    KeyUnknown,
    SignatureWrong,
    TokenUnreadable,
)
from app.sign_in.gateway.client import Client
from app.sign_in.gateway.keys import keys_of, newer_keys_of, pick_key
from app.sign_in.gateway.metadata import Provider

LEEWAY_SECONDS = 30
# Beyond every date; also keeps out infinity, and by its comparison what is not a number.
LATEST_TIME = 1e12

# A header that is JSON but no object trips the library in these ways.
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)

Claims = Mapping[str, object]


class _Registry(jws.JWSRegistry):
    """Exactly the allowed algorithms. For an empty list the library's own falls back to others, HS256 too."""

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise UnsupportedAlgorithmError
        return self.algorithms[name]


@dataclass(frozen=True, slots=True)
class Header:
    """What a signed token says of itself, before it is believed."""

    algorithm: str
    kid: str | None
    kind: object


@dataclass(frozen=True, slots=True)
class Expected:
    """What an ID token has to match beyond its provider: the sign-in it answers, and the time.

    `signed_in_since`: a moment, in seconds, after which the person must have signed in there anew.
    """

    nonce: str
    access_token: str
    now: datetime
    signed_in_since: float | None = None


def read_id_token(token: str, *, client: Client, provider: Provider, expected: Expected) -> Claims:
    """The claims of an ID token that may be believed. Raises a ProviderError naming what was wrong."""
    header = read_header(token, provider)
    claims = verified(token, header, client, provider)
    check_claims(claims, client=client, provider=provider, expected=expected)
    _check_at_hash(claims, header.algorithm, expected.access_token)
    _check_sign_in_time(claims, expected)
    return claims


def read_header(token: str, provider: Provider) -> Header:
    """The header of a signed token. Raises TokenUnreadable, AlgorithmRefused."""
    try:
        header: object = jws.extract_compact(token.encode()).headers()
    except _UNREADABLE as error:
        raise TokenUnreadable from error
    if not isinstance(header, dict) or "crit" in header or not isinstance(header.get("kid"), str | None):
        raise TokenUnreadable
    algorithm, kid = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in provider.algorithms:
        raise AlgorithmRefused
    return Header(algorithm, kid, header.get("typ"))


def verified(token: str, header: Header, client: Client, provider: Provider) -> Claims:
    """The signed claims; when the known keys do not do, once more with the keys as they are now."""
    algorithm, kid = header.algorithm, header.kid
    try:
        return _open(token, algorithm, pick_key(keys_of(client, provider), algorithm, kid))
    except (KeyUnknown, KeyAmbiguous, SignatureWrong):
        newer = newer_keys_of(client, provider)
        if newer is None:
            raise
    return _open(token, algorithm, pick_key(newer, algorithm, kid))


def _open(token: str, algorithm: str, key: Key) -> Claims:
    registry = _Registry(algorithms=[algorithm], strict_check_header=False)
    try:
        payload = jws.deserialize_compact(token, key, registry=registry).payload
    except (JoseError, ValueError, TypeError) as error:
        raise SignatureWrong from error
    try:
        claims = json.loads(payload or b"")
    except (ValueError, RecursionError) as error:
        raise TokenUnreadable from error
    if not isinstance(claims, dict):
        raise TokenUnreadable
    return claims


def check_claims(claims: Claims, *, client: Client, provider: Provider, expected: Expected) -> None:
    """Raises ClaimMissing or ClaimWrong for the first claim that does not hold."""
    for claim in ("iss", "sub", "aud", "exp", "iat", "nonce"):
        if claim not in claims:
            raise ClaimMissing(claim)
    checks = {
        "iss": claims["iss"] == provider.issuer,
        "sub": is_subject(claims["sub"]),
        # Nobody else is trusted beside us: not one foreign audience, and not an empty list.
        "aud": claims["aud"] in (client.client_id, [client.client_id]),
        "azp": claims.get("azp", client.client_id) == client.client_id,
        "nonce": _is_same(claims["nonce"], expected.nonce),
    }
    for claim, holds in checks.items():
        if not holds:
            raise ClaimWrong(claim)
    check_times(claims, expected.now.timestamp())


def check_times(claims: Claims, now: float) -> None:
    """Raises ClaimWrong for a token that has ended, or that is from the future."""
    if _time(claims, "exp") <= now - LEEWAY_SECONDS:
        raise ClaimWrong("exp")
    for claim in ("iat", "nbf"):
        if claim in claims and _time(claims, claim) > now + LEEWAY_SECONDS:
            raise ClaimWrong(claim)


def _time(claims: Claims, claim: str) -> float:
    value = claims[claim]
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LATEST_TIME:
        raise ClaimWrong(claim)
    return value


def _check_sign_in_time(claims: Claims, expected: Expected) -> None:
    """OpenID Connect Core 1.0, section 2: whoever is asked by `max_age` must say when the person signed in."""
    if expected.signed_in_since is None:
        return
    if "auth_time" not in claims:
        raise ClaimMissing("auth_time")
    if _time(claims, "auth_time") < expected.signed_in_since - LEEWAY_SECONDS:
        raise ClaimWrong("auth_time")


def is_subject(value: object) -> bool:
    """Whether it can be somebody's subject, or the id of a session."""
    # OpenID Connect Core 1.0, section 2: at most 255 ASCII characters.
    return isinstance(value, str) and value.isascii() and value.isprintable() and 0 < len(value) <= 255


def _check_at_hash(claims: Claims, algorithm: str, access_token: str) -> None:
    if "at_hash" not in claims:
        return
    # EdDSA with Ed25519 hashes with SHA-512; the others carry their size in the name.
    digest = hashlib.new(f"sha{algorithm[2:] if algorithm[2:].isdecimal() else '512'}", access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not _is_same(claims["at_hash"], half):
        raise ClaimWrong("at_hash")


def _is_same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(errors="surrogatepass"), expected.encode())

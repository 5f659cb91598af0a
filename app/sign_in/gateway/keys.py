"""The keys a provider signs with: remembered for ten minutes, and asked for again at most once a minute."""

import json
from collections.abc import Mapping, Sequence
from typing import cast

from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key

from app.outbound import fetch_json
from app.sign_in.errors import KeyAmbiguous, KeyUnknown
from app.sign_in.gateway.client import Client, calling
from app.sign_in.gateway.metadata import Provider
from app.valkey import valkey

SECONDS_KEPT = 600
SECONDS_BETWEEN_FORCED = 60
SMALLEST_RSA_BITS = 2048

Jwk = Mapping[str, object]

# Key type, curves where the algorithm fixes them (RFC 7518, section 3.1; RFC 8037, section 3.1).
_FITTING: dict[str, tuple[str, tuple[str, ...]]] = {
    "RS": ("RSA", ()),
    "PS": ("RSA", ()),
    "ES256": ("EC", ("P-256",)),
    "ES384": ("EC", ("P-384",)),
    "ES512": ("EC", ("P-521",)),
    "EdDSA": ("OKP", ("Ed25519", "Ed448")),
}
_PUBLIC_MEMBERS = ("kty", "n", "e", "crv", "x", "y")


def keys_of(client: Client, provider: Provider) -> Sequence[Jwk]:
    """The provider's published keys, at most ten minutes old. Raises CallFailed."""
    kept = valkey().get(client.shelf("keys"))
    if isinstance(kept, bytes):
        return cast("list[Jwk]", json.loads(kept))
    return _fetch(client, provider)


def newer_keys_of(client: Client, provider: Provider) -> Sequence[Jwk] | None:
    """The published keys as they are now, or None when they were asked for out of turn a minute ago or less.

    Raises CallFailed.
    """
    may = valkey().set(client.shelf("keys-forced"), b"1", ex=SECONDS_BETWEEN_FORCED, nx=True)
    return _fetch(client, provider) if may else None


def _fetch(client: Client, provider: Provider) -> Sequence[Jwk]:
    with calling("keys"):
        document = fetch_json(provider.jwks_uri)
    listed = document.get("keys")
    keys = [key for key in listed if isinstance(key, dict)] if isinstance(listed, list) else []
    valkey().set(client.shelf("keys"), json.dumps(keys), ex=SECONDS_KEPT)
    return keys


def pick_key(keys: Sequence[Jwk], algorithm: str, kid: str | None) -> Key:
    """The one key that a token was signed with, by its `kid`; without one, the only key there is.

    Raises KeyUnknown, KeyAmbiguous.
    """
    signing = [key for key in keys if key.get("use", "sig") == "sig"]
    if kid is None and len(signing) > 1:
        # OpenID Connect Core 1.0, section 10.1: with several keys a kid must be given.
        raise KeyAmbiguous
    named = [key for key in signing if kid is None or key.get("kid") == kid]
    fitting = [key for key in named if _fits(key, algorithm)]
    if len(fitting) > 1:
        raise KeyAmbiguous
    if not fitting:
        raise KeyUnknown
    return _imported(fitting[0])


def _fits(key: Jwk, algorithm: str) -> bool:
    kind, curves = _FITTING.get(algorithm) or _FITTING[algorithm[:2]]
    operations = key.get("key_ops", ["verify"])
    return (
        key.get("kty") == kind
        and key.get("alg", algorithm) == algorithm
        and (not curves or key.get("crv") in curves)
        and isinstance(operations, list)
        and "verify" in operations
    )


def _imported(key: Jwk) -> Key:
    public = {name: value for name, value in key.items() if name in _PUBLIC_MEMBERS and isinstance(value, str)}
    if public.get("kty") == "RSA" and len(str(public.get("n", ""))) * 6 < SMALLEST_RSA_BITS:
        raise KeyUnknown
    try:
        return JWKRegistry.import_key(cast("dict[str, str | list[str]]", public))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise KeyUnknown from error

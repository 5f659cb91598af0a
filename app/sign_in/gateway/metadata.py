"""What a provider says about itself (OpenID Connect Discovery 1.0), read strictly, remembered for an hour."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from app.outbound import AddressRefused, fetch_json, read_target
from app.settings import settings
from app.sign_in.errors import IssuerDiffers, MetadataIncomplete, NoClientAuthentication, NoCommonAlgorithm
from app.sign_in.gateway.client import Client, calling
from app.valkey import valkey

SECONDS_KEPT = 3600
WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
_SECRET_METHODS = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, slots=True)
class Provider:
    """The parts of a provider's metadata that Kamu uses, all checked."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    algorithms: tuple[str, ...]
    secret_method: str
    names_itself: bool
    end_session_endpoint: str | None = None
    registration_endpoint: str | None = None


def discover(issuer: str) -> Provider:
    """Ask the provider. Raises CallFailed, IssuerDiffers, MetadataIncomplete, NoCommonAlgorithm, …"""
    with calling("metadata"):
        document = fetch_json(issuer.rstrip("/") + WELL_KNOWN)
    return read_metadata(issuer, document)


def provider_of(client: Client) -> Provider:
    """The provider of a connection, asked at most once an hour. Raises like `discover`."""
    shelf = client.shelf("metadata")
    kept = valkey().get(shelf)
    if isinstance(kept, bytes):
        members = json.loads(kept)
        return Provider(**{**members, "algorithms": tuple(members["algorithms"])})
    provider = discover(client.issuer)
    valkey().set(shelf, json.dumps(asdict(provider)), ex=SECONDS_KEPT)
    return provider


def read_metadata(issuer: str, document: Mapping[str, object]) -> Provider:
    """Check a metadata document against the issuer that was set down, which must match to the letter."""
    named = document.get("issuer")
    if named != issuer:
        only_by_slash = isinstance(named, str) and named.rstrip("/") == issuer.rstrip("/")
        raise IssuerDiffers(only_by_slash=only_by_slash)
    if "code" not in _strings(document, "response_types_supported", ("code",)):
        raise MetadataIncomplete("response_types_supported")
    has_userinfo = document.get("userinfo_endpoint") is not None
    return Provider(
        issuer=issuer,
        authorization_endpoint=_endpoint(document, "authorization_endpoint"),
        token_endpoint=_endpoint(document, "token_endpoint"),
        jwks_uri=_endpoint(document, "jwks_uri"),
        userinfo_endpoint=_endpoint(document, "userinfo_endpoint") if has_userinfo else None,
        end_session_endpoint=_extra(document, "end_session_endpoint"),
        registration_endpoint=_extra(document, "registration_endpoint"),
        algorithms=_algorithms(document),
        secret_method=_secret_method(document),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _endpoint(document: Mapping[str, object], member: str) -> str:
    url = document.get(member)
    if not isinstance(url, str):
        raise MetadataIncomplete(member)
    try:
        read_target(url, loopback=settings().outbound_loopback)
    except AddressRefused as error:
        raise MetadataIncomplete(member) from error
    return url


def _extra(document: Mapping[str, object], member: str) -> str | None:
    """An endpoint that nobody's sign-in hangs on: one that can't be used is taken for none."""
    try:
        return _endpoint(document, member)
    except MetadataIncomplete:
        return None


def _algorithms(document: Mapping[str, object]) -> tuple[str, ...]:
    offered = _strings(document, "id_token_signing_alg_values_supported", ("RS256",))
    common = tuple(each for each in ALGORITHMS if each in offered)
    if not common:
        raise NoCommonAlgorithm
    return common


def _secret_method(document: Mapping[str, object]) -> str:
    offered = _strings(document, "token_endpoint_auth_methods_supported", _SECRET_METHODS[:1])
    for method in _SECRET_METHODS:
        if method in offered:
            return method
    raise NoClientAuthentication


def _strings(document: Mapping[str, object], member: str, otherwise: tuple[str, ...]) -> tuple[str, ...]:
    found = document.get(member)
    if found is None:
        return otherwise
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise MetadataIncomplete(member)
    return tuple(cast("list[str]", found))

"""The way out to authenticators. The only module that knows WebAuthn.

RP id and origin are those of one host, exactly: a passkey of one organisation is none of another's, nor of the staff
host's. User verification is always required, and credentials are discoverable, so that signing in asks for no name.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    generate_challenge,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.passkeys.errors import CopiedPasskey, PasskeyRefused

TIMEOUT_MS = 120_000
MAX_CREDENTIAL_CHARS = 16_384

# What py_webauthn raises, and what its parsing of untrusted JSON and CBOR lets through.
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, IndexError)


@dataclass(frozen=True)
class RelyingParty:
    """Who asks: host without port, and the whole origin as the browser writes it."""

    id: str
    origin: str


@dataclass(frozen=True)
class Holder:
    """Who a passkey is for, and what their device calls them."""

    id: UUID
    email: str
    name: str


@dataclass(frozen=True)
class KnownCredential:
    """A passkey that somebody has, with the count of uses that it told last."""

    holder_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str = ""


@dataclass(frozen=True)
class NewCredential:
    """What a new authenticator told about itself."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: str


def new_challenge() -> str:
    """64 random bytes in base64url, which is also how the browser's answer names them."""
    return bytes_to_base64url(generate_challenge())


def creation_options(party: RelyingParty, holder: Holder, challenge: str, known: Iterable[KnownCredential]) -> str:
    """JSON for `navigator.credentials.create`; `known` authenticators are asked to step back."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name="Kamu",
        user_id=holder.id.bytes,
        user_name=holder.email,
        user_display_name=holder.name,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(each) for each in known],
    )
    return webauthn.options_to_json(options)


def request_options(party: RelyingParty, challenge: str) -> str:
    """JSON for `navigator.credentials.get`. It names no credential, so it tells a stranger nothing."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(challenge),
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def check_creation(party: RelyingParty, credential: str, challenge: str) -> NewCredential:
    """Return the new credential, or raise PasskeyRefused."""
    try:
        answer = _parse(credential)
        _refuse_foreign_frames(answer)
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _MALFORMED as refusal:
        raise PasskeyRefused(str(refusal)) from refusal
    return NewCredential(made.credential_id, made.credential_public_key, made.sign_count, _transports(answer))


def name_credential(credential: str) -> bytes:
    """Return the credential id that the answer claims, unproven, or raise PasskeyRefused."""
    try:
        return base64url_to_bytes(_parse(credential)["id"])
    except _MALFORMED as refusal:
        raise PasskeyRefused(str(refusal)) from refusal


def check_request(party: RelyingParty, credential: str, challenge: str, known: KnownCredential) -> int:
    """Return the authenticator's new count of uses; raise PasskeyRefused or CopiedPasskey."""
    try:
        answer = _parse(credential)
        _refuse_foreign_frames(answer)
        _refuse_other_holder(answer, known)
        proof = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            # The library tells a lower count and a false signature apart only in words, so it is
            # given no count to compare; the count is compared below, once the signature holds.
            credential_current_sign_count=-1,
            require_user_verification=True,
        )
    except _MALFORMED as refusal:
        raise PasskeyRefused(str(refusal)) from refusal
    if _is_lower(proof.new_sign_count, known.sign_count):
        raise CopiedPasskey
    return proof.new_sign_count


def _is_lower(new: int, known: int) -> bool:
    """Authenticators that do not count always say 0 (WebAuthn level 3, 6.1.1)."""
    return (new > 0 or known > 0) and new <= known


def _parse(credential: str) -> dict[str, Any]:
    if len(credential) > MAX_CREDENTIAL_CHARS:
        raise PasskeyRefused("the answer is too long")
    answer = json.loads(credential)
    if not isinstance(answer, dict):
        raise TypeError("the answer is not an object")
    return answer


def _refuse_foreign_frames(answer: dict[str, Any]) -> None:
    client_data = parse_client_data_json(base64url_to_bytes(_response(answer)["clientDataJSON"]))
    if client_data.cross_origin:
        raise PasskeyRefused("asked from inside another origin's page")


def _refuse_other_holder(answer: dict[str, Any], known: KnownCredential) -> None:
    handle = _response(answer).get("userHandle")
    if handle is None or base64url_to_bytes(handle) != known.holder_id.bytes:
        raise PasskeyRefused("the authenticator names another person")


def _response(answer: dict[str, Any]) -> dict[str, Any]:
    response = answer["response"]
    if not isinstance(response, dict):
        raise TypeError("the answer holds no response")
    return response


def _transports(answer: dict[str, Any]) -> str:
    """Space-separated; only names from the standard are kept."""
    told = _response(answer).get("transports") or []
    return " ".join(sorted({str(name) for name in told} & {known.value for known in AuthenticatorTransport}))


def _descriptor(known: KnownCredential) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in known.transports.split()]
    return PublicKeyCredentialDescriptor(id=known.credential_id, transports=transports or None)

"""The way out to the authenticators of Nitor's people."""

from collections.abc import Iterable

from app.passkeys import gateway
from app.passkeys.gateway import (
    Holder,
    KnownCredential,
    RelyingParty,
    check_creation,
    name_credential,
    new_challenge,
    request_options,
)
from app.support.models import Staff, StaffPasskey

__all__ = [
    "RelyingParty",
    "check_creation",
    "check_request",
    "creation_options",
    "name_credential",
    "new_challenge",
    "request_options",
]


def creation_options(party: RelyingParty, staff: Staff, challenge: str, known: Iterable[StaffPasskey]) -> str:
    """JSON for the browser to make a passkey; `known` authenticators are asked to step back."""
    holder = Holder(staff.id, staff.email, staff.name)
    return gateway.creation_options(party, holder, challenge, [_known(passkey) for passkey in known])


def check_request(party: RelyingParty, credential: str, challenge: str, passkey: StaffPasskey) -> int:
    """Return the authenticator's new count of uses; raise PasskeyRefused or CopiedPasskey."""
    return gateway.check_request(party, credential, challenge, _known(passkey))


def _known(passkey: StaffPasskey) -> KnownCredential:
    return KnownCredential(
        passkey.staff_id, passkey.credential_id, passkey.public_key, passkey.sign_count, passkey.transports
    )

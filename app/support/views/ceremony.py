"""Passkey ceremonies at the staff host."""

from uuid import UUID

from flask_babel import gettext as _

from app.clock import now
from app.passkeys import ceremony
from app.passkeys.ceremony import issue_challenge, use_challenge
from app.passkeys.gateway import RelyingParty
from app.settings import settings
from app.support.actions import sign_in
from app.support.errors import StaffRefusal, UnknownPasskey
from app.web.here import actor

__all__ = ["check_own_passkey", "explain", "issue_challenge", "relying_party", "staff_id", "use_challenge"]


def relying_party() -> RelyingParty:
    """The staff host."""
    return ceremony.party_of(settings().staff_host)


def explain(refusal: StaffRefusal) -> str:
    """Say what happened and what to do."""
    unknown = _("We do not know this passkey. Try another one, or ask a colleague at Nitor for a new link.")
    return ceremony.explain(refusal, unknown=unknown)


def check_own_passkey(challenge: str | None, credential: str | None) -> None:
    """Have the passkey used here and now, and that by whoever is signed in. Raises StaffRefusal."""
    asked = use_challenge(challenge, credential, now())
    staff = sign_in(party=relying_party(), credential=credential or "", challenge=asked, now=now())
    if staff.id != actor().id:
        raise UnknownPasskey


def staff_id() -> UUID:
    """Return which of Nitor's people acts. Raises StaffRefusal when nobody does."""
    found = actor().id
    if found is None:
        raise UnknownPasskey
    return found

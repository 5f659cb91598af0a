"""Passkey ceremonies at the staff host."""

from flask_babel import gettext as _

from app.passkeys import ceremony
from app.passkeys.ceremony import issue_challenge, use_challenge
from app.passkeys.gateway import RelyingParty
from app.settings import settings
from app.support.errors import StaffRefusal

__all__ = ["explain", "issue_challenge", "relying_party", "use_challenge"]


def relying_party() -> RelyingParty:
    """The staff host."""
    return ceremony.party_of(settings().staff_host)


def explain(refusal: StaffRefusal) -> str:
    """Say what happened and what to do."""
    unknown = _("We do not know this passkey. Try another one, or ask a colleague at Nitor for a new link.")
    return ceremony.explain(refusal, unknown=unknown)

"""The blueprint, and what its pages share: passkey ceremonies at an organisation's host."""

from flask_babel import gettext as _

from app.clock import now
from app.passkeys import ceremony
from app.passkeys.errors import PasskeyRefusal
from app.passkeys.gateway import RelyingParty, request_options
from app.settings import settings
from app.web.areas import org_pages
from app.web.here import tenant

break_glass = org_pages("break_glass", "app.break_glass")


def relying_party() -> RelyingParty:
    """The host of this organisation: its passkeys open no other's."""
    return ceremony.party_of(settings().organisation_host(tenant().slug))


def explain(refusal: PasskeyRefusal) -> str:
    """Say what happened and what to do."""
    unknown = _("This passkey opens nothing here. Try another one, or another way in.")
    return ceremony.explain(refusal, unknown=unknown)


def ask_for_passkey() -> tuple[str, str]:
    """A challenge, and what a page's button hands to the browser with it."""
    challenge = ceremony.issue_challenge(now())
    return challenge, request_options(relying_party(), challenge)

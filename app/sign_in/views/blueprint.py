"""The blueprint, and what its views share: addresses of our own."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import url_for

from app.access.actor import Actor
from app.access.permissions import Permission
from app.settings import settings
from app.sign_in.gateway import Addresses
from app.web.areas import org_pages

sign_in = org_pages("sign_in", "app.sign_in")


def redirect_uri(connection_id: UUID) -> str:
    """Where the provider sends people back to: one address a connection."""
    scheme = settings().scheme
    return url_for("sign_in.callback", connection_id=connection_id, _external=True, _scheme=scheme)


def addresses_of(connection_id: UUID) -> Addresses:
    """What the provider has to know of Kamu: where people come back, and where it says that a sign-in has ended."""
    scheme = settings().scheme
    return Addresses(
        redirect=redirect_uri(connection_id),
        after_logout=url_for("sign_in.signed_out", _external=True, _scheme=scheme),
        back_channel=url_for("sign_in.back_channel", connection_id=connection_id, _external=True, _scheme=scheme),
    )


def home_of(actor: Actor) -> str:
    """Where somebody goes who has signed in and was not on the way to anywhere."""
    if actor.may(Permission.SEE_SET_UP):
        return url_for("onboarding.home")
    # Whoever came in by rescue reaches the sign-in, and nothing else.
    return url_for("sign_in.connection" if actor.may(Permission.MANAGE_SIGN_IN) else "onboarding.door_step")


def local_path(path: object) -> str:
    """The path, if it stays on this host and is not part of the door itself; else nothing."""
    if not isinstance(path, str) or not path.startswith("/") or not path.isprintable() or "\\" in path:
        return ""
    parts = urlsplit(path)
    elsewhere = path.startswith("//") or parts.scheme or parts.netloc
    return "" if elsewhere or parts.path.startswith(("/sign-", "/invitations/")) else path

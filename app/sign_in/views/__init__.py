"""The door of an organisation and the set-up of its sign-in: one blueprint, filled by the modules of this package."""

from app.sign_in.views import connection, door, invitations, links, provider, trying
from app.sign_in.views.blueprint import sign_in

__all__ = ["connection", "door", "invitations", "links", "provider", "sign_in", "trying"]

"""The door of an organisation and the set-up of its sign-in: one blueprint, filled by the modules of this package."""

from app.sign_in.views import (
    connection,
    door,
    in_use,
    invitations,
    links,
    own_log_ins,
    provider,
    signing_out,
    trying,
)
from app.sign_in.views.blueprint import sign_in

__all__ = [
    "connection",
    "door",
    "in_use",
    "invitations",
    "links",
    "own_log_ins",
    "provider",
    "sign_in",
    "signing_out",
    "trying",
]

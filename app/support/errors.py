"""What stops a member of Nitor's staff: a passkey that does not do, or one of these. Each error states the fact."""

from app.passkeys.errors import (
    CopiedPasskey,
    LastPasskey,
    PasskeyRefused,
    PasskeyTaken,
    UnknownPasskey,
)
from app.passkeys.errors import PasskeyRefusal as StaffRefusal

__all__ = [
    "CopiedPasskey",
    "InvitationExpired",
    "InvitationUsed",
    "LastPasskey",
    "PasskeyRefused",
    "PasskeyTaken",
    "StaffEnded",
    "StaffRefusal",
    "UnknownPasskey",
    "UnknownStaff",
]


class InvitationUsed(StaffRefusal):
    """The link has already been used."""


class InvitationExpired(StaffRefusal):
    """The link is older than 24 hours, or a newer one took its place."""


class StaffEnded(StaffRefusal):
    """The person no longer works with Kamu's customers."""


class UnknownStaff(StaffRefusal):
    """Nobody who is staff has this address."""

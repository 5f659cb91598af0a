"""What stops a member of Nitor's staff. Each error states the fact."""


class StaffRefusal(Exception):
    """Staff cannot do this, for the reason that the subclass names."""


class InvitationUsed(StaffRefusal):
    """The link has already been used."""


class InvitationExpired(StaffRefusal):
    """The link is older than 24 hours, or a newer one took its place."""


class StaffEnded(StaffRefusal):
    """The person no longer works with Kamu's customers."""


class UnknownStaff(StaffRefusal):
    """Nobody who is staff has this address."""


class UnknownPasskey(StaffRefusal):
    """No passkey of a present member of staff has this credential id."""


class PasskeyRefused(StaffRefusal):
    """The answer of the authenticator does not hold: challenge, origin, user verification or signature."""


class CopiedPasskey(StaffRefusal):
    """The authenticator counts fewer uses than it did before, so there may be two of it."""


class PasskeyTaken(StaffRefusal):
    """The authenticator is already registered."""


class LastPasskey(StaffRefusal):
    """Without this passkey nobody could sign in to the account."""

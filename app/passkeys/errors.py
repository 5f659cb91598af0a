"""Why a passkey does not do. Each error states the fact."""


class PasskeyRefusal(Exception):
    """Whoever asks cannot go on, for the reason that the subclass names."""


class UnknownPasskey(PasskeyRefusal):
    """Nobody who may come in here has a passkey with this credential id."""


class PasskeyRefused(PasskeyRefusal):
    """The answer of the authenticator does not hold: challenge, origin, user verification or signature."""


class CopiedPasskey(PasskeyRefusal):
    """The authenticator counts fewer uses than it did before, so there may be two of it."""


class PasskeyTaken(PasskeyRefusal):
    """The authenticator is already registered."""


class LastPasskey(PasskeyRefusal):
    """Without this passkey nobody could sign in to the account."""

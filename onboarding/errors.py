"""What can be refused between sign-up and launch, each named by its fact."""


class AddressTaken(Exception):
    """Another organisation holds this address name, or has confirmed its wish for it."""


class LinkExpired(Exception):
    """The confirmation link is older than its 24 hours, or its request was swept."""


class LinkUsed(Exception):
    """The confirmation link has done its work already."""


class TooManyMails(Exception):
    """The confirmation mail was sent a moment ago, or often enough."""


class LaunchRefused(Exception):
    """Something that a launch needs is missing; `reasons` names each."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class AlreadyLaunched(Exception):
    """Invitations have gone out; a date can no longer be set or taken back."""


class DateHasPassed(Exception):
    """A launch is planned for today or a later day."""

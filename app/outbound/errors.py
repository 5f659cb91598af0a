"""What can go wrong with a request to an address that somebody typed."""


class OutboundError(Exception):
    """A request did not end with an answer that may be used."""


class AddressRefused(OutboundError):
    """The address is not one that Kamu calls; nothing was sent to it."""


class RedirectRefused(OutboundError):
    """The other side answered with a redirect."""


class AnswerTooLarge(OutboundError):
    """The answer is larger than the limit; reading was stopped."""


class NoAnswer(OutboundError):
    """Unreachable, too slow, broken off, or not understood as HTTP."""


class UnexpectedStatus(OutboundError):
    """The answer came with a status other than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class NotJson(OutboundError):
    """The answer is not a JSON object."""

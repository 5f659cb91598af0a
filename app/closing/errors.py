"""What stands in the way of a closing, or of calling one off. Each error states the fact."""


class ClosingRefusal(Exception):
    """It cannot be done, for the reason that the subclass names."""


class WrongName(ClosingRefusal):
    """What was typed is not the address name of the organisation."""


class AlreadyClosing(ClosingRefusal):
    """A closing of the organisation has been asked for already."""


class NotOpen(ClosingRefusal):
    """The organisation is not open, so that nobody in it could be told or take their things along."""


class AlreadyApproved(ClosingRefusal):
    """The same person has approved it before; it takes two."""


class NothingToApprove(ClosingRefusal):
    """The closing is approved by two people, called off, or under way."""


class TooLate(ClosingRefusal):
    """The erasure has begun; nothing brings the organisation back."""


class NotDue(ClosingRefusal):
    """No closing of this organisation is approved and past its day."""


class EnoughForToday(ClosingRefusal):
    """As many erasures have begun within a day as may; the others wait."""

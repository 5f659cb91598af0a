"""What stands in the way of giving or taking a role. Each error states the fact."""


class RoleRefusal(Exception):
    """It cannot be done, for the reason that the subclass names."""


class MayNotGive(RoleRefusal):
    """Nobody gives or takes a role that is not theirs to give."""


class NoRole(RoleRefusal):
    """No role was chosen."""


class HoldsAlready(RoleRefusal):
    """They hold all of these roles already."""


class HasLeft(RoleRefusal):
    """The account of this address has ended, together with somebody's place in the directory."""


class LastOwner(RoleRefusal):
    """Nobody else is an owner who can come in."""


class NotWaiting(RoleRefusal):
    """They have come in; there is no invitation to send again or to withdraw."""


class EnoughMails(RoleRefusal):
    """Several invitations went to this address within a day."""


class OfferRefused(RoleRefusal):
    """The ownership can be offered to somebody who has come in, is no owner yet, and is not oneself."""


class OfferOver(RoleRefusal):
    """There is no offer, or it was taken back, or its time is over."""


class WrongName(RoleRefusal):
    """What was typed is not the address name of the organisation."""


class NotOpen(RoleRefusal):
    """There is no open organisation of this address name."""


class AlreadyAsked(RoleRefusal):
    """A recovery of the organisation is under way."""


class TakesTwo(RoleRefusal):
    """Whoever asked for a recovery cannot approve it."""


class NothingToApprove(RoleRefusal):
    """The recovery is approved, called off or done."""


class TooLate(RoleRefusal):
    """The new owner has the way in; it cannot be called off any more."""


class NotYou(RuntimeError):
    """The invitation is somebody else's than who is signed in, or nobody is."""

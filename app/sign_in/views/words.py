"""Problems of the sign-in in whole sentences: what is so, and what helps. Nothing of the provider's own text."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.sign_in import errors
from app.sign_in.policies import Why


@dataclass(frozen=True, slots=True)
class Problem:
    """A page about something that did not work: title, what is so, what to do; `try_again` offers the door."""

    title: str
    text: str
    status: int
    advice: str = ""
    try_again: bool = True


def of_state(error: errors.StateError) -> Problem:
    """Somebody came back, and this browser did not begin that sign-in, or too long ago."""
    if isinstance(error, errors.StateLate):
        return Problem(
            _("That took longer than ten minutes"),
            _("For your safety a sign-in has to be finished within ten minutes. Nothing is lost."),
            410,
            _("Begin once more; it usually takes a few seconds."),
        )
    if isinstance(error, errors.StateForeign):
        return Problem(
            _("This sign-in began in another browser"),
            _("A sign-in can only be finished in the browser in which it was begun."),
            403,
            _("Begin again here. If you did not begin any sign-in, close this page: nobody has got in."),
        )
    return Problem(
        _("This sign-in has already ended"),
        _("Each sign-in works once. Going back in the browser or loading the page again does not repeat it."),
        410,
        _("Begin again, and you are in."),
    )


def of_provider(error: errors.ProviderError, organisation: str) -> Problem:
    """The provider answered with a refusal, or not as it must."""
    if isinstance(error, errors.LoginRefused) and error.code == "access_denied":
        return Problem(
            _("The sign-in was not finished"),
            _("%(organisation)s’s sign-in page said no, or you pressed Cancel there.", organisation=organisation),
            403,
            _("Try again. If it says no again, ask your IT to give you access to Kamu."),
        )
    return Problem(
        _("Kamu could not finish your sign-in"),
        _("Something in the answer of %(organisation)s’s sign-in was not as agreed.", organisation=organisation),
        502,
        _("Try again in a minute. If it stays so, show this page to your IT."),
    )


REFUSALS: dict[Why, Problem] = {
    Why.NOT_INVITED: Problem(
        _l("Kamu does not know you yet"),
        _l("Your organisation’s sign-in worked, but this is your first time, and Kamu cannot tell who you are."),
        403,
        _l("Open the link in your invitation mail, in this browser, and continue from there. No mail? Ask whoever "
          "runs Kamu with you for one."),
        try_again=False,
    ),
    Why.INVITATION_EXPIRED: Problem(
        _l("Your invitation is too old"),
        _l("An invitation works for 30 days, so that a forgotten mail cannot be used by somebody else."),
        410,
        _l("Ask whoever runs Kamu with you to send a new one."),
        try_again=False,
    ),
    Why.INVITATION_USED: Problem(
        _l("This invitation has been used"),
        _l("Somebody has come in with it, through another account of your organisation’s sign-in."),
        410,
        _l("If that was you, sign in with that account. If not, tell whoever runs Kamu with you."),
    ),
    Why.PERSON_HAS_LEFT: Problem(
        _l("This invitation no longer stands"),
        _l("In the directory, the employment it was for has ended."),
        403,
        _l("If that is wrong, ask your organisation to put the directory right."),
        try_again=False,
    ),
    Why.ACCOUNT_HAS_ENDED: Problem(
        _l("This account has ended"),
        _l("It no longer opens Kamu."),
        403,
        _l("If that is wrong, ask whoever runs Kamu with you."),
        try_again=False,
    ),
    Why.ANOTHER_LOGIN: Problem(
        _l("You came with another account than before"),
        _l("The person this invitation is for already comes in with another account of your organisation."),
        403,
        _l("Sign out of your organisation’s account in this browser, and sign in with the one you used first."),
    ),
    Why.ADDRESS_CHANGED: Problem(
        _l("This invitation went to another address"),
        _l("The account it would open belongs to an address that the invitation was not sent to."),
        403,
        _l("Ask whoever runs Kamu with you for a new invitation."),
        try_again=False,
    ),
    Why.WAS_REFUSED: Problem(
        _l("Your request was not accepted"),
        _l("You asked to come in, and your organisation decided against it for now."),
        403,
        _l("If that is wrong, talk with whoever runs Kamu with you. They can change it, or send you an invitation."),
        try_again=False,
    ),
}  # fmt: skip


def of_refusal(why: str) -> Problem:
    """The provider knows this person, and Kamu does not let them in."""
    return REFUSALS[Why(why)]


def of_link(error: errors.LinkError | None) -> Problem:
    """A sign-in link does not open; None for one that is not ours."""
    again = _("Ask for a new one at the door; it arrives in a minute.")
    if isinstance(error, errors.LinkExpired):
        return Problem(_("This link is too old"), _("A sign-in link works for 15 minutes."), 410, again)
    if isinstance(error, errors.LinkUsed):
        return Problem(_("This link has been used"), _("A sign-in link works once."), 410, again)
    if isinstance(error, errors.LinksSwitchedOff):
        return Problem(
            _("Links by mail no longer open this Kamu"),
            _("Your organisation has decided that its own sign-in is the only way in."),
            403,
            _("Sign in with your work account. If it does not work, ask an owner of Kamu in your organisation."),
        )
    if isinstance(error, errors.LinkOfAnotherBrowser):
        return Problem(
            _("This link belongs to another browser"),
            _("A sign-in link opens only in the browser in which it was asked for."),
            403,
            _("Open it there, or ask for a new one here."),
        )
    return Problem(
        _("This link leads nowhere"),
        _("It is not complete, or it was made for somebody who no longer signs in by mail."),
        404,
        again,
    )

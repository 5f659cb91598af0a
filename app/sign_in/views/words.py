"""Problems of the sign-in in whole sentences: what is so, and what helps. Nothing of the provider's own text."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.outbound import AddressRefused, AnswerTooLarge, NotJson, RedirectRefused, UnexpectedStatus
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


def explain(error: errors.ProviderError) -> str:
    """What is wrong with a connection, for those who set it up."""
    if isinstance(error, errors.CallFailed):
        return _of_call(error)
    if isinstance(error, errors.TokenRefused):
        return _of_token(error.code)
    with_name = _with_name(error)
    return with_name or _plain()[type(error)]


def _of_call(error: errors.CallFailed) -> str:
    what = {
        "metadata": _("The provider’s description of itself"),
        "keys": _("The list of the provider’s keys"),
        "token": _("The provider’s token endpoint"),
        "userinfo": _("The provider’s userinfo endpoint"),
    }[error.call]
    cause = error.__cause__
    if isinstance(cause, AddressRefused):
        return _("%(what)s is at an address inside a network. Kamu calls public addresses only, over https.", what=what)
    if isinstance(cause, RedirectRefused):
        return _("%(what)s redirects to another address. Type the address it leads to.", what=what)
    if isinstance(cause, AnswerTooLarge):
        return _("%(what)s is larger than 256 kB. This is hardly an OpenID provider.", what=what)
    if isinstance(cause, UnexpectedStatus):
        return _("%(what)s was not found: the answer had the status %(status)s.", what=what, status=cause.status)
    if isinstance(cause, NotJson):
        return _("%(what)s is not JSON. The address may lead to an ordinary page.", what=what)
    return _("%(what)s could not be reached within five seconds.", what=what)


def _with_name(error: errors.ProviderError) -> str:
    if isinstance(error, errors.IssuerDiffers) and error.only_by_slash:
        return _("The provider’s own name differs by the slash at the end only. Add it here, or take it away.")
    if isinstance(error, errors.MetadataIncomplete):
        return _("The provider’s description lacks a usable value for %(name)s.", name=error.member)
    if isinstance(error, errors.ClaimMissing):
        return _("The ID token lacks the claim %(name)s.", name=error.claim)
    if isinstance(error, errors.ClaimWrong):
        return _("The claim %(name)s of the ID token does not hold what it must.", name=error.claim)
    if isinstance(error, errors.LoginRefused):
        return _("The provider refused the login with the error %(name)s.", name=error.code)
    return ""


def _of_token(code: str) -> str:
    known = {
        "invalid_client": _("The provider does not accept the client ID with this secret. Has the secret ended?"),
        "invalid_grant": _("The provider no longer accepted the code: it came too late, or the redirect address "
                           "differs from the one set down there."),
    }  # fmt: skip
    return known.get(code) or _("The provider’s token endpoint refused with the error %(name)s.", name=code)


def _plain() -> dict[type[errors.ProviderError], str]:
    return {
        errors.IssuerDiffers: _("The provider at this address calls itself something else. Copy its issuer to the "
                                "letter; with Entra ID it holds your tenant’s id, never “common”."),
        errors.NoCommonAlgorithm: _("The provider signs with none of RS, PS, ES (256 to 512) or EdDSA. Signing without "
                                    "a key, or with the secret, is not accepted."),
        errors.NoClientAuthentication: _("The provider accepts neither client_secret_basic nor client_secret_post."),
        errors.CodeMissing: _("The provider came back without a code."),
        errors.IssuerParameterMissing: _("The provider says that it names itself when it comes back, and did not."),
        errors.IssuerParameterWrong: _("Another provider came back than the one that was asked."),
        errors.TokenMissing: _("The provider gave no ID token. Is the scope openid allowed for Kamu there?"),
        errors.TokenUnreadable: _("The ID token is not a signed token."),
        errors.AlgorithmRefused: _("The ID token is signed with an algorithm that the provider does not list, or that "
                                   "Kamu does not accept."),
        errors.KeyUnknown: _("The provider publishes no usable key of the one that signed the ID token."),
        errors.KeyAmbiguous: _("The ID token does not say which of several keys signed it."),
        errors.SignatureWrong: _("The signature of the ID token is wrong."),
        errors.SubjectDiffers: _("The userinfo endpoint speaks of somebody else than the ID token."),
    }  # fmt: skip


def issuer_hint(provider: str) -> str:
    """Where the issuer's address is found, and what it looks like."""
    known = {
        "entra": _("https://login.microsoftonline.com/, then your Directory (tenant) ID, then /v2.0"),
        "okta": _("Your Okta address, such as https://example.okta.com"),
        "google": "https://accounts.google.com",
        "keycloak": _("Your Keycloak’s address, then /realms/ and the name of the realm."),
    }
    return known.get(provider) or _("The address under which /.well-known/openid-configuration is found.")

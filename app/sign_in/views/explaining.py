"""What is wrong with a connection, for those who set it up. Nothing of the provider's own text."""

from flask_babel import gettext as _

from app.outbound import AddressRefused, AnswerTooLarge, NotJson, RedirectRefused, UnexpectedStatus
from app.sign_in import errors


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
        "registration": _("The provider’s registration endpoint"),
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
        return _of_missing(error.claim)
    if isinstance(error, errors.ClaimWrong):
        return _("The claim %(name)s of the ID token does not hold what it must.", name=error.claim)
    if isinstance(error, errors.LoginRefused):
        return _("The provider refused the login with the error %(name)s.", name=error.code)
    return ""


def _of_missing(claim: str) -> str:
    if claim == "auth_time":
        return _("The provider did not say when you signed in (the claim auth_time). With Entra ID, add it as an "
                 "optional claim of the ID token.")  # fmt: skip
    return _("The ID token lacks the claim %(name)s.", name=claim)


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
        errors.TokenReplayed: _("The same word of a sign-out came twice."),
        errors.RegistrationNotOffered: _("This provider lets no application register itself. Register Kamu there by "
                                         "hand, as the guide says, and type what it gives you."),
        errors.RegistrationRefused: _("The provider did not register Kamu. Most want an initial access token for it; "
                                      "the one given may be used up."),
        errors.SubjectDiffers: _("The userinfo endpoint speaks of somebody else than the ID token."),
    }  # fmt: skip


def issuer_hint(provider: str) -> str:
    """Where the issuer's address is found, and what it looks like."""
    known = {
        "entra": _("https://login.microsoftonline.com/, then your Directory (tenant) ID, then /v2.0"),
        "okta": _("Your Okta address, such as https://example.okta.com"),
        "google": "https://accounts.google.com",
        "keycloak": _("Your Keycloak’s address, then /realms/ and the name of the realm."),
        "jumpcloud": "https://oauth.id.jumpcloud.com/",
    }
    return known.get(provider) or _("The address under which /.well-known/openid-configuration is found.")

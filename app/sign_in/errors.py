"""What can go wrong on the way in, each by its name. None carries text of the provider's."""

from typing import Literal

Call = Literal["metadata", "keys", "token", "userinfo", "registration"]


class ProviderError(Exception):
    """The organisation's provider, or what is set down about it, is not as it must be."""


class CallFailed(ProviderError):
    """A call to the provider ended without a usable answer; the cause is an error of `app.outbound`."""

    def __init__(self, call: Call) -> None:
        super().__init__(call)
        self.call = call


class IssuerDiffers(ProviderError):
    """The metadata names another issuer than the one set down."""

    def __init__(self, *, only_by_slash: bool) -> None:
        super().__init__(only_by_slash)
        self.only_by_slash = only_by_slash


class MetadataIncomplete(ProviderError):
    """The metadata lacks a member that is needed, or its value cannot be used."""

    def __init__(self, member: str) -> None:
        super().__init__(member)
        self.member = member


class NoCommonAlgorithm(ProviderError):
    """The provider signs with none of the algorithms that Kamu accepts."""


class NoClientAuthentication(ProviderError):
    """The provider takes a client's secret in none of the ways that Kamu knows."""


class LoginRefused(ProviderError):
    """The provider came back with an error instead of a login: one of OAuth's list, or `other`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CodeMissing(ProviderError):
    """The provider came back with neither a code nor an error."""


class IssuerParameterMissing(ProviderError):
    """The provider says that it names itself when it comes back, and did not (RFC 9207)."""


class IssuerParameterWrong(ProviderError):
    """Another issuer came back than the one that was asked (RFC 9207)."""


class TokenRefused(ProviderError):
    """The token endpoint refused, with an error of OAuth's list, or `other`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TokenMissing(ProviderError):
    """The token endpoint gave no ID token, or no access token."""


class TokenUnreadable(ProviderError):
    """The ID token is not a signed JSON object."""


class AlgorithmRefused(ProviderError):
    """The ID token is signed with an algorithm that is not allowed, or not signed."""


class KeyUnknown(ProviderError):
    """The provider publishes no usable key of the one that the ID token names."""


class KeyAmbiguous(ProviderError):
    """The ID token names no key, and the provider publishes several."""


class SignatureWrong(ProviderError):
    """The signature of the ID token does not belong to it."""


class ClaimMissing(ProviderError):
    """The ID token lacks a claim that it must have."""

    def __init__(self, claim: str) -> None:
        super().__init__(claim)
        self.claim = claim


class ClaimWrong(ProviderError):
    """A claim of the ID token does not hold what it must."""

    def __init__(self, claim: str) -> None:
        super().__init__(claim)
        self.claim = claim


class SubjectDiffers(ProviderError):
    """The userinfo endpoint speaks of somebody else than the ID token."""


class TokenReplayed(ProviderError):
    """A token that counts once came a second time."""


class RegistrationNotOffered(ProviderError):
    """The provider lets no application register itself."""


class RegistrationRefused(ProviderError):
    """The provider did not register Kamu, or gave nothing that a sign-in could use."""


class StateError(Exception):
    """Somebody came back from a provider without a sign-in that this browser began."""


class StateUnknown(StateError):
    """No such sign-in was begun, or it has ended already."""


class StateForeign(StateError):
    """Another browser began it."""


class StateLate(StateError):
    """It was begun longer ago than it may take."""


class SetUpRefused(Exception):
    """A connection cannot be changed as asked."""


class NotTested(SetUpRefused):
    """Nobody has signed in with the settings as they are now."""


class NothingToTest(SetUpRefused):
    """The settings are not complete yet."""


class NotActive(SetUpRefused):
    """The connection is not in use."""


class EnforcementRefused(SetUpRefused):
    """The provider cannot be the only way in yet."""


class LogInTaken(Exception):
    """The log-in is somebody else's here already, or the account has another one."""


class MayNotInvite(Exception):
    """Only the launch itself, and those who plan it, invite people."""


class LinkError(Exception):
    """A sign-in link does not open."""


class LinkExpired(LinkError):
    """Its time is over."""


class LinkUsed(LinkError):
    """It has been used."""


class LinksSwitchedOff(LinkError):
    """The organisation's own provider is the only way in."""


class LinkOfAnotherBrowser(LinkError):
    """It was asked for in another browser."""


class SignInRefused(Exception):
    """The provider knows this person, and Kamu does not let them in; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PersonIsAway(Exception):
    """The directory says of the person that they have left, or have no access for now."""

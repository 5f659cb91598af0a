"""Who comes in: the one decision, on facts alone.

An e-mail address that a provider claims plays no part in it: whoever runs a provider can claim any address.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Permission


def may_invite(by: Actor) -> bool:
    """Whether somebody may invite people: the launch itself, and whoever plans it."""
    return by.kind == "system" or by.may(Permission.LAUNCH)


class Why(StrEnum):
    """Why somebody the provider vouches for is not let in."""

    NOT_INVITED = "not-invited"
    INVITATION_EXPIRED = "invitation-expired"
    INVITATION_USED = "invitation-used"
    PERSON_HAS_LEFT = "person-has-left"
    ACCOUNT_HAS_ENDED = "account-has-ended"
    ANOTHER_LOGIN = "another-login"
    ADDRESS_CHANGED = "address-changed"


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """`has_login`: somebody comes in by it through this connection; `has_invited_role`: more than a member's."""

    id: UUID
    email: str
    has_ended: bool = False
    has_login: bool = False
    has_invited_role: bool = False


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """The invitation that this browser opened, and who it leads to.

    `own` is the invited person's account; `namesake` one without a person under the person's address.
    """

    id: UUID
    person_id: UUID
    sent_to: str | None
    is_used: bool = False
    has_expired: bool = False
    person_has_left: bool = False
    own: AccountFacts | None = None
    namesake: AccountFacts | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """Let them into this account."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class LinkByInvitation:
    """Note who they are, take the invitation for used, and let them into this account, or a new one for None."""

    invitation_id: UUID
    person_id: UUID
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Let nobody in."""

    why: Why


Decision = SignIn | LinkByInvitation | Refuse


def decide_sign_in(known: AccountFacts | None, invitation: InvitationFacts | None) -> Decision:
    """What follows a login: `known` is the account of this very subject at this connection, if there is one.

    A known subject never takes an invitation: it stays who it was.
    """
    if known:
        return Refuse(Why.ACCOUNT_HAS_ENDED) if known.has_ended else SignIn(known.id)
    if invitation is None:
        return Refuse(Why.NOT_INVITED)
    hindrance = _of_invitation(invitation) or _of_account(invitation)
    if hindrance:
        return Refuse(hindrance)
    account = invitation.own or invitation.namesake
    return LinkByInvitation(invitation.id, invitation.person_id, account.id if account else None)


def _of_invitation(invitation: InvitationFacts) -> Why | None:
    if invitation.is_used:
        return Why.INVITATION_USED
    if invitation.has_expired:
        return Why.INVITATION_EXPIRED
    return Why.PERSON_HAS_LEFT if invitation.person_has_left else None


def _of_account(invitation: InvitationFacts) -> Why | None:
    account = invitation.own or invitation.namesake
    if account is None:
        return None
    if account.has_ended:
        return Why.ACCOUNT_HAS_ENDED
    if account.has_login:
        return Why.ANOTHER_LOGIN
    # Whoever may change addresses in the directory must not reach an owner's account by it: the link must have
    # gone to the address that the account itself has.
    needs_address = invitation.own is None or account.has_invited_role
    return Why.ADDRESS_CHANGED if needs_address and invitation.sent_to != account.email else None

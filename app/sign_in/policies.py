"""Who comes in: the one decision, on facts alone.

Whoever runs a provider can claim any address. So an address links nobody, unless an owner has stated that nobody can
change theirs at this provider, and the address is in a domain of the organisation's own; and never does it lead to an
account that holds a role, that somebody comes in by at this connection, or that has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.access.actor import Actor
from app.access.permissions import Permission
from app.sign_in.models import Jit

# How many days before a client's secret ends somebody is warned of it.
SECRET_WARNED_DAYS = (30, 7, 1)


def secret_warning(days_left: int, told_days: int | None) -> int | None:
    """Return which of the warnings is due, each once; None while there is none, and when the day is over."""
    reached = [each for each in SECRET_WARNED_DAYS if 0 <= days_left <= each]
    if not reached or (told_days is not None and told_days <= min(reached)):
        return None
    return min(reached)


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
    WAS_REFUSED = "was-refused"


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
class PersonFacts:
    """Somebody of the directory whom a login names. `external_id` is what their own directory calls them."""

    id: UUID
    external_id: str | None = None
    is_away: bool = False
    own: AccountFacts | None = None
    has_namesake: bool = False


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """The address that a login claims.

    `is_vouched_for`: the provider does not say that it is unverified. `is_ours`: its domain is the organisation's,
    and of this connection or of any. `is_fixed`: an owner has stated that nobody can change theirs at this provider.
    """

    is_vouched_for: bool = False
    is_ours: bool = False
    is_fixed: bool = False
    person: PersonFacts | None = None
    has_account: bool = False


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """What the login itself says of somebody whom this connection does not know.

    `external_id`: the value of the connection's claim for it; `by_external_id`: whom it names. `was_refused`:
    somebody of the organisation has decided that they do not come in. `may_ask`: nothing shows that they are strangers.
    """

    jit: Jit = Jit.OFF
    may_ask: bool = True
    external_id: str | None = None
    by_external_id: PersonFacts | None = None
    address: AddressFacts = AddressFacts()
    was_refused: bool = False


NOTHING_CLAIMED = ArrivalFacts()


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
class LinkPerson:
    """Note who they are: this person of the directory. Let them into this account, or a new one for None."""

    person_id: UUID
    account_id: UUID | None


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Write them into the directory as they say, and let them into a new account."""


@dataclass(frozen=True, slots=True)
class AskToComeIn:
    """Let nobody in, and note that they ask."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Let nobody in."""

    why: Why


Decision = SignIn | LinkByInvitation | LinkPerson | AddPerson | AskToComeIn | Refuse


def decide_sign_in(
    known: AccountFacts | None, invitation: InvitationFacts | None, arrival: ArrivalFacts = NOTHING_CLAIMED
) -> Decision:
    """What follows a login: `known` is the account of this very subject at this connection, if there is one.

    A known subject never takes an invitation: it stays who it was. A live invitation comes before what a login claims;
    one that no longer works hinders nobody whom the claims link.
    """
    if known:
        return Refuse(Why.ACCOUNT_HAS_ENDED) if known.has_ended else SignIn(known.id)
    claimed = Refuse(Why.WAS_REFUSED) if arrival.was_refused else _decide_on_arrival(arrival)
    if invitation is None:
        return claimed
    invited = _decide_on_invitation(invitation)
    return claimed if isinstance(invited, Refuse) and isinstance(claimed, LinkPerson) else invited


def _decide_on_invitation(invitation: InvitationFacts) -> Decision:
    hindrance = _of_invitation(invitation) or _of_account(invitation)
    if hindrance:
        return Refuse(hindrance)
    account = invitation.own or invitation.namesake
    return LinkByInvitation(invitation.id, invitation.person_id, account.id if account else None)


def _decide_on_arrival(arrival: ArrivalFacts) -> Decision:
    person = arrival.by_external_id or _named_by_address(arrival)
    if person and _is_open(person):
        return LinkPerson(person.id, person.own.id if person.own else None)
    if arrival.jit is Jit.APPROVAL and arrival.may_ask:
        return AskToComeIn()
    # Why nobody could be linked is not told: it would say of a colleague whether they take part.
    may_be_added = arrival.jit is Jit.DOMAIN and person is None and _is_new(arrival.address)
    return AddPerson() if may_be_added else Refuse(Why.NOT_INVITED)


def _named_by_address(arrival: ArrivalFacts) -> PersonFacts | None:
    address = arrival.address
    trusted = address.is_vouched_for and address.is_ours and address.is_fixed
    person = address.person if trusted else None
    if person and arrival.external_id and person.external_id not in (None, arrival.external_id):
        return None  # the directory knows this address as somebody else's
    return person


def _is_new(address: AddressFacts) -> bool:
    return address.is_vouched_for and address.is_ours and address.person is None and not address.has_account


def _is_open(person: PersonFacts) -> bool:
    if person.own is None:
        return not (person.is_away or person.has_namesake)
    return not (person.is_away or person.own.has_ended or person.own.has_login or person.own.has_invited_role)


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


LONGEST_ADDRESS = 254


def read_address(claims: Mapping[str, object]) -> str | None:
    """The e-mail address that a login claims, in small letters; None for one that is unverified or hard to tell apart.

    Only plain letters: some others become these when they are made small, and would name somebody else's address.
    """
    address = claims.get("email")
    if claims.get("email_verified", True) not in (True, "true") or not isinstance(address, str):
        return None
    is_plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST_ADDRESS
    name, _, domain = address.partition("@")
    return address.lower() if is_plain and name and domain and "@" not in domain else None

"""Who holds a role, in the current organisation; and which owners can come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.people.models import Person
from app.roles.errors import LastOwner
from app.roles.policies import GIVEN
from app.sign_in.models import IN_USE, Connection, Identity, LoginLink
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Holder:
    """An account with the roles it was invited to. `can_come_in`: neither they nor their employment has ended.

    `by_directory`: roles that a group of the organisation's own directory gives. `link_ends_at`: of the newest link.
    """

    account: Account
    roles: tuple[Role, ...]
    by_directory: frozenset[Role]
    can_come_in: bool
    link_ends_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether they have not come in since they were invited."""
        return self.account.came_in_at is None

    @property
    def is_owner(self) -> bool:
        """Whether they hold the ownership, come in or not."""
        return Role.OWNER in self.roles

    def has_offer(self, now: datetime) -> bool:
        """Whether the ownership is offered to them."""
        return self.account.offered_until is not None and now < self.account.offered_until


def list_holders() -> list[Holder]:
    """List everybody who holds a role beside or instead of being a member; owners first, then by name."""
    links = _link_ends()
    found = [_holder(row, links) for row in session().execute(_held())]
    return sorted(found, key=lambda held: (GIVEN.index(held.roles[0]), held.account.name.casefold()))


def get_holder(account_id: UUID) -> Holder:
    """Return who holds a role by the account; raises NotHere."""
    row = session().execute(_held().where(Account.id == account_id)).one_or_none()
    if row is None:
        raise NotHere(account_id)
    return _holder(row, _link_ends(account_id))


def find_log_in(account_id: UUID) -> UUID | None:
    """Find a log-in of an account at a provider that is in use."""
    own = select(Identity.id).join(Connection, Connection.id == Identity.connection_id)
    return session().scalar(own.where(Identity.account_id == account_id, Connection.state.in_(IN_USE)).limit(1))


def list_reachable() -> list[Account]:
    """List the accounts with a role whose holders can come in, for mails that go to all of them."""
    return [held.account for held in list_holders() if held.can_come_in]


def list_owners(*, without: UUID | None = None) -> Sequence[Account]:
    """List the owners who have come in and can do so again, but for one."""
    owners = _owners().where(Account.came_in_at.is_not(None), RoleGrant.asleep.is_not(True))
    if without:
        owners = owners.where(Account.id != without)
    return session().scalars(owners.order_by(Account.id)).all()


def count_named_owners() -> int:
    """Count the owners, with those who are invited and have not come in yet."""
    return session().scalar(named_owners()) or 0


def named_owners() -> Select[int]:
    """The same as a statement, for whoever reads more at once."""
    return _owners().with_only_columns(func.count())


def hold_owners() -> None:
    """Keep others from taking an owner's role away at the same time, until the end of this transaction."""
    session().execute(select(RoleGrant.id).where(RoleGrant.role == Role.OWNER).with_for_update())


def check_not_last_owner(*, person_id: UUID | None = None, account_id: UUID | None = None) -> None:
    """Raise LastOwner when nobody but this account, or this person's, is an owner who can come in.

    To be asked before anybody's access ends; holds the owners for this transaction.
    """
    hold_owners()
    owners = list_owners()
    others = [each for each in owners if account_id != each.id and (person_id is None or each.person_id != person_id)]
    if owners and not others:
        raise LastOwner


def _held() -> Select[Account, Sequence[str], Sequence[str], bool]:
    given = func.bool_or(RoleGrant.role.in_([role.value for role in GIVEN]))
    of_groups = func.array_agg(RoleGrant.role).filter(RoleGrant.group_id.is_not(None))
    return (
        select(Account, func.array_agg(RoleGrant.role), of_groups, _is_here(_today()))
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.ended_at.is_(None))
        .group_by(Account.id, Person.id)
        .having(given)
    )


def _holder(row: Row[Account, Sequence[str], Sequence[str], bool], links: dict[UUID, datetime]) -> Holder:
    account, roles, of_groups, is_here = row
    return Holder(
        account=account,
        roles=tuple(role for role in GIVEN if role.value in roles),
        by_directory=frozenset(Role(role) for role in of_groups or ()),
        can_come_in=is_here,
        link_ends_at=links.get(account.id),
    )


def _link_ends(account_id: UUID | None = None) -> dict[UUID, datetime]:
    """When the newest link of each ends that any browser opens and that nobody has used."""
    unused = (LoginLink.used_at.is_(None), LoginLink.browser_hash.is_(None), LoginLink.purpose == "sign-in")
    ends = select(LoginLink.account_id, func.max(LoginLink.expires_at)).where(*unused).group_by(LoginLink.account_id)
    if account_id:
        ends = ends.where(LoginLink.account_id == account_id)
    return {row[0]: row[1] for row in session().execute(ends) if row[0]}


def _owners() -> Select[Account]:
    held = select(Account).join(RoleGrant, RoleGrant.account_id == Account.id)
    here = held.outerjoin(Person, Person.id == Account.person_id)
    return here.where(RoleGrant.role == Role.OWNER, Account.ended_at.is_(None), _is_here(_today()))


def _is_here(today: date) -> ColumnElement[bool]:
    """Whether somebody's place in the directory, if they have one, stands."""
    employed = or_(Person.ends_on.is_(None), Person.ends_on >= today)
    stands = and_(Person.removed_at.is_(None), Person.deactivated_at.is_(None), employed)
    return or_(Account.person_id.is_(None), stands)


def _today() -> date:
    return datetime.now(UTC).date()

"""Mails follow somebody's address in the directory, where no way in hangs on it."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import exists, update
from sqlalchemy.orm import aliased

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.people.models import Person
from app.people.policies import NO_ADDRESS
from tenants.unit_of_work import session

Other = aliased(Account)


def follow_addresses(person_ids: Collection[UUID]) -> None:
    """Let the accounts of these people have the address that the directory has now.

    Not the account of somebody with a role they were invited to: a link in a mail lets them in, and whoever writes the
    directory must not choose where it goes. Nor an address that another account has.
    """
    invited = exists().where(RoleGrant.account_id == Account.id, RoleGrant.role != Role.MEMBER)
    taken = exists().where(Other.email == Person.email)
    moved = update(Account).where(
        Account.person_id == Person.id,
        Person.id.in_(person_ids),
        Person.removed_at.is_(None),
        ~Person.email.endswith(NO_ADDRESS),
        Account.email != Person.email,
        Account.ended_at.is_(None),
        ~invited,
        ~taken,
    )
    session().execute(moved.values(email=Person.email), execution_options={"synchronize_session": False})

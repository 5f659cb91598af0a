"""A private address for one mail: after somebody has left, a link to their own file, once, and no sign-in.

The address is sealed in the person's own space. It is opened by the job that mails the link, and gone with that.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from app.access.models import Account
from app.access.queries import find_account
from app.people.models import Person
from app.rights.errors import FileLinkEnded
from app.rights.queries import find_file_link, get_file_link
from app.sign_in.models import LoginLink
from app.vault import Sealed, hold_space, open_what_opens, own_space, seal_text
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session

FILE_LINK_LIVES: Final = timedelta(days=30)
COLUMN: Final = "private_address"

Send = Callable[[Account, str, LoginLink], None]


def keep_address(*, account: Account, address: str) -> None:
    """Keep a private address for the one mail after leaving. Raises NotHere for an account of nobody."""
    if account.person_id is None:
        raise NotHere(account.id)
    sealed = seal_text(address.strip(), space=own_space(account.person_id), row=account.id, column=COLUMN)
    account.private_address = sealed


def drop_address(*, account: Account) -> None:
    """Forget the private address; without one nothing happens."""
    account.private_address = None


def ask_own_files(*, today: date, now: datetime) -> int:
    """Make a link for everybody who has left and had left an address, and have it mailed; returns how many."""
    left = (
        select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Account.private_address.is_not(None), Account.ended_at.is_(None), Person.ends_on < today)
    )
    fresh = [account for account in session().scalars(left).all() if find_file_link(account.id, now=now) is None]
    for account in fresh:
        link = LoginLink(
            id=new_id(),
            account_id=account.id,
            purpose="own-file",
            created_at=now,
            expires_at=now + FILE_LINK_LIVES,
        )
        session().add(link)
        later("rights.send_own_file", link_id=str(link.id))
    return len(fresh)


def send_own_file(*, link_id: UUID, send: Send, now: datetime) -> None:
    """Open the address, have the link sent there, and forget the address. Again, it finds nothing to send."""
    link = get_file_link(link_id)
    account = find_account(link.account_id) if link.account_id else None
    if account is None or account.person_id is None or account.private_address is None or link.has_expired(now):
        return
    hold_space(own_space(account.person_id))
    (address,) = open_what_opens([Sealed(account.private_address, own_space(account.person_id), account.id, COLUMN)])
    if address is not None:
        send(account, address, link)
    account.private_address = None


def use_own_file(*, link_id: UUID, now: datetime) -> Account:
    """Use the link up; the account whose own file it hands out. Raises NotHere, FileLinkEnded."""
    get_file_link(link_id)
    fresh = update(LoginLink).where(LoginLink.id == link_id, LoginLink.used_at.is_(None), LoginLink.expires_at > now)
    # Decided by the database: of two that come at once, one finds nothing left to update.
    account_id = session().scalar(fresh.values(used_at=now).returning(LoginLink.account_id))
    account = find_account(account_id) if account_id else None
    if account is None or account.person_id is None:
        raise FileLinkEnded
    return account

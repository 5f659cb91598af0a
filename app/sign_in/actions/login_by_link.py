"""Sign-in by a link in a mail, for those who hold a role they were invited to."""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from app.access.actions import note_came_in
from app.access.queries import find_account, find_account_by_email
from app.sign_in.errors import LinkExpired, LinkOfAnotherBrowser, LinksSwitchedOff, LinkUsed
from app.sign_in.models import LoginLink
from app.sign_in.queries import count_links_since, get_login_link, has_invited_role, is_enforced
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session

MINUTES = 15
LINKS_AT_MOST = 5


def make_login_link(*, account_id: UUID, browser: str | None, now: datetime, minutes: int = MINUTES) -> LoginLink:
    """Make a link that signs an account in once; `browser` is the only one that opens it, None lets any."""
    return _make(account_id, browser, now, minutes)


def ask_login_link(*, email: str, browser: str, now: datetime, inside: UUID | None = None) -> None:
    """Have a link mailed, if the address belongs to somebody who may have one.

    Where the provider is the only way in, only whoever is `inside` already gets one: it confirms that it is them.

    The same is read and written for every address, and the mail is left to a job, so that neither the answer nor its
    time tells who is known.
    """
    account = find_account_by_email(email)
    chosen = account.id if account and account.ended_at is None else None
    enforced = is_enforced()
    may = has_invited_role(chosen or new_id()) and (not enforced or chosen == inside)
    recent = count_links_since(chosen or new_id(), now - timedelta(minutes=MINUTES))
    link = _make(chosen if may and recent < LINKS_AT_MOST else None, browser, now, MINUTES)
    later("sign_in.send_login_link", link_id=str(link.id))


def open_login_link(*, link_id: UUID, browser: str, now: datetime, inside: UUID | None = None) -> UUID:
    """Use a link; the account it signs in. Raises NotHere, or a LinkError."""
    link = check_login_link(link_id=link_id, browser=browser, now=now, inside=inside)
    unused = update(LoginLink).where(LoginLink.id == link.id, LoginLink.used_at.is_(None))
    # Decided by the database: of two that come at once, one finds nothing left to update.
    if not session().execute(unused.values(used_at=now).returning(LoginLink.id)).all():
        raise LinkUsed
    account = find_account(link.account_id) if link.account_id else None
    if account is None or not has_invited_role(account.id):
        raise NotHere(link_id)
    note_came_in(account_id=account.id, now=now)
    return account.id


def check_login_link(*, link_id: UUID, browser: str, now: datetime, inside: UUID | None = None) -> LoginLink:
    """A link that would open here and now, for whoever is `inside`. Raises as open_login_link."""
    link = get_login_link(link_id)
    if is_enforced() and link.account_id != inside:
        raise LinksSwitchedOff
    if link.used_at:
        raise LinkUsed
    if link.has_expired(now):
        raise LinkExpired
    if link.browser_hash and not hmac.compare_digest(link.browser_hash, _digest(browser)):
        raise LinkOfAnotherBrowser
    return link


def _make(account_id: UUID | None, browser: str | None, now: datetime, minutes: int) -> LoginLink:
    link = LoginLink(
        id=new_id(),
        account_id=account_id,
        browser_hash=_digest(browser) if browser else None,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    session().add(link)
    return link


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()

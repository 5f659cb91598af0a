"""Reads about passkeys and codes for the rescue, in the current organisation."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select

from app.access.models import Account, RoleGrant
from app.access.roles import Role
from app.break_glass.models import AccountPasskey, RescueCode
from app.passkeys.gateway import KnownCredential
from tenants.errors import NotHere
from tenants.unit_of_work import session


def count_enrolled_owners() -> int:
    """Count the owners who could come in without the provider: by a passkey, or by a code that is left."""
    return session().scalar(select(func.count(func.distinct(Account.id))).where(*_is_owner(), _is_enrolled())) or 0


def has_passkey(account_id: UUID) -> bool:
    """Whether an account has a passkey."""
    mine = select(AccountPasskey.id).where(AccountPasskey.account_id == account_id)
    return session().scalar(mine.limit(1)) is not None


def list_passkeys(account_id: UUID) -> Sequence[AccountPasskey]:
    """List an account's passkeys, oldest first."""
    mine = select(AccountPasskey).where(AccountPasskey.account_id == account_id)
    return session().scalars(mine.order_by(AccountPasskey.created_at, AccountPasskey.id)).all()


def get_passkey(passkey_id: UUID, *, account_id: UUID) -> AccountPasskey:
    """Return one of an account's own passkeys; raises NotHere for anybody else's."""
    passkey = session().get(AccountPasskey, passkey_id)
    if passkey is None or passkey.account_id != account_id:
        raise NotHere(passkey_id)
    return passkey


def find_passkey(credential_id: bytes, *, locked: bool = False) -> AccountPasskey | None:
    """Find the passkey with this credential id; `locked` until the unit of work ends."""
    chosen = select(AccountPasskey).where(AccountPasskey.credential_id == credential_id)
    return session().scalar(chosen.with_for_update() if locked else chosen)


def known(passkey: AccountPasskey) -> KnownCredential:
    """What the ceremony needs to know of a passkey."""
    return KnownCredential(passkey.account_id, passkey.credential_id, passkey.public_key, passkey.sign_count)


def count_codes(account_id: UUID) -> int:
    """Count the codes that an account has left."""
    left = select(func.count()).where(RescueCode.account_id == account_id, RescueCode.used_at.is_(None))
    return session().scalar(left) or 0


def account_of_owner(email: str) -> Select[UUID]:
    """The account of an owner with this e-mail address, to be read within another statement."""
    return select(Account.id).where(Account.email == email.strip().lower(), *_is_owner())


def _is_owner() -> tuple[ColumnElement[bool], ...]:
    held = select(RoleGrant.id).where(RoleGrant.account_id == Account.id, RoleGrant.role == Role.OWNER.value)
    return Account.ended_at.is_(None), held.exists()


def _is_enrolled() -> ColumnElement[bool]:
    passkey = select(AccountPasskey.id).where(AccountPasskey.account_id == Account.id)
    code = select(RescueCode.id).where(RescueCode.account_id == Account.id, RescueCode.used_at.is_(None))
    return or_(passkey.exists(), code.exists())

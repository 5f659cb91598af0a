"""Making, using and taking away passkeys and codes, in the current organisation."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from app.access.actor import Actor
from app.access.models import Account
from app.access.queries import find_actor
from app.access.roles import Role
from app.break_glass.errors import CodeRefused
from app.break_glass.models import AccountPasskey, RescueCode
from app.break_glass.policies import CODES, digest_of, may_be_rescued, may_use_passkey, new_code
from app.break_glass.queries import account_of_owner, find_passkey, get_passkey, known
from app.passkeys.errors import PasskeyTaken, UnknownPasskey
from app.passkeys.gateway import RelyingParty, check_creation, check_request, name_credential
from app.sign_in.queries import is_enforced
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.outbox import later
from tenants.unit_of_work import session


def make_codes(*, by: Actor, now: datetime) -> list[str]:
    """Make an owner's codes anew; those from before no longer open. Only digests are kept. Raises NotHere."""
    account_id = _account_of(by)
    # Two sets made at once wait for each other here, so that one of them stays.
    session().execute(select(Account.id).where(Account.id == account_id).with_for_update())
    session().execute(delete(RescueCode).where(RescueCode.account_id == account_id))
    codes = [new_code() for _ in range(CODES)]
    session().add_all(RescueCode(account_id=account_id, digest=digest_of(code), created_at=now) for code in codes)
    _tell_changed(account_id, "codes", now)
    return codes


def use_code(*, email: str, code: str, now: datetime) -> UUID:
    """Use up a code; the owner whom it lets in. Raises CodeRefused, for the same work whoever is asked for."""
    unused = update(RescueCode).where(
        RescueCode.account_id.in_(account_of_owner(email)),
        RescueCode.digest == digest_of(code),
        RescueCode.used_at.is_(None),
    )
    # Decided by the database: of two that come at once, one finds nothing left to update.
    account_id = session().scalar(unused.values(used_at=now).returning(RescueCode.account_id))
    if account_id is None or not may_be_rescued(find_actor(account_id)):
        raise CodeRefused
    _tell_owners(account_id, "code", now)
    return account_id


def add_passkey(
    *, by: Actor, party: RelyingParty, credential: str, challenge: str, name: str, now: datetime
) -> AccountPasskey:
    """Add an authenticator of one's own. Raises NotHere, PasskeyRefused or PasskeyTaken."""
    made = check_creation(party, credential, challenge)
    if find_passkey(made.credential_id):
        raise PasskeyTaken
    passkey = AccountPasskey(
        id=new_id(),
        account_id=_account_of(by),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        created_at=now,
    )
    session().add(passkey)
    _tell_changed(passkey.account_id, "added", now)
    return passkey


def remove_passkey(passkey_id: UUID, *, by: Actor, now: datetime) -> str:
    """Remove one of one's own passkeys; its name. Raises NotHere."""
    passkey = get_passkey(passkey_id, account_id=_account_of(by))
    session().delete(passkey)
    _tell_changed(passkey.account_id, "removed", now)
    return passkey.name


def come_in_by_passkey(*, party: RelyingParty, credential: str, challenge: str, now: datetime) -> UUID:
    """Let in whoever holds a role by invitation. Raises UnknownPasskey, PasskeyRefused or CopiedPasskey."""
    account_id = check_passkey(party=party, credential=credential, challenge=challenge, now=now)
    if not may_use_passkey(find_actor(account_id), is_enforced=is_enforced()):
        raise UnknownPasskey
    return account_id


def rescue_by_passkey(*, party: RelyingParty, credential: str, challenge: str, now: datetime) -> UUID:
    """Let in an owner to the rescue. Raises UnknownPasskey, PasskeyRefused or CopiedPasskey."""
    account_id = check_passkey(party=party, credential=credential, challenge=challenge, now=now)
    if not may_be_rescued(find_actor(account_id)):
        raise UnknownPasskey
    _tell_owners(account_id, "passkey", now)
    return account_id


def check_passkey(*, party: RelyingParty, credential: str, challenge: str, now: datetime) -> UUID:
    """Return whose passkey answered. Raises UnknownPasskey, PasskeyRefused or CopiedPasskey."""
    passkey = find_passkey(name_credential(credential), locked=True)
    if passkey is None:
        raise UnknownPasskey
    passkey.sign_count = check_request(party, credential, challenge, known(passkey))
    passkey.used_at = now
    return passkey.account_id


def _account_of(by: Actor) -> UUID:
    if by.kind != "account" or by.id is None or Role.RESCUER in by.roles:
        raise NotHere("a passkey belongs to an account")
    return by.id


def _tell_changed(account_id: UUID, change: str, now: datetime) -> None:
    later("break_glass.tell_changed", account_id=str(account_id), change=change, when=now.isoformat())


def _tell_owners(account_id: UUID, way: str, now: datetime) -> None:
    later("break_glass.tell_owners", account_id=str(account_id), way=way, when=now.isoformat())

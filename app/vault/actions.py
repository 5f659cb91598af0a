"""Sealing and opening text of the current organisation. The only code that touches keys.

A data key per space, wrapped by the organisation's key, that one wrapped by the master key. Wraps are committed in the
keys plane before anything is sealed with them; a wrap that nothing came to use is harmless. An unwrapped key is held
for the rest of the unit of work, so that a page looks up the keys of all its spaces at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.settings import settings
from app.vault.crypto import decrypt, encrypt, new_key
from app.vault.errors import CannotOpen
from app.vault.models import SpaceKey, TenantKey
from tenants.context import TenantRef
from tenants.models import TenantOutbox
from tenants.outbox import later
from tenants.unit_of_work import current, keys_work, session

SETTINGS_SPACE = UUID("5b7c2a0e-6d0c-5b61-9f0e-0f6f1f7a9b11")
HELD = "space_keys"
DESTROY = "vault.destroy_space"


@dataclass(frozen=True)
class Sealed:
    """A sealed value and the place it was sealed for: one column of one row, in one space."""

    text: bytes = field(repr=False)
    space: UUID
    row: UUID
    column: str


def seal_setting(text: str, *, row: UUID, column: str) -> bytes:
    """Seal an organisation's secret setting (a provider's client secret, say) for one column of one row."""
    return seal_text(text, space=_settings_space(), row=row, column=column)


def open_setting(sealed: bytes, *, row: UUID, column: str) -> str:
    """Open what ``seal_setting`` sealed for the same place; raises ``CannotOpen``."""
    return open_text(sealed, space=_settings_space(), row=row, column=column)


def seal_text(text: str, *, space: UUID, row: UUID, column: str) -> bytes:
    """Seal somebody's text for one column of one row, with the key of a space; the key is made at the first text.

    Whoever is about to destroy the space waits until this transaction is over, and this one for them.
    """
    tenant = _tenant()
    hold_space(space)
    key = _keys_of(tenant, {space}).get(space) or _make_key(tenant, space)
    return encrypt(key, text.encode(), _place(tenant, space, row, column))


def open_text(sealed: bytes, *, space: UUID, row: UUID, column: str) -> str:
    """Open what ``seal_text`` sealed for the same place; raises ``CannotOpen``."""
    return open_texts([Sealed(sealed, space, row, column)])[0]


def open_texts(sealed: Iterable[Sealed]) -> Sequence[str]:
    """Open many texts, of any number of spaces, in their order and with one look for keys; raises ``CannotOpen``."""
    tenant, wanted = _tenant(), list(sealed)
    keys = _keys_of(tenant, {each.space for each in wanted})
    if missing := {each.space for each in wanted} - set(keys):
        raise CannotOpen(f"the keys of {len(missing)} spaces are gone")
    return [
        decrypt(keys[each.space], each.text, _place(tenant, each.space, each.row, each.column)).decode()
        for each in wanted
    ]


def open_what_opens(sealed: Iterable[Sealed]) -> Sequence[str | None]:
    """Open many texts like ``open_texts``; one whose key was destroyed is gone, and None stands for it."""
    tenant, wanted = _tenant(), list(sealed)
    keys = _keys_of(tenant, {each.space for each in wanted})
    return [_open(tenant, keys[each.space], each) if each.space in keys else None for each in wanted]


def is_kept(space: UUID) -> bool:
    """Whether there is a key to what was written in a space, and nobody has had it shredded yet."""
    shredding = select(TenantOutbox.id).where(
        TenantOutbox.job == DESTROY, TenantOutbox.args["space"].astext == str(space)
    )
    return bool(_keys_of(_tenant(), {space})) and session().scalar(shredding.limit(1)) is None


def hold_keys(spaces: Iterable[UUID]) -> None:
    """Look up at once the keys of all spaces that a page is going to open."""
    _keys_of(_tenant(), set(spaces))


def hold_space(space: UUID) -> None:
    """Let nobody destroy a space until this transaction is over.

    Whoever locks rows of its owner and then seals holds the space first, as whoever destroys it does: no two of them
    wait for each other.
    """
    _lock(space, func.pg_advisory_xact_lock_shared)


def close_space(space: UUID) -> None:
    """Let nobody write into a space until this transaction is over: its rows are about to go, and then its key.

    Without it a text that is being written in another window would outlive the key that opens it.
    """
    _lock(space, func.pg_advisory_xact_lock)


def destroy_space(space: UUID) -> None:
    """End for good whatever was sealed in a space, wherever a copy of it lies. At once: no rollback brings it back."""
    tenant = _tenant()
    with keys_work(_login()) as keys:
        keys.execute(delete(SpaceKey).where(SpaceKey.tenant_id == tenant.id, SpaceKey.space_id == space))
    _held().pop(space, None)


def destroy_space_later(space: UUID) -> None:
    """Destroy a space once this transaction is committed, so that no row is left that cannot be opened."""
    later("vault.destroy_space", space=str(space))


def destroy_organisation(tenant_id: UUID) -> int:
    """End for good whatever any space of an organisation holds, wherever a copy lies; returns how many keys went.

    At once and outside any transaction of a caller: no rollback brings them back. Again, it finds nothing to do.
    """
    with keys_work(_login()) as keys:
        spaces = keys.scalars(delete(SpaceKey).where(SpaceKey.tenant_id == tenant_id).returning(SpaceKey.space_id))
        own = keys.scalars(delete(TenantKey).where(TenantKey.tenant_id == tenant_id).returning(TenantKey.tenant_id))
        return len(spaces.all()) + len(own.all())


def _settings_space() -> UUID:
    return uuid5(SETTINGS_SPACE, str(_tenant().id))


def _tenant() -> TenantRef:
    tenant = current().tenant
    if tenant is None:
        raise CannotOpen("text is sealed and opened for an organisation")
    return tenant


def _open(tenant: TenantRef, key: bytes, sealed: Sealed) -> str | None:
    try:
        return decrypt(key, sealed.text, _place(tenant, sealed.space, sealed.row, sealed.column)).decode()
    except CannotOpen:
        # The text is older than the key: a new one was made after its own was destroyed.
        return None


def _place(tenant: TenantRef, space: UUID, row: UUID, column: str) -> bytes:
    return f"{tenant.id}|{space}|{row}|{column}".encode()


def _lock(space: UUID, how: Callable[[int], Any]) -> None:
    session().execute(select(how(int.from_bytes(space.bytes[:8], signed=True))))
    # A key that was looked up before the wait may be gone by now.
    _held().pop(space, None)


def _login() -> str:
    return make_url(settings().keys_database_url).username or ""


def _held() -> dict[UUID, bytes | None]:
    """Return the keys looked up so far in this unit of work; None for a space that has none."""
    held: dict[UUID, bytes | None] = current().session.info.setdefault(HELD, {})
    return held


def _keys_of(tenant: TenantRef, spaces: set[UUID]) -> dict[UUID, bytes]:
    """Return the keys of those of the spaces that have one."""
    held = _held()
    if unknown := spaces - set(held):
        with keys_work(_login()) as keys:
            held.update(dict.fromkeys(unknown) | _find_keys(keys, tenant, unknown))
    return {space: key for space in spaces if (key := held[space]) is not None}


def _find_keys(keys: Session, tenant: TenantRef, spaces: set[UUID]) -> dict[UUID, bytes]:
    rows = keys.execute(
        select(TenantKey.wrapped, SpaceKey.space_id, SpaceKey.wrapped)
        .join(SpaceKey, SpaceKey.tenant_id == TenantKey.tenant_id)
        .where(TenantKey.tenant_id == tenant.id, SpaceKey.space_id.in_(spaces))
    ).all()
    if not rows:
        return {}
    wrapping = decrypt(settings().master_key, rows[0][0], str(tenant.id).encode())
    return {space: decrypt(wrapping, wrapped, str(space).encode()) for _, space, wrapped in rows}


def _make_key(tenant: TenantRef, space: UUID) -> bytes:
    """Make a space's key. Of two that are made at once the first stays: the insert decides."""
    with keys_work(_login()) as keys:
        wrapping = _tenant_key(keys, tenant)
        fresh = encrypt(wrapping, new_key(), str(space).encode())
        values = {"tenant_id": tenant.id, "space_id": space, "wrapped": fresh}
        keys.execute(insert(SpaceKey).values(values).on_conflict_do_nothing())
        key = _find_keys(keys, tenant, {space})[space]
    _held()[space] = key
    return key


def _tenant_key(keys: Session, tenant: TenantRef) -> bytes:
    """Return the organisation's key, made if need be; two at once end with the same."""
    place, master = str(tenant.id).encode(), settings().master_key
    fresh = encrypt(master, new_key(), place)
    keys.execute(insert(TenantKey).values(tenant_id=tenant.id, wrapped=fresh).on_conflict_do_nothing())
    wrapped = keys.scalars(select(TenantKey.wrapped).where(TenantKey.tenant_id == tenant.id)).one()
    return decrypt(master, wrapped, place)

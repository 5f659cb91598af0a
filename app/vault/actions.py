"""Sealing and opening text of the current organisation. The only code that touches keys.

A data key per space, wrapped by the organisation's key, that one wrapped by the master key. Wraps are committed in the
keys plane before anything is sealed with them; a wrap that nothing came to use is harmless.
"""

from uuid import UUID, uuid5

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from app.settings import settings
from app.vault.crypto import decrypt, encrypt, new_key
from app.vault.errors import CannotOpen
from app.vault.models import SpaceKey, TenantKey
from tenants.context import TenantRef
from tenants.unit_of_work import current, keys_work

SETTINGS_SPACE = UUID("5b7c2a0e-6d0c-5b61-9f0e-0f6f1f7a9b11")


def seal_setting(text: str, *, row: UUID, column: str) -> bytes:
    """Seal an organisation's secret setting (a provider's client secret, say) for one column of one row."""
    tenant = _tenant()
    space = uuid5(SETTINGS_SPACE, str(tenant.id))
    return encrypt(_space_key(tenant, space, make=True), text.encode(), _place(tenant, space, row, column))


def open_setting(sealed: bytes, *, row: UUID, column: str) -> str:
    """Open what ``seal_setting`` sealed for the same place; raises ``CannotOpen``."""
    tenant = _tenant()
    space = uuid5(SETTINGS_SPACE, str(tenant.id))
    return decrypt(_space_key(tenant, space, make=False), sealed, _place(tenant, space, row, column)).decode()


def _tenant() -> TenantRef:
    tenant = current().tenant
    if tenant is None:
        raise CannotOpen("text is sealed and opened for an organisation")
    return tenant


def _place(tenant: TenantRef, space: UUID, row: UUID, column: str) -> bytes:
    return f"{tenant.id}|{space}|{row}|{column}".encode()


def _space_key(tenant: TenantRef, space: UUID, *, make: bool) -> bytes:
    login = make_url(settings().keys_database_url).username or ""
    with keys_work(login) as keys:
        wrapping = _tenant_key(keys, tenant, make=make)
        wrapped = keys.scalar(_wrap_of_space(tenant, space))
        if wrapped is None and make:
            fresh = encrypt(wrapping, new_key(), str(space).encode())
            values = {"tenant_id": tenant.id, "space_id": space, "wrapped": fresh}
            keys.execute(insert(SpaceKey).values(values).on_conflict_do_nothing())
            wrapped = keys.scalar(_wrap_of_space(tenant, space))
    if wrapped is None:
        raise CannotOpen("the key of this space is gone")
    return decrypt(wrapping, wrapped, str(space).encode())


def _tenant_key(keys: Session, tenant: TenantRef, *, make: bool) -> bytes:
    """Return the organisation's key. Of two that are made at once the first stays: the insert decides."""
    place, master = str(tenant.id).encode(), settings().master_key
    held = select(TenantKey.wrapped).where(TenantKey.tenant_id == tenant.id)
    wrapped = keys.scalar(held)
    if wrapped is None and make:
        fresh = encrypt(master, new_key(), place)
        keys.execute(insert(TenantKey).values(tenant_id=tenant.id, wrapped=fresh).on_conflict_do_nothing())
        wrapped = keys.scalar(held)
    if wrapped is None:
        raise CannotOpen("the organisation's key is gone")
    return decrypt(master, wrapped, place)


def _wrap_of_space(tenant: TenantRef, space: UUID) -> Select[bytes]:
    return select(SpaceKey.wrapped).where(SpaceKey.tenant_id == tenant.id, SpaceKey.space_id == space)

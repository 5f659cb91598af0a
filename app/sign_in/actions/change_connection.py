"""What is decided about a connection in use, beside what the provider gave."""

from dataclasses import dataclass
from datetime import date, datetime

from app.sign_in.actions.connect_provider import note_secret_end
from app.sign_in.errors import NotActive
from app.sign_in.models import Connection, Jit


@dataclass(frozen=True, slots=True)
class Decided:
    """`addresses_fixed` is None where whoever decides may not state it: only an owner may."""

    name: str | None
    secret_ends_on: date | None
    jit: Jit
    external_id_claim: str | None
    addresses_fixed: bool | None = None


def change_connection(*, connection: Connection, decided: Decided, now: datetime) -> None:
    """Keep what was decided; it holds from the next sign-in on. Raises NotActive."""
    if not connection.is_in_use:
        raise NotActive
    connection.name = decided.name
    note_secret_end(connection, decided.secret_ends_on)
    connection.jit = decided.jit.value
    connection.external_id_claim = decided.external_id_claim
    if decided.addresses_fixed is not None:
        stated = connection.addresses_fixed_at or now
        connection.addresses_fixed_at = stated if decided.addresses_fixed else None
    connection.updated_at = now

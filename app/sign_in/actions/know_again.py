"""Who is who, carried from one connection to the next."""

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.sign_in.models import Connection, ConnectionState, Identity
from tenants.unit_of_work import session

CARRIED = ("subject", "account_id", "claimed_email", "claimed_name", "asked_at", "refused_at", "created_at")


def take_over_identities(connection: Connection) -> None:
    """Note people of an earlier connection here too, where issuer and client are the same: a subject means the same.

    The one that is replaced goes first. Where there is none, those that were taken out of use may come back.
    """
    earlier = select(Connection.id).where(
        Connection.issuer == connection.issuer,
        Connection.client_id == connection.client_id,
        Connection.id != connection.id,
    )
    if connection.replaces_id:
        earlier = earlier.where(Connection.id == connection.replaces_id)
    else:
        earlier = earlier.where(Connection.state == ConnectionState.RETIRED.value)
    carried = [getattr(Identity, name) for name in CARRIED]
    known = (
        select(func.uuidv7(), literal(connection.id), *carried)
        .where(Identity.connection_id.in_(earlier))
        .order_by(Identity.created_at.desc())
    )
    noted = insert(Identity).from_select(["id", "connection_id", *CARRIED], known)
    session().flush()  # flush: the rows point at a connection that may be new
    session().execute(noted.on_conflict_do_nothing())

"""In an organisation's own plane: what its pages tell of its closing, and whom the mails go to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select, text

from app.access.models import Account
from app.closing.models import NOTICE_READ, ClosingNotice, Farewell
from app.people.models import Person
from app.people.policies import is_here
from app.sign_in.models import Invitation
from tenants.models import TenantBase
from tenants.unit_of_work import session


def find_notice() -> ClosingNotice | None:
    """Find what is told of a closing here."""
    return session().scalars(select(ClosingNotice)).one_or_none()


def find_notice_to_change() -> ClosingNotice | None:
    """Find it, and hold it for this transaction."""
    held = select(ClosingNotice).with_for_update().execution_options(populate_existing=True)
    return session().scalars(held).one_or_none()


def find_told() -> ClosingNotice | None:
    """Tell what every page says: it was read along with who acts."""
    told: ClosingNotice | None = session().info.get(NOTICE_READ)
    return told


def list_recipients(today: date) -> list[tuple[str, str, str | None]]:
    """List (address, name, language) of everybody who has an account or was invited and has not left."""
    here = is_here(today)
    invited = (
        select(Person.email, Person.given_name, Person.language)
        .where(Person.id.in_(select(Invitation.person_id)), here)
        .where(Person.id.not_in(select(Account.person_id).where(Account.person_id.is_not(None))))
    )
    accounts = _accounts(today).with_only_columns(Account.email, Account.name, Account.language)
    found = {email.lower(): (email.lower(), name, language) for email, name, language in session().execute(invited)}
    found |= {email: (email, name, language) for email, name, language in session().execute(accounts)}
    return list(found.values())


def _accounts(today: date) -> Select[Account]:
    here = is_here(today)
    return (
        select(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(Account.ended_at.is_(None), or_(Account.person_id.is_(None), here))
    )


def has_own_things(email: str) -> bool:
    """Whether somebody of the directory signs in by this address, and so has pages of their own."""
    account = select(Account.id).where(Account.email == email, Account.person_id.is_not(None))
    return session().scalar(account) is not None


def list_told_before(closing_id: UUID) -> list[tuple[str, str, str | None]]:
    """List everybody whom a mail about this closing reached."""
    told = select(Farewell.email, Farewell.name, Farewell.language).where(
        Farewell.closing_id == closing_id, Farewell.sent_at.is_not(None)
    )
    return [(email, name, language) for email, name, language in session().execute(told.distinct())]


def count_told(closing_id: UUID) -> int:
    """Count the people for whom there is a mail ahead of the day."""
    told = select(func.count(Farewell.email.distinct())).where(
        Farewell.closing_id == closing_id, Farewell.kind.in_(["notice", "reminder"])
    )
    return session().scalar(told) or 0


def find_next_receipt(closing_id: UUID, *, after: UUID | None) -> Farewell | None:
    """Find a receipt that is still to be sent, in the order of ids after one, and hold it for this transaction."""
    waiting = _waiting(closing_id).order_by(Farewell.id).limit(1).with_for_update(skip_locked=True)
    if after is not None:
        waiting = waiting.where(Farewell.id > after)
    return session().scalars(waiting).first()


def count_receipts(closing_id: UUID) -> tuple[int, int, int]:
    """Count the receipts: sent, refused, still to be sent."""
    rows = select(
        func.count().filter(Farewell.sent_at.is_not(None)),
        func.count().filter(Farewell.bounced_at.is_not(None)),
        func.count().filter(Farewell.sent_at.is_(None), Farewell.bounced_at.is_(None)),
    ).where(Farewell.closing_id == closing_id, Farewell.kind == "receipt")
    sent, bounced, waiting = session().execute(rows).one()
    return sent, bounced, waiting


def _waiting(closing_id: UUID) -> Select[Farewell]:
    return select(Farewell).where(
        Farewell.closing_id == closing_id,
        Farewell.kind == "receipt",
        Farewell.sent_at.is_(None),
        Farewell.bounced_at.is_(None),
    )


def may_write() -> bool:
    """Whether the organisation's role may still write to its tables."""
    return bool(session().scalar(text("SELECT has_table_privilege('account', 'INSERT')")))


def count_rows() -> dict[str, int]:
    """Count the rows of each of the organisation's tables, for a dry run."""
    names: Sequence[str] = sorted(TenantBase.metadata.tables)
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)  # noqa: S608  our tables
    return {name: count for name, count in session().execute(text(counts)) if count}

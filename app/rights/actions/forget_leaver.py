"""What becomes of somebody's data when they have left: their own space first, then their line in the directory.

Others keep what was theirs as well: that a pair was, with a former colleague.
"""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, update

from app.access.models import Account, RoleGrant
from app.access.queries import find_account_of_person, list_roles
from app.access.roles import Role
from app.break_glass.models import AccountPasskey, RescueCode
from app.choices.models import Veto
from app.people.events import people_changed
from app.people.models import Person
from app.people.queries import find_person, list_in_use, read_leaver_days
from app.rights.actions.own import leave_kamu
from app.rights.queries import find_file_link, list_ended_file_links, list_left
from app.roles.queries.holders import hold_owners, list_owners
from app.scim.models import ScimGroupMember
from app.sessions.actions import end_sessions_of_account
from app.sign_in.models import Identity, Invitation, LoginLink
from tenants.outbox import later
from tenants.unit_of_work import session

# As long as the link to their own file lives, and for mails that do not get through at once.
WAITS_FOR_MAIL: Final = timedelta(days=60)
AT_A_TIME: Final = 200


def ask_forgetting(*, today: date, now: datetime) -> int:
    """Have everybody forgotten whose time is over, each by a job of their own; returns how many."""
    left = list_left(today - timedelta(days=read_leaver_days()), now=now, most=AT_A_TIME)
    for person_id in left:
        later("rights.forget_leaver", person_id=str(person_id))
    for person_id in list_ended_file_links(now=now):
        later("rights.shred_leaver", person_id=str(person_id))
    return len(left)


def shred_leaver(*, person_id: UUID, now: datetime) -> None:
    """Destroy the own space of somebody whose link to it has ended, and the link. Again, nothing is left to do."""
    account = find_account_of_person(person_id)
    if account is None or find_file_link(account.id, now=now) is not None:
        return
    ended = delete(LoginLink).where(LoginLink.account_id == account.id, LoginLink.purpose == "own-file")
    session().execute(ended)
    leave_kamu(person_id=person_id, now=now)


def forget_leaver(*, person_id: UUID, today: date, now: datetime) -> None:
    """Empty somebody's line in the directory, and end their account with all ways in. Again, nothing is left to do.

    Not before the link to their own file has ended, not when they are back meanwhile, and never the last owner: of
    that every role holder is told.
    """
    person = find_person(person_id)
    if person is None or person.ends_on is None or person.ends_on >= today - timedelta(days=read_leaver_days()):
        return
    account = find_account_of_person(person_id)
    if account is not None and (_waits(account, person.ends_on, today, now) or _is_last_owner(account)):
        return
    session().execute(delete(Invitation).where(Invitation.person_id == person_id))
    if account is not None:
        _end_account(account, now)
    session().execute(delete(Veto).where(Veto.other_id == person_id))
    session().execute(delete(ScimGroupMember).where(ScimGroupMember.person_id == person_id))
    if list_in_use([person_id]):
        _empty(person, now)
    else:
        session().delete(person)
    session().flush()  # flush: listeners count the people who are left
    people_changed()
    leave_kamu(person_id=person_id, now=now)


def _waits(account: Account, ended_on: date, today: date, now: datetime) -> bool:
    """Whether the one mail, or the link in it, is still on its way."""
    is_owed = account.private_address is not None and account.ended_at is None and ended_on + WAITS_FOR_MAIL > today
    return is_owed or find_file_link(account.id, now=now) is not None


def _is_last_owner(account: Account) -> bool:
    hold_owners()
    return Role.OWNER in list_roles(account.id) and not list_owners(without=account.id)


def _end_account(account: Account, now: datetime) -> None:
    end_sessions_of_account(account_id=account.id, now=now)
    for table in (Identity, RoleGrant, LoginLink, AccountPasskey, RescueCode):
        session().execute(delete(table).where(table.account_id == account.id))
    account.ended_at = account.ended_at or now
    account.email, account.name, account.language = f"removed-{account.id}", "", None


def _empty(person: Person, now: datetime) -> None:
    """Leave the row alone: what others did with them points to it."""
    session().execute(update(Person).where(Person.supervisor_id == person.id).values(supervisor_id=None))
    person.given_name = person.family_name = ""
    person.email = f"removed-{person.id}"
    for name in (
        "employee_number",
        "job_title",
        "unit",
        "site",
        "language",
        "supervisor_id",
        "starts_on",
        "ends_on",
        "user_name",
        "display_name",
        "external_id",
        "directory_fields",
    ):
        setattr(person, name, None)
    person.removed_at, person.updated_at = person.removed_at or now, now
    person.version += 1

"""What is kept about one person, for that person alone: how much of it for the page, all of it to take along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select

from app.access.models import Account
from app.access.queries import find_account, list_accounts_with, list_roles
from app.access.roles import Role
from app.choices.models import Participation, Veto
from app.choices.queries import find_participation, list_own_vetoes
from app.goals.models import FollowUp, Goal
from app.goals.queries import list_own_goals
from app.matching.models import Ask
from app.pairs.models import Note, Pair, PairState
from app.pairs.policies import ENDS_AFTER, local
from app.pairs.queries import list_coming_meetings, list_own_notes, list_pairs_of
from app.people.models import Person
from app.people.queries import get_person, list_names
from app.sign_in.models import Invitation, LoginLink
from app.training.models import TrainingRecord
from app.training.policies import PARTS, is_part_done
from app.training.queries import find_record
from app.training.queries.own_words import list_own_words
from app.vault import CannotOpen, Sealed, open_what_opens, own_space
from tenants.errors import NotHere
from tenants.unit_of_work import session


@dataclass(frozen=True, slots=True)
class Kept:
    """How much there is of each kind. Counting opens nothing."""

    is_taking_part: bool
    rather_not_with: int
    asked: int
    lasting_pairs: int
    ended_pairs: int
    notes: int
    goals: int
    follow_ups: int
    has_training: bool
    training_done_on: datetime | None
    invited_on: datetime | None

    @property
    def pairs(self) -> int:
        """Pairs that last and pairs that have ended."""
        return self.lasting_pairs + self.ended_pairs


@dataclass(frozen=True, slots=True)
class InDirectory:
    """A person as the organisation's own list has them."""

    person: Person
    supervisor: str | None


def read_kept(person_id: UUID) -> Kept:
    """Count what is kept about a person, in one statement."""
    mine = (Pair.kamu_id == person_id) | (Pair.kaveri_id == person_id)
    trained = TrainingRecord.person_id == person_id
    kept = {
        "is_taking_part": select(func.count() > 0).where(Participation.person_id == person_id),
        "rather_not_with": select(func.count()).where(Veto.person_id == person_id),
        "asked": select(func.count()).where(Ask.kaveri_id == person_id),
        "lasting_pairs": select(func.count()).select_from(Pair).where(mine, Pair.state != PairState.ENDED),
        "ended_pairs": select(func.count()).select_from(Pair).where(mine, Pair.state == PairState.ENDED),
        "notes": select(func.count()).where(Note.author_id == person_id),
        "goals": select(func.count()).where(Goal.owner_id == person_id),
        "follow_ups": select(func.count(FollowUp.id)).join(Goal).where(Goal.owner_id == person_id),
        "has_training": select(func.count() > 0).where(trained),
        "training_done_on": select(func.max(TrainingRecord.completed_at)).where(trained),
        "invited_on": select(func.max(Invitation.sent_at)).where(Invitation.person_id == person_id),
    }
    row = session().execute(select(*(query.scalar_subquery().label(name) for name, query in kept.items()))).one()
    return Kept(**row._asdict())


def get_in_directory(person_id: UUID) -> InDirectory:
    """Return a person with the name of their supervisor; raises NotHere."""
    person = get_person(person_id)
    names = list_names([person.supervisor_id])
    return InDirectory(person, names.get(person.supervisor_id) if person.supervisor_id else None)


def list_who_can_change() -> Sequence[Account]:
    """List a few of those who can put the directory right: programme leads, or owners where there is none."""
    return (list_accounts_with(Role.PROGRAMME_LEAD) or list_accounts_with(Role.OWNER))[:3]


def collect(person_id: UUID, account_id: UUID, *, now: datetime) -> dict[str, Any]:
    """Everything kept about a person that is theirs to have, in plain values; times and days stay what they are.

    Of others it holds the names that the person knows by their own doing. Whether a question was declined is in no
    part of it: a no and a silence look alike here too.
    """
    pairs = list_pairs_of(person_id)
    with_whom = {pair.id: pair.name for pair in pairs}
    return {
        "made_at": now,
        "directory": list_facts(get_in_directory(person_id)),
        "account": _account(account_id),
        "choices": _choices(find_participation(person_id)),
        "rather_not_with": [colleague.name for colleague in list_own_vetoes(person_id)],
        "asked": _asked(person_id),
        "pairs": [
            {
                "with": pair.name,
                "i_am": "kamu" if pair.is_kamu else "kaveri",
                "state": pair.state.value,
                "began_at": pair.began_at,
                "ended_at": pair.ended_at,
            }
            for pair in pairs
        ],
        "meetings": [
            {"with": with_whom[each.pair_id], "begins_at": each.begins_at, "place": each.place}
            for each in list_coming_meetings(pairs, now=now, resting=True)
            if not each.is_off
        ],
        "notes": _notes(person_id, with_whom),
        "goals": _goals(person_id),
        "training": _training(find_record(person_id)),
    }


def list_facts(listed: InDirectory) -> dict[str, Any]:
    """List what the directory says of a person, in plain values; None where it is empty."""
    person = listed.person
    return {
        "name": person.name,
        "email": person.email,
        "employee_number": person.employee_number,
        "job_title": person.job_title,
        "unit": person.unit,
        "site": person.site,
        "language": person.language,
        "supervisor": listed.supervisor,
        "first_day": person.starts_on,
        "last_day": person.ends_on,
        "changed_at": person.updated_at,
    }


def find_private_address(account: Account) -> str | None:
    """Open the private address that somebody left for after their last day, for themselves alone."""
    if account.private_address is None or account.person_id is None:
        return None
    sealed = Sealed(account.private_address, own_space(account.person_id), account.id, "private_address")
    return open_what_opens([sealed])[0]


def get_file_link(link_id: UUID) -> LoginLink:
    """Return a link to somebody's own file; raises NotHere."""
    link = session().get(LoginLink, link_id)
    if link is None or link.purpose != "own-file":
        raise NotHere(link_id)
    return link


def find_file_link(account_id: UUID, *, now: datetime) -> LoginLink | None:
    """Find the link to their own file that somebody who has left can still use."""
    live = select(LoginLink).where(
        LoginLink.account_id == account_id,
        LoginLink.purpose == "own-file",
        LoginLink.used_at.is_(None),
        LoginLink.expires_at > now,
    )
    return session().scalars(live.limit(1)).one_or_none()


def list_ended_file_links(*, now: datetime) -> Sequence[UUID]:
    """List the people whose link to their own file was used or has ended, and whose work has been over for a while."""
    ended = or_(LoginLink.used_at.is_not(None), LoginLink.expires_at <= now)
    over = (Person.ends_on < local(now).date() - ENDS_AFTER) & (Person.updated_at <= now - ENDS_AFTER)
    theirs = select(Person.id).join(Account, Account.person_id == Person.id)
    links = theirs.join(LoginLink, LoginLink.account_id == Account.id).where(
        LoginLink.purpose == "own-file", ended, over
    )
    return session().scalars(links.distinct()).all()


def list_left(before: date, *, now: datetime, most: int) -> Sequence[UUID]:
    """List the people whose last day was before a day, those who left first first.

    Not those whose line was written lately: a slip of the pen is found before anything is lost.
    """
    left = select(Person.id).where(Person.ends_on < before, Person.updated_at <= now - ENDS_AFTER)
    return session().scalars(left.order_by(Person.ends_on, Person.id).limit(most)).all()


def _account(account_id: UUID) -> dict[str, Any]:
    account = find_account(account_id)
    if account is None:
        return {}
    return {
        "name": account.name,
        "email": account.email,
        "language": account.language,
        "private_address": find_private_address(account),
        "since": account.created_at,
        "privacy_notice_seen_at": account.notice_read_at,
        "roles": sorted(role.value for role in list_roles(account_id)),
    }


def _choices(chosen: Participation | None) -> dict[str, Any] | None:
    if chosen is None:
        return None
    kept = ("wants_kamu", "offers_kamu", "topics", "languages", "ways", "places", "introduction", "lists_self")
    return {
        **{name: getattr(chosen, name) for name in kept},
        "since": chosen.chosen_at,
        "changed_at": chosen.updated_at,
    }


def _asked(person_id: UUID) -> list[dict[str, Any]]:
    own = select(Ask).where(Ask.kaveri_id == person_id).order_by(Ask.asked_at, Ask.id)
    asks = session().scalars(own).all()
    names = list_names(ask.kamu_id for ask in asks)
    return [{"kamu": names.get(ask.kamu_id), "asked_at": ask.asked_at} for ask in asks]


def _notes(person_id: UUID, with_whom: Mapping[UUID, str]) -> list[dict[str, Any]]:
    try:
        notes = list_own_notes(person_id)
    except CannotOpen:
        return []
    return [
        {"with": with_whom.get(note.pair_id), "kind": note.kind, "text": note.text, "written_at": note.created_at}
        for note in notes
    ]


def _goals(person_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "line": goal.line,
            "look_back_on": goal.look_back_on,
            "state": goal.state,
            "told_to_my_kamu": goal.is_told,
            "created_at": goal.created_at,
            "closed_at": goal.closed_at,
            "follow_ups": [
                {"how": each.how.value, "line": each.line, "at": each.created_at} for each in goal.follow_ups
            ],
        }
        for goal in list_own_goals(person_id)
    ]


def _training(record: TrainingRecord | None) -> dict[str, Any] | None:
    if record is None:
        return None
    words = list_own_words(record)
    return {
        "began_at": record.started_at,
        "completed_at": record.completed_at,
        "done": [part.key for part in PARTS if is_part_done(part, record)],
        "written": {part.key: words[part.column] for part in PARTS if part.column in words},
    }

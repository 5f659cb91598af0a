"""Writes of training: going through the module, offering it, saying where help is."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.access.actor import Actor
from app.training.errors import NoHelpNamed, NotOffered
from app.training.events import training_offered
from app.training.models import HelpContact, TrainingPlan, TrainingRecord
from app.training.policies import MODULE, SECTIONS, WRITINGS, are_all_done, in_order
from app.training.queries import find_plan, find_record, has_plan, list_help_contacts
from app.vault import hold_space, own_space, seal_text
from tenants.errors import NotHere
from tenants.models import new_id
from tenants.unit_of_work import session


def read_section(*, person_id: UUID, section: str, now: datetime) -> None:
    """Note that somebody has read a section. Raises NotOffered, NotHere for a section that there is not."""
    if section not in SECTIONS:
        raise NotHere(section)
    record = _record(person_id, now)
    record.sections_read = in_order([*record.sections_read, section])
    _complete(record, now)


def save_writing(*, person_id: UUID, column: str, text: str, now: datetime) -> None:
    """Seal what somebody wrote, in place of what was there. Raises NotOffered, NotHere for another column."""
    if column not in WRITINGS:
        raise NotHere(column)
    record = _record(person_id, now)
    setattr(record, column, seal_text(text, space=own_space(person_id), row=record.id, column=column))
    _complete(record, now)


def _record(person_id: UUID, now: datetime) -> TrainingRecord:
    """The person's record, begun if need be and held until the end: two windows at once lose nothing."""
    if not has_plan():
        raise NotOffered("the training is not offered here")
    hold_space(own_space(person_id))
    values = {"id": new_id(), "person_id": person_id, "module": MODULE, "sections_read": [], "started_at": now}
    session().execute(insert(TrainingRecord).values(values).on_conflict_do_nothing())
    record = find_record(person_id, lock=True)
    if record is None:
        raise NotHere(person_id)
    return record


def _complete(record: TrainingRecord, now: datetime) -> None:
    if record.completed_at is None and are_all_done(record):
        record.completed_at = now


def shred_writing(*, person_id: UUID) -> None:
    """Remove what somebody wrote in training. That they have done the module stays."""
    record = find_record(person_id, lock=True)
    for column in WRITINGS if record else ():
        setattr(record, column, None)


def forget_training(*, person_id: UUID) -> None:
    """Remove everything about somebody's training; afterwards they are as if they had never begun."""
    session().execute(delete(TrainingRecord).where(TrainingRecord.person_id == person_id))


def offer_training(*, by: Actor, now: datetime) -> None:
    """Decide that members may take the training; again changes nothing. Raises NoHelpNamed."""
    if find_plan() is not None:
        return
    if not list_help_contacts():
        raise NoHelpNamed("nobody has said where help is")
    values = {"id": new_id(), "slot": 1, "account_id": by.id, "decided_at": now}
    session().execute(insert(TrainingPlan).values(values).on_conflict_do_nothing())
    training_offered()


def save_help_contacts(contacts: Iterable[tuple[str, str]]) -> None:
    """Say where help is: names and how to reach them, in the order in which they are shown."""
    rows: Sequence[tuple[str, str]] = list(contacts)
    session().execute(delete(HelpContact))
    session().add_all(HelpContact(name=name, detail=detail, position=at) for at, (name, detail) in enumerate(rows))

"""Who is trained, what the organisation decided and where help is. What people wrote is read in `own_words` alone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.training.models import HelpContact, TrainingPlan, TrainingRecord
from app.training.policies import MODULE
from tenants.unit_of_work import session


def has_completed(person_id: UUID) -> bool:
    """Whether a person has done the whole module."""
    done = select(TrainingRecord.id).where(
        TrainingRecord.person_id == person_id,
        TrainingRecord.module == MODULE,
        TrainingRecord.completed_at.is_not(None),
    )
    return session().scalar(done) is not None


def list_trained_ids() -> set[UUID]:
    """Everybody who has done the whole module. For counting and matching: never shown by name."""
    done = select(TrainingRecord.person_id).where(
        TrainingRecord.module == MODULE, TrainingRecord.completed_at.is_not(None)
    )
    return set(session().scalars(done))


def find_plan() -> TrainingPlan | None:
    """Find the organisation's decision to offer the training."""
    return session().scalars(select(TrainingPlan)).one_or_none()


def has_plan() -> bool:
    """Whether the organisation offers the training."""
    return find_plan() is not None


def list_help_contacts() -> Sequence[HelpContact]:
    """Where help is, in the organisation's own order."""
    return session().scalars(select(HelpContact).order_by(HelpContact.position, HelpContact.id)).all()


def find_record(person_id: UUID, *, lock: bool = False) -> TrainingRecord | None:
    """Find how far a person is, held against others until the end of the transaction if wanted."""
    own = select(TrainingRecord).where(TrainingRecord.person_id == person_id, TrainingRecord.module == MODULE)
    found = own.with_for_update().execution_options(populate_existing=True) if lock else own
    return session().scalars(found).one_or_none()

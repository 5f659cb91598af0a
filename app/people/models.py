"""People of the organisation's directory, the files they came from, and what each file changed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.people.reading.fields import Field
from app.people.reading.people import full_name
from tenants.models import TenantBase, new_id

IMPORT_STATES = ("uploaded", "checked", "queued", "taken_in", "failed", "thrown_away", "undone")


class Person(TenantBase):
    """One member of the directory. An account joins when they come in.

    `user_name`, `display_name` and `external_id` are what the organisation's own directory calls them, by SCIM;
    `directory_fields`: the columns that it has set, and so are its alone, with a word or two that are no columns.
    `deactivated_at`: it has taken their access away for now.
    `removed_at`: they are out of the directory; what others did with them keeps its row. `version` counts changes.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("supervisor_id <> id", name="supervisor"),
        CheckConstraint("language IN ('fi', 'sv', 'en')", name="language"),
        CheckConstraint("ends_on >= starts_on", name="days"),
        CheckConstraint("version > 0", name="version"),
        Index(None, "supervisor_id"),
        Index(None, "given_name", "family_name"),
        Index("uq_person_user_name", text("lower(user_name)"), unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    given_name: Mapped[str]
    family_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(unique=True)
    employee_number: Mapped[str | None] = mapped_column(unique=True)
    job_title: Mapped[str | None]
    unit: Mapped[str | None]
    site: Mapped[str | None]
    language: Mapped[str | None]
    supervisor_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    user_name: Mapped[str | None]
    display_name: Mapped[str | None]
    external_id: Mapped[str | None] = mapped_column(unique=True)
    directory_fields: Mapped[list[Any] | None]
    deactivated_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """How the person is called."""
        return full_name({Field.GIVEN_NAME: self.given_name, Field.FAMILY_NAME: self.family_name})


class PeoplePolicy(TenantBase):
    """How long the directory keeps what it knows of somebody after their last day; one row, or none: the default."""

    __tablename__ = "people_policy"
    __table_args__ = (
        CheckConstraint("slot = 1", name="only_one"),
        CheckConstraint("leaver_days BETWEEN 30 AND 730", name="leaver_days"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    leaver_days: Mapped[int]
    changed_at: Mapped[datetime]


class PeopleImport(TenantBase):
    """One uploaded file: how it is read, what somebody put right by hand, and what became of it.

    `columns`: [{"name", "private"}]; `mapping`: a field or null for each column; `corrections`: row → field → text;
    `left_out`: rows; `counts`: what the last check found; `outcome`: what could not be done, by name.
    """

    __tablename__ = "people_import"
    __table_args__ = (
        CheckConstraint(f"state IN {IMPORT_STATES}", name="state"),
        # One at a time: the second is refused by the database, however close they come.
        Index("uq_people_import_under_way", "state", unique=True, postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("stored_file.id", ondelete="SET NULL"))
    file_name: Mapped[str]
    state: Mapped[str]
    encoding: Mapped[str]
    delimiter: Mapped[str]
    date_style: Mapped[str | None]
    columns: Mapped[list[Any]]
    mapping: Mapped[list[Any]]
    corrections: Mapped[dict[str, Any]]
    left_out: Mapped[list[Any]]
    counts: Mapped[dict[str, Any]]
    outcome: Mapped[dict[str, Any]]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportChange(TenantBase):
    """What one import did to one person, so that it can be undone; forgotten when that time is over.

    `before` and `after` hold only what differs, `before` is null for somebody new. No foreign key to the person:
    undoing may remove them.
    """

    __tablename__ = "import_change"
    __table_args__ = (Index(None, "import_id", "row"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("people_import.id", ondelete="CASCADE"))
    person_id: Mapped[UUID]
    row: Mapped[int]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any]]

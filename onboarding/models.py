"""A sign-up (control plane) and the launch of an organisation (its own plane)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import ControlBase, TenantBase, new_id

ASKED = "asked"
CONFIRMED = "confirmed"
BUILT = "built"
SEATED = "seated"
OPEN = "open"

LINK_LIVES = timedelta(hours=24)
MAILS_AT_MOST = 5
BETWEEN_MAILS = timedelta(minutes=1)


class SignUp(ControlBase):
    """One wish for a place: from the form on the start page to an organisation that is open.

    Its address name is reserved from "confirmed" on, by the index.
    """

    __tablename__ = "sign_up"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'confirmed', 'built', 'seated', 'open')", name="state"),
        CheckConstraint("(state IN ('asked', 'confirmed')) = (tenant_id IS NULL)", name="built_has_tenant"),
        Index("uq_sign_up_reserved_slug", "slug", unique=True, postgresql_where=text("state <> 'asked'")),
        Index("ix_sign_up_state_moved_at", "state", "moved_at"),
        Index("ix_sign_up_email", "email"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation: Mapped[str]
    slug: Mapped[str]
    email: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default=ASKED)
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenant.id"), index=True)
    login_link_id: Mapped[UUID | None]
    confirmed_in: Mapped[str | None]
    mails: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    moved_at: Mapped[datetime]

    def has_expired(self, now: datetime) -> bool:
        """Tell whether the confirmation link is too old; a confirmed sign-up never expires."""
        return self.state == ASKED and now >= self.expires_at

    def awaits_confirmation(self, now: datetime) -> bool:
        """Tell whether the confirmation link still has its work to do."""
        return self.state == ASKED and not self.has_expired(now)

    def may_be_mailed(self, now: datetime) -> bool:
        """Tell whether one more confirmation mail is within measure: a minute apart, five in all."""
        rested = self.mailed_at is None or now - self.mailed_at >= BETWEEN_MAILS
        return rested and self.mails < MAILS_AT_MOST

    def move_to(self, state: str, now: datetime) -> None:
        """Take a step of the chain and note when, so that the clock can tell a stuck one."""
        self.state = state
        self.moved_at = now


class Launch(TenantBase):
    """The one launch of an organisation: its greeting, its day, and whether it has happened."""

    __tablename__ = "launch"
    __table_args__ = (CheckConstraint("slot = 1", name="only_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    greeting: Mapped[str | None]
    planned_for: Mapped[date | None]
    launched_at: Mapped[datetime | None]

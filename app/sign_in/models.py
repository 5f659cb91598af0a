"""How an organisation's people come in: its provider, who is who there, invitations, and links by e-mail."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import Address, TenantBase, Word, new_id

INVITATION_LIVES = timedelta(days=30)


class ConnectionState(StrEnum):
    """Life of a connection. An enforced one is active, and the only way in."""

    DRAFT = "draft"
    ACTIVE = "active"
    ENFORCED = "enforced"
    RETIRED = "retired"


class ProviderKind(StrEnum):
    """Which provider it is, for the words of the guide; Kamu treats all of them alike."""

    ENTRA = "entra"
    OKTA = "okta"
    GOOGLE = "google"
    KEYCLOAK = "keycloak"
    OTHER = "other"


IN_USE = (ConnectionState.ACTIVE.value, ConnectionState.ENFORCED.value)


class Connection(TenantBase):
    """The organisation's registration at its identity provider.

    `revision` rises with each change of the settings; `tested_at` holds for the present revision only.
    """

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("kind IN ('oidc')", name="kind"),
        CheckConstraint("state IN ('draft', 'active', 'enforced', 'retired')", name="state"),
        CheckConstraint("provider IN ('entra', 'okta', 'google', 'keycloak', 'other')", name="provider"),
        CheckConstraint(
            "state = 'draft' OR (issuer IS NOT NULL AND client_id IS NOT NULL AND client_secret IS NOT NULL)",
            name="complete",
        ),
        Index("uq_connection_draft", "state", unique=True, postgresql_where=text("state = 'draft'")),
        Index(
            "uq_connection_in_use",
            "kind",
            unique=True,
            postgresql_where=text("state IN ('active', 'enforced')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(default="oidc")
    provider: Mapped[str]
    issuer: Mapped[str | None]
    client_id: Mapped[str | None]
    client_secret: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(default=ConnectionState.DRAFT.value)
    revision: Mapped[int] = mapped_column(default=1)
    tested_at: Mapped[datetime | None]
    activated_at: Mapped[datetime | None]
    retired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def is_complete(self) -> bool:
        """Whether all is set down that a sign-in needs."""
        return bool(self.issuer and self.client_id and self.client_secret)

    @property
    def is_in_use(self) -> bool:
        """Whether people sign in by it."""
        return self.state in IN_USE


class Identity(TenantBase):
    """Who an account is at a provider: the subject alone, never an e-mail address."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("connection_id", "subject"), UniqueConstraint("connection_id", "account_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id"))
    subject: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[datetime]


class Invitation(TenantBase):
    """One person's way to a first sign-in. `sent_to` is the address that the link first went to.

    Whether it was looked at is not kept: that is nobody's business.
    """

    __tablename__ = "invitation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    sent_to: Mapped[Address | None]
    bounced_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now >= self.expires_at

    def is_live(self, now: datetime) -> bool:
        """Whether somebody can still come in with it."""
        return self.accepted_at is None and not self.has_expired(now)


class LoginLink(TenantBase):
    """A link that signs an account in once. Without an account it is the trace of an unknown address, soon removed.

    `browser_hash` names the browser that asked for it; null lets any browser open it.
    """

    __tablename__ = "login_link"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    browser_hash: Mapped[Word | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now >= self.expires_at

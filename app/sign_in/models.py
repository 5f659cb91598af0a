"""How an organisation's people come in: its provider, who is who there, invitations, and links by e-mail."""

from datetime import date, datetime, timedelta
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
    JUMPCLOUD = "jumpcloud"
    OTHER = "other"


class Jit(StrEnum):
    """What becomes of somebody who signs in and whom nobody invited: nothing, an account, or a request for one.

    An account only with an address in a domain that is verified, and bound to this connection or to none.
    """

    OFF = "off"
    DOMAIN = "domain"
    APPROVAL = "approval"


IN_USE = (ConnectionState.ACTIVE.value, ConnectionState.ENFORCED.value)


class Connection(TenantBase):
    """The organisation's registration at its identity provider.

    `revision` rises with each change of the settings; `tested_at` holds for the present revision only.
    `name`: what the button of the door says besides the provider's name. `secret_ends_on`: when the client secret stops
    working, `secret_told_days`: of how few days before it somebody has been warned. `retires_at`: one that was replaced
    works until then. `jit`: what becomes of somebody whom nobody invited. `addresses_fixed_at`: when an owner stated
    that people can't change their own address at this provider, so that a verified domain's address may link them.
    `external_id_claim`: the claim that equals a person's SCIM `externalId`.
    Sessions from before `sessions_end_at` are over.
    """

    __tablename__ = "connection"
    __table_args__ = (
        CheckConstraint("kind IN ('oidc')", name="kind"),
        CheckConstraint("state IN ('draft', 'active', 'enforced', 'retired')", name="state"),
        CheckConstraint("provider IN ('entra', 'okta', 'google', 'keycloak', 'jumpcloud', 'other')", name="provider"),
        CheckConstraint(
            "state = 'draft' OR (issuer IS NOT NULL AND client_id IS NOT NULL AND client_secret IS NOT NULL)",
            name="complete",
        ),
        Index("uq_connection_draft", "state", unique=True, postgresql_where=text("state = 'draft'")),
        CheckConstraint("jit IN ('off', 'domain', 'approval')", name="jit"),
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
    name: Mapped[str | None]
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("connection.id"))
    secret_ends_on: Mapped[date | None]
    secret_told_days: Mapped[int | None]
    retires_at: Mapped[datetime | None]
    jit: Mapped[Word] = mapped_column(default=Jit.OFF.value)
    addresses_fixed_at: Mapped[datetime | None]
    external_id_claim: Mapped[Word | None]
    sessions_end_at: Mapped[datetime | None]
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


class SignInPolicy(TenantBase):
    """What holds for every sign-in of the organisation; one row, or none while nothing was decided.

    `enforced_at`: since then its own provider is the only way in. Limits of sessions in hours since the last request
    and in days since sign-in. Sessions that began before `sessions_end_at` are over.
    """

    __tablename__ = "sign_in_policy"
    __table_args__ = (
        CheckConstraint("slot = 1", name="only_one"),
        CheckConstraint("idle_hours BETWEEN 1 AND 24 AND absolute_days BETWEEN 1 AND 30", name="limits"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[int] = mapped_column(unique=True, default=1)
    enforced_at: Mapped[datetime | None]
    idle_hours: Mapped[int] = mapped_column(default=24)
    absolute_days: Mapped[int] = mapped_column(default=7)
    sessions_end_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class Identity(TenantBase):
    """Who an account is at a provider: the subject alone, never an e-mail address.

    Without an account it is somebody who asks to come in: `asked_at`, and what the provider claims about them, for the
    eyes of whoever decides. `refused_at`: they were refused and are not asked about again.
    """

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("connection_id", "subject"),
        UniqueConstraint("connection_id", "account_id"),
        CheckConstraint("account_id IS NOT NULL OR asked_at IS NOT NULL", name="somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    connection_id: Mapped[UUID] = mapped_column(ForeignKey("connection.id"))
    subject: Mapped[str]
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    claimed_email: Mapped[str | None]
    claimed_name: Mapped[str | None]
    asked_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
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

    `browser_hash` names the browser that asked for it; null lets any browser open it. One for `own-file` signs nobody
    in: it hands somebody who has left their own things, once.
    """

    __tablename__ = "login_link"
    __table_args__ = (CheckConstraint("purpose IN ('sign-in', 'own-file')", name="purpose"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"), index=True)
    browser_hash: Mapped[Word | None]
    purpose: Mapped[Word] = mapped_column(default="sign-in")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    def has_expired(self, now: datetime) -> bool:
        """Whether its time is over."""
        return now >= self.expires_at

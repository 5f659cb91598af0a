"""Who acts. Actions take one; policies ask it."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from app.access.permissions import Permission
from app.access.roles import Role, permissions_of

Kind = Literal["account", "staff", "system", "visitor"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts: an account of an organisation, one of Nitor's staff, a job, or nobody yet.

    `notice_version`: the privacy notice that they have read.
    """

    kind: Kind
    id: UUID | None = None
    person_id: UUID | None = None
    name: str = ""
    email: str = ""
    language: str | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    notice_version: int | None = None

    def may(self, permission: Permission) -> bool:
        """Tell whether one of the actor's roles allows it. A visitor may nothing."""
        return permission in permissions_of(self.roles)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind this actor."""
        return self.kind in {"account", "staff"}


VISITOR = Actor("visitor")
SYSTEM = Actor("system")

"""What an organisation answered about itself before it begins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tenants.models import TenantBase, Word, new_id


class ReadinessAnswer(TenantBase):
    """The present answer to one of the readiness questions; both are keys of `policies`."""

    __tablename__ = "readiness_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    question: Mapped[Word] = mapped_column(unique=True)
    answer: Mapped[Word]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    answered_at: Mapped[datetime]

"""Mail that waits to be sent."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, DateTime, Identity, Text, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base

MOMENT = DateTime(timezone=True)


class OutgoingMail(Base):
    """A mail from the moment it is written until a month after it was sent.

    The body may hold a link that signs somebody in, so it is blanked once it is sent or given up.
    """

    __tablename__ = "outgoing_mail"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[uuid.UUID] = mapped_column(Uuid, server_default=func.gen_random_uuid())
    recipient: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, comment="empty once sent or given up")
    created_at: Mapped[datetime] = mapped_column(MOMENT, server_default=func.now(), index=True)
    useful_until: Mapped[datetime] = mapped_column(MOMENT)
    sent_at: Mapped[datetime | None] = mapped_column(MOMENT)
    failed_at: Mapped[datetime | None] = mapped_column(MOMENT)

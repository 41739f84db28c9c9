"""Mail: kept until it is sent, sent by a job, readable for no longer than needed.

`post_mail` keeps a mail in the caller's transaction and defers `mail.send` with its number only:
bodies hold links that sign people in, and the arguments of jobs stay in the database.
"""

import asyncio
import os
import sys
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

import structlog
from sqlalchemy import BigInteger, DateTime, Identity, Text, Uuid, delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import Base, Database
from app.core.errors import BadGatewayError, UnavailableError
from app.core.jobs import LaterError, RunningJob, defer
from app.core.server import describe_address
from app.core.settings import Settings
from app.core.smtp import MailRefusedError, MailServerError, deliver, read_smtp_url

log = structlog.get_logger(__name__)

TASK = "mail.send"
WAITS_S = (10.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""Before the second attempt, the third and so on; the last one for all that follow."""
KEPT = timedelta(days=30)
"""How long the list says to whom mail was sent."""
UNSENT_FROM = "Hereabouts <hereabouts@localhost>"
"""Whom mail comes from that is only written to a file."""

MOMENT = DateTime(timezone=True)


class OutgoingMail(Base):
    """A mail from the moment it is written until a month later.

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


@dataclass(frozen=True)
class MailMessage:
    """A mail in plain text to one person.

    Attributes:
        recipient: An e-mail address, in ASCII.
        subject: One line.
        body: The text.
        useful_until: When it is better not sent at all.

    Raises:
        ValueError: Recipient or subject hold a line break or another control character, which
            could add headers of somebody's choice.
    """

    recipient: str
    subject: str
    body: str
    useful_until: datetime

    def __post_init__(self) -> None:
        address = parseaddr(self.recipient)[1]
        is_address = address == self.recipient and "@" in address and address.isascii()
        if not is_address or not self.recipient.isprintable():
            raise ValueError("The recipient of a mail is one plain e-mail address.")
        if not self.subject.isprintable():
            raise ValueError("The subject of a mail is one line without control characters.")


async def post_mail(session: AsyncSession, message: MailMessage) -> int:
    """Let a mail be sent once the caller's transaction commits.

    Returns:
        The number of the job that sends it.
    """
    kept = insert(OutgoingMail).values(
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        useful_until=message.useful_until,
    )
    mail_id = (await session.scalars(kept.returning(OutgoingMail.id))).one()
    return await defer(session, TASK, mail_id=mail_id)


async def send_mail(job: RunningJob, mail_id: int) -> None:
    """Send the mail `mail_id`, unless it was sent or is of no use any more.

    A mail whose server does not answer waits. One that was handed over in the very moment that
    the service was killed may be sent twice, with the same Message-ID.

    Raises:
        BadGatewayError: The mail server refuses it for good.
        LaterError: The mail server cannot be used just now.
        UnavailableError: It waited until it was of no use.
    """
    async with job.database.sessions() as session:
        mail = await session.get(OutgoingMail, mail_id)
    if mail is None or mail.sent_at is not None or mail.failed_at is not None:
        return
    if mail.useful_until < datetime.now(UTC):
        await _end(job.database, mail_id, sent=False)
        raise UnavailableError("The mail could not be sent for as long as it was of use.")
    await job.report_progress("sending", 0, 1)
    try:
        await asyncio.to_thread(_hand_over, job.settings, mail)
    except MailRefusedError as error:
        await _end(job.database, mail_id, sent=False)
        raise BadGatewayError(f"The mail server refuses this mail (code {error}).") from None
    except MailServerError as error:
        wait_s = WAITS_S[min(job.attempt, len(WAITS_S)) - 1]
        log.warning("mail.waits", mail_id=mail_id, reason=str(error), wait_s=wait_s)
        raise LaterError(
            f"The mail server cannot be used just now ({error}). The mail waits.", wait_s
        ) from None
    await _end(job.database, mail_id, sent=True)
    await job.report_progress("sent", 1, 1)


def _hand_over(settings: Settings, mail: OutgoingMail) -> None:
    message = write_message(settings, mail)
    if settings.smtp_url is None:
        _keep_in_folder(settings, mail, message)
    else:
        deliver(read_smtp_url(settings.smtp_url.get_secret_value()), message)


def write_message(settings: Settings, mail: OutgoingMail) -> EmailMessage:
    """Return a kept mail as it goes out, the same at every attempt."""
    sender = settings.mail_from or UNSENT_FROM
    domain = parseaddr(sender)[1].rpartition("@")[2]
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    # Answering machines leave such mail alone (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _keep_in_folder(settings: Settings, mail: OutgoingMail, message: EmailMessage) -> None:
    """Write a mail where only the operator can read it, and its links on the terminal.

    With a BASE_URL this is no machine for trying things out: standard output may be kept there,
    so the file is all.
    """
    folder = settings.var_dir / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{mail.created_at:%Y-%m-%d-%H%M%S}-{mail.message_id}.eml"
    _write_privately(file, message.as_bytes())
    lines = [f"\nNo SMTP_URL is set, so a mail was written to {file}"]
    if not settings.base_url:
        lines += [line for line in mail.body.splitlines() if line.startswith("http")]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _write_privately(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)


async def _end(database: Database, mail_id: int, *, sent: bool) -> None:
    """Note what became of a mail, blank its body and those of no use, forget mail of long ago."""
    moment = {"sent_at": func.now()} if sent else {"failed_at": func.now()}
    ended = update(OutgoingMail).where(OutgoingMail.id == mail_id).values(body="", **moment)
    useless = (
        update(OutgoingMail)
        .where(OutgoingMail.body != "", OutgoingMail.useful_until < func.now())
        .values(body="", failed_at=func.now())
    )
    old = delete(OutgoingMail).where(OutgoingMail.created_at < func.now() - KEPT)
    async with database.sessions.begin() as session:
        for statement in (ended, useless, old):
            await session.execute(statement)


def find_base_url(settings: Settings) -> str:
    """Return the address that links in mail begin with, without a slash at the end.

    Never from a request: whoever sends one chooses its Host header, and would have somebody else's
    link lead to a server of theirs.
    """
    address = settings.base_url or describe_address(settings.host, settings.port)
    return address.rstrip("/")
